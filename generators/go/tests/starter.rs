//! The sources of new projects.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::path::PathBuf;

use common::{WORLDS, repository};

/// The source of a new project for one of [`WORLDS`].
fn source(name: &str) -> String {
    let (_, wit, world) = WORLDS.iter().find(|(known, ..)| *known == name).unwrap();
    let paths: Vec<PathBuf> = wit.iter().map(|path| repository().join(path)).collect();
    let options = witgen_ir::Options { world: world.map(str::to_owned), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&paths, &options).unwrap();
    let mut files = witgen_go::stubs("project", &world).unwrap();
    let (path, text) = files.pop().unwrap();
    assert_eq!(path, "main.go");
    assert_eq!(files, [("go.mod", "module project\n\ngo 1.25.0\n".to_owned())]);
    text
}

#[test]
fn stubs_are_as_reviewed() {
    for name in ["store", "inline", "names", "docs"] {
        insta::assert_snapshot!(format!("stubs-{name}"), source(name));
    }
}
