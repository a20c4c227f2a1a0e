//! New projects for a world of one's own: they look as somebody would write them, and build without warnings.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{every, only_file, passed};
use witgen_diag::Id;
use witgen_ir::World;
use witgen_rust::{GuestOptions, guest, stubs};

fn source(world: &World) -> String {
    let files = stubs("rendered", world).unwrap_or_else(|found| panic!("{found:?}"));
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["Cargo.toml", "src/lib.rs"]);
    files.into_iter().next_back().unwrap().1
}

/// The project for a world of WIT text.
fn source_of(wit: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("world.wit");
    std::fs::write(&path, wit).unwrap();
    source(&witgen_ir::load(&[path], &witgen_ir::Options::default()).unwrap())
}

#[test]
fn project_has_a_stub_for_every_export() {
    let everything = "generators/rust/tests/wit/everything.wit";
    for (path, world) in [("conformance/worlds/shop.wit", "shop"), (everything, "everything")] {
        let options = witgen_ir::Options { world: Some(world.to_owned()), ..witgen_ir::Options::default() };
        let world = witgen_ir::load(&[common::root().join(path)], &options).unwrap();
        insta::assert_snapshot!(format!("stubs-{}", world.name), source(&world));
    }
}

#[test]
fn names_that_meet_are_told_apart() {
    let text = source_of(
        "package a:b;
        interface %char { greet: func(to: string) -> string; }
        interface box { resource %string { constructor() -> result<%string>; } }
        interface crate { resource %string; f: func(m: map<string, u8>); }
        /// Packs.
        ///
        /// And unpacks.
        world %option { export %char; export box; export crate; }",
    );
    insta::assert_snapshot!("stubs-names", text);
}

#[test]
fn projects_without_functions_have_nothing_to_write() {
    let bare = "//! The component `w`.\n\n#[path = \"../bindings/w.rs\"]\nmod bindings;\n";
    assert_eq!(source_of("package a:b; world w { import f: func(x: u8); }"), bare);
    assert_eq!(source_of("package a:b; world w { export i: interface { type t = u8; } }"), bare);
}

/// A world in which the order differs from that of rustfmt, which takes digits in names as numbers.
const UNFORMATTED: &str = "example_wit_names_reserved_interfaces_world";

/// A crate with a module for the project of every world that Rust supports.
fn rendered() -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let (mut library, mut sources) = ("//! Rendered projects.\n".to_owned(), Vec::new());
    for every::Source { name, world, .. } in every::every_world(common::OWN) {
        let made = match guest(world, &GuestOptions::default()) {
            Ok(made) => only_file(&made),
            Err(refused) => {
                assert!(refused.iter().all(|found| found.id == Id::UnsupportedType), "{refused:?}");
                assert_eq!(stubs("rendered", world).unwrap_err()[0].id, Id::UnsupportedType);
                continue;
            }
        };
        let source = source(world);
        if !source.contains("impl ") {
            continue;
        }
        let project = dir.path().join(name);
        std::fs::create_dir_all(project.join("src")).unwrap();
        std::fs::create_dir_all(project.join("bindings")).unwrap();
        std::fs::write(project.join("bindings").join(&made.0), &made.1).unwrap();
        std::fs::write(project.join("src/lib.rs"), &source).unwrap();
        // The bindings, to which the module leads, are looked at where they are tested.
        let alone = project.join("alone.rs");
        std::fs::write(&alone, source.replace("mod bindings;", "mod bindings {}")).unwrap();
        sources.extend((name != UNFORMATTED).then_some(alone));
        library.push_str(&format!("#[path = \"{name}/src/lib.rs\"]\nmod {name};\n"));
    }
    std::fs::write(dir.path().join("lib.rs"), library).unwrap();
    std::fs::write(dir.path().join("rustfmt.toml"), "").unwrap();
    let manifest = "[package]\nname = \"rendered\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
        [lib]\npath = \"lib.rs\"\n[workspace]\n";
    std::fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    (dir, sources)
}

#[test]
fn projects_of_all_worlds_are_formatted_and_quiet() {
    let (dir, sources) = rendered();
    let key = passed::version("rustfmt", &["-V"]) + &passed::version("rustc", &["-V"]);
    passed::once("rust-stubs", &key, &[dir.path()], || {
        assert_formatted(dir.path(), &sources);
        let outputs = tempfile::tempdir().unwrap();
        let mut check = Command::new(env!("CARGO"));
        check.args(["check", "--quiet", "--offline"]).current_dir(dir.path());
        check.env("CARGO_TARGET_DIR", outputs.path()).env("RUSTFLAGS", "-D warnings");
        assert_clean(&mut check);
    });
}

fn assert_formatted(dir: &Path, sources: &[PathBuf]) {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--check", "--config-path"]).arg(dir).args(sources);
    assert_clean(&mut rustfmt);
}

fn assert_clean(checker: &mut Command) {
    let output = checker.output().unwrap();
    let text = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{checker:?}:\n{}", text.join("\n"));
}
