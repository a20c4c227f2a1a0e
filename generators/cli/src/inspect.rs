//! `witgen inspect`.

use std::process::ExitCode;

use serde_json::json;
use witgen_grants::Need;
use witgen_ir::{Builtin, World, WorldItem};

use crate::args::{self, Format};
use crate::talk::Talk;

/// Prints the IR as JSON, what a component needs, or what comes with witgen.
pub(crate) fn inspect(args: &args::Inspect, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    if args.builtin {
        return talk.data(builtin(talk.format()).as_bytes());
    }
    let world = witgen_ir::load(&args.wit, &args.world.options())?;
    if args.needs {
        return talk.data(needs(&world, talk.format()).as_bytes());
    }
    let options = witgen_ir::InspectOptions { pass: args.pass.clone(), filter: args.filter.clone() };
    talk.data(witgen_ir::inspect(&world, &options)?.as_bytes())
}

/// The grants that a component of `world` can make use of.
fn needs(world: &World, format: Format) -> String {
    let interfaces = world.imports.iter().filter_map(|item| match item {
        WorldItem::Interface(id) => Some(world.interface(*id)),
        _ => None,
    });
    let imports: Vec<(String, Vec<String>)> = interfaces
        .map(|interface| {
            let functions = interface.functions.iter().map(|id| world.function(*id).wit_name.clone());
            (interface.key.clone(), functions.collect())
        })
        .collect();
    let needs =
        witgen_grants::needs(imports.iter().map(|(name, functions)| (name.as_str(), functions.as_slice())));
    match format {
        Format::Toml => Need::file(&needs),
        Format::Json => {
            let list: Vec<serde_json::Value> =
                needs.iter().map(|need| json!({ "grant": need.grant, "why": need.why })).collect();
            format!("{:#}\n", json!({ "version": 1, "needs": list }))
        }
        _ if needs.is_empty() => "no grants\n".to_owned(),
        _ => {
            let width = needs.iter().map(|need| need.grant.len()).max().unwrap_or_default();
            needs.iter().map(|need| format!("{:width$}  {}\n", need.grant, need.why)).collect()
        }
    }
}

/// The packages that come with witgen.
fn builtin(format: Format) -> String {
    let packages = witgen_ir::builtin_packages();
    if format == Format::Json {
        let versions = |one: &Builtin| -> Vec<_> {
            one.versions
                .iter()
                .map(|(oldest, newest)| json!({ "oldest": oldest, "newest": newest }))
                .collect()
        };
        let list: Vec<_> = packages
            .iter()
            .map(|one| json!({ "package": one.package, "versions": versions(one), "draft": one.draft }))
            .collect();
        return format!("{:#}\n", json!({ "version": 1, "packages": list }));
    }
    let width = packages.iter().map(|one| one.package.len()).max().unwrap_or_default();
    let versions = |one: &Builtin| {
        let mut all: Vec<String> = one
            .versions
            .iter()
            .map(|(oldest, newest)| match oldest == newest {
                true => oldest.clone(),
                false => format!("{oldest} to {newest}"),
            })
            .collect();
        all.extend(one.draft.then(|| "no version".to_owned()));
        all.join(", ")
    };
    packages.iter().map(|one| format!("{:width$}  {}\n", one.package, versions(one))).collect()
}
