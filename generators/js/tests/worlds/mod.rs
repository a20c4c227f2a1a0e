//! The worlds that the tests render.

use std::path::{Path, PathBuf};

use witgen_emit::FileSet;
use witgen_ir::{Options, load};
use witgen_js::GuestOptions;

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
const TOGETHER: [(&[&str], &str); 6] = [
    (&["conformance/wit"], "params-world"),
    (&["conformance/wit"], "store-world"),
    (&["conformance/wit"], "store-users-world"),
    (&["conformance/wit"], "drawers-world"),
    (&["conformance/testees/wit", "conformance/wit"], "witgen:testees/provider"),
    (&["generators/js/tests/wit/docs.wit"], "desk"),
];

/// The bindings of a world.
pub fn render(wit: &str, world: &str) -> FileSet {
    render_all(&[wit], world)
}

/// The bindings of a world of several packages.
pub fn render_all(wit: &[&str], world: &str) -> FileSet {
    let options = Options { world: Some(world.to_owned()), all_features: true, ..Options::default() };
    let inputs: Vec<PathBuf> = wit.iter().map(|wit| root().join(wit)).collect();
    let world = load(&inputs, &options).unwrap();
    witgen_js::guest(&world, &GuestOptions::default()).unwrap()
}

/// The bindings of all worlds by name.
pub fn all() -> Vec<(String, FileSet)> {
    let examples = EXAMPLES.iter().map(|(name, wit, world)| ((*name).to_owned(), render(wit, world)));
    let constructs = CONSTRUCTS.iter().map(|name| {
        let files = render(&format!("conformance/wit/{name}.wit"), &format!("{name}-world"));
        (format!("{name}-world"), files)
    });
    let together =
        TOGETHER.iter().map(|(wit, world)| (world.replace([':', '/'], "-"), render_all(wit, world)));
    examples
        .chain(constructs)
        .chain(together)
        .chain([("torture".to_owned(), render("generators/js/tests/wit/torture.wit", "torture"))])
        .collect()
}
