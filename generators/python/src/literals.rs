//! Values as Python expressions, for test guests.

use witgen_backend::text_literal;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Type, TypeDef, TypeKind, Value, World};
use witgen_languages::Role;

use crate::names::{self, Names};

/// Prints values of a world for code that has every module of the bindings by its name.
pub(crate) struct Literals<'a> {
    world: &'a World,
    names: &'a Names,
}

impl<'a> Literals<'a> {
    /// For the bindings that `names` has named.
    pub(crate) fn new(world: &'a World, names: &'a Names) -> Self {
        Self { world, names }
    }

    /// `value` as a `ty`.
    pub(crate) fn print(&self, ty: Type, value: &Value) -> Result<String> {
        Ok(match (self.world.resolve_alias(ty), value) {
            (Type::Bool, Value::Bool(true)) => "True".to_owned(),
            (Type::Bool, Value::Bool(false)) => "False".to_owned(),
            (Type::F32, Value::F32(value)) => float(f64::from(*value)),
            (Type::F64, Value::F64(value)) => float(*value),
            (Type::Char, Value::Char(value)) => text(&value.to_string()),
            (Type::String, Value::String(value)) => text(value),
            (Type::String, Value::Repeat { unit, times }) => {
                format!("{} * {times}", self.print(ty, unit)?)
            }
            (_, Value::Integer(value)) => value.to_string(),
            (Type::Id(id), value) => self.compound(ty, self.world.type_def(id), value)?,
            _ => return Err(mistyped()),
        })
    }

    fn compound(&self, ty: Type, def: &TypeDef, value: &Value) -> Result<String> {
        Ok(match (&def.kind, value) {
            (TypeKind::List(element), Value::List(values)) => {
                let elements = values.iter().map(|value| self.print(*element, value));
                let elements = elements.collect::<Result<Vec<_>>>()?.join(", ");
                match self.world.resolve_alias(*element) {
                    Type::U8 => format!("bytes([{elements}])"),
                    _ => format!("[{elements}]"),
                }
            }
            (TypeKind::List(_), Value::Repeat { unit, times }) => {
                format!("{} * {times}", self.print(ty, unit)?)
            }
            (TypeKind::Map(key, ty), Value::Map(entries)) => {
                let entries = entries.iter().map(|(name, value)| {
                    Ok(format!("{}: {}", self.print(*key, name)?, self.print(*ty, value)?))
                });
                format!("{{{}}}", entries.collect::<Result<Vec<_>>>()?.join(", "))
            }
            (TypeKind::Record { fields }, Value::Record(values)) => {
                let fields = fields.iter().zip(values).map(|(field, value)| self.print(field.ty, value));
                format!("{}({})", self.class(def), fields.collect::<Result<Vec<_>>>()?.join(", "))
            }
            (TypeKind::Tuple { types, .. }, Value::Tuple(values)) => {
                let values = types.iter().zip(values).map(|(ty, value)| self.print(*ty, value));
                match values.collect::<Result<Vec<_>>>()?.as_slice() {
                    [only] => format!("({only},)"),
                    values => format!("({})", values.join(", ")),
                }
            }
            (TypeKind::Variant { cases, .. }, Value::Variant(index, value)) => {
                let class = self.case_class(def, *index);
                match (value, cases.get(*index).and_then(|case| case.ty)) {
                    (Some(value), Some(ty)) => format!("{class}({})", self.print(ty, value)?),
                    _ => format!("{class}()"),
                }
            }
            (TypeKind::Enum { cases, .. }, Value::Enum(index)) => {
                let members = names::members(Role::EnumCase, cases.iter().map(|case| case.name.as_str()));
                format!("{}.{}", self.class(def), members.get(*index).ok_or_else(mistyped)?)
            }
            (TypeKind::Flags { flags }, Value::Flags(set)) => {
                let members = names::members(Role::Flag, flags.iter().map(|flag| flag.name.as_str()));
                let set = set.iter().map(|index| {
                    let member = members.get(*index).ok_or_else(mistyped)?;
                    Ok(format!("{}.{member}", self.class(def)))
                });
                let set: Vec<String> = set.collect::<Result<_>>()?;
                if set.is_empty() { format!("{}(0)", self.class(def)) } else { set.join(" | ") }
            }
            (TypeKind::Option { .. }, Value::Option(None)) => "None".to_owned(),
            (TypeKind::Option { some, .. }, Value::Option(Some(value))) => {
                let text = self.print(*some, value)?;
                if self.is_option(*some) { format!("Some({text})") } else { text }
            }
            (TypeKind::Result { ok, err, .. }, Value::Result(value)) => {
                let (name, ty, value) = match value {
                    Ok(value) => ("Ok", ok, value),
                    Err(value) => ("Err", err, value),
                };
                match (ty, value) {
                    (Some(ty), Some(value)) => format!("{name}({})", self.print(*ty, value)?),
                    _ => format!("{name}(None)"),
                }
            }
            _ => return Err(mistyped()),
        })
    }

    fn is_option(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Option { .. })
    }

    fn class(&self, def: &TypeDef) -> String {
        self.names.type_name(def.id).map_or_else(String::new, |name| {
            format!("{}.{}", self.names.modules[name.module].name, name.class)
        })
    }

    fn case_class(&self, def: &TypeDef, index: usize) -> String {
        self.names.type_name(def.id).map_or_else(String::new, |name| {
            let case = name.cases.get(index).map_or("", String::as_str);
            format!("{}.{case}", self.names.modules[name.module].name)
        })
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        "float(\"nan\")".to_owned()
    } else if value.is_infinite() {
        format!("float(\"{}inf\")", if value > 0.0 { "" } else { "-" })
    } else {
        format!("{value:?}")
    }
}

/// A string with everything but letters that ASCII has as an escape.
fn text(value: &str) -> String {
    text_literal(value, |code| format!("\\U{code:08x}"))
}

fn mistyped() -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, "a test vector does not have the type that it stands for").into()
}
