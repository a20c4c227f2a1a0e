//! Traps as diagnostics.

use wasmtime::{Error, Trap, WasmBacktrace};
use witgen_diag::{Diagnostic, Id};
use witgen_grants::Exceeded;

/// What stopped the guest, with the guest's own frames and none of ours.
pub(crate) fn diagnostic(error: &Error, message: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(Id::Trap, message).note(reason(error));
    if let Some(Trap::UnreachableCodeReached) = error.downcast_ref::<Trap>() {
        diagnostic = diagnostic
            .note("a panic, an abort or an uncaught exception ends like this: its own message is on stderr");
    }
    if let Some(exceeded @ (Exceeded::Fuel | Exceeded::Handles)) = Exceeded::of(error) {
        diagnostic = diagnostic.note(exceeded.to_string());
    }
    match error.downcast_ref::<WasmBacktrace>() {
        Some(backtrace) if !backtrace.frames().is_empty() => diagnostic.output(backtrace.to_string()),
        _ => diagnostic,
    }
}

/// The chain of messages without the backtrace, which wasmtime keeps as one link of it.
fn reason(error: &Error) -> String {
    let backtrace = error.downcast_ref::<WasmBacktrace>().map(ToString::to_string);
    let links: Vec<String> =
        error.chain().map(ToString::to_string).filter(|link| Some(link) != backtrace.as_ref()).collect();
    links.join(": ")
}
