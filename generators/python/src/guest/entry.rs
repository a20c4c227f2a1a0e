//! The module that componentize-py is pointed at.

use witgen_backend::{Scope, cased};
use witgen_ir::{Direction, Function, FunctionKind, TypeDef, TypeKind, World};
use witgen_languages::{Case, Language};
use witgen_templates::python as view;

use crate::handles;
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
    let mut bindings: Vec<view::BindingView> = bindings;
    for module in exported {
        for def in module.implemented(world) {
            bindings.extend(implementation(world, names, &mut speller, module, def)?);
        }
    }
    let mut exports = Vec::new();
    for module in exported {
        let mut items = vec![
            Node::text("app"),
            Node::text(format!("\"{}\"", module.class)),
            Node::text(format!("\"{}\"", described(world, module))),
        ];
        for function in module.functions(world, Direction::Export) {
            if function.kind != FunctionKind::Freestanding {
                continue;
            }
            items.push(method(world, names, &mut speller, module, function)?);
        }
        let call = Node::call(&format!("{RUNTIME}.exported"), items);
        let item = call.lay_out(8, &format!("\"{}\": ", their_class(module)), ",");
        exports.push(view::ExportView { item });
    }
    let mut local = Vec::new();
    if !exports.is_empty() || !bindings.is_empty() {
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
            TypeKind::Resource if module.import.is_none() && module.export.is_some() => {}
            TypeKind::Record { .. } | TypeKind::Enum { .. } | TypeKind::Flags { .. } | TypeKind::Resource => {
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
        vec![Node::text(format!("\"{}\"", place(module))), Node::dict(classes)],
    );
    Some(view::BindingView { statement: call.lay_out(4, "", "") })
}

/// The modules of componentize-py with the classes of `module`.
fn place(module: &Module) -> String {
    match (module.is_split, module.import) {
        (false, _) => module.full_name.clone(),
        (true, Some(_)) => format!("imports.{}", module.full_name),
        (true, None) => format!("exports.{}", module.full_name),
    }
}

/// The call that hands the class of a resource to componentize-py.
fn implementation(
    world: &World,
    names: &Names,
    speller: &mut Speller<'_>,
    module: &Module,
    def: &TypeDef,
) -> witgen_diag::Result<Option<view::BindingView>> {
    let Some(name) = names.type_name(def.id) else { return Ok(None) };
    let quoted = |name: &str| Node::text(format!("\"{name}\""));
    let mut items = vec![
        Node::text("app"),
        quoted(&module.class),
        quoted(&described(world, module)),
        quoted(&module.full_name),
        quoted(&their_type(def)),
        quoted(&name.class),
        Node::text(speller.import(name.module, &name.check)),
    ];
    for function in module.functions(world, Direction::Export) {
        if function.kind.resource() == Some(def.id) {
            items.push(method(world, names, speller, module, function)?);
        }
    }
    let call = Node::call(&format!("{RUNTIME}.resource"), items);
    Ok(Some(view::BindingView { statement: call.lay_out(4, "", "") }))
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
    let is_constructor = matches!(function.kind, FunctionKind::Constructor(_));
    if let Some(ok) = ok.filter(|_| !is_constructor) {
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
    if function.params.iter().any(|param| handles::has_other_form(world, param.ty)) {
        // componentize-py calls methods of the shim, which takes out its own object.
        let params = function.params.iter().enumerate().map(|(index, param)| {
            let is_own = index == 0 && matches!(function.kind, FunctionKind::Method(_));
            match !is_own && handles::has_other_form(world, param.ty) {
                true => speller.check(param.ty),
                false => Ok(Node::text("None")),
            }
        });
        items.push(Node::keyed("params=", Node::list(params.collect::<witgen_diag::Result<_>>()?)));
    }
    if handles::may_repeat(world, function.result) {
        items.push(Node::text("gives=True"));
    }
    match function.kind {
        FunctionKind::Constructor(_) => items.push(Node::text("kind=\"constructor\"")),
        FunctionKind::Static(_) => items.push(Node::text("kind=\"static\"")),
        FunctionKind::Freestanding | FunctionKind::Method(_) => {}
    }
    Ok(Node::call(&format!("{RUNTIME}.method"), items))
}
