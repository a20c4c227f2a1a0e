//! What the typed interface of wasmtime cannot take, although the component model can.

use witgen_diag::{Diagnostic, Id, Result, Span};
use witgen_ir::{TypeKind, World};

/// The longest tuple, and the longest list of parameters, for which wasmtime has implementations.
const ELEMENTS: usize = 17;

/// One diagnostic for each tuple and each function that is too long.
pub(super) fn check(world: &World) -> Result<()> {
    let mut findings = Vec::new();
    for function in &world.functions {
        if function.params.len() > ELEMENTS {
            let what = format!("`{}` has {} parameters", function.wit_name, function.params.len());
            findings.push(too_long(&what, function.span.as_ref()));
        }
    }
    for def in &world.types {
        if let TypeKind::Tuple { types, .. } = &def.kind
            && types.len() > ELEMENTS
        {
            let name = def.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
            findings
                .push(too_long(&format!("the tuple{name} has {} elements", types.len()), def.span.as_ref()));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn too_long(what: &str, span: Option<&Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Id::UnsupportedType,
        format!("{what}, and Rust host bindings support at most {ELEMENTS}"),
    )
    .note("the typed functions of wasmtime have no more")
    .help("put them into a record");
    match span {
        Some(span) => diagnostic.at(span.clone(), ""),
        None => diagnostic,
    }
}
