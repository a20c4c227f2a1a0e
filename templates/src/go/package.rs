//! The API of a package.

use askama::Template;

use super::types::TypeView;

/// One import declaration.
#[derive(Clone, Debug)]
pub struct ImportView {
    /// The path in quotes, after the name where that is not the package's own.
    pub spec: String,
}

/// The file that people read: types and functions with their comments.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/package.go.jinja")]
pub struct PackageView {
    /// The line that says that the file is generated.
    pub header: &'static str,
    /// Of the package.
    pub comment: String,
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
    pub comment: String,
    /// `(file *File) Read` for a method.
    pub name: String,
    /// `name string, count uint32`
    pub params: String,
    /// `""`, or a space and `string` or `(string, error)`
    pub results: String,
    /// The call of the glue, with `return` when there is a result.
    pub call: String,
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
    /// `""`, or a space and `string` or `(string, error)`
    pub results: String,
}
