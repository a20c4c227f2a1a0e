//! What the bindings look like.

#![allow(clippy::unwrap_used, reason = "a test may fail, and says what it skips")]

mod worlds;

/// Snapshots hold what is generated; the support code is the same for every world.
fn is_generated(path: &str) -> bool {
    !["_witgen/guest/", "_witgen/shared/", "_witgen/generics", "_witgen/runtime", "errors."]
        .iter()
        .any(|start| path.starts_with(start))
}

#[test]
fn bindings_of_each_world_are_as_reviewed() {
    for (name, files) in worlds::all() {
        let mut text = String::new();
        for (path, content) in files.iter().filter(|(path, _)| is_generated(path)) {
            let content = std::str::from_utf8(content).unwrap();
            text.push_str(&format!("==> {path}\n{content}\n"));
        }
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn stubs_are_as_reviewed() {
    let wit = worlds::root().join("conformance/worlds/shop.wit");
    let world = witgen_ir::load(&[wit], &witgen_ir::Options::default()).unwrap();
    let (_, text) = witgen_js::stubs("shop", &world).unwrap().pop().unwrap();
    insta::assert_snapshot!("stubs", text);
}

#[test]
fn construct_that_the_table_denies_is_named() {
    let wit = worlds::root().join("generators/js/tests/wit/denied.wit");
    let options = witgen_ir::Options { world: Some("denied".to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[wit], &options);
    let found = witgen_js::guest(&world.unwrap(), &witgen_js::GuestOptions::default()).unwrap_err();
    assert!(found.iter().all(|found| found.id == witgen_diag::Id::UnsupportedType));
    assert!(found[0].message.contains("lists of fixed length"), "{}", found[0].message);
}

#[test]
fn static_function_with_the_name_of_a_stand_in_is_refused_with_its_place() {
    let options = witgen_ir::Options { world: Some("statics".to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[worlds::root().join("generators/js/tests/wit/denied.wit")], &options);
    let found = witgen_js::guest(&world.unwrap(), &witgen_js::GuestOptions::default()).unwrap_err();
    let places: Vec<&str> = found.iter().map(|found| found.primary.as_ref().unwrap().span.text()).collect();
    assert_eq!(places, ["witgen-name"]);
    assert!(
        found[0].message.contains("static functions with the name `witgen-name`"),
        "{}",
        found[0].message
    );
}

#[test]
fn package_runtime_imports_the_support_code() {
    let options = witgen_ir::Options { world: Some("hello".to_owned()), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&[worlds::root().join("examples/hello/wit")], &options).unwrap();
    let options = witgen_js::GuestOptions { runtime: witgen_backend::Runtime::Package };
    let files = witgen_js::guest(&world, &options).unwrap();
    let runtime = std::str::from_utf8(files.get("_witgen/runtime.js").unwrap()).unwrap();
    assert!(runtime.contains("from \"witgen-runtime/guest\""), "{runtime}");
    assert!(files.iter().all(|(path, _)| !path.starts_with("_witgen/guest/")));
}
