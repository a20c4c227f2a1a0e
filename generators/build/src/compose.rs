//! Joins components: the exports of one satisfy the imports of another, transitively.
//!
//! # Rules
//! - Every input is instantiated once and shared by all that use it.
//! - An import is satisfied by the export of the same name, else by one of a version that is compatible by semver (`0.1.2` and `0.1.5`, `1.0.0` and `1.3.0`).
//! - Where an input both imports and exports an interface, it wraps: its import goes to the other exporter, and everybody else is given the wrapper.
//! - An import that only declares types stays open where satisfying it would close a circle, or where several could.
//! - What no input exports stays an import of the result, merged over all inputs; of several compatible versions the highest is kept.
//!   It cannot stay one where it takes a resource from an import that an input satisfies: that is an error.
//! - The result exports what the first input exports and what every *root* exports: an input that satisfies no other one.
//!   Where the first input is no root and a root exports the same name, the root's export is taken.
//!   Interfaces that an export takes types from are exported along with it, since a component must name all types it shows.
//! - Inputs that have nothing to do with the others are an error, since leaving one out silently would hide a mistyped version.
//!
//! `wac-graph` decides whether types fit and writes the component; the result is validated once more before it is returned.

mod encode;
mod input;
mod mismatch;
mod plan;
mod stranded;
#[cfg(test)]
mod tests;
mod wit_text;

use std::path::PathBuf;

use witgen_diag::{Diagnostic, Id, Result};

/// A composed component.
#[derive(Clone, Debug)]
pub struct Composition {
    /// The binary component, validated.
    pub bytes: Vec<u8>,
    /// The imports that no input satisfies, in the order of the component.
    pub open: Vec<Open>,
    /// Who satisfies what, in the order of the inputs.
    pub links: Vec<Link>,
    /// Doubts that do not stop the composition, such as two versions that just do not match.
    pub warnings: Vec<Diagnostic>,
}

/// An import that is left to whoever runs the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The name, such as `wasi:cli/environment@0.2.12`.
    pub name: String,
    /// Which inputs need it.
    pub wanted_by: Vec<PathBuf>,
    /// Whether it only declares types, so that nobody has to implement anything.
    pub only_types: bool,
}

/// One import that is satisfied by one export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The input that imports.
    pub importer: PathBuf,
    /// The name of its import.
    pub import: String,
    /// The input that exports.
    pub exporter: PathBuf,
    /// The name of its export, which may differ in the version.
    pub export: String,
}

/// Composes the components in the files `inputs`.
pub fn compose(inputs: &[PathBuf]) -> Result<Composition> {
    if inputs.len() < 2 {
        let message = "composing takes at least two components";
        return Err(Diagnostic::error(Id::Usage, message)
            .help("witgen compose A.wasm B.wasm -o OUT.wasm")
            .into());
    }
    let mut graph = encode::Graph::read(inputs)?;
    let plan = plan::plan(inputs, graph.surfaces())?;
    graph.connect(&plan)?;
    graph.export(&plan)?;
    let bytes = graph.finish()?;
    let open = input::imports(&bytes)?.into_iter().map(|name| graph.open(name)).collect();
    let links = plan.links.iter().map(|link| link.named(inputs)).collect();
    Ok(Composition { bytes, open, links, warnings: plan.warnings })
}
