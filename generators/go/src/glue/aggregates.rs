//! Records, tuples and what has cases.

use witgen_ir::abi::{Block, CoreType, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};

use super::printer::{Context, Expr, Printer};
use crate::internal;
use crate::types::{Shape, tuple_fields};

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn product_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::RecordLower { ty } => {
                let record = self.operand(op, 0)?;
                let fields = &self.types.names.type_names(*ty)?.members;
                let texts = fields.iter().map(|field| format!("{record}.{field}")).collect();
                self.set_several(op, texts);
                Ok(())
            }
            OpKind::RecordLift { ty } => {
                let fields = self.types.names.type_names(*ty)?.members.clone();
                self.lift_fields(op, Type::Id(*ty), &fields)
            }
            OpKind::TupleLower { .. } => self.tuple_lower(op),
            OpKind::TupleLift { ty } => {
                if op.results.first().copied() == self.whole_result && !op.results.is_empty() {
                    let texts = self.operands(op)?;
                    self.set(op.results[0], Expr::Several(texts));
                    return Ok(());
                }
                self.lift_fields(op, Type::Id(*ty), &tuple_fields(op.operands.len()))
            }
            other => Err(internal(format!("{other:?} among records"))),
        }
    }

    /// Assignments instead of a literal: they need no alignment and no line breaks.
    fn lift_fields(&mut self, op: &'w Op, ty: Type, fields: &[String]) -> witgen_diag::Result<()> {
        let name = self.types.text(ty)?;
        let values = self.operands(op)?;
        let local = self.local("v");
        self.line(format!("var {local} {name}"));
        for (field, value) in fields.iter().zip(values) {
            self.line(format!("{local}.{field} = {value}"));
        }
        self.set_one(op, 0, local);
        Ok(())
    }

    fn tuple_lower(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        let operand = op.operands.first().ok_or_else(|| internal("a tuple without its value"))?;
        let texts = match self.expr(*operand)? {
            Expr::Several(texts) => texts,
            Expr::One(tuple) => {
                tuple_fields(op.results.len()).iter().map(|field| format!("{tuple}.{field}")).collect()
            }
            Expr::Fallible { .. } => return Err(internal("a tuple that may fail")),
        };
        self.set_several(op, texts);
        Ok(())
    }

    pub(super) fn case_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::OptionLower { results, .. } => self.option_lower(op, results),
            OpKind::OptionLift { ty } => self.option_lift(op, *ty),
            OpKind::ResultLower { results, ty } => self.result_lower(op, *ty, results),
            OpKind::ResultLift { ty } => self.result_lift(op, *ty),
            OpKind::VariantLower { results, ty } => self.variant_lower(op, *ty, results),
            OpKind::VariantLift { ty } => self.variant_lift(op, *ty),
            other => Err(internal(format!("{other:?} among cases"))),
        }
    }

    fn option_lower(&mut self, op: &'w Op, results: &[CoreType]) -> witgen_diag::Result<()> {
        let option = self.operand(op, 0)?;
        let option = self.as_local(option);
        let slots = self.declare(op, results);
        self.line(format!("if {option} != nil {{"));
        self.case(block(op, 1)?, &slots, format!("(*{option})"))?;
        if has_lines(block(op, 0)?) || !all_zero(block(op, 0)?) {
            self.line("} else {");
            self.case(block(op, 0)?, &slots, String::new())?;
        }
        self.line("}");
        Ok(())
    }

    fn option_lift(&mut self, op: &'w Op, ty: TypeId) -> witgen_diag::Result<()> {
        let tag = self.tag(op, 2)?;
        let name = self.types.text(Type::Id(ty))?;
        let local = self.local("v");
        self.line(format!("var {local} {name}"));
        self.line(format!("if {tag} != 0 {{"));
        self.indent();
        let some = self.block(block(op, 1)?, Context::default())?.concat();
        let payload = self.local("e");
        self.line(format!("{payload} := {some}"));
        self.line(format!("{local} = &{payload}"));
        self.dedent();
        self.line("}");
        self.set_one(op, 0, local);
        Ok(())
    }

    fn result_lower(&mut self, op: &'w Op, ty: TypeId, results: &[CoreType]) -> witgen_diag::Result<()> {
        let operand = op.operands.first().ok_or_else(|| internal("a result without its value"))?;
        let expr = self.expr(*operand)?;
        let slots = self.declare(op, results);
        match expr {
            Expr::Fallible { ok, err } => {
                let TypeKind::Result { err: payload, .. } = &self.types.names.world.type_def(ty).kind else {
                    return Err(internal("a result of another kind"));
                };
                let payload = self.types.or_unit(*payload)?;
                let (abi, wit) = (self.types.abi(), self.types.wit());
                self.line(format!("if {err} == nil {{"));
                self.case(block(op, 0)?, &slots, ok.unwrap_or_default())?;
                self.line("} else {");
                let find = format!("{abi}.As[*{wit}.Error[{payload}]]({err})");
                let used = self.is_host() && self.needs_check_of(ty)?;
                self.indent();
                self.error_case(block(op, 1)?, &slots, &find, used)?;
                self.dedent();
            }
            Expr::One(result) => {
                let result = self.as_local(result);
                let (ok, err) = (self.local("e"), self.local("e"));
                let failed = self.local("f");
                let blank = |name: &str, used: bool| if used { name.to_owned() } else { "_".to_owned() };
                let (ok_used, err_used) =
                    (self.uses_payload(block(op, 0)?), self.uses_payload(block(op, 1)?));
                self.line(format!("{}, {failed} := {result}.Err()", blank(&err, err_used)));
                self.line(format!("if !{failed} {{"));
                if ok_used {
                    self.indent();
                    self.line(format!("{ok}, _ := {result}.Ok()"));
                    self.dedent();
                }
                self.case(block(op, 0)?, &slots, ok)?;
                self.line("} else {");
                self.case(block(op, 1)?, &slots, err)?;
            }
            Expr::Several(_) => return Err(internal("a result of several values")),
        }
        self.line("}");
        Ok(())
    }

    fn result_lift(&mut self, op: &'w Op, ty: TypeId) -> witgen_diag::Result<()> {
        let TypeKind::Result { ok, err, .. } = &self.types.names.world.type_def(ty).kind else {
            return Err(internal("a result of another kind"));
        };
        let tag = self.tag(op, 2)?;
        let (ok_type, err_type) = (self.types.or_unit(*ok)?, self.types.or_unit(*err)?);
        let wit = self.types.wit();
        let unit = "struct{}{}".to_owned();
        if op.results.first().copied() == self.whole_result
            && matches!(self.shape(), Some(Shape::Fallible { .. }))
        {
            if !self.is_host() {
                if ok.is_some() {
                    self.line(format!("var value {ok_type}"));
                }
                self.line("var err error");
            }
            if ok.is_some() {
                self.line(format!("if {tag} == 0 {{"));
                self.indent();
                let value = self.block(block(op, 0)?, Context::default())?.concat();
                self.line(format!("value = {value}"));
                self.dedent();
                self.line("} else {");
            } else {
                self.line(format!("if {tag} != 0 {{"));
            }
            self.indent();
            let payload = self.block(block(op, 1)?, Context::default())?.pop().unwrap_or(unit);
            self.line(format!("err = &{wit}.Error[{err_type}]{{Payload: {payload}}}"));
            self.dedent();
            self.line("}");
            let ok = ok.map(|_| "value".to_owned());
            self.set(op.results[0], Expr::Fallible { ok, err: "err".to_owned() });
            return Ok(());
        }
        let name = self.types.text(Type::Id(ty))?;
        let local = self.local("v");
        self.line(format!("var {local} {name}"));
        self.line(format!("if {tag} == 0 {{"));
        self.indent();
        let value = self.block(block(op, 0)?, Context::default())?.pop().unwrap_or(unit.clone());
        self.line(format!("{local} = {wit}.Ok[{ok_type}, {err_type}]({value})"));
        self.dedent();
        self.line("} else {");
        self.indent();
        let payload = self.block(block(op, 1)?, Context::default())?.pop().unwrap_or(unit);
        self.line(format!("{local} = {wit}.Err[{ok_type}]({payload})"));
        self.dedent();
        self.line("}");
        self.set_one(op, 0, local);
        Ok(())
    }

    fn variant_lower(&mut self, op: &'w Op, ty: TypeId, results: &[CoreType]) -> witgen_diag::Result<()> {
        let variant = self.operand(op, 0)?;
        let slots = self.declare(op, results);
        let cases = self.types.names.type_names(ty)?.members.clone();
        let name = self.types.names.type_names(ty)?.name.clone();
        let uses = op.blocks.iter().any(|block| self.uses_payload(block));
        let local = self.local("e");
        match uses {
            true => self.line(format!("switch {local} := {variant}.(type) {{")),
            false => self.line(format!("switch {variant}.(type) {{")),
        }
        for (case, block) in cases.iter().zip(&op.blocks) {
            let case = self.types.member(ty, case);
            self.line(format!("case {case}:"));
            self.case(block, &slots, format!("{local}.Value"))?;
        }
        // What hosts lower was checked.
        if !self.is_host() {
            self.line("default:");
            self.indent();
            self.line(format!("panic(\"a {name} is nil or of a type that is none of its cases\")"));
            self.dedent();
        }
        self.line("}");
        Ok(())
    }

    /// Which of several cases it is; hosts do not trust components.
    pub(super) fn tag(&mut self, op: &Op, cases: usize) -> witgen_diag::Result<String> {
        let tag = self.operand(op, 0)?;
        if !self.is_host() {
            return Ok(tag);
        }
        Ok(format!("{}.Discriminant({tag}, {cases})", self.types.abi()))
    }

    fn variant_lift(&mut self, op: &'w Op, ty: TypeId) -> witgen_diag::Result<()> {
        let tag = self.tag(op, op.blocks.len())?;
        let name = self.types.text(Type::Id(ty))?;
        let cases = self.types.names.type_names(ty)?.members.clone();
        let local = self.local("v");
        self.line(format!("var {local} {name}"));
        self.line(format!("switch {tag} {{"));
        for (index, (case, block)) in cases.iter().zip(&op.blocks).enumerate() {
            let case = self.types.member(ty, case);
            self.line(format!("case {index}:"));
            self.indent();
            let payload = self.block(block, Context::default())?.pop();
            let fields = payload.map(|payload| format!("Value: {payload}")).unwrap_or_default();
            self.line(format!("{local} = {case}{{{fields}}}"));
            self.dedent();
        }
        self.line("}");
        self.set_one(op, 0, local);
        Ok(())
    }

    /// Variables for what the active case yields.
    fn declare(&mut self, op: &Op, results: &[CoreType]) -> Vec<String> {
        let mut slots = Vec::new();
        for (value, ty) in op.results.iter().zip(results) {
            let used = self.is_used(*value);
            let local = if used { self.local("r") } else { "_".to_owned() };
            if used {
                let name = self.core_type(*ty);
                if name == "unsafe.Pointer" {
                    self.types.imports.fixed("unsafe", "unsafe");
                }
                self.line(format!("var {local} {name}"));
            }
            self.set(*value, Expr::One(local.clone()));
            slots.push(local);
        }
        slots
    }

    /// A case with its payload, assigning to the variables what is not zero.
    fn case(&mut self, block: &'w Block, slots: &[String], payload: String) -> witgen_diag::Result<()> {
        self.indent();
        let yielded = self.block(block, Context { payload, ..Context::default() })?;
        self.assign(slots, yielded);
        self.dedent();
        Ok(())
    }

    /// The case of an error, which must be looked up first.
    fn error_case(
        &mut self,
        block: &'w Block,
        slots: &[String],
        find: &str,
        is_checked: bool,
    ) -> witgen_diag::Result<()> {
        if is_checked || self.uses_payload(block) {
            self.line(format!("failed := {find}"));
        } else {
            self.line(find);
        }
        if is_checked {
            self.check_error()?;
        }
        let payload = "failed.Payload".to_owned();
        let yielded = self.block(block, Context { payload, ..Context::default() })?;
        self.assign(slots, yielded);
        Ok(())
    }

    fn assign(&mut self, slots: &[String], yielded: Vec<String>) {
        for (slot, text) in slots.iter().zip(yielded) {
            if slot != "_" && text != "0" && text != "nil" {
                self.line(format!("{slot} = {text}"));
            }
        }
    }

    fn uses_payload(&self, block: &Block) -> bool {
        let payloads = block.ops.iter().filter(|op| op.kind == OpKind::CasePayload);
        payloads.flat_map(|op| &op.results).any(|value| self.is_used(*value))
    }
}

fn block(op: &Op, index: usize) -> witgen_diag::Result<&Block> {
    op.blocks.get(index).ok_or_else(|| internal("a case without a block"))
}

fn has_lines(block: &Block) -> bool {
    block.ops.iter().any(|op| matches!(op.kind, OpKind::Store { .. }))
}

/// Whether a block yields what the variables hold anyway.
fn all_zero(block: &Block) -> bool {
    block.ops.iter().all(|op| matches!(op.kind, OpKind::ConstI32 { value: 0 } | OpKind::ConstZero { .. }))
}
