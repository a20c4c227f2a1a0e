//! Imported functions, and the signatures of all.

use std::collections::BTreeMap;

use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::abi::FunctionAbi;
use witgen_ir::{Function, FunctionKind, Type, TypeId, TypeKind};
use witgen_languages::Role;
use witgen_templates::rust as view;

use super::{items, render};
use crate::body::{self, core_type};
use crate::code::{self, indent};
use crate::docs;
use crate::lints;
use crate::names;
use crate::types::{Context, Mode};

/// Where the signature of a function stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// At an imported function.
    Import,
    /// In the trait that a component implements.
    Trait,
    /// Where a component implements it.
    Impl,
}

/// Imported functions: free ones, then one block per resource.
pub(super) fn imports<'a>(
    ctx: &Context<'_>,
    functions: impl Iterator<Item = &'a Function>,
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut methods: BTreeMap<TypeId, (bool, Vec<String>)> = BTreeMap::new();
    for function in functions {
        match function.kind.resource() {
            None => found.push(import(ctx, function, 0)?),
            Some(id) => {
                let (documented, methods) = methods.entry(id).or_insert((true, Vec::new()));
                *documented &= docs::has_text(&function.docs);
                methods.push(import(ctx, function, 1)?);
            }
        }
    }
    for (id, (documented, methods)) in methods {
        let body = indent(&methods.join("\n\n"), 4);
        let block =
            view::ImplBlockView { allowed: items::allowed(ctx, documented), name: ctx.path(id), body };
        found.push(render(&block)?);
    }
    Ok(found)
}

/// The column at which items of `ctx` start, `nested` braces deep inside of the module.
pub(super) fn column(ctx: &Context<'_>, nested: usize) -> usize {
    let depth = ctx.place.map_or(0, |place| ctx.names.module(place).len());
    4 * (depth + nested)
}

fn import(ctx: &Context<'_>, function: &Function, nested: usize) -> Result<String> {
    let abi = abi(function)?;
    let column = column(ctx, nested);
    let params = param_names(function);
    let call = body::core_name(&params);
    let printed = body::print(*ctx, function, &abi.call, params.clone(), call.clone())?;
    let core_params: Vec<&str> = abi.params.iter().map(|ty| core_type(*ty)).collect();
    let core_result = abi.results.first().map(|ty| format!(" -> {}", core_type(*ty)));
    let declaration = declaration(
        &abi.module,
        &abi.symbol,
        &format!("fn {call}({}){}", core_params.join(", "), core_result.unwrap_or_default()),
        column + 4,
    );
    let mut head = docs::head(&function.docs, &function.stability);
    if nested == 0 {
        head.extend(items::allowed(ctx, docs::has_text(&function.docs)));
    }
    let body = printed.body.unsafe_lines(column + 4);
    let mut broken = lints(ctx, function, &params, true);
    broken.extend(lints::of_glue(0, &body));
    head.extend(lints::as_in_wit(broken));
    let signature = signature(ctx, function, &params, Place::Import, column);
    render(&view::ImportFunctionView { head, signature, declaration, body })
}

/// Declares a core import; on three lines where one is too long.
fn declaration(module: &str, symbol: &str, function: &str, column: usize) -> String {
    let line = format!("_rt::import! {{ {module:?} {symbol:?} {function} }}");
    if column + line.len() <= 100 {
        return line;
    }
    format!("_rt::import! {{\n        {module:?} {symbol:?}\n        {function}\n    }}")
}

pub(super) fn abi(function: &Function) -> Result<&FunctionAbi> {
    function.abi.as_ref().ok_or_else(|| {
        Diagnostic::error(Id::Internal, format!("`{}` has no recorded ABI", function.wit_name)).into()
    })
}

/// The parameters as Rust names; `self` for the receiver.
pub(crate) fn param_names(function: &Function) -> Vec<String> {
    let mut scope = names::scope();
    let named = function.params.iter().enumerate().map(|(nth, param)| match (nth, function.kind) {
        (0, FunctionKind::Method(_)) => "self".to_owned(),
        _ => scope.name(Role::Param, &param.name),
    });
    named.collect()
}

/// What the signature of a function breaks.
pub(super) fn lints(
    ctx: &Context<'_>,
    function: &Function,
    params: &[String],
    import: bool,
) -> Vec<&'static str> {
    let mut texts: Vec<String> =
        function.params.iter().map(|param| param_type(ctx, param.ty, import)).collect();
    texts.push(result(ctx, function));
    lints::of_function(ctx.world, function, ctx.names.function(function.id), params, &texts)
}

fn param_type(ctx: &Context<'_>, ty: Type, import: bool) -> String {
    ctx.text(ty, if import { ctx.borrowed_mode(ty) } else { ctx.owned_mode(ty, "'_") })
}

/// The signature of a function as people see it, with the brace or semicolon behind it.
pub(crate) fn signature(
    ctx: &Context<'_>,
    function: &Function,
    params: &[String],
    place: Place,
    column: usize,
) -> String {
    let params: Vec<String> = params
        .iter()
        .zip(&function.params)
        .map(|(name, param)| {
            if name == "self" {
                return "&self".to_owned();
            }
            format!("{name}: {}", param_type(ctx, param.ty, place == Place::Import))
        })
        .collect();
    let name = ctx.names.function(function.id);
    let result = result(ctx, function);
    let fallible = matches!(function.kind, FunctionKind::Constructor(_)) && result != "Self";
    let (start, end) = match place {
        Place::Import => ("pub fn", " {".to_owned()),
        Place::Trait if fallible => ("fn", format!("\nwhere\n    Self: {};", ctx.prelude("Sized"))),
        Place::Trait => ("fn", ";".to_owned()),
        Place::Impl => ("fn", " {".to_owned()),
    };
    code::signature(&format!("{start} {name}"), &params, &result, &end, column)
}

fn result(ctx: &Context<'_>, function: &Function) -> String {
    let Some(ty) = function.result else { return String::new() };
    if !matches!(function.kind, FunctionKind::Constructor(_)) {
        return ctx.owned(ty);
    }
    let Type::Id(id) = ty else { return "Self".to_owned() };
    match &ctx.world.type_def(id).kind {
        TypeKind::Result { err, .. } => {
            format!("{}<Self, {}>", ctx.prelude("Result"), ctx.optional(*err, Mode::OWNED))
        }
        _ => "Self".to_owned(),
    }
}
