//! The worlds that the tests render.

use std::path::{Path, PathBuf};

use witgen_emit::FileSet;
use witgen_ir::{Options, World, load};
use witgen_js::{GuestOptions, HostOptions};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The worlds of the examples: name, WIT and world.
pub const EXAMPLES: [(&str, &str, &str); 7] = [
    ("hello", "examples/hello/wit", "hello"),
    ("provider", "examples/string-operations/wit", "provider"),
    ("consumer", "examples/string-operations/wit", "consumer"),
    ("len-provider", "examples/len/wit", "len-provider"),
    ("process-data", "examples/process-data/wit", "process-data"),
    ("my-app", "examples/logger/wit", "my-app"),
    ("my-logger", "examples/logger/wit", "my-logger"),
];

/// The worlds with one construct each that this backend supports.
pub const CONSTRUCTS: [&str; 11] = [
    "enums",
    "flags",
    "lists",
    "maps",
    "options",
    "records",
    "resources",
    "results",
    "scalars",
    "tuples",
    "variants",
];

/// Worlds that use several files: packages and world.
const TOGETHER: [(&[&str], &str); 7] = [
    (&["conformance/wit"], "params-world"),
    (&["conformance/wit"], "store-world"),
    (&["conformance/wit"], "store-users-world"),
    (&["conformance/wit"], "drawers-world"),
    (&["conformance/testees/wit", "conformance/wit"], "witgen:testees/provider"),
    (&["generators/js/tests/wit/docs.wit"], "desk"),
    (&["conformance/wit/names-stability.wit"], "witgen:names-stability/names-stability-world"),
];

/// Which bindings to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Of a component.
    Guest,
    /// Of a program that runs components.
    Host,
    /// The same in TypeScript.
    TypedHost,
}

/// The guest bindings of a world of several packages.
#[allow(dead_code, reason = "not every test needs it")]
pub fn render_all(wit: &[&str], world: &str) -> FileSet {
    render(wit, world, Side::Guest)
}

/// The bindings of a world of several packages.
pub fn render(wit: &[&str], world: &str, side: Side) -> FileSet {
    let world = load_world(wit, world);
    match side {
        Side::Guest => witgen_js::guest(&world, &GuestOptions::default()),
        Side::Host => witgen_js::host(&world, &HostOptions::default()),
        Side::TypedHost => {
            witgen_js::host(&world, &HostOptions { typescript: true, ..HostOptions::default() })
        }
    }
    .unwrap()
}

/// A world with all of its features.
#[allow(dead_code, reason = "not every test needs it")]
pub fn load_world(wit: &[&str], world: &str) -> World {
    let options = Options { world: Some(world.to_owned()), all_features: true, ..Options::default() };
    let inputs: Vec<PathBuf> = wit.iter().map(|wit| root().join(wit)).collect();
    load(&inputs, &options).unwrap()
}

/// The guest bindings of all worlds by name.
#[allow(dead_code, reason = "not every test needs it")]
pub fn all() -> Vec<(String, FileSet)> {
    each(Side::Guest)
}

/// The host bindings of all worlds by name.
#[allow(dead_code, reason = "not every test needs it")]
pub fn hosts() -> Vec<(String, FileSet)> {
    each(Side::Host)
}

/// The host bindings of all worlds in TypeScript by name.
#[allow(dead_code, reason = "not every test needs it")]
pub fn typed_hosts() -> Vec<(String, FileSet)> {
    each(Side::TypedHost)
}

fn each(side: Side) -> Vec<(String, FileSet)> {
    let examples =
        EXAMPLES.iter().map(|(name, wit, world)| ((*name).to_owned(), render(&[wit], world, side)));
    let constructs = CONSTRUCTS.iter().map(|name| {
        let wit = format!("conformance/wit/{name}.wit");
        let world = format!("{name}-world");
        let files = render(&[&wit], &world, side);
        (world, files)
    });
    let together =
        TOGETHER.iter().map(|(wit, world)| (world.replace([':', '/'], "-"), render(wit, world, side)));
    let torture = render(&["generators/js/tests/wit/torture.wit"], "torture", side);
    examples.chain(constructs).chain(together).chain([("torture".to_owned(), torture)]).collect()
}
