//! A virtual environment with componentize-py and the checkers, from `requirements.txt` and its hashes.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use witgen_languages::{Language, facts};

use super::store::Entry;
use super::{Outcome, Setup, base};
use crate::process;

pub fn install(setup: &Setup) -> Result<Outcome> {
    let context = setup.context;
    let tool = facts(Language::Python).toolchain.tool("python3");
    let (minimum, install) =
        tool.map_or(("3.11", ""), |tool| (tool.minimum.as_deref().unwrap_or("0"), &tool.install));
    let python = match base::find("python3", "--version", minimum, install)? {
        Ok(python) => python,
        Err(outcome) => return Ok(outcome),
    };
    let requirements = context.root.join("languages/python/toolchain/requirements.txt");
    let lock = fs::read(&requirements)?;
    let version = format!("{:?} {}", python.version, python.path.display());
    let entry = Entry::new(&context.tools, "python", &[&lock, version.as_bytes()]);
    // The interpreter that the environment points to may be gone.
    if entry.is_current() && context.tools.join("python/bin/python3").exists() {
        return Ok(Outcome::UpToDate);
    }
    entry.install(|folder| {
        process::output(Command::new(&python.path).args(["-m", "venv"]).arg(folder))?;
        process::output(pip(&folder.join("bin/python3")).arg("--requirement").arg(&requirements))?;
        Ok(())
    })?;
    Ok(Outcome::Installed(packages(&String::from_utf8_lossy(&lock)).join(", ")))
}

/// Builds `witgen-runtime` and installs it beside the other packages, for `witgen conformance` outside of tests.
pub fn install_runtime(setup: &Setup) -> Result<Outcome> {
    let python = setup.context.tools.join("python/bin/python3");
    let package = setup.context.root.join("runtime-support/python/witgen-runtime");
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"];
    // What is shipped is smaller, and takes minutes longer to build.
    let profile = "--config-settings=build-args=--profile=release";
    process::output(Command::new(python).args(words).args([profile, "--force-reinstall"]).arg(package))?;
    Ok(Outcome::Installed("witgen-runtime".to_owned()))
}

/// wasmtime-py, in which tests run components, and with which the benchmark of Python hosts compares.
pub fn install_peers(setup: &Setup) -> Result<Outcome> {
    let context = setup.context;
    let lock = fs::read(context.root.join("conformance/bench/python/requirements.txt"))?;
    let entry = Entry::new(&context.tools, "bench-python", &[&lock]);
    if entry.is_current() {
        return Ok(Outcome::UpToDate);
    }
    let python = context.tools.join("python/bin/python3");
    if !python.is_file() {
        return Ok(Outcome::Skipped("python3 is not installed".to_owned()));
    }
    entry.install(|folder| {
        let mut command = pip(&python);
        command.arg("--target").arg(folder).arg("--requirement");
        process::output(command.arg(context.root.join("conformance/bench/python/requirements.txt"))).map(drop)
    })?;
    Ok(Outcome::Installed(packages(&String::from_utf8_lossy(&lock)).join(", ")))
}

/// What installs locked packages.
fn pip(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    command.args(["--require-hashes", "--only-binary", ":all:"]);
    command
}

/// The packages that a person asked for: those that pip-compile marks as coming from `requirements.in`.
fn packages(lock: &str) -> Vec<&str> {
    let mut packages = Vec::new();
    let mut current = None;
    for line in lock.lines() {
        if line.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            current = line.split_whitespace().next();
        } else if line.contains("via -r requirements.in") {
            packages.extend(current.take());
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    #[test]
    fn packages_that_others_bring_along_are_not_listed() {
        let lock = "mypy==2.4.1 \\\n    --hash=sha256:00\n    # via -r requirements.in\nlibrt==1 \\\n    # via mypy\n";
        assert_eq!(super::packages(lock), ["mypy==2.4.1"]);
    }
}
