//! Imports that nobody can satisfy any more: an open import cannot take the resources of a component inside.

use wac_graph::types::{DefinedType, FuncTypeId, ItemKind, ResourceId, Type, Types, ValueType, World};

/// A resource that strands an import.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stranded {
    /// Its name, such as `counter`.
    pub(super) resource: String,
    /// The satisfied import that declares it.
    pub(super) import: String,
}

/// The first resource in `open`, an import of `world`, that one of the imports `linked` declares.
pub(super) fn stranded<'a>(
    types: &Types,
    world: &World,
    open: &str,
    linked: impl Iterator<Item = &'a str>,
) -> Option<Stranded> {
    let mut walk = Walk { types, seen: Vec::new() };
    walk.item(*world.imports.get(open)?);
    linked.filter(|import| *import != open).find_map(|import| {
        let ItemKind::Instance(interface) = world.imports.get(import)? else { return None };
        let interface = &types[*interface];
        let own = interface.exports.iter().filter(|(name, _)| !interface.uses.contains_key(*name));
        let mut own = own.filter_map(|(name, kind)| match kind {
            ItemKind::Type(Type::Resource(id)) => Some((name, types.resolve_resource(*id))),
            _ => None,
        });
        let declared = own.find(|(_, id)| walk.seen.contains(id)).map(|(name, _)| name.clone());
        Some(Stranded { resource: declared?, import: import.to_owned() })
    })
}

/// All resources that an item mentions.
struct Walk<'a> {
    types: &'a Types,
    seen: Vec<ResourceId>,
}

impl Walk<'_> {
    fn item(&mut self, kind: ItemKind) {
        match kind {
            ItemKind::Type(Type::Resource(id)) => self.resource(id),
            ItemKind::Type(Type::Value(ty)) | ItemKind::Value(ty) => self.value(ty),
            ItemKind::Type(Type::Func(func)) | ItemKind::Func(func) => self.func(func),
            ItemKind::Type(Type::Interface(interface)) | ItemKind::Instance(interface) => {
                let types = self.types;
                types[interface].exports.values().for_each(|kind| self.item(*kind));
            }
            ItemKind::Type(Type::World(_) | Type::Module(_))
            | ItemKind::Component(_)
            | ItemKind::Module(_) => {}
        }
    }

    fn func(&mut self, func: FuncTypeId) {
        let func = &self.types[func];
        func.params.values().chain(&func.result).for_each(|ty| self.value(*ty));
    }

    fn value(&mut self, ty: ValueType) {
        match ty {
            ValueType::Primitive(_) => {}
            ValueType::Own(id) | ValueType::Borrow(id) => self.resource(id),
            ValueType::Defined(id) => match &self.types[id] {
                DefinedType::Flags(_) | DefinedType::Enum(_) => {}
                DefinedType::Tuple(parts) => parts.iter().for_each(|ty| self.value(*ty)),
                DefinedType::Record(record) => record.fields.values().for_each(|ty| self.value(*ty)),
                DefinedType::Variant(variant) => {
                    variant.cases.values().flatten().for_each(|ty| self.value(*ty));
                }
                DefinedType::Result { ok, err } => ok.iter().chain(err).for_each(|ty| self.value(*ty)),
                DefinedType::Map(key, value) => [key, value].into_iter().for_each(|ty| self.value(*ty)),
                DefinedType::Stream(payload) | DefinedType::Future(payload) => {
                    payload.iter().for_each(|ty| self.value(*ty));
                }
                DefinedType::List(ty)
                | DefinedType::FixedSizeList(ty, _)
                | DefinedType::Option(ty)
                | DefinedType::Alias(ty) => self.value(*ty),
            },
        }
    }

    fn resource(&mut self, id: ResourceId) {
        self.seen.push(self.types.resolve_resource(id));
    }
}
