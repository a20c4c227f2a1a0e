//! Host bindings of all worlds pass the checkers that people use; those of some are reviewed.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::every::{Source, every_world};
use common::{check, check_once, examples, passed, pyright, root, tool};

use witgen_diag::Id;
use witgen_emit::{FileSet, Mode, emit};
use witgen_ir::{Options, World, load};
use witgen_python::HostOptions;

/// The rules that rendered code keeps. Names of WIT may be ambiguous or too short for others.
const RUFF: &str = r#"
target-version = "py311"
[lint]
select = ["ANN", "B", "C4", "E4", "E71", "E72", "E9", "F", "I", "PIE", "PYI", "RET", "RUF", "SIM", "UP", "W"]
# Grants are tables of anything.
ignore = ["ANN401"]
"#;

fn world(paths: &[&str], name: Option<&str>) -> World {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root().join(path)).collect();
    load(&paths, &Options { world: name.map(str::to_owned), ..Options::default() }).unwrap()
}

fn printed(files: &FileSet) -> String {
    let own = files.iter().filter(|(name, _)| *name != "py.typed");
    own.map(|(name, text)| format!("=== {name}\n{}\n", std::str::from_utf8(text).unwrap())).collect()
}

fn review(name: &str, world: &World) {
    review_with(name, world, &HostOptions::default());
}

fn review_with(name: &str, world: &World, options: &HostOptions) {
    insta::assert_snapshot!(name, printed(&witgen_python::host(world, options).unwrap()));
}

#[test]
fn lists_of_numbers_may_be_views() {
    let options = HostOptions { memoryviews: true };
    review_with("lists-as-views", &world(&["conformance/wit/lists.wit"], None), &options);
}

#[test]
fn example_worlds_are_as_reviewed() {
    for (path, name) in examples() {
        review(name, &world(&[path], Some(name)));
    }
}

#[test]
fn constructs_are_as_reviewed() {
    for name in
        ["enums", "flags", "lists", "maps", "options", "records", "results", "scalars", "tuples", "variants"]
    {
        review(name, &world(&[&format!("conformance/wit/{name}.wit")], None));
    }
}

#[test]
fn resources_are_as_reviewed() {
    for name in ["store-world", "store-users-world"] {
        review(name, &world(&["conformance/wit/store.wit"], Some(name)));
    }
}

#[test]
fn worlds_with_items_of_their_own_are_as_reviewed() {
    let paths = ["conformance/testees/wit", "conformance/wit"];
    for name in ["provider", "caller"] {
        let files = witgen_python::host(
            &world(&paths, Some(&format!("witgen:testees/{name}"))),
            &HostOptions::default(),
        )
        .unwrap();
        let reviewed = ["__init__.py", "_world.py", "shared_1_0_0.py"];
        let own = files.iter().filter(|(name, _)| reviewed.contains(name) || name.ends_with("inline.py"));
        let text: String =
            own.map(|(name, text)| format!("=== {name}\n{}\n", std::str::from_utf8(text).unwrap())).collect();
        insta::assert_snapshot!(format!("testee-{name}"), text);
    }
}

#[test]
fn awkward_names_are_as_reviewed() {
    review("awkward", &world(&["generators/python/tests/wit/awkward.wit"], None));
}

/// Pyright gives up on a union of more than 250 classes.
const TOO_LONG: &str = "names_reserved_cases";

/// A link to the types of the run time, which no tool takes for a part of the project.
const RUNTIME: &str = ".runtime";

/// A folder with the package of every world.
fn packages() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(rendered).path()
}

fn rendered() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let (mut rendered, mut refused) = (0, 0);
    for Source { name, world, .. } in every_world(common::OWN) {
        match witgen_python::host(world, &HostOptions::default()) {
            Ok(files) => {
                rendered += 1;
                emit(&dir.path().join(name), &files, Mode::Write, false).unwrap();
            }
            Err(findings) => {
                refused += 1;
                let is_expected = findings.iter().all(|finding| finding.id == Id::UnsupportedType);
                assert!(is_expected, "{name}: {findings:?}");
            }
        }
    }
    println!("{rendered} worlds, {refused} are refused");
    std::fs::write(dir.path().join("ruff.toml"), RUFF).unwrap();
    let config = serde_json::json!({
        "pythonVersion": "3.11",
        "exclude": [format!("**/*{TOO_LONG}*")],
        "extraPaths": [RUNTIME],
        // The library is there when the wheel is installed.
        "reportMissingModuleSource": false,
    });
    std::fs::write(dir.path().join("pyrightconfig.json"), config.to_string()).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(runtime().canonicalize().unwrap(), dir.path().join(RUNTIME)).unwrap();
    dir
}

/// The types of the run time.
fn runtime() -> PathBuf {
    root().join("runtime-support/python/witgen-runtime/python")
}

const MYPY: [&str; 5] = ["--strict", "--python-version", "3.11", "--no-incremental", "."];

#[test]
fn every_world_is_formatted_and_linted() {
    let Some(ruff) = tool("ruff") else { return };
    for (name, command) in [
        ("python-host-format", ["format", "--diff"].as_slice()),
        ("python-host-check", &["check", "--output-format", "concise"]),
    ] {
        let args = [command, &["--no-cache", "--config", "ruff.toml", "."]].concat();
        check_once(name, &ruff, &args, packages(), None);
    }
}

#[test]
fn every_world_passes_pyright() {
    let (Some(mut pyright), Some(mut version)) = (pyright(), pyright()) else { return };
    let key = format!("{:?}", version.arg("--version").output().unwrap());
    passed::once("python-host-pyright", &key, &[packages(), &runtime()], || {
        check(pyright.current_dir(packages()));
    });
}

#[test]
fn every_world_is_strictly_typed() {
    let Some(mypy) = tool("mypy") else { return };
    check_once("python-host-mypy", &mypy, &MYPY, packages(), Some(&runtime()));
}

/// Programs of the conformance tests that run components, and their worlds.
const PROGRAMS: [(&str, &str); 3] = [("visited", "visitor"), ("visiting", "provider"), ("driver", "driven")];

#[test]
fn programs_are_strictly_typed() {
    let Some(mypy) = tool("mypy") else { return };
    for (program, name) in PROGRAMS {
        let dir = tempfile::tempdir().unwrap();
        let paths = ["conformance/testees/wit", "conformance/wit"];
        let world = world(&paths, Some(&format!("witgen:testees/{name}")));
        let source = root().join("conformance/testees/python-host").join(format!("{program}.py"));
        let source = std::fs::read_to_string(source).unwrap();
        let files = witgen_python::host_driver(&world, &source).unwrap().files;
        emit(dir.path(), &files, Mode::Write, true).unwrap();
        check_once(&format!("python-{program}"), &mypy, &MYPY, dir.path(), Some(&runtime()));
    }
}
