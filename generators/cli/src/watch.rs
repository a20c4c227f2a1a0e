//! `--watch`: generates again whenever the WIT changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime};

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
    let mut seen = stamps(inputs);
    loop {
        match generate() {
            Ok(_) => say("up to date; waiting for changes\n"),
            Err(findings) => {
                talk.report(&findings);
            }
        }
        // Reading a file is an event, too.
        loop {
            if changed.recv().is_err() {
                return Ok(ExitCode::SUCCESS);
            }
            let now = stamps(inputs);
            if now != seen {
                seen = now;
                break;
            }
        }
    }
}

/// Every file of `inputs` with its size and the time of its last change.
fn stamps(inputs: &[PathBuf]) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    let mut stamps = BTreeMap::new();
    let mut pending = inputs.to_vec();
    while let Some(path) = pending.pop() {
        let Ok(metadata) = path.metadata() else { continue };
        if metadata.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            // A link could lead round in a circle.
            pending.extend(
                entries.map(|entry| entry.path()).filter(|path| !(path.is_symlink() && path.is_dir())),
            );
        } else {
            stamps.insert(path, (metadata.len(), metadata.modified().ok()));
        }
    }
    stamps
}

fn unwatchable(reason: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Id::Io, "the WIT cannot be watched").note(reason.to_string())
}
