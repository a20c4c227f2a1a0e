//! `--watch`: generates again whenever the WIT changes.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;

use notify_debouncer_mini::new_debouncer;
use notify_debouncer_mini::notify::RecursiveMode;
use witgen_diag::{Diagnostic, Id};

use crate::talk::{Talk, say};

/// Editors write a file in several steps.
const SETTLE: Duration = Duration::from_millis(200);

/// Runs `generate` now and after each change below `inputs`, until it is interrupted.
///
/// Findings are printed and do not end it.
pub(crate) fn watch(
    inputs: &[PathBuf],
    talk: &Talk,
    generate: impl Fn() -> witgen_diag::Result<ExitCode>,
) -> witgen_diag::Result<ExitCode> {
    let (changes, changed) = channel();
    let mut watcher = new_debouncer(SETTLE, changes).map_err(|reason| unwatchable(&reason))?;
    for input in inputs {
        // A file that is replaced by a rename is only seen from its directory.
        let (place, mode) = match input.parent() {
            Some(parent) if input.is_file() && !parent.as_os_str().is_empty() => {
                (parent, RecursiveMode::NonRecursive)
            }
            Some(_) if input.is_file() => (".".as_ref(), RecursiveMode::NonRecursive),
            _ => (input.as_path(), RecursiveMode::Recursive),
        };
        watcher.watcher().watch(place, mode).map_err(|reason| unwatchable(&reason).in_path(input))?;
    }
    loop {
        match generate() {
            Ok(_) => say("up to date; waiting for changes\n"),
            Err(findings) => {
                talk.report(&findings);
            }
        }
        loop {
            let Ok(events) = changed.recv() else { return Ok(ExitCode::SUCCESS) };
            let is_wit =
                |path: &PathBuf| path.extension().is_some_and(|name| name == "wit" || name == "wasm");
            if events.is_ok_and(|events| events.iter().any(|event| is_wit(&event.path))) {
                break;
            }
        }
    }
}

fn unwatchable(reason: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Id::Io, "the WIT cannot be watched").note(reason.to_string())
}
