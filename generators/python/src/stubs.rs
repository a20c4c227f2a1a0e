//! The source of a new project for a world: a class for each export, whose methods are still to be written.

use witgen_backend::Scope;
use witgen_diag::Result;
use witgen_ir::{Direction, Function, FunctionKind, World};
use witgen_languages::Language;
use witgen_templates::starter as view;

use crate::declarations::Signature;
use crate::docs::docstring;
use crate::guest::print;
use crate::names::{Module, Names};
use crate::types::Speller;

/// The module of the application.
pub(crate) fn app(world: &World) -> Result<String> {
    let names = Names::new(world);
    let exported: Vec<&Module> = names.modules.iter().filter(|module| module.is_implemented(world)).collect();
    let mut scope = Scope::new(Language::Python);
    names.modules.iter().for_each(|module| scope.reserve(module.name.as_str()));
    // The entry looks for these.
    exported.iter().for_each(|module| scope.reserve(module.class.as_str()));
    let mut speller = Speller::apart(world, &names, scope);
    let mut classes = Vec::new();
    for module in exported {
        speller.use_module("exports");
        let mut resources = Vec::new();
        for def in module.implemented(world) {
            let Some(wit) = names.type_name(def.id).map(|name| name.class.clone()) else { continue };
            let class = speller.scope.unique(wit.clone());
            speller.use_module(&module.name);
            let mut functions = module.functions(world, Direction::Export);
            functions.retain(|function| function.kind.resource() == Some(def.id));
            classes.push(view::PythonClassView {
                base: format!("{}.{wit}", module.name),
                name: class.clone(),
                resources: Vec::new(),
                methods: methods(world, module, &mut speller, functions)?,
            });
            resources.push(format!("{wit} = {class}"));
        }
        let mut functions = module.functions(world, Direction::Export);
        functions.retain(|function| function.kind == FunctionKind::Freestanding);
        classes.push(view::PythonClassView {
            name: module.class.clone(),
            base: format!("exports.{}", module.class),
            resources,
            methods: methods(world, module, &mut speller, functions)?,
        });
    }
    let doc = docstring(&format!("A component of the world `{}`.", world.qualified_name()), 0);
    Ok(print(&view::PythonStubsView { doc, imports: speller.module_lines(), classes }))
}

fn methods(
    world: &World,
    module: &Module,
    speller: &mut Speller<'_>,
    functions: Vec<&Function>,
) -> Result<Vec<view::PythonMethodView>> {
    let method = |function: &Function| {
        let is_static = matches!(function.kind, FunctionKind::Static(_));
        let signature = Signature::of(world, module, speller, function, false)?;
        let name = module.function(function);
        Ok(view::PythonMethodView { is_static, signature: signature.definition(name, !is_static, 4, ":") })
    };
    functions.into_iter().map(method).collect()
}
