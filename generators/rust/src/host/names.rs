//! The names of host bindings: those that `bindgen!` of wasmtime gives, wherever a program can compile with them.

use std::collections::BTreeMap;

use witgen_backend::{Scope, cased};
use witgen_ir::{
    Direction, Function, FunctionKind, Interface, PackageName, TypeDef, TypeId, TypeKind, World,
};
use witgen_languages::{Case, Role};

use crate::names::{Modules, Names, module_name, package_module, scope};

/// Types that the derives of wasmtime name without a path, and so cannot be shadowed.
const DERIVED: [&str; 3] = ["Copy", "Option", "Self"];

/// The names of a world.
pub(super) fn names(world: &World) -> Names {
    let mut names = Names::default();
    name_modules(&mut names, world);
    let root = WorldNames::new(world);
    name_types(&mut names, scope_with(&root.all()), world.world_types(), "Host");
    name_functions(&mut names, world, world.functions.iter().filter(|function| function.interface.is_none()));
    for interface in &world.interfaces {
        let (taken, prefix) = match interface.direction {
            Direction::Import => (["Host", "HostWithStore", "LinkOptions"].as_slice(), "Host"),
            Direction::Export => (["Guest", "GuestIndices"].as_slice(), "Guest"),
        };
        let taken: Vec<String> = taken.iter().map(|name| (*name).to_owned()).collect();
        let types = interface.types.iter().map(|id| world.type_def(*id));
        name_types(&mut names, scope_with(&taken), types, prefix);
        name_functions(&mut names, world, interface.functions.iter().map(|id| world.function(*id)));
    }
    names
}

/// What stands for the world at the root.
pub(super) struct WorldNames {
    /// The instance.
    pub(super) world: String,
    /// What makes instances.
    pub(super) pre: String,
    /// Where the exports are.
    pub(super) indices: String,
    /// What implements the imports of the world itself.
    pub(super) imports: String,
}

impl WorldNames {
    pub(super) fn new(world: &World) -> Self {
        let name = match cased(Case::UpperCamel, &world.name) {
            name if name == "Host" || DERIVED.contains(&name.as_str()) => format!("{name}_"),
            name => name,
        };
        Self {
            pre: format!("{name}Pre"),
            indices: format!("{name}Indices"),
            imports: format!("{name}Imports"),
            world: name,
        }
    }

    fn all(&self) -> Vec<String> {
        let names = [&self.world, &self.pre, &self.indices, &self.imports];
        names.into_iter().cloned().chain(["LinkOptions".to_owned()]).collect()
    }
}

/// The module of an imported interface, of which every import that implements it has a share.
pub(super) fn implemented(interface: &Interface) -> Option<(PackageName, String)> {
    let (package, name) = interface.implements.as_ref()?.split_once('/')?;
    let (namespace, package) = package.split_once(':')?;
    let (name, version) = match name.split_once('@') {
        Some((name, version)) => (name, Some(version.to_owned())),
        None => (name, None),
    };
    Some((
        PackageName { namespace: namespace.to_owned(), name: package.to_owned(), version },
        name.to_owned(),
    ))
}

fn name_modules(names: &mut Names, world: &World) {
    let mut tree = Modules::default();
    for interface in &world.interfaces {
        let mut path = Vec::new();
        let shared = match interface.direction {
            Direction::Import => implemented(interface),
            Direction::Export => {
                path.push(("exports".to_owned(), "exports".to_owned()));
                None
            }
        };
        let is_named = shared.is_none() && (interface.inline || interface.implements.is_some());
        if is_named {
            path.push((format!("={}", interface.name), interface.name.clone()));
        } else {
            let (package, name) =
                shared.unwrap_or_else(|| (interface.package.clone(), interface.name.clone()));
            path.push((package.namespace.clone(), package.namespace.clone()));
            path.push(package_module(world, &package));
            path.push((name.clone(), name));
        }
        names.modules.insert(interface.id, tree.name(path));
    }
}

fn scope_with(taken: &[String]) -> Scope {
    let mut scope = scope();
    taken.iter().for_each(|name| scope.reserve(name.clone()));
    scope
}

/// Names types, then what goes with resources.
fn name_types<'a>(
    names: &mut Names,
    mut scope: Scope,
    types: impl Iterator<Item = &'a TypeDef>,
    prefix: &str,
) {
    let types: Vec<&TypeDef> = types.collect();
    for def in &types {
        let Some(wit) = &def.name else { continue };
        let camel = cased(Case::UpperCamel, wit);
        let taken = DERIVED.contains(&camel.as_str()) || scope.is_taken(&camel);
        let name = scope.unique(if taken { format!("{camel}_") } else { camel });
        names.types.insert(def.id, name);
    }
    for def in types.iter().filter(|def| matches!(def.kind, TypeKind::Resource)) {
        let name = format!("{prefix}{}", names.ty(def.id));
        names.traits.insert(def.id, scope.unique(name));
    }
}

fn name_functions<'a>(names: &mut Names, world: &World, functions: impl Iterator<Item = &'a Function>) {
    let mut scopes: BTreeMap<(Direction, Option<TypeId>), Scope> = BTreeMap::new();
    let mut fields = scope();
    for function in functions {
        let resource = function.kind.resource();
        let scope = scopes.entry((function.direction, resource)).or_insert_with(|| {
            let mut scope = scope();
            // A trait for a resource has this method besides those of WIT.
            if resource.is_some() && function.direction == Direction::Import {
                scope.reserve("drop");
            }
            scope
        });
        let name = match (function.direction, function.kind) {
            (Direction::Import, FunctionKind::Constructor(_)) => scope.name(Role::Func, "new"),
            (Direction::Import, _) => scope.name(Role::Func, &function.name),
            // Behind a prefix nothing is a keyword.
            (Direction::Export, _) => scope.unique(module_name(&function.name)),
        };
        names.functions.insert(function.id, name);
        if function.direction == Direction::Export {
            let field = match resource {
                Some(id) => {
                    let resource = world.type_def(id).name.as_deref().unwrap_or_default();
                    fields.name(Role::Field, &format!("{resource}-{}", function.name))
                }
                None => fields.name(Role::Field, &function.name),
            };
            names.glue.insert(function.id, field);
        }
    }
}
