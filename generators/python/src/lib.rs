//! The Python backend of witgen: IR to views.
//!
//! A world becomes a package. Each interface is a module with its types, the exceptions of its functions and,
//! where it is imported, the functions; `exports` has a `Protocol` for each exported interface and for the world,
//! which classes of the application implement; `_entry` adapts those classes to componentize-py.
//!
//! The classes of the package are the classes that componentize-py's run time makes and reads: `_entry` hands
//! them over at build time, so no value is copied between two forms.

mod declarations;
mod docs;
mod guest;
mod handles;
mod host;
mod layout;
mod literals;
mod names;
mod starter;
mod stubs;
mod testee;
mod types;

use witgen_backend::testee::{Cases, Role, Testee};
use witgen_backend::{Runtime, check_support};
use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_languages::{Language, Side};

pub use starter::{starter, stubs};

/// Options of the guest bindings.
#[derive(Clone, Debug, Default)]
pub struct GuestOptions {
    /// Where the support code comes from: a copy in the package `_witgen`, or the package `witgen_guest`.
    pub runtime: Runtime,
}

/// How the package for programs looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostOptions {
    /// Whether a function that gives a list of numbers gives a `memoryview` of them.
    ///
    /// Lists of bytes are `bytes` all the same.
    pub memoryviews: bool,
}

/// The package for components of `world`.
///
/// # Errors
///
/// One diagnostic for each construct of the world that is not supported.
pub fn guest(world: &World, options: &GuestOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Python, Side::Guest)?;
    guest::package(world, options)
}

/// The package for programs that run components of `world`.
///
/// # Errors
///
/// One diagnostic for each construct of the world that is not supported.
pub fn host(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Python, Side::Host)?;
    host::package(world, options)
}

/// A guest of the conformance suite: the application that goes with the bindings of a derived world.
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

/// A host program of the conformance suite that takes the steps of scripts: `source`, with the bindings of `world`.
///
/// # Errors
///
/// What [`host`] says.
pub fn host_driver(world: &World, source: &str) -> witgen_diag::Result<Testee> {
    Ok(Testee { files: testee::program(world, source)?, source: "main.py" })
}
