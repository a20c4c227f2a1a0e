//! The world itself: its instances, and what gives all of its imports to a linker.

use std::collections::{BTreeMap, BTreeSet};

use witgen_diag::Result;
use witgen_ir::{Direction, Function, Interface, InterfaceId, TypeDef, TypeKind, World};
use witgen_templates::rust as view;

use super::imports::{self, Linking, Trait};
use super::layout;
use super::names::WorldNames;
use super::types::Host;
use super::{Contents, exports, is_shared, unstable};
use crate::code::indent;
use crate::guest::render;
use crate::{lints, names};

/// The items of the world at the root of the bindings.
pub(super) fn items(
    host: &Host<'_>,
    options: &BTreeMap<InterfaceId, BTreeSet<String>>,
) -> Result<Vec<String>> {
    let world = host.ctx.world;
    let names = WorldNames::new(world);
    let mut items = Vec::new();
    let features = features(world);
    if !features.is_empty() {
        let conversions = conversions(host, options)?;
        items.push(imports::link_options(
            &features,
            conversions,
            super::allowed(world, &Contents::default()),
        )?);
    }
    let own = own_imports(world);
    items.extend(traits(host, &names, &own)?);
    let mut members = Vec::new();
    if !own.is_empty() {
        members.push(own_linking(host, &names, &own, !features.is_empty())?);
    }
    if !own.is_empty() || world.interfaces_of(Direction::Import).next().is_some() {
        members.push(linking(host, &names, &own, options, !features.is_empty())?);
    }
    items.extend(instances(host, &names, members)?);
    Ok(items)
}

/// What the world imports itself.
struct Own<'a> {
    functions: Vec<&'a Function>,
    resources: Vec<&'a TypeDef>,
}

impl Own<'_> {
    fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.resources.is_empty()
    }
}

fn own_imports(world: &World) -> Own<'_> {
    Own {
        functions: world.functions_of(Direction::Import).collect(),
        resources: world.world_types().filter(|def| matches!(def.kind, TypeKind::Resource)).collect(),
    }
}

fn traits(host: &Host<'_>, names: &WorldNames, own: &Own<'_>) -> Result<Vec<String>> {
    let world = host.ctx.world;
    let contents = Contents::of(std::iter::empty(), own.functions.iter().copied());
    let head = super::allowed(world, &contents);
    let mut found = super::resource_traits(host, &own.resources, &own.functions, &head)?;
    if !own.is_empty() {
        let supertraits = own.resources.iter().map(|def| host.ctx.names.resource_trait(def.id).to_owned());
        let functions = own.functions.iter().filter(|f| f.kind.resource().is_none()).copied();
        found.push(imports::host_trait(
            host,
            &Trait {
                name: names.imports.clone(),
                doc: format!("What a program implements for what `{}` imports itself.", world.name),
                head,
                functions: functions.collect(),
                resource: None,
                supertraits: supertraits.collect(),
                conversions: Vec::new(),
            },
        )?);
    }
    Ok(found)
}

/// All features of unstable imports.
fn features(world: &World) -> BTreeSet<String> {
    let mut features: BTreeSet<String> = world.stability.unstable.iter().cloned().collect();
    features.extend(world.interfaces_of(Direction::Import).flat_map(|interface| unstable(world, interface)));
    features.extend(world.functions_of(Direction::Import).filter_map(|f| f.stability.unstable.clone()));
    features.extend(world.world_types().filter_map(|def| def.stability.unstable.clone()));
    features
}

/// Turns the options of the world into those of each interface.
fn conversions(host: &Host<'_>, options: &BTreeMap<InterfaceId, BTreeSet<String>>) -> Result<Vec<String>> {
    let mut found = BTreeMap::new();
    for (id, features) in options.iter().filter(|(_, features)| !features.is_empty()) {
        let view = view::LinkConversionView {
            path: host.ctx.names.module(*id).join("::"),
            features: features.iter().map(|feature| imports::option_name(feature)).collect(),
        };
        found.insert(view.path.clone(), render(&view)?);
    }
    Ok(found.into_values().collect())
}

fn own_linking(host: &Host<'_>, names: &WorldNames, own: &Own<'_>, has_options: bool) -> Result<String> {
    let world = host.ctx.world;
    let linking = Linking {
        target: "linker",
        name: &names.imports,
        resources: own.resources.clone(),
        functions: own.functions.clone(),
        unstable: None,
    };
    let body = indent(&imports::additions(host, &linking, 8)?, 4);
    let (store, data) = (host.generic("T"), host.generic("D"));
    let text = render(&view::WorldImportsView {
        world: world.name.clone(),
        wasmtime: host.wasmtime.to_owned(),
        imports: names.imports.clone(),
        options: if body.contains("options.") { "options" } else { "_options" }.to_owned(),
        body,
        store,
        data,
        has_options,
    })?;
    Ok(indent(&text, 4))
}

fn linking(
    host: &Host<'_>,
    names: &WorldNames,
    own: &Own<'_>,
    options: &BTreeMap<InterfaceId, BTreeSet<String>>,
    has_options: bool,
) -> Result<String> {
    let world = host.ctx.world;
    let (store, data) = (host.generic("T"), host.generic("D"));
    let (mut bounds, mut sources, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    if !own.is_empty() {
        bounds.push(names.imports.clone());
        let args = if has_options { "linker, options, host_getter" } else { "linker, host_getter" };
        calls.push(format!("Self::add_to_linker_imports::<{store}, {data}>({args})?;"));
    }
    for interface in world.interfaces_of(Direction::Import) {
        let module = host.ctx.names.module(interface.id).join("::");
        let bound = format!("{module}::Host");
        if !bounds.contains(&bound) {
            if host.mapping.interfaces.contains_key(&interface.id) {
                sources.push(format!("{module}::HostWithStore<{store}>"));
            }
            bounds.push(bound);
        }
        let has_own_options = options.get(&interface.id).is_some_and(|features| !features.is_empty());
        let function = if is_shared(interface) { "add_to_linker_instance" } else { "add_to_linker" };
        let instance = format!("&mut linker.instance({:?})?", interface.key);
        let mut args = vec![if is_shared(interface) { instance.as_str() } else { "linker" }];
        args.extend(has_own_options.then_some("&options.into()"));
        args.push("host_getter");
        let call = layout::tried(&format!("{module}::{function}::<{store}, {data}>"), &args, 8);
        calls.push(call);
    }
    if sources.is_empty() {
        sources.push(format!("{}::component::HasData", host.wasmtime));
    }
    let text = render(&view::WorldLinkingView {
        world: world.name.clone(),
        wasmtime: host.wasmtime.to_owned(),
        body: indent(&calls.join("\n"), 4),
        store,
        data,
        bounds,
        sources,
        has_options,
    })?;
    Ok(indent(&text, 4))
}

/// What makes and holds instances.
fn instances(host: &Host<'_>, names: &WorldNames, linking: Vec<String>) -> Result<Vec<String>> {
    let world = host.ctx.world;
    let mut fields = Vec::new();
    let (mut interfaces, mut accessors) = (Vec::new(), Vec::new());
    let mut members = linking;
    for function in world.functions_of(Direction::Export) {
        fields.push(exports::field(host, function));
        members.extend(exports::call(host, function, "self"));
    }
    for (interface, name) in self::accessors(host) {
        let path = host.ctx.names.module(interface.id).join("::");
        members.push(accessor_text(interface, &name, &path));
        interfaces.push(interface_view(&name, &path));
        accessors.push(name);
    }
    let store = host.generic("T");
    let data = format!("mut store: impl {}::AsContextMut<Data = {store}>", host.wasmtime);
    let result = format!("{}::Result<{}>", host.wasmtime, names.world);
    let with = |start: &str, first: &str| {
        layout::signature(start, &[first.to_owned(), data.clone()], &result, " {", 4)
    };
    let pre = format!("{}::component::InstancePre<{store}>", host.wasmtime);
    let itself = format!("{}::Result<Self>", host.wasmtime);
    let found = fields.iter().map(|field| exports::found(field, 12));
    let in_interfaces = interfaces.iter().map(|interface| interface.found.clone());
    let lookup = layout::made("Self", &found.chain(in_interfaces).collect::<Vec<_>>());
    let is_empty = fields.is_empty() && interfaces.is_empty();
    let mut exported = world.interfaces_of(Direction::Export);
    let deprecated =
        exported.any(|interface| interface.stability.deprecated.is_some()).then_some("deprecated");
    let view = view::WorldView {
        head: super::allowed(
            world,
            &Contents::of(std::iter::empty(), world.functions.iter().filter(|f| f.interface.is_none())),
        ),
        pre_head: super::allowed(world, &Contents::default()),
        lints: lints::as_in_wit(
            alike(&world.name, &members_of(&fields, &accessors)).into_iter().chain(deprecated).collect(),
        ),
        deprecated: lints::as_in_wit(deprecated.into_iter().collect()),
        wit: world.qualified_name(),
        wasmtime: host.wasmtime.to_owned(),
        world: names.world.clone(),
        pre: names.pre.clone(),
        indices: names.indices.clone(),
        new_pre: indent(
            &layout::signature("pub fn new", &[format!("instance_pre: {pre}")], &itself, " {", 4),
            4,
        ),
        new_indices: indent(
            &layout::signature(
                &format!("pub fn new<{store}>"),
                &[format!("{}pre: &{pre}", if is_empty { "_" } else { "" })],
                &itself,
                " {",
                4,
            ),
            4,
        ),
        lookup: indent(&lookup, 8),
        instantiate: indent(&with("pub fn instantiate", "&self"), 4),
        instantiate_async: indent(&with("pub async fn instantiate_async", "&self"), 4),
        result,
        underscore: if is_empty { "_" } else { "" }.to_owned(),
        store_param: if is_empty { "_store" } else { "mut store" }.to_owned(),
        store,
        has_functions: !fields.is_empty(),
        fields,
        interfaces,
        members,
    };
    [
        render(&view),
        render(&view::WorldPreView { world: &view }),
        render(&view::WorldIndicesView { world: &view }),
    ]
    .into_iter()
    .collect()
}

/// The method that gives the functions of an interface.
fn accessor_text(interface: &Interface, name: &str, path: &str) -> String {
    let params = ["&self".to_owned()];
    let signature =
        layout::signature(&format!("pub fn {name}"), &params, &format!("&{path}::Guest"), " {", 4);
    let doc = format!("/// The functions of `{}`.\n#[must_use]", interface.key);
    indent(&format!("{doc}\n{signature}\n    &self.{name}\n}}"), 4)
}

/// An exported interface in the structs of the world.
fn interface_view(name: &str, path: &str) -> view::ExportInterfaceView {
    let load = ["self", &format!(".{name}"), ".load(&mut store, instance)?"];
    view::ExportInterfaceView {
        guest: indent(&layout::beside(name, &format!("{path}::Guest"), 4, 1), 4),
        indices: indent(&layout::beside(name, &format!("{path}::GuestIndices"), 4, 1), 4),
        found: layout::initialised_by(name, &format!("{path}::GuestIndices::new"), "pre", 12),
        load: indent(&layout::chain(name, &load, 12, 1), 12),
    }
}

fn members_of<'a>(fields: &'a [view::ExportFieldView], accessors: &'a [String]) -> Vec<&'a str> {
    fields.iter().map(|field| field.name.as_str()).chain(accessors.iter().map(String::as_str)).collect()
}

/// The lint about fields of which all start or end with the same word, or one with the name of the world.
fn alike(world: &str, fields: &[&str]) -> Option<&'static str> {
    let shared = |word: fn(&str) -> Option<&str>| {
        let first = fields.first().and_then(|field| word(field));
        fields.len() > 2 && first.is_some() && fields.iter().all(|field| word(field) == first)
    };
    let alike = shared(|field| field.split('_').next()) || shared(|field| field.rsplit('_').next());
    let world = names::module_name(world);
    let repeats =
        fields.len() > 2 && fields.iter().any(|field| field.starts_with(&world) || field.ends_with(&world));
    (alike || repeats).then_some("clippy::struct_field_names")
}

/// The exported interfaces, and what the method that gives the functions of each is called.
pub(super) fn accessors<'a>(host: &Host<'a>) -> Vec<(&'a Interface, String)> {
    let (world, names) = (host.ctx.world, host.ctx.names);
    let mut scope = names::scope();
    ["new", "instantiate", "instantiate_async", "add_to_linker", "add_to_linker_imports"]
        .iter()
        .for_each(|name| scope.reserve(*name));
    world.functions_of(Direction::Export).for_each(|function| scope.reserve(names.glue(function.id)));
    let accessors = world.interfaces_of(Direction::Export).map(|interface| {
        let module = names.module(interface.id);
        // What is escaped there needs no underscore in the middle.
        let short: Vec<&str> = module.iter().skip(1).map(|name| name.trim_end_matches('_')).collect();
        let end = if module.last().is_some_and(|name| name.ends_with('_')) { "_" } else { "" };
        (interface, scope.unique(short.join("_") + end))
    });
    accessors.collect()
}
