//! Every world that bindings are made for: those of the repository, of WASI, and of the corpus beside the repository.
//!
//! The lint tests of all backends include this file.
#![allow(dead_code, clippy::panic, reason = "tests look at a part of a world, and fail by panicking")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use witgen_diag::Id;
use witgen_ir::{Options, World, load};

/// A world, and where it comes from.
pub struct Source {
    /// Where it comes from and what it is called, in lower case and with underscores.
    pub name: String,
    /// The world.
    pub world: World,
    /// The WIT, where it is one file or directory that needs no other.
    pub input: Option<PathBuf>,
}

/// Worlds of WASI that come with witgen and have nothing asynchronous.
const WASI: [&str; 5] = [
    "wasi:cli/command@0.2.12",
    "wasi:http/proxy@0.2.12",
    "wasi:clocks/imports@0.2.12",
    "wasi:filesystem/imports@0.2.12",
    "wasi:sockets/imports@0.2.12",
];

const TESTEES: &str = "witgen:testees/";

/// Worlds of packages inside of files, which only their full names select.
const NESTED: [(&str, &str); 1] = [("names-stability.wit", "witgen:names-stability/names-stability-world")];

/// The worlds, in a fixed order; `own` is the folder with those of one language, below the root of the repository.
///
/// They are read once for all tests of a language.
pub fn every_world(own: &str) -> &'static [Source] {
    static WORLDS: OnceLock<Vec<Source>> = OnceLock::new();
    WORLDS.get_or_init(|| read(own))
}

fn read(own: &str) -> Vec<Source> {
    let mut found = Vec::new();
    for dir in ["hello", "string-operations", "len", "process-data", "logger"] {
        add(&mut found, "example", &[root().join("examples").join(dir).join("wit")]);
    }
    add(&mut found, "example", &[root().join("conformance/wit")]);
    add(&mut found, "testees", &["conformance/testees/wit", "conformance/wit"].map(|path| root().join(path)));
    // The others were there before.
    found.retain(|source| {
        !source.name.starts_with("testees_") || source.world.qualified_name().starts_with(TESTEES)
    });
    for path in entries(&root().join(own)) {
        add(&mut found, "own", &[path]);
    }
    let corpus = root().join("../shared/corpus/wit");
    if corpus.is_dir() {
        entries(&corpus).into_iter().for_each(|path| add(&mut found, "corpus", &[path]));
    }
    for name in WASI {
        let options = Options { world: Some(name.to_owned()), ..Options::default() };
        let world = load(&[], &options).unwrap_or_else(|found| panic!("{name}: {found:?}"));
        found.push(Source { name: identifier(name), world, input: None });
    }
    for world in worlds(&[root().join("conformance/worlds/wasi-sync.wit")]) {
        found.push(Source { name: identifier(&world.name), world, input: None });
    }
    for (file, name) in NESTED {
        let world = load_world(&[root().join("conformance/wit").join(file)], name);
        found.push(Source { name: identifier(&world.name), world, input: None });
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files and packages directly in `dir`, in the order of their names.
fn entries(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|reason| panic!("{}: {reason}", dir.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().map(|path| if path.join("wit").is_dir() { path.join("wit") } else { path }).collect()
}

fn add(found: &mut Vec<Source>, group: &str, inputs: &[PathBuf]) {
    let stem = inputs[0].strip_prefix(root()).unwrap_or(&inputs[0]).with_extension("");
    let stem = stem.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for world in worlds(inputs) {
        let name = identifier(&format!("{group}_{stem}_{}", world.name));
        let input = if let [input] = inputs { Some(input.clone()) } else { None };
        found.push(Source { name, world, input });
    }
}

fn identifier(text: &str) -> String {
    text.replace(|character: char| !character.is_ascii_alphanumeric(), "_").to_lowercase()
}

/// All worlds of the packages that are given.
fn worlds(inputs: &[PathBuf]) -> Vec<World> {
    let options = Options { all_features: true, ..Options::default() };
    let findings = match load(inputs, &options) {
        Ok(world) => return vec![world],
        Err(findings) => findings,
    };
    let several = findings.iter().find(|finding| finding.id == Id::AmbiguousWorld);
    let several = several.unwrap_or_else(|| panic!("{inputs:?}: {}", findings[0].message));
    let helps = several.helps.iter().flat_map(|help| help.split('`'));
    let names = helps.filter_map(|word| word.strip_prefix("-w "));
    names.map(|name| load_world(inputs, name)).collect()
}

fn load_world(inputs: &[PathBuf], name: &str) -> World {
    let options = Options { world: Some(name.to_owned()), all_features: true, ..Options::default() };
    load(inputs, &options).unwrap_or_else(|found| panic!("{name}: {}", found[0].message))
}
