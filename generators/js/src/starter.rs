//! The sources of a new project.

use witgen_backend::check_support;
use witgen_diag::Result;
use witgen_ir::World;
use witgen_languages::{Language, Side};
use witgen_templates::starter as view;

/// The files that a new project has in this language; the source to go on with is the last one.
pub fn starter(_name: &str) -> Vec<(&'static str, String)> {
    vec![("package.json", view::text(&view::PackageView)), ("app.js", view::text(&view::JsSourceView))]
}

/// The same for a world, with a stub for everything that it exports.
///
/// # Errors
///
/// Those of [`crate::guest`].
pub fn stubs(_name: &str, world: &World) -> Result<Vec<(&'static str, String)>> {
    check_support(world, Language::Js, Side::Guest)?;
    crate::statics::check(world)?;
    Ok(vec![("package.json", view::text(&view::PackageView)), ("app.js", crate::stubs::app(world))])
}
