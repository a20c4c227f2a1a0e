//! Picks the world.

use wit_parser::{ParsedUsePath, WorldId, parse_use_path};
use witgen_diag::{Diagnostic, Id};

use crate::resolve::Resolved;

/// The world called `name`, or the only one.
pub(crate) fn select(resolved: &Resolved, name: Option<&str>) -> witgen_diag::Result<WorldId> {
    match name {
        Some(name) => by_name(resolved, name),
        None => only(resolved),
    }
}

fn only(resolved: &Resolved) -> witgen_diag::Result<WorldId> {
    if let Some(world) = resolved.component_world {
        return Ok(world);
    }
    let worlds = candidates(resolved);
    match worlds.as_slice() {
        [] => Err(Diagnostic::error(Id::UnknownWorld, "the WIT has no world")
            .note("bindings are made for a world: the list of what a component imports and exports")
            .help("add one, for instance `world my-world { export my-interface; }`")
            .into()),
        [(_, world)] => Ok(*world),
        several => {
            let mut diagnostic = Diagnostic::error(Id::AmbiguousWorld, "there are several worlds");
            for (_, world) in several {
                if let Some(span) = resolved.sources.span(resolved.resolve.worlds[*world].span) {
                    diagnostic = match diagnostic.primary {
                        None => diagnostic.at(span, ""),
                        Some(_) => diagnostic.also(span, ""),
                    };
                }
            }
            let names: Vec<String> = several.iter().map(|(name, _)| format!("`-w {name}`")).collect();
            Err(diagnostic.help(format!("choose one: {}", names.join(", "))).into())
        }
    }
}

fn by_name(resolved: &Resolved, name: &str) -> witgen_diag::Result<WorldId> {
    let parsed = parse_use_path(name).map_err(|reason| {
        Diagnostic::error(Id::UnknownWorld, format!("`{name}` is no name of a world"))
            .note(format!("{reason:#}"))
            .help("write `my-world` or `my:package/my-world@1.0.0`")
    })?;
    let resolve = &resolved.resolve;
    let found: Vec<WorldId> = match &parsed {
        ParsedUsePath::Name(name) => resolved
            .main
            .iter()
            .filter_map(|package| resolve.packages[*package].worlds.get(name).copied())
            .collect(),
        ParsedUsePath::Package(package, world) => resolve
            .package_names
            .iter()
            .filter(|(known, _)| {
                known.namespace == package.namespace
                    && known.name == package.name
                    && (package.version.is_none() || known.version == package.version)
            })
            .filter_map(|(_, id)| resolve.packages[*id].worlds.get(world).copied())
            .collect(),
    };
    match found.as_slice() {
        [world] => Ok(*world),
        [] => {
            let worlds = candidates(resolved);
            let names = worlds.iter().map(|(name, _)| name.as_str());
            let diagnostic = Diagnostic::error(Id::UnknownWorld, format!("there is no world `{name}`"))
                .suggest(name, names);
            if !diagnostic.helps.is_empty() || worlds.is_empty() {
                return Err(diagnostic.into());
            }
            let all: Vec<String> = worlds.iter().take(3).map(|(name, _)| format!("`{name}`")).collect();
            Err(diagnostic.help(format!("the worlds are {}", all.join(", "))).into())
        }
        several => {
            let names: Vec<String> =
                several.iter().map(|world| format!("`-w {}`", qualified(resolved, *world))).collect();
            Err(Diagnostic::error(Id::AmbiguousWorld, format!("several packages have a world `{name}`"))
                .help(format!("choose one: {}", names.join(", ")))
                .into())
        }
    }
}

/// The worlds of the given packages under the shortest name that chooses them.
fn candidates(resolved: &Resolved) -> Vec<(String, WorldId)> {
    let several_packages = resolved.main.len() > 1;
    let worlds = resolved.main.iter().flat_map(|package| resolved.resolve.packages[*package].worlds.iter());
    worlds
        .map(|(name, world)| {
            let name = if several_packages { qualified(resolved, *world) } else { name.clone() };
            (name, *world)
        })
        .collect()
}

fn qualified(resolved: &Resolved, world: WorldId) -> String {
    let world = &resolved.resolve.worlds[world];
    match world.package {
        Some(package) => resolved.resolve.id_of_name(package, &world.name),
        None => world.name.clone(),
    }
}
