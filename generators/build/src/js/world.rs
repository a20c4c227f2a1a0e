//! The world as the engine's tool is given it.
//!
//! The engine tells exported interfaces apart by their last names alone, the tool has an export `init` of its own, and
//! it does not know interfaces under other names (`import a: ns:pkg/iface`).
//! So such items have stand-ins until the component is done.
//! The tool also imports every function that it is shown, so it is not shown what the program never asks for.

use std::collections::BTreeSet;

use wit_parser::{InterfaceId, Resolve, TypeDefKind, WorldId, WorldItem, WorldKey};

use crate::wit::Wit;

/// The version of WASI that the engine itself imports: with it, the console adds no import to the component.
pub(super) const ENGINE_WASI: &str = "0.2.12";
/// The packages of WASI that the tool provides while it runs the engine.
const PROVIDED: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];
/// What the tool adds to the exports of the world.
pub(super) const ENGINE_EXPORT: &str = "init";

/// The world that the tool is given.
pub(super) struct ToolWorld {
    resolve: Resolve,
    world: WorldId,
    pub(super) imports: Vec<Item>,
    pub(super) exports: Vec<Item>,
}

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
    pub(super) fn is_changed(&self) -> bool {
        self.key != self.tool_key || self.implements.is_some()
    }

    /// What the engine calls an export: the last part of its name, without version, in lower camel case.
    pub(super) fn engine_name(&self) -> String {
        let last = self.tool_key.rsplit('/').next().unwrap_or_default();
        let mut name = String::new();
        for word in last.split('@').next().unwrap_or_default().split('-').map(str::to_lowercase) {
            let mut letters = word.chars();
            match letters.next() {
                Some(first) if !name.is_empty() => {
                    name.push(first.to_ascii_uppercase());
                    name.push_str(letters.as_str());
                }
                _ => name.push_str(&word),
            }
        }
        name
    }
}

impl ToolWorld {
    pub(super) fn new(wit: &Wit) -> Self {
        let mut resolve = wit.resolve().clone();
        let world = wit.world();
        let mut imports = items(&resolve, &resolve.worlds[world].imports);
        let mut exports = items(&resolve, &resolve.worlds[world].exports);
        set_wasi_apart(&mut resolve, world);
        separate(&mut resolve, world);
        rename_exports(&mut resolve, world);
        register(&mut resolve, world);
        let changed = &resolve.worlds[world];
        for (items, keys) in [(&mut imports, changed.imports.keys()), (&mut exports, changed.exports.keys())]
        {
            for (item, key) in items.iter_mut().zip(keys) {
                item.tool_key = resolve.name_world_key(key);
            }
        }
        Self { resolve, world, imports, exports }
    }

    /// The world without the functions of imported interfaces other than those with the keys `used`.
    pub(super) fn wit(&self, used: &BTreeSet<String>) -> Wit {
        let mut resolve = self.resolve.clone();
        for (key, item) in &self.resolve.worlds[self.world].imports {
            let WorldItem::Interface { id, .. } = item else { continue };
            if !used.contains(&resolve.name_world_key(key)) {
                resolve.interfaces[*id].functions.clear();
            }
        }
        Wit::new(resolve, self.world)
    }
}

/// Gives the WASI of the user's world another name, when it has interfaces that the tool does not provide while it runs
/// the engine: those would share resources with interfaces that it does provide, which it does not notice.
fn set_wasi_apart(resolve: &mut Resolve, world: WorldId) {
    let is_wasi = |name: &wit_parser::PackageName| name.namespace == "wasi";
    let world = &resolve.worlds[world];
    let mut packages = world.imports.keys().filter_map(|key| match key {
        WorldKey::Interface(id) => resolve.interfaces[*id].package,
        WorldKey::Name(_) => None,
    });
    let is_foreign =
        |name: &wit_parser::PackageName| is_wasi(name) && !PROVIDED.contains(&name.name.as_str());
    if !packages.any(|id| is_foreign(&resolve.packages[id].name)) {
        return;
    }
    for (_, package) in resolve.packages.iter_mut().filter(|(_, package)| is_wasi(&package.name)) {
        package.name.namespace = stand_in("wasi");
    }
    let names: Vec<_> = resolve.packages.iter().map(|(id, package)| (package.name.clone(), id)).collect();
    resolve.package_names = names.into_iter().collect();
}

fn items<'a>(resolve: &Resolve, items: impl IntoIterator<Item = (&'a WorldKey, &'a WorldItem)>) -> Vec<Item> {
    let item = |(key, item): (&WorldKey, &WorldItem)| {
        let name = resolve.name_world_key(key);
        Item {
            tool_key: name.clone(),
            key: name,
            implements: resolve.implements_interface(key, item).and_then(|id| resolve.id_of(id)),
            is_visible: is_visible(resolve, item),
        }
    };
    items.into_iter().map(item).collect()
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

/// Gives exports other names where the engine would take two for one, or has to tell one from an import.
fn rename_exports(resolve: &mut Resolve, world: WorldId) {
    let imported: BTreeSet<String> =
        resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key)).collect();
    let mut taken = BTreeSet::from([folded(ENGINE_EXPORT)]);
    let exports = std::mem::take(&mut resolve.worlds[world].exports);
    for (key, mut item) in exports {
        let old = match &key {
            WorldKey::Name(name) => name.clone(),
            WorldKey::Interface(id) => resolve.interfaces[*id].name.clone().unwrap_or_default(),
        };
        let is_imported = imported.contains(&resolve.name_world_key(&key)) && old != *"";
        let mut name = if is_imported { stand_in(&old) } else { old };
        while !taken.insert(folded(&name)) {
            name = stand_in(&name);
        }
        let key = match key {
            WorldKey::Interface(id) => {
                resolve.interfaces[id].name = Some(name);
                WorldKey::Interface(id)
            }
            WorldKey::Name(_) => {
                if let WorldItem::Function(func) = &mut item {
                    func.name.clone_from(&name);
                }
                WorldKey::Name(name)
            }
        };
        resolve.worlds[world].exports.insert(key, item);
    }
}

fn stand_in(name: &str) -> String {
    format!("witgen-{name}")
}

/// Puts the world's interfaces into their packages, which hold no other world.
pub(crate) fn register(resolve: &mut Resolve, world: WorldId) {
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
}

/// A name that two names share when the engine might take one for the other.
fn folded(name: &str) -> String {
    name.replace('-', "").to_lowercase()
}
