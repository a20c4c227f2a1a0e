//! New projects: the files that `witgen new` writes.

use std::fmt::Display;

use askama::Template;

use crate::go::{ImportView, MethodView};

/// A view as the text of a file.
pub fn text(view: &dyn Display) -> String {
    format!("{}\n", view.to_string().trim())
}

/// The world, `world.wit`.
#[derive(Template)]
#[template(path = "starter/world.wit.jinja")]
pub struct WorldView {
    /// The name of the project.
    pub name: String,
}

/// `witgen.toml`.
#[derive(Template)]
#[template(path = "starter/witgen.toml.jinja")]
pub struct ProjectView {
    /// The id of the language.
    pub language: String,
    /// The WIT, as TOML.
    pub wit: String,
    /// The world.
    pub world: String,
}

/// `Cargo.toml`.
#[derive(Template)]
#[template(path = "starter/rust/Cargo.toml.jinja")]
pub struct CargoView {
    /// The name of the project.
    pub name: String,
}

/// The source in Rust.
#[derive(Template)]
#[template(path = "starter/rust/lib.rs.jinja")]
pub struct RustSourceView;

/// The source in Python.
#[derive(Template)]
#[template(path = "starter/python/app.py.jinja")]
pub struct PythonSourceView;

/// `package.json`.
#[derive(Template)]
#[template(path = "starter/js/package.json.jinja")]
pub struct PackageView;

/// The source in JavaScript.
#[derive(Template)]
#[template(path = "starter/js/app.js.jinja")]
pub struct JsSourceView;

/// `go.mod`.
#[derive(Template)]
#[template(path = "starter/go/go.mod.jinja")]
pub struct GoModView {
    /// The name of the project.
    pub name: String,
    /// The version of Go.
    pub version: String,
}

/// The source in Go.
#[derive(Template)]
#[template(path = "starter/go/main.go.jinja")]
pub struct GoSourceView {
    /// The name of the project.
    pub name: String,
}

/// The source in Python for a world.
#[derive(Template)]
#[template(path = "starter/python/stubs.py.jinja")]
pub struct PythonStubsView {
    /// The docstring.
    pub doc: String,
    /// The statements.
    pub imports: Vec<String>,
    /// What implements the exports.
    pub classes: Vec<PythonClassView>,
}

/// A class that is to be written.
pub struct PythonClassView {
    /// The name.
    pub name: String,
    /// The protocol that it implements.
    pub base: String,
    /// The attributes that name classes of resources.
    pub resources: Vec<String>,
    /// The methods.
    pub methods: Vec<PythonMethodView>,
}

/// A method that is to be written.
pub struct PythonMethodView {
    /// Whether it is called without an instance.
    pub is_static: bool,
    /// All up to the body.
    pub signature: String,
}

/// The source in JavaScript for a world.
#[derive(Template)]
#[template(path = "starter/js/stubs.js.jinja")]
pub struct JsStubsView {
    /// The full name of the world.
    pub world: String,
    /// What `@import` takes.
    pub imports: Vec<String>,
    /// The classes of resources.
    pub classes: Vec<JsClassView>,
    /// The functions of the world itself.
    pub functions: Vec<JsFunctionView>,
    /// The interfaces.
    pub objects: Vec<JsObjectView>,
}

/// A class that is to be written.
pub struct JsClassView {
    /// The name.
    pub name: String,
    /// The type that it implements, in braces.
    pub implements: String,
    /// The methods.
    pub methods: Vec<JsFunctionView>,
}

/// A function that is to be written.
pub struct JsFunctionView {
    /// The lines of its comment, if it has one.
    pub comment: Vec<String>,
    /// All up to the body, with its indentation.
    pub signature: String,
}

/// The object of an exported interface.
pub struct JsObjectView {
    /// The property.
    pub key: String,
    /// The properties that are classes.
    pub classes: Vec<String>,
    /// The functions.
    pub functions: Vec<JsFunctionView>,
}

/// The source in Rust with stubs for the exports of a world.
#[derive(Template)]
#[template(path = "starter/rust/stubs.rs.jinja")]
pub struct RustStubsView {
    /// The doc comment of the file.
    pub docs: Vec<String>,
    /// Whether stubs have parameters.
    pub has_params: bool,
    /// Whether the world exports what is deprecated.
    pub is_deprecated: bool,
    /// Whether stubs name `BTreeMap`.
    pub has_maps: bool,
    /// The file with the bindings.
    pub bindings: String,
    /// The imports from the bindings.
    pub uses: Vec<String>,
    /// The type that exports everything, if anything is exported.
    pub component: Option<String>,
    /// What is implemented.
    pub impls: Vec<RustImplView>,
}

/// A trait that is implemented.
pub struct RustImplView {
    /// The doc comment of the implementing type, if it is declared here.
    pub declared: Option<Vec<String>>,
    /// The trait.
    pub bound: String,
    /// The implementing type.
    pub implementer: String,
    /// The associated types.
    pub types: Vec<String>,
    /// The signatures of the functions, with the brace behind them, and an empty line before all but the first item.
    pub functions: Vec<String>,
}

/// The source in Go for a world of one's own.
#[derive(Template)]
#[template(path = "starter/go/stubs.go.jinja")]
pub struct GoStubsView {
    /// Of the command.
    pub comment: String,
    /// In groups that a blank line parts.
    pub imports: Vec<Vec<ImportView>>,
    /// In order of declaration.
    pub stubs: Vec<GoStubView>,
    /// The calls that say what implements the exports.
    pub exports: Vec<String>,
}

/// A type that implements something of the bindings.
#[derive(Default)]
pub struct GoStubView {
    /// Its own.
    pub comment: String,
    /// Its own.
    pub name: String,
    /// The resource that it implements.
    pub implements: Option<String>,
    /// `app`, or `c *counter`
    pub receiver: String,
    /// One for each function.
    pub methods: Vec<MethodView>,
}
