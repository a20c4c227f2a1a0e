//! Components in text form, run in this process.

mod commands;
mod files;
mod invocations;

use tempfile::NamedTempFile;
use witgen_diag::{Diagnostic, Id};

use crate::{Cache, Outcome, RunOptions, run};

/// Runs the component in `wat` and gives what it returned, or its findings.
fn run_wat(wat: &str, invoke: Option<&str>) -> Result<Outcome, Vec<Diagnostic>> {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), wat::parse_str(wat).unwrap()).unwrap();
    let options =
        RunOptions { invoke: invoke.map(str::to_owned), cache: Cache::Off, ..RunOptions::default() };
    run(file.path(), &options)
}

/// The single finding of a run that fails.
fn failure(wat: &str, invoke: Option<&str>) -> Diagnostic {
    let mut findings = run_wat(wat, invoke).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

/// What people see of a diagnostic, with a caret line instead of its rendering.
fn shown(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![format!("{}: {}", diagnostic.id.name(), diagnostic.message)];
    if let Some(label) = &diagnostic.primary {
        let (from, text) = (label.span.range.start, label.span.text());
        lines.push(label.span.file.text.clone());
        lines.push(format!("{}{} {}", " ".repeat(from), "^".repeat(text.len().max(1)), label.text));
    }
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diagnostic.helps.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn has_id(diagnostic: &Diagnostic, id: Id) {
    assert_eq!(diagnostic.id, id, "{diagnostic:#?}");
}
