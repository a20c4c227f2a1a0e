//! Loads, stores and return areas, and what loops and cases give their blocks.

use witgen_ir::Direction;
use witgen_ir::abi::{Access, Layout, Op, OpKind};

use super::printer::Printer;
use super::scalars::converted;
use crate::internal;

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn memory_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::Load { access, offset } => self.load(op, *access, *offset),
            OpKind::Store { access, offset } => self.store(op, *access, *offset),
            OpKind::ReturnArea { layout } => {
                self.return_area(op, *layout);
                Ok(())
            }
            OpKind::IterElement { .. } | OpKind::IterValue { .. } => {
                let text = self.context()?.element.clone();
                self.set_one(op, 0, text);
                Ok(())
            }
            OpKind::IterKey { .. } => {
                let text = self.context()?.key.clone();
                self.set_one(op, 0, text);
                Ok(())
            }
            OpKind::IterAddress => {
                let text = self.context()?.address.clone();
                self.set_one(op, 0, text);
                Ok(())
            }
            OpKind::CasePayload => {
                let text = self.context()?.payload.clone();
                self.set_one(op, 0, text);
                Ok(())
            }
            OpKind::Flush => {
                for (index, value) in op.operands.iter().enumerate() {
                    let expr = self.expr(*value)?;
                    if let Some(result) = op.results.get(index) {
                        self.set(*result, expr);
                    }
                }
                Ok(())
            }
            other => Err(internal(format!("{other:?} among memory accesses"))),
        }
    }

    fn load(&mut self, op: &'w Op, access: Access, offset: u32) -> witgen_diag::Result<()> {
        let (abi, base) = (self.types.abi(), self.operand(op, 0)?);
        let text = match access {
            Access::Pointer => format!("{abi}.LoadPointer({base}, {offset})"),
            Access::I32U8 => format!("uint32({abi}.Load[uint8]({base}, {offset}))"),
            Access::I32S8 => format!("uint32({abi}.Load[int8]({base}, {offset}))"),
            Access::I32U16 => format!("uint32({abi}.Load[uint16]({base}, {offset}))"),
            Access::I32S16 => format!("uint32({abi}.Load[int16]({base}, {offset}))"),
            Access::I32 | Access::Length => format!("{abi}.Load[uint32]({base}, {offset})"),
            Access::I64 => format!("{abi}.Load[uint64]({base}, {offset})"),
            Access::F32 => format!("{abi}.Load[float32]({base}, {offset})"),
            Access::F64 => format!("{abi}.Load[float64]({base}, {offset})"),
        };
        self.bind(op, &text);
        Ok(())
    }

    fn store(&mut self, op: &'w Op, access: Access, offset: u32) -> witgen_diag::Result<()> {
        let (abi, value, base) = (self.types.abi(), self.operand(op, 0)?, self.operand(op, 1)?);
        let text = match access {
            Access::Pointer => format!("{abi}.StorePointer({base}, {offset}, {value})"),
            Access::I32U8 | Access::I32S8 => {
                format!("{abi}.Store({base}, {offset}, {})", converted("uint8", &value))
            }
            Access::I32U16 | Access::I32S16 => {
                format!("{abi}.Store({base}, {offset}, {})", converted("uint16", &value))
            }
            Access::I32 | Access::Length => format!("{abi}.Store[uint32]({base}, {offset}, {value})"),
            Access::I64 => format!("{abi}.Store[uint64]({base}, {offset}, {value})"),
            Access::F32 => format!("{abi}.Store[float32]({base}, {offset}, {value})"),
            Access::F64 => format!("{abi}.Store[float64]({base}, {offset}, {value})"),
        };
        self.line(text);
        Ok(())
    }

    /// An import has its area on the stack, where other goroutines do not reach it; the area of exports is
    /// static, since it must outlive the call.
    fn return_area(&mut self, op: &'w Op, layout: Layout) {
        self.types.imports.fixed("unsafe", "unsafe");
        if self.function.direction == Direction::Export {
            self.needs.returned_words = self.needs.returned_words.max(layout.size.div_ceil(8));
            return self.set_one(op, 0, "unsafe.Pointer(&returned)");
        }
        let area = self.local("area");
        let (count, word) = match layout.align {
            8.. => (layout.size.div_ceil(8), "uint64"),
            4 => (layout.size.div_ceil(4), "uint32"),
            _ => (layout.size.div_ceil(4), "uint32"),
        };
        self.line(format!("var {area} [{count}]{word}"));
        self.set_one(op, 0, format!("unsafe.Pointer(&{area})"));
    }
}
