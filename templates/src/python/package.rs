//! The package itself.

use askama::Template;

/// A module that only imports: that of the bindings, and that of the exports.
#[derive(Template)]
#[template(path = "python/guest/package.py.jinja")]
pub struct PackageView {
    /// Its docstring.
    pub doc: String,
    /// Its imports.
    pub imports: Vec<String>,
    /// `__all__ = [...]`
    pub all: String,
}
