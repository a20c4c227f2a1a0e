//! What the engine cannot do with borrows: give one back when an export returns.
//!
//! The export of a world that takes a borrow of an imported resource would trap after its call, because the engine
//! releases the borrow too late. Such a world is refused instead.

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Direction, Function, Owner, Type, TypeKind, World};

/// Refuses exports that take a borrow of an imported resource: one diagnostic per function.
pub(crate) fn check(world: &World) -> witgen_diag::Result<()> {
    let exported = world.functions.iter().filter(|function| function.direction == Direction::Export);
    let findings: Vec<Diagnostic> = exported.filter_map(|function| refusal(world, function)).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn refusal(world: &World, function: &Function) -> Option<Diagnostic> {
    let param = function.params.iter().find(|param| lends_import(world, param.ty))?;
    let message = "JavaScript guest bindings do not support borrows of imported resources in exports yet";
    let diagnostic = Diagnostic::error(Id::UnsupportedType, message)
        .note("the engine gives the borrow back after the call has ended, which traps")
        .note(format!("used by parameter `{}` of function `{}`", param.name, function.wit_name))
        .help("take an own handle instead, or implement this export in another language");
    Some(match param.span.as_ref().or(function.span.as_ref()) {
        Some(span) => diagnostic.at(span.clone(), ""),
        None => diagnostic,
    })
}

fn lends_import(world: &World, ty: Type) -> bool {
    let Type::Id(id) = ty else { return false };
    let lends = |ty: Type| lends_import(world, ty);
    match &world.type_def(id).kind {
        TypeKind::Borrow(resource) => is_imported(world, Type::Id(*resource)),
        TypeKind::Record { fields } => fields.iter().any(|field| lends(field.ty)),
        TypeKind::Variant { cases, .. } => cases.iter().filter_map(|case| case.ty).any(lends),
        TypeKind::Tuple { types, .. } => types.iter().copied().any(lends),
        TypeKind::Result { ok, err, .. } => ok.iter().chain(err).copied().any(lends),
        TypeKind::Map(key, value) => lends(*key) || lends(*value),
        TypeKind::Option { some: ty, .. }
        | TypeKind::List(ty)
        | TypeKind::FixedLengthList(ty, _)
        | TypeKind::Alias(ty) => lends(*ty),
        TypeKind::Enum { .. }
        | TypeKind::Flags { .. }
        | TypeKind::Resource
        | TypeKind::Own(_)
        | TypeKind::Future(_)
        | TypeKind::Stream(_) => false,
    }
}

fn is_imported(world: &World, resource: Type) -> bool {
    let Type::Id(id) = world.resolve_alias(resource) else { return false };
    match world.type_def(id).owner {
        Owner::Interface(interface) => world.interface(interface).direction == Direction::Import,
        Owner::World => true,
        Owner::None => false,
    }
}
