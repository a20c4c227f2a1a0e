//! Guest bindings: the file of a world.

mod exports;
pub(crate) mod functions;
mod items;
mod section;

use witgen_backend::Runtime;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Direction, Interface, Stability, World};
use witgen_templates::rust as view;

use crate::GuestOptions;
use crate::facts::Facts;
use crate::modules::Module;
use crate::names::Names;
use crate::types::Context;
use crate::{docs, lints, runtime};

/// What something is allowed that the bindings declare; `documented` tells whether all of it is.
fn allowed_declaration(world: &World, documented: bool) -> Vec<String> {
    let mut wit = Vec::new();
    wit.extend((!documented).then_some("missing_docs"));
    wit.extend(has_deprecated(world).then_some("deprecated"));
    [lints::allow(&["dead_code"], "a program need not use the whole world"), lints::as_in_wit(wit)].concat()
}

/// What a module of the bindings, or code at their root, is allowed.
fn allowed(world: &World, documented: bool) -> Vec<String> {
    let code = lints::allow(&["clippy::pedantic", "unsafe_code"], "generated code at the ABI");
    [allowed_declaration(world, documented), code].concat()
}

/// What an item without any other fault is allowed.
fn unsafe_code() -> Vec<String> {
    lints::allow(&["unsafe_code"], "generated code at the ABI")
}

/// Whether something in the world should no longer be used, which the bindings of everything around it do.
pub(crate) fn has_deprecated(world: &World) -> bool {
    let mut types = world.types.iter().map(|def| &def.stability);
    let mut functions = world.functions.iter().map(|function| &function.stability);
    let is_deprecated = |stability: &Stability| stability.deprecated.is_some();
    types.any(is_deprecated) || functions.any(is_deprecated)
}

/// The content of the file of `world`.
pub(crate) fn file(world: &World, options: &GuestOptions) -> Result<String> {
    let names = Names::new(world);
    let facts = Facts::new(world);
    let root = Context::root(world, &names, &facts);
    let mut items = items::types(&root, world.world_types())?;
    items.extend(functions::imports(&root, world.functions_of(Direction::Import))?);
    items.extend(exports::items(&root, world.functions_of(Direction::Export), None)?);
    items.extend(modules(&root)?);
    let has_exports = !world.exports.is_empty();
    if has_exports {
        items.push(exports::export_macro(&root, options)?);
        if options.runtime == Runtime::Embed {
            items.push(render(&view::ReallocateView { allowed: unsafe_code() })?);
        }
    }
    items.push(section::component_type(world)?);
    let code = items.join("\n");
    items.push(support(&code, options)?);
    let mut usage = docs::comment(&world.docs);
    usage.iter_mut().for_each(|line| *line = line.trim_start_matches('/').trim_start().to_owned());
    if !usage.is_empty() {
        usage.push(String::new());
    }
    usage.push("Use it as a module: `#[path = \"../bindings/<world>.rs\"] mod bindings;`.".to_owned());
    if has_exports {
        usage.push(
            "Implement the traits called `Guest` and call `bindings::export!(MyType with_types_in bindings);`."
                .to_owned(),
        );
    }
    let usage =
        usage.into_iter().map(|line| line.replace("<world>", &crate::names::module_name(&world.name)));
    let file = view::FileView { world: world.qualified_name(), usage: usage.collect(), items };
    let text = render(&file)?;
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n")
}

/// The modules of all interfaces.
fn modules(root: &Context<'_>) -> Result<Vec<String>> {
    let mut tree = Module::default();
    for interface in &root.world.interfaces {
        let ctx = Context { place: Some(interface.id), ..*root };
        let items = interface_items(&ctx, interface)?;
        if items.is_empty() {
            continue;
        }
        let functions = || interface.functions.iter().map(|id| root.world.function(*id));
        let types = interface.types.iter().map(|id| root.world.type_def(*id));
        let documented = lints::is_documented(types, functions());
        tree.put(root.names.module(interface.id), interface, items, documented);
    }
    tree.render(&|documented| allowed(root.world, documented))
}

fn interface_items(ctx: &Context<'_>, interface: &Interface) -> Result<Vec<String>> {
    let world = ctx.world;
    let functions = || interface.functions.iter().map(|id| world.function(*id));
    let mut items = vec![import_of_support(ctx)];
    items.push(render(&view::LinkView { root: ctx.root_path() })?);
    items.extend(items::types(ctx, interface.types.iter().map(|id| world.type_def(*id)))?);
    match interface.direction {
        Direction::Import => items.extend(functions::imports(ctx, functions())?),
        Direction::Export => items.extend(exports::items(ctx, functions(), Some(interface))?),
    }
    Ok(items)
}

/// Brings the support code and the prelude types of `alloc` into scope.
fn import_of_support(ctx: &Context<'_>) -> String {
    let mut names = vec!["self".to_owned()];
    names.extend(["String", "Vec"].into_iter().filter(|name| ctx.prelude(name) == *name).map(str::to_owned));
    let names = match names.as_slice() {
        [_] => "_rt".to_owned(),
        names => format!("_rt::{{{}}}", names.join(", ")),
    };
    format!(
        "#[allow(unused_imports, reason = \"not every interface has texts and lists\")]\nuse {}{names};",
        ctx.root_path()
    )
}

fn support(code: &str, options: &GuestOptions) -> Result<String> {
    match options.runtime {
        Runtime::Package => Ok("#[doc(hidden)]\nuse ::witgen_rt as _rt;".to_owned()),
        Runtime::Embed => {
            let unused = ["dead_code", "unused_imports", "unused_macros"];
            let head = [
                lints::allow(&unused, "one world needs less of it than another"),
                lints::allow(&["clippy::pedantic", "unsafe_code"], "generated code at the ABI"),
            ];
            render(&view::RuntimeView { head: head.concat(), body: runtime::embedded(code) })
        }
    }
}

/// Renders a view without the line breaks around it.
pub(crate) fn render(view: &impl std::fmt::Display) -> Result<String> {
    use std::fmt::Write as _;
    let mut text = String::new();
    write!(text, "{view}").map_err(|reason| {
        vec![Diagnostic::error(Id::Internal, "a template cannot be rendered").note(reason.to_string())]
    })?;
    Ok(text.trim_matches('\n').to_owned())
}
