//! The Rust backend of witgen: IR to views.
//!
//! [`guest`] makes one self-contained file per world, `<world>.rs`, with what `wit_bindgen::generate!` of
//! wit-bindgen 0.63 makes by default: the same modules, types, traits and signatures.
//! The functions behind them are printed from the op trees of the IR; their layout is that of rustfmt.
//!
//! `names` makes every name, `facts` says what types hold, `types` spells them, `code` lays out statements,
//! `body` prints op trees, `lints` says what WIT makes an item break, `guest` puts the file together.

mod body;
mod code;
mod docs;
mod facts;
mod guest;
mod host;
mod lints;
mod literals;
mod modules;
mod names;
mod runtime;
mod starter;
mod stubs;
mod testee;
mod types;

use std::collections::BTreeMap;

use witgen_backend::testee::{Cases, Role, Testee};
use witgen_backend::{Runtime, check_support};
use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_languages::{Language, Side};

pub use starter::{starter, stubs};

/// Options of the guest bindings.
#[derive(Clone, Debug, Default)]
pub struct GuestOptions {
    /// Where the support code comes from.
    pub runtime: Runtime,
    /// Whether other crates can call `export!`.
    pub pub_export_macro: bool,
}

/// The bindings of `world` for code that is compiled into a component: the file `<world>.rs`.
///
/// # Errors
///
/// One `UnsupportedType` for each construct that the support table denies.
pub fn guest(world: &World, options: &GuestOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Rust, Side::Guest)?;
    let mut files = FileSet::new();
    files.insert(guest_file_name(world), guest::file(world, options)?)?;
    Ok(files)
}

/// Options of the host bindings: those of `bindgen!` of wasmtime that programs rely on.
#[derive(Clone, Debug, Default)]
pub struct HostOptions {
    /// Own modules for imported interfaces, packages and namespaces, and own types for imported resources, by their
    /// names in WIT: `ns:pkg/iface`, `ns:pkg/iface.resource`.
    pub with: BTreeMap<String, String>,
    /// What is derived for records, variants and enums besides what they derive in any case.
    pub additional_derives: Vec<String>,
    /// The imported functions whose implementations return a [`Result`] that can be a trap, by their names in WIT:
    /// `ns:pkg/iface.function`, `ns:pkg/iface`, `*` for all.
    pub trappable_imports: Vec<String>,
    /// Own types for errors that such functions return, by their names in WIT: `ns:pkg/iface.error`.
    pub trappable_error_types: BTreeMap<String, String>,
}

/// The bindings of `world` for a program that runs its components in wasmtime: the file `<world>.rs`.
///
/// # Errors
///
/// One `UnsupportedType` for each construct that the support table or wasmtime denies, one `InvalidConfig` for each
/// option that names what the world does not import.
pub fn host(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    check_support(world, Language::Rust, Side::Host)?;
    let mut files = FileSet::new();
    files.insert(guest_file_name(world), host::file(world, options)?)?;
    Ok(files)
}

/// The name of the file that [`guest`] and [`host`] make.
pub fn guest_file_name(world: &World) -> String {
    format!("{}.rs", names::module_name(&world.name))
}

/// A guest of the conformance suite: the crate that goes with the bindings of a derived world.
///
/// # Errors
///
/// `Internal` when a value does not have the type that it stands for.
pub fn testee(world: &World, cases: &Cases, role: Role) -> witgen_diag::Result<Testee> {
    testee::testee(world, cases, role)
}

/// A host program of the conformance suite: the crate that runs guests of a derived world, with its bindings.
///
/// # Errors
///
/// `Internal` when a value does not have the type that it stands for, and what [`host`] says.
pub fn host_testee(world: &World, cases: &Cases, role: Role) -> witgen_diag::Result<Testee> {
    host::testee(world, cases, role)
}

/// A host program of the conformance suite that takes the steps of scripts: `source`, with the bindings of `world`.
///
/// # Errors
///
/// What [`host`] says.
pub fn host_driver(world: &World, source: &str) -> witgen_diag::Result<Testee> {
    host::driver(world, source)
}
