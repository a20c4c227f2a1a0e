//! An imported function.

use askama::Template;

/// An imported function.
#[derive(Template)]
#[template(path = "python/guest/function.py.jinja")]
pub struct FunctionView {
    /// `@_witgen.deprecated("...")`
    pub decorators: Vec<String>,
    /// `def move(p: Point) -> Point:`
    pub signature: String,
    /// Its docstring.
    pub doc: Option<String>,
    /// Its body.
    pub body: CallView,
}

/// The body of an imported function.
pub enum CallView {
    /// A call.
    Plain {
        /// The statement.
        call: String,
    },
    /// A call that may raise.
    Raising {
        /// The statement.
        call: String,
        /// The exception that is raised, made from `_witgen_error`.
        error: String,
    },
}
