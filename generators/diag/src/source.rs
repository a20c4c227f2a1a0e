//! Source texts and places in them.

use std::ops::Range;
use std::sync::Arc;

/// A text that diagnostics point into.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as the user knows it, or a name such as `wasi:cli@0.2.12/command.wit` for a built-in text.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// The line and column of a byte `offset`, both counted from 1, columns in characters.
    ///
    /// A byte order mark takes no column, and an offset past the end is the end.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = &before[line_start..];
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// A byte range of a source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub file: Arc<SourceFile>,
    /// Byte offsets into it.
    pub range: Range<usize>,
}

impl Span {
    /// The line of the first byte, counted from 1.
    pub fn line(&self) -> usize {
        self.file.position(self.range.start).0
    }

    /// The column of the first byte, counted from 1 in characters.
    pub fn column(&self) -> usize {
        self.file.position(self.range.start).1
    }

    /// The text of the range; empty when the range does not fit the text.
    pub fn text(&self) -> &str {
        self.file.text.get(self.range.clone()).unwrap_or_default()
    }
}
