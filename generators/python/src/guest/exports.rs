//! The protocols that an application implements.

use witgen_backend::Scope;
use witgen_ir::{Direction, FunctionKind, World};
use witgen_languages::Language;
use witgen_templates::python as view;

use crate::declarations::{Signature, module_doc};
use crate::docs::docstring;
use crate::guest::all_statement;
use crate::names::{Module, Names};
use crate::types::Speller;

/// The module with the protocol of `module`.
pub(crate) fn exports(
    world: &World,
    names: &Names,
    module: &Module,
) -> witgen_diag::Result<view::ExportsView> {
    let mut scope = Scope::new(Language::Python);
    ["Protocol", "abstractmethod", module.class.as_str()].into_iter().for_each(|name| scope.reserve(name));
    let index = names.modules.iter().position(|candidate| candidate.name == module.name).unwrap_or_default();
    let resources: Vec<&str> = module
        .implemented(world)
        .into_iter()
        .filter_map(|def| names.type_name(def.id).map(|name| name.class.as_str()))
        .collect();
    // The attributes of the protocol hide what has their names from its methods.
    resources.iter().for_each(|class| scope.reserve(*class));
    let mut speller = Speller::outside(world, names, "..", scope);
    let resources: Vec<String> = resources
        .into_iter()
        .map(|class| format!("{class}: type[{}]", speller.import(index, class)))
        .collect();
    let mut methods = Vec::new();
    for function in module.functions(world, Direction::Export) {
        if function.kind != FunctionKind::Freestanding {
            continue;
        }
        let signature = Signature::of(world, module, &mut speller, function, false)?;
        let doc = signature.doc(function, 8);
        let after = if doc.is_some() { ":" } else { ": ..." };
        let signature = signature.definition(module.function(function), true, 4, after);
        methods.push(view::MethodView { signature, doc });
    }
    let mut standard = Vec::new();
    if !methods.is_empty() {
        standard.push("from abc import abstractmethod".to_owned());
    }
    standard.push("from typing import Protocol".to_owned());
    let mut imports = vec![standard];
    imports.extend(Some(speller.import_lines()).filter(|lines| !lines.is_empty()));
    let what = match module.interface(world) {
        Some(interface) => format!("the interface `{}`", interface.key),
        None => format!("the world `{}`", world.qualified_name()),
    };
    let doc =
        docstring(&format!("What implements {what}: a class `{}` of the application.", module.class), 4);
    Ok(view::ExportsView {
        doc: module_doc(world, module),
        imports,
        all: all_statement(vec![module.class.clone()]),
        protocol: view::ProtocolView { name: module.class.clone(), doc, resources, methods },
    })
}
