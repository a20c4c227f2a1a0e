//! The package `witgen_runtime`, which Python hosts import, made of the library that cargo has built.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;
use witgen_build::Tools;
use witgen_languages::Language;

use crate::in_ci;

static PACKAGE: OnceLock<Result<TempDir, String>> = OnceLock::new();

/// The folder for `PYTHONPATH`, which lives as long as the program.
///
/// # Errors
///
/// What is missing.
pub fn python_runtime() -> Result<PathBuf, String> {
    let made = PACKAGE.get_or_init(|| make().map_err(|reason| format!("no Python run time: {reason}")));
    made.as_ref().map(|dir| dir.path().to_owned()).map_err(String::clone)
}

fn make() -> Result<TempDir, String> {
    let text = |reason: std::io::Error| reason.to_string();
    let test = std::env::current_exe().map_err(text)?;
    // Beside the tests of a workspace, or where `cargo build` leaves it.
    let name = format!("{DLL_PREFIX}_native{DLL_SUFFIX}");
    let places = [test.with_file_name(&name), test.with_file_name("..").join(&name)];
    let Some(library) = places.into_iter().find(|path| path.is_file()) else {
        return Err(format!(
            "cargo has not built {name}; run `cargo build -p witgen-python-runtime -p witgen-cli`"
        ));
    };
    let sources = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../runtime-support/python/witgen-runtime/python/witgen_runtime");
    let dir = tempfile::tempdir().map_err(text)?;
    let package = dir.path().join("witgen_runtime");
    std::fs::create_dir(&package).map_err(text)?;
    for entry in std::fs::read_dir(sources).map_err(text)? {
        let path = entry.map_err(text)?.path();
        if path.is_file() {
            std::fs::copy(&path, package.join(path.file_name().unwrap_or_default())).map_err(text)?;
        }
    }
    let target = package.join("_native.abi3.so");
    // A link where one is possible: the library is large.
    std::fs::hard_link(&library, &target)
        .or_else(|_| std::fs::copy(&library, &target).map(drop))
        .map_err(text)?;
    Ok(dir)
}

/// Python with the run time, and with `path` to import from; none where it is not there and need not be.
///
/// # Errors
///
/// What is missing in CI.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub fn python_host(path: &Path) -> Result<Option<Command>, String> {
    let python = Tools::new().find(Language::Python, "python3").map_err(|missing| format!("{missing:?}"));
    let found = python.and_then(|python| Ok((python.path, python_runtime()?)));
    let (python, runtime) = match found {
        Ok(found) => found,
        Err(missing) if !in_ci() => {
            println!("skipped: {missing}");
            return Ok(None);
        }
        Err(missing) => return Err(missing),
    };
    let paths = std::env::join_paths([runtime.as_path(), path]).map_err(|reason| reason.to_string())?;
    let mut command = Command::new(python);
    command.env("PYTHONPATH", paths).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(Some(command))
}
