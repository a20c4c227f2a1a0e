//! The core functions that every resource has.

use witgen_ir::{Direction, Owner, TypeDef};
use witgen_templates::go::{RawExportView, RawImportView};

use crate::names::Names;

/// What the component imports for a resource: dropping a handle and, for its own resources, making one and
/// looking at what it stands for.
pub(crate) fn functions(names: &Names<'_>, resource: &TypeDef) -> witgen_diag::Result<Vec<RawImportView>> {
    let (_, direction) = names.resource(resource.id)?;
    let name = &names.type_names(resource.id)?.name;
    let wit = resource.name.as_deref().unwrap_or_default();
    let key = key(names, resource);
    let (module, kinds): (String, &[(&str, &str)]) = match direction {
        Direction::Import => (key, &[("drop", "")]),
        Direction::Export => {
            (format!("[export]{key}"), &[("drop", ""), ("new", " uint32"), ("rep", " uint32")])
        }
    };
    let function = |(kind, result): &(&str, &str)| RawImportView {
        module: module.clone(),
        symbol: format!("[resource-{kind}]{wit}"),
        name: format!("{kind}{name}"),
        params: "arg0 uint32".to_owned(),
        result: (*result).to_owned(),
    };
    Ok(kinds.iter().map(function).collect())
}

/// What the component exports for a resource of its own: the destructor.
pub(crate) fn destructor(
    names: &Names<'_>,
    resource: &TypeDef,
) -> witgen_diag::Result<Option<RawExportView>> {
    let (_, direction) = names.resource(resource.id)?;
    let wit = resource.name.as_deref().unwrap_or_default();
    Ok(match direction {
        Direction::Import => None,
        Direction::Export => Some(RawExportView {
            symbol: format!("{}#[dtor]{wit}", key(names, resource)),
            resource: names.type_names(resource.id)?.name.clone(),
        }),
    })
}

fn key(names: &Names<'_>, resource: &TypeDef) -> String {
    match resource.owner {
        Owner::Interface(id) => names.world.interface(id).key.clone(),
        Owner::World | Owner::None => "$root".to_owned(),
    }
}
