//! Every name in the bindings, made before anything is rendered.

use std::collections::{BTreeMap, BTreeSet};

use witgen_backend::{Runtime, Scope, cased};
use witgen_ir::{
    Direction, Function, FunctionId, FunctionKind, Interface, InterfaceId, Owner, PackageName, Type, TypeDef,
    TypeId, TypeKind, World, WorldItem,
};
use witgen_languages::{Case, Language, Role, Side};

use crate::support;

/// What Windows does not allow as the name of a directory.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// What methods call the value that they belong to.
pub(crate) const RECEIVER: &str = "r";

/// The names of a world.
pub(crate) struct Names<'w> {
    /// The world.
    pub(crate) world: &'w World,
    /// The import path of the bindings.
    pub(crate) root_path: String,
    /// Whether the bindings are for components or for programs that run them.
    pub(crate) side: Side,
    /// The import path of the support code: package `abi` of guests, package `host` of hosts.
    pub(crate) abi_path: String,
    /// The import path of package `wit`.
    pub(crate) wit_path: String,
    root: Package,
    interfaces: BTreeMap<InterfaceId, Package>,
    types: BTreeMap<TypeId, TypeNames>,
    functions: BTreeMap<FunctionId, FunctionNames>,
}

/// A Go package of the bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// Below the bindings; empty for their root.
    pub(crate) dir: String,
    /// What its package clause says.
    pub(crate) name: String,
    /// What programs import.
    pub(crate) path: String,
}

/// The names of a type.
pub(crate) struct TypeNames {
    /// Its own.
    pub(crate) name: String,
    /// Of its fields, cases or flags, in order of declaration; of a resource in guests, the functions that make it
    /// from an own handle, from a borrowed one, and into an own handle, and in hosts its kind and the function that
    /// lifts it.
    pub(crate) members: Vec<String>,
}

/// The names of a function.
pub(crate) struct FunctionNames {
    /// Of the function or method that people see.
    pub(crate) name: String,
    /// Of its parameters; the receiver of a method is left out.
    pub(crate) params: Vec<String>,
    /// Its own in its package, `FileRead` for a method: what private names end in.
    pub(crate) stem: String,
}

impl<'w> Names<'w> {
    /// Names everything in `world`, whose bindings are imported as `root_path`.
    pub(crate) fn new(world: &'w World, root_path: &str, runtime: Runtime, side: Side) -> Self {
        let mut names = Self {
            world,
            root_path: root_path.to_owned(),
            side,
            abi_path: support::abi_path(root_path, runtime, side),
            wit_path: support::wit_path(root_path, runtime),
            root: Package { dir: String::new(), name: package_name(root_path), path: root_path.to_owned() },
            interfaces: BTreeMap::new(),
            types: BTreeMap::new(),
            functions: BTreeMap::new(),
        };
        names.name_packages();
        let world_types: Vec<&TypeDef> = world.world_types().collect();
        names.name_members(&world_types, world.functions.iter().filter(|f| f.interface.is_none()));
        for interface in &world.interfaces {
            let types: Vec<&TypeDef> = interface.types.iter().map(|id| world.type_def(*id)).collect();
            names.name_members(&types, interface.functions.iter().map(|id| world.function(*id)));
        }
        names
    }

    /// The package of the world itself.
    pub(crate) fn root(&self) -> &Package {
        &self.root
    }

    /// The package of an interface.
    pub(crate) fn interface(&self, id: InterfaceId) -> &Package {
        self.interfaces.get(&id).unwrap_or(&self.root)
    }

    /// The package that declares a named type.
    pub(crate) fn owner(&self, def: &TypeDef) -> &Package {
        match def.owner {
            Owner::Interface(id) => self.interface(id),
            Owner::World | Owner::None => &self.root,
        }
    }

    /// The resource that a handle is for, under its first name, and whether this component exports it.
    pub(crate) fn resource(&self, id: TypeId) -> witgen_diag::Result<(&'w TypeDef, Direction)> {
        let Type::Id(id) = self.world.resolve_alias(Type::Id(id)) else {
            return Err(crate::internal("a handle of no resource"));
        };
        let def = self.world.type_def(id);
        let direction = match def.owner {
            Owner::Interface(interface) => self.world.interface(interface).direction,
            Owner::World | Owner::None => Direction::Import,
        };
        Ok((def, direction))
    }

    /// The names of a named type.
    pub(crate) fn type_names(&self, id: TypeId) -> witgen_diag::Result<&TypeNames> {
        self.types.get(&id).ok_or_else(|| crate::internal("a type without a name"))
    }

    /// The names of a function.
    pub(crate) fn function(&self, id: FunctionId) -> witgen_diag::Result<&FunctionNames> {
        self.functions.get(&id).ok_or_else(|| crate::internal("a function without a name"))
    }

    /// The scope of the fields of what an instance is given, or of those of an instance, which has methods already.
    pub(crate) fn fields(&self, direction: Direction) -> Scope {
        let mut scope = Scope::new(Language::Go);
        match direction {
            Direction::Import => scope.reserve("World"),
            Direction::Export => {
                scope.reserve("Close");
                for function in self.world.functions_of(Direction::Export) {
                    if let Some(names) = self.functions.get(&function.id) {
                        scope.reserve(names.name.clone());
                    }
                }
            }
        }
        scope
    }

    fn name_packages(&mut self) {
        let mut tree = Tree { side: self.side, scopes: BTreeMap::new(), known: BTreeMap::new() };
        let several = several_versions(self.world);
        for item in self.world.imports.iter().chain(&self.world.exports) {
            let WorldItem::Interface(id) = item else { continue };
            self.name_package(&mut tree, self.world.interface(*id), &several);
        }
        for interface in &self.world.interfaces {
            if !self.interfaces.contains_key(&interface.id) {
                self.name_package(&mut tree, interface, &several);
            }
        }
    }

    fn name_package(&mut self, tree: &mut Tree, interface: &Interface, several: &BTreeSet<(String, String)>) {
        let mut dir = match interface.direction {
            Direction::Import => String::new(),
            Direction::Export => "exports".to_owned(),
        };
        if interface.inline || interface.implements.is_some() {
            dir = tree.enter(&dir, &interface.key);
        } else {
            let PackageName { namespace, name, version } = &interface.package;
            dir = tree.enter(&dir, namespace);
            dir = tree.enter(&dir, name);
            if let Some(version) = version
                && several.contains(&(namespace.clone(), name.clone()))
            {
                dir = format!("{dir}/{}", version_dir(version));
            }
            dir = tree.enter(&dir, &interface.name);
        }
        let name = package_name(&dir);
        let path = format!("{}/{dir}", self.root_path);
        self.interfaces.insert(interface.id, Package { dir, name, path });
    }

    fn name_members<'a>(&mut self, types: &[&TypeDef], functions: impl Iterator<Item = &'a Function>) {
        let mut scope = Scope::new(Language::Go);
        for name in reserved(self.side) {
            scope.reserve(*name);
        }
        for def in types {
            if let Some(wit) = &def.name {
                let name = scope.name(Role::Type, wit);
                self.types.insert(def.id, TypeNames { name, members: Vec::new() });
            }
        }
        let mut scopes = FunctionScopes {
            package: scope,
            imports: (self.side == Side::Host).then(|| Scope::new(Language::Go)),
            exports: self.exports_scope(),
            methods: BTreeMap::new(),
            import_stems: Scope::new(Language::Go),
            export_stems: Scope::new(Language::Go),
        };
        for function in functions {
            let names = self.name_function(&mut scopes, function);
            self.functions.insert(function.id, names);
        }
        for def in types {
            self.name_type_members(&mut scopes.package, def);
        }
    }

    /// Methods of an instance stand beside its own.
    fn exports_scope(&self) -> Scope {
        let mut scope = Scope::new(Language::Go);
        if self.side == Side::Host {
            scope.reserve("Close");
        }
        scope
    }

    fn name_type_members(&mut self, scope: &mut Scope, def: &TypeDef) {
        let side = self.side;
        let Some(names) = self.types.get_mut(&def.id) else { return };
        let owner = names.name.clone();
        let mut prefixed = |wit: &str| scope.unique(format!("{owner}{}", cased(Case::UpperCamel, wit)));
        names.members = match &def.kind {
            TypeKind::Record { fields } => {
                let mut own = Scope::new(Language::Go);
                fields.iter().map(|field| own.name(Role::Field, &field.name)).collect()
            }
            TypeKind::Variant { cases, .. } => cases.iter().map(|case| prefixed(&case.name)).collect(),
            TypeKind::Enum { cases, .. } => cases.iter().map(|case| prefixed(&case.name)).collect(),
            TypeKind::Flags { flags } => flags.iter().map(|flag| prefixed(&flag.name)).collect(),
            TypeKind::Resource => match side {
                Side::Guest => ["from-handle", "from-borrow", "to-handle"].map(&mut prefixed).into(),
                Side::Host => ["kind", "lift"].map(&mut prefixed).into(),
            },
            _ => Vec::new(),
        };
    }

    fn name_function(&self, scopes: &mut FunctionScopes, function: &Function) -> FunctionNames {
        let resource = function.kind.resource().and_then(|id| self.types.get(&id)).map(|names| &names.name);
        let (name, stem) = match (function.kind, resource) {
            (FunctionKind::Method(id), Some(resource)) => {
                let methods = scopes.methods.entry(id).or_insert_with(|| {
                    let mut scope = Scope::new(Language::Go);
                    scope.reserve("Close");
                    scope.reserve("Handle");
                    scope
                });
                let name = methods.name(Role::Func, &function.name);
                let stem = format!("{resource}{name}");
                (name, stem)
            }
            (FunctionKind::Freestanding, _) | (_, None) => {
                let scope = scopes.free(function.direction);
                let name = scope.name(Role::Func, &function.name);
                (name.clone(), name)
            }
            (FunctionKind::Constructor(_), Some(resource)) => {
                let name = scopes.free(function.direction).unique(format!("New{resource}"));
                (name.clone(), name)
            }
            (FunctionKind::Static(_), Some(resource)) => {
                let name = format!("{resource}{}", cased(Case::UpperCamel, &function.name));
                let name = scopes.free(function.direction).unique(name);
                (name.clone(), name)
            }
        };
        // A method `bar` of `foo` would have the same one as a function `foo-bar`.
        let stem = scopes.stems(function.direction).unique(stem);
        let mut params = Scope::new(Language::Go);
        // What the body of the function calls.
        params.reserve(format!("call{stem}"));
        if self.side == Side::Host {
            params.reserve("ctx");
            params.reserve(RECEIVER);
        }
        let skip = usize::from(matches!(function.kind, FunctionKind::Method(_)));
        if skip == 1 {
            params.reserve(RECEIVER);
        }
        let params =
            function.params.iter().skip(skip).map(|param| params.name(Role::Param, &param.name)).collect();
        FunctionNames { name, params, stem }
    }
}

struct FunctionScopes {
    package: Scope,
    /// The methods of `Imports`, in hosts.
    imports: Option<Scope>,
    exports: Scope,
    methods: BTreeMap<TypeId, Scope>,
    import_stems: Scope,
    export_stems: Scope,
}

impl FunctionScopes {
    /// Imported functions are of the package, exported ones are methods of `Exports`; both are methods in hosts.
    fn free(&mut self, direction: Direction) -> &mut Scope {
        match direction {
            Direction::Import => self.imports.as_mut().unwrap_or(&mut self.package),
            Direction::Export => &mut self.exports,
        }
    }

    /// What private names of a package end in.
    fn stems(&mut self, direction: Direction) -> &mut Scope {
        match direction {
            Direction::Import => &mut self.import_stems,
            Direction::Export => &mut self.export_stems,
        }
    }
}

/// What every package of the bindings declares itself.
fn reserved(side: Side) -> &'static [&'static str] {
    match side {
        Side::Guest => &["Export", "Exports"],
        Side::Host => &["AddImports", "Exports", "Imports", "Instance", "New", "NewExports", "World"],
    }
}

/// One scope per directory.
struct Tree {
    side: Side,
    scopes: BTreeMap<String, Scope>,
    known: BTreeMap<(String, String), String>,
}

impl Tree {
    fn enter(&mut self, dir: &str, wit: &str) -> String {
        let key = (dir.to_owned(), wit.to_owned());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let scope = self.scopes.entry(dir.to_owned()).or_insert_with(|| {
            let mut scope = Scope::new(Language::Go);
            for name in DEVICES.into_iter().chain(["exports", "wit", "testdata"]) {
                scope.reserve(name);
            }
            if self.side == Side::Host {
                scope.reserve("host");
            }
            scope
        });
        let name = module_name(scope, &wit.replace([':', '/'], "-"));
        let path = if dir.is_empty() { name } else { format!("{dir}/{name}") };
        self.known.insert(key, path.clone());
        path
    }
}

/// Packages of which a world has more than one version.
fn several_versions(world: &World) -> BTreeSet<(String, String)> {
    let mut versions: BTreeMap<(String, String), BTreeSet<&Option<String>>> = BTreeMap::new();
    for interface in &world.interfaces {
        let PackageName { namespace, name, version } = &interface.package;
        versions.entry((namespace.clone(), name.clone())).or_default().insert(version);
    }
    versions.into_iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| name).collect()
}

/// `v0_2_12`
fn version_dir(version: &str) -> String {
    let part = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    std::iter::once('v').chain(version.chars().map(part)).collect()
}

/// The last part of an import path as an identifier.
fn package_name(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    let name: String = last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let name = name.trim_start_matches(|first: char| first.is_ascii_digit());
    module_name(&mut Scope::new(Language::Go), if name.is_empty() { "bindings" } else { name })
}

/// `lenpkg` for `len`: Go's package names have no underscore.
fn module_name(scope: &mut Scope, wit: &str) -> String {
    let name = scope.name(Role::Module, wit);
    match name.strip_suffix('_') {
        Some(stem) => scope.unique(format!("{stem}pkg")),
        None => name,
    }
}
