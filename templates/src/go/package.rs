//! The API of a package.

use askama::Template;

use super::types::TypeView;

/// One import declaration.
#[derive(Clone, Debug)]
pub struct ImportView {
    /// Where it differs from the name of the package.
    pub alias: Option<String>,
    /// What is imported.
    pub path: String,
}

/// The file that people read: types and functions with their comments.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/package.go.jinja")]
pub struct PackageView {
    /// The line that says that the file is generated.
    pub header: &'static str,
    /// Of the package.
    pub comment: Vec<String>,
    /// Of the package clause.
    pub name: String,
    /// In groups that a blank line parts.
    pub imports: Vec<Vec<ImportView>>,
    /// In order of declaration.
    pub types: Vec<TypeView>,
    /// What the component imports.
    pub functions: Vec<FunctionView>,
    /// What it exports.
    pub exports: Option<ExportsView>,
}

/// An imported function.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/function.go.jinja")]
pub struct FunctionView {
    /// Its own.
    pub comment: Vec<String>,
    /// `(file *File) Read` for a method.
    pub name: String,
    /// `name string, count uint32`
    pub params: String,
    /// `""`, `string`, `(string, error)`
    pub results: String,
    /// The call of the glue.
    pub call: String,
    /// Whether the call is returned.
    pub has_result: bool,
}

/// What the program implements, and how it says so.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/exports.go.jinja")]
pub struct ExportsView {
    /// The name of the package.
    pub package: String,
    /// One for each exported function.
    pub methods: Vec<MethodView>,
}

/// A method of an interface.
#[derive(Clone, Debug)]
pub struct MethodView {
    /// Its own.
    pub comment: Vec<String>,
    /// Its name.
    pub name: String,
    /// `name string, count uint32`
    pub params: String,
    /// `""`, `string`, `(string, error)`
    pub results: String,
}
