//! What the types of a world hold, which decides how Rust passes and derives them.

use std::collections::{BTreeMap, BTreeSet};

use witgen_ir::{Direction, Owner, Type, TypeId, TypeKind, World};

/// The most elements of a tuple that is `Debug`.
const DEBUG_ELEMENTS: usize = 12;

/// What a type holds, at any depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holds {
    /// A string, list or map.
    pub(crate) list: bool,
    /// An own handle.
    pub(crate) own: bool,
    /// A borrow handle, so the type has a lifetime.
    pub(crate) borrow: bool,
    /// A tuple that is too long for `Debug`, outside of records and variants, which are `Debug` in any case.
    pub(crate) long_tuple: bool,
}

impl Holds {
    fn and(self, other: Self) -> Self {
        Self {
            list: self.list || other.list,
            own: self.own || other.own,
            borrow: self.borrow || other.borrow,
            long_tuple: self.long_tuple || other.long_tuple,
        }
    }

    /// Whether the Rust type is `Clone`.
    pub(crate) fn is_clone(self) -> bool {
        !self.own && !self.borrow
    }

    /// Whether the Rust type is `Copy`.
    pub(crate) fn is_copy(self) -> bool {
        self.is_clone() && !self.list
    }
}

/// Facts about every type of a world.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    holds: BTreeMap<TypeId, Holds>,
    errors: BTreeSet<TypeId>,
}

impl Facts {
    pub(crate) fn new(world: &World) -> Self {
        let mut facts = Self::default();
        for def in &world.types {
            let holds = facts.of_kind(&def.kind);
            facts.holds.insert(def.id, holds);
        }
        for function in &world.functions {
            let Some(Type::Id(result)) = function.result else { continue };
            let TypeKind::Result { err: Some(err), .. } = world.type_def(result).kind else { continue };
            if let Type::Id(id) = world.resolve_alias(err) {
                facts.errors.insert(id);
            }
        }
        facts
    }

    pub(crate) fn holds(&self, ty: Type) -> Holds {
        match ty {
            Type::String => Holds { list: true, ..Holds::default() },
            Type::Id(id) => self.holds.get(&id).copied().unwrap_or_default(),
            _ => Holds::default(),
        }
    }

    /// Whether some function fails with the type, so that it is an error of Rust.
    pub(crate) fn is_error(&self, id: TypeId) -> bool {
        self.errors.contains(&id)
    }

    /// Whether the fields lie in memory as the component model has them, without bits that are no value.
    pub(crate) fn is_plain(&self, world: &World, ty: Type) -> bool {
        match world.resolve_alias(ty) {
            Type::Bool | Type::Char | Type::String | Type::ErrorContext => false,
            Type::Id(id) => match &world.type_def(id).kind {
                TypeKind::Record { fields } => fields.iter().all(|field| self.is_plain(world, field.ty)),
                _ => false,
            },
            _ => true,
        }
    }

    fn of_kind(&self, kind: &TypeKind) -> Holds {
        let all = |types: &mut dyn Iterator<Item = Type>| {
            types.fold(Holds::default(), |holds, ty| holds.and(self.holds(ty)))
        };
        let list = Holds { list: true, ..Holds::default() };
        match kind {
            TypeKind::Record { fields } => {
                Holds { long_tuple: false, ..all(&mut fields.iter().map(|field| field.ty)) }
            }
            TypeKind::Variant { cases, .. } => {
                Holds { long_tuple: false, ..all(&mut cases.iter().filter_map(|case| case.ty)) }
            }
            TypeKind::Tuple { types, .. } => {
                let long_tuple = Holds { long_tuple: types.len() > DEBUG_ELEMENTS, ..Holds::default() };
                all(&mut types.iter().copied()).and(long_tuple)
            }
            TypeKind::Result { ok, err, .. } => all(&mut ok.iter().chain(err).copied()),
            TypeKind::Option { some, .. } => self.holds(*some),
            TypeKind::Alias(ty) | TypeKind::FixedLengthList(ty, _) => self.holds(*ty),
            TypeKind::List(ty) => self.holds(*ty).and(list),
            TypeKind::Map(key, value) => self.holds(*key).and(self.holds(*value)).and(list),
            TypeKind::Own(_) | TypeKind::Resource | TypeKind::Future(_) | TypeKind::Stream(_) => {
                Holds { own: true, ..Holds::default() }
            }
            TypeKind::Borrow(_) => Holds { borrow: true, ..Holds::default() },
            TypeKind::Enum { .. } | TypeKind::Flags { .. } => Holds::default(),
        }
    }
}

/// The resource that `id` names, itself or through aliases.
pub(crate) fn resource(world: &World, id: TypeId) -> TypeId {
    match world.resolve_alias(Type::Id(id)) {
        Type::Id(id) => id,
        _ => id,
    }
}

/// Whether the component itself implements the resource that `id` names.
pub(crate) fn is_exported_resource(world: &World, id: TypeId) -> bool {
    match world.type_def(resource(world, id)).owner {
        Owner::Interface(interface) => world.interface(interface).direction == Direction::Export,
        Owner::World | Owner::None => false,
    }
}
