//! Exports: what finds the functions of an instance, and calls them.

use witgen_diag::Result;
use witgen_ir::{Function, FunctionKind, Interface, TypeDef, TypeKind};
use witgen_languages::Role;
use witgen_templates::rust as view;

use super::layout;
use super::types::{Host, Passing};
use crate::code::{Body, Expr, Stmt, indent};
use crate::guest::render;
use crate::{docs, lints, names};

/// Names of a call that its parameters cannot have.
const TAKEN: [&str; 3] = ["store", "func", "result"];

/// The functions of an exported interface.
pub(super) fn items(host: &Host<'_>, interface: &Interface) -> Result<Vec<String>> {
    let world = host.ctx.world;
    let functions: Vec<&Function> = interface.functions.iter().map(|id| world.function(*id)).collect();
    let resources: Vec<(&TypeDef, Vec<&Function>)> = interface
        .types
        .iter()
        .map(|id| world.type_def(*id))
        .filter(|def| matches!(def.kind, TypeKind::Resource))
        .map(|def| (def, functions.iter().copied().filter(|f| f.kind.resource() == Some(def.id)).collect()))
        .filter(|(_, functions): &(_, Vec<_>)| !functions.is_empty())
        .collect();
    let mut scope = names::scope();
    let mut members: Vec<String> = functions
        .iter()
        .filter(|f| f.kind.resource().is_none())
        .flat_map(|f| call(host, f, "self"))
        .collect();
    for (def, _) in &resources {
        let wit = def.name.as_deref().unwrap_or_default();
        let (name, ty) = (scope.name(Role::Func, wit), host.ctx.names.resource_trait(def.id));
        members.push(indent(
            &format!(
                "/// The functions of the resource `{wit}`.\n#[must_use]\npub fn {name}(&self) -> {ty}<'_> {{\n    \
                 {ty} {{ funcs: self }}\n}}"
            ),
            4,
        ));
    }
    let blocks = resources.iter().map(|(def, functions)| view::GuestResourceView {
        name: host.ctx.names.resource_trait(def.id).to_owned(),
        wit: def.name.clone().unwrap_or_default(),
        members: functions.iter().flat_map(|f| call(host, f, "self.funcs")).collect(),
    });
    let fields: Vec<_> = functions.iter().map(|function| field(host, function)).collect();
    let guest = view::GuestView {
        key: interface.key.clone(),
        wasmtime: host.wasmtime.to_owned(),
        index: if fields.is_empty() { String::new() } else { host.component("ComponentExportIndex") },
        instance: host.component("Instance"),
        pre: format!("{}<{}>", host.component("InstancePre"), host.generic("T")),
        store: host.generic("T"),
        lookup: indent(
            &layout::made(
                "Self",
                &fields.iter().map(|field| found(field, host.column(3))).collect::<Vec<_>>(),
            ),
            8,
        ),
        fields,
        members,
    };
    let mut items = vec![render(&guest)?];
    items.extend(blocks.map(|block| render(&block)).collect::<Result<Vec<_>>>()?);
    Ok(items)
}

/// The index of a field, looked up.
pub(super) fn found(field: &view::ExportFieldView, column: usize) -> String {
    layout::initialised(&field.name, "find", &field.wit_name, column)
}

/// The field of an exported function.
pub(super) fn field(host: &Host<'_>, function: &Function) -> view::ExportFieldView {
    let name = host.ctx.names.glue(function.id).to_owned();
    let (line, lines) = host.typed_func(function, Passing::Static);
    let head = lints::as_in_wit(lints::of_types(std::iter::once(line.as_str())).into_iter().collect());
    let column = host.column(1);
    let declaration = if column + 4 + line.len() < layout::MAX_WIDTH && !lines.contains("(\n") {
        layout::beside(&name, &line, column, 1)
    } else {
        format!("{name}: {lines}")
    };
    let load = ["instance", &format!(".get_typed_func(&mut store, self.{name})?")];
    view::ExportFieldView {
        head,
        declaration: indent(&declaration, 4),
        wit_name: format!("{:?}", function.wit_name),
        load: indent(&layout::chain(&name, &load, host.column(3), 1), 12),
        name,
    }
}

/// The methods that call an exported function, and that give its typed form.
pub(super) fn call(host: &Host<'_>, function: &Function, funcs: &str) -> Vec<String> {
    let name = host.ctx.names.function(function.id);
    let field = format!("{funcs}.{}", host.ctx.names.glue(function.id));
    let mut scope = names::scope();
    TAKEN.iter().for_each(|name| scope.reserve(*name));
    let params = function.params.iter().enumerate().map(|(nth, param)| match (nth, function.kind) {
        (0, FunctionKind::Method(_)) => scope.unique("this".to_owned()),
        _ => scope.name(Role::Param, &param.name),
    });
    let params: Vec<String> = params.collect();
    let types: Vec<String> =
        function.params.iter().map(|param| host.text(param.ty, Passing::Borrowed)).collect();
    let result = host.optional(function.result, Passing::Owned);
    let generic = host.generic("S");
    let mut typed = vec!["&self".to_owned(), format!("store: {generic}")];
    typed.extend(params.iter().zip(&types).map(|(name, ty)| format!("{name}: {ty}")));
    let mut head = docs::comment(&function.docs);
    if !docs::has_text(&function.docs) {
        head.push(format!("/// Calls `{}`.", function.wit_name));
    }
    head.extend(["///", "/// # Errors", "///", "/// Fails when the component traps."].map(str::to_owned));
    head.extend(docs::deprecated(&function.stability));
    let texts = types.iter().chain([&result]).map(String::as_str);
    let mut broken = lints::of_glue(typed.len(), &params);
    broken.extend(lints::of_types(texts));
    head.extend(lints::as_in_wit(broken));
    let start = format!("pub fn call_{name}<{generic}: {}::AsContextMut>", host.wasmtime);
    let result = format!("{}::Result<{result}>", host.wasmtime);
    head.push(layout::signature(&start, &typed, &result, " {", host.column(1)));
    let mut body = Body::default();
    body.stmts.push(Stmt::Let { pattern: "func".to_owned(), value: Expr::Flat(field.clone()) });
    let call = passed(&params, host.column(2), function.result.is_some());
    let lines = body.lines(host.column(2)).into_iter().chain(call);
    let text = format!("{}\n{}\n}}", head.join("\n"), indent(&lines.collect::<Vec<_>>().join("\n"), 4));
    vec![indent(&text, 4), indent(&typed_form(host, function, &field), 4)]
}

/// The lines that call a function with a tuple of `params` and give back the result.
fn passed(params: &[String], column: usize, has_result: bool) -> Vec<String> {
    let (before, after) = if has_result { ("let (result,) = ", "?;") } else { ("", "") };
    let callee = "func.call";
    let tuple = layout::tuple(params, column + 4);
    let line = format!("{before}{callee}(store, {tuple}){after}");
    let is_short = "store, ".len() + tuple.len() <= 60;
    // A statement that ends with `?` has a column less than others.
    let fits = |text: &str| column + text.len() < layout::MAX_WIDTH - 1;
    let below = format!("    {callee}(store, {tuple})?;");
    let mut lines = if is_short && (fits(&line) || (!has_result && column + line.len() <= layout::MAX_WIDTH))
    {
        vec![line]
    } else if is_short && has_result && column + below.len() <= layout::MAX_WIDTH {
        vec![format!("let (result,) =\n{below}")]
    } else if is_short && has_result {
        vec![format!("let (result,) = func\n    .call(store, {tuple})?;")]
    } else {
        vec![format!("{before}{callee}(\n    store,\n{},\n){after}", indent(&tuple, 4))]
    };
    lines.extend(has_result.then(|| "Ok(result)".to_owned()));
    lines
}

fn typed_form(host: &Host<'_>, function: &Function, field: &str) -> String {
    let name = host.ctx.names.function(function.id);
    let (line, lines) = host.typed_func(function, Passing::Borrowed);
    let column = host.column(1);
    let fits = column + line.len() + " {".len() <= layout::MAX_WIDTH && !lines.contains("(\n");
    let start = format!("pub fn func_{name}");
    let flat = format!("{start}(&self) -> {line} {{");
    let signature = if column + flat.len() <= layout::MAX_WIDTH && fits {
        flat
    } else if fits {
        layout::with_brace(&format!("{start}(\n    &self,\n) -> {line} {{"), column)
    } else {
        format!("{start}(\n    &self,\n) -> {lines} {{")
    };
    let mut head =
        vec![format!("/// The function that [`Self::call_{name}`] calls."), "#[must_use]".to_owned()];
    head.extend(docs::deprecated(&function.stability));
    let texts = std::iter::once(line.as_str());
    head.extend(lints::as_in_wit(lints::of_types(texts).into_iter().collect()));
    format!("{}\n{signature}\n    {field}\n}}", head.join("\n"))
}
