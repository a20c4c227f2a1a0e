//! The text after `--invoke`: which function it means and with which arguments.
//!
//! `greet("Ada")`, `iface.greet("Ada")`, `ns:pkg/iface.greet("Ada")` and `ns:pkg/iface@1.0.0.greet("Ada")` may all mean the same function.

use std::ops::Range;
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::{Component, Type, Val};
use witgen_diag::{Diagnostic, Id, Result, SourceFile, Span};

use crate::exports::{self, ExportedFunc};
use crate::wave;

/// A function and its arguments, checked against its type.
pub(crate) struct Call {
    /// The full name of the function.
    pub(crate) path: String,
    /// The name of the exported interface.
    pub(crate) interface: Option<String>,
    /// The name of the function in it.
    pub(crate) name: String,
    /// The arguments.
    pub(crate) arguments: Vec<Val>,
    /// How many results it has: none or one.
    pub(crate) results: usize,
}

/// Finds the function that `text` calls and reads its arguments.
pub(crate) fn resolve(engine: &Engine, component: &Component, text: &str) -> Result<Call> {
    let source = Source(Arc::new(SourceFile { name: "--invoke".to_owned(), text: text.to_owned() }));
    let functions = exports::functions(engine, component);
    let open = text.find('(').unwrap_or(text.len());
    let func = select(&functions, &source, open)?;
    if open == text.len() {
        let shown: Vec<&str> = func.ty.params().map(|(name, _)| name).collect();
        return Err(source
            .error(text.len()..text.len(), "the call has no arguments in parentheses", "expected `(`")
            .note(func.signature())
            .help(format!("--invoke '{}({})'", text.trim(), shown.join(", ")))
            .into());
    }
    refuse_handles(func, &source, open)?;
    let arguments = wave::arguments(func, &source, open)?;
    Ok(Call {
        path: func.path(),
        interface: func.interface.clone(),
        name: func.name.clone(),
        arguments,
        results: func.ty.results().len(),
    })
}

/// The text of the call, to point into.
pub(crate) struct Source(Arc<SourceFile>);

impl Source {
    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.0.text
    }

    /// A diagnostic with its caret on `range`, which is clamped to the text.
    pub(crate) fn error(&self, range: Range<usize>, message: impl Into<String>, label: &str) -> Diagnostic {
        let end = range.end.min(self.0.text.len());
        let range = range.start.min(end)..end;
        Diagnostic::error(Id::InvalidInvoke, message).at(Span { file: Arc::clone(&self.0), range }, label)
    }
}

fn select<'a>(functions: &'a [ExportedFunc], source: &Source, open: usize) -> Result<&'a ExportedFunc> {
    let written = &source.text()[..open];
    let start = written.len() - written.trim_start().len();
    let name = written.trim();
    let range = start..start + name.len();
    if name.is_empty() {
        return Err(source
            .error(range, "the call names no function", "expected the name of a function")
            .note(exports::listing(functions))
            .into());
    }
    if name.contains('[') {
        return Err(source
            .error(range, "methods of resources cannot be invoked", "this belongs to a resource")
            .note("a call from the command line has no way to hold a resource")
            .into());
    }
    // `%` only marks names that are keywords in WIT and is no part of them.
    let wanted = name.replace('%', "");
    if let Some(func) = functions.iter().find(|func| func.path() == wanted) {
        return Ok(func);
    }
    let found: Vec<&ExportedFunc> = functions.iter().filter(|func| means(&wanted, func)).collect();
    match found[..] {
        [func] => Ok(func),
        [] => Err(unknown(
            functions,
            &wanted,
            source.error(range, format!("the component exports no function `{wanted}`"), "not exported"),
        )),
        _ => {
            let list: Vec<String> = found.iter().map(|func| format!("`{}`", func.path())).collect();
            Err(source
                .error(range, format!("`{wanted}` means {} exported functions", found.len()), "ambiguous")
                .help(format!("write one of {}", list.join(", ")))
                .into())
        }
    }
}

/// Whether `name`, which may leave out version, package and interface, means `func`.
fn means(name: &str, func: &ExportedFunc) -> bool {
    if name == func.name {
        return true;
    }
    let (Some(interface), Some((wanted, wanted_func))) = (&func.interface, name.rsplit_once('.')) else {
        return false;
    };
    let without_version = interface.split_once('@').map_or(interface.as_str(), |(path, _)| path);
    let label = without_version.rsplit('/').next().unwrap_or(without_version);
    wanted_func == func.name && (wanted == without_version || wanted == label)
}

fn unknown(functions: &[ExportedFunc], wanted: &str, diagnostic: Diagnostic) -> Vec<Diagnostic> {
    let callable = functions.iter().filter(|func| !func.is_of_resource());
    let names: Vec<String> = if wanted.contains(['.', ':', '/']) {
        callable.map(ExportedFunc::path).collect()
    } else {
        callable.map(|func| func.name.clone()).collect()
    };
    let mut diagnostic =
        diagnostic.suggest(wanted, names.iter().map(String::as_str)).note(exports::listing(functions));
    if wanted.contains('#') {
        diagnostic =
            diagnostic.help("a function is separated from its interface by a dot: `ns:pkg/iface.func`");
    }
    diagnostic.into()
}

fn refuse_handles(func: &ExportedFunc, source: &Source, open: usize) -> Result<()> {
    let mut types = func.ty.params().map(|(_, ty)| ty).chain(func.ty.results());
    let Some(kind) = types.find_map(|ty| unprintable(&ty)) else {
        return Ok(());
    };
    Err(source
        .error(0..open, format!("`{}` cannot be invoked from the command line", func.path()), "")
        .note(format!("its type has a {kind}, which has no form in WAVE"))
        .into())
}

/// The kind of value within `ty` that cannot be written as text.
fn unprintable(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Own(_) | Type::Borrow(_) => Some("resource"),
        Type::Stream(_) => Some("stream"),
        Type::Future(_) => Some("future"),
        Type::ErrorContext => Some("error-context"),
        Type::Map(_) => Some("map"),
        Type::List(list) => unprintable(&list.ty()),
        Type::FixedLengthList(list) => unprintable(&list.ty()),
        Type::Option(option) => unprintable(&option.ty()),
        Type::Record(record) => record.fields().find_map(|field| unprintable(&field.ty)),
        Type::Tuple(tuple) => tuple.types().find_map(|ty| unprintable(&ty)),
        Type::Variant(variant) => variant.cases().find_map(|case| unprintable(&case.ty?)),
        Type::Result(result) => result.ok().into_iter().chain(result.err()).find_map(|ty| unprintable(&ty)),
        _ => None,
    }
}
