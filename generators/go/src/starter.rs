//! The sources of a new project.

use witgen_backend::check_support;
use witgen_diag::Result;
use witgen_ir::World;
use witgen_languages::{Language, Side};
use witgen_templates::starter as view;

use crate::support::GO_VERSION;

/// The files that a new project has in this language; the source to go on with is the last one.
pub fn starter(name: &str) -> Vec<(&'static str, String)> {
    files(name, view::text(&view::GoSourceView { name: name.to_owned() }))
}

/// The files of a new project for a world; the source to go on with, which is the last one, has a stub for every export.
///
/// # Errors
///
/// `UnsupportedType` for each construct that the support table denies.
pub fn stubs(name: &str, world: &World) -> Result<Vec<(&'static str, String)>> {
    check_support(world, Language::Go, Side::Guest)?;
    Ok(files(name, view::text(&crate::stubs::source(name, world)?)))
}

fn files(name: &str, source: String) -> Vec<(&'static str, String)> {
    let module = view::GoModView { name: name.to_owned(), version: GO_VERSION.to_owned() };
    vec![("go.mod", view::text(&module)), ("main.go", source)]
}
