//! Imports: the traits that a program implements, and what gives an implementation to a linker.

use std::collections::BTreeSet;

use witgen_diag::Result;
use witgen_ir::{Function, FunctionKind, Stability, Type, TypeDef, TypeId, TypeKind};
use witgen_languages::Role;
use witgen_templates::rust as view;

use super::layout;
use super::types::{Host, Passing};
use crate::code::{Body, Expr, Stmt, indent};
use crate::guest::render;
use crate::{docs, lints, names};

/// What stands in the parameters of the generated functions.
const TAKEN: [&str; 6] = ["store", "host", "host_getter", "params", "result", "error"];

/// A trait with its functions, and what to implement before it.
pub(super) struct Trait<'a> {
    pub(super) name: String,
    pub(super) doc: String,
    /// Attributes.
    pub(super) head: Vec<String>,
    pub(super) functions: Vec<&'a Function>,
    /// The resource that it implements, of which it drops what the guest gives back.
    pub(super) resource: Option<&'a TypeDef>,
    /// The traits of the resources of the same interface.
    pub(super) supertraits: Vec<String>,
    /// Error types of the program that it turns into those of WIT.
    pub(super) conversions: Vec<TypeId>,
}

/// The trait, and its implementation for references.
pub(super) fn host_trait(host: &Host<'_>, found: &Trait<'_>) -> Result<String> {
    let mut methods = Vec::new();
    let mut forwards = Vec::new();
    for function in &found.functions {
        let signature = Signature::new(host, function);
        let mut head = docs::head(&function.docs, &function.stability);
        if !docs::has_text(&function.docs) {
            head.insert(0, format!("/// Imported as `{}`.", function.wit_name));
        }
        head.extend(signature.lints(host, function));
        head.push(signature.text(host, ";"));
        methods.push(indent(&head.join("\n"), 4));
        forwards.push(forward(
            host,
            &found.name,
            &signature.name,
            &signature.text(host, " {"),
            &signature.params,
        ));
    }
    if let Some(def) = found.resource {
        let rep = format!("rep: {}", host.handle(def.id));
        let signature = |end: &str| {
            let params = ["&mut self".to_owned(), rep.clone()];
            let result = format!("{}::Result<()>", host.wasmtime);
            layout::signature("fn drop", &params, &result, end, host.column(1))
        };
        let doc = "/// Frees what a guest has dropped.\n///\n/// # Errors\n///\n/// An error is a trap of the guest.";
        methods.push(indent(&format!("{doc}\n{}", signature(";")), 4));
        forwards.push(forward(host, &found.name, "drop", &signature(" {"), &["rep".to_owned()]));
    }
    for id in &found.conversions {
        let (name, signature) = conversion(host, *id);
        let doc = "/// Turns an error of the program into one of WIT.\n///\n/// # Errors\n///\n/// An error is a trap of the guest.";
        methods.push(indent(&format!("{doc}\n{}", signature(";")), 4));
        forwards.push(forward(host, &found.name, &name, &signature(" {"), &["error".to_owned()]));
    }
    let (name, generic) = (&found.name, host.generic("T"));
    let mut forwarding = if forwards.is_empty() { Vec::new() } else { found.head.clone() };
    forwarding.push(format!("impl<{generic}: {name} + ?Sized> {name} for &mut {generic}"));
    render(&view::HostTraitView {
        doc: found.doc.clone(),
        head: found.head.clone(),
        declaration: layout::bounded(
            &format!("pub trait {}", found.name),
            &found.supertraits,
            host.column(0),
        ),
        forwarding: forwarding.join("\n"),
        methods,
        forwards,
    })
}

/// The function that turns an error of the program into that of WIT: its name, and its signature up to an end.
fn conversion<'h>(host: &'h Host<'_>, id: TypeId) -> (String, impl Fn(&str) -> String + 'h) {
    let name = conversion_name(host, id);
    let path = host.mapping.errors.get(&id).map(|path| host.reach(path)).unwrap_or_default();
    let start = format!("fn {name}");
    let signature = move |end: &str| {
        let params = ["&mut self".to_owned(), format!("error: {path}")];
        let result = format!("{}::Result<{}>", host.wasmtime, host.ctx.path(id));
        layout::signature(&start, &params, &result, end, host.column(1))
    };
    (name, signature)
}

fn conversion_name(host: &Host<'_>, id: TypeId) -> String {
    let wit = host.ctx.world.type_def(id).name.as_deref().unwrap_or_default();
    format!("convert_{}", names::module_name(wit))
}

fn forward(host: &Host<'_>, name: &str, function: &str, signature: &str, params: &[String]) -> String {
    let args = ["*self".to_owned()].into_iter().chain(params.iter().cloned()).collect();
    let call = Expr::call(format!("{name}::{function}"), args);
    let body = if signature.contains("->") {
        Body { stmts: Vec::new(), tail: Some(call) }
    } else {
        Body { stmts: vec![Stmt::Do(call)], tail: None }
    };
    indent(&format!("{signature}\n{}\n}}", indent(&body.lines(host.column(2)).join("\n"), 4)), 4)
}

/// An imported function as a program implements it.
struct Signature {
    name: String,
    /// Its parameters but the receiver.
    params: Vec<String>,
    types: Vec<String>,
    result: String,
}

impl Signature {
    fn new(host: &Host<'_>, function: &Function) -> Self {
        let mut scope = names::scope();
        TAKEN.iter().for_each(|name| scope.reserve(*name));
        let params = function.params.iter().enumerate().map(|(nth, param)| match (nth, function.kind) {
            (0, FunctionKind::Method(_)) => scope.unique("this".to_owned()),
            _ => scope.name(Role::Param, &param.name),
        });
        let params = params.collect();
        let types = function.params.iter().map(|param| host.text(param.ty, Passing::Owned)).collect();
        let result = result(host, function);
        Self { name: host.ctx.names.function(function.id).to_owned(), params, types, result }
    }

    fn text(&self, host: &Host<'_>, end: &str) -> String {
        let params = self.params.iter().zip(&self.types).map(|(name, ty)| format!("{name}: {ty}"));
        let params: Vec<String> = ["&mut self".to_owned()].into_iter().chain(params).collect();
        layout::signature(&format!("fn {}", self.name), &params, &self.result, end, host.column(1))
    }

    fn lints(&self, host: &Host<'_>, function: &Function) -> Vec<String> {
        let mut texts = self.types.clone();
        texts.push(self.result.clone());
        let mut params = vec!["self".to_owned()];
        params.extend(self.params.iter().cloned());
        let mut broken = lints::of_function(host.ctx.world, function, &self.name, &params, &texts);
        // The receiver is the host, whatever the function is for the guest.
        let about_receiver = |lint: &&str| {
            !["clippy::new_without_default", "clippy::len_without_is_empty", "clippy::should_implement_trait"]
                .contains(lint)
        };
        broken.retain(about_receiver);
        lints::as_in_wit(broken)
    }
}

/// The result of an imported function; one that may trap has a result around it.
fn result(host: &Host<'_>, function: &Function) -> String {
    let plain = || host.optional(function.result, Passing::Owned);
    if let Some((_, path)) = host.mapping.error(host.ctx.world, function) {
        let ok = match function.result {
            Some(Type::Id(id)) => match host.ctx.world.type_def(id).kind {
                TypeKind::Result { ok, .. } => host.optional(ok, Passing::Owned),
                _ => plain(),
            },
            _ => plain(),
        };
        return format!("std::result::Result<{ok}, {}>", host.reach(path));
    }
    if host.mapping.trappable.contains(&function.id) {
        return format!("{}::Result<{}>", host.wasmtime, plain());
    }
    if function.result.is_none() { String::new() } else { plain() }
}

/// What gives an implementation of some functions to a linker.
pub(super) struct Linking<'a> {
    /// What functions are added to: `instance`, `linker`.
    pub(super) target: &'a str,
    /// The trait with the functions that are no resource's.
    pub(super) name: &'a str,
    pub(super) resources: Vec<&'a TypeDef>,
    pub(super) functions: Vec<&'a Function>,
    /// The feature that all of it needs.
    pub(super) unstable: Option<&'a str>,
}

impl Linking<'_> {
    /// The feature that one of them needs besides.
    fn gate<'s>(&self, stability: &'s Stability) -> Option<&'s str> {
        stability.unstable.as_deref().filter(|feature| Some(*feature) != self.unstable)
    }
}

/// The statements that add resources and functions, at column `base`.
pub(super) fn additions(host: &Host<'_>, linking: &Linking<'_>, base: usize) -> Result<String> {
    let mut lines = Vec::new();
    for def in &linking.resources {
        let wit = def.name.as_deref().unwrap_or_default();
        let gate = linking.gate(&def.stability);
        let inner = base + if gate.is_some() { 4 } else { 0 };
        let mut body = Body::default();
        body.stmts.push(getter());
        let drop = format!("{}::drop", host.ctx.names.resource_trait(def.id));
        let rep = format!("{}::new_own(rep)", host.component("Resource"));
        body.tail = Some(Expr::call(drop, vec!["host".to_owned(), rep]));
        let ty = format!("{}::host::<{}>()", host.component("ResourceType"), host.ctx.names.ty(def.id));
        let head = format!("{}.resource", linking.target);
        let text = layout::closure_of(&head, &[format!("{wit:?}"), ty], "mut store, rep", None, &body, inner);
        lines.push(gated(gate, &text));
    }
    for function in &linking.functions {
        let owner = function.kind.resource();
        let name = owner.map_or(linking.name, |id| host.ctx.names.resource_trait(id));
        let gate = linking.gate(&function.stability);
        let inner = base + if gate.is_some() { 4 } else { 0 };
        lines.push(gated(gate, &addition(host, linking.target, name, function, inner)));
    }
    Ok(lines.join("\n"))
}

fn gated(feature: Option<&str>, text: &str) -> String {
    match feature {
        Some(feature) => format!("if options.{} {{\n{}\n}}", option_name(feature), indent(text, 4)),
        None => text.to_owned(),
    }
}

fn getter() -> Stmt {
    let value = flat("&mut host_getter(store.data_mut())");
    Stmt::Let { pattern: "host".to_owned(), value }
}

fn addition(host: &Host<'_>, target: &str, name: &str, function: &Function, base: usize) -> String {
    let signature = Signature::new(host, function);
    let mut body = Body::default();
    body.stmts.push(getter());
    let args: Vec<String> = ["host".to_owned()].into_iter().chain(signature.params.iter().cloned()).collect();
    let call = Expr::call(format!("{name}::{}", signature.name), args);
    let trappable = host.mapping.trappable.contains(&function.id);
    if let Some((id, _)) = host.mapping.error(host.ctx.world, function) {
        body.stmts.push(Stmt::Let { pattern: "result".to_owned(), value: call });
        let convert =
            Expr::Flat(format!("{}::{}(host, error)?", owner_of(host, id), conversion_name(host, id)));
        let arms = vec![
            ("Ok(value)".to_owned(), Body { stmts: Vec::new(), tail: Some(flat("Ok((Ok(value),))")) }),
            (
                "Err(error)".to_owned(),
                Body {
                    stmts: vec![Stmt::Let { pattern: "error".to_owned(), value: convert }],
                    tail: Some(flat("Ok((Err(error),))")),
                },
            ),
        ];
        body.tail = Some(Expr::Match { subject: "result".to_owned(), arms });
    } else if function.result.is_some() {
        body.stmts.push(Stmt::Let { pattern: "result".to_owned(), value: call });
        body.tail = Some(flat(if trappable { "Ok((result?,))" } else { "Ok((result,))" }));
    } else if trappable {
        body.tail = Some(call);
    } else {
        body.stmts.push(Stmt::Do(call));
        body.tail = Some(flat("Ok(())"));
    }
    let wit = format!("{:?}", function.wit_name);
    layout::closure(&format!("{target}.func_wrap"), &[wit], &signature.params, &body, base)
}

fn flat(text: &str) -> Expr {
    Expr::Flat(text.to_owned())
}

/// The trait that converts an error of this type, by its path from here.
pub(super) fn owner_of(host: &Host<'_>, error: TypeId) -> String {
    let path = host.ctx.path(error);
    match path.rsplit_once("::") {
        Some((module, _)) => format!("{module}::Host"),
        None => "Host".to_owned(),
    }
}

/// The functions that give the implementation of an interface to a linker.
pub(super) fn linking(
    host: &Host<'_>,
    key: &str,
    types: &[&TypeDef],
    functions: &[&Function],
    unstable: Option<&str>,
    has_options: bool,
) -> Result<String> {
    let resources = types.iter().filter(|def| matches!(def.kind, TypeKind::Resource)).copied();
    let linking = Linking {
        target: "instance",
        name: "Host",
        resources: resources.collect(),
        functions: functions.to_vec(),
        unstable,
    };
    let column = host.column(1) + if unstable.is_some() { 4 } else { 0 };
    let additions = additions(host, &linking, column)?;
    let is_empty = additions.is_empty();
    let gated = gated(unstable, &additions);
    let mut bounds = vec!["Host".to_owned()];
    let errors = functions.iter().filter_map(|function| host.mapping.error(host.ctx.world, function));
    let converters: BTreeSet<String> = errors.map(|(id, _)| owner_of(host, id)).collect();
    bounds.extend(converters.into_iter().filter(|path| path != "Host"));
    let (store, data) = (host.generic("T"), host.generic("D"));
    render(&view::AddToLinkerView {
        key: key.to_owned(),
        instance_of_linker: indent(
            &layout::bound("instance", &format!("linker.instance({key:?})?"), host.column(1)),
            4,
        ),
        linker: format!("{}<{store}>", host.component("Linker")),
        instance: format!("{}<'_, {store}>", host.component("LinkerInstance")),
        wasmtime: host.wasmtime.to_owned(),
        body: if is_empty { String::new() } else { indent(&gated, 4) },
        bounds,
        store,
        data,
        has_options,
    })
}

/// The field of a feature of `@unstable`.
pub(super) fn option_name(feature: &str) -> String {
    names::scope().name(Role::Field, feature)
}

/// Which parts of an interface or a world are added.
pub(super) fn link_options(
    features: &BTreeSet<String>,
    conversions: Vec<String>,
    head: Vec<String>,
) -> Result<String> {
    let features = features
        .iter()
        .map(|feature| view::LinkFeatureView { wit: feature.clone(), name: option_name(feature) });
    render(&view::LinkOptionsView { head, features: features.collect(), conversions })
}
