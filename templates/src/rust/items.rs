//! The file and what surrounds types and functions.

use askama::Template;

/// The file of a world.
#[derive(Template)]
#[template(path = "rust/shared/file.rs.jinja")]
pub struct FileView {
    /// The qualified name of the world.
    pub world: String,
    /// How the file is used, as comment lines without `//`.
    pub usage: Vec<String>,
    /// The items, rendered.
    pub items: Vec<String>,
}

/// A module.
#[derive(Template)]
#[template(path = "rust/shared/module.rs.jinja")]
pub struct ModuleView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its items, rendered and indented.
    pub body: String,
}

/// The embedded support code.
#[derive(Template)]
#[template(path = "rust/guest/runtime.rs.jinja")]
pub struct RuntimeView {
    /// Attributes.
    pub head: Vec<String>,
    /// The sources, indented.
    pub body: String,
}

/// The macro that exports a type.
#[derive(Template)]
#[template(path = "rust/guest/export_macro.rs.jinja")]
pub struct ExportMacroView {
    /// Attributes.
    pub head: Vec<String>,
    /// Its name, which users do not see.
    pub name: String,
    /// `pub` or `pub(crate)`.
    pub visibility: String,
    /// The core functions.
    pub exports: Vec<CoreExportView>,
    /// Whether it defines the allocator's entry where the target has none.
    pub realloc: bool,
}

/// A core function that the component exports.
pub struct CoreExportView {
    /// Attributes.
    pub allowed: Vec<String>,
    /// Its name in the core module.
    pub symbol: String,
    /// `arg0: i32, arg1: usize`
    pub params: String,
    /// ` -> i32`, or nothing.
    pub result: String,
    /// What it calls, from the root of the bindings.
    pub path: String,
    /// The type that implements it.
    pub implementer: String,
    /// `arg0, arg1`
    pub args: String,
}

/// The section from which linkers learn the world.
#[derive(Template)]
#[template(path = "rust/guest/component_type.rs.jinja")]
pub struct ComponentTypeView {
    /// What an item around it is allowed, where no module says so.
    pub allowed: Vec<String>,
    /// The name of the section.
    pub section: String,
    /// The number of bytes.
    pub size: usize,
    /// The bytes, as lines of a byte string.
    pub bytes: String,
}

/// What keeps the section with the world.
#[derive(Template)]
#[template(path = "rust/guest/link.rs.jinja")]
pub struct LinkView {
    /// The path to the root, with `::` at its end.
    pub root: String,
}

/// Static memory for results.
#[derive(Template)]
#[template(path = "rust/guest/area.rs.jinja")]
pub struct AreaView {
    /// Bytes.
    pub size: u32,
}

/// What `export!` makes the allocator's entry of.
#[derive(Template)]
#[template(path = "rust/guest/reallocate.rs.jinja")]
pub struct ReallocateView {
    /// What an item around it is allowed, where no module says so.
    pub allowed: Vec<String>,
}
