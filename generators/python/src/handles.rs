//! What values are made of, and which functions could be given one handle twice: the canonical ABI ends the component
//! for that.

use std::collections::BTreeMap;

use witgen_ir::{Direction, Owner, Type, TypeDef, TypeId, TypeKind, World};

/// How many handles of a resource there are among values: those that are given away, and all.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    own: usize,
    all: usize,
}

/// Whether one handle may be given away and stand in another place of values of `types` too.
pub(crate) fn may_repeat(world: &World, types: impl IntoIterator<Item = Type>) -> bool {
    let mut counts = BTreeMap::new();
    types.into_iter().for_each(|ty| count(world, ty, 1, &mut counts));
    counts.values().any(|count| count.own > 0 && count.all > 1)
}

/// The named types that values of `def` are made of directly.
pub(crate) fn parts(world: &World, def: &TypeDef) -> Vec<TypeId> {
    let mut parts = Vec::new();
    for ty in types_of(def) {
        let Type::Id(id) = ty else { continue };
        let def = world.type_def(id);
        match def.name {
            Some(_) => parts.push(id),
            None => parts.extend(self::parts(world, def)),
        }
    }
    parts
}

/// Whether componentize-py has values of `ty` in another form than applications, or something in them.
pub(crate) fn has_other_form(world: &World, ty: Type) -> bool {
    reaches(world, ty, &|def| match def.kind {
        TypeKind::Map(..) | TypeKind::List(Type::S8) => true,
        TypeKind::Resource => match def.owner {
            Owner::Interface(id) => world.interface(id).direction == Direction::Export,
            Owner::World | Owner::None => false,
        },
        _ => false,
    })
}

/// Whether `ty` is `wanted`, or a type is that its values are made of.
pub(crate) fn reaches(world: &World, ty: Type, wanted: &dyn Fn(&TypeDef) -> bool) -> bool {
    let Type::Id(id) = ty else { return false };
    let def = world.type_def(id);
    wanted(def) || types_of(def).into_iter().any(|ty| reaches(world, ty, wanted))
}

/// The types that values of `def` are made of directly.
fn types_of(def: &TypeDef) -> Vec<Type> {
    match &def.kind {
        TypeKind::Record { fields } => fields.iter().map(|field| field.ty).collect(),
        TypeKind::Variant { cases, .. } => cases.iter().filter_map(|case| case.ty).collect(),
        TypeKind::Tuple { types, .. } => types.clone(),
        TypeKind::Result { ok, err, .. } => [*ok, *err].into_iter().flatten().collect(),
        TypeKind::Map(key, value) => vec![*key, *value],
        TypeKind::Option { some: ty, .. }
        | TypeKind::Alias(ty)
        | TypeKind::List(ty)
        | TypeKind::FixedLengthList(ty, _) => vec![*ty],
        TypeKind::Own(id) | TypeKind::Borrow(id) => vec![Type::Id(*id)],
        TypeKind::Future(ty) | TypeKind::Stream(ty) => ty.iter().copied().collect(),
        TypeKind::Resource | TypeKind::Enum { .. } | TypeKind::Flags { .. } => Vec::new(),
    }
}

/// Adds the handles of a value of `ty` that is there `times` times; any number more than one is as good as two.
fn count(world: &World, ty: Type, times: usize, counts: &mut BTreeMap<TypeId, Count>) {
    let Type::Id(id) = ty else { return };
    let mut add = |resource: TypeId, own: usize| {
        let Type::Id(resource) = world.resolve_alias(Type::Id(resource)) else { return };
        let count = counts.entry(resource).or_default();
        count.own += own;
        count.all += times;
    };
    match &world.type_def(id).kind {
        TypeKind::Own(resource) => add(*resource, times),
        TypeKind::Borrow(resource) => add(*resource, 0),
        TypeKind::Record { fields } => fields.iter().for_each(|field| count(world, field.ty, times, counts)),
        TypeKind::Variant { cases, .. } => {
            cases.iter().filter_map(|case| case.ty).for_each(|ty| count(world, ty, times, counts));
        }
        TypeKind::Tuple { types, .. } => types.iter().for_each(|ty| count(world, *ty, times, counts)),
        TypeKind::Result { ok, err, .. } => {
            [ok, err].into_iter().flatten().for_each(|ty| count(world, *ty, times, counts));
        }
        TypeKind::Option { some: ty, .. } | TypeKind::Alias(ty) => count(world, *ty, times, counts),
        TypeKind::List(ty) | TypeKind::FixedLengthList(ty, _) => count(world, *ty, 2, counts),
        TypeKind::Map(key, value) => {
            [key, value].into_iter().for_each(|ty| count(world, *ty, 2, counts));
        }
        TypeKind::Future(_)
        | TypeKind::Stream(_)
        | TypeKind::Resource
        | TypeKind::Enum { .. }
        | TypeKind::Flags { .. } => {}
    }
}
