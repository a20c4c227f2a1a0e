//! Type declarations.

use std::collections::HashSet;

use witgen_diag::Result;
use witgen_ir::{Case, EnumCase, Field, Owner, Type, TypeDef, TypeKind};
use witgen_languages::Role;
use witgen_templates::rust as view;

use super::Contents;
use super::layout::MAX_WIDTH;
use super::types::{Host, Passing};
use crate::facts::{self, Holds};
use crate::guest::render;
use crate::{code, docs, lints, names};

/// The declarations of named types, each rendered.
pub(super) fn types<'a>(host: &Host<'_>, types: impl Iterator<Item = &'a TypeDef>) -> Result<Vec<String>> {
    types.filter(|def| def.name.is_some()).map(|def| type_item(host, def)).collect()
}

fn type_item(host: &Host<'_>, def: &TypeDef) -> Result<String> {
    let mut head = docs::head(&def.docs, &def.stability);
    if host.ctx.place.is_none() {
        let contents = Contents::of(std::iter::once(def), std::iter::empty());
        head.extend(super::allowed(host.ctx.world, &contents));
    }
    let item = Item { name: host.ctx.names.ty(def.id).to_owned(), head };
    match &def.kind {
        TypeKind::Record { fields } => record(host, def, fields, item),
        TypeKind::Variant { cases, .. } => variant(host, def, cases, item),
        TypeKind::Enum { cases, tag_size } => enumeration(host, def, cases, *tag_size, item),
        TypeKind::Flags { flags } => {
            let mut scope = names::scope();
            let flags = flags.iter().map(|flag| {
                let name = scope.name(Role::Flag, &flag.name);
                let mut head = docs::comment(&flag.docs);
                head.extend(renamed(&flag.name, &name));
                view::HostFlagView { head, name }
            });
            let flags = flags.collect();
            // The macro takes no attributes for the type.
            let head =
                item.head.into_iter().filter_map(|line| Some(format!("//{}", line.strip_prefix("///")?)));
            let (head, path) = (head.collect(), format!("{}::component", host.wasmtime));
            let flags = view::HostFlagsView { head, path, name: item.name, flags };
            if host.ctx.place.is_some() { render(&flags) } else { documented(&flags) }
        }
        TypeKind::Resource => resource(host, def, item),
        _ => alias(host, def, item),
    }
}

/// Flags at the root, where no module around them allows that the macro documents nothing.
fn documented(flags: &view::HostFlagsView) -> Result<String> {
    let (name, module) = (&flags.name, format!("_witgen_{}", names::module_name(&flags.name)));
    let allowed = lints::allow(&["missing_docs"], "the macro knows no docs").join("\n");
    let body = code::indent(&render(flags)?, 4);
    Ok(format!("pub use {module}::{name};\n\n{allowed}\nmod {module} {{\n{body}\n}}"))
}

/// What all types have.
struct Item {
    name: String,
    head: Vec<String>,
}

/// The name in WIT, where it is another one.
fn renamed(wit: &str, name: &str) -> Option<String> {
    (wit != name).then(|| format!("#[component(name = {wit:?})]"))
}

fn record(host: &Host<'_>, def: &TypeDef, fields: &[Field], item: Item) -> Result<String> {
    let Item { name, mut head } = item;
    let facts = host.ctx.facts;
    let mut scope = names::scope();
    let derives_debug = !fields.iter().any(|field| facts.holds(field.ty).long_tuple);
    let fields = fields.iter().map(|field| {
        let name = scope.name(Role::Field, &field.name);
        let mut head = docs::comment(&field.docs);
        head.extend(renamed(&field.name, &name));
        let is_debug = !facts.holds(field.ty).long_tuple;
        view::FieldView { head, is_debug, name, type_text: host.text(field.ty, Passing::Owned) }
    });
    let fields: Vec<_> = fields.collect();
    let lint = lints::of_types(fields.iter().map(|field| field.type_text.as_str()));
    head.extend(lints::as_in_wit(lint.into_iter().collect()));
    head.extend(derives(host, Some(facts.holds(Type::Id(def.id))), derives_debug));
    head.push("#[component(record)]".to_owned());
    let (generics, error) = (String::new(), facts.is_error(def.id));
    render(&view::RecordView { head, name, generics, fields, derives_debug, error })
}

fn variant(host: &Host<'_>, def: &TypeDef, cases: &[Case], item: Item) -> Result<String> {
    let Item { name, mut head } = item;
    let facts = host.ctx.facts;
    let mut scope = names::scope();
    let names: Vec<String> = cases.iter().map(|case| scope.name(Role::Case, &case.name)).collect();
    let payloads: Vec<Option<String>> =
        cases.iter().map(|case| case.ty.map(|ty| host.text(ty, Passing::Owned))).collect();
    let mut broken = lints::of_variant(host.ctx.world, &name, cases, &names);
    broken.extend(lints::of_types(payloads.iter().flatten().map(String::as_str)));
    head.extend(lints::as_in_wit(broken));
    let is_debug = |ty: Option<Type>| ty.is_none_or(|ty| !facts.holds(ty).long_tuple);
    let derives_debug = cases.iter().all(|case| is_debug(case.ty));
    head.extend(derives(host, Some(facts.holds(Type::Id(def.id))), derives_debug));
    head.push("#[component(variant)]".to_owned());
    let cases = cases.iter().zip(names).zip(payloads).map(|((case, name), payload)| {
        let text = match payload {
            Some(payload) => {
                let text = code::case(&name, &payload, host.column(1));
                code::indent(&text, 4).trim_start().to_owned()
            }
            None => name.clone(),
        };
        let mut head = docs::comment(&case.docs);
        head.extend(renamed(&case.name, &name));
        view::VariantCaseView {
            head,
            name,
            text,
            has_payload: case.ty.is_some(),
            is_debug: is_debug(case.ty),
        }
    });
    let (generics, cases, error) = (String::new(), cases.collect(), facts.is_error(def.id));
    render(&view::VariantView { head, name, generics, cases, derives_debug, error })
}

fn enumeration(
    host: &Host<'_>,
    def: &TypeDef,
    cases: &[EnumCase],
    tag_size: u32,
    item: Item,
) -> Result<String> {
    let Item { name, mut head } = item;
    let mut scope = names::scope();
    let names: Vec<String> = cases.iter().map(|case| scope.name(Role::EnumCase, &case.name)).collect();
    head.extend(lints::as_in_wit(lints::of_cases(&name, &names).into_iter().collect()));
    head.extend(derives(host, None, true));
    head.push("#[component(enum)]".to_owned());
    head.push(format!("#[repr(u{})]", 8 * tag_size));
    let messages = cases.iter().map(|case| case.docs.as_deref().unwrap_or_default().trim());
    let same = messages.collect::<HashSet<_>>().len() < cases.len();
    let cases = cases.iter().zip(names).map(|(case, name)| {
        let message = format!("{:?}", case.docs.as_deref().unwrap_or_default().trim());
        let mut head = docs::comment(&case.docs);
        head.extend(renamed(&case.name, &name));
        view::EnumCaseView {
            head,
            wit_name: format!("{:?}", case.name),
            message: code::text_arm(&message, host.column(3) + name.len() + 6),
            name,
        }
    });
    render(&view::HostEnumView {
        head,
        name,
        cases: cases.collect(),
        error: host.ctx.facts.is_error(def.id),
        message_lints: lints::as_in_wit(same.then_some("clippy::match_same_arms").into_iter().collect()),
    })
}

/// The attributes with what is derived; `holds` is what a record or variant holds.
fn derives(host: &Host<'_>, holds: Option<Holds>, debug: bool) -> Vec<String> {
    let own = match holds {
        None => vec!["Clone", "Copy", "Debug", "Eq", "PartialEq"],
        Some(holds) => {
            let own = [("Clone", holds.is_clone()), ("Copy", holds.is_copy()), ("Debug", debug)];
            own.into_iter().filter_map(|(name, fits)| fits.then_some(name)).collect()
        }
    };
    let is_own = |path: &&String| own.iter().any(|name| path.rsplit("::").next() == Some(name));
    let more: Vec<&str> =
        host.mapping.derives.iter().filter(|path| !is_own(path)).map(String::as_str).collect();
    let wasmtime = ["ComponentType", "Lift", "Lower"].map(|name| host.component(name));
    let names: Vec<&str> = own.into_iter().chain(more).chain(wasmtime.iter().map(String::as_str)).collect();
    let line = format!("#[derive({})]", names.join(", "));
    if host.column(0) + line.len() <= MAX_WIDTH {
        return vec![line];
    }
    let mut lines = vec!["#[derive(".to_owned()];
    lines.extend(names.iter().map(|name| format!("    {name},")));
    lines.push(")]".to_owned());
    lines
}

fn alias(host: &Host<'_>, def: &TypeDef, item: Item) -> Result<String> {
    let Item { name, head } = item;
    let target = match &def.kind {
        TypeKind::Alias(Type::Id(id)) if host.ctx.world.type_def(*id).name.is_some() => host.ctx.path(*id),
        TypeKind::Alias(ty) => host.text(*ty, Passing::Owned),
        _ => host.unnamed(def.id, Passing::Owned),
    };
    let width = host.column(0) + name.len() + target.len();
    let target =
        if width + "pub type  = ;".len() > 100 { format!("\n    {target}") } else { format!(" {target}") };
    render(&view::AliasView { head, name, generics: String::new(), target, borrowed: None })
}

fn resource(host: &Host<'_>, def: &TypeDef, item: Item) -> Result<String> {
    let Item { name, mut head } = item;
    let wit = def.name.as_deref().unwrap_or_default();
    if head.iter().all(|line| !line.starts_with("///")) {
        let whose = match def.owner {
            Owner::Interface(id) => format!(" of `{}`", host.ctx.world.interface(id).key),
            Owner::World | Owner::None => String::new(),
        };
        head.insert(0, format!("/// The resource `{wit}`{whose}."));
    }
    let text = if facts::is_exported_resource(host.ctx.world, def.id) {
        format!("pub type {name} = {};", host.component("ResourceAny"))
    } else if let Some(path) = host.mapping.resources.get(&def.id) {
        let path = host.reach(path);
        match path.rsplit("::").next() {
            Some(last) if last == name => format!("pub use {path};"),
            _ => format!("pub use {path} as {name};"),
        }
    } else {
        format!("pub enum {name} {{}}")
    };
    head.push(text);
    Ok(head.join("\n"))
}
