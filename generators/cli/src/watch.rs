//! `--watch`: does something again whenever files change.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use notify_debouncer_mini::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};
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
    let changes = Changes::of(inputs)?;
    loop {
        match generate() {
            Ok(_) => say("up to date; waiting for changes\n"),
            Err(findings) => {
                talk.report(&findings);
            }
        }
        if !changes.wait() {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// Files and folders that are watched.
pub(crate) struct Changes {
    inputs: Vec<PathBuf>,
    seen: RefCell<BTreeMap<PathBuf, Stamp>>,
    changed: Receiver<DebounceEventResult>,
    /// It watches as long as it is there.
    _watcher: Debouncer<RecommendedWatcher>,
}

/// The size of a file, and when it was changed.
type Stamp = (u64, Option<SystemTime>);

impl Changes {
    /// Begins to watch.
    pub(crate) fn of(inputs: &[PathBuf]) -> witgen_diag::Result<Self> {
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
        let seen = RefCell::new(stamps(inputs));
        Ok(Self { inputs: inputs.to_vec(), seen, changed, _watcher: watcher })
    }

    /// Waits for a change; false when nothing is watched any more.
    pub(crate) fn wait(&self) -> bool {
        // Reading a file is an event, too.
        while self.changed.recv().is_ok() {
            let now = stamps(&self.inputs);
            if now != *self.seen.borrow() {
                self.seen.replace(now);
                return true;
            }
        }
        false
    }
}

/// Every file of `inputs` with its size and the time of its last change.
fn stamps(inputs: &[PathBuf]) -> BTreeMap<PathBuf, Stamp> {
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
    Diagnostic::error(Id::Io, "changes cannot be watched").note(reason.to_string())
}
