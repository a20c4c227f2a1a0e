//! Host bindings.

use askama::Template;

use super::package::{ImportView, MethodView};
use super::types::TypeView;

/// The file that people read.
#[derive(Clone, Debug, Template)]
#[template(path = "go/host/package.go.jinja")]
pub struct HostPackageView {
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
    /// What the program implements.
    pub given: Option<GivenView>,
    /// What the component exports.
    pub exports: Option<HostExportsView>,
    /// How an instance is made; of the package of the world alone.
    pub world: Option<HostWorldView>,
}

/// An interface that the program implements.
#[derive(Clone, Debug)]
pub struct GivenView {
    /// Its name.
    pub name: &'static str,
    /// Its own.
    pub comment: String,
    /// One for each imported function.
    pub methods: Vec<MethodView>,
}

/// The functions that the component exports.
#[derive(Clone, Debug)]
pub struct HostExportsView {
    /// The name of its type.
    pub name: &'static str,
    /// Whether the package declares the type and the function that makes it.
    pub is_own: bool,
    /// Fields that hold functions, padded to one width.
    pub fields: Vec<String>,
    /// Statements that fill it.
    pub binding: Vec<String>,
    /// Its methods and those of resources.
    pub methods: Vec<HostMethodView>,
}

/// A method that calls the component.
#[derive(Clone, Debug)]
pub struct HostMethodView {
    /// Its own.
    pub comment: String,
    /// The type that it belongs to, such as `*Exports`.
    pub receiver: String,
    /// Its name.
    pub name: String,
    /// `ctx context.Context, name string`
    pub params: String,
    /// `(string, error)`
    pub results: String,
    /// The call of the glue.
    pub call: String,
}

/// An instance of a world.
#[derive(Clone, Debug)]
pub struct HostWorldView {
    /// The full name of the world.
    pub world: String,
    /// What a component is given.
    pub imports: Vec<HostFieldView>,
    /// Exported interfaces.
    pub exports: Vec<HostFieldView>,
    /// Statements that give the imports to the linker.
    pub linking: Vec<String>,
    /// Statements that find the exports.
    pub binding: Vec<String>,
    /// Fields that hold functions of the world itself, padded to one width.
    pub fields: Vec<String>,
}

/// A field for an interface.
#[derive(Clone, Debug)]
pub struct HostFieldView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: String,
}

/// A program that calls a component, for the comment of a package.
#[derive(Clone, Debug, Template)]
#[template(path = "go/host/example.go.jinja")]
pub struct HostExampleView {
    /// In groups that a blank line parts.
    pub imports: Vec<Vec<ImportView>>,
    /// `ctx context.Context, name string`
    pub params: String,
    /// Where the component is.
    pub directory: String,
    /// The package of the world, as the program knows it.
    pub package: String,
    /// Whether an instance is given anything.
    pub has_imports: bool,
    /// None where no function can be called without more ado.
    pub call: Option<HostExampleCallView>,
}

/// A call in such a program.
#[derive(Clone, Debug)]
pub struct HostExampleCallView {
    /// The call.
    pub call: String,
    /// `value`, `value0, value1`, or nothing.
    pub values: String,
    /// Whether the value is a resource that is closed.
    pub closes: bool,
}

/// The file with what crosses the boundary.
#[derive(Clone, Debug, Template)]
#[template(path = "go/host/glue.go.jinja")]
pub struct HostGlueView {
    /// The line that says that the file is generated.
    pub header: &'static str,
    /// The name of the package.
    pub package: String,
    /// In groups that a blank line parts.
    pub imports: Vec<Vec<ImportView>>,
    /// Functions that the component calls.
    pub given: Option<GivenGlueView>,
    /// Functions that call the component.
    pub calls: Vec<HostCallView>,
}

/// What gives an implementation to a linker.
#[derive(Clone, Debug)]
pub struct GivenGlueView {
    /// `AddImports(linker *host.Linker, imports Imports)`
    pub signature: String,
    /// Whether it is for other packages.
    pub is_public: bool,
    /// Statements that give resources.
    pub resources: Vec<String>,
    /// One for each function.
    pub functions: Vec<GivenFunctionView>,
}

/// A function that the component calls.
#[derive(Clone, Debug)]
pub struct GivenFunctionView {
    /// Its name and types, as Go literals.
    pub name: String,
    /// Its types, as a Go literal.
    pub signature: String,
    /// `stack`, or `_` where nothing is on it.
    pub stack: &'static str,
    /// Statements, indented by tabs.
    pub body: Vec<String>,
}

/// A function that calls the component.
#[derive(Clone, Debug)]
pub struct HostCallView {
    /// `(r *Exports) callAdd`
    pub name: String,
    /// `ctx context.Context, arg0 string`
    pub params: String,
    /// `value string, err error`
    pub results: String,
    /// Statements, indented by tabs.
    pub body: Vec<String>,
}

/// A resource that the program implements.
#[derive(Clone, Debug, Template)]
#[template(path = "go/host/given_resource.go.jinja")]
pub struct GivenResourceView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// What the program implements.
    pub methods: Vec<MethodView>,
    /// The variable that stands for it.
    pub kind: String,
    /// Its name in WIT.
    pub wit: String,
}

/// A resource of the component.
#[derive(Clone, Debug, Template)]
#[template(path = "go/host/resource.go.jinja")]
pub struct ComponentResourceView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// The variable that stands for it.
    pub kind: String,
    /// The function that makes it from a handle.
    pub lift: String,
    /// Its name in WIT.
    pub wit: String,
}
