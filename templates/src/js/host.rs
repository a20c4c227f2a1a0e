//! Views of host bindings, beside those that they share with guests.

use askama::Template;

/// The module that programs import.
#[derive(Debug, Template)]
#[template(path = "js/host/index.js.jinja")]
pub struct IndexView {
    /// The first comment.
    pub header: String,
}

/// The module that moves values, and describes the world to the runtime.
#[derive(Debug, Template)]
#[template(path = "js/host/glue.js.jinja")]
pub struct GlueView {
    /// The first comment.
    pub header: String,
    /// The import of what it needs of the runtime; none when it needs nothing.
    pub imports: Option<String>,
    /// Constants, each in lines of its own.
    pub constants: String,
    /// Checks of types.
    pub helpers: Vec<HelperView>,
    /// A function for each of the world's.
    pub functions: Vec<GlueFunctionView>,
    /// The name of the world, quoted.
    pub name: String,
    /// What it imports.
    pub imported: Vec<PartView>,
    /// What it exports.
    pub exported: Vec<PartView>,
}

/// A function that checks values of a type.
#[derive(Debug)]
pub struct HelperView {
    /// The type, for people.
    pub doc: String,
    /// Its name.
    pub name: String,
    /// Its body, indented.
    pub lines: Vec<String>,
}

/// A function that makes one of the world's functions.
#[derive(Debug)]
pub struct GlueFunctionView {
    /// The function in WIT.
    pub wit: String,
    /// Its own name.
    pub name: String,
    /// What the body needs of `func`: `core, memory`.
    pub uses: Option<String>,
    /// What it returns, indented.
    pub lines: Vec<String>,
}

/// An interface, or what the world has itself.
#[derive(Debug)]
pub struct PartView {
    /// The name of the interface in WIT, and what users call it, both quoted.
    pub interface: Option<(String, String)>,
    /// Its resources.
    pub resources: Vec<ResourceView>,
    /// Its functions.
    pub functions: Vec<PartFunctionView>,
}

/// A resource of a part.
#[derive(Debug)]
pub struct ResourceView {
    /// Its name in WIT, quoted.
    pub wit: String,
    /// The name of its class, quoted.
    pub class: String,
    /// The constant that stands for it.
    pub constant: String,
    /// Whether the component defines it.
    pub is_defined: bool,
}

/// A function of a part.
#[derive(Debug)]
pub struct PartFunctionView {
    /// Its name in WIT, quoted.
    pub wit: String,
    /// What users call it, quoted.
    pub name: String,
    /// The class that it belongs to, quoted.
    pub class: Option<String>,
    /// Its types, quoted.
    pub types: String,
    /// What makes it.
    pub make: String,
}

/// The declarations of the module that programs import.
#[derive(Debug, Template)]
#[template(path = "js/host/index.d.ts.jinja")]
pub struct IndexTypesView {
    /// The first comment.
    pub header: String,
    /// What `instantiate` does.
    pub first: String,
    /// A question mark where the imports may be left out.
    pub optional: &'static str,
}

/// The module that programs import, in TypeScript.
#[derive(Debug, Template)]
#[template(path = "js/host/index.ts.jinja")]
pub struct TypedIndexView {
    /// The first comment.
    pub header: String,
    /// What `instantiate` does.
    pub first: String,
    /// A question mark where the imports may be left out.
    pub optional: &'static str,
}
