//! Values as JavaScript expressions, for test guests.

use witgen_backend::text_literal;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Type, TypeDef, TypeKind, Value, World};

use crate::names::property;
use crate::pretty::property_name;

/// `value` as a `ty` of `world`, in the form that bindings give it.
pub(crate) fn print(world: &World, ty: Type, value: &Value) -> Result<String> {
    Ok(match (world.resolve_alias(ty), value) {
        (Type::Bool, Value::Bool(value)) => value.to_string(),
        (Type::F32, Value::F32(value)) => float(f64::from(*value)),
        (Type::F64, Value::F64(value)) => float(*value),
        (Type::Char, Value::Char(value)) => text(&value.to_string()),
        (Type::String, Value::String(value)) => text(value),
        (Type::U64 | Type::S64, Value::Integer(value)) => format!("{value}n"),
        (_, Value::Integer(value)) => value.to_string(),
        (_, Value::Repeat { unit, times }) => format!("repeat({}, {times})", print(world, ty, unit)?),
        (Type::Id(id), value) => compound(world, world.type_def(id), value)?,
        _ => return Err(mistyped()),
    })
}

fn compound(world: &World, def: &TypeDef, value: &Value) -> Result<String> {
    Ok(match (&def.kind, value) {
        (TypeKind::List(element), Value::List(values)) => {
            let values = all(world, values.iter().map(|value| (*element, value)))?;
            match typed_array(world.resolve_alias(*element)) {
                Some(array) => format!("{array}.of({values})"),
                None => format!("[{values}]"),
            }
        }
        (TypeKind::Map(key, ty), Value::Map(entries)) => {
            let entries = entries.iter().map(|(name, value)| {
                Ok(format!("[{}, {}]", print(world, *key, name)?, print(world, *ty, value)?))
            });
            format!("new Map([{}])", entries.collect::<Result<Vec<_>>>()?.join(", "))
        }
        (TypeKind::Record { fields }, Value::Record(values)) => {
            let fields = fields.iter().zip(values).map(|(field, value)| {
                Ok(format!("{}: {}", property_name(&property(&field.name)), print(world, field.ty, value)?))
            });
            format!("{{ {} }}", fields.collect::<Result<Vec<_>>>()?.join(", "))
        }
        (TypeKind::Tuple { types, .. }, Value::Tuple(values)) => {
            format!("[{}]", all(world, types.iter().copied().zip(values))?)
        }
        (TypeKind::Variant { cases, .. }, Value::Variant(index, value)) => {
            let case = cases.get(*index).ok_or_else(mistyped)?;
            tagged(world, &case.name, case.ty, value.as_deref())?
        }
        (TypeKind::Enum { cases, .. }, Value::Enum(index)) => {
            format!("\"{}\"", cases.get(*index).ok_or_else(mistyped)?.name)
        }
        (TypeKind::Flags { flags }, Value::Flags(set)) => {
            let flags = flags.iter().enumerate().map(|(index, flag)| {
                format!("{}: {}", property_name(&property(&flag.name)), set.contains(&index))
            });
            format!("{{ {} }}", flags.collect::<Vec<_>>().join(", "))
        }
        (TypeKind::Option { some, .. }, Value::Option(value)) => match (is_option(world, *some), value) {
            (false, None) => "undefined".to_owned(),
            (false, Some(value)) => print(world, *some, value)?,
            (true, None) => "{ tag: \"none\" }".to_owned(),
            (true, Some(value)) => tagged(world, "some", Some(*some), Some(value))?,
        },
        (TypeKind::Result { ok, .. }, Value::Result(Ok(value))) => {
            tagged(world, "ok", *ok, value.as_deref())?
        }
        (TypeKind::Result { err, .. }, Value::Result(Err(value))) => {
            tagged(world, "err", *err, value.as_deref())?
        }
        _ => return Err(mistyped()),
    })
}

fn tagged(world: &World, tag: &str, ty: Option<Type>, value: Option<&Value>) -> Result<String> {
    Ok(match (ty, value) {
        (Some(ty), Some(value)) => format!("{{ tag: \"{tag}\", val: {} }}", print(world, ty, value)?),
        _ => format!("{{ tag: \"{tag}\" }}"),
    })
}

fn all<'v>(world: &World, values: impl Iterator<Item = (Type, &'v Value)>) -> Result<String> {
    let texts = values.map(|(ty, value)| print(world, ty, value));
    Ok(texts.collect::<Result<Vec<_>>>()?.join(", "))
}

fn is_option(world: &World, ty: Type) -> bool {
    let Type::Id(id) = world.resolve_alias(ty) else { return false };
    matches!(world.type_def(id).kind, TypeKind::Option { .. })
}

fn typed_array(element: Type) -> Option<&'static str> {
    Some(match element {
        Type::U8 => "Uint8Array",
        Type::S8 => "Int8Array",
        Type::U16 => "Uint16Array",
        Type::S16 => "Int16Array",
        Type::U32 => "Uint32Array",
        Type::S32 => "Int32Array",
        Type::U64 => "BigUint64Array",
        Type::S64 => "BigInt64Array",
        Type::F32 => "Float32Array",
        Type::F64 => "Float64Array",
        Type::Bool | Type::Char | Type::String | Type::ErrorContext | Type::Id(_) => return None,
    })
}

fn float(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        format!("{value:?}")
    }
}

/// A string with everything but letters that ASCII has as an escape.
fn text(value: &str) -> String {
    text_literal(value, |code| format!("\\u{{{code:x}}}"))
}

fn mistyped() -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, "a test vector does not have the type that it stands for").into()
}
