//! Functions, and the traits and blocks that hold them.

use askama::Template;

/// A function that the component imports.
#[derive(Template)]
#[template(path = "rust/guest/import_function.rs.jinja")]
pub struct ImportFunctionView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// From `pub fn` to `{`.
    pub signature: String,
    /// Declares the core function.
    pub declaration: String,
    /// What lowers, calls and lifts.
    pub body: Vec<String>,
}

/// The methods of an imported resource.
#[derive(Template)]
#[template(path = "rust/guest/impl_block.rs.jinja")]
pub struct ImplBlockView {
    /// What an item around it is allowed, where no module says so.
    pub allowed: Vec<String>,
    /// The resource.
    pub name: String,
    /// The methods, rendered and indented.
    pub body: String,
}

/// What implements an exported interface, or the exported functions of the world.
#[derive(Template)]
#[template(path = "rust/guest/guest_trait.rs.jinja")]
pub struct GuestTraitView {
    /// One line.
    pub doc: String,
    /// Attributes.
    pub head: Vec<String>,
    /// Its types and functions, rendered and indented.
    pub items: Vec<String>,
}

/// A function of a trait.
#[derive(Template)]
#[template(path = "rust/guest/trait_function.rs.jinja")]
pub struct TraitFunctionView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// From `fn` to `;`.
    pub signature: String,
}

/// What stands behind an exported function.
#[derive(Template)]
#[template(path = "rust/guest/export_function.rs.jinja")]
pub struct ExportFunctionView {
    /// Attributes.
    pub head: Vec<String>,
    /// From `pub unsafe fn` to `{`.
    pub signature: String,
    /// Whether static constructors run first.
    pub constructors: bool,
    /// What lifts, calls and lowers, or frees.
    pub body: Vec<String>,
}
