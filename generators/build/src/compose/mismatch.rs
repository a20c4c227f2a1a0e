//! Two components that disagree about an interface, with both of their types as WIT.

use std::collections::BTreeSet;
use std::path::Path;

use wit_component::DecodedWasm;
use wit_parser::{InterfaceId, Resolve, WorldItem, WorldKey};
use witgen_diag::{Diagnostic, Id};

use super::plan::shown;
use super::wit_text::{function, type_definition};

/// One side of a disagreement.
pub(super) struct Party<'a> {
    pub(super) path: &'a Path,
    pub(super) bytes: &'a [u8],
    /// The name of the import or export.
    pub(super) name: &'a str,
}

/// An import that the export of the same name does not satisfy.
pub(super) fn between_import_and_export(
    importer: &Party<'_>,
    exporter: &Party<'_>,
    reason: &str,
) -> Diagnostic {
    let message = format!(
        "`{}` of {} does not fit what {} imports",
        exporter.name,
        shown(exporter.path),
        shown(importer.path)
    );
    let texts = (Shape::of(importer, Side::Import), Shape::of(exporter, Side::Export));
    let diagnostic = Diagnostic::error(Id::ComposeMismatch, message).in_path(importer.path);
    compare(diagnostic, (importer, "imports"), (exporter, "exports"), texts, reason)
}

/// Two imports that cannot become one.
pub(super) fn between_imports(first: &Party<'_>, second: &Party<'_>, reason: &str) -> Diagnostic {
    let message = format!(
        "{} and {} import `{}` with different types",
        shown(first.path),
        shown(second.path),
        second.name
    );
    let texts = (Shape::of(first, Side::Import), Shape::of(second, Side::Import));
    let diagnostic = Diagnostic::error(Id::ComposeMismatch, message).in_path(second.path);
    compare(diagnostic, (first, "imports"), (second, "imports"), texts, reason)
}

#[derive(Clone, Copy)]
enum Side {
    Import,
    Export,
}

/// The declarations of one interface or function, each with its name.
struct Shape(Vec<(String, String)>);

impl Shape {
    fn of(party: &Party<'_>, side: Side) -> Option<Self> {
        let Ok(DecodedWasm::Component(resolve, world)) = wit_component::decode(party.bytes) else {
            return None;
        };
        let world = &resolve.worlds[world];
        let items = match side {
            Side::Import => &world.imports,
            Side::Export => &world.exports,
        };
        let (_, item) = items.iter().find(|(key, _)| is_called(&resolve, key, party.name))?;
        match item {
            WorldItem::Interface { id, .. } => Some(Self::of_interface(&resolve, *id)),
            WorldItem::Function(func) => Some(Self(vec![(func.name.clone(), function(&resolve, func))])),
            WorldItem::Type { .. } => None,
        }
    }

    fn of_interface(resolve: &Resolve, id: InterfaceId) -> Self {
        let interface = &resolve.interfaces[id];
        let types = interface.types.iter().map(|(name, id)| (name.clone(), type_definition(resolve, *id)));
        let functions =
            interface.functions.iter().map(|(name, func)| (name.clone(), function(resolve, func)));
        Self(types.chain(functions).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, text)| text.as_str())
    }
}

fn is_called(resolve: &Resolve, key: &WorldKey, name: &str) -> bool {
    resolve.name_world_key(key) == name
}

/// Shows each declaration of `left` that `right` has differently or not at all.
fn compare(
    mut diagnostic: Diagnostic,
    left: (&Party<'_>, &str),
    right: (&Party<'_>, &str),
    texts: (Option<Shape>, Option<Shape>),
    reason: &str,
) -> Diagnostic {
    let (Some(left_shape), Some(right_shape)) = texts else {
        return diagnostic.note(reason.to_owned());
    };
    let says = |(party, verb): (&Party<'_>, &str), text: Option<&str>| match text {
        Some(text) => format!("{} {verb} {}", shown(party.path), indented(text)),
        None => format!("{} {verb} no such thing", shown(party.path)),
    };
    let names: BTreeSet<&String> = left_shape.0.iter().map(|(name, _)| name).collect();
    let mut different = false;
    for name in names {
        let (wanted, given) = (left_shape.get(name), right_shape.get(name));
        if wanted == given {
            continue;
        }
        different = true;
        let place = if name == left.0.name { String::new() } else { format!(" in `{}`", left.0.name) };
        diagnostic = diagnostic.note(format!(
            "`{name}`{place} differs:\n{}\n{}",
            says(left, wanted),
            says(right, given)
        ));
    }
    if different { diagnostic } else { diagnostic.note(reason.to_owned()) }
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}
