//! Worlds, interfaces and functions.

use serde::Serialize;
use witgen_diag::Span;

use crate::abi::FunctionAbi;
use crate::types::{Type, TypeDef, TypeId};

/// The index of an interface in [`World::interfaces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct InterfaceId(pub(crate) u32);

/// The index of a function in [`World::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FunctionId(pub(crate) u32);

/// Whether the component imports an item or exports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The world imports it.
    Import,
    /// The world exports it.
    Export,
}

/// The name of a WIT package, such as `wasi:http@0.2.12`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PackageName {
    /// `wasi`
    pub namespace: String,
    /// `http`
    pub name: String,
    /// `0.2.12`
    pub version: Option<String>,
}

impl std::fmt::Display for PackageName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.namespace, self.name)?;
        match &self.version {
            Some(version) => write!(formatter, "@{version}"),
            None => Ok(()),
        }
    }
}

/// A doc comment without its comment marks, as Markdown.
pub type Docs = Option<String>;

/// What `@since`, `@unstable` and `@deprecated` say of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stability {
    /// The version of `@since`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The feature of `@unstable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unstable: Option<String>,
    /// The version of `@deprecated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
}

impl Stability {
    /// Whether nothing is said.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// A world with everything that its items reach, each thing once.
#[derive(Clone, Debug, Serialize)]
pub struct World {
    /// The name in WIT.
    pub name: String,
    /// The package that declares it.
    pub package: PackageName,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Its stability.
    #[serde(skip_serializing_if = "Stability::is_unknown")]
    pub stability: Stability,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
    /// Every interface that is imported or exported; one that is both stands here twice.
    pub interfaces: Vec<Interface>,
    /// Every type that is reached, each after those that it uses.
    pub types: Vec<TypeDef>,
    /// Every function, of interfaces and of the world itself.
    pub functions: Vec<Function>,
    /// What the world imports, in order of declaration.
    pub imports: Vec<WorldItem>,
    /// What the world exports, in order of declaration.
    pub exports: Vec<WorldItem>,
    /// The world in binary form, for the `component-type` custom section that linkers read.
    #[serde(skip)]
    pub component_type: Vec<u8>,
}

/// An import or export of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorldItem {
    /// A whole interface.
    Interface(InterfaceId),
    /// A function of the world itself.
    Function(FunctionId),
    /// A type of the world itself, or one that it uses; always among the imports.
    Type(TypeId),
}

/// An interface as this world imports or exports it.
#[derive(Clone, Debug, Serialize)]
pub struct Interface {
    /// Its own index.
    pub id: InterfaceId,
    /// Imported or exported.
    pub direction: Direction,
    /// `operations` of `example:text/operations`, or the name that the world gives it.
    pub name: String,
    /// The name of the import or export in a component: `example:text/operations@0.1.0`, or a plain name.
    pub key: String,
    /// The package, also for an interface declared inside a world.
    pub package: PackageName,
    /// Whether it is declared inside the world, and so has a plain name alone.
    pub inline: bool,
    /// The interface that a plainly named import or export implements (`import a: ns:pkg/iface`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implements: Option<String>,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Its stability.
    #[serde(skip_serializing_if = "Stability::is_unknown")]
    pub stability: Stability,
    /// The `@external-id` of the import or export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
    /// Its types, in order of declaration.
    pub types: Vec<TypeId>,
    /// Its functions, in order of declaration, those of resources included.
    pub functions: Vec<FunctionId>,
}

/// What kind of function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionKind {
    /// Of an interface or a world.
    Freestanding,
    /// Of a resource; the first parameter is `self`, a borrow.
    Method(TypeId),
    /// Of a resource type.
    Static(TypeId),
    /// Makes a resource; the result is an own handle, or a result of one.
    Constructor(TypeId),
}

impl FunctionKind {
    /// The resource that it belongs to.
    pub fn resource(self) -> Option<TypeId> {
        match self {
            Self::Freestanding => None,
            Self::Method(id) | Self::Static(id) | Self::Constructor(id) => Some(id),
        }
    }
}

/// A parameter of a function.
#[derive(Clone, Debug, Serialize)]
pub struct Param {
    /// The name in WIT.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A function that the component imports or exports.
#[derive(Clone, Debug, Serialize)]
pub struct Function {
    /// Its own index.
    pub id: FunctionId,
    /// The name in WIT; `constructor` for a constructor.
    pub name: String,
    /// The name in a component: `[method]file.read`, or the plain name.
    pub wit_name: String,
    /// What kind.
    pub kind: FunctionKind,
    /// Whether it is declared `async`.
    #[serde(rename = "async")]
    pub is_async: bool,
    /// Whether it is a getter or a setter.
    pub is_accessor: bool,
    /// Imported or exported.
    pub direction: Direction,
    /// Its interface; none for a function of the world itself.
    pub interface: Option<InterfaceId>,
    /// Its parameters; `self` comes first for a method.
    pub params: Vec<Param>,
    /// Its result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Type>,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Its stability.
    #[serde(skip_serializing_if = "Stability::is_unknown")]
    pub stability: Stability,
    /// The `@external-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
    /// How it crosses the boundary; none for what the IR does not record (async functions).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abi: Option<FunctionAbi>,
}

impl World {
    /// The interface of `id`.
    pub fn interface(&self, id: InterfaceId) -> &Interface {
        &self.interfaces[id.0 as usize]
    }

    /// The function of `id`.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// The type of `id`.
    pub fn type_def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0 as usize]
    }

    /// Follows aliases (`type a = b`, `use`) to the type that they stand for.
    pub fn resolve_alias(&self, mut ty: Type) -> Type {
        while let Type::Id(id) = ty {
            match &self.type_def(id).kind {
                crate::TypeKind::Alias(target) => ty = *target,
                _ => break,
            }
        }
        ty
    }

    /// The interfaces of one direction, in order of declaration.
    pub fn interfaces_of(&self, direction: Direction) -> impl Iterator<Item = &Interface> {
        self.items(direction).iter().filter_map(|item| match item {
            WorldItem::Interface(id) => Some(self.interface(*id)),
            WorldItem::Function(_) | WorldItem::Type(_) => None,
        })
    }

    /// The functions of the world itself of one direction, in order of declaration.
    pub fn functions_of(&self, direction: Direction) -> impl Iterator<Item = &Function> {
        self.items(direction).iter().filter_map(|item| match item {
            WorldItem::Function(id) => Some(self.function(*id)),
            WorldItem::Interface(_) | WorldItem::Type(_) => None,
        })
    }

    /// The types of the world itself, those that it uses included, in order of declaration.
    pub fn world_types(&self) -> impl Iterator<Item = &TypeDef> {
        self.imports.iter().filter_map(|item| match item {
            WorldItem::Type(id) => Some(self.type_def(*id)),
            WorldItem::Interface(_) | WorldItem::Function(_) => None,
        })
    }

    /// The imports or the exports.
    pub fn items(&self, direction: Direction) -> &[WorldItem] {
        match direction {
            Direction::Import => &self.imports,
            Direction::Export => &self.exports,
        }
    }

    /// `example:hello/hello`, with the version when the package has one.
    pub fn qualified_name(&self) -> String {
        let PackageName { namespace, name, version } = &self.package;
        match version {
            Some(version) => format!("{namespace}:{name}/{}@{version}", self.name),
            None => format!("{namespace}:{name}/{}", self.name),
        }
    }
}
