//! The source of a new project for a world: what its exports are, for somebody to write down what they do.
//!
//! Items of an exported interface are called by its module (`text::Guest`, `text::Style`), so that names of several
//! interfaces, of the prelude and of the project never meet.

use std::collections::BTreeMap;

use witgen_backend::check_support;
use witgen_diag::Result;
use witgen_ir::{Direction, Function, Interface, InterfaceId, Stability, TypeId, TypeKind, World};
use witgen_languages::{Language, Role, Side};
use witgen_templates::starter as view;

use crate::code::indent;
use crate::facts::Facts;
use crate::guest::functions::{Place, param_names, signature};
use crate::names::{self, Names};
use crate::types::Context;
use crate::{docs, guest_file_name};

/// What types of the project must not be called: they would hide what signatures and bodies need.
const PRELUDE: [&str; 10] =
    ["BTreeMap", "Box", "Err", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

/// What modules must not be called, for the same reason.
const MODULES: [&str; 18] = [
    "bindings", "bool", "char", "core", "f32", "f64", "i16", "i32", "i64", "i8", "isize", "std", "str",
    "u16", "u32", "u64", "u8", "usize",
];

/// rustfmt's `max_width`.
const MAX_WIDTH: usize = 100;

/// The source of the project.
pub(crate) fn source(world: &World) -> Result<String> {
    check_support(world, Language::Rust, Side::Guest)?;
    let names = Names::new(world);
    let facts = Facts::new(world);
    let interfaces: Vec<&Interface> = world
        .interfaces_of(Direction::Export)
        .filter(|interface| !interface.functions.is_empty() || resources(world, interface).next().is_some())
        .collect();
    let paths = paths(&names, &interfaces);
    let prefixes = paths.iter().map(|(id, path)| (*id, path.prefix())).collect();
    let ctx = Context { outside: Some(&prefixes), ..Context::root(world, &names, &facts) };
    let mut scope = names::scope();
    PRELUDE.iter().for_each(|name| scope.reserve(*name));
    let component = scope.name(Role::Type, &world.name);
    let functions: Vec<&Function> = world.functions_of(Direction::Export).collect();
    let mut impls = Vec::new();
    if !functions.is_empty() {
        let bound = "bindings::Guest".to_owned();
        impls.push(implementation(&ctx, bound, &component, Vec::new(), functions.into_iter()));
    }
    for interface in interfaces {
        let prefix = prefixes.get(&interface.id).map_or("", String::as_str);
        let functions = || interface.functions.iter().map(|id| world.function(*id));
        let (mut types, mut behind) = (Vec::new(), Vec::new());
        for id in resources(world, interface) {
            let def = world.type_def(id);
            let name = scope.name(Role::Type, &resource_name(&ctx, interface, id));
            types.push(format!("type {} = {name};", names.ty(id)));
            let methods = functions().filter(|function| function.kind.resource() == Some(id));
            let bound = format!("{prefix}{}", names.resource_trait(id));
            let methods = implementation(&ctx, bound, &name, Vec::new(), methods);
            behind.push(view::RustImplView { declared: Some(docs::comment(&def.docs)), ..methods });
        }
        let free = functions().filter(|function| function.kind.resource().is_none());
        impls.push(implementation(&ctx, format!("{prefix}Guest"), &component, types, free));
        impls.extend(behind);
    }
    let signatures = || impls.iter().flat_map(|block| &block.functions);
    let view = view::RustStubsView {
        docs: module_docs(world),
        has_params: has_params(world),
        is_deprecated: is_deprecated(world),
        has_maps: signatures().any(|text| names_map(text)),
        bindings: guest_file_name(world),
        uses: uses(paths.values()),
        component: (!impls.is_empty()).then_some(component),
        impls,
    };
    Ok(view::text(&view))
}

/// The resources that an interface declares.
fn resources<'a>(world: &'a World, interface: &'a Interface) -> impl Iterator<Item = TypeId> + 'a {
    interface.types.iter().copied().filter(|id| matches!(world.type_def(*id).kind, TypeKind::Resource))
}

/// What the type behind a resource should be called: as the resource, after its interface where that alone says too
/// little.
fn resource_name(ctx: &Context<'_>, interface: &Interface, id: TypeId) -> String {
    let name = |id| ctx.world.type_def(id).name.as_deref().unwrap_or_default();
    let all = ctx.world.interfaces_of(Direction::Export).flat_map(|other| resources(ctx.world, other));
    let is_only = all.filter(|other| name(*other) == name(id)).count() == 1;
    let is_free = !PRELUDE.contains(&ctx.names.ty(id)) && name(id) != ctx.world.name;
    if is_only && is_free { name(id).to_owned() } else { format!("{}-{}", interface.name, name(id)) }
}

/// A block with a stub for each function.
fn implementation<'a>(
    ctx: &Context<'_>,
    bound: String,
    implementer: &str,
    types: Vec<String>,
    functions: impl Iterator<Item = &'a Function>,
) -> view::RustImplView {
    let functions = functions.enumerate().map(|(nth, function)| {
        let text = signature(ctx, function, &param_names(function), Place::Impl, 4);
        let space = if nth == 0 && types.is_empty() { "" } else { "\n" };
        format!("{space}{}", indent(&text, 4))
    });
    let functions = functions.collect();
    view::RustImplView { declared: None, bound, implementer: implementer.to_owned(), types, functions }
}

/// Whether a stub has a parameter that it does not use.
fn has_params(world: &World) -> bool {
    let mut exported = world.functions.iter().filter(|function| function.direction == Direction::Export);
    exported.any(|function| param_names(function).iter().any(|name| name != "self"))
}

/// Whether the world exports something that should no longer be used, which whoever implements it has to do.
fn is_deprecated(world: &World) -> bool {
    let is = |stability: &Stability| stability.deprecated.is_some();
    let functions = world.functions.iter().filter(|function| function.direction == Direction::Export);
    let types = world.interfaces_of(Direction::Export).flat_map(|interface| &interface.types);
    functions.map(|function| &function.stability).any(is)
        || types.map(|id| &world.type_def(*id).stability).any(is)
        || world.interfaces_of(Direction::Export).map(|interface| &interface.stability).any(is)
}

/// Whether a signature has a map of the standard library.
fn names_map(text: &str) -> bool {
    text.match_indices("BTreeMap<").any(|(at, _)| !text[..at].ends_with("::"))
}

/// What the file is about.
fn module_docs(world: &World) -> Vec<String> {
    if !docs::has_text(&world.docs) {
        return vec![format!("//! The component `{}`.", world.name)];
    }
    docs::comment(&world.docs).iter().map(|line| line.replacen("///", "//!", 1)).collect()
}

/// How the project reaches an interface: it imports the module at `full[..=start]`, and calls it by the rest.
struct Path {
    full: Vec<String>,
    start: usize,
}

impl Path {
    fn prefix(&self) -> String {
        self.full[self.start..].join("::") + "::"
    }

    /// Whether the module that one imports would hide that of another one.
    fn meets(&self, other: &Self) -> bool {
        self.full[self.start] == other.full[other.start]
            && self.full[..=self.start] != other.full[..=other.start]
    }
}

/// The shortest paths by which the project can call interfaces.
fn paths(names: &Names, interfaces: &[&Interface]) -> BTreeMap<InterfaceId, Path> {
    let whole = |interface: &&Interface| {
        let full = names.module(interface.id).to_vec();
        let start = full.len().saturating_sub(1);
        (interface.id, Path { full, start })
    };
    let mut paths: BTreeMap<InterfaceId, Path> = interfaces.iter().map(whole).collect();
    loop {
        let is_taken = |path: &Path| {
            MODULES.contains(&path.full[path.start].as_str()) || paths.values().any(|other| path.meets(other))
        };
        let longer: Vec<InterfaceId> =
            paths.iter().filter(|(_, path)| path.start > 0 && is_taken(path)).map(|(id, _)| *id).collect();
        if longer.is_empty() {
            return paths;
        }
        for id in longer {
            if let Some(path) = paths.get_mut(&id) {
                path.start -= 1;
            }
        }
    }
}

/// The imports of modules, in the order and the layout of rustfmt.
fn uses<'a>(paths: impl Iterator<Item = &'a Path>) -> Vec<String> {
    let mut parents: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for path in paths {
        parents.entry(&path.full[..path.start]).or_default().push(&path.full[path.start]);
    }
    let mut uses: Vec<Vec<String>> = Vec::new();
    for (parent, mut names) in parents {
        names.sort_unstable();
        names.dedup();
        let start = [&["bindings".to_owned()], parent].concat();
        let last = match names.as_slice() {
            [only] => (*only).to_owned(),
            names => list(names, "use ::;".len() + start.join("::").len()),
        };
        uses.push([start, vec![last]].concat());
    }
    // A brace is behind all letters, as rustfmt has it.
    uses.sort_unstable();
    uses.iter().map(|path| format!("use {};", path.join("::"))).collect()
}

/// Names in braces; below each other where `before` and they take more than a line.
fn list(names: &[&str], before: usize) -> String {
    let flat = format!("{{{}}}", names.join(", "));
    if before + flat.len() <= MAX_WIDTH {
        return flat;
    }
    let mut lines = vec![String::new()];
    for name in names {
        let line = lines.last_mut().map_or("", |line| line.as_str());
        if !line.is_empty() && 4 + line.len() + name.len() + 2 >= MAX_WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let space = if line.is_empty() { "" } else { " " };
            line.push_str(&format!("{space}{name},"));
        }
    }
    format!("{{\n    {}\n}}", lines.join("\n    "))
}
