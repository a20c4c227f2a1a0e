//! Host bindings: the file of a world for a program that runs its components in wasmtime.
//!
//! Names and signatures are those that `wasmtime::component::bindgen!` of wasmtime 48 makes by default.

mod exports;
mod imports;
mod items;
mod layout;
mod limits;
mod names;
mod options;
mod testee;
mod types;
mod world;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use witgen_diag::Result;
use witgen_ir::{Direction, Function, Interface, InterfaceId, Stability, TypeDef, TypeKind, World};
use witgen_templates::rust as view;

use crate::facts::Facts;
use crate::guest::{has_deprecated, render};
use crate::modules::Module;
use crate::names::Names;
use crate::types::Context;
use crate::{HostOptions, docs, lints};

use imports::Trait;
use options::Mapping;
use types::Host;

pub(crate) use testee::{driver, testee};

/// The content of the file of `world`.
pub(crate) fn file(world: &World, options: &HostOptions) -> Result<String> {
    limits::check(world)?;
    let mapping = Mapping::new(world, options)?;
    let names = names::names(world);
    let facts = Facts::new(world);
    let ctx = Context::root(world, &names, &facts);
    let wasmtime = if is_shadowed(world, &names) { "::wasmtime" } else { "wasmtime" };
    let host = Host { ctx, mapping: &mapping, wasmtime, used: None };
    let link_options: BTreeMap<InterfaceId, BTreeSet<String>> = world
        .interfaces_of(Direction::Import)
        .map(|interface| (interface.id, unstable(world, interface).collect()))
        .collect();
    let mut items = mapping.aliases.clone();
    items.extend(items::types(&host, world.world_types())?);
    items.extend(world::items(&host, &link_options)?);
    items.extend(modules(&host, &link_options)?);
    let file = view::FileView { world: world.qualified_name(), usage: usage(world), items };
    let text = closed(&render(&file)?);
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n")
}

/// Whether a module at the root is called like the crate.
fn is_shadowed(world: &World, names: &Names) -> bool {
    let mut modules = world.interfaces.iter().map(|interface| names.module(interface.id));
    modules.any(|path| path.first().is_some_and(|name| name == "wasmtime"))
}

fn usage(world: &World) -> Vec<String> {
    let mut usage = docs::comment(&world.docs);
    usage.iter_mut().for_each(|line| *line = line.trim_start_matches('/').trim_start().to_owned());
    if !usage.is_empty() {
        usage.push(String::new());
    }
    let name = crate::names::module_name(&world.name);
    usage.push(format!("Use it as a module: `#[path = \"../bindings/{name}.rs\"] mod bindings;`."));
    usage.push("It needs the crate `wasmtime`, version 48.".to_owned());
    usage
}

/// Braces with nothing between them, as rustfmt has them.
fn closed(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last)
                if last.ends_with('{') && line.trim_start().starts_with('}') && !last.contains("//") =>
            {
                last.push_str(line.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// What is in the texts of the WIT that lints may find fault with.
#[derive(Clone, Copy, Debug, Default)]
struct Contents {
    /// Docs, which need not put code in backticks.
    docs: bool,
    /// Something without docs.
    undocumented: bool,
    /// Functions that a program implements.
    imports: bool,
}

impl Contents {
    fn of<'a>(
        types: impl Iterator<Item = &'a TypeDef> + Clone,
        functions: impl Iterator<Item = &'a Function>,
    ) -> Self {
        let functions: Vec<&Function> = functions.collect();
        let has_docs = |def: &TypeDef| match &def.kind {
            TypeKind::Record { fields } => fields.iter().any(|field| docs::has_text(&field.docs)),
            TypeKind::Variant { cases, .. } => cases.iter().any(|case| docs::has_text(&case.docs)),
            TypeKind::Enum { cases, .. } => cases.iter().any(|case| docs::has_text(&case.docs)),
            _ => false,
        };
        // The macro for flags does not know docs.
        let has_flags = types.clone().any(|def| matches!(def.kind, TypeKind::Flags { .. }));
        Self {
            docs: types.clone().any(|def| docs::has_text(&def.docs) || has_docs(def))
                || functions.iter().any(|function| docs::has_text(&function.docs)),
            imports: functions.iter().any(|function| function.direction == Direction::Import),
            undocumented: has_flags || !lints::is_documented(types, std::iter::empty()),
        }
    }
}

/// What the names and shapes of the WIT in a module may break besides.
const AS_IN_WIT: [&str; 11] = [
    "clippy::disallowed_names",
    "clippy::doc_markdown",
    "clippy::many_single_char_names",
    "clippy::missing_errors_doc",
    "clippy::new_ret_no_self",
    "clippy::option_option",
    "clippy::similar_names",
    "clippy::struct_excessive_bools",
    "clippy::struct_field_names",
    "clippy::too_many_lines",
    "clippy::wrong_self_convention",
];

/// The same for functions at the root.
const FUNCTIONS_AS_IN_WIT: [&str; 8] = [
    "clippy::disallowed_names",
    "clippy::doc_markdown",
    "clippy::many_single_char_names",
    "clippy::missing_errors_doc",
    "clippy::new_ret_no_self",
    "clippy::similar_names",
    "clippy::too_many_lines",
    "clippy::wrong_self_convention",
];

/// What a module with all of its items is allowed.
fn allowed_module(world: &World, documented: bool) -> Vec<String> {
    allow(world, AS_IN_WIT.to_vec(), !documented)
}

/// What an item at the root is allowed.
fn allowed(world: &World, contents: &Contents) -> Vec<String> {
    if contents.imports {
        return allow(world, FUNCTIONS_AS_IN_WIT.to_vec(), contents.undocumented);
    }
    let docs = contents.docs.then_some("clippy::doc_markdown");
    allow(world, docs.into_iter().collect(), contents.undocumented)
}

fn allow(world: &World, mut wit: Vec<&'static str>, undocumented: bool) -> Vec<String> {
    wit.extend(undocumented.then_some("missing_docs"));
    wit.extend(has_deprecated(world).then_some("deprecated"));
    [lints::allow(&["dead_code"], "a program need not use the whole world"), lints::as_in_wit(wit)].concat()
}

/// The features that an interface needs for some of its parts.
fn unstable<'a>(world: &'a World, interface: &'a Interface) -> impl Iterator<Item = String> + 'a {
    let feature = |stability: &Stability| stability.unstable.clone();
    let types = interface.types.iter().filter_map(move |id| feature(&world.type_def(*id).stability));
    let functions = interface.functions.iter().filter_map(move |id| feature(&world.function(*id).stability));
    feature(&interface.stability).into_iter().chain(types).chain(functions)
}

/// Whether an import shares its bindings with others of the same interface.
fn is_shared(interface: &Interface) -> bool {
    interface.direction == Direction::Import && interface.implements.is_some()
}

/// The modules of all interfaces.
fn modules(root: &Host<'_>, options: &BTreeMap<InterfaceId, BTreeSet<String>>) -> Result<Vec<String>> {
    let world = root.ctx.world;
    let mut tree = Module::default();
    let mut done: BTreeSet<&[String]> = BTreeSet::new();
    for interface in &world.interfaces {
        let path = root.ctx.names.module(interface.id);
        if !done.insert(path) {
            continue;
        }
        let used = RefCell::default();
        let ctx = Context { place: Some(interface.id), ..root.ctx };
        let host = Host { ctx, used: Some(&used), ..*root };
        let none = BTreeSet::new();
        let items = interface_items(&host, interface, options.get(&interface.id).unwrap_or(&none))?;
        let types = interface.types.iter().map(|id| world.type_def(*id));
        let functions = interface.functions.iter().map(|id| world.function(*id));
        let contents = Contents::of(types, functions);
        tree.put(path, interface, items, !contents.undocumented);
    }
    tree.render(&|documented| allowed_module(world, documented))
}

fn interface_items(
    host: &Host<'_>,
    interface: &Interface,
    features: &BTreeSet<String>,
) -> Result<Vec<String>> {
    if let Some(path) = host.mapping.interfaces.get(&interface.id) {
        return Ok(vec![format!("pub use {}::*;", host.reach(path))]);
    }
    let world = host.ctx.world;
    let types: Vec<&TypeDef> = interface.types.iter().map(|id| world.type_def(*id)).collect();
    let mut found = items::types(host, types.iter().copied())?;
    match interface.direction {
        Direction::Import => found.extend(imported(host, interface, &types, features)?),
        Direction::Export => found.extend(exports::items(host, interface)?),
    }
    found.splice(0..0, host.use_line(host.column(0)));
    Ok(found)
}

fn imported(
    host: &Host<'_>,
    interface: &Interface,
    types: &[&TypeDef],
    features: &BTreeSet<String>,
) -> Result<Vec<String>> {
    let world = host.ctx.world;
    let functions: Vec<&Function> = interface.functions.iter().map(|id| world.function(*id)).collect();
    let resources: Vec<&TypeDef> =
        types.iter().filter(|def| matches!(def.kind, TypeKind::Resource)).copied().collect();
    let mut found = Vec::new();
    if !features.is_empty() {
        found.push(imports::link_options(features, Vec::new(), Vec::new())?);
    }
    found.extend(resource_traits(host, &resources, &functions, &[])?);
    let key = interface.implements.as_ref().unwrap_or(&interface.key);
    let conversions = interface.types.iter().filter(|id| host.mapping.errors.contains_key(id));
    found.push(imports::host_trait(
        host,
        &Trait {
            name: "Host".to_owned(),
            doc: format!("What a program implements for components that import `{key}`."),
            head: Vec::new(),
            functions: functions.iter().filter(|f| f.kind.resource().is_none()).copied().collect(),
            resource: None,
            supertraits: resources
                .iter()
                .map(|def| host.ctx.names.resource_trait(def.id).to_owned())
                .collect(),
            conversions: conversions.copied().collect(),
        },
    )?);
    found.push(render(&view::WithStoreView {
        store: host.generic("T"),
        data: host.generic("D"),
        has_data: host.component("HasData"),
    })?);
    let unstable = interface.stability.unstable.as_deref();
    found.push(imports::linking(host, key, types, &functions, unstable, !features.is_empty())?);
    Ok(found)
}

/// The traits of resources that the program implements.
fn resource_traits(
    host: &Host<'_>,
    resources: &[&TypeDef],
    functions: &[&Function],
    head: &[String],
) -> Result<Vec<String>> {
    let traits = resources.iter().map(|def| {
        let own = functions.iter().filter(|function| function.kind.resource() == Some(def.id));
        let name = host.ctx.names.ty(def.id);
        imports::host_trait(
            host,
            &Trait {
                name: host.ctx.names.resource_trait(def.id).to_owned(),
                doc: format!("What a program implements for the resource [`{name}`]."),
                head: head.to_vec(),
                functions: own.copied().collect(),
                resource: Some(def),
                supertraits: Vec::new(),
                conversions: Vec::new(),
            },
        )
    });
    traits.collect()
}
