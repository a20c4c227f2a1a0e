//! Worlds that the tests render.
#![allow(dead_code, reason = "each test uses a part of it")]

#[path = "../../../../conformance/worlds/every.rs"]
pub mod every;
#[path = "../../../../conformance/worlds/passed.rs"]
pub mod passed;

use std::path::PathBuf;

use witgen_emit::FileSet;
use witgen_rust::{GuestOptions, guest};

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The worlds of the examples, by path and name.
pub const EXAMPLES: [(&str, &str); 8] = [
    ("examples/hello/wit", "hello"),
    ("examples/string-operations/wit", "provider"),
    ("examples/string-operations/wit", "consumer"),
    ("examples/len/wit", "len-provider"),
    ("examples/process-data/wit", "process-data"),
    ("examples/logger/wit", "my-app"),
    ("examples/logger/wit", "my-logger"),
    ("generators/rust/tests/wit/everything.wit", "everything"),
];

/// Worlds with one construct each, and awkward ones.
pub const CONSTRUCTS: [(&str, &str); 17] = [
    ("conformance/wit", "drawers-world"),
    ("conformance/wit", "maps-world"),
    ("conformance/wit", "params-world"),
    ("conformance/wit", "store-world"),
    ("conformance/wit", "store-users-world"),
    ("generators/rust/tests/compat/wit/values.wit", "values"),
    ("conformance/wit/enums.wit", "enums-world"),
    ("conformance/wit/flags.wit", "flags-world"),
    ("conformance/wit/lists.wit", "lists-world"),
    ("conformance/wit/options.wit", "options-world"),
    ("conformance/wit/records.wit", "records-world"),
    ("conformance/wit/results.wit", "results-world"),
    ("conformance/wit/scalars.wit", "scalars-world"),
    ("conformance/wit/tuples.wit", "tuples-world"),
    ("conformance/wit/variants.wit", "variants-world"),
    ("generators/rust/tests/wit/everything.wit", "borrower"),
    ("generators/rust/tests/wit/awkward.wit", "awkward"),
];

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
pub fn testee_world(name: &str) -> witgen_ir::World {
    let inputs = ["conformance/testees/wit", "conformance/wit"].map(|path| root().join(path));
    let options =
        witgen_ir::Options { world: Some(format!("witgen:testees/{name}")), ..witgen_ir::Options::default() };
    witgen_ir::load(&inputs, &options).unwrap_or_else(|found| panic!("{name}: {}", found[0].message))
}

/// Worlds of Rust alone.
pub const OWN: &str = "generators/rust/tests/wit";

/// The bindings of a world.
pub fn render(path: &str, world: &str, options: &GuestOptions) -> FileSet {
    let input = root().join(path);
    let load = witgen_ir::Options { world: Some(world.to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[input], &load).unwrap_or_else(|found| panic!("{path}: {found:?}"));
    guest(&world, options).unwrap_or_else(|found| panic!("{path}: {found:?}"))
}

/// The only file of a set.
pub fn only_file(files: &FileSet) -> (String, String) {
    let mut files = files.iter();
    let (name, content) = files.next().unwrap_or_else(|| panic!("there is no file"));
    assert!(files.next().is_none(), "there is more than one file");
    (name.to_owned(), String::from_utf8_lossy(content).into_owned())
}
