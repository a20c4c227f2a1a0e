//! What the engine cannot do with imported resources: give their classes static functions with some names.
//!
//! A function of JavaScript has properties of these names already, which the engine cannot set.

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Direction, Function, FunctionKind, World};

use crate::names::property;

const TAKEN: [&str; 5] = ["arguments", "caller", "length", "name", "prototype"];

/// Refuses such functions: one diagnostic each.
pub(crate) fn check(world: &World) -> witgen_diag::Result<()> {
    let imported = world.functions.iter().filter(|func| func.direction == Direction::Import);
    let findings: Vec<Diagnostic> = imported.filter_map(refusal).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn refusal(func: &Function) -> Option<Diagnostic> {
    let is_static = matches!(func.kind, FunctionKind::Static(_));
    if !is_static || !TAKEN.contains(&property(&func.name).as_str()) {
        return None;
    }
    let message = format!(
        "JavaScript guest bindings do not support static functions with the name `{}` of imported resources yet",
        func.name
    );
    let diagnostic = Diagnostic::error(Id::UnsupportedType, message)
        .note(format!(
            "every class of JavaScript has a property `{}`, which the engine cannot set",
            func.name
        ))
        .help("import the resource in another language, or give the function another name");
    Some(match &func.span {
        Some(span) => diagnostic.at(span.clone(), ""),
        None => diagnostic,
    })
}
