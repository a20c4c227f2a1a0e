//! The few lines of source around the places of a diagnostic.
//!
//! The snippet library walks over the whole text it is given, prints lines at full length when a place is long,
//! and stops the program when a span does not fit.
//! It therefore gets an excerpt: only the lines near a place, cut to a window, with all offsets fitted.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Snippet};

use crate::{Diagnostic, Label, SourceFile};

use super::clean;
use super::place::{Places, fitted};

/// Longer lines are cut around the places in them.
const LINE_LIMIT: usize = 400;
/// How much of a cut line stands before its first place.
const LEAD: usize = 60;
/// How far apart the places in one window may begin.
const REACH: usize = LINE_LIMIT - 2 * LEAD;
/// A place over more lines is shown by its first line.
const LINES_LIMIT: usize = 40;
/// A private character: the library takes columns from the excerpt, which are wrong where a line was cut.
const STAND_IN: char = '\u{e000}';

/// The sources of a diagnostic's places.
pub(super) struct Sources {
    /// The excerpts, the primary place's first.
    pub snippets: Vec<Snippet<'static, Annotation<'static>>>,
    /// Stand-ins in the rendered text and what belongs there.
    headings: Vec<(String, String)>,
}

impl Sources {
    /// The excerpts for all places of `diagnostic`.
    pub fn new(diagnostic: &Diagnostic, places: &mut Places) -> Self {
        let primary = diagnostic.primary.iter().map(|label| (label, AnnotationKind::Primary));
        let secondary = diagnostic.secondary.iter().map(|label| (label, AnnotationKind::Context));
        let mut clusters: Vec<Cluster> = Vec::new();
        for (label, kind) in primary.chain(secondary) {
            let mark = Mark::new(label, kind, places);
            match clusters.iter_mut().find(|cluster| cluster.takes(&mark)) {
                Some(cluster) => cluster.add(mark),
                None => clusters.push(Cluster::new(mark)),
            }
        }
        let mut sources = Self { snippets: Vec::new(), headings: Vec::new() };
        for (index, cluster) in clusters.iter().enumerate() {
            let (snippet, cut) = cluster.snippet(places);
            let mut name = clean::line(&cluster.file.name).into_owned();
            if let (true, Some(first)) = (cut, cluster.marks.first()) {
                let place = places.find(&first.label.span);
                let heading = format!("{name}:{}:{}", place.line, place.column);
                name = format!("{STAND_IN}{index}{STAND_IN}");
                sources.headings.push((name.clone(), heading));
            }
            sources.snippets.push(snippet.path(name));
        }
        sources
    }

    /// Puts the true lines and columns of cut lines into the text that was rendered from the excerpts.
    pub fn correct(&self, mut rendered: String) -> String {
        for (name, heading) in &self.headings {
            let Some(start) = rendered.find(name) else { continue };
            let position = |character: char| character == ':' || character.is_ascii_digit();
            let rest = &rendered[start + name.len()..];
            let end = rendered.len() - rest.trim_start_matches(position).len();
            rendered.replace_range(start..end, heading);
        }
        rendered
    }
}

/// A place with the lines (from 0) that show it.
struct Mark<'a> {
    label: &'a Label,
    kind: AnnotationKind,
    range: Range<usize>,
    lines: Range<usize>,
}

impl<'a> Mark<'a> {
    fn new(label: &'a Label, kind: AnnotationKind, places: &mut Places) -> Self {
        let file = &label.span.file;
        let mut range = fitted(&label.span);
        let starts = places.line_starts(file);
        let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let first = line_of(range.start);
        // A span that ends with a line break does not reach the next line.
        let mut last = line_of(range.end.saturating_sub(1).max(range.start));
        if last - first >= LINES_LIMIT {
            last = first;
        }
        range.end = range.end.min(line_range(file, starts, last).end).max(range.start);
        Self { label, kind, range, lines: first..last + 1 }
    }
}

/// Places of one file that one snippet shows.
struct Cluster<'a> {
    file: &'a Arc<SourceFile>,
    lines: Range<usize>,
    marks: Vec<Mark<'a>>,
}

impl<'a> Cluster<'a> {
    fn new(mark: Mark<'a>) -> Self {
        Self { file: &mark.label.span.file, lines: mark.lines.clone(), marks: vec![mark] }
    }

    fn takes(&self, mark: &Mark<'_>) -> bool {
        let file = &mark.label.span.file;
        // Places further apart in one line than a window is wide need a window each.
        let in_reach = |other: &Mark<'_>| {
            other.lines.start != mark.lines.start || other.range.start.abs_diff(mark.range.start) < REACH
        };
        (Arc::ptr_eq(self.file, file) || self.file == file)
            && self.marks.iter().all(in_reach)
            && mark.lines.start < self.lines.end + LINES_LIMIT
            && self.lines.start < mark.lines.end + LINES_LIMIT
    }

    fn add(&mut self, mark: Mark<'a>) {
        self.lines = self.lines.start.min(mark.lines.start)..self.lines.end.max(mark.lines.end);
        self.marks.push(mark);
    }

    /// The excerpt, and whether a line in it was cut.
    fn snippet(&self, places: &mut Places) -> (Snippet<'static, Annotation<'static>>, bool) {
        let starts = places.line_starts(self.file);
        let mut source = String::new();
        let mut windows = Vec::new();
        for line in self.lines.clone() {
            let window = Window::new(self, line_range(self.file, starts, line), source.len());
            window.write(&self.file.text, &mut source);
            source.push('\n');
            windows.push(window);
        }
        source.pop();
        let annotations = self.marks.iter().map(|mark| {
            let at = |line: usize, offset| windows[line - self.lines.start].offset(&self.file.text, offset);
            let start = at(mark.lines.start, mark.range.start);
            let end = at(mark.lines.end - 1, mark.range.end).max(start);
            let text = Some(clean::lines(&mark.label.text)).filter(|text| !text.is_empty());
            mark.kind.span(start..end).label(text)
        });
        let annotations: Vec<_> = annotations.collect();
        let snippet = Snippet::source(source).line_start(self.lines.start + 1).annotations(annotations);
        (snippet, windows.iter().any(|window| window.cut_left || window.cut_right))
    }
}

/// The part of a line that is shown, and where it begins in the excerpt.
struct Window {
    shown: Range<usize>,
    cut_left: bool,
    cut_right: bool,
    begin: usize,
}

impl Window {
    fn new(cluster: &Cluster<'_>, line: Range<usize>, begin: usize) -> Self {
        let text = &cluster.file.text;
        if line.len() <= LINE_LIMIT {
            return Self { shown: line, cut_left: false, cut_right: false, begin };
        }
        let within = |offset: &usize| line.contains(offset) || *offset == line.end;
        let starts = cluster.marks.iter().map(|mark| mark.range.start).filter(within);
        let ends = cluster.marks.iter().map(|mark| mark.range.end).filter(within);
        let anchor = starts.min().or(ends.max()).unwrap_or(line.start);
        let start = text.floor_char_boundary(anchor.saturating_sub(LEAD).max(line.start));
        let end = text.floor_char_boundary((start + LINE_LIMIT).min(line.end));
        Self { cut_left: start > line.start, cut_right: end < line.end, shown: start..end, begin }
    }

    fn write(&self, text: &str, source: &mut String) {
        if self.cut_left {
            source.push('…');
        }
        source.push_str(&visible(&text[self.shown.clone()]));
        if self.cut_right {
            source.push('…');
        }
    }

    /// Where the byte `offset` of the file is in the excerpt.
    fn offset(&self, text: &str, offset: usize) -> usize {
        let before = &text[self.shown.start..offset.clamp(self.shown.start, self.shown.end)];
        let ellipsis = if self.cut_left { '…'.len_utf8() } else { 0 };
        self.begin + ellipsis + visible(before).len()
    }
}

/// The bytes of a line without its line break and without a byte order mark.
fn line_range(file: &SourceFile, starts: &[usize], line: usize) -> Range<usize> {
    let start = starts.get(line).copied().unwrap_or(file.text.len());
    let end = starts.get(line + 1).copied().unwrap_or(file.text.len());
    let text = &file.text[start..end];
    let content = text.strip_suffix('\n').unwrap_or(text);
    let content = content.strip_suffix('\r').unwrap_or(content);
    let mark = if content.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    start + mark..start + content.len()
}

/// Tabs stay: the snippet library shows them as four columns and counts them so.
fn visible(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' => '\t',
            _ => clean::stand_in(character).unwrap_or(character),
        })
        .collect()
}
