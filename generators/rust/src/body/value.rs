//! Values of op trees as text.

use witgen_ir::Type;
use witgen_ir::abi::Access;

use super::{LONG, Printer};
use crate::code::{Body, Expr};
use crate::types::Mode;

/// A value of an op tree while its function is printed.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    /// A value of the language that can be named again: a parameter, a local, a field of one.
    Place {
        text: String,
        /// How many references it is behind.
        refs: usize,
        /// How it is passed.
        mode: Mode,
    },
    /// A value of the language that is not printed yet.
    Made(Expr),
    /// A core value that can be printed any number of times.
    Core(String),
    /// A core value that is not printed yet.
    CoreMade(Expr),
    /// A core value in memory.
    Load { base: String, offset: u32, access: Access },
    /// A core value made from one of the language: as core value, and as it is stored.
    Lowered { core: String, native: String },
    /// The number of a case.
    Const(i32),
}

impl Operand {
    pub(crate) fn owned(text: impl Into<String>) -> Self {
        Self::Place { text: text.into(), refs: 0, mode: Mode::OWNED }
    }

    pub(crate) fn flat(text: impl Into<String>) -> Self {
        Self::Made(Expr::Flat(text.into()))
    }
}

/// What an access reads, as a Rust type.
pub(crate) fn access_type(access: Access) -> &'static str {
    match access {
        Access::I32U8 => "u8",
        Access::I32S8 => "i8",
        Access::I32U16 => "u16",
        Access::I32S16 => "i16",
        Access::I32 => "i32",
        Access::I64 => "i64",
        Access::F32 => "f32",
        Access::F64 => "f64",
        Access::Pointer => "*mut u8",
        Access::Length => "usize",
    }
}

/// The Rust name of a number, bool or char.
pub(crate) fn scalar_name(scalar: Type) -> &'static str {
    match scalar {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "i8",
        Type::S16 => "i16",
        Type::S32 => "i32",
        Type::S64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String | Type::ErrorContext | Type::Id(_) => "()",
    }
}

pub(crate) fn load(base: &str, offset: u32, ty: &str) -> String {
    format!("_rt::load::<{ty}>({base}, {offset})")
}

impl Printer<'_> {
    pub(super) fn core_text(&mut self, operand: Operand, hint: &str, body: &mut Body) -> String {
        match operand {
            Operand::Core(text) | Operand::Place { text, .. } => text,
            Operand::Lowered { core, .. } => core,
            Operand::Const(number) => number.to_string(),
            Operand::Load { base, offset, access } => {
                let text = load(&base, offset, access_type(access));
                match access {
                    Access::I32U8 | Access::I32S8 | Access::I32U16 | Access::I32S16 => {
                        format!("i32::from({text})")
                    }
                    _ => text,
                }
            }
            Operand::CoreMade(value) | Operand::Made(value) => self.bind(hint, value, body),
        }
    }

    /// A core value with a name of its own.
    pub(super) fn core_name(&mut self, operand: Operand, hint: &str, body: &mut Body) -> String {
        match operand {
            Operand::Core(text) => text,
            operand => {
                let text = self.core_text(operand, hint, body);
                self.bind(hint, Expr::Flat(text), body)
            }
        }
    }

    pub(super) fn language_text(&mut self, operand: Operand, hint: &str, body: &mut Body) -> String {
        match operand {
            Operand::Made(value) => match value.flat().filter(|text| text.len() <= LONG) {
                Some(text) => text,
                None => self.bind(hint, value, body),
            },
            operand => self.core_text(operand, hint, body),
        }
    }

    pub(super) fn place_of(&mut self, operand: Operand, hint: &str, body: &mut Body) -> Operand {
        match operand {
            Operand::Place { text, refs, mode } if text.len() > 24 => {
                let borrows = self.is_import() && refs == 0;
                let value = if borrows { format!("&{text}") } else { text };
                let text = self.bind(hint, Expr::Flat(value), body);
                Operand::Place { text, refs: refs + usize::from(borrows), mode }
            }
            place @ Operand::Place { .. } => place,
            Operand::Made(value) | Operand::CoreMade(value) => Operand::owned(self.bind(hint, value, body)),
            other => Operand::owned(self.core_name(other, hint, body)),
        }
    }
}

/// A place as a value, without the references before it.
pub(crate) fn value_of(place: &Operand) -> String {
    match place {
        Operand::Place { text, refs, .. } => format!("{}{text}", "*".repeat(*refs)),
        Operand::Core(text) => text.clone(),
        _ => String::new(),
    }
}

pub(crate) fn text_of(place: &Operand) -> String {
    match place {
        Operand::Place { text, .. } | Operand::Core(text) => text.clone(),
        _ => String::new(),
    }
}
