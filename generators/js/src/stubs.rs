//! The source of a new project for a world: every export, still to be written.

use std::collections::BTreeMap;

use witgen_backend::Scope;
use witgen_ir::{Direction, Function, FunctionKind, TypeDef, World};
use witgen_languages::{Language, Side};
use witgen_templates::starter as view;

use crate::bindings::{Bindings, finished};
use crate::names::{self, Names, member, property};
use crate::pretty::{Doc, property_name};
use crate::resources;
use crate::types::{Maker, Speller};

/// The module of the application.
pub(crate) fn app(world: &World) -> String {
    let names = Names::new(world);
    let guest = Bindings { world, names: &names, side: Side::Guest, is_typescript: false };
    let mut scope = Scope::new(Language::Js);
    // A class of this name would hide what stubs throw.
    scope.reserve("Error");
    let interfaces: Vec<_> = guest.callable_interfaces(Direction::Export).collect();
    let local: BTreeMap<_, _> = interfaces
        .iter()
        .flat_map(|interface| guest.resources_of(interface))
        .map(|ty| (ty.id, scope.unique(resources::engine_class(ty))))
        .collect();
    let mut speller = Speller::file(world, &names, "app", scope);
    let mut classes = Vec::new();
    for ty in interfaces.iter().flat_map(|interface| guest.resources_of(interface)) {
        classes.push(class(&mut speller, world, ty, &local[&ty.id]));
    }
    let keys = guest.keys(Direction::Export);
    let objects = interfaces.iter().map(|interface| view::JsObjectView {
        key: property_name(&keys[&interface.id]),
        classes: guest
            .resources_of(interface)
            .map(|ty| match (resources::engine_class(ty), &local[&ty.id]) {
                (name, local) if name == *local => name,
                (name, local) => format!("{}: {local}", property_name(&name)),
            })
            .collect(),
        functions: guest.free_functions(interface).map(|func| function(func, 4)).collect(),
    });
    let mut imports: Vec<String> = speller
        .imports()
        .into_iter()
        .map(|(name, from)| format!("* as {name} from {}", from.replacen("./", "./bindings/", 1)))
        .collect();
    imports.extend(speller.generics().map(|statement| {
        let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ").replace(", }", " }");
        let items = statement.trim_start_matches("import type ").trim_end_matches(';');
        items.replacen("./", "./bindings/", 1)
    }));
    finished(&view::JsStubsView {
        world: world.qualified_name(),
        imports,
        classes,
        functions: guest.world_functions(Direction::Export).map(|func| function(func, 2)).collect(),
        objects: objects.collect(),
    })
}

/// The class of a resource.
fn class(speller: &mut Speller<'_>, world: &World, ty: &TypeDef, name: &str) -> view::JsClassView {
    let functions = world.functions.iter().filter(|func| func.kind.resource() == Some(ty.id));
    let methods = functions.map(|func| {
        let (start, result) = match func.kind {
            FunctionKind::Constructor(_) => ("constructor".to_owned(), None),
            FunctionKind::Static(_) => (format!("static {}", property_name(&member(func))), func.result),
            FunctionKind::Method(_) | FunctionKind::Freestanding => {
                (property_name(&member(func)), func.result)
            }
        };
        let skipped = usize::from(matches!(func.kind, FunctionKind::Method(_)));
        let params: Vec<String> = names::param_names(func).into_iter().skip(skipped).collect();
        let mut tags: Vec<String> = params
            .iter()
            .zip(func.params.iter().skip(skipped))
            .map(|(name, param)| {
                format!("@param {{{}}} {name}", speller.ty(param.ty, Maker::Bindings).flat())
            })
            .collect();
        if result.is_some() {
            tags.push(format!("@returns {{{}}}", speller.result(func, Maker::User).flat()));
        }
        view::JsFunctionView { comment: comment(tags), signature: signature(&start, params, 2) }
    });
    let methods = methods.collect();
    view::JsClassView { name: name.to_owned(), implements: format!("{{{}}}", speller.named(ty)), methods }
}

/// A comment with a tag in each line.
fn comment(tags: Vec<String>) -> Vec<String> {
    match tags.as_slice() {
        [] => Vec::new(),
        [tag] => vec![format!("/** {tag} */")],
        tags => {
            let lines = tags.iter().map(|tag| format!(" * {tag}"));
            std::iter::once("/**".to_owned()).chain(lines).chain([" */".to_owned()]).collect()
        }
    }
}

/// A function of the exported object, whose types follow from that of the object.
fn function(func: &Function, indent: usize) -> view::JsFunctionView {
    let start = property_name(&property(&func.name));
    view::JsFunctionView {
        comment: Vec::new(),
        signature: signature(&start, names::param_names(func), indent),
    }
}

/// `name(a, b) {`
fn signature(start: &str, params: Vec<String>, indent: usize) -> String {
    let params = params.into_iter().map(Doc::text).collect();
    Doc::Concat(vec![Doc::call(start, params), Doc::text(" {")]).lines(indent)
}
