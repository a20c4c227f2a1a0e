//! Faults of witgen itself: said to be ours, with how to report them, exit code 2.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use witgen_diag::{Diagnostic, Id, RenderOptions, render};

use crate::talk::say;

/// Runs `work` on a stack of `stack_bytes` and turns a panic into an internal error.
pub(crate) fn guard(stack_bytes: usize, work: impl FnOnce() -> ExitCode + Send + 'static) -> ExitCode {
    let place = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&place);
    std::panic::set_hook(Box::new(move |panic| {
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
    let thread = std::thread::Builder::new().name("witgen".to_owned()).stack_size(stack_bytes).spawn(work);
    let outcome = thread.map(std::thread::JoinHandle::join);
    match outcome {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => report(&place.lock().unwrap_or_else(PoisonError::into_inner)),
        Err(reason) => report(&format!("no thread could be started: {reason}")),
    }
}

fn report(panic: &str) -> ExitCode {
    let command: Vec<String> = std::env::args().collect();
    let diagnostic =
        Diagnostic::error(Id::Internal, "witgen itself failed; this is a bug in witgen, not in your input")
            .note(panic.trim().replace('\n', " "))
            .note(format!("the command was `{}`, witgen {}", command.join(" "), env!("CARGO_PKG_VERSION")))
            .help(concat!(
                "please report it with the WIT that leads to it: ",
                env!("CARGO_PKG_REPOSITORY"),
                "/issues"
            ));
    say(&render(&[diagnostic], RenderOptions::default()));
    ExitCode::from(2)
}
