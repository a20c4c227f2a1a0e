//! Test guests of the conformance suite.

use askama::Template;

use super::NamespaceImportView;

/// A guest that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "js/testee/exporter.js.jinja")]
pub struct ExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A guest that calls them, and the functions under test.
#[derive(Template)]
#[template(path = "js/testee/importer.js.jinja")]
pub struct ImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A program that calls the interfaces of the types under test.
#[derive(Template)]
#[template(path = "js/host-testee/importer.js.jinja")]
pub struct HostImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
    /// Wrong arguments.
    pub misuses: Vec<MisuseView>,
}

/// A program that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "js/host-testee/exporter.js.jinja")]
pub struct HostExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A wrong argument.
pub struct MisuseView {
    /// The function, behind the instance.
    pub function: String,
    /// Whether it returns or throws what the value holds.
    pub is_result: bool,
    /// The argument.
    pub argument: String,
    /// A good one.
    pub good: String,
}

/// What both kinds of guests hold.
pub struct TesteeView {
    /// The modules of imported interfaces.
    pub imports: Vec<NamespaceImportView>,
    /// The types under test.
    pub groups: Vec<GroupView>,
    /// The calls of functions under test.
    pub calls: Vec<CallView>,
}

/// A type under test.
pub struct GroupView {
    /// The module of its interface, or the property that it is exported as.
    pub name: String,
    /// The function that gives back what it gets.
    pub roundtrip: String,
    /// The function that compares.
    pub check: String,
    /// The function that gives a value.
    pub give: String,
    /// Whether functions return or throw what the value holds.
    pub is_result: bool,
    /// Every value.
    pub values: Vec<String>,
}

/// A call of a function under test.
pub struct CallView {
    /// The function.
    pub function: String,
    /// Its arguments.
    pub args: String,
    /// What it returns.
    pub expected: String,
    /// Whether it returns or throws what the value holds.
    pub is_result: bool,
}
