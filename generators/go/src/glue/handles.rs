//! Handles of resources.

use witgen_ir::abi::Op;

use super::printer::Printer;
use crate::internal;

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn handle_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        Err(internal(format!("{:?}", op.kind)))
    }
}
