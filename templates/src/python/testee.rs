//! Test guests of the conformance suite.

use askama::Template;

/// A guest that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "python/testee/exporter.py.jinja")]
pub struct ExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A guest that calls them, and the functions under test.
#[derive(Template)]
#[template(path = "python/testee/importer.py.jinja")]
pub struct ImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A program that calls the interfaces of the types under test.
#[derive(Template)]
#[template(path = "python/host-testee/importer.py.jinja")]
pub struct HostImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
    /// The class of the world.
    pub world: String,
    /// Wrong arguments.
    pub misuses: Vec<MisuseView>,
}

/// A program that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "python/host-testee/exporter.py.jinja")]
pub struct HostExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
    /// The class of the world.
    pub world: String,
    /// The class of what it is given.
    pub imports: String,
    /// The function `run`.
    pub run: String,
    /// The function `call`.
    pub call: String,
}

/// A wrong argument.
pub struct MisuseView {
    /// The function, which never raises an error of WIT.
    pub call: String,
    /// The argument.
    pub argument: String,
    /// A good one.
    pub good: String,
}

/// What both kinds of guests hold.
pub struct TesteeView {
    /// The modules of the bindings.
    pub modules: Vec<String>,
    /// The types under test.
    pub groups: Vec<GroupView>,
    /// The calls of functions under test.
    pub calls: Vec<CallView>,
    /// The class of what the world itself exports.
    pub world_class: String,
}

/// A type under test.
pub struct GroupView {
    /// The module of its interface.
    pub name: String,
    /// The class that implements the interface.
    pub class: String,
    /// The field of a host's imports for it.
    pub attribute: String,
    /// The function that gives back what it gets.
    pub roundtrip: String,
    /// The function that compares.
    pub check: String,
    /// The function that gives a value.
    pub give: String,
    /// What the exported function returns.
    pub roundtrip_result: String,
    /// What the exported function returns.
    pub give_result: String,
    /// The imported function, which never raises.
    pub roundtrip_call: String,
    /// The imported function.
    pub check_call: String,
    /// The imported function, which never raises.
    pub give_call: String,
    /// Every value.
    pub values: Vec<String>,
}

/// A call of a function under test.
pub struct CallView {
    /// The function, which never raises.
    pub function: String,
    /// Its arguments.
    pub args: String,
    /// What it returns, when it does not trap.
    pub expected: String,
}
