//! What the bindings of hosts look like.

#![allow(clippy::unwrap_used, reason = "a test may fail, and says what it skips")]

mod worlds;

/// Snapshots hold what is generated; the support code is the same for every world.
fn is_generated(path: &str) -> bool {
    [
        "_witgen/host/",
        "_witgen/shared/",
        "_witgen/generics",
        "_witgen/runtime",
        "_witgen/errors",
        "node.",
        "wasi.",
    ]
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
fn unchecked_bindings_check_nothing_but_handles() {
    let checks = |wit: &str, world: &str, unchecked: bool| {
        let options = witgen_ir::Options { world: Some(world.to_owned()), ..witgen_ir::Options::default() };
        let world = witgen_ir::load(&[worlds::root().join(wit)], &options).unwrap();
        let options = witgen_js::HostOptions { unchecked, ..witgen_js::HostOptions::default() };
        let files = witgen_js::host(&world, &options).unwrap();
        let glue = std::str::from_utf8(files.get("_witgen/glue.js").unwrap()).unwrap().to_owned();
        glue.lines().filter(|line| line.starts_with("    check")).count()
    };
    assert_eq!(checks("examples/hello/wit", "hello", false), 1);
    assert_eq!(checks("examples/hello/wit", "hello", true), 0);
    assert!(checks("conformance/wit/resources.wit", "resources-world", true) > 0);
}

#[test]
fn names_of_parameters_hide_nothing_that_the_glue_needs() {
    let wit = "package a:b;
        interface i { resource counter { constructor(); } enum level { low, high } }
        world w {
            import i;
            use i.{counter, level};
            export take: func(counter: borrow<counter>, level-cases: level, check-level-list: list<level>);
        }";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.wit"), wit).unwrap();
    let world = witgen_ir::load(&[dir.path().join("a.wit")], &witgen_ir::Options::default()).unwrap();
    let files = witgen_js::host(&world, &witgen_js::HostOptions::default()).unwrap();
    let glue = std::str::from_utf8(files.get("_witgen/glue.js").unwrap()).unwrap();
    let take =
        glue.split("function take(func)").nth(1).and_then(|rest| rest.split("return (").nth(1)).unwrap();
    let params: Vec<&str> =
        take.split(')').next().unwrap().split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    assert_eq!(params.len(), 3);
    let constant = glue.lines().find(|line| line.ends_with("= new ResourceType(\"Counter\");")).unwrap();
    let cases = glue.lines().find(|line| line.ends_with("= [\"low\", \"high\"];")).unwrap();
    for text in [constant, cases] {
        let name = text.trim_start_matches("const ").split(' ').next().unwrap();
        assert!(!params.contains(&name), "{name} is a parameter as well:\n{glue}");
    }
}

#[test]
fn typescript_has_no_other_modules_than_those_of_the_support_code() {
    let world = worlds::load_world(&["conformance/wit/variants.wit"], "variants-world");
    let options = witgen_js::HostOptions { typescript: true, ..witgen_js::HostOptions::default() };
    let files = witgen_js::host(&world, &options).unwrap();
    let others: Vec<&str> =
        files.iter().map(|(path, _)| path).filter(|path| !path.starts_with("_witgen/")).collect();
    assert!(others.iter().all(|path| path.ends_with(".ts") && !path.ends_with(".d.ts")), "{others:?}");
    let text = |path: &str| std::str::from_utf8(files.get(path).unwrap()).unwrap().to_owned();
    let module = others.iter().find(|path| path.ends_with("/variants.ts")).unwrap();
    insta::assert_snapshot!("typescript", format!("{}\n{}", text("index.ts"), text(module)));
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
