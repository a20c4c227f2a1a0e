//! Types.

use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Case, EnumCase, Field, Owner, Type, TypeDef, TypeKind};
use witgen_languages::Role;
use witgen_templates::rust as view;

use super::{functions, render};
use crate::body::{flags_type, tag_type};
use crate::code;
use crate::facts;
use crate::lints;
use crate::names;
use crate::types::Context;
use crate::{docs, facts::Holds};

/// The declarations of named types, each rendered.
pub(super) fn types<'a>(ctx: &Context<'_>, types: impl Iterator<Item = &'a TypeDef>) -> Result<Vec<String>> {
    types.filter(|def| def.name.is_some()).map(|def| type_item(ctx, def)).collect()
}

/// What a declaration is allowed at the root, where no module around it is.
fn allowed_declaration(ctx: &Context<'_>, documented: bool) -> Vec<String> {
    if ctx.place.is_some() { Vec::new() } else { super::allowed_declaration(ctx.world, documented) }
}

/// What code is allowed at the root.
pub(super) fn allowed(ctx: &Context<'_>, documented: bool) -> Vec<String> {
    if ctx.place.is_some() { Vec::new() } else { super::allowed(ctx.world, documented) }
}

fn type_item(ctx: &Context<'_>, def: &TypeDef) -> Result<String> {
    let holds = ctx.facts.holds(Type::Id(def.id));
    let generics = if holds.borrow { "<'a>".to_owned() } else { String::new() };
    let mut head = docs::head(&def.docs, &def.stability);
    head.extend(allowed_declaration(ctx, lints::is_documented(std::iter::once(def), std::iter::empty())));
    let item = Item { name: ctx.names.ty(def.id).to_owned(), generics, head };
    match &def.kind {
        TypeKind::Record { fields } => record(ctx, def, fields, item),
        TypeKind::Variant { cases, .. } => variant(ctx, def, cases, item),
        TypeKind::Enum { cases, tag_size } => enumeration(ctx, def, cases, *tag_size, item),
        TypeKind::Flags { flags } => {
            let mut scope = names::scope();
            let bits = flags_type(flags.len()).to_owned();
            let flags = flags.iter().enumerate().map(|(nth, flag)| view::FlagView {
                head: docs::comment(&flag.docs),
                name: scope.name(Role::Flag, &flag.name),
                value: format!("1 << {nth}"),
            });
            let flags = flags.collect();
            render(&view::FlagsView { head: item.head, name: item.name, bits, flags })
        }
        TypeKind::Resource => resource(ctx, def, item),
        kind => alias(ctx, def, kind, item),
    }
}

/// What all types have.
struct Item {
    name: String,
    generics: String,
    head: Vec<String>,
}

fn record(ctx: &Context<'_>, def: &TypeDef, fields: &[Field], item: Item) -> Result<String> {
    let Item { name, generics, mut head } = item;
    let holds = ctx.facts.holds(Type::Id(def.id));
    let mut scope = names::scope();
    let derives_debug = !fields.iter().any(|field| ctx.facts.holds(field.ty).long_tuple);
    let fields = fields.iter().map(|field| view::FieldView {
        head: docs::comment(&field.docs),
        is_debug: !ctx.facts.holds(field.ty).long_tuple,
        name: scope.name(Role::Field, &field.name),
        type_text: ctx.text(field.ty, ctx.owned_mode(field.ty, "'a")),
    });
    let fields: Vec<_> = fields.collect();
    let lint = lints::of_types(fields.iter().map(|field| field.type_text.as_str()));
    head.extend(lints::as_in_wit(lint.into_iter().collect()));
    head.extend(holds.is_copy().then(|| "#[repr(C)]".to_owned()));
    head.extend(derives(holds, derives_debug));
    let error = ctx.facts.is_error(def.id);
    render(&view::RecordView { head, name, generics, fields, derives_debug, error })
}

fn variant(ctx: &Context<'_>, def: &TypeDef, cases: &[Case], item: Item) -> Result<String> {
    let Item { name, generics, mut head } = item;
    let mut scope = names::scope();
    let names: Vec<String> = cases.iter().map(|case| scope.name(Role::Case, &case.name)).collect();
    let payload = |ty| ctx.text(ty, ctx.owned_mode(ty, "'a"));
    let payloads: Vec<Option<String>> = cases.iter().map(|case| case.ty.map(payload)).collect();
    let mut lints = lints::of_variant(ctx.world, &name, cases, &names);
    lints.extend(lints::of_types(payloads.iter().flatten().map(String::as_str)));
    head.extend(lints::as_in_wit(lints));
    let is_debug = |ty: Option<Type>| ty.is_none_or(|ty| !ctx.facts.holds(ty).long_tuple);
    let derives_debug = cases.iter().all(|case| is_debug(case.ty));
    head.extend(derives(ctx.facts.holds(Type::Id(def.id)), derives_debug));
    let cases = cases.iter().zip(names).zip(payloads).map(|((case, name), payload)| {
        let text = match payload {
            Some(payload) => {
                let text = code::case(&name, &payload, functions::column(ctx, 1));
                code::indent(&text, 4).trim_start().to_owned()
            }
            None => name.clone(),
        };
        let (has_payload, is_debug) = (case.ty.is_some(), is_debug(case.ty));
        view::VariantCaseView { head: docs::comment(&case.docs), name, text, has_payload, is_debug }
    });
    let cases = cases.collect();
    let error = ctx.facts.is_error(def.id);
    render(&view::VariantView { head, name, generics, cases, derives_debug, error })
}

fn enumeration(
    ctx: &Context<'_>,
    def: &TypeDef,
    cases: &[EnumCase],
    tag_size: u32,
    item: Item,
) -> Result<String> {
    let Item { name, mut head, .. } = item;
    let tag = tag_type(tag_size).to_owned();
    let mut scope = names::scope();
    let names: Vec<String> = cases.iter().map(|case| scope.name(Role::EnumCase, &case.name)).collect();
    head.extend(lints::as_in_wit(lints::of_cases(&name, &names).into_iter().collect()));
    head.push(format!("#[repr({tag})]"));
    head.push("#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]".to_owned());
    let cases = cases.iter().zip(names).map(|(case, name)| {
        let message = format!("{:?}", case.docs.as_deref().unwrap_or_default().trim());
        view::EnumCaseView {
            head: docs::comment(&case.docs),
            wit_name: format!("{:?}", case.name),
            message: code::text_arm(&message, functions::column(ctx, 3) + name.len() + 6),
            name,
        }
    });
    let cases: Vec<_> = cases.collect();
    let error = ctx.facts.is_error(def.id);
    let allowed = allowed(ctx, true);
    let is_full = cases.len() == 1 << (8 * tag_size);
    let limit = (!is_full).then_some(cases.len());
    render(&view::EnumView { head, allowed, name, tag, limit, cases, error })
}

/// The attribute with what can be derived, if anything can.
fn derives(holds: Holds, debug: bool) -> Option<String> {
    let derives = [("Clone", holds.is_clone()), ("Copy", holds.is_copy()), ("Debug", debug)];
    let derives: Vec<_> = derives.into_iter().filter_map(|(name, fits)| fits.then_some(name)).collect();
    (!derives.is_empty()).then(|| format!("#[derive({})]", derives.join(", ")))
}

fn alias(ctx: &Context<'_>, def: &TypeDef, kind: &TypeKind, item: Item) -> Result<String> {
    let Item { name, generics, head } = item;
    let mut borrowed = None;
    let target = match kind {
        TypeKind::Alias(Type::Id(id)) if ctx.world.type_def(*id).name.is_some() => {
            let borrow = ctx.names.borrow(def.id);
            if !borrow.is_empty() {
                borrowed = Some(view::BorrowedView { name: borrow.to_owned(), target: ctx.borrow_path(*id) });
            }
            format!("{}{generics}", ctx.path(*id))
        }
        TypeKind::Alias(ty) => ctx.text(*ty, ctx.owned_mode(*ty, "'a")),
        _ => ctx.unnamed(def, "'a"),
    };
    let width = functions::column(ctx, 0) + name.len() + generics.len() + target.len();
    let target =
        if width + "pub type  = ;".len() > 100 { format!("\n    {target}") } else { format!(" {target}") };
    render(&view::AliasView { head, name, generics, target, borrowed })
}

/// The core module of what a resource needs.
pub(super) fn resource_module(ctx: &Context<'_>, def: &TypeDef) -> String {
    match def.owner {
        Owner::Interface(id) => ctx.world.interface(id).key.clone(),
        Owner::World | Owner::None => "$root".to_owned(),
    }
}

fn resource(ctx: &Context<'_>, def: &TypeDef, item: Item) -> Result<String> {
    let Item { name, head, .. } = item;
    let module = resource_module(ctx, def);
    let Some(wit_name) = def.name.clone() else {
        return Err(Diagnostic::error(Id::Internal, "a resource has no name").into());
    };
    if !facts::is_exported_resource(ctx.world, def.id) {
        let allowed = allowed(ctx, true);
        return render(&view::ImportedResourceView { head, allowed, name, module, wit_name });
    }
    let repeats = (wit_name == "new").then_some("clippy::self_named_constructors");
    render(&view::ExportedResourceView {
        head,
        allowed: lints::as_in_wit(repeats.into_iter().collect()),
        name,
        trait_name: ctx.names.resource_trait(def.id).to_owned(),
        borrow_name: ctx.names.borrow(def.id).to_owned(),
        module,
        wit_name,
    })
}
