//! The sources of a new project.

use witgen_templates::starter as view;

/// The files that a new project has in this language; the source to go on with is the last one.
pub fn starter(_name: &str) -> Vec<(&'static str, String)> {
    let text = |view: &dyn std::fmt::Display| format!("{}\n", view.to_string().trim());
    vec![("app.py", text(&view::PythonSourceView))]
}
