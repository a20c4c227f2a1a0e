//! The public items of a file, each as a line of text.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Attribute, FnArg, ImplItem, Item, ReturnType, Signature, TraitItem, Type, Visibility};

/// The items of a file, with the paths in them from its root.
pub fn public(file: &str) -> syn::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    walk(&syn::parse_file(file)?.items, &mut Vec::new(), &mut found);
    Ok(found)
}

fn walk(items: &[Item], path: &mut Vec<String>, found: &mut BTreeSet<String>) {
    for item in items {
        if let Item::Mod(module) = item {
            if module.ident != "_rt" && !is_hidden(&module.attrs) {
                path.push(module.ident.to_string());
                walk(module.content.as_ref().map_or(&[], |(_, items)| items), path, found);
                path.pop();
            }
            continue;
        }
        let home = path.join("::");
        found.extend(lines(item, path).into_iter().map(|line| format!("{home} {line}")));
    }
}

fn lines(item: &Item, path: &[String]) -> Vec<String> {
    match item {
        Item::Fn(item) if is_public(&item.vis) && !item.sig.ident.to_string().starts_with('_') => {
            vec![signature(&item.sig, path)]
        }
        Item::Struct(item) if is_public(&item.vis) => {
            let fields = item.fields.iter().filter(|field| is_public(&field.vis));
            let fields: Vec<String> = fields
                .map(|field| format!("{}: {}", text(&field.ident, path), text(&field.ty, path)))
                .collect();
            let generics = text(&item.generics, path);
            vec![format!("struct {}{generics} {fields:?} {:?}", item.ident, derives(&item.attrs))]
        }
        Item::Enum(item) => {
            let cases = item.variants.iter();
            let cases: Vec<String> =
                cases.map(|case| format!("{}{}", case.ident, text(&case.fields, path))).collect();
            let generics = text(&item.generics, path);
            vec![format!("enum {}{generics} {cases:?} {:?}", item.ident, derives(&item.attrs))]
        }
        Item::Type(item) => {
            vec![format!("type {}{} = {}", item.ident, text(&item.generics, path), text(&item.ty, path))]
        }
        Item::Trait(item) => of_trait(item, path),
        Item::Impl(item) => of_impl(item, path),
        Item::Macro(item) => flags(&item.mac),
        _ => Vec::new(),
    }
}

fn of_trait(item: &syn::ItemTrait, path: &[String]) -> Vec<String> {
    let mut found = vec![format!("trait {}", item.ident)];
    for member in &item.items {
        match member {
            TraitItem::Fn(member) if !is_hidden(&member.attrs) => {
                found.push(format!("trait {} {}", item.ident, signature(&member.sig, path)));
            }
            TraitItem::Type(member) => {
                found.push(format!("trait {} {}: {}", item.ident, member.ident, text(&member.bounds, path)));
            }
            _ => {}
        }
    }
    found
}

fn of_impl(item: &syn::ItemImpl, path: &[String]) -> Vec<String> {
    let subject = text(&item.self_ty, path);
    if let Some((_, name, _)) = &item.trait_ {
        let name = text(name, path);
        let is_public = !["fmt::Debug", "WasmResource"].iter().any(|end| name.ends_with(end));
        return is_public.then(|| format!("impl {name} for {subject}")).into_iter().collect();
    }
    let functions = item.items.iter().filter_map(|member| match member {
        ImplItem::Fn(member) if is_public(&member.vis) && !is_hidden(&member.attrs) => {
            Some(format!("impl {subject} {}", signature(&member.sig, path)))
        }
        _ => None,
    });
    functions.collect()
}

/// Flags stand in a macro on both sides: their names.
fn flags(item: &syn::Macro) -> Vec<String> {
    let text = item.tokens.to_string();
    let words: Vec<&str> = text.split_whitespace().collect();
    let named = words.windows(2).filter(|pair| ["struct", "const"].contains(&pair[0]));
    let names: Vec<String> = named.map(|pair| pair[1].trim_end_matches(':').to_owned()).collect();
    if text.contains("struct ") { vec![format!("flags {names:?}")] } else { Vec::new() }
}

/// Name, types of parameters, and result.
fn signature(sig: &Signature, path: &[String]) -> String {
    let inputs = sig.inputs.iter().map(|input| match input {
        FnArg::Receiver(receiver) => text(receiver, path),
        FnArg::Typed(input) => text(&input.ty, path),
    });
    let inputs = inputs.collect::<Vec<_>>().join(", ");
    let output = match &sig.output {
        ReturnType::Type(_, ty) if !matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()) => {
            text(ty, path)
        }
        _ => String::new(),
    };
    format!("fn {}{}({inputs}) {output}", sig.ident, text(&sig.generics.params, path))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc") && attribute.to_token_stream().to_string().contains("hidden")
    })
}

/// What is derived, besides `Debug`, which wit-bindgen writes out.
fn derives(attributes: &[Attribute]) -> BTreeSet<String> {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let derives: String = derives.map(|attribute| attribute.to_token_stream().to_string()).collect();
    let words = derives.split(|letter: char| !letter.is_alphanumeric());
    let known = ["Clone", "Copy", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    words.filter(|word| known.contains(word)).map(str::to_owned).collect()
}

/// Tokens without spaces, with paths from the root and without those of the support code.
fn text(tokens: impl ToTokens, path: &[String]) -> String {
    let mut text = tokens.to_token_stream().to_string().replace(' ', "").replace("::<", "<");
    let prefixes = ["_rt::", "wit_bindgen::rt::", "::core::option::", "::core::result::"];
    for prefix in prefixes {
        text = text.replace(prefix, "");
    }
    while let Some(start) = text.find("super::") {
        let mut rest = &text[start..];
        let mut up = 0;
        while let Some(shorter) = rest.strip_prefix("super::") {
            rest = shorter;
            up += 1;
        }
        let above: String =
            path[..path.len().saturating_sub(up)].iter().map(|name| format!("{name}::")).collect();
        text = format!("{}crate::{above}{rest}", &text[..start]);
    }
    text.replace(",)", ")").replace(",>", ">").replace("::core::", "core::")
}
