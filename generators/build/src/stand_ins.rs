//! Stand-ins for what a tool cannot tell apart or does not know, until the component is done.
//!
//! `renaming` gives a component's items their names back.

use std::collections::BTreeSet;

use wit_parser::{InterfaceId, PackageName, Resolve, TypeDefKind, WorldId, WorldItem, WorldKey};

/// An import or export.
#[derive(Debug)]
pub(crate) struct Item {
    /// What it is called in WIT and in the component: `ns:pkg/iface@1.0.0`, or a plain name.
    pub(crate) key: String,
    /// The same in the world of the tool.
    pub(crate) tool_key: String,
    /// The interface that a plainly named one implements.
    pub(crate) implements: Option<String>,
    /// Whether JavaScript has something to call or to implement in it.
    pub(crate) is_visible: bool,
}

impl Item {
    /// Whether the component of the tool calls it something else.
    pub(crate) fn is_changed(&self) -> bool {
        self.key != self.tool_key || self.implements.is_some()
    }
}

/// The imports and exports of `world`, which have no stand-ins yet.
pub(crate) fn items(resolve: &Resolve, world: WorldId) -> (Vec<Item>, Vec<Item>) {
    let item = |(key, item): (&WorldKey, &WorldItem)| {
        let name = resolve.name_world_key(key);
        Item {
            tool_key: name.clone(),
            key: name,
            implements: resolve.implements_interface(key, item).and_then(|id| resolve.id_of(id)),
            is_visible: is_visible(resolve, item),
        }
    };
    let world = &resolve.worlds[world];
    (world.imports.iter().map(item).collect(), world.exports.iter().map(item).collect())
}

fn is_visible(resolve: &Resolve, item: &WorldItem) -> bool {
    match item {
        WorldItem::Function(_) => true,
        WorldItem::Type { .. } => false,
        WorldItem::Interface { id, .. } => {
            let interface = &resolve.interfaces[*id];
            let is_resource =
                |id: &wit_parser::TypeId| matches!(resolve.types[*id].kind, TypeDefKind::Resource);
            !interface.functions.is_empty() || interface.types.values().any(is_resource)
        }
    }
}

/// Gives packages with compatible versions names of their own, since tools make one import of such interfaces, whatever
/// their types are. WASI keeps its name, by which tools join it with what they import themselves.
pub(crate) fn set_versions_apart(resolve: &mut Resolve) {
    let mut taken = BTreeSet::new();
    for (_, package) in resolve.packages.iter_mut().filter(|(_, package)| package.name.namespace != "wasi") {
        let name = &mut package.name;
        let Some(version) = name.version.clone() else { continue };
        let (track, _) = PackageName::version_compat_track_string(&version);
        while !taken.insert((name.namespace.clone(), name.name.clone(), track.clone())) {
            name.namespace = stand_in(&name.namespace);
        }
    }
    name_packages_anew(resolve);
}

/// Makes packages known by the names that they have now.
pub(crate) fn name_packages_anew(resolve: &mut Resolve) {
    let names: Vec<_> = resolve.packages.iter().map(|(id, package)| (package.name.clone(), id)).collect();
    resolve.package_names = names.into_iter().collect();
}

/// Gives each import and export an interface of its own: the export of what is also imported, and each plainly named
/// one (`import a: ns:pkg/iface`), which becomes an interface of the world.
pub(crate) fn separate(resolve: &mut Resolve, world: WorldId) {
    // Only the second mention of an interface gets a copy, so what has a plain name is mentioned once more.
    let source = &resolve.worlds[world];
    let items = source.imports.iter().chain(source.exports.iter());
    let originals: Vec<(InterfaceId, WorldItem)> = items
        .filter_map(|(key, item)| Some((resolve.implements_interface(key, item)?, item.clone())))
        .collect();
    let mut added = BTreeSet::new();
    for (id, item) in originals {
        if resolve.worlds[world].imports.insert(WorldKey::Interface(id), item).is_none() {
            added.insert(id);
        }
    }
    resolve.generate_nominal_type_ids(world);
    let mut separated = resolve.worlds[world].clone();
    separated.imports.retain(|key, _| !matches!(key, WorldKey::Interface(id) if added.contains(id)));
    for (key, item) in separated.imports.iter().chain(separated.exports.iter()) {
        if let Some(id) = resolve.implements_interface(key, item) {
            resolve.interfaces[id].name = None;
        }
    }
    resolve.worlds[world] = separated;
}

/// Puts the world's interfaces into their packages, which hold no other world, and notes what items are called now.
pub(crate) fn register(resolve: &mut Resolve, world: WorldId, imports: &mut [Item], exports: &mut [Item]) {
    let source = resolve.worlds[world].clone();
    for (_, package) in resolve.packages.iter_mut() {
        package.worlds.retain(|_, id| *id == world);
    }
    for key in source.imports.keys().chain(source.exports.keys()) {
        let WorldKey::Interface(id) = key else { continue };
        let interface = &resolve.interfaces[*id];
        if let (Some(package), Some(name)) = (interface.package, &interface.name) {
            resolve.packages[package].interfaces.insert(name.clone(), *id);
        }
    }
    for (items, keys) in [(imports, source.imports.keys()), (exports, source.exports.keys())] {
        for (item, key) in items.iter_mut().zip(keys) {
            item.tool_key = resolve.name_world_key(key);
        }
    }
}

/// Another name for `name`.
pub(crate) fn stand_in(name: &str) -> String {
    format!("witgen-{name}")
}
