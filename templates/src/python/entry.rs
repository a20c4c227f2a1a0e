//! What componentize-py is pointed at.

use askama::Template;

/// The module that adapts an application to componentize-py.
#[derive(Template)]
#[template(path = "python/guest/entry.py.jinja")]
pub struct EntryView {
    /// Its imports, in groups that a blank line separates.
    pub imports: Vec<Vec<String>>,
    /// What is done before.
    pub bindings: Vec<BindingView>,
    /// What is exported.
    pub exports: Vec<ExportView>,
}

/// The classes of a module.
pub struct BindingView {
    /// The statement.
    pub statement: String,
}

/// An export.
pub struct ExportView {
    /// `"WitWorld": ...`
    pub item: String,
}
