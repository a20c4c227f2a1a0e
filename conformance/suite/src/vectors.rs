//! Vector files: which types and functions are under test, and with what values.
//!
//! This module knows TOML and places in it, and nothing of WIT: names and values are texts here.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use witgen_diag::{Diagnostic, Id, SourceFile, Span};

/// One vector file.
#[derive(Clone, Debug)]
pub(crate) struct Suite {
    /// The name of the file without its extension.
    pub(crate) name: String,
    /// Types that make the round trip.
    pub(crate) types: Vec<TypeVectors>,
    /// Functions that are called.
    pub(crate) calls: Vec<CallVector>,
}

/// A `[[type]]`.
#[derive(Clone, Debug)]
pub(crate) struct TypeVectors {
    /// `acme:shop/types.order`
    pub(crate) name: Text,
    pub(crate) values: Vec<Vector>,
}

/// A `[[call]]`.
#[derive(Clone, Debug)]
pub(crate) struct CallVector {
    /// `acme:shop/api.total`
    pub(crate) func: Text,
    pub(crate) args: Vec<Vector>,
    pub(crate) outcome: Outcome,
}

/// What a call has to do.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Return; with this value when the function has a result.
    Return(Option<Vector>),
    /// Trap with a message that this glob matches.
    Trap(Text),
}

/// A value in WAVE, so many times.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
    pub(crate) wave: Text,
    /// One, except for strings and lists that are too long to write down.
    pub(crate) times: u32,
}

/// A text with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    file: Arc<SourceFile>,
    /// With what is around it, quotes at least.
    range: std::ops::Range<usize>,
}

impl Text {
    /// The whole text.
    pub(crate) fn span(&self) -> Span {
        Span { file: Arc::clone(&self.file), range: self.range.clone() }
    }

    /// A part of it, by bytes of [`Text::text`].
    pub(crate) fn part(&self, part: std::ops::Range<usize>) -> Span {
        let written = &self.file.text[self.range.clone()];
        // Escapes move the bytes apart: then the whole text is shown.
        match written.find(self.text.as_str()) {
            Some(quotes) if !self.text.is_empty() => {
                let start = self.range.start + quotes;
                let end = (start + part.end).min(self.range.end);
                Span { file: Arc::clone(&self.file), range: (start + part.start).min(end)..end }
            }
            _ => self.span(),
        }
    }
}

/// Reads a vector file from disk.
pub(crate) fn read(path: &Path) -> witgen_diag::Result<Suite> {
    let text = std::fs::read_to_string(path).map_err(|reason| {
        let id = if reason.kind() == std::io::ErrorKind::NotFound { Id::MissingInput } else { Id::Io };
        Diagnostic::error(id, format!("cannot read `{}`", path.display()))
            .in_path(path)
            .note(reason.to_string())
    })?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    parse(&name, SourceFile { name: path.display().to_string(), text })
}

/// Parses a vector file.
pub(crate) fn parse(name: &str, file: SourceFile) -> witgen_diag::Result<Suite> {
    let file = Arc::new(file);
    let tables: Tables = toml::from_str(&file.text).map_err(|reason| invalid(&file, &reason))?;
    let mut findings = Vec::new();
    if tables.ty.is_empty() && tables.call.is_empty() {
        let empty =
            Diagnostic::error(Id::InvalidVectors, "the file has neither a `[[type]]` nor a `[[call]]`")
                .in_path(&file.name)
                .help("say what to test:\n[[type]]\nname = \"acme:shop/types.order\"\nvalues = ['{id: 1}']");
        findings.push(empty);
    }
    let types = tables.ty.into_iter().map(|table| {
        let name = text(&file, table.name);
        if table.values.is_empty() {
            findings.push(
                Diagnostic::error(Id::InvalidVectors, format!("`{}` has no values", name.text))
                    .at(name.span(), "needs at least one"),
            );
        }
        TypeVectors { name, values: table.values.into_iter().map(|value| vector(&file, value)).collect() }
    });
    let types = types.collect();
    let mut calls = Vec::new();
    for table in tables.call {
        let func = text(&file, table.func);
        let args = table.args.into_iter().map(|value| vector(&file, value)).collect();
        let outcome = match (table.result, table.trap) {
            (Some(_), Some(trap)) => {
                let both = "a call cannot both return and trap";
                findings.push(
                    Diagnostic::error(Id::InvalidVectors, both)
                        .at(text(&file, trap).span(), "give `result` or `trap`"),
                );
                continue;
            }
            (result, None) => Outcome::Return(result.map(|value| vector(&file, value))),
            (None, Some(trap)) => Outcome::Trap(text(&file, trap)),
        };
        calls.push(CallVector { func, args, outcome });
    }
    if findings.is_empty() { Ok(Suite { name: name.to_owned(), types, calls }) } else { Err(findings) }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Tables {
    #[serde(default, rename = "type")]
    ty: Vec<TypeTable>,
    #[serde(default)]
    call: Vec<CallTable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct TypeTable {
    name: Spanned<String>,
    #[serde(default)]
    values: Vec<Spanned<ValueEntry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CallTable {
    func: Spanned<String>,
    #[serde(default)]
    args: Vec<Spanned<ValueEntry>>,
    result: Option<Spanned<ValueEntry>>,
    trap: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a WAVE text, or { repeat = 'WAVE', times = N }")]
enum ValueEntry {
    Once(String),
    Repeated(Repeated),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Repeated {
    repeat: String,
    times: u32,
}

fn text(file: &Arc<SourceFile>, spanned: Spanned<String>) -> Text {
    let range = spanned.span();
    Text { text: spanned.into_inner(), file: Arc::clone(file), range }
}

fn vector(file: &Arc<SourceFile>, entry: Spanned<ValueEntry>) -> Vector {
    // Places inside of an untagged enum are lost, so a repeated value has the place of its table.
    let range = entry.span();
    let (text, times) = match entry.into_inner() {
        ValueEntry::Once(text) => (text, 1),
        ValueEntry::Repeated(Repeated { repeat, times }) => (repeat, times),
    };
    Vector { wave: Text { text, file: Arc::clone(file), range }, times }
}

fn invalid(file: &Arc<SourceFile>, reason: &toml::de::Error) -> Diagnostic {
    let message = reason.message().lines().collect::<Vec<_>>().join(" ");
    let diagnostic = Diagnostic::error(Id::InvalidVectors, message);
    match reason.span() {
        Some(range) => diagnostic.at(Span { file: Arc::clone(file), range }, ""),
        None => diagnostic.in_path(&file.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> witgen_diag::Result<Suite> {
        parse("mine", SourceFile { name: "mine.toml".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn types_and_calls_are_read_with_their_places() {
        let text = "[[type]]\nname = \"a:b/c.d\"\nvalues = ['1', { repeat = '\"x\"', times = 9 }]\n\
                    [[call]]\nfunc = \"a:b/c.f\"\nargs = ['2']\ntrap = \"*boom*\"\n";
        let suite = parsed(text).unwrap();
        assert_eq!(suite.types[0].name.text, "a:b/c.d");
        assert_eq!(suite.types[0].values[1].times, 9);
        assert_eq!(suite.types[0].values[0].wave.part(0..1).text(), "1");
        assert_eq!(suite.types[0].values[1].wave.part(1..2).text(), "x");
        assert!(matches!(&suite.calls[0].outcome, Outcome::Trap(glob) if glob.text == "*boom*"));
    }

    #[test]
    fn mistakes_have_their_line() {
        for (text, line, message) in [
            ("[[type]]\nname = \"a\"\nvalue = []\n", 3, "unknown field `value`"),
            ("[[type]]\nname = \"a\"\nvalues = []\n", 2, "has no values"),
            ("[[call]]\nfunc = \"a\"\nresult = '1'\ntrap = \"x\"\n", 4, "both return and trap"),
            ("[[type]]\nname = \"a\"\nvalues = [\n  1]\n", 3, "a WAVE text"),
        ] {
            let found = parsed(text).unwrap_err();
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].message.contains(message), "{text}: {}", found[0].message);
            assert_eq!(found[0].primary.as_ref().unwrap().span.line(), line, "{text}");
        }
    }

    #[test]
    fn a_file_without_vectors_is_refused() {
        assert_eq!(parsed("").unwrap_err()[0].id, Id::InvalidVectors);
    }
}
