//! What has cases: variants, options and results.

use witgen_ir::abi::{Block, CoreType, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};

use super::checks::Place;
use super::printer::{Context, Expr, Printer, zero};
use crate::internal;
use crate::pretty::{Doc, quoted};

impl<'a> Printer<'_, 'a> {
    pub(super) fn case_op(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::VariantLower { ty, results } => {
                let TypeKind::Variant { cases, .. } = &self.module.world.type_def(*ty).kind else {
                    return Err(internal("a variant of another kind"));
                };
                let tags: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
                let value = self.simple(op, 0, &self.module.stem(*ty))?;
                self.tagged_lower(op, &value, &tags, results)
            }
            OpKind::VariantLift { ty } => {
                let TypeKind::Variant { cases, .. } = &self.module.world.type_def(*ty).kind else {
                    return Err(internal("a variant of another kind"));
                };
                let tags: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
                self.tagged_lift(op, *ty, &tags)
            }
            OpKind::OptionLower { ty, results } => self.option_lower(op, *ty, results),
            OpKind::OptionLift { ty } if self.is_nested(*ty)? => self.tagged_lift(op, *ty, &["none", "some"]),
            OpKind::OptionLift { ty } => self.option_lift(op, *ty),
            OpKind::ResultLower { ty, results } => self.result_lower(op, *ty, results),
            OpKind::ResultLift { ty } => self.result_lift(op, *ty),
            other => Err(internal(format!("{other:?} among cases"))),
        }
    }

    /// Whether an option is one of an option.
    fn is_nested(&self, ty: TypeId) -> witgen_diag::Result<bool> {
        match self.module.world.type_def(ty).kind {
            TypeKind::Option { some, .. } => Ok(self.module.is_option(some)),
            _ => Err(internal("an option of another kind")),
        }
    }

    fn option_lower(&mut self, op: &'a Op, ty: TypeId, results: &[CoreType]) -> witgen_diag::Result<()> {
        let value = self.simple(op, 0, "option")?;
        if self.is_nested(ty)? {
            return self.tagged_lower(op, &value, &["none", "some"], results);
        }
        let slots = self.declare(op, results);
        self.out.line(format!("if ({value} != null) {{"));
        self.case(block(op, 1)?, &slots, value)?;
        if block(op, 0)?.ops.iter().any(|op| matches!(op.kind, OpKind::Store { .. })) {
            self.out.line("} else {");
            self.case(block(op, 0)?, &slots, String::new())?;
        }
        self.out.line("}");
        Ok(())
    }

    fn option_lift(&mut self, op: &'a Op, ty: TypeId) -> witgen_diag::Result<()> {
        let local = self.local(&self.module.stem(ty));
        self.out.line(format!("let {local};"));
        self.condition(op, 2, "1")?;
        self.nested(|printer| {
            let some = printer.block(block(op, 1)?, Context::default())?;
            let some = some.into_iter().next().ok_or_else(|| internal("an option without a value"))?;
            printer.out.assign(&local, some);
            Ok(())
        })?;
        self.out.line("}");
        self.set_text(op, 0, local);
        Ok(())
    }

    /// `if (caseOf(tag, cases) === which) {`
    fn condition(&mut self, op: &'a Op, cases: usize, which: &str) -> witgen_diag::Result<()> {
        let tag = self.tag(op, cases)?;
        let line = format!("if ({} === {which}) {{", tag.flat());
        if self.out.fits(&line) {
            self.out.line(line);
        } else {
            let local = self.local("tag");
            self.out.assign(&format!("const {local}"), tag);
            self.out.line(format!("if ({local} === {which}) {{"));
        }
        Ok(())
    }

    fn result_lower(&mut self, op: &'a Op, ty: TypeId, results: &[CoreType]) -> witgen_diag::Result<()> {
        let TypeKind::Result { ok, err, .. } = self.module.world.type_def(ty).kind else {
            return Err(internal("a result of another kind"));
        };
        if !matches!(self.operand(op, 0)?, Expr::Fallible) {
            let value = self.simple(op, 0, "result")?;
            return self.tagged_lower(op, &value, &["ok", "err"], results);
        }
        let slots = self.declare(op, results);
        self.out.line("if (failed) {");
        self.checked_case(block(op, 1)?, &slots, err)?;
        let is_empty = self.out.lines.last().is_some_and(|line| line.trim_start() == "if (failed) {");
        let before = self.out.lines.len();
        self.out.line("} else {");
        self.checked_case(block(op, 0)?, &slots, ok)?;
        if self.out.lines.len() == before + 1 && !is_empty {
            self.out.lines.truncate(before);
        }
        self.out.line("}");
        Ok(())
    }

    fn checked_case(
        &mut self,
        block: &'a Block,
        slots: &[String],
        ty: Option<Type>,
    ) -> witgen_diag::Result<()> {
        let scope = self.scope.clone();
        if let Some(ty) = ty {
            self.out.indent += 2;
            self.check(ty, "value", &Place::of(".val"))?;
            self.out.indent -= 2;
        }
        self.case(block, slots, "value".to_owned())?;
        self.scope = scope;
        Ok(())
    }

    fn result_lift(&mut self, op: &'a Op, ty: TypeId) -> witgen_diag::Result<()> {
        let is_whole = self.whole_result.is_some() && op.results.first().copied() == self.whole_result;
        if !is_whole {
            return self.tagged_lift(op, ty, &["ok", "err"]);
        }
        self.condition(op, 2, "0")?;
        self.nested(|printer| {
            let ok = printer.block(block(op, 0)?, Context::default())?.into_iter().next();
            printer.leave(ok);
            if printer.out.lines.last().is_some_and(|line| line.trim_start() == "func.leave(raw);") {
                printer.out.line("return;");
            }
            Ok(())
        })?;
        self.out.line("}");
        let payload = self.block(block(op, 1)?, Context::default())?.into_iter().next();
        if let Some(payload) = payload {
            self.out.assign("payload", payload);
            self.payload = true;
        }
        self.set(op, 0, Expr::Thrown);
        Ok(())
    }

    /// A value that lasts after the component ran again.
    pub(super) fn kept(&mut self, doc: Doc) -> String {
        let text = doc.flat();
        if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return text;
        }
        let local = self.local("result");
        self.out.assign(&format!("const {local}"), doc);
        local
    }

    /// An object with a tag, to core values or memory.
    fn tagged_lower(
        &mut self,
        op: &'a Op,
        value: &str,
        tags: &[&str],
        results: &[CoreType],
    ) -> witgen_diag::Result<()> {
        let slots = self.declare(op, results);
        self.out.open(format!("switch ({value}.tag) {{"));
        for (tag, block) in tags.iter().zip(&op.blocks) {
            let head = format!("case {}:", quoted(tag));
            let start = self.out.lines.len();
            self.case(block, &slots, format!("{value}.val"))?;
            self.out.indent += 2;
            self.out.line("break;");
            self.out.indent -= 2;
            self.wrap(start, &head);
        }
        self.out.close("}");
        Ok(())
    }

    /// Puts the head of a case in front of its lines, and braces where it has names of its own.
    fn wrap(&mut self, start: usize, head: &str) {
        let indent = " ".repeat(self.out.indent);
        let own = format!("{indent}  ");
        let declares = self.out.lines[start..].iter().any(|line| {
            line.strip_prefix(&own).is_some_and(|rest| rest.starts_with("const ") || rest.starts_with("let "))
        });
        let open = if declares { " {" } else { "" };
        self.out.lines.insert(start, format!("{indent}{head}{open}"));
        if declares {
            self.out.line("}");
        }
    }

    fn tagged_lift(&mut self, op: &'a Op, ty: TypeId, tags: &[&str]) -> witgen_diag::Result<()> {
        let local = self.local(&self.module.stem(ty));
        let tag = self.operand_doc(op, 0)?;
        self.out.line(format!("let {local};"));
        let line = format!("switch ({}) {{", tag.flat());
        if self.out.fits(&line) {
            self.out.open(line);
        } else {
            let tag = self.kept(tag);
            self.out.open(format!("switch ({tag}) {{"));
        }
        for (index, (tag, block)) in tags.iter().zip(&op.blocks).enumerate() {
            let start = self.out.lines.len();
            self.nested(|printer| {
                let payload = printer.block(block, Context::default())?.into_iter().next();
                let mut properties = vec![("tag".to_owned(), Doc::text(quoted(tag)))];
                properties.extend(payload.map(|payload| ("val".to_owned(), payload)));
                printer.out.object(&format!("{local} ="), &properties, false);
                printer.out.line("break;");
                Ok(())
            })?;
            self.wrap(start, &format!("case {index}:"));
        }
        let unknown = self.module.runtime("unknownCase");
        self.out.line("default:");
        self.out.line(format!("  throw {unknown}();"));
        self.out.close("}");
        self.set_text(op, 0, local);
        Ok(())
    }

    /// Variables for what the active case yields.
    fn declare(&mut self, op: &Op, results: &[CoreType]) -> Vec<String> {
        let mut slots = Vec::new();
        for (index, ty) in results.iter().enumerate() {
            let local = self.local(if index == 0 { "tag" } else { "slot" });
            self.out.line(format!("let {local} = {};", zero(*ty)));
            self.set_text(op, index, local.clone());
            slots.push(local);
        }
        slots
    }

    /// A case with its payload, assigning to the variables what is not zero.
    fn case(&mut self, block: &'a Block, slots: &[String], payload: String) -> witgen_diag::Result<()> {
        self.nested(|printer| {
            let yielded = printer.block(block, Context { payload, ..Context::default() })?;
            for (slot, doc) in slots.iter().zip(yielded) {
                if !["0", "0n"].contains(&doc.flat().as_str()) {
                    printer.out.assign(slot, doc);
                }
            }
            Ok(())
        })
    }
}

fn block(op: &Op, index: usize) -> witgen_diag::Result<&Block> {
    op.blocks.get(index).ok_or_else(|| internal("a case without a block"))
}
