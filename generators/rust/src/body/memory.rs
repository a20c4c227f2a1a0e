//! Arguments, constants, loads, stores, memory and calls.

use witgen_diag::Result;
use witgen_ir::abi::{Access, Cast, CoreType, Layout, Op, OpKind};
use witgen_ir::{FunctionKind, Type};

use super::value::{Operand, access_type, load};
use super::{Printer, internal};
use crate::code::{Body, Expr, Stmt};

impl Printer<'_> {
    pub(super) fn memory(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        match &op.kind {
            OpKind::Argument { index } => self.argument(op, *index)?,
            OpKind::ConstI32 { value } => self.set(op, 0, Operand::Const(*value)),
            OpKind::ConstZero { types } => {
                for (nth, ty) in types.iter().enumerate() {
                    self.set(op, nth, Operand::Core(zero(*ty).to_owned()));
                }
            }
            OpKind::Casts { casts } => {
                for (nth, cast) in casts.iter().enumerate() {
                    let text = match cast {
                        Cast::None => self.take(op, nth)?.0,
                        cast => Operand::Core(cast_text(cast, self.core(op, nth, body)?)?),
                    };
                    self.set(op, nth, text);
                }
            }
            OpKind::Load { access, offset } => {
                let base = self.core(op, 0, body)?;
                self.set(op, 0, Operand::Load { base, offset: *offset, access: *access });
            }
            OpKind::Store { access, offset } => self.store(op, *access, *offset, body)?,
            OpKind::ReturnArea { layout } => self.return_area(op, *layout, body),
            OpKind::Allocate { layout } => {
                let args = vec![layout.size.to_string(), layout.align.to_string()];
                let pointer = self.bind("pointer", Expr::call("_rt::allocate_bytes", args), body);
                self.set(op, 0, Operand::Core(pointer));
            }
            OpKind::Free { layout } => {
                self.print_waiting(body);
                let pointer = self.core(op, 0, body)?;
                body.stmts.push(free(&pointer, &layout.size.to_string(), layout.align));
            }
            OpKind::Flush => {
                for nth in 0..op.operands.len() {
                    let operand = self.take(op, nth)?.0;
                    self.set(op, nth, operand);
                }
            }
            OpKind::CallCore => self.call_core(op, body)?,
            OpKind::CallLanguage => self.call_language(op, body)?,
            OpKind::Return => self.finish(op, body)?,
            _ => return Err(internal("an op reached the wrong printer".to_owned())),
        }
        Ok(())
    }

    fn argument(&mut self, op: &Op, index: usize) -> Result<()> {
        let name = self.params.get(index).cloned();
        let name = name.ok_or_else(|| internal("a function has fewer parameters than its ABI".to_owned()))?;
        let operand = match self.function.params.get(index) {
            Some(param) if self.is_import() => {
                let mode = self.ctx.borrowed_mode(param.ty);
                let refs = usize::from(name == "self" || self.ctx.text(param.ty, mode).starts_with('&'));
                let mode = self.ctx.inside(param.ty, mode);
                Operand::Place { text: name, refs, mode }
            }
            _ => Operand::Core(name),
        };
        self.set(op, 0, operand);
        Ok(())
    }

    fn store(&mut self, op: &Op, access: Access, offset: u32, body: &mut Body) -> Result<()> {
        let (operand, hint) = self.take(op, 0)?;
        let value = match operand {
            Operand::Lowered { native, .. } => native,
            Operand::Const(number) => format!("{number}_{}", access_type(access)),
            operand => {
                let narrow =
                    matches!(access, Access::I32U8 | Access::I32S8 | Access::I32U16 | Access::I32S16);
                let text = self.core_text(operand, &hint, body);
                if narrow { format!("{text} as {}", access_type(access)) } else { text }
            }
        };
        let address = self.core(op, 1, body)?;
        body.stmts.push(Stmt::Do(Expr::call("_rt::store", vec![address, offset.to_string(), value])));
        Ok(())
    }

    fn return_area(&mut self, op: &Op, layout: Layout, body: &mut Body) {
        let pointer = if self.is_import() {
            let area = self.local("area");
            let value = Expr::Flat(format!("_rt::Area::<{}>::new()", layout.size));
            body.stmts.push(Stmt::Let { pattern: format!("mut {area}"), value });
            format!("{area}.pointer()")
        } else {
            self.area = self.area.max(layout.size);
            "_RESULT.pointer()".to_owned()
        };
        let pointer = self.bind("base", Expr::Flat(pointer), body);
        self.set(op, 0, Operand::Core(pointer));
    }

    /// Prints what was read from memory that is about to be freed.
    fn print_waiting(&mut self, body: &mut Body) {
        let waiting: Vec<_> = self
            .values
            .iter()
            .filter(|(_, operand)| matches!(operand, Operand::Load { .. } | Operand::Made(_)))
            .map(|(value, _)| *value)
            .collect();
        for value in waiting {
            let Ok((operand, hint)) = self.take_value(value) else { continue };
            let place = match operand {
                Operand::Made(made) => Operand::owned(self.bind(&hint, made, body)),
                operand => Operand::Core(self.core_name(operand, &hint, body)),
            };
            self.values.insert(value, place);
        }
    }

    fn call_core(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        let args = (0..op.operands.len()).map(|nth| self.core(op, nth, body)).collect::<Result<_>>()?;
        let call = Expr::call(self.callee.clone(), args);
        match op.results.first() {
            Some(_) => self.set(op, 0, Operand::CoreMade(call)),
            None => body.stmts.push(Stmt::Do(call)),
        }
        Ok(())
    }

    fn call_language(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        let args = (0..op.operands.len()).map(|nth| self.language(op, nth, body)).collect::<Result<_>>()?;
        let mut call = Expr::call(self.callee.clone(), args);
        if let FunctionKind::Constructor(resource) = self.function.kind {
            call = self.construct(call, self.ctx.path(resource), body);
        }
        match (op.results.first(), self.function.result) {
            (Some(_), Some(_)) => self.set(op, 0, Operand::Made(call)),
            _ => body.stmts.push(Stmt::Do(call)),
        }
        Ok(())
    }

    /// Turns what the user's constructor makes into a handle.
    fn construct(&mut self, call: Expr, resource: String, body: &mut Body) -> Expr {
        let made = self.bind("made", call, body);
        let fails = self.function.result.is_some_and(|ty| match ty {
            Type::Id(id) => {
                matches!(self.ctx.world.type_def(id).kind, witgen_ir::TypeKind::Result { .. })
            }
            _ => false,
        });
        match fails {
            true => Expr::Flat(format!("{made}.map({resource}::new)")),
            false => Expr::Flat(format!("{resource}::new({made})")),
        }
    }

    fn finish(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        if op.operands.is_empty() || (self.is_import() && self.function.result.is_none()) {
            return Ok(());
        }
        let (operand, hint) = self.take(op, 0)?;
        let tail = match operand {
            Operand::Made(value) | Operand::CoreMade(value) => value,
            Operand::Load { base, offset, access } if self.is_import() => {
                Expr::Flat(load(&base, offset, access_type(access)))
            }
            operand => Expr::Flat(self.core_text(operand, &hint, body)),
        };
        body.end_with(Some(tail));
        Ok(())
    }
}

/// `_rt::free(pointer, size, align);`
pub(super) fn free(pointer: &str, size: &str, align: u32) -> Stmt {
    Stmt::Do(Expr::call("_rt::free", vec![pointer.to_owned(), size.to_owned(), align.to_string()]))
}

/// A core type as Rust type.
pub(crate) fn core_type(ty: CoreType) -> &'static str {
    match ty {
        CoreType::I32 => "i32",
        CoreType::I64 => "i64",
        CoreType::F32 => "f32",
        CoreType::F64 => "f64",
        CoreType::Pointer => "*mut u8",
        CoreType::PointerOrI64 => "_rt::PointerOrI64",
        CoreType::Length => "usize",
    }
}

fn zero(ty: CoreType) -> &'static str {
    match ty {
        CoreType::I32 | CoreType::I64 | CoreType::Length => "0",
        CoreType::F32 | CoreType::F64 => "0.0",
        CoreType::Pointer => "::core::ptr::null_mut()",
        CoreType::PointerOrI64 => "_rt::PointerOrI64::zeroed()",
    }
}

fn cast_text(cast: &Cast, text: String) -> Result<String> {
    use CoreType::{F32, F64, I32, I64, Length, Pointer, PointerOrI64};
    let function = match cast {
        Cast::None => return Ok(text),
        Cast::Sequence(casts) => {
            return casts.iter().try_fold(text, |text, cast| cast_text(cast, text));
        }
        Cast::Convert { from, to } => match (from, to) {
            (F32, I32) => "f32_as_i32",
            (F64, I64) => "f64_as_i64",
            (I32, I64) => "i32_as_i64",
            (F32, I64) => "f32_as_i64",
            (I32, F32) => "i32_as_f32",
            (I64, F64) => "i64_as_f64",
            (I64, I32) => "i64_as_i32",
            (I64, F32) => "i64_as_f32",
            (I64, PointerOrI64) => "i64_as_either",
            (PointerOrI64, I64) => "either_as_i64",
            (Pointer, PointerOrI64) => "pointer_as_either",
            (PointerOrI64, Pointer) => "either_as_pointer",
            (I32, Pointer) => "i32_as_pointer",
            (Pointer, I32) => "pointer_as_i32",
            (Pointer, Length) => "pointer_as_length",
            (Length, Pointer) => "length_as_pointer",
            (I32, Length) => "i32_as_length",
            (Length, I32) => "length_as_i32",
            (I64, Length) => "i64_as_length",
            (Length, I64) => "length_as_i64",
            (from, to) => return Err(internal(format!("no cast leads from {from:?} to {to:?}"))),
        },
    };
    Ok(format!("_rt::{function}({text})"))
}
