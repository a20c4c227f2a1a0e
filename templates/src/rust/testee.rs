//! Test guests of the conformance suite.

use askama::Template;

/// A guest that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "rust/testee/exporter.rs.jinja")]
pub struct ExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A guest that calls them, and the functions under test.
#[derive(Template)]
#[template(path = "rust/testee/importer.rs.jinja")]
pub struct ImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// Its `Cargo.toml`.
#[derive(Template)]
#[template(path = "rust/testee/manifest.toml.jinja")]
pub struct ManifestView {
    /// The name of the package.
    pub package: String,
}

/// What both kinds of guests hold.
pub struct TesteeView {
    /// The file of the bindings without its extension.
    pub bindings: String,
    /// The types under test.
    pub groups: Vec<GroupView>,
    /// The calls of functions under test.
    pub calls: Vec<CallView>,
}

/// A type under test.
pub struct GroupView {
    /// What its functions are called here.
    pub name: String,
    /// The module of its interface.
    pub module: String,
    /// The type.
    pub subject: String,
    /// Whether imported functions take a reference.
    pub borrows: bool,
    /// Whether the debug text has parts without an order.
    pub holds_map: bool,
    /// The function that gives back what it gets.
    pub roundtrip: String,
    /// The function that compares.
    pub check: String,
    /// The function that gives a value.
    pub give: String,
    /// Every value.
    pub values: Vec<String>,
}

/// A call of a function under test.
pub struct CallView {
    /// The call.
    pub call: String,
    /// What it returns; none when it returns nothing or traps.
    pub expected: Option<String>,
    /// Whether the debug text has parts without an order.
    pub holds_map: bool,
}
