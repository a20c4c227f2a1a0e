//! Runs the tests of the Python package on the library that cargo has just built, and its checkers.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A tool that setup installs; none when it is missing here, which CI does not allow.
fn tool(name: &str) -> Option<PathBuf> {
    let home = |variable: &str| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    let tools = home("WITGEN_TOOLS_DIR")
        .or_else(|| home("XDG_CACHE_HOME").map(|dir| dir.join("witgen/tools")))
        .or_else(|| home("HOME").map(|dir| dir.join(".cache/witgen/tools")));
    let path = tools.map(|dir| dir.join("python/bin").join(name)).filter(|path| path.is_file());
    if path.is_none() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{name} not found");
        println!("skipped python: {name} not found");
    }
    path
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The package as a wheel would have it: the sources beside the library.
fn package() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let package = dir.path().join("witgen_runtime");
    std::fs::create_dir(&package).unwrap();
    for file in std::fs::read_dir(root().join("python/witgen_runtime")).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), package.join(file.file_name())).unwrap();
        }
    }
    // The library that belongs to this program: cargo puts both into one folder.
    let built = std::env::current_exe().unwrap();
    let name = format!("{}_native{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = built.with_file_name(name);
    assert!(library.is_file(), "cargo has not built {}", library.display());
    let target = package.join("_native.abi3.so");
    std::fs::hard_link(&library, &target).or_else(|_| std::fs::copy(&library, &target).map(drop)).unwrap();
    dir
}

/// The components of the tests in the binary format.
fn components() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in ["demo", "values"] {
        let wasm = wat::parse_file(root().join("tests/components").join(name).with_extension("wat")).unwrap();
        std::fs::write(dir.path().join(name).with_extension("wasm"), wasm).unwrap();
    }
    dir
}

fn check(command: &mut Command) {
    let output = command.current_dir(root()).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    println!("{}", text[0].lines().last().unwrap_or_default());
    assert!(output.status.success(), "{command:?}\n{}", text.join("\n"));
}

#[test]
fn the_package_passes_its_tests() {
    let Some(python) = tool("python3") else { return };
    let (package, components) = (package(), components());
    check(
        Command::new(python)
            .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider", "tests"])
            .env("WITGEN_TEST_COMPONENTS", components.path())
            .env("PYTHONPATH", package.path())
            .env("PYTHONDONTWRITEBYTECODE", "1"),
    );
}

#[test]
fn the_package_and_the_sample_are_strictly_typed() {
    let Some(mypy) = tool("mypy") else { return };
    check(Command::new(mypy).args(["--no-incremental"]));
}

#[test]
fn the_sources_are_formatted_and_linted() {
    let Some(ruff) = tool("ruff") else { return };
    check(Command::new(&ruff).args(["format", "--no-cache", "--check", "python", "tests"]));
    check(Command::new(ruff).args(["check", "--no-cache", "python", "tests"]));
}
