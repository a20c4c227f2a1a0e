//! Guest bindings: the file of a world.

mod exports;
mod functions;
mod items;
mod section;

use std::collections::BTreeMap;

use witgen_backend::Runtime;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Direction, Interface, Stability, World};
use witgen_templates::rust as view;

use crate::GuestOptions;
use crate::code::indent;
use crate::facts::Facts;
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
fn has_deprecated(world: &World) -> bool {
    let mut types = world.types.iter().map(|def| &def.stability);
    let mut functions = world.functions.iter().map(|function| &function.stability);
    let is_deprecated = |stability: &Stability| stability.deprecated.is_some();
    types.any(is_deprecated) || functions.any(is_deprecated)
}

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
    tree.render_children(root.world, None)
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

/// A module and those in it, in order of name.
#[derive(Default)]
struct Module {
    docs: Vec<String>,
    items: Vec<String>,
    /// Whether something in it has no docs.
    undocumented: bool,
    children: BTreeMap<String, Module>,
}

impl Module {
    /// Adds the module of an interface.
    fn put(&mut self, path: &[String], interface: &Interface, items: Vec<String>, documented: bool) {
        let package = format!("{}:{}", interface.package.namespace, interface.package.name);
        let mut docs = Vec::new();
        if interface.direction == Direction::Export {
            docs.push("What the component exports.".to_owned());
        }
        if !interface.inline && interface.implements.is_none() {
            docs.push(format!("Packages of `{}`.", interface.package.namespace));
            docs.push(format!("Interfaces of `{package}`."));
        }
        docs.push(format!("The interface `{}`.", interface.key));
        let mut module = self;
        for (name, docs) in path.iter().zip(docs) {
            module.undocumented |= !documented;
            module = module.children.entry(name.clone()).or_default();
            if module.docs.is_empty() {
                module.docs = vec![format!("/// {docs}")];
            }
        }
        if docs::has_text(&interface.docs) {
            module.docs = docs::comment(&interface.docs);
        }
        module.docs.extend(docs::deprecated(&interface.stability));
        module.items = items;
        module.undocumented |= !documented;
    }

    fn render_children(self, world: &World, parent: Option<&str>) -> Result<Vec<String>> {
        let render = |(name, module): (String, Module)| {
            let mut head = module.docs.clone();
            if parent.is_none() {
                head.extend(allowed(world, !module.undocumented));
            }
            let repeats = parent == Some(name.as_str());
            head.extend(lints::as_in_wit(
                repeats.then_some("clippy::module_inception").into_iter().collect(),
            ));
            let mut items = module.items.clone();
            items.extend(module.render_children(world, Some(&name))?);
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
