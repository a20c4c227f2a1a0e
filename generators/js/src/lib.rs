//! The JavaScript backend of witgen: ES modules with TypeScript declarations.
//!
//! [`guest`] makes a folder for a component that is written in JavaScript or TypeScript:
//! - a module per imported interface, `namespace/package/interface.js`, and `world.js` for the world's own imports;
//! - `exports.d.ts` with the type of everything that the user has to export, and `exports/...` with its types;
//! - `entry.js`, the module that the engine loads: it passes calls to the user's module and repairs what the engine
//!   gets wrong;
//! - `_witgen`, the hand-written support code and the codecs of all named types.
//!
//! [`host`] makes a folder for a program that runs what `witgen link` made of a component:
//! - `index.js` with `instantiate`, and the types of what a component is given and gives in `imports.d.ts` and `exports.d.ts`;
//! - the same modules of types as a guest has, where an interface has types;
//! - `_witgen`, the support code, which interprets the plan, and `glue.js`, which moves values.
//!
//! `names` decides paths and names, `types` spells types, `codecs` says how values cross in guests and `glue` how in
//! hosts, `bindings` and `declarations` make the modules that both sides have, `surface` the types of imports and
//! exports, `guest` and `host` the rest.

mod bindings;
mod codecs;
mod declarations;
mod docs;
mod glue;
mod guest;
mod host;
mod literals;
mod names;
mod pretty;
mod resources;
mod runtime;
mod starter;
mod statics;
mod stubs;
mod surface;
mod testee;
mod types;

use witgen_backend::testee::{Cases, Role, Testee};
use witgen_backend::{Runtime, check_support};
use witgen_diag::{Diagnostic, Id};
use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_languages::{Language, Side};

pub use starter::{starter, stubs};

/// Options of the guest bindings.
#[derive(Clone, Debug, Default)]
pub struct GuestOptions {
    /// Where the support code comes from.
    pub runtime: Runtime,
}

/// Makes the bindings of a component that is written in JavaScript.
///
/// # Errors
///
/// `UnsupportedType` for each construct that the support table denies, and for names that witgen needs itself.
pub fn guest(world: &World, options: &GuestOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Js, Side::Guest)?;
    statics::check(world)?;
    guest::files(world, options)
}

/// Options of the host bindings.
#[derive(Clone, Debug, Default)]
pub struct HostOptions {
    /// Where the support code comes from.
    pub runtime: Runtime,
    /// Takes arguments as they come; those with resources are always checked.
    pub unchecked: bool,
    /// Makes TypeScript instead of JavaScript with declarations.
    pub typescript: bool,
}

/// Makes the bindings of a program that runs components.
///
/// # Errors
///
/// `UnsupportedType` for each construct that the support table denies.
pub fn host(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Js, Side::Host)?;
    host::files(world, options)
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

/// A host program of the conformance suite that takes the steps of scripts: `source`, with the bindings of `world`.
///
/// # Errors
///
/// What [`host`] says.
pub fn host_driver(world: &World, source: &str) -> witgen_diag::Result<Testee> {
    Ok(Testee { files: testee::program(world, source)?, source: "main.js" })
}

/// A state that [`check_support`] or the IR rules out.
fn internal(what: impl std::fmt::Display) -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, format!("the JavaScript backend met {what}")).into()
}
