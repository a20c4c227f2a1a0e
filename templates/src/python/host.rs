//! Views of host bindings.

use askama::Template;

use super::{ErrorView, TypeView};

/// The module of an interface, or of the world itself.
#[derive(Template)]
#[template(path = "python/host/module.py.jinja")]
pub struct ModuleView {
    /// Its docstring.
    pub doc: String,
    /// Its imports, in groups that a blank line separates.
    pub imports: Vec<Vec<String>>,
    /// `__all__ = [...]`
    pub all: String,
    /// Its classes and aliases, in the order in which they need each other.
    pub items: Vec<ItemView>,
    /// Statements that tell the run time about its types and functions.
    pub setup: Vec<String>,
}

/// A class or alias of a module.
pub enum ItemView {
    /// A type that is no resource.
    Type(TypeView),
    /// The exception of a function.
    Error(ErrorView),
    /// What a program implements.
    Protocol(ProtocolView),
    /// A resource that a component implements.
    Resource(ResourceClassView),
    /// An interface that a component exports.
    Interface(InterfaceClassView),
    /// What a component of the world is given.
    Imports(ImportsView),
    /// The world.
    World(WorldView),
}

/// A resource or an interface that a program implements.
#[derive(Template)]
#[template(path = "python/host/protocol.py.jinja")]
pub struct ProtocolView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// The classes of resources that it has, which may be others that fit.
    pub resources: Vec<ResourceAttributeView>,
    /// Its methods.
    pub methods: Vec<AbstractMethodView>,
}

/// An attribute for the class of a resource.
pub struct ResourceAttributeView {
    /// The attribute.
    pub name: String,
    /// The class, by a name that the attribute does not hide.
    pub class: String,
}

/// A method of a protocol.
pub struct AbstractMethodView {
    /// Whether it is called on the class.
    pub is_static: bool,
    /// `def greet(self, name: str) -> str:`, and ` ...` where there is no docstring.
    pub signature: String,
    /// Its docstring.
    pub doc: Option<String>,
}

/// A resource that a component implements.
#[derive(Template)]
#[template(path = "python/host/resource.py.jinja")]
pub struct ResourceClassView {
    /// The class.
    pub name: String,
    /// `Resource`
    pub base: String,
    /// Its docstring.
    pub doc: String,
    /// Its constructor, methods and static functions.
    pub methods: Vec<MethodView>,
}

/// An interface that a component exports.
#[derive(Template)]
#[template(path = "python/host/interface.py.jinja")]
pub struct InterfaceClassView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// Its functions.
    pub methods: Vec<MethodView>,
}

/// A method that calls a component.
#[derive(Template)]
#[template(path = "python/host/method.py.jinja")]
pub struct MethodView {
    /// `@staticmethod` and the like.
    pub decorators: Vec<String>,
    /// `def add(self, number: int) -> int:`
    pub signature: String,
    /// Its docstring.
    pub doc: Option<String>,
    /// The statement.
    pub body: String,
}

/// What a component of the world is given.
#[derive(Template)]
#[template(path = "python/host/imports.py.jinja")]
pub struct ImportsView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// Its fields.
    pub fields: Vec<ImportView>,
}

/// A field for an interface, a resource or a function of the world.
pub struct ImportView {
    /// `host: Host`
    pub field: String,
    /// Its docstring.
    pub doc: Option<String>,
}

/// The world.
#[derive(Template)]
#[template(path = "python/host/world.py.jinja")]
pub struct WorldView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// `Component | str | PathLike[str] | bytes`
    pub component: String,
    /// The annotation of grants.
    pub grants: String,
    /// `__slots__ = (...)`
    pub slots: String,
    /// An attribute for each interface that is exported.
    pub attributes: Vec<AttributeView>,
    /// `imports: Imports,`
    pub imports_param: Option<String>,
    /// The class of the imports, when all of them may be left out.
    pub default_imports: Option<String>,
    /// The statement that makes and wraps an instance.
    pub load: String,
    /// The functions of the world itself.
    pub methods: Vec<MethodView>,
}

/// An attribute of the world for an interface that is exported.
pub struct AttributeView {
    /// `api`
    pub name: String,
    /// `Api`
    pub class: String,
}
