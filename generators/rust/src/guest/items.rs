//! Types.

use witgen_diag::{Diagnostic, Id, Result};
use witgen_ir::{Owner, Type, TypeDef, TypeKind};
use witgen_languages::Role;
use witgen_templates::rust as view;

use super::{ALLOW, functions, render};
use crate::body::{flags_type, tag_type};
use crate::code;
use crate::facts;
use crate::names;
use crate::types::Context;
use crate::{docs, facts::Holds};

/// The declarations of named types, each rendered.
pub(super) fn types<'a>(ctx: &Context<'_>, types: impl Iterator<Item = &'a TypeDef>) -> Result<Vec<String>> {
    types.filter(|def| def.name.is_some()).map(|def| type_item(ctx, def)).collect()
}

/// Docs and attributes of an item; at the root there is no module around it that allows what the WIT needs.
pub(super) fn head(ctx: &Context<'_>, mut lines: Vec<String>) -> Vec<String> {
    if ctx.place.is_none() {
        lines.push(ALLOW.to_owned());
    }
    lines
}

fn type_item(ctx: &Context<'_>, def: &TypeDef) -> Result<String> {
    let holds = ctx.facts.holds(Type::Id(def.id));
    let name = ctx.names.ty(def.id).to_owned();
    let generics = if holds.borrow { "<'a>".to_owned() } else { String::new() };
    let mut head = head(ctx, docs::head(&def.docs, &def.stability));
    let error = ctx.facts.is_error(def.id);
    match &def.kind {
        TypeKind::Record { fields } => {
            let plain = holds.is_copy();
            head.extend(plain.then(|| "#[repr(C)]".to_owned()));
            head.push(derives(holds));
            let mut scope = names::scope();
            let fields = fields.iter().map(|field| view::FieldView {
                head: docs::comment(&field.docs),
                name: scope.name(Role::Field, &field.name),
                type_text: ctx.text(field.ty, ctx.owned_mode(field.ty, "'a")),
            });
            let fields = fields.collect();
            render(&view::RecordView { head, name, generics, fields, error })
        }
        TypeKind::Variant { cases, .. } => {
            head.push(derives(holds));
            let mut scope = names::scope();
            let cases = cases.iter().map(|case| {
                let name = scope.name(Role::Case, &case.name);
                let text = match case.ty {
                    Some(ty) => {
                        let payload = ctx.text(ty, ctx.owned_mode(ty, "'a"));
                        let text = code::case(&name, &payload, functions::column(ctx, 1));
                        code::indent(&text, 4).trim_start().to_owned()
                    }
                    None => name,
                };
                view::VariantCaseView { head: docs::comment(&case.docs), text }
            });
            let cases = cases.collect();
            render(&view::VariantView { head, name, generics, cases, error })
        }
        TypeKind::Enum { cases, tag_size } => {
            let tag = tag_type(*tag_size).to_owned();
            head.push(format!("#[repr({tag})]"));
            head.push("#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]".to_owned());
            let mut scope = names::scope();
            let cases: Vec<_> = cases
                .iter()
                .map(|case| {
                    let name = scope.name(Role::EnumCase, &case.name);
                    let message = format!("{:?}", case.docs.as_deref().unwrap_or_default().trim());
                    view::EnumCaseView {
                        head: docs::comment(&case.docs),
                        wit_name: format!("{:?}", case.name),
                        message: code::text_arm(&message, functions::column(ctx, 3) + name.len() + 6),
                        name,
                    }
                })
                .collect();
            render(&view::EnumView { head, name, tag, count: cases.len(), cases, error })
        }
        TypeKind::Flags { flags } => {
            let mut scope = names::scope();
            let bits = flags_type(flags.len()).to_owned();
            let flags = flags.iter().enumerate().map(|(nth, flag)| view::FlagView {
                head: docs::comment(&flag.docs),
                name: scope.name(Role::Flag, &flag.name),
                value: format!("1 << {nth}"),
            });
            let flags = flags.collect();
            render(&view::FlagsView { head, name, bits, flags })
        }
        TypeKind::Resource => resource(ctx, def, head, name),
        kind => alias(ctx, def, kind, head, name, generics),
    }
}

fn derives(holds: Holds) -> String {
    let derives = match (holds.is_copy(), holds.is_clone()) {
        (true, _) => "Clone, Copy, Debug",
        (false, true) => "Clone, Debug",
        (false, false) => "Debug",
    };
    format!("#[derive({derives})]")
}

fn alias(
    ctx: &Context<'_>,
    def: &TypeDef,
    kind: &TypeKind,
    head: Vec<String>,
    name: String,
    generics: String,
) -> Result<String> {
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

fn resource(ctx: &Context<'_>, def: &TypeDef, head: Vec<String>, name: String) -> Result<String> {
    let module = resource_module(ctx, def);
    let Some(wit_name) = def.name.clone() else {
        return Err(Diagnostic::error(Id::Internal, "a resource has no name").into());
    };
    if !facts::is_exported_resource(ctx.world, def.id) {
        return render(&view::ImportedResourceView { head, name, module, wit_name });
    }
    render(&view::ExportedResourceView {
        head,
        name,
        trait_name: ctx.names.resource_trait(def.id).to_owned(),
        borrow_name: ctx.names.borrow(def.id).to_owned(),
        module,
        wit_name,
    })
}
