//! The module of an interface.

use askama::Template;

use super::{ErrorView, FunctionView, TypeView};

/// The module of an interface, or of the world itself.
#[derive(Template)]
#[template(path = "python/guest/module.py.jinja")]
pub struct ModuleView {
    /// Its docstring.
    pub doc: String,
    /// Its imports, in groups that a blank line separates.
    pub imports: Vec<Vec<String>>,
    /// `__all__ = [...]`
    pub all: String,
    /// Its types.
    pub types: Vec<TypeView>,
    /// Its exceptions.
    pub errors: Vec<ErrorView>,
    /// Statements that make the checks of its types and parameters, and fetch the functions of componentize-py.
    pub setup: Vec<String>,
    /// Its functions.
    pub functions: Vec<FunctionView>,
}
