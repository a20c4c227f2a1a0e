//! The names of modules, classes, functions, fields and cases; nothing else makes one.

use std::collections::BTreeMap;

use witgen_backend::{Scope, cased};
use witgen_ir::{
    Direction, Function, FunctionKind, Interface, InterfaceId, Param, Type, TypeDef, TypeId, TypeKind, World,
};
use witgen_languages::{Case, Language, Role};

use crate::handles::reaches;

/// The class that implements the functions of the world itself.
pub(crate) const WORLD_CLASS: &str = "WitWorld";

/// The module that holds the types and imported functions of the world itself.
pub(crate) const WORLD_MODULE: &str = "_world";

/// The name by which generated modules know the support code.
pub(crate) const RUNTIME: &str = "_witgen";

/// What a host's module calls the interface that its component imports.
pub(crate) const HOST_IMPORT: &str = "_witgen_import";

/// What a host's module calls the interface that its component exports.
pub(crate) const HOST_EXPORT: &str = "_witgen_export";

/// What a host's module calls the world.
pub(crate) const HOST_WORLD: &str = "_witgen_world";

/// The private names of types in a host have nothing more than their prefix.
const HOST_PRIVATE: &str = "";

/// A module of the bindings: an interface, imported or exported or both, or the world itself.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// The Python name.
    pub(crate) name: String,
    /// What componentize-py calls it with `--full-names`; empty for the world.
    pub(crate) full_name: String,
    /// The class to implement, when it is exported.
    pub(crate) class: String,
    /// The imported form.
    pub(crate) import: Option<InterfaceId>,
    /// The exported form.
    pub(crate) export: Option<InterfaceId>,
    /// Whether the two forms are two modules.
    pub(crate) is_split: bool,
    /// The names of its functions' exception classes, by WIT name.
    errors: BTreeMap<String, String>,
    /// The names of its functions, by WIT name.
    functions: BTreeMap<String, String>,
    /// What is taken in it.
    pub(crate) scope: Scope,
}

/// A named type: its module and class, and those of its cases.
#[derive(Clone, Debug)]
pub(crate) struct TypeName {
    /// The index of its module.
    pub(crate) module: usize,
    /// The class or alias.
    pub(crate) class: String,
    /// The classes of a variant's cases.
    pub(crate) cases: Vec<String>,
    /// What stands for it at run time: the check of values in a guest, the descriptor in a host.
    pub(crate) check: String,
}

/// All names of a world's bindings.
#[derive(Debug)]
pub(crate) struct Names {
    /// The world first, then each interface once.
    pub(crate) modules: Vec<Module>,
    types: BTreeMap<TypeId, TypeName>,
    /// Follows `_witgen` in the private names of types.
    private: &'static str,
}

impl Names {
    /// The names in a guest of `world`.
    pub(crate) fn new(world: &World) -> Self {
        Self::with(world, modules(world), "_check")
    }

    /// The names in a host of `world`: those of a guest, but for private ones.
    pub(crate) fn for_host(world: &World) -> Self {
        let mut modules = modules(world);
        for module in &mut modules {
            [HOST_IMPORT, HOST_EXPORT, HOST_WORLD].into_iter().for_each(|name| module.scope.reserve(name));
        }
        Self::with(world, modules, HOST_PRIVATE)
    }

    fn with(world: &World, modules: Vec<Module>, private: &'static str) -> Self {
        let mut names = Self { modules, types: BTreeMap::new(), private };
        for index in 0..names.modules.len() {
            names.name_types(world, index);
            names.name_functions(world, index);
        }
        names
    }

    /// The name of `id`, which has one.
    pub(crate) fn type_name(&self, id: TypeId) -> Option<&TypeName> {
        self.types.get(&id)
    }

    fn name_types(&mut self, world: &World, index: usize) {
        let mut known: BTreeMap<String, TypeName> = BTreeMap::new();
        for def in self.modules[index].all_types(world) {
            let Some(wit) = &def.name else { continue };
            let name = match known.get(wit) {
                // The exported form of an interface that is imported too.
                Some(name) => name.clone(),
                None => {
                    let name = self.modules[index].name_type(def, wit, index, self.private);
                    known.insert(wit.clone(), name.clone());
                    name
                }
            };
            self.types.insert(def.id, name);
        }
    }

    fn name_functions(&mut self, world: &World, index: usize) {
        let module = &mut self.modules[index];
        let mut methods: BTreeMap<String, Option<Scope>> = BTreeMap::new();
        for function in module.all_functions(world) {
            if module.functions.contains_key(&function.wit_name) {
                continue;
            }
            if let Some(resource) = function.kind.resource() {
                let name = match function.kind {
                    FunctionKind::Constructor(_) => "__init__".to_owned(),
                    _ => method_name(methods.entry(resource_word(world, resource)).or_default(), function),
                };
                module.functions.insert(function.wit_name.clone(), name);
                continue;
            }
            let is_imported = function.direction == Direction::Import;
            // Only imported functions of a guest stand in the module; others are methods of a class of their own.
            let name = match is_imported && self.private != HOST_PRIVATE {
                true => module.scope.name(Role::Func, &function.name),
                false => Scope::new(Language::Python).name(Role::Func, &function.name),
            };
            module.functions.insert(function.wit_name.clone(), name);
        }
        for function in module.all_functions(world) {
            if whole_result(world, function).is_none() || module.errors.contains_key(&function.wit_name) {
                continue;
            }
            let word = match function.kind.resource() {
                Some(resource) => format!("{}-{}", resource_word(world, resource), function.name),
                None => function.name.clone(),
            };
            let short = cased(Case::UpperCamel, &format!("{word}-error"));
            let long = cased(Case::UpperCamel, &format!("{word}-wit-error"));
            let class = match module.scope.is_taken(&short) || is_reserved(&short) {
                true => module.scope.unique(long),
                false => module.scope.unique(short),
            };
            module.errors.insert(function.wit_name.clone(), class);
        }
    }
}

impl Module {
    /// The exception class of `function`, when its result is a `result`.
    pub(crate) fn error(&self, function: &Function) -> Option<&str> {
        self.errors.get(&function.wit_name).map(String::as_str)
    }

    /// The name of `function`.
    pub(crate) fn function(&self, function: &Function) -> &str {
        self.functions.get(&function.wit_name).map_or("", String::as_str)
    }

    /// Whether it is the world itself.
    pub(crate) fn is_world(&self) -> bool {
        self.full_name.is_empty()
    }

    /// Its types in the form that is written: the imported one where there are two.
    pub(crate) fn types<'a>(&self, world: &'a World) -> Vec<&'a TypeDef> {
        match self.import.or(self.export) {
            Some(id) => world.interface(id).types.iter().map(|id| world.type_def(*id)).collect(),
            None => world.world_types().collect(),
        }
    }

    /// Its functions of one direction.
    pub(crate) fn functions<'a>(&self, world: &'a World, direction: Direction) -> Vec<&'a Function> {
        let id = match direction {
            Direction::Import => self.import,
            Direction::Export => self.export,
        };
        match id {
            Some(id) => world.interface(id).functions.iter().map(|id| world.function(*id)).collect(),
            None if self.is_world() => world.functions_of(direction).collect(),
            None => Vec::new(),
        }
    }

    /// Whether the application has a class for it.
    pub(crate) fn is_implemented(&self, world: &World) -> bool {
        !self.functions(world, Direction::Export).is_empty() || !self.implemented(world).is_empty()
    }

    /// The resources that the application implements.
    pub(crate) fn implemented<'a>(&self, world: &'a World) -> Vec<&'a TypeDef> {
        match self.export {
            Some(id) => {
                let types = world.interface(id).types.iter().map(|id| world.type_def(*id));
                types.filter(|def| matches!(def.kind, TypeKind::Resource)).collect()
            }
            None => Vec::new(),
        }
    }

    /// The interface whose docs and name describe it; none for the world.
    pub(crate) fn interface<'a>(&self, world: &'a World) -> Option<&'a Interface> {
        self.import.or(self.export).map(|id| world.interface(id))
    }

    /// Its functions of both directions.
    fn all_functions<'a>(&self, world: &'a World) -> Vec<&'a Function> {
        let mut functions = self.functions(world, Direction::Import);
        functions.extend(self.functions(world, Direction::Export));
        functions
    }

    fn all_types<'a>(&self, world: &'a World) -> Vec<&'a TypeDef> {
        let mut types = self.types(world);
        if let (Some(_), Some(export)) = (self.import, self.export) {
            types.extend(world.interface(export).types.iter().map(|id| world.type_def(*id)));
        }
        types
    }

    fn name_type(&mut self, def: &TypeDef, wit: &str, module: usize, private: &str) -> TypeName {
        let class = self.scope.name(Role::Type, wit);
        let cases = match &def.kind {
            TypeKind::Variant { cases, .. } => cases
                .iter()
                .map(|case| self.scope.unique(format!("{class}{}", cased(Case::UpperCamel, &case.name))))
                .collect(),
            _ => Vec::new(),
        };
        let check = self.scope.unique(format!("{RUNTIME}{private}_{}", cased(Case::Snake, wit)));
        TypeName { module, class, cases, check }
    }
}

/// The parts of the result of `function`, when that is a `result`.
pub(crate) fn whole_result(world: &World, function: &Function) -> Option<(Option<Type>, Option<Type>)> {
    let Type::Id(id) = world.resolve_alias(function.result?) else { return None };
    match world.type_def(id).kind {
        TypeKind::Result { ok, err, .. } => Some((ok, err)),
        _ => None,
    }
}

/// The names of the parameters of `function`, in order.
pub(crate) fn params(function: &Function) -> Vec<String> {
    let mut scope = Scope::new(Language::Python);
    arguments(function).iter().map(|param| scope.name(Role::Param, &param.name)).collect()
}

/// The parameters of `function` without `self`.
pub(crate) fn arguments(function: &Function) -> &[Param] {
    match function.kind {
        FunctionKind::Method(_) => function.params.get(1..).unwrap_or_default(),
        _ => &function.params,
    }
}

/// The name of the resource of `id` in WIT.
pub(crate) fn resource_word(world: &World, id: TypeId) -> String {
    world.type_def(id).name.clone().unwrap_or_default()
}

/// The name of a method in the `scope` of its resource, where `close` is ours and others are componentize-py's.
fn method_name(scope: &mut Option<Scope>, function: &Function) -> String {
    let scope = scope.get_or_insert_with(|| Scope::new(Language::Python));
    let name = cased(Case::Snake, &function.name);
    match name.as_str() {
        "close" | "finalizer" | "handle" => scope.unique(format!("{name}_")),
        _ => scope.name(Role::Field, &function.name),
    }
}

/// The names of fields, cases of an enum or flags, in order.
pub(crate) fn members<'a>(role: Role, wit: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut scope = Scope::new(Language::Python);
    wit.into_iter().map(|name| scope.name(role, name)).collect()
}

/// `name` as componentize-py makes it from the key of an interface with `--full-names`.
fn full_name(key: &str) -> String {
    key.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

/// What componentize-py calls the class that implements `module`.
pub(crate) fn their_class(module: &Module) -> String {
    match module.is_world() {
        true => WORLD_CLASS.to_owned(),
        false => cased(Case::UpperCamel, &module.full_name),
    }
}

fn modules(world: &World) -> Vec<Module> {
    let mut package = Scope::new(Language::Python);
    let mut classes = Scope::new(Language::Python);
    ["exports", WORLD_MODULE, RUNTIME].into_iter().for_each(|name| package.reserve(name));
    classes.reserve(WORLD_CLASS);
    let module = |name: String, full_name: String, class: String| {
        let mut scope = Scope::new(Language::Python);
        ["Callable", "Mapping", "Sequence", "TypeAlias", RUNTIME]
            .into_iter()
            .for_each(|name| scope.reserve(name));
        let (errors, functions) = (BTreeMap::new(), BTreeMap::new());
        Module {
            name,
            full_name,
            class,
            import: None,
            export: None,
            is_split: false,
            errors,
            functions,
            scope,
        }
    };
    let mut modules = vec![module(WORLD_MODULE.to_owned(), String::new(), WORLD_CLASS.to_owned())];
    // Functions of the world stand beside the modules.
    for function in world.functions_of(Direction::Import) {
        package.reserve(Scope::new(Language::Python).name(Role::Func, &function.name));
    }
    for direction in [Direction::Import, Direction::Export] {
        for interface in world.interfaces_of(direction) {
            let full_name = full_name(&interface.key);
            let found = modules.iter().position(|module| module.full_name == full_name);
            let index = match found {
                // A resource of one side is not that of the other, so each side has its own types.
                Some(index) if has_resources(world, interface) => {
                    let name = package.name(Role::Module, &format!("exported-{}", interface.name));
                    let class = modules[index].class.clone();
                    modules[index].is_split = true;
                    modules.push(Module { is_split: true, ..module(name, full_name, class) });
                    modules.len() - 1
                }
                Some(index) => index,
                None => {
                    let wit = module_word(world, &mut package, interface);
                    let name = package.name(Role::Module, &wit);
                    // A class name loses the underscores between numbers, without which 1.10 would be 11.0.
                    let class = match distinguishing_version(world, interface) {
                        Some(version) => {
                            let class = Scope::new(Language::Python).name(Role::Type, &interface.name);
                            classes.unique(format!("{class}{}", version.replace('-', "_")))
                        }
                        None => classes.name(Role::Type, &wit),
                    };
                    modules.push(module(name, full_name, class));
                    modules.len() - 1
                }
            };
            match direction {
                Direction::Import => modules[index].import = Some(interface.id),
                Direction::Export => modules[index].export = Some(interface.id),
            }
        }
    }
    modules
}

/// The version of `interface` as a part of a name, `1-0-0`, when the world has another version of it too.
fn distinguishing_version(world: &World, interface: &Interface) -> Option<String> {
    let version = interface.package.version.as_ref().filter(|_| !interface.inline)?;
    let is_another = |other: &Interface| {
        let (ours, theirs) = (&interface.package, &other.package);
        (&other.name, &theirs.namespace, &theirs.name) == (&interface.name, &ours.namespace, &ours.name)
            && theirs.version != ours.version
            && !other.inline
    };
    world.interfaces.iter().any(is_another).then(|| version.replace(['.', '+'], "-"))
}

/// The shortest name of `interface` that is free: `types`, `http-types`, `wasi-http-types`; two versions of one
/// interface have theirs in the name.
fn module_word(world: &World, package: &mut Scope, interface: &Interface) -> String {
    let short = match distinguishing_version(world, interface) {
        Some(version) => format!("{}-{version}", interface.name),
        None => interface.name.clone(),
    };
    let package_name = &interface.package;
    let longer = format!("{}-{short}", package_name.name);
    let longest = format!("{}-{longer}", package_name.namespace);
    let free = [short, longer, longest.clone()].into_iter().find(|word| {
        let spelled = Scope::new(Language::Python).name(Role::Module, word);
        !package.is_taken(&spelled)
    });
    free.unwrap_or(longest)
}

/// Whether a type of `interface` is a resource or holds one.
fn has_resources(world: &World, interface: &Interface) -> bool {
    let is_resource = |def: &TypeDef| matches!(def.kind, TypeKind::Resource);
    interface.types.iter().any(|id| reaches(world, Type::Id(*id), &is_resource))
}

fn is_reserved(class: &str) -> bool {
    witgen_languages::facts(Language::Python).is_reserved(Role::Type, class)
}
