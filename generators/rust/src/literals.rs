//! Values as Rust expressions, for test guests.

use witgen_backend::Scope;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Type, TypeDef, TypeKind, Value};
use witgen_languages::Role;

use crate::names;
use crate::types::{Context, Mode};

/// Prints values of a world; paths of types start with `root`.
pub(crate) struct Literals<'a> {
    ctx: Context<'a>,
    root: &'static str,
}

impl<'a> Literals<'a> {
    /// For code that reaches the root of the bindings, which `ctx` is, by `root`: `bindings::`.
    pub(crate) fn new(ctx: Context<'a>, root: &'static str) -> Self {
        Self { ctx, root }
    }

    /// `value` as an owned `ty`.
    pub(crate) fn owned(&self, ty: Type, value: &Value) -> Result<String> {
        self.print(ty, value, Mode::OWNED)
    }

    /// `value` as an argument of an imported function.
    pub(crate) fn argument(&self, ty: Type, value: &Value) -> Result<String> {
        self.print(ty, value, self.ctx.borrowed_mode(ty))
    }

    fn print(&self, ty: Type, value: &Value, mode: Mode) -> Result<String> {
        let resolved = self.ctx.world.resolve_alias(ty);
        Ok(match (resolved, value) {
            (Type::Bool, Value::Bool(value)) => value.to_string(),
            (Type::F32, Value::F32(value)) => float("f32", f64::from(*value), format!("{value:?}")),
            (Type::F64, Value::F64(value)) => float("f64", *value, format!("{value:?}")),
            (Type::Char, Value::Char(value)) => format!("{value:?}"),
            (Type::String, Value::String(value)) if mode.borrows() => format!("{value:?}"),
            (Type::String, Value::String(value)) => format!("{value:?}.to_owned()"),
            (Type::String, Value::Repeat { unit, times }) => match (&**unit, mode.borrows()) {
                (Value::String(unit), true) => format!("{unit:?}.repeat({times}).as_str()"),
                (Value::String(unit), false) => format!("{unit:?}.repeat({times})"),
                _ => return Err(mistyped()),
            },
            (_, Value::Integer(value)) => value.to_string(),
            (Type::Id(id), value) => self.compound(ty, self.ctx.world.type_def(id), value, mode)?,
            _ => return Err(mistyped()),
        })
    }

    fn compound(&self, ty: Type, def: &TypeDef, value: &Value, mode: Mode) -> Result<String> {
        match (&def.kind, value) {
            (TypeKind::List(element), Value::List(values)) => {
                let elements = self.all(values.iter().map(|value| (*element, value)))?;
                return Ok(if mode.borrows() {
                    format!("&[{elements}]")
                } else {
                    format!("vec![{elements}]")
                });
            }
            (TypeKind::List(_), Value::Repeat { unit, times }) => {
                let unit = self.print(ty, unit, Mode::OWNED)?;
                let list = format!("std::iter::repeat_n({unit}, {times}).flatten().collect::<Vec<_>>()");
                return Ok(if mode.borrows() { format!("&{list}") } else { list });
            }
            _ => {}
        }
        let inside = self.ctx.inside(ty, mode);
        let payload = |ty: Type, value: &Value| self.print(ty, value, self.ctx.payload(ty, inside));
        let text = match (&def.kind, value) {
            (TypeKind::Map(key, ty), Value::Map(entries)) => {
                let entries = entries.iter().map(|(name, value)| {
                    Ok(format!("({}, {})", self.owned(*key, name)?, self.owned(*ty, value)?))
                });
                format!("[{}].into_iter().collect()", entries.collect::<Result<Vec<_>>>()?.join(", "))
            }
            (TypeKind::Record { fields }, Value::Record(values)) => {
                let mut scope = names::scope();
                let fields = fields.iter().zip(values).map(|(field, value)| {
                    Ok(format!("{}: {}", scope.name(Role::Field, &field.name), self.owned(field.ty, value)?))
                });
                format!("{} {{ {} }}", self.path(def), fields.collect::<Result<Vec<_>>>()?.join(", "))
            }
            (TypeKind::Tuple { types, .. }, Value::Tuple(values)) => {
                let values = types.iter().zip(values).map(|(ty, value)| payload(*ty, value));
                match values.collect::<Result<Vec<_>>>()?.as_slice() {
                    [only] => format!("({only},)"),
                    values => format!("({})", values.join(", ")),
                }
            }
            (TypeKind::Variant { cases, .. }, Value::Variant(index, value)) => {
                let name = nth(cases.iter().map(|case| (Role::Case, case.name.as_str())), *index);
                match (value, cases.get(*index).and_then(|case| case.ty)) {
                    (Some(value), Some(ty)) => {
                        format!("{}::{name}({})", self.path(def), self.owned(ty, value)?)
                    }
                    _ => format!("{}::{name}", self.path(def)),
                }
            }
            (TypeKind::Enum { cases, .. }, Value::Enum(index)) => {
                let name = nth(cases.iter().map(|case| (Role::EnumCase, case.name.as_str())), *index);
                format!("{}::{name}", self.path(def))
            }
            (TypeKind::Flags { flags }, Value::Flags(set)) => {
                let names = set.iter().map(|index| {
                    let name = nth(flags.iter().map(|flag| (Role::Flag, flag.name.as_str())), *index);
                    format!("{}::{name}", self.path(def))
                });
                let names: Vec<String> = names.collect();
                if names.is_empty() { format!("{}::empty()", self.path(def)) } else { names.join(" | ") }
            }
            (TypeKind::Option { some, .. }, Value::Option(value)) => match value {
                Some(value) => format!("Some({})", payload(*some, value)?),
                None => "None".to_owned(),
            },
            (TypeKind::Result { ok, .. }, Value::Result(Ok(value))) => {
                result("Ok", *ok, value.as_deref(), payload)?
            }
            (TypeKind::Result { err, .. }, Value::Result(Err(value))) => {
                result("Err", *err, value.as_deref(), payload)?
            }
            _ => return Err(mistyped()),
        };
        // Named types and maps are borrowed as a whole, the others part by part.
        let is_whole = matches!(def.kind, TypeKind::Map(..)) || self.is_named(ty);
        Ok(if mode.borrows() && is_whole { format!("&{text}") } else { text })
    }

    fn all<'v>(&self, values: impl Iterator<Item = (Type, &'v Value)>) -> Result<String> {
        let texts = values.map(|(ty, value)| self.owned(ty, value));
        Ok(texts.collect::<Result<Vec<_>>>()?.join(", "))
    }

    fn is_named(&self, ty: Type) -> bool {
        matches!(ty, Type::Id(id) if self.ctx.world.type_def(id).name.is_some())
    }

    fn path(&self, def: &TypeDef) -> String {
        format!("{}{}", self.root, self.ctx.path(def.id))
    }
}

fn result(
    name: &str,
    ty: Option<Type>,
    value: Option<&Value>,
    payload: impl Fn(Type, &Value) -> Result<String>,
) -> Result<String> {
    Ok(match (ty, value) {
        (Some(ty), Some(value)) => format!("{name}({})", payload(ty, value)?),
        _ => format!("{name}(())"),
    })
}

/// The name of the member at `index`; names depend on those before.
fn nth<'a>(members: impl Iterator<Item = (Role, &'a str)>, index: usize) -> String {
    let mut scope: Scope = names::scope();
    members.map(|(role, name)| scope.name(role, name)).nth(index).unwrap_or_default()
}

fn float(ty: &str, value: f64, text: String) -> String {
    if value.is_nan() {
        format!("{ty}::NAN")
    } else if value.is_infinite() {
        format!("{ty}::{}", if value > 0.0 { "INFINITY" } else { "NEG_INFINITY" })
    } else {
        text
    }
}

fn mistyped() -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, "a test vector does not have the type that it stands for").into()
}
