//! npm packages from `package-lock.json`, Node itself among them: the machine's may be older than 22, and
//! with one Node for everybody a test means the same on every machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use witgen_languages::{Language, facts};

use super::store::Entry;
use super::{Outcome, Setup, base};
use crate::context::Context;
use crate::process;

/// The oldest node that npm itself and eslint run on; components run on the one from npm.
const BASE_NODE: &str = "20.19";

pub fn install(setup: &Setup) -> Result<Outcome> {
    let context = setup.context;
    let install = facts(Language::Js).toolchain.tool("node").map_or("", |tool| &tool.install);
    if let Err(outcome) = base::find("node", "--version", BASE_NODE, install)? {
        return Ok(outcome);
    }
    let npm = match base::find("npm", "--version", "9", install)? {
        Ok(npm) => npm,
        Err(outcome) => return Ok(outcome),
    };
    let (entry, manifest, lock) = locked(context, "node", "languages/js/toolchain")?;
    if entry.is_current() {
        return Ok(Outcome::UpToDate);
    }
    entry.install(|folder| fill(folder, &npm.path, &manifest, &lock))?;
    Ok(Outcome::Installed(format!("{}, node {}", packages(&manifest)?.join(", "), node_version(setup)?)))
}

/// What tests look at bundles and packages with, and no user needs.
pub fn install_bundlers(setup: &Setup) -> Result<Outcome> {
    install_locked(setup, "bundlers", "languages/js/bundlers")
}

/// The second type checker for Python, which npm has.
pub fn install_pyright(setup: &Setup) -> Result<Outcome> {
    install_locked(setup, "pyright", "languages/python/pyright")
}

fn install_locked(setup: &Setup, name: &str, folder: &str) -> Result<Outcome> {
    let Some(npm) = process::find("npm") else {
        return Ok(Outcome::Skipped("npm is not installed".to_owned()));
    };
    let (entry, manifest, lock) = locked(setup.context, name, folder)?;
    if entry.is_current() {
        return Ok(Outcome::UpToDate);
    }
    entry.install(|folder| fill(folder, &npm, &manifest, &lock))?;
    Ok(Outcome::Installed(packages(&manifest)?.join(", ")))
}

/// jco, in which tests run components, and with which the benchmark of JavaScript hosts compares.
pub fn install_peers(setup: &Setup) -> Result<Outcome> {
    install_locked(setup, "bench-js", "conformance/bench/js")
}

/// The packages that a folder of the repository names, and the texts that do so.
fn locked(context: &Context, name: &str, folder: &str) -> Result<(Entry, Vec<u8>, Vec<u8>)> {
    let source = context.root.join(folder);
    let (manifest, lock) =
        (fs::read(source.join("package.json"))?, fs::read(source.join("package-lock.json"))?);
    Ok((Entry::new(&context.tools, name, &[&manifest, &lock]), manifest, lock))
}

fn fill(folder: &Path, npm: &Path, manifest: &[u8], lock: &[u8]) -> Result<()> {
    fs::write(folder.join("package.json"), manifest)?;
    fs::write(folder.join("package-lock.json"), lock)?;
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
    process::output(Command::new(npm).args(words).current_dir(folder))?;
    Ok(())
}

/// What `package.json` asks for.
fn packages(manifest: &[u8]) -> Result<Vec<String>> {
    let manifest: serde_json::Value = serde_json::from_slice(manifest)?;
    let packages = manifest["dependencies"].as_object().into_iter().flatten();
    Ok(packages.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or("?"))).collect())
}

/// The node that tests use: npm has none for a few platforms, where the machine's must do.
fn node_version(setup: &Setup) -> Result<String> {
    let tool = facts(Language::Js).toolchain.tool("node");
    let packaged = tool.and_then(|tool| tool.path.as_deref()).map(|path| setup.context.tools.join(path));
    let node = packaged.filter(|path| path.exists()).unwrap_or_else(|| "node".into());
    Ok(process::output(Command::new(node).arg("--version"))?.trim().trim_start_matches('v').to_owned())
}
