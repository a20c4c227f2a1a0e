//! New projects for a world: what is left to write, and that it passes the tools of Python.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use common::every::{Source, every_world};
use common::{check_once, root, tool};
use witgen_backend::Runtime;
use witgen_emit::{Mode, emit};
use witgen_python::{GuestOptions, guest, stubs};

#[test]
fn stubs_are_as_reviewed() {
    let wit = root().join("conformance/worlds/shop.wit");
    let world = witgen_ir::load(&[wit], &witgen_ir::Options::default()).unwrap();
    for (_, text) in stubs("shop", &world).unwrap() {
        insta::assert_snapshot!(text);
    }
}

#[test]
fn stubs_of_every_world_are_formatted_and_strictly_typed() {
    let (Some(ruff), Some(mypy)) = (tool("ruff"), tool("mypy")) else { return };
    let (apps, typed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut written = 0;
    for Source { name, world, .. } in every_world(common::OWN) {
        let Ok(files) = guest(world, &GuestOptions { runtime: Runtime::Package }) else { continue };
        let package = typed.path().join(name);
        emit(&package.join("bindings"), &files, Mode::Write, false).unwrap();
        std::fs::write(package.join("__init__.py"), "").unwrap();
        for (file, text) in stubs(name, world).unwrap() {
            std::fs::write(apps.path().join(format!("{name}.py")), &text).unwrap();
            // There the bindings of many worlds are beside each other.
            let text = text.replace("from bindings import", &format!("from {name}.bindings import"));
            std::fs::write(package.join(file), text).unwrap();
        }
        written += 1;
    }
    assert!(written > 60, "only {written} worlds");
    for (name, args) in [
        ("python-stubs-format", ["format", "--diff", "--no-cache", "."].as_slice()),
        (
            "python-stubs-check",
            &["check", "--no-cache", "--select", "ANN,B,E4,E71,E72,E9,F,I,PIE,RET,UP,W", "."],
        ),
    ] {
        check_once(name, &ruff, args, apps.path(), None);
    }
    let support = root().join("runtime-support/python");
    let args = ["--strict", "--python-version", "3.11", "--no-incremental", "."];
    check_once("python-stubs-mypy", &mypy, &args, typed.path(), Some(&support));
}
