//! What the bindings of hosts look like.

#![allow(clippy::unwrap_used, reason = "a test may fail, and says what it skips")]

mod worlds;

/// Snapshots hold what is generated; the support code is the same for every world.
fn is_generated(path: &str) -> bool {
    ["_witgen/host/", "_witgen/shared/", "_witgen/generics", "_witgen/runtime", "_witgen/errors", "wasi."]
        .iter()
        .all(|start| !path.starts_with(start))
}

#[test]
fn bindings_of_each_world_are_as_reviewed() {
    for (name, files) in worlds::hosts() {
        let mut text = String::new();
        for (path, content) in files.iter().filter(|(path, _)| is_generated(path)) {
            let content = std::str::from_utf8(content).unwrap();
            text.push_str(&format!("==> {path}\n{content}\n"));
        }
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn construct_that_the_table_denies_is_named() {
    let wit = worlds::root().join("generators/js/tests/wit/denied.wit");
    let options = witgen_ir::Options { world: Some("denied".to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[wit], &options).unwrap();
    let found = witgen_js::host(&world, &witgen_js::HostOptions::default()).unwrap_err();
    assert!(found.iter().all(|found| found.id == witgen_diag::Id::UnsupportedType));
    assert!(found[0].message.contains("lists of fixed length"), "{}", found[0].message);
}

#[test]
fn unchecked_bindings_say_so_to_the_runtime() {
    let options = witgen_ir::Options { world: Some("hello".to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[worlds::root().join("examples/hello/wit")], &options).unwrap();
    let options = witgen_js::HostOptions { unchecked: true, ..witgen_js::HostOptions::default() };
    let files = witgen_js::host(&world, &options).unwrap();
    let index = std::str::from_utf8(files.get("index.js").unwrap()).unwrap();
    assert!(index.contains("\n  unchecked: true,\n"), "{index}");
}

#[test]
fn package_runtime_imports_the_support_code() {
    let options = witgen_ir::Options { world: Some("hello".to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[worlds::root().join("examples/hello/wit")], &options).unwrap();
    let options = witgen_js::HostOptions {
        runtime: witgen_backend::Runtime::Package,
        ..witgen_js::HostOptions::default()
    };
    let files = witgen_js::host(&world, &options).unwrap();
    let runtime = std::str::from_utf8(files.get("_witgen/runtime.js").unwrap()).unwrap();
    assert!(runtime.contains("from \"witgen-runtime/host/bindings\""), "{runtime}");
    assert!(files.iter().all(|(path, _)| !path.starts_with("_witgen/host/")));
}
