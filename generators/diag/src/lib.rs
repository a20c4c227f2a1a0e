//! One [`Diagnostic`] type for everything that witgen tells its user, and one renderer per format.
//!
//! A diagnostic is data: crates return it and never print.
//! Only the command line tool renders, so that one run reports all of its findings together.

mod catalog;
mod exit;
mod render;
mod source;
mod suggest;

use std::fmt;
use std::path::PathBuf;

pub use catalog::{Class, Id};
pub use exit::exit_code;
pub use render::{Format, RenderOptions, render};
pub use source::{SourceFile, Span};
pub use suggest::suggestions;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run fails.
    Error,
    /// The run goes on.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// A place in a source with a short text beside its caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// One finding: what, where, why and what to type.
///
/// Texts are lower case without a full stop, with names in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding, documented by `witgen explain`.
    pub id: Id,
    /// Whether it fails the run.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The file or directory that is meant when there is no [`Diagnostic::primary`] place in it.
    pub path: Option<PathBuf>,
    /// The place of the caret.
    pub primary: Option<Label>,
    /// Other places that matter.
    pub secondary: Vec<Label>,
    /// Why.
    pub notes: Vec<String>,
    /// What to type. May have several lines.
    pub helps: Vec<String>,
    /// Another tool's own output, printed as it is.
    pub output: Option<String>,
}

impl Diagnostic {
    /// An error with `message`.
    pub fn error(id: Id, message: impl Into<String>) -> Self {
        Self {
            id,
            severity: Severity::Error,
            message: message.into(),
            path: None,
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            output: None,
        }
    }

    /// A warning with `message`.
    pub fn warning(id: Id, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(id, message) }
    }

    /// Points the caret at `span`.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: label.into() });
        self
    }

    /// Names the file or directory that is meant.
    #[must_use]
    pub fn in_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Shows another place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: label.into() });
        self
    }

    /// Says why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to type.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Attaches another tool's own output.
    #[must_use]
    pub fn output(mut self, output: impl Into<String>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// Offers at most three of `candidates` that look like `name`.
    #[must_use]
    pub fn suggest<'a>(self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let found = suggestions(name, candidates);
        if found.is_empty() {
            return self;
        }
        let list: Vec<String> = found.iter().map(|candidate| format!("`{candidate}`")).collect();
        self.help(format!("did you mean {}?", list.join(", ")))
    }
}

/// A result whose error is everything that was found wrong.
pub type Result<T> = std::result::Result<T, Vec<Diagnostic>>;

impl From<Diagnostic> for Vec<Diagnostic> {
    fn from(diagnostic: Diagnostic) -> Self {
        vec![diagnostic]
    }
}
