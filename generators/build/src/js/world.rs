//! The world as the engine's tool is given it.
//!
//! The engine tells exported interfaces apart by their last names alone, the tool has an export `init` of its own, and
//! it does not know interfaces under other names (`import a: ns:pkg/iface`).
//! So such items and functions have stand-ins until the component is done.
//! Nor can it give the class of an imported resource static functions with some names.
//! The tool also imports every function that it is shown, so it is not shown what the program never asks for.

use std::collections::BTreeSet;

use wit_parser::{Function, FunctionKind, Resolve, WorldId, WorldItem, WorldKey};
use witgen_languages::{Language, facts};

use crate::stand_ins::{self, Item, name_packages_anew, stand_in};
use crate::wit::Wit;

/// The version of WASI that the engine itself imports: with it, the console adds no import to the component.
pub(super) const ENGINE_WASI: &str = "0.2.12";
/// The packages of WASI that the tool provides while it runs the engine.
const PROVIDED: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];
/// What the tool adds to the exports of the world.
pub(super) const ENGINE_EXPORT: &str = "init";
/// What is added to a world without exports, since the engine traps when it has nothing to export.
pub(super) const ADDED_EXPORT: &str = "witgen-added";

/// The world that the tool is given.
pub(super) struct ToolWorld {
    resolve: Resolve,
    world: WorldId,
    pub(super) imports: Vec<Item>,
    pub(super) exports: Vec<Item>,
    /// Functions of imported interfaces: what the tool calls them, and what WIT does.
    pub(super) functions: Vec<(String, String)>,
}

impl ToolWorld {
    pub(super) fn new(wit: &Wit) -> Self {
        let mut resolve = wit.resolve().clone();
        let world = wit.world();
        let (mut imports, mut exports) = stand_ins::items(&resolve, world);
        set_wasi_apart(&mut resolve, world);
        stand_ins::set_versions_apart(&mut resolve);
        stand_ins::separate(&mut resolve, world);
        rename_exports(&mut resolve, world);
        let functions = rename_statics(&mut resolve, world);
        stand_ins::register(&mut resolve, world, &mut imports, &mut exports);
        Self { resolve, world, imports, exports, functions }
    }

    /// The functions that the component of the tool exports and the world does not.
    pub(super) fn leaked(&self) -> &'static [&'static str] {
        let is_silent = !self.exports.iter().any(|item| item.is_visible);
        if is_silent { &[ENGINE_EXPORT, ADDED_EXPORT] } else { &[ENGINE_EXPORT] }
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
    name_packages_anew(resolve);
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

/// Gives static functions of imported resources other names where the engine cannot set the property of the class.
fn rename_statics(resolve: &mut Resolve, world: WorldId) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    let imports = std::mem::take(&mut resolve.worlds[world].imports);
    for (key, mut item) in imports {
        let key = match &mut item {
            WorldItem::Interface { id, .. } => {
                let functions = std::mem::take(&mut resolve.interfaces[*id].functions);
                let functions = functions.into_iter().map(|(name, mut func)| {
                    if let Some(stand_in) = static_stand_in(&func) {
                        renamed.push((stand_in.clone(), name));
                        func.name = stand_in;
                    }
                    (func.name.clone(), func)
                });
                resolve.interfaces[*id].functions = functions.collect();
                key
            }
            WorldItem::Function(func) => match static_stand_in(func) {
                Some(stand_in) => {
                    func.name.clone_from(&stand_in);
                    WorldKey::Name(stand_in)
                }
                None => key,
            },
            WorldItem::Type { .. } => key,
        };
        resolve.worlds[world].imports.insert(key, item);
    }
    renamed
}

/// `[static]thing.witgen-name` for `[static]thing.name`, which the bindings expect.
fn static_stand_in(func: &Function) -> Option<String> {
    let (start, name) = func.name.split_once('.')?;
    let is_static = matches!(func.kind, FunctionKind::Static(_));
    let is_fixed = facts(Language::Js).fixed_statics.iter().any(|fixed| fixed == name);
    (is_static && is_fixed).then(|| format!("{start}.{}", stand_in(name)))
}

/// What the engine calls an export: the last part of its name, without version, in lower camel case.
pub(super) fn engine_name(item: &Item) -> String {
    let last = item.tool_key.rsplit('/').next().unwrap_or_default();
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

/// A name that two names share when the engine might take one for the other.
fn folded(name: &str) -> String {
    name.replace('-', "").to_lowercase()
}
