//! The files of every example world and of worlds for each construct.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{examples, render_file, render_files};

/// Everything that differs from world to world, one file after the other.
fn printed(path: &str, world: Option<&str>) -> String {
    let files = render_file(path, world).unwrap();
    let own = files.iter().filter(|(name, _)| !name.starts_with("_witgen/") && *name != "py.typed");
    own.map(|(name, text)| format!("=== {name}\n{}\n", std::str::from_utf8(text).unwrap())).collect()
}

#[test]
fn example_worlds_are_as_reviewed() {
    // No Python component provides the logger, its bindings count all the same.
    for (path, world) in examples().chain([("examples/logger/wit", "my-logger")]) {
        insta::assert_snapshot!(world, printed(path, Some(world)));
    }
}

#[test]
fn constructs_are_as_reviewed() {
    for name in
        ["enums", "flags", "lists", "maps", "options", "records", "results", "scalars", "tuples", "variants"]
    {
        insta::assert_snapshot!(name, printed(&format!("conformance/wit/{name}.wit"), None));
    }
}

#[test]
fn stability_is_as_reviewed() {
    let world = Some("witgen:names-stability/names-stability-world");
    insta::assert_snapshot!("stability", printed("conformance/wit/names-stability.wit", world));
}

#[test]
fn resources_are_as_reviewed() {
    insta::assert_snapshot!("store", printed("conformance/wit/store.wit", Some("store-world")));
    insta::assert_snapshot!("store-users", printed("conformance/wit/store.wit", Some("store-users-world")));
}

#[test]
fn testees_are_as_reviewed() {
    // Parameters, types of other interfaces under other names, inline interfaces, versions.
    let paths = ["conformance/testees/wit", "conformance/wit"];
    for world in ["provider", "caller"] {
        let files = render_files(&paths, &format!("witgen:testees/{world}")).unwrap();
        let reviewed =
            ["__init__.py", "_world.py", "params.py", "shared_1_0_0.py", "exports/shared_2_0_0.py"];
        let own = files.iter().filter(|(name, _)| reviewed.contains(name) || name.ends_with("inline.py"));
        let text: String =
            own.map(|(name, text)| format!("=== {name}\n{}\n", std::str::from_utf8(text).unwrap())).collect();
        insta::assert_snapshot!(format!("testee-{world}"), text);
    }
}

#[test]
fn awkward_names_are_as_reviewed() {
    insta::assert_snapshot!("awkward", printed("generators/python/tests/wit/awkward.wit", None));
}

#[test]
fn support_code_is_in_the_package_or_imported_by_it() {
    let embedded = common::render_text("package a:b; world w {}", witgen_backend::Runtime::Embed).unwrap();
    assert!(embedded.get("_witgen/checks.py").is_some() && embedded.get("_witgen.py").is_none());
    let packaged = common::render_text("package a:b; world w {}", witgen_backend::Runtime::Package).unwrap();
    assert!(packaged.get("_witgen/checks.py").is_none());
    let text = std::str::from_utf8(packaged.get("_witgen.py").unwrap()).unwrap();
    assert!(text.contains("from witgen_guest import"), "{text}");
}
