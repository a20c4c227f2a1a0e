//! Reports how a directory differs from what would be written.

use std::path::Path;
use std::time::Duration;

use similar::TextDiff;
use witgen_diag::{Diagnostic, Id, Result};

use crate::plan::Plan;
use crate::{Change, Report};

/// Of a longer diff only the start is shown.
const DIFF_LINES: usize = 40;
/// Of a longer line only the start is shown.
const LINE_WIDTH: usize = 200;
/// After this, a worse diff of very different files is good enough.
const PATIENCE: Duration = Duration::from_millis(500);

/// Fails with one diagnostic for each file that differs.
///
/// The manifest itself is not compared: what counts is the files.
pub(crate) fn check(dir: &Path, plan: Plan<'_>, command: Option<&str>) -> Result<Report> {
    let mut found = Vec::new();
    for (path, change) in &plan.changes {
        let message = match change {
            Change::Unchanged => continue,
            Change::Created => "a generated file is missing",
            Change::Changed => "a generated file is out of date",
            Change::Removed => "a file is no longer generated",
        };
        let mut diagnostic = Diagnostic::error(Id::StaleOutput, message).in_path(dir.join(path));
        if let Some((old, new)) = contents(&plan, path) {
            if without_carriage_returns(old) == without_carriage_returns(new) {
                diagnostic = diagnostic.note("only the line endings differ");
            } else {
                diagnostic = diagnostic.output(diff(path, old, new));
            }
        }
        if let Some(command) = command {
            diagnostic = diagnostic.help(format!("run `{command}`"));
        }
        found.push(diagnostic);
    }
    found.extend(plan.obstacles.iter().cloned());
    if found.is_empty() {
        return plan.into_report();
    }
    found.extend(plan.warnings);
    Err(found)
}

/// What is on disk and what would be written, for a file that changes.
fn contents<'p>(plan: &'p Plan<'_>, path: &str) -> Option<(&'p [u8], &'p [u8])> {
    let (_, old) = plan.changed.iter().find(|(changed, _)| *changed == path)?;
    let (_, new) = plan.writes.iter().find(|(written, _)| *written == path)?;
    Some((old, new))
}

fn without_carriage_returns(content: &[u8]) -> Vec<u8> {
    content.iter().copied().filter(|byte| *byte != b'\r').collect()
}

/// A unified diff from what is on disk to what would be written.
fn diff(path: &str, old: &[u8], new: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        return "binary files differ\n".to_owned();
    };
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let headers = (format!("{path} (on disk)"), format!("{path} (generated)"));
    let text = diff.unified_diff().context_radius(3).header(&headers.0, &headers.1).to_string();
    let mut shown = String::new();
    for line in text.lines().take(DIFF_LINES) {
        let end = line.floor_char_boundary(LINE_WIDTH);
        shown.push_str(&line[..end]);
        shown.push_str(if end < line.len() { "...\n" } else { "\n" });
    }
    match text.lines().count().saturating_sub(DIFF_LINES) {
        0 => {}
        1 => shown.push_str("... 1 more line\n"),
        more => shown.push_str(&format!("... {more} more lines\n")),
    }
    shown
}
