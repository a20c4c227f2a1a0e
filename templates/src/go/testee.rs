//! Test guests of the conformance suite.

use askama::Template;

use super::ImportView;

/// A guest that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "go/testee/exporter.go.jinja")]
pub struct ExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A guest that calls them, and the functions under test.
#[derive(Template)]
#[template(path = "go/testee/importer.go.jinja")]
pub struct ImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A program that implements the interfaces of the types under test.
#[derive(Template)]
#[template(path = "go/host-testee/exporter.go.jinja")]
pub struct HostExporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
}

/// A program that calls them, and the functions under test.
#[derive(Template)]
#[template(path = "go/host-testee/importer.go.jinja")]
pub struct HostImporterView {
    /// What both kinds hold.
    pub testee: TesteeView,
    /// Wrong arguments.
    pub misuses: Vec<MisuseView>,
}

/// A wrong argument and a good one.
pub struct MisuseView {
    /// The wrong one; none where Go compiles no such thing.
    pub wrong: Option<String>,
    /// The good one.
    pub good: String,
    /// Their type.
    pub subject: String,
    /// The method that takes them.
    pub call: String,
    /// The function that makes one value of its results.
    pub collect: String,
}

/// What both kinds of guests hold.
pub struct TesteeView {
    /// What the file imports.
    pub imports: Vec<Vec<ImportView>>,
    /// The name of the package of the world itself, for importers.
    pub root: String,
    /// The types under test.
    pub groups: Vec<GroupView>,
    /// The calls of functions under test.
    pub calls: Vec<CallView>,
}

/// A type under test.
pub struct GroupView {
    /// What its functions and types are called here.
    pub name: String,
    /// The package of its interface; in hosts, the field that has or takes it.
    pub package: String,
    /// The type.
    pub subject: String,
    /// The results of a function that returns it, with a space before them.
    pub results: String,
    /// The function that gives back what it gets.
    pub roundtrip: String,
    /// The function that compares.
    pub check: String,
    /// The function that gives a value.
    pub give: String,
    /// How `value` is returned.
    pub returned: String,
    /// The function that makes one value of those results.
    pub collect: String,
    /// Every value.
    pub values: Vec<String>,
}

/// A call of a function under test.
pub struct CallView {
    /// The call.
    pub call: String,
    /// The function that makes one value of its results; none when it has none.
    pub collect: Option<String>,
    /// What it returns; none when it returns nothing or traps.
    pub expected: Option<String>,
}
