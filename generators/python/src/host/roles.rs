//! What each module has for the two sides of its interface, and the names of that.

use std::collections::BTreeMap;

use witgen_backend::Scope;
use witgen_ir::{Direction, Function, FunctionKind, Interface, TypeDef, TypeKind, World};
use witgen_languages::{Language, Role};

use crate::HostOptions;
use crate::names::{Module, Names};

/// The packages of WASI that the run time provides (`witgen_wasi::PROVIDED`), with the versions of drafts.
const WASI: &[(&str, &[&str])] = &[
    ("blobstore", &["", "0.2.0-draft"]),
    ("cli", STABLE),
    ("clocks", STABLE),
    ("config", &["", "0.2.0-draft", "0.2.0-rc.1"]),
    ("filesystem", STABLE),
    ("http", STABLE),
    ("io", STABLE),
    ("keyvalue", &["", "0.2.0-draft"]),
    ("logging", &["", "0.1.0-draft"]),
    ("random", STABLE),
    ("sockets", STABLE),
];

/// Every version of WASI 0.2.
const STABLE: &[&str] = &[];

/// The roles of all modules, in their order; the world is the first.
#[derive(Debug)]
pub(crate) struct Roles {
    modules: Vec<ModuleRoles>,
    /// The methods for functions that the world itself exports, by their names in WIT.
    methods: BTreeMap<String, String>,
    /// The class of what a component is given.
    pub(crate) imports: String,
    /// The class of the world.
    pub(crate) world: String,
    /// Whether lists of numbers come out of components as views.
    pub(crate) has_views: bool,
}

/// What a module has.
#[derive(Debug, Default)]
pub(crate) struct ModuleRoles {
    /// Whether the run time must know what is imported.
    pub(crate) has_import: bool,
    /// The protocol to implement, and the field of the imports.
    pub(crate) protocol: Option<Member>,
    /// Whether the field may be left out, since the run time provides the interface.
    pub(crate) is_provided: bool,
    /// The class with the exported functions, and the attribute of the world.
    pub(crate) class: Option<Member>,
}

/// A class, and the attribute that holds an object of it.
#[derive(Debug)]
pub(crate) struct Member {
    /// The class.
    pub(crate) class: String,
    /// The attribute.
    pub(crate) attribute: String,
}

impl Roles {
    /// For the modules of `names`, in whose scopes the classes are.
    pub(crate) fn new(world: &World, names: &mut Names, options: &HostOptions) -> Self {
        let mut fields = Scope::new(Language::Python);
        let mut attributes = Scope::new(Language::Python);
        // Methods of the class, and what hides the run time from its annotations.
        ["bind", "close", "load"].into_iter().for_each(|name| attributes.reserve(name));
        for def in imported_resources(world, &names.modules[0]) {
            fields.reserve(names.type_name(def.id).map_or("", |name| name.class.as_str()));
        }
        for function in world.functions_of(Direction::Import) {
            fields.reserve(names.modules[0].function(function));
        }
        let methods = world.functions_of(Direction::Export).map(|function| {
            let name = names.modules[0].function(function).to_owned();
            (function.wit_name.clone(), unless_taken(&mut attributes, name.clone(), &format!("{name}_")))
        });
        let methods = methods.collect();
        let mut modules = Vec::new();
        for index in 0..names.modules.len() {
            // The exported half of an interface goes by the name of the imported one.
            let module = &names.modules[index];
            let first = names.modules.iter().find(|other| other.full_name == module.full_name);
            let word = first.unwrap_or(module).name.clone();
            modules.push(ModuleRoles::new(
                world,
                &mut names.modules[index],
                &word,
                &mut fields,
                &mut attributes,
            ));
        }
        let scope = &mut names.modules[0].scope;
        let imports = unless_taken(scope, "Imports".to_owned(), "WorldImports");
        let class = Scope::new(Language::Python).name(Role::Type, &world.name);
        let longer = format!("{class}World");
        let class = unless_taken(scope, class, &longer);
        Self { modules, methods, imports, world: class, has_views: options.memoryviews }
    }

    /// The method for a function that the world itself exports.
    pub(crate) fn method(&self, function: &Function) -> &str {
        self.methods.get(&function.wit_name).map_or("", String::as_str)
    }

    /// What the module of `index` has.
    pub(crate) fn of(&self, index: usize) -> &ModuleRoles {
        &self.modules[index]
    }
}

impl ModuleRoles {
    fn new(
        world: &World,
        module: &mut Module,
        word: &str,
        fields: &mut Scope,
        attributes: &mut Scope,
    ) -> Self {
        let imported = module.functions(world, Direction::Import);
        let resources = imported_resources(world, module);
        let has_import = !imported.is_empty() || !resources.is_empty();
        if module.is_world() {
            return Self { has_import, ..Self::default() };
        }
        // Methods are looked up on objects.
        let is_implemented =
            imported.iter().any(|function| !matches!(function.kind, FunctionKind::Method(_)));
        let is_exported = module.is_implemented(world);
        let is_provided = module.import.is_some_and(|id| is_wasi(world.interface(id)));
        let base = module.class.clone();
        let protocol = is_implemented.then(|| Member {
            class: unless_taken(&mut module.scope, base.clone(), &format!("{base}Interface")),
            attribute: member(fields, word),
        });
        let exported = if is_implemented { format!("Exported{base}") } else { base };
        let class = is_exported.then(|| Member {
            class: unless_taken(&mut module.scope, exported.clone(), &format!("{exported}Interface")),
            attribute: member(attributes, word),
        });
        Self { has_import, protocol, is_provided, class }
    }
}

/// The resources that a component imports from the interface of `module`.
pub(crate) fn imported_resources<'a>(world: &'a World, module: &Module) -> Vec<&'a TypeDef> {
    if module.import.is_none() && !module.is_world() {
        return Vec::new();
    }
    let types = module.types(world).into_iter();
    types.filter(|def| matches!(def.kind, TypeKind::Resource)).collect()
}

/// Whether objects of a resource come from its class, which must then be known.
pub(crate) fn is_constructed(function: &Function) -> bool {
    matches!(function.kind, FunctionKind::Constructor(_) | FunctionKind::Static(_))
}

fn unless_taken(scope: &mut Scope, name: String, other: &str) -> String {
    match scope.is_taken(&name) {
        true => scope.unique(other.to_owned()),
        false => scope.unique(name),
    }
}

/// An attribute for the module `word`, which hides no builtin.
fn member(scope: &mut Scope, word: &str) -> String {
    let name = Scope::new(Language::Python).name(Role::Field, word);
    unless_taken(scope, name.clone(), &format!("{name}_"))
}

fn is_wasi(interface: &Interface) -> bool {
    let package = &interface.package;
    let version = package.version.as_deref().unwrap_or_default();
    let known = WASI.iter().find(|(name, _)| *name == package.name && package.namespace == "wasi");
    !interface.inline
        && known.is_some_and(|(_, drafts)| match *drafts {
            [] => version.starts_with("0.2."),
            drafts => drafts.contains(&version),
        })
}
