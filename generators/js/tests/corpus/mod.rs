//! Every world that there is to render beside those of the snapshots.

use std::path::PathBuf;

use witgen_diag::Id;
use witgen_emit::FileSet;
use witgen_ir::{Options, World, load};
use witgen_js::{GuestOptions, HostOptions};

use crate::worlds::{Side, root};

/// Worlds of WASI that come with witgen.
const WASI: [&str; 2] = ["wasi:http/proxy@0.2.12", "wasi:cli/command@0.2.12"];

/// The bindings of everything else that there is to render, but for what the support table denies: the worlds of the
/// conformance tests, of WASI, and of the corpus beside the repository.
pub fn all(side: Side) -> Vec<(String, FileSet)> {
    let mut groups = vec![(vec![root().join("conformance/wit")], "conformance".to_owned())];
    for dir in ["generators/js/tests/wit", "../shared/corpus/wit"].map(|dir| root().join(dir)) {
        let entries = std::fs::read_dir(&dir).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let package = if path.join("wit").is_dir() { path.join("wit") } else { path };
            groups.push((vec![package], name));
        }
    }
    let mut found: Vec<(String, World)> = Vec::new();
    for (inputs, name) in groups {
        for world in every_world(&inputs) {
            found.push((format!("corpus/{name}/{}", world.name), world));
        }
    }
    for name in WASI {
        let options = Options { world: Some(name.to_owned()), ..Options::default() };
        found.push((format!("corpus/{}", name.replace([':', '/'], "-")), load(&[], &options).unwrap()));
    }
    found.into_iter().filter_map(|(name, world)| Some((name, supported(&world, side)?))).collect()
}

/// The worlds of the packages.
fn every_world(inputs: &[PathBuf]) -> Vec<World> {
    let options = Options { all_features: true, ..Options::default() };
    let findings = match load(inputs, &options) {
        Ok(world) => return vec![world],
        Err(findings) => findings,
    };
    let Some(several) = findings.iter().find(|finding| finding.id == Id::AmbiguousWorld) else {
        panic!("{inputs:?}: {findings:?}");
    };
    let words = several.helps.iter().flat_map(|help| help.split('`'));
    let names = words.filter_map(|word| word.strip_prefix("-w "));
    names
        .map(|name| load(inputs, &Options { world: Some(name.to_owned()), ..options.clone() }).unwrap())
        .collect()
}

fn supported(world: &World, side: Side) -> Option<FileSet> {
    let made = match side {
        Side::Guest => witgen_js::guest(world, &GuestOptions::default()),
        Side::Host => witgen_js::host(world, &HostOptions::default()),
    };
    match made {
        Ok(files) => Some(files),
        Err(findings) => {
            let is_denied = findings.iter().all(|finding| finding.id == Id::UnsupportedType);
            assert!(is_denied, "{}: {findings:?}", world.name);
            None
        }
    }
}
