//! What the bindings look like.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::fmt::Write;

use common::{PROGRAMS, WORLDS, render};
use witgen_backend::Runtime;
use witgen_go::GuestOptions;

/// Everything but the support code, one file after the other.
fn check(name: &str, wit: &[&str], world: Option<&str>) {
    let files = render(wit, world, Some("example/bindings"));
    let mut text = String::new();
    for (path, content) in files.iter() {
        if path.ends_with("/bindings.go") || path.contains("bindings_") || path == "bindings.go" {
            writeln!(text, "==> {path} <==\n{}", str::from_utf8(content).unwrap()).unwrap();
        }
    }
    insta::assert_snapshot!(name, text);
}

#[test]
fn bindings_of_each_construct_are_as_reviewed() {
    for (name, wit, world) in WORLDS {
        check(name, wit, *world);
    }
}

#[test]
fn bindings_of_the_examples_are_as_reviewed() {
    for (dir, wit, world) in PROGRAMS.iter().filter(|(dir, ..)| dir.starts_with("examples/")) {
        check(&dir.trim_end_matches("/go").replace('/', "-"), wit, *world);
    }
}

#[test]
fn bindings_without_a_module_above_are_a_module() {
    let files = render(&["examples/hello/wit"], None, None);
    let found = files.iter().find(|(path, _)| *path == "go.mod").unwrap();
    assert_eq!(str::from_utf8(found.1).unwrap(), "module hello/bindings\n\ngo 1.25.0\n");
}

#[test]
fn package_mode_imports_the_published_support_code() {
    let path = common::repository().join("examples/hello/wit");
    let world = witgen_ir::load(&[path], &witgen_ir::Options::default()).unwrap();
    let options = GuestOptions { runtime: Runtime::Package, import_path: Some("a/b".to_owned()) };
    let files = witgen_go::guest(&world, &options).unwrap();
    let paths: Vec<&str> = files.iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["bindings.go", "bindings_wasm.go"]);
    let glue = files.iter().last().unwrap().1;
    assert!(str::from_utf8(glue).unwrap().contains("\"github.com/witgen/witgen/runtime-support/go/abi\""));
}

#[test]
fn denied_construct_is_a_diagnostic() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("w.wit");
    std::fs::write(&path, "package a:b; world w { import f: func(x: stream<u8>); }").unwrap();
    let world = witgen_ir::load(&[path], &witgen_ir::Options::default()).unwrap();
    let found = witgen_go::guest(&world, &GuestOptions::default()).unwrap_err();
    assert!(found[0].message.starts_with("Go guest bindings do not support `stream`"));
}
