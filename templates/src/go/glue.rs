//! What crosses the boundary of the component.

use askama::Template;

use super::package::ImportView;

/// The file that is compiled for wasm alone.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/glue.go.jinja")]
pub struct GlueView {
    /// The line that says that the file is generated.
    pub header: &'static str,
    /// The name of the package.
    pub package: String,
    /// In groups that a blank line parts.
    pub imports: Vec<Vec<ImportView>>,
    /// Size of the area that results of exports are returned in, in 64-bit words.
    pub returned_words: Option<u32>,
    /// Whether the program registers an implementation.
    pub has_implementation: bool,
    /// Core imports.
    pub raw_imports: Vec<RawImportView>,
    /// Core exports without a body of their own.
    pub raw_exports: Vec<RawExportView>,
    /// Their wrappers.
    pub calls: Vec<CallView>,
    /// Core exports.
    pub exports: Vec<GoExportView>,
}

/// A function that the core module imports.
#[derive(Clone, Debug)]
pub struct RawImportView {
    /// The core module name.
    pub module: String,
    /// The core name.
    pub symbol: String,
    /// Its name in Go.
    pub name: String,
    /// `arg0 unsafe.Pointer, arg1 uint32`
    pub params: String,
    /// `""`, or a space and its type.
    pub result: String,
}

/// A destructor.
#[derive(Clone, Debug)]
pub struct RawExportView {
    /// The core name.
    pub symbol: String,
    /// The name of the resource.
    pub resource: String,
}

/// The body of an imported function.
#[derive(Clone, Debug)]
pub struct CallView {
    /// Its name.
    pub name: String,
    /// `arg0 string, arg1 uint32`
    pub params: String,
    /// `""`, or a space and `string` or `(string, error)`
    pub results: String,
    /// Statements, indented by tabs.
    pub body: Vec<String>,
}

/// A function that the core module exports.
#[derive(Clone, Debug)]
pub struct GoExportView {
    /// The core name.
    pub symbol: String,
    /// Its name in Go.
    pub name: String,
    /// `arg0 unsafe.Pointer, arg1 uint32`
    pub params: String,
    /// `""`, or a space and its type.
    pub result: String,
    /// Statements, indented by tabs.
    pub body: Vec<String>,
    /// The core name of the function that runs after the result was read.
    pub post_return: Option<String>,
    /// Its name in Go.
    pub post_name: String,
    /// Its types.
    pub post_params: String,
}

/// The file that stands for the imports where there are none: outside of a component.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/stubs.go.jinja")]
pub struct StubsView {
    /// The line that says that the file is generated.
    pub header: &'static str,
    /// The name of the package.
    pub package: String,
    /// In groups that a blank line parts.
    pub imports: Vec<Vec<ImportView>>,
    /// One for each import.
    pub stubs: Vec<StubView>,
}

/// A function that panics.
#[derive(Clone, Debug)]
pub struct StubView {
    /// Its name.
    pub name: String,
    /// `string, uint32`
    pub params: String,
    /// `""`, or a space and `string` or `(string, error)`
    pub results: String,
    /// What it stands for.
    pub what: String,
}
