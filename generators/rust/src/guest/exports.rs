//! Exported functions: the traits to implement, what stands behind them, and `export!`.

use std::collections::BTreeMap;

use witgen_diag::Result;
use witgen_ir::abi::{CoreType, OpTree};
use witgen_ir::{Direction, Function, Interface, TypeId, TypeKind};
use witgen_templates::rust as view;

use super::functions::{self, Place, abi, column, param_names, signature};
use super::{items, render};
use crate::body::{self, core_type};
use crate::code::{self, indent};
use crate::names::module_name;
use crate::types::Context;
use crate::{GuestOptions, docs, lints};

/// The traits of an exported interface, or of the world itself, and what calls them.
pub(super) fn items<'a>(
    ctx: &Context<'_>,
    functions: impl Iterator<Item = &'a Function>,
    interface: Option<&Interface>,
) -> Result<Vec<String>> {
    let functions: Vec<&Function> = functions.collect();
    if functions.is_empty() && interface.is_none() {
        return Ok(Vec::new());
    }
    let mut found = traits(ctx, &functions, interface)?;
    let mut area = 0;
    for function in &functions {
        let abi = abi(function)?;
        let glue = ctx.names.glue(function.id);
        let callee = format!("T::{}", ctx.names.function(function.id));
        let name = format!("_export_{glue}");
        let (text, used) = behind(ctx, function, &abi.call, &name, (&abi.params, &abi.results), &callee)?;
        area = area.max(used);
        found.push(text);
        if let Some(tree) = &abi.post_return {
            let name = format!("_post_return_{glue}");
            found.push(behind(ctx, function, tree, &name, (&[CoreType::Pointer], &[]), &callee)?.0);
        }
    }
    if area > 0 {
        found.push(render(&view::AreaView { size: area })?);
    }
    Ok(found)
}

/// What stands behind a core function, and how many bytes of static memory it needs.
fn behind(
    ctx: &Context<'_>,
    function: &Function,
    tree: &OpTree,
    name: &str,
    (params, results): (&[CoreType], &[CoreType]),
    callee: &str,
) -> Result<(String, u32)> {
    let names: Vec<String> = (0..params.len()).map(|nth| format!("arg{nth}")).collect();
    let typed: Vec<String> =
        names.iter().zip(params).map(|(name, ty)| format!("{name}: {}", core_type(*ty))).collect();
    let result = results.first().map(|ty| core_type(*ty)).unwrap_or_default();
    let bound = match function.kind.resource() {
        Some(id) => ctx.names.resource_trait(id),
        None => "Guest",
    };
    let start = format!("pub unsafe fn {name}<T: {bound}>");
    let column = column(ctx, 0);
    let printed = body::print(*ctx, function, tree, names, callee.to_owned())?;
    let lines = match body::is_unsafe(&printed.body.lines(0), callee) {
        true => printed.body.unsafe_lines(column + 4),
        false => printed.body.lines(column + 4),
    };
    let mut head = items::allowed(ctx, true);
    head.extend(lints::as_in_wit(lints::of_glue(params.len(), &lines)));
    let text = render(&view::ExportFunctionView {
        head,
        signature: code::signature(&start, &typed, result, " {", column),
        constructors: name.starts_with("_export_"),
        body: lines,
    })?;
    Ok((text, printed.area))
}

fn traits(ctx: &Context<'_>, functions: &[&Function], interface: Option<&Interface>) -> Result<Vec<String>> {
    let mut guest = Vec::new();
    let mut methods: BTreeMap<TypeId, Vec<String>> = BTreeMap::new();
    let mut with_length = Vec::new();
    let resources: Vec<TypeId> = interface
        .map(|interface| interface.types.iter().copied())
        .into_iter()
        .flatten()
        .filter(|id| matches!(ctx.world.type_def(*id).kind, TypeKind::Resource))
        .collect();
    for id in &resources {
        let (name, bound) = (ctx.names.ty(*id), ctx.names.resource_trait(*id));
        guest.push(indent(&format!("/// What stands behind [`{name}`].\ntype {name}: {bound};"), 4));
    }
    for function in functions {
        let params = param_names(function);
        let mut head = docs::head(&function.docs, &function.stability);
        head.extend(lints::as_in_wit(functions::lints(ctx, function, &params, false)));
        let signature = signature(ctx, function, &params, Place::Trait, column(ctx, 1));
        let item = render(&view::TraitFunctionView { head, signature })?;
        match function.kind.resource() {
            Some(id) => {
                with_length.extend((ctx.names.function(function.id) == "len").then_some(id));
                methods.entry(id).or_default().push(indent(&item, 4));
            }
            None => guest.push(indent(&item, 4)),
        }
    }
    let doc = match interface {
        Some(interface) => format!("What a component implements to export `{}`.", interface.key),
        None => format!("What a component implements to export the functions of `{}`.", ctx.world.name),
    };
    let documented = functions.iter().all(|function| docs::has_text(&function.docs));
    let head = items::allowed(ctx, documented);
    // An empty trait is written on one line.
    let mut found = vec![match guest.is_empty() {
        true => format!("/// {doc}\npub trait Guest {{}}"),
        false => render(&view::GuestTraitView { doc, head, items: separated(guest) })?,
    }];
    for id in resources {
        let def = ctx.world.type_def(id);
        let length = with_length.contains(&id).then_some("clippy::len_without_is_empty");
        found.push(render(&view::ResourceTraitView {
            head: lints::as_in_wit(length.into_iter().collect()),
            name: ctx.names.ty(id).to_owned(),
            trait_name: ctx.names.resource_trait(id).to_owned(),
            sized: ctx.prelude("Sized"),
            module: items::resource_module(ctx, def),
            wit_name: def.name.clone().unwrap_or_default(),
            methods: methods.remove(&id).unwrap_or_default(),
        })?);
    }
    Ok(found)
}

/// Items with an empty line between each two.
fn separated(items: Vec<String>) -> Vec<String> {
    let last = items.len().saturating_sub(1);
    let lines = items.into_iter().enumerate();
    lines.map(|(nth, item)| if nth == last { item } else { format!("{item}\n") }).collect()
}

/// The macro `export!`.
pub(super) fn export_macro(root: &Context<'_>, options: &GuestOptions) -> Result<String> {
    let world = root.world;
    let mut exports = Vec::new();
    for function in world.functions.iter().filter(|function| function.direction == Direction::Export) {
        let abi = abi(function)?;
        let module = bindings_path(root, function);
        let implementer = match function.kind.resource() {
            Some(id) => format!("<$type as {module}::Guest>::{}", root.names.ty(id)),
            None => "$type".to_owned(),
        };
        let glue = root.names.glue(function.id);
        let path = format!("{module}::_export_{glue}");
        exports.push(core_export(&abi.symbol, &abi.params, &abi.results, &path, &implementer));
        if let Some(symbol) = &abi.post_return_symbol {
            let path = format!("{module}::_post_return_{glue}");
            exports.push(core_export(symbol, &[CoreType::Pointer], &[], &path, &implementer));
        }
    }
    for interface in world.interfaces_of(Direction::Export) {
        for id in &interface.types {
            let def = world.type_def(*id);
            if let (TypeKind::Resource, Some(wit_name)) = (&def.kind, &def.name) {
                let module = format!("$($bindings)*::{}", root.names.module(interface.id).join("::"));
                let name = root.names.ty(*id);
                let implementer = format!("<$type as {module}::Guest>::{name}");
                let symbol = format!("{}#[dtor]{wit_name}", interface.key);
                let path = format!("{module}::{name}::dtor");
                exports.push(core_export(&symbol, &[CoreType::Pointer], &[], &path, &implementer));
            }
        }
    }
    let name = format!("_witgen_export_{}", module_name(&world.name));
    let mut head = vec!["#[doc(hidden)]".to_owned()];
    head.push("#[allow(unused_macros, reason = \"only a program exports, a library need not\")]".to_owned());
    if options.pub_export_macro {
        head.push("#[macro_export]".to_owned());
    }
    render(&view::ExportMacroView {
        head,
        name,
        visibility: if options.pub_export_macro { "pub" } else { "pub(crate)" }.to_owned(),
        exports,
        realloc: options.runtime == witgen_backend::Runtime::Embed,
    })
}

/// The module of a function as `export!` writes it.
fn bindings_path(root: &Context<'_>, function: &Function) -> String {
    match function.interface {
        Some(interface) => format!("$($bindings)*::{}", root.names.module(interface).join("::")),
        None => "$($bindings)*".to_owned(),
    }
}

fn core_export(
    symbol: &str,
    params: &[CoreType],
    results: &[CoreType],
    path: &str,
    implementer: &str,
) -> view::CoreExportView {
    let args: Vec<String> = (0..params.len()).map(|nth| format!("arg{nth}")).collect();
    // `PointerOrI64` is an alias inside of `_rt`, which the macro cannot name from everywhere.
    let spelled = |ty: &CoreType| match ty {
        CoreType::PointerOrI64 => "::core::mem::MaybeUninit<u64>",
        ty => core_type(*ty),
    };
    let typed: Vec<String> =
        args.iter().zip(params).map(|(arg, ty)| format!("{arg}: {}", spelled(ty))).collect();
    let mut broken = lints::of_glue(params.len(), &[]);
    broken.push("unsafe_code");
    view::CoreExportView {
        allowed: lints::allow(&broken, "generated code at the ABI"),
        symbol: symbol.to_owned(),
        params: typed.join(", "),
        result: results.first().map(|ty| format!(" -> {}", spelled(ty))).unwrap_or_default(),
        path: path.to_owned(),
        implementer: implementer.to_owned(),
        args: args.join(", "),
    }
}
