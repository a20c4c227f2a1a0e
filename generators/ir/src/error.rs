//! Errors of wit-parser as diagnostics, with help where a user could guess wrong.

use std::path::Path;

use wit_parser::{ParseError, ParseErrorKind, ResolveError, ResolveErrorKind};
use witgen_diag::{Diagnostic, Id, Span};

use crate::source::Sources;

/// Keywords of WIT, which need a `%` when they are names.
pub const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "bool",
    "borrow",
    "char",
    "constructor",
    "enum",
    "error-context",
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
        ParseErrorKind::Lex(_) => (Id::WitSyntax, lexical(&kind.to_string(), span.as_ref()), None),
        ParseErrorKind::Syntax { .. } => (Id::WitSyntax, kind.to_string(), None),
        ParseErrorKind::ItemNotFound { name, kind, hint, .. } => {
            (Id::WitResolve, format!("{kind} `{name}` does not exist"), hint.clone())
        }
        ParseErrorKind::TypeCycle { name, kind, .. } => {
            (Id::WitResolve, format!("{kind} `{name}` depends on itself"), None)
        }
        _ => (Id::WitSyntax, kind.to_string(), None),
    };
    let mut diagnostic = Diagnostic::error(id, readable(&message));
    if let Some(hint) = hint {
        diagnostic = match renamed_float(&hint) {
            Some(help) => diagnostic.help(help),
            None => diagnostic.note(hint),
        };
    }
    if message.starts_with(NO_PACKAGE) {
        diagnostic =
            diagnostic.help("begin the file with the name of its package, such as `package my:app;`");
        return match sources.first() {
            Some(span) => diagnostic.at(span, ""),
            None => diagnostic,
        };
    }
    let Some(span) = span else { return diagnostic };
    if let ParseErrorKind::ItemNotFound { name, .. } = kind {
        diagnostic = suggest_declared(diagnostic, name, &span);
    }
    if let Some(note) = note_for(&message) {
        diagnostic = diagnostic.note(note);
    }
    if let Some(help) = help_for(kind, &message, &span).or_else(|| syntax_help(&message, &span)) {
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
        other => Diagnostic::error(Id::WitResolve, readable(&other.to_string())),
    };
    if let ResolveErrorKind::DuplicatePackage { span2, .. } = kind
        && let Some(other) = sources.span(*span2)
    {
        diagnostic = diagnostic.also(other, "and here");
    }
    if kind.to_string().contains("feature not being activated") {
        diagnostic =
            diagnostic.help("turn the feature on with `--features NAME`, or all with `--all-features`");
    }
    match sources.span(kind.span()).or_else(|| named_world(&kind.to_string(), sources)) {
        Some(span) => diagnostic.at(span, ""),
        None => diagnostic,
    }
}

const NO_PACKAGE: &str = "no `package` header was found";

/// Characters that no text of WIT may hold, shown by their numbers: many of them cannot be seen.
fn lexical(message: &str, span: Option<&Span>) -> String {
    let what = match message {
        _ if message.starts_with("Control code ") => "a control character",
        _ if message.ends_with("is discouraged by Unicode") => "a character that Unicode advises against",
        _ if message.contains("bidirectional override") => {
            "a character that changes the direction of the text"
        }
        _ => return message.to_owned(),
    };
    match span.and_then(|span| span.file.text.get(span.range.start..)?.chars().next()) {
        Some(char) => format!("the text holds {what}, U+{:04X}", u32::from(char)),
        None => format!("the text holds {what}"),
    }
}

/// wit-parser's names of methods and accessors as people write them.
fn readable(message: &str) -> String {
    let mut text = message.to_owned();
    for (from, to) in [
        ("`[static]", "`"),
        ("`[method]", "`"),
        ("`[get]", "`get "),
        ("`[set]", "`set "),
        ("`[constructor]", "`constructor of "),
        (" kebab-name ", " "),
        ("cannot specify both @deprecated without", "cannot specify `@deprecated` without"),
        (". Note that an ID does not support renaming", "; only plain names can be renamed"),
    ] {
        text = text.replace(from, to);
    }
    match text.split_once("package [").and_then(|(head, rest)| Some((head, rest.split_once(']')?))) {
        Some((head, (package, rest))) => format!("{head}package `{package}`{rest}"),
        None => text,
    }
}

/// What to write for the float types of early drafts.
fn renamed_float(hint: &str) -> Option<String> {
    let mut quoted = hint.strip_prefix("the `")?.split('`');
    let (old, new) = (quoted.next()?, quoted.nth(1)?);
    hint.contains("has been renamed").then(|| format!("`{old}` is called `{new}`"))
}

/// The declaration of the world that a message without a place names.
fn named_world(message: &str, sources: &Sources) -> Option<Span> {
    let name = message.split_once("in world `")?.1.split('`').next()?;
    sources.find(&["world", name])
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

/// Types of other languages and of early drafts, and what WIT calls them.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("boolean", "bool"),
    ("bytes", "list<u8>"),
    ("double", "f64"),
    ("float", "f32"),
    ("float32", "f32"),
    ("float64", "f64"),
    ("i16", "s16"),
    ("i32", "s32"),
    ("i64", "s64"),
    ("i8", "s8"),
    ("int", "s32"),
    ("str", "string"),
    ("uint", "u32"),
    ("usize", "u32"),
    ("vec", "list"),
];

/// Why WIT has such a rule.
fn note_for(message: &str) -> Option<&'static str> {
    (message.starts_with("type `") && message.ends_with("depends on itself")).then_some(
        "types of WIT cannot be recursive: refer to others by an index into a list, or by a resource",
    )
}

/// What to write instead, for errors that tell by themselves.
fn help_for(kind: &ParseErrorKind, message: &str, span: &Span) -> Option<String> {
    if let ParseErrorKind::ItemNotFound { name, .. } = kind {
        let (_, known) = OTHER_NAMES.iter().find(|(other, _)| other == name)?;
        return Some(format!("WIT calls this type `{known}`"));
    }
    if message.contains("@deprecated without @since") {
        return Some("say since when the item is there: `@since(version = 1.0.0)` before it".to_owned());
    }
    let text = &span.file.text;
    let at = text.get(span.range.start..)?;
    let before = text.get(..span.range.start)?;
    if message.starts_with("invalid character in identifier") {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '%');
        let word = &at[..at.find(|c| !is_word(c)).unwrap_or(at.len())];
        return Some(format!("names are words with hyphens between them: `{}`", kebab(word)));
    }
    if message == "expected ':', found keyword `func`" {
        let name = words(before.lines().next_back()?).last()?;
        return Some(format!("write a colon after the name: `{name}: func`"));
    }
    let in_package = before.lines().next_back().is_some_and(|line| line.trim_start().starts_with("package"));
    if message == "expected '.', found ';'" && in_package {
        return Some("a version has three numbers, such as `1.0.0`".to_owned());
    }
    let word = words(at.lines().next()?).next()?;
    let of_parameter = message.contains("found keyword")
        && at[word.len()..].trim_start().starts_with([')', ','])
        && open_bracket(before) == Some('(');
    of_parameter.then(|| format!("give the parameter a name: `value: {word}`"))
}

/// `myFunc` and `my_func` as `my-func`.
fn kebab(word: &str) -> String {
    let mut text = String::new();
    let mut after_small = false;
    for char in word.chars() {
        if char == '_' {
            text.push('-');
        } else {
            if char.is_ascii_uppercase() && after_small {
                text.push('-');
            }
            text.push(char.to_ascii_lowercase());
        }
        after_small = char.is_ascii_lowercase() || char.is_ascii_digit();
    }
    text
}

/// What the user most likely meant at `span`.
fn syntax_help(message: &str, span: &Span) -> Option<String> {
    let text = &span.file.text;
    let start = span.range.start.min(text.len());
    let (Some(before), Some(at)) = (text.get(..start), text.get(start..)) else { return None };
    if let Some(help) = definition_as_field(before, at) {
        return Some(help);
    }
    let word = words(at.lines().next().unwrap_or_default()).next().unwrap_or_default();
    let starts_with_word = !word.is_empty() && at.starts_with(word);
    let last = before.trim_end();
    if starts_with_word && message.contains("found keyword") && KEYWORDS.contains(&word) {
        let expects_name =
            ["func", "record", "variant", "enum", "flags", "type", "interface", "world", "resource"];
        let previous = words(last.lines().next_back().unwrap_or_default()).last().unwrap_or_default();
        let in_list =
            last.ends_with('{') || last.ends_with(',') || last.ends_with('(') || last.ends_with(';');
        let rest = at[word.len()..].trim_start();
        let named = rest.starts_with(':');
        // Between braces, as a case of an enum, flags or a variant.
        let case = rest.starts_with([',', '}', '(']) && open_bracket(before) == Some('{');
        if (expects_name.contains(&previous) && last.ends_with(previous)) || (in_list && (named || case)) {
            return Some(format!("`{word}` is a keyword; write `%{word}` to use it as a name"));
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
            return Some(format!("end the line before with a semicolon: `{line};`"));
        }
    }
    None
}

/// The innermost bracket that is open at the end of `text`.
fn open_bracket(text: &str) -> Option<char> {
    let mut closed = 0_u32;
    for char in text.chars().rev() {
        match char {
            ')' | '}' => closed += 1,
            '(' | '{' if closed == 0 => return Some(char),
            '(' | '{' => closed -= 1,
            _ => {}
        }
    }
    None
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
