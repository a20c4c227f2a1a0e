//! WAVE, the text form of WIT values: arguments in, results out.

use wasmtime::component::wasm_wave::ast::{Node, NodeType};
use wasmtime::component::wasm_wave::parser::{ParserError, ParserErrorKind};
use wasmtime::component::wasm_wave::untyped::UntypedValue;
use wasmtime::component::wasm_wave::wasm::DisplayType;
use wasmtime::component::{Type, Val};
use witgen_diag::{Diagnostic, Id, Result};

use crate::exports::ExportedFunc;
use crate::invoke::Source;

/// Reads the arguments of `func` from the parenthesis at byte `open` of `source`.
///
/// Options at the end may be left out, as WAVE has it for every call.
pub(crate) fn arguments(func: &ExportedFunc, source: &Source, open: usize) -> Result<Vec<Val>> {
    let text = &source.text()[open..];
    let empty = text.trim_end().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let parsed;
    let nodes: Vec<&Node> = if empty.is_some_and(|inner| inner.trim().is_empty()) {
        Vec::new()
    } else {
        parsed = UntypedValue::parse(text).map_err(|error| malformed(&error, func, source, open))?;
        match parsed.node().as_tuple() {
            Ok(nodes) => nodes.collect(),
            Err(error) => return Err(malformed(&error, func, source, open)),
        }
    };
    let params: Vec<(&str, Type)> = func.ty.params().collect();
    if nodes.len() > params.len() {
        let first = nodes[params.len()].span().start;
        let last = nodes[nodes.len() - 1].span().end;
        return Err(wrong_count(func, source, open + first..open + last, nodes.len(), params.len()));
    }
    let mut values = Vec::new();
    let mut findings = Vec::new();
    for (index, (name, ty)) in params.iter().enumerate() {
        match (nodes.get(index), ty) {
            (Some(node), _) => match node.to_wasm_value(ty, text) {
                Ok(value) => match unknown_field(node, ty, text) {
                    None => values.push(value),
                    Some(field) => findings.push(no_such_field(&field, (name, ty), source, open)),
                },
                Err(error) => findings.push(mistyped(&error, node, (name, ty), source, open)),
            },
            (None, Type::Option(_)) => values.push(Val::Option(None)),
            (None, _) => {
                let end = source.text().trim_end().len();
                return Err(wrong_count(func, source, end.saturating_sub(1)..end, nodes.len(), params.len()));
            }
        }
    }
    if findings.is_empty() { Ok(values) } else { Err(findings) }
}

/// A result as WAVE text.
pub(crate) fn print(value: &Val) -> Result<String> {
    value.to_wave().map_err(|error| {
        Diagnostic::error(Id::Internal, format!("the result cannot be written as WAVE: {error:#}")).into()
    })
}

fn malformed(error: &ParserError, func: &ExportedFunc, source: &Source, open: usize) -> Vec<Diagnostic> {
    let (message, label) = match error.kind() {
        ParserErrorKind::UnexpectedEnd => {
            ("the call ends too early", "a closing bracket or quote is missing")
        }
        ParserErrorKind::TrailingCharacters => ("there is text after the call", "not expected"),
        _ => ("the arguments are no valid WAVE", ""),
    };
    let range = open + error.span().start..open + error.span().end;
    let unclosed = source.text().get(range.clone()).is_some_and(|text| text.starts_with('"'));
    let text = match label {
        "" if unclosed => "the string is not closed".to_owned(),
        "" => plain(error),
        _ => label.to_owned(),
    };
    let mut diagnostic = source.error(range, message, &text).note(func.signature());
    if takes_text(func) && !source.text().contains('"') {
        diagnostic = diagnostic.help(quotes(func));
    }
    diagnostic.into()
}

fn wrong_count(
    func: &ExportedFunc,
    source: &Source,
    range: std::ops::Range<usize>,
    given: usize,
    wanted: usize,
) -> Vec<Diagnostic> {
    let noun = if wanted == 1 { "argument" } else { "arguments" };
    let verb = if given == 1 { "is" } else { "are" };
    let label = if given > wanted { "too many" } else { "more arguments belong here" };
    source
        .error(range, format!("`{}` takes {wanted} {noun} and {given} {verb} given", func.path()), label)
        .note(func.signature())
        .into()
}

fn mistyped(
    error: &ParserError,
    node: &Node,
    (name, ty): (&str, &Type),
    source: &Source,
    open: usize,
) -> Diagnostic {
    let range = open + error.span().start..open + error.span().end;
    let shown = DisplayType(ty).to_string();
    let mut diagnostic =
        source.error(range, format!("the argument `{name}` does not fit its type"), &plain(error));
    diagnostic = diagnostic.note(format!("`{name}` is `{shown}`"));
    if matches!(ty, Type::String) && node.ty() != NodeType::String {
        diagnostic = diagnostic.help("a string is written in double quotes: \"...\"");
    }
    if matches!(ty, Type::Char) && node.ty() == NodeType::String {
        diagnostic = diagnostic.help("a character is written in single quotes: 'a'");
    }
    diagnostic
}

/// A field that a record was given and does not have: its place and name.
///
/// The parser passes over those, so a mistyped name of an optional field would silently give `none`.
fn unknown_field(node: &Node, ty: &Type, text: &str) -> Option<(usize, String)> {
    match ty {
        Type::Record(record) => node.as_record(text).ok()?.find_map(|(name, value)| {
            match record.fields().find(|field| field.name == name) {
                Some(field) => unknown_field(value, &field.ty, text),
                None => Some((name.as_ptr().addr() - text.as_ptr().addr(), name.to_owned())),
            }
        }),
        Type::List(list) => {
            let ty = list.ty();
            node.as_list().ok()?.find_map(|element| unknown_field(element, &ty, text))
        }
        Type::Tuple(tuple) => {
            node.as_tuple().ok()?.zip(tuple.types()).find_map(|(part, ty)| unknown_field(part, &ty, text))
        }
        Type::Option(option) => match node.as_option() {
            Ok(some) => unknown_field(some?, &option.ty(), text),
            Err(_) => unknown_field(node, &option.ty(), text),
        },
        Type::Result(result) => match node.as_result() {
            Ok(Ok(payload)) => unknown_field(payload?, &result.ok()?, text),
            Ok(Err(payload)) => unknown_field(payload?, &result.err()?, text),
            Err(_) => unknown_field(node, &result.ok()?, text),
        },
        Type::Variant(variant) => {
            let (name, payload) = node.as_variant(text).ok()?;
            let case = variant.cases().find(|case| case.name == name)?;
            unknown_field(payload?, &case.ty?, text)
        }
        _ => None,
    }
}

fn no_such_field(
    (at, field): &(usize, String),
    (name, ty): (&str, &Type),
    source: &Source,
    open: usize,
) -> Diagnostic {
    source
        .error(
            open + at..open + at + field.len(),
            format!("the argument `{name}` does not fit its type"),
            "no such field",
        )
        .note(format!("`{name}` is `{}`", DisplayType(ty)))
}

/// The reason without the byte range that the parser's own text ends with.
fn plain(error: &ParserError) -> String {
    use std::error::Error;
    match (error.kind(), error.source()) {
        (_, Some(source)) => source.to_string(),
        (ParserErrorKind::UnexpectedToken, _) => "not expected here".to_owned(),
        (ParserErrorKind::InvalidToken, _) => "not a part of WAVE".to_owned(),
        (ParserErrorKind::InvalidType, _) => "a value of another kind".to_owned(),
        (ParserErrorKind::InvalidValue, _) => "no value of that type".to_owned(),
        (kind, _) => match error.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    }
}

fn takes_text(func: &ExportedFunc) -> bool {
    func.ty.params().any(|(_, ty)| matches!(ty, Type::String))
}

fn quotes(func: &ExportedFunc) -> String {
    format!(
        "strings are written in double quotes, and the call in single quotes for the shell: --invoke '{}(\"...\")'",
        func.path()
    )
}
