//! The sources of a new project.

use witgen_backend::check_support;
use witgen_diag::Result;
use witgen_ir::World;
use witgen_languages::{Language, Side};
use witgen_templates::starter as view;

/// The files that a new project has in this language; the source to go on with is the last one.
pub fn starter(_name: &str) -> Vec<(&'static str, String)> {
    vec![("app.py", view::text(&view::PythonSourceView))]
}

/// The same for a world, with a stub for everything that it exports.
///
/// # Errors
///
/// Those of [`crate::guest`].
pub fn stubs(_name: &str, world: &World) -> Result<Vec<(&'static str, String)>> {
    check_support(world, Language::Python, Side::Guest)?;
    Ok(vec![("app.py", crate::stubs::app(world)?)])
}
