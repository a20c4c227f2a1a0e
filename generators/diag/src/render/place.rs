//! Spans as lines and columns, robust against spans that do not fit their text.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::{Diagnostic, Label, SourceFile, Span};

/// A span in lines and columns, counted from 1, columns in characters, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// Where the lines of the files begin, found once for all diagnostics of a file.
#[derive(Default)]
pub(super) struct Places {
    starts: BTreeMap<*const SourceFile, Vec<usize>>,
}

impl Places {
    /// The place of `span`.
    pub fn find(&mut self, span: &Span) -> Place {
        let range = fitted(span);
        let (line, column) = self.position(&span.file, range.start);
        let (end_line, end_column) = self.position(&span.file, range.end);
        Place { line, column, end_line, end_column }
    }

    /// The byte offsets at which the lines of `file` begin.
    pub fn line_starts(&mut self, file: &Arc<SourceFile>) -> &[usize] {
        self.starts.entry(Arc::as_ptr(file)).or_insert_with(|| {
            let after_breaks = file.text.match_indices('\n').map(|(offset, _)| offset + 1);
            std::iter::once(0).chain(after_breaks).collect()
        })
    }

    fn position(&mut self, file: &Arc<SourceFile>, offset: usize) -> (usize, usize) {
        let starts = self.line_starts(file);
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = file.text.get(start..offset).unwrap_or_default();
        (line, before.strip_prefix('\u{feff}').unwrap_or(before).chars().count() + 1)
    }
}

/// The range of `span`, moved to character boundaries within the text.
pub(super) fn fitted(span: &Span) -> Range<usize> {
    let text = &span.file.text;
    let start = text.floor_char_boundary(span.range.start);
    let end = text.ceil_char_boundary(span.range.end.max(start).min(text.len()));
    start..end
}

/// What a diagnostic is about, as one-line formats print it: a file and maybe a place in it.
pub(super) fn subject<'a>(
    diagnostic: &'a Diagnostic,
    places: &mut Places,
) -> (Option<std::borrow::Cow<'a, str>>, Option<Place>) {
    match (&diagnostic.primary, &diagnostic.path) {
        (Some(Label { span, .. }), _) => (Some(span.file.name.as_str().into()), Some(places.find(span))),
        (None, Some(path)) => (Some(path.to_string_lossy()), None),
        (None, None) => (None, None),
    }
}
