//! Errors of wit-parser as diagnostics, with help where a user could guess wrong.

use std::path::Path;

use wit_parser::{ParseError, ParseErrorKind, ResolveError, ResolveErrorKind};
use witgen_diag::{Diagnostic, Id, Span};

use crate::source::Sources;

/// Keywords of WIT, which need a `%` when they are names.
const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "bool",
    "borrow",
    "char",
    "constructor",
    "enum",
    "export",
    "f32",
    "f64",
    "flags",
    "from",
    "func",
    "future",
    "import",
    "include",
    "interface",
    "list",
    "map",
    "option",
    "own",
    "package",
    "record",
    "resource",
    "result",
    "s16",
    "s32",
    "s64",
    "s8",
    "static",
    "stream",
    "string",
    "tuple",
    "type",
    "u16",
    "u32",
    "u64",
    "u8",
    "use",
    "variant",
    "with",
    "world",
];

/// A failed file system operation.
pub(crate) fn io(path: &Path, reason: &std::io::Error) -> Diagnostic {
    if reason.kind() == std::io::ErrorKind::NotFound {
        return Diagnostic::error(Id::MissingInput, format!("`{}` does not exist", path.display()))
            .in_path(path);
    }
    Diagnostic::error(Id::Io, format!("cannot read `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}

/// A text that does not parse.
pub(crate) fn parse(error: &ParseError, sources: &Sources) -> Diagnostic {
    let kind = error.kind();
    let span = sources.span(kind.span()).map(whole_word);
    let (id, message, hint) = match kind {
        ParseErrorKind::Lex(_) | ParseErrorKind::Syntax { .. } => (Id::WitSyntax, kind.to_string(), None),
        ParseErrorKind::ItemNotFound { name, kind, hint, .. } => {
            (Id::WitResolve, format!("{kind} `{name}` does not exist"), hint.clone())
        }
        ParseErrorKind::TypeCycle { name, kind, .. } => {
            (Id::WitResolve, format!("{kind} `{name}` depends on itself"), None)
        }
        _ => (Id::WitSyntax, kind.to_string(), None),
    };
    let mut diagnostic = Diagnostic::error(id, message);
    if let Some(hint) = hint {
        diagnostic = diagnostic.note(hint);
    }
    let Some(span) = span else { return diagnostic };
    if let ParseErrorKind::ItemNotFound { name, .. } = kind {
        diagnostic = suggest_declared(diagnostic, name, &span);
    }
    for help in syntax_help(&span) {
        diagnostic = diagnostic.help(help);
    }
    diagnostic.at(span, "")
}

/// Packages that do not fit together.
pub(crate) fn resolve(error: &ResolveError, sources: &Sources) -> Diagnostic {
    let kind = error.kind();
    let mut diagnostic = match kind {
        ResolveErrorKind::PackageNotFound { requested, known, .. } => package_not_found(requested, known),
        ResolveErrorKind::WorldNotFound { requested, package, .. } => Diagnostic::error(
            Id::WitResolve,
            format!("world `{requested}` does not exist in package `{package}`"),
        ),
        ResolveErrorKind::InterfaceNotFound { requested, package, .. } => Diagnostic::error(
            Id::WitResolve,
            format!("interface `{requested}` does not exist in package `{package}`"),
        ),
        ResolveErrorKind::DuplicatePackage { name, .. } => {
            Diagnostic::error(Id::WitResolve, format!("package `{name}` is defined twice"))
        }
        ResolveErrorKind::PackageCycle { package, .. } => {
            Diagnostic::error(Id::WitResolve, format!("package `{package}` depends on itself"))
        }
        ResolveErrorKind::StabilityMismatch { .. } => {
            Diagnostic::error(Id::WitResolve, "the same item has two different stabilities")
        }
        other => Diagnostic::error(Id::WitResolve, other.to_string()),
    };
    if let ResolveErrorKind::DuplicatePackage { span2, .. } = kind
        && let Some(other) = sources.span(*span2)
    {
        diagnostic = diagnostic.also(other, "and here");
    }
    match sources.span(kind.span()) {
        Some(span) => diagnostic.at(span, ""),
        None => diagnostic,
    }
}

fn package_not_found(requested: &wit_parser::PackageName, known: &[wit_parser::PackageName]) -> Diagnostic {
    let names: Vec<String> = known.iter().map(ToString::to_string).collect();
    let requested = requested.to_string();
    Diagnostic::error(Id::UnknownPackage, format!("package `{requested}` is not known"))
        .suggest(&requested, names.iter().map(String::as_str))
        .help(format!(
            "put the package in a `deps` folder beside the WIT (`deps/{}.wit`), or give its file on the command line",
            requested.split('@').next().unwrap_or_default().replace(':', "-")
        ))
}

/// Offers names that the same file declares.
fn suggest_declared(diagnostic: Diagnostic, name: &str, span: &Span) -> Diagnostic {
    let mut names: Vec<&str> = Vec::new();
    let mut previous = "";
    for word in words(&span.file.text) {
        if matches!(
            previous,
            "record" | "variant" | "enum" | "flags" | "type" | "resource" | "interface" | "world"
        ) {
            names.push(word);
        }
        previous = word;
    }
    diagnostic.suggest(name, names)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '%')))
        .filter(|word| !word.is_empty())
}

/// wit-parser points at the first character of an unexpected word.
fn whole_word(span: Span) -> Span {
    let rest = span.file.text.get(span.range.start..).unwrap_or_default();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '%';
    let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let range = span.range.start..span.range.end.max(span.range.start + length);
    Span { range, ..span }
}

/// What the user most likely meant at `span`.
fn syntax_help(span: &Span) -> Vec<String> {
    let text = &span.file.text;
    let start = span.range.start.min(text.len());
    let (Some(before), Some(at)) = (text.get(..start), text.get(start..)) else { return Vec::new() };
    if let Some(help) = definition_as_field(before, at) {
        return vec![help];
    }
    let word = words(at.lines().next().unwrap_or_default()).next().unwrap_or_default();
    let starts_with_word = !word.is_empty() && at.starts_with(word);
    let last = before.trim_end();
    if starts_with_word && KEYWORDS.contains(&word) {
        let expects_name =
            ["func", "record", "variant", "enum", "flags", "type", "interface", "world", "resource"];
        let previous = words(last.lines().next_back().unwrap_or_default()).last().unwrap_or_default();
        let in_list =
            last.ends_with('{') || last.ends_with(',') || last.ends_with('(') || last.ends_with(';');
        let named = at[word.len()..].trim_start().starts_with(':');
        if (expects_name.contains(&previous) && last.ends_with(previous)) || (in_list && named) {
            return vec![format!("`{word}` is a keyword; write `%{word}` to use it as a name")];
        }
    }
    let ends_item =
        last.ends_with(')') || last.ends_with('>') || last.ends_with(|c: char| c.is_ascii_alphanumeric());
    let next_line = before.len() > last.len() && before[last.len()..].contains('\n');
    if (next_line || at.starts_with('}')) && ends_item && !last.is_empty() {
        let line = last.lines().next_back().unwrap_or_default().trim();
        if line.starts_with("use ")
            || line.contains("func")
            || line.starts_with("import")
            || line.starts_with("export")
            || line.starts_with("type ")
            || line.starts_with("include")
            || line.starts_with("package")
        {
            return vec![format!("end the line before with a semicolon: `{line};`")];
        }
    }
    Vec::new()
}

/// `levels: enum { debug, info }`, which people write for `enum levels { debug, info }`.
fn definition_as_field(before: &str, at: &str) -> Option<String> {
    let keyword = words(at.lines().next()?).next()?;
    if !at.starts_with(keyword) || !matches!(keyword, "enum" | "record" | "variant" | "flags" | "resource") {
        return None;
    }
    let head = before.trim_end().strip_suffix(':')?.trim_end();
    let name = words(head.lines().next_back()?).last()?;
    if !head.ends_with(name) {
        return None;
    }
    let rest = at[keyword.len()..].trim_start();
    let body = rest.strip_prefix('{').and_then(|body| body.split_once('}')).map(|(body, _)| body);
    Some(match body {
        Some(body) => {
            let items: Vec<&str> = body.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
            format!("write the name after `{keyword}`: `{keyword} {name} {{ {} }}`", items.join(", "))
        }
        None => format!("write the name after `{keyword}`: `{keyword} {name} {{ ... }}`"),
    })
}
