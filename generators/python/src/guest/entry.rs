//! The module that componentize-py is pointed at.

use witgen_backend::{Scope, cased};
use witgen_ir::{Direction, Function, TypeDef, TypeKind, World};
use witgen_languages::{Case, Language};
use witgen_templates::python as view;

use crate::layout::Node;
use crate::names::{Module, Names, RUNTIME, their_class, whole_result};
use crate::types::{Speller, used_type};

/// Adapts what `exported` describes.
pub(crate) fn entry(
    world: &World,
    names: &Names,
    exported: &[&Module],
) -> witgen_diag::Result<view::EntryView> {
    let mut scope = Scope::new(Language::Python);
    ["ModuleType", "adapt", "app", RUNTIME].into_iter().for_each(|name| scope.reserve(name));
    let mut speller = Speller::outside(world, names, ".", scope);
    let bindings = names
        .modules
        .iter()
        .enumerate()
        .filter_map(|(index, module)| binding(world, names, &mut speller, index, module))
        .collect();
    let mut exports = Vec::new();
    for module in exported {
        let mut items = vec![
            Node::text("app"),
            Node::text(format!("\"{}\"", module.class)),
            Node::text(format!("\"{}\"", described(world, module))),
        ];
        for function in module.functions(world, Direction::Export) {
            items.push(method(world, names, &mut speller, module, function)?);
        }
        let call = Node::call(&format!("{RUNTIME}.exported"), items);
        let item = call.lay_out(8, &format!("\"{}\": ", their_class(module)), ",");
        exports.push(view::ExportView { item });
    }
    let mut local = Vec::new();
    if !exports.is_empty() || names.modules.iter().any(|module| !module.types(world).is_empty()) {
        local.push(format!("from . import {RUNTIME}"));
    }
    local.extend(speller.import_lines());
    let imports = vec![vec!["from types import ModuleType".to_owned()], local];
    let imports = imports.into_iter().filter(|group| !group.is_empty()).collect();
    Ok(view::EntryView { imports, bindings, exports })
}

fn described(world: &World, module: &Module) -> String {
    match module.interface(world) {
        Some(interface) => format!("the interface `{}`", interface.key),
        None => format!("the world `{}`", world.qualified_name()),
    }
}

/// The call that hands the classes of `module` to componentize-py, by its names.
fn binding(
    world: &World,
    names: &Names,
    speller: &mut Speller<'_>,
    index: usize,
    module: &Module,
) -> Option<view::BindingView> {
    let mut classes = Vec::new();
    for def in module.types(world) {
        let Some(name) = names.type_name(def.id).filter(|_| used_type(world, def).is_none()) else {
            continue;
        };
        let mut add = |theirs: String, ours: &str| {
            let ours = speller.import(index, ours);
            classes.push(Node::keyed(format!("\"{theirs}\": "), Node::text(ours)));
        };
        match &def.kind {
            TypeKind::Record { .. } | TypeKind::Enum { .. } | TypeKind::Flags { .. } => {
                add(their_type(def), &name.class);
            }
            TypeKind::Variant { cases, .. } => {
                for (case, ours) in cases.iter().zip(&name.cases) {
                    add(format!("{}_{}", their_type(def), cased(Case::UpperCamel, &case.name)), ours);
                }
            }
            _ => {}
        }
    }
    if classes.is_empty() {
        return None;
    }
    let call = Node::call(
        &format!("{RUNTIME}.bind"),
        vec![Node::text(format!("\"{}\"", module.full_name)), Node::dict(classes)],
    );
    Some(view::BindingView { statement: call.lay_out(4, "", "") })
}

fn their_type(def: &TypeDef) -> String {
    cased(Case::UpperCamel, def.name.as_deref().unwrap_or_default())
}

/// The description of a method that an application implements.
fn method(
    world: &World,
    names: &Names,
    speller: &mut Speller<'_>,
    module: &Module,
    function: &Function,
) -> witgen_diag::Result<Node> {
    let quoted = |name: &str| Node::text(format!("\"{name}\""));
    let mut items = vec![quoted(&cased(Case::Snake, &function.name)), quoted(module.function(function))];
    let (ok, raises) = match whole_result(world, function) {
        Some((ok, err)) => (ok, Some(err)),
        None => (function.result, None),
    };
    if let Some(ok) = ok {
        items.push(Node::keyed("ok=", speller.check(ok)?));
    }
    if let Some(err) = raises {
        let class = module.error(function).unwrap_or_default();
        let index =
            names.modules.iter().position(|candidate| candidate.name == module.name).unwrap_or_default();
        items.push(Node::keyed("error=", Node::text(speller.import(index, class))));
        if let Some(err) = err {
            items.push(Node::keyed("err=", speller.check(err)?));
        }
    }
    Ok(Node::call(&format!("{RUNTIME}.method"), items))
}
