//! What componentize-py cannot build, found before it is asked to.

use witgen_backend::cased;
use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Direction, Interface, TypeDef, TypeKind, World};
use witgen_languages::Case;

/// Refuses worlds that would fail inside of componentize-py, or lose functions there without a word.
pub(crate) fn check(world: &World) -> witgen_diag::Result<()> {
    let mut findings: Vec<Diagnostic> = world
        .interfaces_of(Direction::Import)
        .filter(|interface| interface.inline && !interface.functions.is_empty())
        .map(lost_functions)
        .collect();
    let mut scopes: Vec<(String, Vec<&TypeDef>)> = Vec::new();
    for interface in &world.interfaces {
        // An interface that is imported and exported has the same types twice.
        if scopes.iter().all(|(key, _)| *key != interface.key) {
            let types = interface.types.iter().map(|id| world.type_def(*id)).collect();
            scopes.push((interface.key.clone(), types));
        }
    }
    scopes.push((String::new(), world.world_types().collect()));
    findings.extend(scopes.iter().flat_map(|(_, types)| hidden_names(types)));
    findings.extend(empty_resources(world));
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn lost_functions(interface: &Interface) -> Diagnostic {
    let finding = Diagnostic::error(
        Id::UnsupportedType,
        "Python guest bindings do not support imports of functions of an interface inside the world",
    )
    .note("componentize-py makes no functions for it")
    .note(format!("used by interface `{}`", interface.name))
    .help("declare the interface outside the world, and import it by its name");
    match &interface.span {
        Some(span) => finding.at(span.clone(), ""),
        None => finding,
    }
}

/// Exported resources without functions: componentize-py writes a class without a body for each.
fn empty_resources(world: &World) -> Vec<Diagnostic> {
    let exported = world.interfaces_of(Direction::Export).flat_map(|interface| {
        interface.types.iter().map(|id| world.type_def(*id)).filter(|def| {
            let functions = interface.functions.iter().map(|id| world.function(*id));
            let is_empty = !functions.into_iter().any(|function| function.kind.resource() == Some(def.id));
            matches!(def.kind, TypeKind::Resource) && is_empty
        })
    });
    exported
        .map(|def| {
            let finding = Diagnostic::error(
                Id::UnsupportedType,
                "Python guest bindings do not support exports of a resource without functions",
            )
            .note("componentize-py writes a class without a body for it")
            .note(format!("used by resource `{}`", def.name.as_deref().unwrap_or_default()))
            .help("give it a constructor or a method");
            match &def.span {
                Some(span) => finding.at(span.clone(), ""),
                None => finding,
            }
        })
        .collect()
}

/// Types whose names hide what the modules of componentize-py make later types of the same interface with.
fn hidden_names(types: &[&TypeDef]) -> Vec<Diagnostic> {
    let hides = |index: usize, def: &TypeDef| {
        let class = cased(Case::UpperCamel, def.name.as_deref()?);
        let victim = types[index + 1..].iter().find(|later| needs(later, &class))?;
        breaks(def, &class).then_some((class, *victim))
    };
    types
        .iter()
        .enumerate()
        .filter_map(|(index, def)| hides(index, def).map(|(class, victim)| hidden_name(def, &class, victim)))
        .collect()
}

/// Whether the class of `def` is made from Python's `class`.
fn needs(def: &TypeDef, class: &str) -> bool {
    match &def.kind {
        TypeKind::Enum { .. } => class == "Enum",
        TypeKind::Flags { .. } => class == "Flag",
        TypeKind::Variant { .. } => class == "Union",
        _ => false,
    }
}

/// Whether nothing can be made from the class of `def`: a dataclass is a base like any other, an enum is not.
fn breaks(def: &TypeDef, class: &str) -> bool {
    match &def.kind {
        TypeKind::Enum { .. } | TypeKind::Flags { .. } | TypeKind::Variant { .. } => true,
        TypeKind::Record { .. } | TypeKind::Resource => class == "Union",
        _ => false,
    }
}

fn hidden_name(def: &TypeDef, class: &str, victim: &TypeDef) -> Diagnostic {
    let name = def.name.as_deref().unwrap_or_default();
    let later = victim.name.as_deref().unwrap_or_default();
    let finding = Diagnostic::error(
        Id::UnsupportedType,
        format!("Python guest bindings do not support a type called `{name}` before `{later}`"),
    )
    .note(format!("componentize-py makes `{later}` with Python's `{class}`, which `{name}` hides from it"))
    .help(format!("declare `{name}` after `{later}` and all types like it, or give it another name"));
    let finding = match &def.span {
        Some(span) => finding.at(span.clone(), ""),
        None => finding,
    };
    match &victim.span {
        Some(span) => finding.also(span.clone(), "needs the hidden name"),
        None => finding,
    }
}
