//! Handles of resources.

use witgen_ir::abi::{FunctionAbi, Op, OpKind};
use witgen_ir::{Direction, TypeKind};

use super::printer::{Printer, any};
use crate::internal;

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn handle_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        let (OpKind::HandleLower { ty } | OpKind::HandleLift { ty }) = &op.kind else {
            return Err(internal(format!("{:?} among handles", op.kind)));
        };
        let (id, is_own) = match &self.types.names.world.type_def(*ty).kind {
            TypeKind::Own(id) => (*id, true),
            TypeKind::Borrow(id) => (*id, false),
            other => return Err(internal(format!("a handle that is {other:?}"))),
        };
        let (resource, direction) = self.types.names.resource(id)?;
        let functions = &self.types.names.type_names(resource.id)?.members;
        let [from_handle, from_borrow, to_handle] = functions.as_slice() else {
            return Err(internal("a resource without functions"));
        };
        let operand = self.operand(op, 0)?;
        let is_lift = matches!(op.kind, OpKind::HandleLift { .. });
        let text = match (is_lift, direction, is_own) {
            (true, _, true) => format!("{}({operand})", self.types.member(resource.id, from_handle)),
            (true, _, false) => format!("{}({operand})", self.types.member(resource.id, from_borrow)),
            (false, Direction::Import, true) => match self.function.direction {
                Direction::Import => format!("moves.Take(&{operand}.Handle)"),
                Direction::Export => format!("{operand}.Handle.Move()"),
            },
            (false, Direction::Import, false) => format!("{operand}.Handle.Lend()"),
            (false, Direction::Export, true) => {
                format!("{}({operand})", self.types.member(resource.id, to_handle))
            }
            (false, Direction::Export, false) => {
                return Err(internal("an import that borrows an exported resource"));
            }
        };
        self.bind(op, &text);
        Ok(())
    }

    /// Whether a call of an import gives handles away.
    pub(super) fn moves_handles(&self) -> bool {
        let world = self.types.names.world;
        self.function.direction == Direction::Import
            && any(&self.abi.call.root, &|kind| {
                let OpKind::HandleLower { ty } = kind else { return false };
                matches!(world.type_def(*ty).kind, TypeKind::Own(_))
            })
    }
}

/// Whether a program that calls an export hands it resources.
pub(crate) fn takes_handles(abi: &FunctionAbi) -> bool {
    any(&abi.host.root, &|kind| matches!(kind, OpKind::HandleLower { .. }))
}
