//! Errors of wasmtime as Python exceptions.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use wasmtime::{Trap, WasmBacktrace};
use witgen_grants::Exceeded;

use crate::side;

/// An exception that left a function of the host, on its way through the guest.
#[derive(Debug)]
pub struct Raised {
    /// What the guest called; none for a signal.
    pub function: Option<String>,
    pub error: PyErr,
}

impl std::fmt::Display for Raised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.function {
            Some(function) => write!(f, "the host function `{function}` raised {}", self.error),
            None => write!(f, "{}", self.error),
        }
    }
}

impl std::error::Error for Raised {}

/// What ended an instance. `what` says what it was doing.
pub fn trap(py: Python<'_>, error: &wasmtime::Error, what: &str) -> PyErr {
    let mut cause = None;
    if let Some(raised) = error.downcast_ref::<Raised>() {
        // Ctrl-C and `sys.exit` are for the program, not about the guest.
        if raised.function.is_none() || !raised.error.is_instance_of::<PyException>(py) {
            return raised.error.clone_ref(py);
        }
        cause = Some(raised.error.clone_ref(py));
    }
    let backtrace = error.downcast_ref::<WasmBacktrace>();
    let exceeded = Exceeded::of(error);
    let reason = exceeded.map_or_else(|| reason(error, backtrace), |exceeded| exceeded.to_string());
    let code = match (exceeded, error.downcast_ref::<Trap>()) {
        (Some(Exceeded::Deadline(_)), _) => "deadline",
        (Some(Exceeded::Fuel), _) => "fuel",
        (Some(Exceeded::Handles), _) => "handle-limit",
        (Some(Exceeded::Memory(_)), _) => "memory-limit",
        (None, Some(trap)) => code(*trap),
        (None, None) if cause.is_some() => "host",
        (None, None) => "trap",
    };
    let frames = backtrace.map(frames).unwrap_or_default();
    let made = PyTuple::new(py, &frames)
        .and_then(|frames| side::get(py).trap.call1(py, (format!("{what}: {reason}"), code, frames)));
    let made = match made {
        Ok(trap) => PyErr::from_value(trap.into_bound(py)),
        Err(error) => error,
    };
    if cause.is_some() {
        made.set_cause(py, cause);
    }
    made
}

/// The chain of messages without the backtrace, which wasmtime keeps as one link of it.
pub fn reason(error: &wasmtime::Error, backtrace: Option<&WasmBacktrace>) -> String {
    let backtrace = backtrace.map(ToString::to_string);
    let links: Vec<String> =
        error.chain().map(ToString::to_string).filter(|link| Some(link) != backtrace.as_ref()).collect();
    links.join(": ")
}

fn frames(backtrace: &WasmBacktrace) -> Vec<String> {
    let frame = |frame: &wasmtime::FrameInfo| {
        let function =
            frame.func_name().map_or_else(|| format!("function {}", frame.func_index()), str::to_owned);
        match frame.module().name() {
            Some(module) => format!("{module}!{function}"),
            None => function,
        }
    };
    backtrace.frames().iter().map(frame).collect()
}

/// A name for programs to compare with.
fn code(trap: Trap) -> &'static str {
    match trap {
        Trap::UnreachableCodeReached => "unreachable",
        Trap::StackOverflow => "stack-overflow",
        Trap::MemoryOutOfBounds | Trap::HeapMisaligned => "memory",
        Trap::TableOutOfBounds | Trap::IndirectCallToNull | Trap::BadSignature => "table",
        Trap::IntegerOverflow | Trap::IntegerDivisionByZero | Trap::BadConversionToInteger => "arithmetic",
        Trap::Interrupt => "interrupt",
        _ => "trap",
    }
}

/// A component that cannot be loaded.
pub fn load(py: Python<'_>, text: impl Into<String>) -> PyErr {
    made(py, &side::get(py).load_error, text.into())
}

/// A component that does not fit the bindings, or whose imports are not there.
pub fn link(py: Python<'_>, text: impl Into<String>) -> PyErr {
    made(py, &side::get(py).link_error, text.into())
}

/// An instance that cannot be called.
pub fn instance(py: Python<'_>, text: impl Into<String>) -> PyErr {
    made(py, &side::get(py).instance_error, text.into())
}

fn made(py: Python<'_>, class: &Py<PyType>, text: String) -> PyErr {
    match class.call1(py, (text,)) {
        Ok(error) => PyErr::from_value(error.into_bound(py)),
        Err(error) => error,
    }
}

/// Whether `error` is of a class.
pub fn is_a(py: Python<'_>, error: &PyErr, class: &Py<PyType>) -> bool {
    error.value(py).is_instance(class.bind(py)).unwrap_or(false)
}
