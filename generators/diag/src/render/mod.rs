//! Diagnostics as text: one file per format, and nothing here decides where the text goes.
//!
//! Every format keeps the given order, leaves out exact repetitions, and lets no control character of a source,
//! a path or another tool reach a terminal.

mod clean;
mod concise;
mod github;
mod json;
mod place;
mod snippet;
mod text;

use std::collections::BTreeMap;

use crate::Diagnostic;

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With source and caret, for people.
    #[default]
    Text,
    /// A line each.
    Concise,
    /// A JSON document.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// What varies between two renderings.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenderOptions {
    /// How.
    pub format: Format,
    /// With terminal colours; only [`Format::Text`] has any.
    pub color: bool,
}

/// All `diagnostics` in one text that ends with a line break.
///
/// Without diagnostics the text is empty, save for [`Format::Json`], which is always a document:
///
/// ```json
/// {
///   "version": 1,
///   "diagnostics": [
///     {
///       "id": "wit-syntax",
///       "severity": "error",
///       "message": "expected `;`",
///       "file": "shop.wit", "line": 3, "column": 9, "end_line": 3, "end_column": 10,
///       "label": "here",
///       "notes": [], "helps": [],
///       "secondary": [{"file": "shop.wit", "line": 1, "column": 1, "end_line": 1, "end_column": 2, "label": ""}],
///       "output": null,
///       "path": null
///     }
///   ]
/// }
/// ```
///
/// Lines and columns count from 1, columns in characters; the end is the first character after the place.
/// `file` is the file of the place, or else [`Diagnostic::path`]; what does not apply is `null`.
pub fn render(diagnostics: &[Diagnostic], options: RenderOptions) -> String {
    let diagnostics = distinct(diagnostics);
    match options.format {
        Format::Text => text::render(&diagnostics, options.color),
        Format::Concise => concise::render(&diagnostics),
        Format::Json => json::render(&diagnostics),
        Format::Github => github::render(&diagnostics),
    }
}

/// `diagnostics` without those that equal an earlier one.
fn distinct(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut seen: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    let mut kept = Vec::new();
    for diagnostic in diagnostics {
        let start = diagnostic.primary.as_ref().map(|label| label.span.range.start);
        let alike = seen.entry((diagnostic.id, start, &diagnostic.message)).or_default();
        if !alike.contains(&diagnostic) {
            alike.push(diagnostic);
            kept.push(diagnostic);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
