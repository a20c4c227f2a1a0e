//! Guest bindings: the file of a world.

mod exports;
mod functions;
mod items;
mod section;

use std::collections::BTreeMap;

use witgen_backend::Runtime;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Direction, Interface, World};
use witgen_templates::rust as view;

use crate::GuestOptions;
use crate::code::indent;
use crate::facts::Facts;
use crate::names::Names;
use crate::types::Context;
use crate::{docs, runtime};

/// Why items are allowed to break lints: nobody but the author of the WIT can change their names and shapes.
const ALLOW: &str = "#[allow(dead_code, deprecated, missing_docs, clippy::all, reason = \"as in WIT\")]";

/// The content of the file of `world`.
pub(crate) fn file(world: &World, options: &GuestOptions) -> Result<String> {
    let names = Names::new(world);
    let facts = Facts::new(world);
    let root = Context { world, names: &names, facts: &facts, place: None };
    let mut items = items::types(&root, world.world_types())?;
    items.extend(functions::imports(&root, world.functions_of(Direction::Import))?);
    items.extend(exports::items(&root, world.functions_of(Direction::Export), None)?);
    items.extend(modules(&root)?);
    let has_exports = !world.exports.is_empty();
    if has_exports {
        items.push(exports::export_macro(&root, options)?);
        if options.runtime == Runtime::Embed {
            items.push(render(&view::ReallocateView {})?);
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
        let module = tree.at(root.names.module(interface.id));
        module.docs = docs::head(&interface.docs, &interface.stability);
        module.items = items;
    }
    tree.render_children(0)
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
            let reason = "one world needs less of it than another";
            let allow = format!(
                "#[allow(\n    dead_code,\n    unused_imports,\n    unused_macros,\n    unsafe_code,\n    clippy::all,\n    reason = {reason:?}\n)]"
            );
            render(&view::RuntimeView { head: vec![allow], body: runtime::embedded(code) })
        }
    }
}

/// A module and those in it, in order of name.
#[derive(Default)]
struct Module {
    docs: Vec<String>,
    items: Vec<String>,
    children: BTreeMap<String, Module>,
}

impl Module {
    fn at(&mut self, path: &[String]) -> &mut Module {
        path.iter().fold(self, |module, name| module.children.entry(name.clone()).or_default())
    }

    fn render_children(self, depth: usize) -> Result<Vec<String>> {
        let render = |(name, module): (String, Module)| {
            let mut head = module.docs.clone();
            if depth == 0 {
                head.push(ALLOW.to_owned());
            }
            let mut items = module.items.clone();
            items.extend(module.render_children(depth + 1)?);
            render(&view::ModuleView { head, name, body: indent(&items.join("\n\n"), 4) })
        };
        self.children.into_iter().map(render).collect()
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
