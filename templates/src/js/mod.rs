//! Views of the JavaScript bindings: modules and their TypeScript declarations.

pub mod guest;
pub mod host;
pub mod testee;

/// An import of a whole module under a name.
#[derive(Debug)]
pub struct NamespaceImportView {
    /// The name that it gets.
    pub name: String,
    /// The quoted specifier.
    pub specifier: String,
}
