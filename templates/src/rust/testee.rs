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

impl GroupView {
    /// The argument `value` of an imported function, in the importer.
    pub fn argument(&self) -> String {
        if self.borrows { "&wanted".to_owned() } else { format!("value_{}(value)", self.name) }
    }
}

/// What both kinds of host programs have.
pub struct HostTesteeView {
    /// The type of the world.
    pub world: String,
    /// Whether the guest imports anything.
    pub has_imports: bool,
    /// The modules of imported interfaces that have only types.
    pub types: Vec<String>,
    /// The methods that give the exported interfaces of the types under test, in their order.
    pub accessors: Vec<String>,
}

/// A host program that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "rust/host-testee/exporter.rs.jinja")]
pub struct HostExporterView {
    /// The values and types.
    pub testee: TesteeView,
    /// The bindings.
    pub host: HostTesteeView,
    /// The function `run` of the guest.
    pub run: String,
    /// The function `call` of the guest.
    pub call: String,
}

/// A host program that calls them, and the functions under test.
#[derive(Template)]
#[template(path = "rust/host-testee/importer.rs.jinja")]
pub struct HostImporterView {
    /// The values and types.
    pub testee: TesteeView,
    /// The bindings.
    pub host: HostTesteeView,
}

/// The `Cargo.toml` of a host program.
#[derive(Template)]
#[template(path = "rust/host-testee/manifest.toml.jinja")]
pub struct HostManifestView {
    /// The name of the package.
    pub package: String,
    /// The version of wasmtime.
    pub wasmtime: String,
}
