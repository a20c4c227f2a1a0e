//! The Go backend of witgen: IR to views.
//!
//! Guest bindings are a tree of packages below one import path:
//!
//! - the root has the functions and types of the world itself,
//! - `<namespace>/<package>/<interface>` has an imported interface,
//! - `exports/<namespace>/<package>/<interface>` has an exported one, with an interface `Exports` to implement,
//! - `wit` and `internal/abi` are the hand-written support code.
//!
//! Each package has its API in `bindings.go`; what crosses the boundary is in `bindings_wasm.go`,
//! so that programs also compile, and can be tested, on the developer's own machine.

mod declarations;
mod docs;
mod example;
mod glue;
mod guest;
mod host;
mod import_path;
mod imports;
mod literals;
mod names;
mod plain;
mod resources;
mod starter;
mod stubs;
mod support;
mod testee;
mod types;

use witgen_backend::testee::{Cases, Role, Testee};
use witgen_backend::{Runtime, check_support};
use witgen_diag::{Diagnostic, Id};
use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_languages::{Language, Side};

pub use import_path::import_path;
pub use starter::{starter, stubs};

/// Options of the guest bindings.
#[derive(Clone, Debug, Default)]
pub struct GuestOptions {
    /// Where the support code comes from.
    pub runtime: Runtime,
    /// How Go programs import the output directory, see [`import_path`].
    /// Without it the output is a module of its own, called `<world>/bindings`.
    pub import_path: Option<String>,
}

/// The guest bindings of `world`.
///
/// # Errors
///
/// `UnsupportedType` for each construct that the support table denies.
pub fn guest(world: &World, options: &GuestOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Go, Side::Guest)?;
    let root = match &options.import_path {
        Some(path) => path.clone(),
        None => format!("{}/bindings", world.name),
    };
    let names = names::Names::new(world, &root, options.runtime, Side::Guest);
    let mut files = FileSet::new();
    guest::render(&names, &mut files)?;
    if options.import_path.is_none() {
        files.insert("go.mod", support::go_mod(&root, options.runtime))?;
    }
    if options.runtime == Runtime::Embed {
        support::embed(&mut files)?;
    }
    Ok(files)
}

/// Options of the host bindings.
#[derive(Clone, Debug, Default)]
pub struct HostOptions {
    /// Where the support code comes from.
    pub runtime: Runtime,
    /// How Go programs import the output directory, as for guests.
    pub import_path: Option<String>,
}

/// The bindings of a program that runs components of `world`.
///
/// # Errors
///
/// `UnsupportedType` for each construct that the support table denies.
pub fn host(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Go, Side::Host)?;
    let root = match &options.import_path {
        Some(path) => path.clone(),
        None => format!("{}/bindings", world.name),
    };
    let names = names::Names::new(world, &root, options.runtime, Side::Host);
    let mut files = FileSet::new();
    host::render(&names, &mut files)?;
    if options.import_path.is_none() {
        support::host_module(&mut files, &root, options.runtime)?;
    }
    if options.runtime == Runtime::Embed {
        support::embed_host(&mut files, &root)?;
    }
    Ok(files)
}

/// A guest of the conformance suite: the module that goes with the bindings of a derived world.
///
/// # Errors
///
/// `Internal` when a value does not have the type that it stands for.
pub fn testee(world: &World, cases: &Cases, role: Role) -> witgen_diag::Result<Testee> {
    testee::testee(world, cases, role)
}

/// A host program of the conformance suite, with the bindings of the derived world.
///
/// # Errors
///
/// One diagnostic for each construct of the world that is not supported.
pub fn host_testee(world: &World, cases: &Cases, role: Role) -> witgen_diag::Result<Testee> {
    testee::host_testee(world, cases, role)
}

/// The program that takes the steps of scripts: `source`, with the bindings of the world that it drives.
///
/// # Errors
///
/// One diagnostic for each construct of the world that is not supported.
pub fn host_driver(world: &World, source: &str) -> witgen_diag::Result<Testee> {
    testee::host_driver(world, source)
}

/// A state that [`check_support`] or the IR rules out.
fn internal(what: impl std::fmt::Display) -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, format!("the Go backend met {what}")).into()
}
