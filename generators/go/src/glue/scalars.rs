//! Numbers: scalars, enums, flags, constants and casts.

use witgen_ir::Type;
use witgen_ir::abi::{Cast, CoreType, Op, OpKind};

use super::printer::Printer;
use crate::internal;

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn scalar_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::ConstI32 { value } => self.set_one(op, 0, value.to_string()),
            OpKind::ConstZero { types } => {
                for (index, ty) in types.iter().enumerate() {
                    self.set_one(op, index, if self.is_host() { "0" } else { zero(*ty) });
                }
            }
            OpKind::Casts { casts } => {
                for (index, cast) in casts.iter().enumerate() {
                    let text = self.operand(op, index)?;
                    let text = self.cast(cast, text)?;
                    self.set_one(op, index, text);
                }
            }
            OpKind::ScalarLower { scalar } => {
                let text = self.operand(op, 0)?;
                let text = self.lower(*scalar, text)?;
                self.set_one(op, 0, text);
            }
            OpKind::ScalarLift { scalar } => {
                let text = self.operand(op, 0)?;
                let text = match scalar {
                    Type::Char if self.is_host() => format!("{}.Rune({text})", self.types.abi()),
                    _ => lift(*scalar, text)?,
                };
                self.set_one(op, 0, text);
            }
            OpKind::EnumLower { .. } => {
                let text = self.operand(op, 0)?;
                self.set_one(op, 0, format!("uint32({text})"));
            }
            OpKind::EnumLift { ty } | OpKind::FlagsLift { ty } => {
                let text = self.operand(op, 0)?;
                let name = self.types.text(Type::Id(*ty))?;
                self.set_one(op, 0, format!("{name}({text})"));
            }
            OpKind::FlagsLower { .. } => {
                let text = self.operand(op, 0)?;
                self.set_one(op, 0, format!("uint32({text})"));
            }
            other => return Err(internal(format!("{other:?} among scalars"))),
        }
        Ok(())
    }

    fn lower(&mut self, scalar: Type, text: String) -> witgen_diag::Result<String> {
        Ok(match scalar {
            Type::Bool => format!("{}.FromBool({text})", self.types.abi()),
            Type::Char if self.is_host() => format!("uint32({text})"),
            Type::Char => format!("{}.FromRune({text})", self.types.abi()),
            Type::U32 | Type::U64 | Type::F32 | Type::F64 => text,
            Type::U8 | Type::U16 | Type::S8 | Type::S16 | Type::S32 => format!("uint32({text})"),
            Type::S64 => format!("uint64({text})"),
            other => return Err(internal(format!("{other:?} as a scalar"))),
        })
    }

    fn cast(&mut self, cast: &Cast, text: String) -> witgen_diag::Result<String> {
        use CoreType::{F32, F64, I32, I64, Length, Pointer, PointerOrI64};
        let (from, to) = match cast {
            Cast::None => return Ok(text),
            Cast::Sequence(casts) => {
                return casts.iter().try_fold(text, |text, cast| self.cast(cast, text));
            }
            Cast::Convert { from, to } => (*from, *to),
        };
        let bits = match from {
            F32 => format!("{}.FromFloat32({text})", self.types.abi()),
            F64 => format!("{}.FromFloat64({text})", self.types.abi()),
            Pointer if !self.is_host() => format!("{}.Address({text})", self.types.abi()),
            Pointer => text,
            I32 | I64 | PointerOrI64 | Length => text,
        };
        let is_wide = |ty| matches!(ty, I64 | F64 | PointerOrI64);
        let sized = match (is_wide(from), is_wide(to)) {
            (false, true) => format!("uint64({bits})"),
            (true, false) => format!("uint32({bits})"),
            _ => bits,
        };
        Ok(match to {
            F32 => format!("{}.ToFloat32({sized})", self.types.abi()),
            F64 => format!("{}.ToFloat64({sized})", self.types.abi()),
            Pointer if !self.is_host() => format!("{}.Pointer({sized})", self.types.abi()),
            Pointer => sized,
            I32 | I64 | PointerOrI64 | Length => sized,
        })
    }
}

fn lift(scalar: Type, text: String) -> witgen_diag::Result<String> {
    let to = match scalar {
        Type::Bool => return Ok(format!("{text} != 0")),
        Type::U32 | Type::U64 | Type::F32 | Type::F64 => return Ok(text),
        Type::U8 => "uint8",
        Type::U16 => "uint16",
        Type::S8 => "int8",
        Type::S16 => "int16",
        Type::S32 => "int32",
        Type::S64 => return Ok(format!("int64({text})")),
        Type::Char => return Ok(format!("rune({text})")),
        other => return Err(internal(format!("{other:?} as a scalar"))),
    };
    Ok(converted(to, &text))
}

/// An integer as a type of 32 bits at most, which makes a conversion to `uint32` before it needless.
pub(super) fn converted(to: &str, text: &str) -> String {
    let inner = text.strip_prefix("uint32(").and_then(|rest| rest.strip_suffix(')'));
    format!("{to}({})", inner.filter(|inner| is_whole(inner)).unwrap_or(text))
}

/// Whether every parenthesis of a text is closed, and none of those around it.
fn is_whole(text: &str) -> bool {
    let mut open = 0;
    let never_below = text.chars().all(|character| {
        open += i32::from(character == '(') - i32::from(character == ')');
        open >= 0
    });
    never_below && open == 0
}

/// What a slot that a case leaves unused holds.
pub(super) fn zero(ty: CoreType) -> &'static str {
    match ty {
        CoreType::Pointer => "nil",
        CoreType::I32
        | CoreType::I64
        | CoreType::F32
        | CoreType::F64
        | CoreType::PointerOrI64
        | CoreType::Length => "0",
    }
}
