//! Where things are and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use witgen_backend::{Scope, cased};
use witgen_ir::{
    Direction, Function, FunctionKind, Interface, InterfaceId, Owner, PackageName, TypeDef, TypeId, TypeKind,
    World,
};
use witgen_languages::{Case, Language, Role};

/// Names at the top of the folder that generated files of either side have.
const TOP: [&str; 7] = ["_witgen", "entry", "errors", "exports", "imports", "index", "world"];

/// The longest name of a codec, so that it fits on a line wherever it stands.
const LONGEST_CODEC: usize = 30;

/// A module: an interface, or what the world itself imports and declares.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// The path without extension: `example/text/operations`.
    pub(crate) path: String,
    /// What a namespace import of it is called, before collisions.
    pub(crate) ident: String,
    /// The names in it that are taken by types, constructors and functions.
    pub(crate) scope: Scope,
}

/// Every path and name of the bindings.
pub(crate) struct Names<'w> {
    world: &'w World,
    modules: BTreeMap<Option<InterfaceId>, Module>,
    types: BTreeMap<TypeId, String>,
    cases: BTreeMap<TypeId, Vec<String>>,
    functions: BTreeMap<witgen_ir::FunctionId, String>,
    codecs: BTreeMap<TypeId, String>,
}

impl<'w> Names<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        let mut names = Self {
            world,
            modules: BTreeMap::new(),
            types: BTreeMap::new(),
            cases: BTreeMap::new(),
            functions: BTreeMap::new(),
            codecs: BTreeMap::new(),
        };
        let doubled = doubled_packages(world);
        names.add_module(None, "world".to_owned(), "world");
        for interface in &world.interfaces {
            let peers: Vec<&Interface> = world.interfaces_of(interface.direction).collect();
            let name = distinct(interface, &peers, Case::LowerCamel);
            names.add_module(Some(interface.id), path(interface, &doubled), &name);
        }
        names.add_codecs();
        names
    }

    fn add_module(&mut self, id: Option<InterfaceId>, path: String, name: &str) {
        let ident = Scope::new(Language::Js).name(Role::Module, name);
        let mut scope = Scope::new(Language::Js);
        let owner = id.map_or(Owner::World, Owner::Interface);
        let types: Vec<&TypeDef> =
            self.world.types.iter().filter(|ty| ty.owner == owner && ty.name.is_some()).collect();
        for ty in &types {
            let name = scope.name(Role::Type, ty.name.as_deref().unwrap_or_default());
            self.types.insert(ty.id, name);
        }
        for ty in types {
            let TypeKind::Variant { cases, .. } = &ty.kind else { continue };
            let base = self.types[&ty.id].clone();
            let names =
                cases.iter().map(|case| scope.unique(base.clone() + &cased(Case::UpperCamel, &case.name)));
            self.cases.insert(ty.id, names.collect());
        }
        for func in self.world.functions.iter().filter(|func| func.interface == id) {
            if func.direction == Direction::Import && func.kind.resource().is_none() {
                self.functions.insert(func.id, scope.name(Role::Func, &func.name));
            }
        }
        self.modules.insert(id, Module { path, ident, scope });
    }

    fn add_codecs(&mut self) {
        let mut scope = Scope::new(Language::Js);
        for ty in self.world.types.iter().filter(|ty| ty.name.is_some()) {
            let module = match ty.owner {
                Owner::Interface(id) => self.world.interface(id).name.as_str(),
                Owner::World | Owner::None => "world",
            };
            let wit = ty.name.as_deref().unwrap_or_default();
            let forms = [format!("{module}-{wit}"), wit.to_owned(), "type".to_owned()];
            let is_short = |form: &&String| form.len() <= LONGEST_CODEC;
            let name = scope.name(Role::Func, forms.iter().find(is_short).map_or("type", String::as_str));
            self.codecs.insert(ty.id, name);
        }
    }

    /// The module of an interface, or of the world.
    pub(crate) fn module(&self, id: Option<InterfaceId>) -> &Module {
        &self.modules[&id]
    }

    /// The module that declares a type.
    pub(crate) fn module_of(&self, ty: &TypeDef) -> Option<InterfaceId> {
        match ty.owner {
            Owner::Interface(id) => Some(id),
            Owner::World | Owner::None => None,
        }
    }

    /// The name of a named type.
    pub(crate) fn type_name(&self, id: TypeId) -> &str {
        self.types.get(&id).map_or("", String::as_str)
    }

    /// The names of the object types of a variant's cases.
    pub(crate) fn case_types(&self, id: TypeId) -> &[String] {
        self.cases.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The name of an imported function.
    pub(crate) fn func_name(&self, func: &Function) -> &str {
        self.functions.get(&func.id).map_or("", String::as_str)
    }

    /// The name of the codec of a named type.
    pub(crate) fn codec_name(&self, id: TypeId) -> &str {
        self.codecs.get(&id).map_or("", String::as_str)
    }
}

/// What an exported interface is called in `case`: its last name, with as much around it as tells it from the others.
pub(crate) fn distinct(interface: &Interface, all: &[&Interface], case: Case) -> String {
    let name = |of: &Interface| cased(case, &of.name);
    if interface.inline {
        return name(interface);
    }
    let tracked = |of: &Interface| name(of) + &track(of);
    let versioned = |of: &Interface| name(of) + &version(of);
    let packaged = |of: &Interface| cased(case, &format!("{}-{}", of.package.name, of.name));
    let both = |of: &Interface| packaged(of) + &version(of);
    let forms: [&dyn Fn(&Interface) -> String; 5] = [&name, &tracked, &versioned, &packaged, &both];
    let is_distinct = |form: &&&dyn Fn(&Interface) -> String| {
        all.iter().all(|other| other.id == interface.id || form(other) != form(interface))
    };
    forms.iter().find(is_distinct).map_or_else(|| both(interface), |form| form(interface))
}

/// The versions that are compatible with the interface's own: `V1` of 1.2.3, `V0_2` of 0.2.12.
fn track(interface: &Interface) -> String {
    let Some(version) = &interface.package.version else { return String::new() };
    let parts: Vec<&str> = version.split(['.', '-', '+']).collect();
    let length = parts.iter().position(|part| *part != "0").map_or(parts.len(), |place| place + 1);
    format!("V{}", parts[..length].join("_"))
}

/// The whole version of the interface's package: `V1_2_3`.
fn version(interface: &Interface) -> String {
    let version = interface.package.version.as_ref();
    version.map(|version| format!("V{}", version.replace(['.', '-', '+'], "_"))).unwrap_or_default()
}

/// Packages of which the world has several versions; only their folders name the version.
fn doubled_packages(world: &World) -> BTreeSet<(String, String)> {
    let mut versions: BTreeMap<(String, String), BTreeSet<Option<String>>> = BTreeMap::new();
    for PackageName { namespace, name, version } in
        world.interfaces.iter().map(|interface| &interface.package)
    {
        versions.entry((namespace.clone(), name.clone())).or_default().insert(version.clone());
    }
    versions.into_iter().filter(|(_, versions)| versions.len() > 1).map(|(package, _)| package).collect()
}

fn path(interface: &Interface, doubled: &BTreeSet<(String, String)>) -> String {
    let below = if interface.key.contains(':') {
        let PackageName { namespace, name, version } = &interface.package;
        let is_doubled = doubled.contains(&(namespace.clone(), name.clone()));
        let version = version.as_ref().filter(|_| is_doubled).map(|version| format!("@{version}"));
        format!("{}/{name}{}/{}", top(namespace), version.unwrap_or_default(), interface.name)
    } else if interface.key == "wasi" {
        // A host has a module of that name; a folder may stand beside it.
        "wasi_".to_owned()
    } else {
        top(&interface.key)
    };
    match interface.direction {
        Direction::Import => below,
        Direction::Export => format!("exports/{below}"),
    }
}

fn top(name: &str) -> String {
    if TOP.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// The specifier of `to`, a path with extension, in the module `from`, a path without.
pub(crate) fn specifier(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let target: Vec<&str> = to.split('/').collect();
    let dirs = &from[..from.len() - 1];
    let shared = dirs.iter().zip(&target[..target.len() - 1]).take_while(|(a, b)| a == b).count();
    let ups = dirs.len() - shared;
    let prefix = if ups == 0 { "./".to_owned() } else { "../".repeat(ups) };
    format!("\"{prefix}{}\"", target[shared..].join("/"))
}

/// The names of parameters, in order.
pub(crate) fn param_names(func: &Function) -> Vec<String> {
    let mut scope = Scope::new(Language::Js);
    func.params.iter().map(|param| scope.name(Role::Param, &param.name)).collect()
}

/// A method or static function in the hands of the user. A class, or the type of one, has other uses for some names.
pub(crate) fn member(func: &Function) -> String {
    let name = property(&func.name);
    let is_taken = match func.kind {
        FunctionKind::Method(_) => ["constructor", "new"].contains(&name.as_str()),
        FunctionKind::Static(_) => ["constructor", "new", "prototype"].contains(&name.as_str()),
        FunctionKind::Constructor(_) | FunctionKind::Freestanding => false,
    };
    if is_taken { format!("{name}_") } else { name }
}

/// A function in the hands of the user of a host. A promise of an object that has a function `then` would call it.
pub(crate) fn of_host(func: &Function) -> String {
    let name = member(func);
    let is_taken = func.direction == Direction::Export && func.kind.resource().is_none() && name == "then";
    if is_taken { format!("{name}_") } else { name }
}

/// A property: it may have any name, keywords included.
pub(crate) fn property(wit: &str) -> String {
    cased(Case::LowerCamel, wit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_lead_from_one_module_to_another() {
        assert_eq!(specifier("entry", "_witgen/runtime.js"), "\"./_witgen/runtime.js\"");
        assert_eq!(specifier("a/b/c", "a/b/d.js"), "\"./d.js\"");
        assert_eq!(specifier("a/b/c", "_witgen/types.js"), "\"../../_witgen/types.js\"");
        assert_eq!(specifier("exports/a/b/c", "a/b/c.js"), "\"../../../a/b/c.js\"");
    }
}
