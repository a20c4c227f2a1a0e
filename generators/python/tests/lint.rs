//! Rendered worlds and the example applications pass the checkers that people use.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use std::path::Path;
use std::sync::OnceLock;

use common::every::{Source, every_world};
use common::{check_once, example_folders, examples, render_file, render_files, root, tool};

use witgen_backend::Runtime;
use witgen_diag::Id;
use witgen_emit::{Mode, emit};
use witgen_python::GuestOptions;

/// The rules that rendered code keeps. Names of WIT may be ambiguous or too short for others.
const RUFF: &str = r#"
target-version = "py311"
[lint]
select = ["ANN", "B", "C4", "E4", "E71", "E72", "E9", "F", "I", "PIE", "PYI", "RET", "RUF", "SIM", "UP", "W"]
[lint.per-file-ignores]
"**/_witgen/*" = ["ANN401"]
"witgen_guest/*" = ["ANN401"]
"#;

/// The test applications, and the worlds that they implement.
const TESTEES: [(&str, &str); 13] = [
    ("provider", "provider"),
    ("caller", "caller"),
    ("visitor", "visitor"),
    ("middle", "middle"),
    ("relay", "relay"),
    ("soak", "soak"),
    ("drawers-provider", "drawers-provider"),
    ("drawers-caller", "drawers-caller"),
    ("map-provider", "map-provider"),
    ("misfits-provider", "misfits-provider"),
    ("map-caller", "map-caller"),
    ("probe", "probe"),
    ("stores", "datagrams"),
];

/// One folder with the bindings of each world, in packages of different names, and the example applications.
fn projects() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(rendered).path()
}

fn rendered() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let add = |name: &str, path: &str, world: Option<&str>| {
        let files = render_file(path, world).unwrap();
        emit(&dir.path().join(package(name)), &files, Mode::Write, false).unwrap();
    };
    for (path, world) in examples() {
        add(world, path, Some(world));
    }
    let (mut rendered, mut refused) = (0, 0);
    for Source { name, world, .. } in every_world(common::OWN) {
        match witgen_python::guest(world, &GuestOptions { runtime: Runtime::Package }) {
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
    copy(&root().join("runtime-support/python/witgen_guest"), &dir.path().join("witgen_guest"));
    for (number, (name, world)) in TESTEES.iter().enumerate() {
        let files =
            render_files(&["conformance/testees/wit", "conformance/wit"], &format!("witgen:testees/{world}"));
        // As long as `bindings`, so that lines of the application stay as long as they are.
        let package = format!("testee{number:02}");
        emit(&dir.path().join(&package), &files.unwrap(), Mode::Write, false).unwrap();
        let app = root().join("conformance/testees/python").join(name).join("app.py");
        let app = std::fs::read_to_string(app).unwrap().replace("from bindings", &format!("from {package}"));
        std::fs::write(dir.path().join(format!("{}_app.py", name.replace('-', "_"))), app).unwrap();
    }
    for world in ["provider", "consumer"] {
        let files = render_file("generators/python/tests/wit/torture.wit", Some(world)).unwrap();
        let package = format!("torture_{world}_bindings");
        emit(&dir.path().join(&package), &files, Mode::Write, false).unwrap();
        let app = root().join("generators/python/tests/torture").join(world).join("app.py");
        let app = std::fs::read_to_string(app).unwrap().replace("from bindings", &format!("from {package}"));
        std::fs::write(dir.path().join(format!("{package}_app.py")), app).unwrap();
    }
    for (world, folder) in example_folders() {
        let app = std::fs::read_to_string(folder.join("app.py")).unwrap();
        let app = app.replace("from bindings import", &format!("from {} import", package(world)));
        std::fs::write(dir.path().join(format!("{}_app.py", package(world))), app).unwrap();
    }
    std::fs::write(dir.path().join("ruff.toml"), RUFF).unwrap();
    dir
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

fn package(world: &str) -> String {
    format!("{}_bindings", world.replace('-', "_"))
}

#[test]
fn rendered_worlds_and_examples_are_formatted_and_linted() {
    let Some(ruff) = tool("ruff") else { return };
    for (name, command) in [
        ("python-format", ["format", "--diff"].as_slice()),
        ("python-check", &["check", "--output-format", "concise"]),
    ] {
        let args = [command, &["--no-cache", "--config", "ruff.toml", "."]].concat();
        check_once(name, &ruff, &args, projects(), None);
    }
}

#[test]
fn rendered_worlds_and_examples_are_strictly_typed() {
    let Some(mypy) = tool("mypy") else { return };
    let args = ["--strict", "--python-version", "3.11", "--no-incremental", "."];
    check_once("python-mypy", &mypy, &args, projects(), None);
}
