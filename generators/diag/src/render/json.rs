//! A versioned JSON document for other programs.

use serde::Serialize;

use crate::{Diagnostic, Label};

use super::clean;
use super::place::{Places, subject};

/// Goes up when a field changes its meaning or goes away.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'static str,
    severity: String,
    message: &'a str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    label: Option<&'a str>,
    notes: &'a [String],
    helps: &'a [String],
    secondary: Vec<Secondary<'a>>,
    output: Option<&'a str>,
    path: Option<String>,
}

#[derive(Serialize)]
struct Secondary<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'a str,
}

pub(super) fn render(diagnostics: &[&Diagnostic]) -> String {
    let mut places = Places::default();
    let diagnostics = diagnostics.iter().map(|diagnostic| entry(diagnostic, &mut places)).collect();
    // The document has neither maps nor floats, the only values that serde_json refuses.
    let json = serde_json::to_string_pretty(&Document { version: VERSION, diagnostics }).unwrap_or_default();
    clean::json(&json) + "\n"
}

fn entry<'a>(diagnostic: &'a Diagnostic, places: &mut Places) -> Entry<'a> {
    let (file, place) = subject(diagnostic, places);
    Entry {
        id: diagnostic.id.name(),
        severity: diagnostic.severity.to_string(),
        message: &diagnostic.message,
        file: file.map(|file| file.into_owned()),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        end_line: place.map(|place| place.end_line),
        end_column: place.map(|place| place.end_column),
        label: diagnostic.primary.as_ref().map(|label| label.text.as_str()).filter(|text| !text.is_empty()),
        notes: &diagnostic.notes,
        helps: &diagnostic.helps,
        secondary: diagnostic.secondary.iter().map(|label| secondary(label, places)).collect(),
        output: diagnostic.output.as_deref(),
        path: diagnostic.path.as_ref().map(|path| path.to_string_lossy().into_owned()),
    }
}

fn secondary<'a>(label: &'a Label, places: &mut Places) -> Secondary<'a> {
    let place = places.find(&label.span);
    Secondary {
        file: &label.span.file.name,
        line: place.line,
        column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
        label: &label.text,
    }
}
