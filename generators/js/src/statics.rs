//! What the engine cannot do with imported resources: give their classes static functions with some names.
//!
//! A function of JavaScript has properties of these names already, which the engine cannot set.
//! So `witgen build` calls such functions something else until the component is done, and so do the bindings where they
//! ask the engine for them; what the user calls them stays.

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Direction, Function, FunctionKind, World};
use witgen_languages::{Language, facts};

/// What `witgen build` puts before the name of such a function.
const STAND_IN: &str = "witgen-";

fn is_fixed(wit: &str) -> bool {
    facts(Language::Js).fixed_statics.iter().any(|name| name == wit)
}

fn is_imported_static(func: &Function) -> bool {
    func.direction == Direction::Import && matches!(func.kind, FunctionKind::Static(_))
}

/// What the engine calls a method or static function, as a name of WIT.
pub(crate) fn engine_name(func: &Function) -> String {
    match is_imported_static(func) && is_fixed(&func.name) {
        true => format!("{STAND_IN}{}", func.name),
        false => func.name.clone(),
    }
}

/// Refuses functions that have the name of a stand-in: one diagnostic each.
pub(crate) fn check(world: &World) -> witgen_diag::Result<()> {
    let findings: Vec<Diagnostic> = world.functions.iter().filter_map(refusal).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn refusal(func: &Function) -> Option<Diagnostic> {
    let meant = func.name.strip_prefix(STAND_IN)?;
    if !is_imported_static(func) || !is_fixed(meant) {
        return None;
    }
    let message = format!(
        "JavaScript guest bindings do not support static functions with the name `{}` of imported resources",
        func.name
    );
    let diagnostic = Diagnostic::error(Id::UnsupportedType, message)
        .note(format!("a static function `{meant}` has this name while the component is built"))
        .help("import the resource in another language, or give the function another name");
    Some(match &func.span {
        Some(span) => diagnostic.at(span.clone(), ""),
        None => diagnostic,
    })
}
