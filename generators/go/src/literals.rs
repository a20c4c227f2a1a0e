//! Values as Go expressions, for test guests.

use std::fmt::Write as _;

use witgen_backend::text_literal;
use witgen_ir::{Type, TypeDef, TypeKind, Value};

use crate::internal;
use crate::types::{Types, tuple_fields};

/// The package of test guests that has `Pointer` and what else expressions need.
pub(crate) const VECTORS: &str = "vectors";

/// `value` as a `ty`, with its type written out where Go would not find it.
pub(crate) fn print(types: &mut Types<'_, '_>, ty: Type, value: &Value) -> witgen_diag::Result<String> {
    let world = types.names.world;
    Ok(match (world.resolve_alias(ty), value) {
        (Type::Bool, Value::Bool(value)) => value.to_string(),
        (Type::F32, Value::F32(value)) => float(types, "float32", f64::from(*value), format!("{value:?}")),
        (Type::F64, Value::F64(value)) => float(types, "float64", *value, format!("{value:?}")),
        (Type::Char, Value::Char(value)) => format!("rune(0x{:x})", u32::from(*value)),
        (Type::String, Value::String(value)) => text(value),
        (Type::String, Value::Repeat { unit, times }) => {
            let unit = print(types, ty, unit)?;
            format!("{}.Repeat({unit}, {times})", types.imports.fixed("strings", "strings"))
        }
        (Type::Id(id), value) => compound(types, ty, world.type_def(id), value)?,
        (_, Value::Integer(value)) => format!("{}({value})", types.text(world.resolve_alias(ty))?),
        _ => return Err(mistyped()),
    })
}

fn compound(
    types: &mut Types<'_, '_>,
    ty: Type,
    def: &TypeDef,
    value: &Value,
) -> witgen_diag::Result<String> {
    Ok(match (&def.kind, value) {
        (TypeKind::List(element), Value::List(values)) => {
            let spelled = types.text(ty)?;
            let values = values.iter().map(|value| print(types, *element, value));
            format!("{spelled}{{{}}}", values.collect::<Result<Vec<_>, _>>()?.join(", "))
        }
        (TypeKind::List(_), Value::Repeat { unit, times }) => {
            let unit = print(types, ty, unit)?;
            format!("{}.Repeat({unit}, {times})", types.imports.fixed("slices", "slices"))
        }
        (TypeKind::Map(key, value_type), Value::Map(entries)) => {
            let spelled = types.text(ty)?;
            let mut texts = Vec::new();
            for (key_value, value) in entries {
                let (key, value) = (print(types, *key, key_value)?, print(types, *value_type, value)?);
                texts.push(format!("{key}: {value}"));
            }
            format!("{spelled}{{{}}}", texts.join(", "))
        }
        (TypeKind::Record { fields }, Value::Record(values)) => {
            let names = types.names.type_names(def.id)?.members.clone();
            let spelled = types.text(Type::Id(def.id))?;
            let mut texts = Vec::new();
            for ((field, name), value) in fields.iter().zip(names).zip(values) {
                texts.push(format!("{name}: {}", print(types, field.ty, value)?));
            }
            format!("{spelled}{{{}}}", texts.join(", "))
        }
        (TypeKind::Tuple { types: elements, .. }, Value::Tuple(values)) => {
            let spelled = types.text(ty)?;
            let mut statements = String::new();
            for ((element, field), value) in elements.iter().zip(tuple_fields(elements.len())).zip(values) {
                let _ = write!(statements, "t.{field} = {}; ", print(types, *element, value)?);
            }
            // Long tuples nest, so their fields are set one by one.
            format!("func() (t {spelled}) {{ {statements}return }}()")
        }
        (TypeKind::Variant { cases, .. }, Value::Variant(index, value)) => {
            let name = member(types, def, *index)?;
            match (value, cases.get(*index).and_then(|case| case.ty)) {
                (Some(value), Some(ty)) => format!("{name}{{Value: {}}}", print(types, ty, value)?),
                _ => format!("{name}{{}}"),
            }
        }
        (TypeKind::Enum { .. }, Value::Enum(index)) => member(types, def, *index)?,
        (TypeKind::Flags { .. }, Value::Flags(set)) => {
            let spelled = types.text(Type::Id(def.id))?;
            let set = set.iter().map(|index| member(types, def, *index)).collect::<Result<Vec<_>, _>>()?;
            if set.is_empty() { format!("{spelled}(0)") } else { set.join(" | ") }
        }
        (TypeKind::Option { some, .. }, Value::Option(value)) => {
            let spelled = types.text(*some)?;
            match value {
                Some(value) => {
                    let value = print(types, *some, value)?;
                    format!("{VECTORS}.Pointer[{spelled}]({value})")
                }
                None => format!("(*{spelled})(nil)"),
            }
        }
        (TypeKind::Result { ok, err, .. }, Value::Result(value)) => result(types, *ok, *err, value)?,
        _ => return Err(mistyped()),
    })
}

fn result(
    types: &mut Types<'_, '_>,
    ok: Option<Type>,
    err: Option<Type>,
    value: &Result<Option<Box<Value>>, Option<Box<Value>>>,
) -> witgen_diag::Result<String> {
    let spelled = format!("{}, {}", types.or_unit(ok)?, types.or_unit(err)?);
    let (name, ty, value) = match value {
        Ok(value) => ("Ok", ok, value),
        Err(value) => ("Err", err, value),
    };
    let value = match (ty, value) {
        (Some(ty), Some(value)) => print(types, ty, value)?,
        _ => "struct{}{}".to_owned(),
    };
    Ok(format!("{}.{name}[{spelled}]({value})", types.wit()))
}

/// The case or flag at `index`.
fn member(types: &mut Types<'_, '_>, def: &TypeDef, index: usize) -> witgen_diag::Result<String> {
    let name = types.names.type_names(def.id)?.members.get(index).cloned().ok_or_else(mistyped)?;
    Ok(types.member(def.id, &name))
}

fn float(types: &mut Types<'_, '_>, ty: &str, value: f64, text: String) -> String {
    let mut math = |call: &str| format!("{ty}({}.{call})", types.imports.fixed("math", "math"));
    if value.is_nan() {
        math("NaN()")
    } else if value.is_infinite() {
        math(if value > 0.0 { "Inf(1)" } else { "Inf(-1)" })
    } else if value == 0.0 && value.is_sign_negative() {
        // The constant -0.0 is 0.0 in Go.
        math("Copysign(0, -1)")
    } else {
        format!("{ty}({text})")
    }
}

/// A string with everything but letters that ASCII has as an escape.
fn text(value: &str) -> String {
    text_literal(value, |code| format!("\\U{code:08x}"))
}

fn mistyped() -> Vec<witgen_diag::Diagnostic> {
    internal("a test vector that does not have the type that it stands for")
}
