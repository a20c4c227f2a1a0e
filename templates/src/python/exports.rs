//! What a component implements.

use askama::Template;

/// The module with the protocol of an exported interface, or of the world itself.
#[derive(Template)]
#[template(path = "python/guest/exports.py.jinja")]
pub struct ExportsView {
    /// Its docstring.
    pub doc: String,
    /// Its imports, in groups that a blank line separates.
    pub imports: Vec<Vec<String>>,
    /// `__all__ = [...]`
    pub all: String,
    /// What it declares.
    pub protocol: ProtocolView,
}

/// A protocol.
#[derive(Template)]
#[template(path = "python/guest/protocol.py.jinja")]
pub struct ProtocolView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// The classes of resources that it has: `Counter: type[Counter2]`.
    pub resources: Vec<String>,
    /// Its methods.
    pub methods: Vec<MethodView>,
}

/// A method of a protocol.
pub struct MethodView {
    /// `def greet(self, name: str) -> str:`, and ` ...` where there is no docstring.
    pub signature: String,
    /// Its docstring.
    pub doc: Option<String>,
}
