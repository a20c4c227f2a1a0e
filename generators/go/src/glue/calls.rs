//! Arguments, calls and returns, and the roots of memory around them.

use witgen_ir::abi::{Access, Cast, CoreType, FunctionAbi, Op, OpKind};
use witgen_ir::{Direction, Function, FunctionKind, Type, TypeKind};

use super::core_type;
use super::printer::{Expr, Printer, any};
use crate::internal;
use crate::types::Shape;

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn call_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::Argument { index } => {
                self.set_one(op, 0, format!("arg{index}"));
                Ok(())
            }
            OpKind::CallCore => self.call_core(op),
            OpKind::CallLanguage => self.call_language(op),
            OpKind::Return => self.give_back(op),
            other => Err(internal(format!("{other:?} among calls"))),
        }
    }

    /// The import: its arguments stay alive until it returns, its result gets roots when it is in memory.
    fn call_core(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        let call = format!("{}({})", self.callee, self.operands(op)?.join(", "));
        if self.moves_handles() {
            self.line("moves.Done()");
        }
        let places = self.places_result();
        if places {
            let abi = self.types.abi();
            self.line(format!("outer := {abi}.Enter()"));
        }
        match (self.core_result(), op.results.first()) {
            (Some(_), Some(value)) if self.is_used(*value) => {
                let local = self.local("v");
                self.line(format!("{local} := {call}"));
                self.set(*value, Expr::One(local));
            }
            _ => self.line(call),
        }
        if places {
            let abi = self.types.abi();
            self.line(format!("placed := {abi}.Leave(outer)"));
        }
        for index in self.kept_params() {
            self.types.imports.fixed("runtime", "runtime");
            self.line(format!("runtime.KeepAlive(arg{index})"));
        }
        if self.makes_lists() {
            self.types.imports.fixed("runtime", "runtime");
            self.line("runtime.KeepAlive(&arena)");
        }
        Ok(())
    }

    /// Whether the other side places something in memory: the result of an import, the arguments of an export.
    fn places_result(&self) -> bool {
        let lifts = |kind: &OpKind| {
            matches!(
                kind,
                OpKind::StringLift
                    | OpKind::BulkListLift { .. }
                    | OpKind::ListLift { .. }
                    | OpKind::MapLift { .. }
            )
        };
        let indirect = self.function.direction == Direction::Export && self.abi.indirect_params;
        indirect || any(&self.abi.call.root, &lifts)
    }

    /// Parameters of which addresses, and not pointers, are handed over.
    fn kept_params(&self) -> Vec<usize> {
        let hides = |kind: &OpKind| match kind {
            OpKind::Store { access, .. } => *access == Access::Pointer,
            OpKind::Casts { casts } => casts.iter().any(hides_pointer),
            // A resource that is no longer reachable is dropped.
            OpKind::HandleLower { .. } => true,
            _ => false,
        };
        if !any(&self.abi.call.root, &hides) {
            return Vec::new();
        }
        let params = self.function.params.iter().enumerate();
        params.filter(|(_, param)| self.has_pointers(param.ty)).map(|(index, _)| index).collect()
    }

    fn has_pointers(&self, ty: Type) -> bool {
        let world = self.types.names.world;
        match world.resolve_alias(ty) {
            Type::String => true,
            Type::Id(id) => {
                !matches!(world.type_def(id).kind, TypeKind::Enum { .. } | TypeKind::Flags { .. })
            }
            _ => false,
        }
    }

    /// The user's method: by now the lifted arguments root their own memory.
    fn call_language(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        let mut arguments = self.operands(op)?;
        if let FunctionKind::Method(_) = self.function.kind {
            self.callee = format!("{}.{}", arguments.remove(0), self.callee);
        }
        if self.places_result() {
            let abi = self.types.abi();
            self.line(format!("{abi}.Lifted()"));
        }
        let call = format!("{}({})", self.callee, arguments.join(", "));
        let expr = match op.results.first() {
            Some(_) => Some(self.bind_results(&call)),
            None => {
                self.line(call);
                None
            }
        };
        if self.is_lent() {
            let abi = self.types.abi();
            self.line(format!("{abi}.ReturnBorrows()"));
        }
        if let (Some(value), Some(expr)) = (op.results.first(), expr) {
            self.set(*value, expr);
        }
        Ok(())
    }

    /// Whether the arguments have borrows of imported resources, which must be given back before returning.
    fn is_lent(&self) -> bool {
        let names = self.types.names;
        any(&self.abi.call.root, &|kind| {
            let OpKind::HandleLift { ty } = kind else { return false };
            let TypeKind::Borrow(id) = names.world.type_def(*ty).kind else { return false };
            names.resource(id).is_ok_and(|(_, direction)| direction == Direction::Import)
        })
    }

    fn bind_results(&mut self, call: &str) -> Expr {
        match self.shape() {
            Some(Shape::Fallible { ok: None }) => {
                self.line(format!("err := {call}"));
                Expr::Fallible { ok: None, err: "err".to_owned() }
            }
            Some(Shape::Fallible { ok: Some(_) }) => {
                let name = if self.reads_ok() { "value" } else { "_" };
                self.line(format!("{name}, err := {call}"));
                Expr::Fallible { ok: Some("value".to_owned()), err: "err".to_owned() }
            }
            Some(Shape::Several(types)) => {
                let locals: Vec<String> = types.iter().map(|_| self.local("v")).collect();
                self.line(format!("{} := {call}", locals.join(", ")));
                Expr::Several(locals)
            }
            Some(Shape::One) | None => {
                self.line(format!("value := {call}"));
                Expr::One("value".to_owned())
            }
        }
    }

    /// Whether the payload of `ok` is looked at when the whole result is lowered.
    fn reads_ok(&self) -> bool {
        let whole = self.whole_result;
        self.abi.call.root.ops.iter().any(|op| {
            matches!(op.kind, OpKind::ResultLower { .. })
                && op.operands.first().copied() == whole
                && op.blocks.first().is_some_and(|block| {
                    let payloads = block.ops.iter().filter(|op| op.kind == OpKind::CasePayload);
                    payloads.flat_map(|op| &op.results).any(|value| self.is_used(*value))
                })
        })
    }

    fn give_back(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        if self.function.direction == Direction::Import && self.places_result() {
            self.line("placed.Release()");
        }
        let Some(value) = op.operands.first() else { return Ok(()) };
        let text = match self.expr(*value)? {
            Expr::One(text) => text,
            Expr::Several(texts) => texts.join(", "),
            Expr::Fallible { ok: Some(ok), err } => format!("{ok}, {err}"),
            Expr::Fallible { ok: None, err } => err,
        };
        self.line(format!("return {text}"));
        Ok(())
    }
}

fn hides_pointer(cast: &Cast) -> bool {
    match cast {
        Cast::None => false,
        Cast::Convert { from, .. } => *from == CoreType::Pointer,
        Cast::Sequence(casts) => casts.iter().any(hides_pointer),
    }
}

/// The parameters of a core function: `arg0 uint32, arg1 unsafe.Pointer`.
pub(super) fn core_params(function: &Function, abi: &FunctionAbi) -> String {
    let params = abi.params.iter().enumerate().map(|(index, ty)| {
        // The IR calls the number of an exported resource's own value a pointer, which it is in other languages.
        let is_self = index == 0
            && function.direction == Direction::Export
            && matches!(function.kind, FunctionKind::Method(_));
        let ty = if is_self { CoreType::I32 } else { *ty };
        format!("arg{index} {}", core_type(ty))
    });
    params.collect::<Vec<_>>().join(", ")
}
