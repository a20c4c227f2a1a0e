//! Workflow commands of GitHub Actions, which become annotations beside the lines of a pull request.

use crate::{Diagnostic, Severity};

use super::clean;
use super::place::{Place, Places, subject};

/// GitHub cuts longer annotations; the start of a tool's output says most.
const OUTPUT_LIMIT: usize = 16_000;

pub(super) fn render(diagnostics: &[&Diagnostic]) -> String {
    let mut places = Places::default();
    diagnostics.iter().map(|diagnostic| command(diagnostic, &mut places)).collect()
}

fn command(diagnostic: &Diagnostic, places: &mut Places) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (file, place) = subject(diagnostic, places);
    let mut properties = Vec::new();
    if let Some(file) = file {
        properties.push(format!("file={}", property(&clean::line(&file))));
    }
    properties.extend(place.map(position));
    properties.push(format!("title={}", property(&format!("witgen: {}", diagnostic.id))));
    format!("::{name} {}::{}\n", properties.join(","), data(&message(diagnostic)))
}

/// GitHub takes columns only for a place within one line.
fn position(place: Place) -> String {
    let Place { line, column, end_line, end_column } = place;
    if line == end_line {
        format!("line={line},col={column},endLine={end_line},endColumn={end_column}")
    } else {
        format!("line={line},endLine={end_line}")
    }
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![clean::lines(&diagnostic.message)];
    if let Some(label) = diagnostic.primary.as_ref().filter(|label| !label.text.is_empty()) {
        lines.push(clean::lines(&label.text));
    }
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {}", clean::lines(note))));
    lines.extend(diagnostic.helps.iter().map(|help| format!("help: {}", clean::lines(help))));
    if let Some(output) = &diagnostic.output {
        let output = clean::output(output);
        let shown = &output[..output.floor_char_boundary(OUTPUT_LIMIT)];
        lines.push(shown.to_owned());
        if shown.len() < output.len() {
            lines.push("...".to_owned());
        }
    }
    lines.join("\n")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
