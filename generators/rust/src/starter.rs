//! The sources of a new project.

use witgen_diag::Result;
use witgen_ir::World;
use witgen_templates::starter as view;

/// The files that a new project has in this language; the source to go on with is the last one.
pub fn starter(name: &str) -> Vec<(&'static str, String)> {
    vec![manifest(name), ("src/lib.rs", view::text(&view::RustSourceView))]
}

/// The files of a new project for a world; the source to go on with, which is the last one, has a stub for every
/// export.
///
/// # Errors
///
/// One `UnsupportedType` for each construct that the support table denies.
pub fn stubs(name: &str, world: &World) -> Result<Vec<(&'static str, String)>> {
    Ok(vec![manifest(name), ("src/lib.rs", crate::stubs::source(world)?)])
}

fn manifest(name: &str) -> (&'static str, String) {
    ("Cargo.toml", view::text(&view::CargoView { name: name.to_owned() }))
}
