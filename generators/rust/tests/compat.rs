//! Programs written for wit-bindgen compile with the generated file in the place of its macro, without a warning,
//! and the components are for the same world.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a skipped check says so")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{every, only_file, render, root};
use witgen_rust::{GuestOptions, guest};

const TARGET: &str = "wasm32-wasip2";
const HOME: &str = "generators/rust/tests/compat";

/// The worlds of the programs, by the WIT that they are in.
const WORLDS: [(&str, &str); 5] = [
    ("values.wit", "values"),
    ("resources.wit", "resources"),
    ("modules", "left"),
    ("modules", "right"),
    ("modules", "nothing"),
];

/// The components of the programs, by name.
const PROGRAMS: [&str; 4] = ["values", "resources", "modules", "empty"];

/// Builds all programs; none where the target is not installed.
fn build(args: &[&str], bindings: &Path) -> Option<PathBuf> {
    let target_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compat");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked", "--release", "--examples", "--target", TARGET]).args(args);
    cargo.current_dir(root().join(HOME)).env("CARGO_TARGET_DIR", &target_dir);
    cargo.env("WITGEN_BINDINGS", bindings).env("RUSTFLAGS", "-D warnings");
    let output = cargo.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    if text.contains("can't find crate for `core`") {
        assert!(std::env::var("CI").is_ok_and(|ci| ci == "true").eq(&false), "{TARGET} not found");
        println!("skipped rust: {TARGET} not found");
        return None;
    }
    assert!(output.status.success(), "{args:?}:\n{text}");
    Some(target_dir.join(TARGET).join("release/examples"))
}

/// What a component imports and exports besides WASI, as text.
fn world_of(path: &Path) -> Vec<String> {
    let decoded = wit_component::decode(&std::fs::read(path).unwrap()).unwrap();
    let wit_component::DecodedWasm::Component(resolve, world) = decoded else {
        panic!("{} is no component", path.display())
    };
    let mut printer = wit_component::WitPrinter::default();
    printer.print(&resolve, resolve.worlds[world].package.unwrap(), &[]).unwrap();
    for (id, package) in resolve.packages.iter() {
        if package.name.namespace != "wasi" && Some(id) != resolve.worlds[world].package {
            printer.print(&resolve, id, &[]).unwrap();
        }
    }
    let text = printer.output.to_string();
    // Which parts of WASI come along depends on what the programs leave out.
    text.lines().filter(|line| !line.contains("import wasi:")).map(str::to_owned).collect()
}

#[test]
fn programs_compile_either_way() {
    let bindings = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for (wit, world) in WORLDS {
        let (name, text) = only_file(&render(&format!("{HOME}/wit/{wit}"), world, &GuestOptions::default()));
        std::fs::write(bindings.path().join(name), text).unwrap();
    }
    let Some(dir) = build(&[], bindings.path()) else { return };
    let ours: Vec<Vec<String>> =
        PROGRAMS.iter().map(|name| world_of(&dir.join(format!("{name}.wasm")))).collect();
    assert!(ours[0].iter().any(|line| line.contains("export test:values/shapes")), "{:?}", ours[0]);
    let Some(dir) = build(&["--features", "macro"], bindings.path()) else { return };
    for (name, ours) in PROGRAMS.iter().zip(ours) {
        assert_eq!(ours, world_of(&dir.join(format!("{name}.wasm"))), "{name}");
    }
}

/// Worlds that are no measure: wit-bindgen gives two things one name or stops at a name that no identifier can
/// have, its WIT lacks the packages of WASI that come with witgen, and a package that is called like a keyword
/// cannot be chosen by name.
const INCOMPARABLE: [&str; 7] = [
    "names_",
    "own_lints",
    "own_awkward",
    "own_wasi3",
    "example_wit_provider",
    "example_wit_consumer",
    "unused_import",
];

#[test]
fn public_items_are_those_of_wit_bindgen() {
    let bindings = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let target_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compat");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--locked", "--package", "api", "--"]);
    cargo.current_dir(root().join(HOME)).env("CARGO_TARGET_DIR", &target_dir);
    let mut compared = 0;
    for every::Source { name, world, input } in every::every_world(common::OWN) {
        let Some(input) = input else { continue };
        let Ok(made) = guest(world, &GuestOptions::default()) else { continue };
        if INCOMPARABLE.iter().any(|part| name.contains(part)) {
            continue;
        }
        let path = bindings.path().join(format!("{name}.rs"));
        std::fs::write(&path, only_file(&made).1).unwrap();
        cargo.arg(std::fs::canonicalize(input).unwrap()).arg(world.qualified_name()).arg(path);
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
    let output = cargo.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", text.concat());
}
