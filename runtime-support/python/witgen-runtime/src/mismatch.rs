//! Why a Python value does not fit its type, and where: `order.lines[3].qty`.
//!
//! The path is collected on the way out, so a value that fits costs nothing.

use std::fmt::Write as _;

use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// What did not fit.
pub struct Mismatch {
    cause: Cause,
    /// From the inside to the outside.
    path: Vec<Step>,
}

/// Boxed, so that the good case stays small.
pub type Fit<T> = Result<T, Box<Mismatch>>;

enum Cause {
    Type(String),
    Value(String),
    Overflow(String),
    /// An error that code of the user raised while the value was read.
    Raised(PyErr),
}

/// A step from a value to one of its parts.
pub enum Step {
    /// An attribute of an object.
    Attribute(Py<PyString>),
    /// An element of a list or tuple.
    Index(usize),
    /// A key of a dict, as `repr` has it.
    Key(String),
}

impl Mismatch {
    #[cold]
    fn new(cause: Cause) -> Box<Mismatch> {
        Box::new(Mismatch { cause, path: Vec::new() })
    }

    /// `object` is of another type than `wanted` says.
    #[cold]
    pub fn of_type(py: Python<'_>, wanted: &str, object: *mut ffi::PyObject) -> Box<Mismatch> {
        Mismatch::new(Cause::Type(format!("must be {wanted}, not {}", type_name(py, object))))
    }

    /// A `TypeError` in words of its own.
    #[cold]
    pub fn type_error(text: impl Into<String>) -> Box<Mismatch> {
        Mismatch::new(Cause::Type(text.into()))
    }

    /// A `ValueError`.
    #[cold]
    pub fn value(text: impl Into<String>) -> Box<Mismatch> {
        Mismatch::new(Cause::Value(text.into()))
    }

    /// An `OverflowError`.
    #[cold]
    pub fn overflow(text: impl Into<String>) -> Box<Mismatch> {
        Mismatch::new(Cause::Overflow(text.into()))
    }

    /// The error that Python has just set.
    #[cold]
    pub fn raised(py: Python<'_>) -> Box<Mismatch> {
        Mismatch::new(Cause::Raised(PyErr::fetch(py)))
    }

    /// The same, seen from one step further out.
    #[cold]
    pub fn at(mut self: Box<Self>, step: Step) -> Box<Self> {
        self.path.push(step);
        self
    }

    /// The Python error: `place` names the function, `root` the argument.
    #[cold]
    pub fn into_error(self, py: Python<'_>, place: &str, root: &str) -> PyErr {
        let mut path = root.to_owned();
        for step in self.path.iter().rev() {
            let written = match step {
                Step::Attribute(name) => write!(path, ".{}", name.bind(py).to_string_lossy()),
                Step::Index(index) => write!(path, "[{index}]"),
                Step::Key(key) => write!(path, "[{key}]"),
            };
            // Writing to a string does not fail.
            let _ = written;
        }
        let text = |what: &str| format!("`{place}`: `{path}` {what}");
        match self.cause {
            Cause::Type(what) => PyTypeError::new_err(text(&what)),
            Cause::Value(what) => PyValueError::new_err(text(&what)),
            Cause::Overflow(what) => PyOverflowError::new_err(text(&what)),
            Cause::Raised(error) => {
                let note = format!("while `{path}` of `{place}` was read");
                // An exception that takes no note is still the right one.
                let _ = error.value(py).call_method1("add_note", (note,));
                error
            }
        }
    }
}

/// The name of the type of `object`.
pub fn type_name(py: Python<'_>, object: *mut ffi::PyObject) -> String {
    // SAFETY: callers pass an object that they hold a reference to.
    let object = unsafe { Borrowed::from_ptr(py, object) };
    object.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string())
}
