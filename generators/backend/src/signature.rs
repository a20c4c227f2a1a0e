//! The types of a function as text, which hosts compare with what a component has.
//!
//! `runtime-support/go/host/types.go` and `runtime-support/js/host/signature.js` make the same text of a link plan.

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Function, Type, TypeKind, World};

/// `(u32, list<string>) -> bool`
///
/// # Errors
///
/// `Internal` for a type that the support check refuses.
pub fn text(world: &World, function: &Function) -> witgen_diag::Result<String> {
    let params = function.params.iter().map(|param| of(world, param.ty)).collect::<Result<Vec<_>, _>>()?;
    let result = function.result.map(|ty| of(world, ty)).transpose()?;
    let result = result.map(|text| format!(" -> {text}")).unwrap_or_default();
    Ok(format!("({}){result}", params.join(", ")))
}

fn of(world: &World, ty: Type) -> witgen_diag::Result<String> {
    let id = match world.resolve_alias(ty) {
        Type::Id(id) => id,
        Type::Bool => return Ok("bool".to_owned()),
        Type::U8 => return Ok("u8".to_owned()),
        Type::U16 => return Ok("u16".to_owned()),
        Type::U32 => return Ok("u32".to_owned()),
        Type::U64 => return Ok("u64".to_owned()),
        Type::S8 => return Ok("s8".to_owned()),
        Type::S16 => return Ok("s16".to_owned()),
        Type::S32 => return Ok("s32".to_owned()),
        Type::S64 => return Ok("s64".to_owned()),
        Type::F32 => return Ok("f32".to_owned()),
        Type::F64 => return Ok("f64".to_owned()),
        Type::Char => return Ok("char".to_owned()),
        Type::String => return Ok("string".to_owned()),
        Type::ErrorContext => return Err(internal("an error context")),
    };
    let or_none = |ty: Option<Type>| ty.map_or(Ok("_".to_owned()), |ty| of(world, ty));
    Ok(match &world.type_def(id).kind {
        TypeKind::Record { fields } => {
            let field = |field: &witgen_ir::Field| Ok(format!("{}: {}", field.name, of(world, field.ty)?));
            let fields = fields.iter().map(field).collect::<witgen_diag::Result<Vec<_>>>()?;
            format!("record{{{}}}", fields.join(", "))
        }
        TypeKind::Variant { cases, .. } => {
            let case = |case: &witgen_ir::Case| match case.ty {
                Some(ty) => Ok(format!("{}({})", case.name, of(world, ty)?)),
                None => Ok(case.name.clone()),
            };
            let cases = cases.iter().map(case).collect::<witgen_diag::Result<Vec<_>>>()?;
            format!("variant{{{}}}", cases.join(", "))
        }
        TypeKind::Enum { cases, .. } => {
            let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
            format!("enum{{{}}}", names.join(", "))
        }
        TypeKind::Flags { flags } => {
            let names: Vec<&str> = flags.iter().map(|flag| flag.name.as_str()).collect();
            format!("flags{{{}}}", names.join(", "))
        }
        TypeKind::Tuple { types, .. } => {
            let types = types.iter().map(|ty| of(world, *ty)).collect::<witgen_diag::Result<Vec<_>>>()?;
            format!("tuple<{}>", types.join(", "))
        }
        TypeKind::Option { some, .. } => format!("option<{}>", of(world, *some)?),
        TypeKind::Result { ok, err, .. } => format!("result<{}, {}>", or_none(*ok)?, or_none(*err)?),
        TypeKind::List(element) => format!("list<{}>", of(world, *element)?),
        TypeKind::Map(key, value) => format!("map<{}, {}>", of(world, *key)?, of(world, *value)?),
        TypeKind::Own(_) => "own".to_owned(),
        TypeKind::Borrow(_) => "borrow".to_owned(),
        other => return Err(internal(format!("a signature with {other:?}"))),
    })
}

fn internal(what: impl std::fmt::Display) -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, format!("the text of a function met {what}")).into()
}
