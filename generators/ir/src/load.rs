//! From paths to a [`World`].

use std::path::{Path, PathBuf};

use witgen_diag::{Diagnostic, Id};

use crate::model::World;
use crate::resolve::{self, Resolved};
use crate::{lower, select};

/// What to read: a WIT file, a directory with `deps/`, a component, or a WIT package in binary form.
pub type Input = PathBuf;

/// How to read it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The world; none when there is only one.
    pub world: Option<String>,
    /// Features that keep `@unstable` items.
    pub features: Vec<String>,
    /// Keeps all `@unstable` items.
    pub all_features: bool,
    /// Adds the WASI packages that come with witgen where the inputs lack them.
    pub builtin_wasi: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { world: None, features: Vec::new(), all_features: false, builtin_wasi: true }
    }
}

/// Reads `inputs` and lowers the world that `options` choose.
pub fn load(inputs: &[Input], options: &Options) -> witgen_diag::Result<World> {
    let (mut resolved, world) = resolve_inputs(inputs, options)?;
    lower::lower(&mut resolved, world)
}

/// Reads and links `inputs`, whatever worlds they have.
pub fn link(inputs: &[Input], options: &Options) -> witgen_diag::Result<Resolved> {
    let paths: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    resolve::resolve(&paths, options)
}

/// Reads `inputs` and picks the world, without lowering it: for tools that encode components.
pub fn resolve_inputs(
    inputs: &[Input],
    options: &Options,
) -> witgen_diag::Result<(Resolved, wit_parser::WorldId)> {
    let names_package = options.world.as_deref().is_some_and(|world| world.contains(':'));
    if inputs.is_empty() && !names_package {
        return Err(Diagnostic::error(Id::Usage, "no WIT was given")
            .help("give a WIT file, a directory with WIT files, or a component")
            .into());
    }
    let paths: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let resolved = resolve::resolve(&paths, options)?;
    let world = select::select(&resolved, options.world.as_deref())?;
    Ok((resolved, world))
}
