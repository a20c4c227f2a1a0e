//! The names of everything that the bindings declare.

use std::collections::BTreeMap;

use witgen_backend::Scope;
use witgen_ir::{
    Direction, Function, FunctionId, FunctionKind, Interface, InterfaceId, Owner, PackageName, Type, TypeDef,
    TypeId, TypeKind, World,
};
use witgen_languages::{Language, Role};

use crate::facts;

/// A new scope of Rust names.
pub(crate) fn scope() -> Scope {
    Scope::new(Language::Rust)
}

/// The names of modules, types and functions. Fields, cases and parameters are named where they are printed.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) modules: BTreeMap<InterfaceId, Vec<String>>,
    pub(crate) types: BTreeMap<TypeId, String>,
    borrows: BTreeMap<TypeId, String>,
    pub(crate) traits: BTreeMap<TypeId, String>,
    pub(crate) functions: BTreeMap<FunctionId, String>,
    pub(crate) glue: BTreeMap<FunctionId, String>,
}

impl Names {
    pub(crate) fn new(world: &World) -> Self {
        let mut names = Self::default();
        names.name_modules(world);
        names.name_types(world.world_types());
        names.name_functions(world, world.functions.iter().filter(|function| function.interface.is_none()));
        for interface in &world.interfaces {
            let types = interface.types.iter().map(|id| world.type_def(*id));
            names.name_interface_types(world, interface, types);
            names.name_functions(world, interface.functions.iter().map(|id| world.function(*id)));
        }
        names
    }

    /// The module of an interface, from the root of the bindings.
    pub(crate) fn module(&self, id: InterfaceId) -> &[String] {
        self.modules.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A named type.
    pub(crate) fn ty(&self, id: TypeId) -> &str {
        self.types.get(&id).map_or("", String::as_str)
    }

    /// The borrowed form of a resource that the component exports, or of an alias of one.
    pub(crate) fn borrow(&self, id: TypeId) -> &str {
        self.borrows.get(&id).map_or("", String::as_str)
    }

    /// In guests the trait to implement for a resource that the component exports; in hosts that for one which it
    /// imports, and what calls one that it exports.
    pub(crate) fn resource_trait(&self, id: TypeId) -> &str {
        self.traits.get(&id).map_or("Guest", String::as_str)
    }

    /// A function or method.
    pub(crate) fn function(&self, id: FunctionId) -> &str {
        self.functions.get(&id).map_or("", String::as_str)
    }

    /// In guests what the hidden functions behind an export are called after their prefix; in hosts the field of
    /// an exported function.
    pub(crate) fn glue(&self, id: FunctionId) -> &str {
        self.glue.get(&id).map_or("", String::as_str)
    }

    fn name_modules(&mut self, world: &World) {
        let mut tree = Modules::default();
        for interface in &world.interfaces {
            let mut path = Vec::new();
            if interface.direction == Direction::Export {
                path.push(("exports".to_owned(), "exports".to_owned()));
            }
            if interface.inline || interface.implements.is_some() {
                path.push((interface.name.clone(), interface.name.clone()));
            } else {
                let package = &interface.package;
                path.push((package.namespace.clone(), package.namespace.clone()));
                path.push(package_module(world, package));
                path.push((interface.name.clone(), interface.name.clone()));
            }
            self.modules.insert(interface.id, tree.name(path));
        }
    }

    fn name_types<'a>(&mut self, types: impl Iterator<Item = &'a TypeDef>) {
        let mut scope = scope();
        for def in types {
            if let Some(name) = &def.name {
                self.types.insert(def.id, scope.name(Role::Type, name));
            }
        }
    }

    fn name_interface_types<'a>(
        &mut self,
        world: &World,
        interface: &Interface,
        types: impl Iterator<Item = &'a TypeDef> + Clone,
    ) {
        self.name_types(types.clone());
        if interface.direction == Direction::Import {
            return;
        }
        let mut taken = scope();
        for def in types.clone() {
            taken.reserve(self.ty(def.id).to_owned());
        }
        for def in types {
            let handle = match def.kind {
                TypeKind::Resource => true,
                TypeKind::Alias(Type::Id(id)) => {
                    matches!(world.type_def(facts::resource(world, id)).kind, TypeKind::Resource)
                        && facts::is_exported_resource(world, id)
                }
                _ => false,
            };
            if handle {
                // `Guest_` is called so for its own sake alone.
                let name = self.ty(def.id).trim_end_matches('_').to_owned();
                self.borrows.insert(def.id, taken.unique(format!("{name}Borrow")));
                if matches!(def.kind, TypeKind::Resource) {
                    self.traits.insert(def.id, taken.unique(format!("Guest{name}")));
                }
            }
        }
    }

    fn name_functions<'a>(&mut self, world: &World, functions: impl Iterator<Item = &'a Function>) {
        let mut scopes: BTreeMap<(Direction, Option<TypeId>), Scope> = BTreeMap::new();
        let mut glue = scope();
        for function in functions {
            let key = (function.direction, function.kind.resource());
            let scope = scopes.entry(key).or_insert_with(|| function_scope(key));
            let wit = match function.kind {
                FunctionKind::Constructor(_) => "new",
                _ => function.name.as_str(),
            };
            let name = scope.name(Role::Func, wit);
            let behind = match function.kind.resource() {
                Some(id) => {
                    let resource = world.type_def(id).name.as_deref().unwrap_or_default();
                    glue.name(Role::Func, &format!("{resource}-{wit}"))
                }
                None => glue.name(Role::Func, wit),
            };
            self.functions.insert(function.id, name);
            self.glue.insert(function.id, behind);
        }
    }
}

/// The scope of functions; an imported resource has functions besides those of WIT.
fn function_scope((direction, resource): (Direction, Option<TypeId>)) -> Scope {
    let mut scope = scope();
    if direction == Direction::Import && resource.is_some() {
        ["from_handle", "take_handle", "handle"].iter().for_each(|name| scope.reserve((*name).to_owned()));
    }
    scope
}

/// The module of a package: with the version when the world has another one of the same name.
pub(crate) fn package_module(world: &World, package: &PackageName) -> (String, String) {
    let several = world.interfaces.iter().any(|other| {
        other.package.namespace == package.namespace
            && other.package.name == package.name
            && other.package.version != package.version
    });
    match &package.version {
        Some(version) if several => {
            let version = version.replace(['.', '-', '+'], "_");
            (package.to_string(), format!("{}{version}", package.name))
        }
        _ => (package.to_string(), package.name.clone()),
    }
}

/// Modules by what they are made for.
#[derive(Default)]
pub(crate) struct Modules {
    children: BTreeMap<String, (String, Modules)>,
    scope: Option<Scope>,
}

impl Modules {
    /// The Rust path of the module at `path`, pairs of what it is made for and what it should be called.
    pub(crate) fn name(&mut self, path: Vec<(String, String)>) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = self;
        for (key, wit) in path {
            let scope = at.scope.get_or_insert_with(scope);
            let (name, child) = at.children.entry(key).or_insert_with(|| {
                let name = scope.name(Role::Module, &wit);
                (name, Modules::default())
            });
            names.push(name.clone());
            at = child;
        }
        names
    }
}

/// Where a type is declared: its module, or none for the root.
pub(crate) fn home(world: &World, id: TypeId) -> Option<InterfaceId> {
    match world.type_def(id).owner {
        Owner::Interface(interface) => Some(interface),
        Owner::World | Owner::None => None,
    }
}

/// A world as a module.
pub(crate) fn module_name(wit: &str) -> String {
    witgen_backend::cased(witgen_languages::Case::Snake, wit)
}
