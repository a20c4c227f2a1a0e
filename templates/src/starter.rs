//! New projects: the files that `witgen new` writes.

use askama::Template;

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
}

/// The source in Go.
#[derive(Template)]
#[template(path = "starter/go/main.go.jinja")]
pub struct GoSourceView {
    /// The name of the project.
    pub name: String,
}
