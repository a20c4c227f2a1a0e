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
use crate::names;
use crate::types::{Context, Mode};

/// Imported functions: free ones, then one block per resource.
pub(super) fn imports<'a>(
    ctx: &Context<'_>,
    functions: impl Iterator<Item = &'a Function>,
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut methods: BTreeMap<TypeId, Vec<String>> = BTreeMap::new();
    for function in functions {
        match function.kind.resource() {
            None => found.push(import(ctx, function, 0)?),
            Some(id) => methods.entry(id).or_default().push(import(ctx, function, 1)?),
        }
    }
    for (id, methods) in methods {
        let block = view::ImplBlockView { name: ctx.path(id), body: indent(&methods.join("\n\n"), 4) };
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
    let signature = signature(ctx, function, &params, true, column);
    render(&view::ImportFunctionView {
        head: items::head(ctx, docs::head(&function.docs, &function.stability)),
        signature,
        declaration,
        body: printed.body.unsafe_lines(column + 4),
    })
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
pub(super) fn param_names(function: &Function) -> Vec<String> {
    let mut scope = names::scope();
    let named = function.params.iter().enumerate().map(|(nth, param)| match (nth, function.kind) {
        (0, FunctionKind::Method(_)) => "self".to_owned(),
        _ => scope.name(Role::Param, &param.name),
    });
    named.collect()
}

/// The signature of a function as people see it: `pub fn ... {` for an import, `fn ...;` for a trait.
pub(super) fn signature(
    ctx: &Context<'_>,
    function: &Function,
    params: &[String],
    import: bool,
    column: usize,
) -> String {
    let params: Vec<String> = params
        .iter()
        .zip(&function.params)
        .map(|(name, param)| {
            if name == "self" {
                return "&self".to_owned();
            }
            let mode = if import { ctx.borrowed_mode(param.ty) } else { ctx.owned_mode(param.ty, "'_") };
            format!("{name}: {}", ctx.text(param.ty, mode))
        })
        .collect();
    let name = ctx.names.function(function.id);
    let (start, end) = if import { ("pub fn", " {") } else { ("fn", ";") };
    let result = result(ctx, function);
    let fallible = matches!(function.kind, FunctionKind::Constructor(_)) && result != "Self";
    let start = format!("{start} {name}");
    if fallible && !import {
        return code::signature(&start, &params, &result, "\nwhere\n    Self: Sized;", column);
    }
    code::signature(&start, &params, &result, end, column)
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
