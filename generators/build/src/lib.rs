//! Builds and composes components with each language's own toolchain.
//!
//! A [`Project`] says what to build; one driver per language calls the toolchain.
//! Bindings come from the caller: this crate knows no backend.

pub mod compose;

mod cache;
mod go;
mod js;
mod process;
mod project;
mod python;
mod renaming;
mod rust;
mod stand_ins;
mod tools;
mod wit;

use std::path::Path;

use witgen_diag::{Diagnostic, Id};
use witgen_emit::{FileSet, Mode};
use witgen_languages::Language;

pub use project::{JsHost, Link, PROJECT_FILE, Project, PythonHost, RustHost, RustTarget, Target};
pub use tools::{Found, Tools, cache_dir, tools_dir};
pub use wit::Wit;

/// What a driver gets.
pub(crate) struct Job<'a> {
    /// What to build.
    pub(crate) project: &'a Project,
    /// The world.
    pub(crate) wit: &'a Wit,
    /// The guest bindings, written to [`Project::bindings`] already.
    pub(crate) bindings: &'a FileSet,
    /// An empty directory that goes away afterwards.
    pub(crate) scratch: &'a Path,
    /// Where tools are.
    pub(crate) tools: &'a Tools,
    /// Components by the hash of what they are made from.
    pub(crate) cache: &'a cache::Cache,
}

/// Writes `bindings` beside the source of `project`, calls its toolchain and returns the component.
///
/// # Errors
///
/// `MissingTool` with the command that installs it, and `ToolFailed` with the command that ran and its own output.
pub fn build(project: &Project, wit: &Wit, bindings: &FileSet) -> witgen_diag::Result<Vec<u8>> {
    witgen_emit::emit(&project.bindings, bindings, Mode::Write, false)?;
    let scratch = tempfile::tempdir().map_err(|reason| {
        Diagnostic::error(Id::Io, "cannot make a temporary directory").note(reason.to_string())
    })?;
    let tools = Tools::new();
    let cache = cache::Cache::new();
    let job = Job { project, wit, bindings, scratch: scratch.path(), tools: &tools, cache: &cache };
    match project.language {
        Language::Rust => rust::build(&job),
        Language::Python => python::build(&job),
        Language::Js => js::build(&job),
        Language::Go => go::build(&job),
    }
}
