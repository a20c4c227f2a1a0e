//! Diagnostics as text.

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
    /// With terminal colours.
    pub color: bool,
}

/// All `diagnostics` in one text, ending with a line break unless it is empty.
pub fn render(diagnostics: &[Diagnostic], options: RenderOptions) -> String {
    let _ = options;
    diagnostics.iter().map(|diagnostic| format!("{}\n", diagnostic.message)).collect()
}
