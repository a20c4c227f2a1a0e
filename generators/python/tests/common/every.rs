//! Every world that bindings are made for: those of the repository, of WASI, and of the corpus beside the repository.

use std::path::{Path, PathBuf};

use witgen_diag::Id;
use witgen_ir::{Options, World, load};

use super::root;

/// Worlds of WASI that come with witgen.
const WASI: [&str; 6] = [
    "wasi:cli/command@0.2.12",
    "wasi:http/proxy@0.2.12",
    "wasi:filesystem/imports@0.2.12",
    "wasi:sockets/imports@0.2.12",
    "wasi:clocks/imports@0.3.2",
    "wasi:random/imports@0.3.2",
];

/// The worlds by a name for their package, in a fixed order.
pub fn every_world() -> Vec<(String, World)> {
    let mut found = Vec::new();
    // These are all worlds of `conformance/wit`, too.
    let testees = ["conformance/testees/wit", "conformance/wit"].map(|path| root().join(path));
    add(&mut found, "testees", &testees);
    for path in entries(&root().join("generators/python/tests/wit")) {
        add(&mut found, "own", &[path]);
    }
    let corpus = root().join("../shared/corpus/wit");
    if corpus.is_dir() {
        for path in entries(&corpus) {
            add(&mut found, "corpus", &[path]);
        }
    }
    for name in WASI {
        let options = Options { world: Some(name.to_owned()), ..Options::default() };
        found.push((package(name), load(&[], &options).unwrap()));
    }
    found
}

/// Files and packages directly in `dir`, in the order of their names.
fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let package = |path: PathBuf| if path.join("wit").is_dir() { path.join("wit") } else { path };
    paths.into_iter().map(package).collect()
}

fn add(found: &mut Vec<(String, World)>, group: &str, inputs: &[PathBuf]) {
    let stem = inputs[0].file_stem().unwrap().to_string_lossy().into_owned();
    for (name, world) in worlds(inputs) {
        found.push((package(&format!("{group}_{stem}_{name}")), world));
    }
}

/// The worlds of what is given, each by the name that selects it.
fn worlds(inputs: &[PathBuf]) -> Vec<(String, World)> {
    let options = Options { all_features: true, ..Options::default() };
    let findings = match load(inputs, &options) {
        Ok(world) => return vec![(world.name.clone(), world)],
        Err(findings) => findings,
    };
    let several = findings.iter().find(|finding| finding.id == Id::AmbiguousWorld);
    assert!(several.is_some(), "{inputs:?}: {findings:?}");
    let names = several.unwrap().helps.iter().flat_map(|help| help.split('`'));
    let names: Vec<&str> = names.filter_map(|word| word.strip_prefix("-w ")).collect();
    let load = |name: &&str| {
        let options = Options { world: Some((*name).to_owned()), ..options.clone() };
        ((*name).to_owned(), load(inputs, &options).unwrap())
    };
    names.iter().map(load).collect()
}

fn package(name: &str) -> String {
    name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_").to_lowercase()
}
