//! Every world that there is to render: those of the repository, WASI, and the corpus beside the repository.

use std::path::{Path, PathBuf};

use witgen_diag::Id;
use witgen_ir::{Options, World, load};

pub use super::root;

/// The guests of the end-to-end tests that are written in Rust.
pub const TESTEES: [&str; 10] = [
    "provider",
    "caller",
    "visitor",
    "middle",
    "relay",
    "map-provider",
    "map-caller",
    "drawers-provider",
    "drawers-caller",
    "soak",
];

/// The world of one of them.
pub fn testee_world(name: &str) -> World {
    let inputs = ["conformance/testees/wit", "conformance/wit"].map(|path| root().join(path));
    let options = Options { world: Some(format!("witgen:testees/{name}")), ..Options::default() };
    load(&inputs, &options).unwrap_or_else(|found| panic!("{name}: {}", found[0].message))
}

/// A world, and where it comes from.
pub struct Source {
    /// Where it comes from and what it is called, as a Rust identifier.
    pub name: String,
    pub world: World,
    /// The WIT, where it is one file or directory.
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

/// The worlds, in a fixed order.
pub fn every_world() -> Vec<Source> {
    let mut found = Vec::new();
    for dir in ["examples/hello/wit", "examples/string-operations/wit", "examples/len/wit"] {
        add(&mut found, "example", &[dir]);
    }
    for dir in ["examples/process-data/wit", "examples/logger/wit", "conformance/wit"] {
        add(&mut found, "example", &[dir]);
    }
    add(&mut found, "testees", &["conformance/testees/wit", "conformance/wit"]);
    for path in inputs(&root().join("generators/rust/tests/wit")) {
        add(&mut found, "own", &[&path]);
    }
    let corpus = root().join("../shared/corpus/wit");
    if corpus.is_dir() {
        inputs(&corpus).iter().for_each(|path| add(&mut found, "corpus", &[path]));
    }
    for name in WASI {
        let options = Options { world: Some(name.to_owned()), ..Options::default() };
        found.push(Source {
            name: identifier(name),
            world: load(&[], &options).unwrap_or_else(|found| panic!("{name}: {found:?}")),
            input: None,
        });
    }
    found
}

/// Files and packages directly in `dir`, in the order of their names.
fn inputs(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|reason| panic!("{}: {reason}", dir.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().map(|path| if path.join("wit").is_dir() { path.join("wit") } else { path }).collect()
}

fn add(found: &mut Vec<Source>, group: &str, inputs: &[impl AsRef<Path>]) {
    let inputs: Vec<PathBuf> = inputs.iter().map(|input| root().join(input)).collect();
    let stem = inputs[0].strip_prefix(root()).unwrap_or(&inputs[0]).with_extension("");
    let stem = stem.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for world in worlds(&inputs) {
        let name = identifier(&format!("{group}_{stem}_{}", world.name));
        let input = if let [input] = inputs.as_slice() { Some(input.clone()) } else { None };
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
    names
        .map(|name| {
            let options = Options { world: Some(name.to_owned()), ..options.clone() };
            load(inputs, &options).unwrap_or_else(|found| panic!("{name}: {}", found[0].message))
        })
        .collect()
}
