//! npm packages from `package-lock.json`, Node itself among them: the machine's may be older than 22, and
//! with one Node for everybody a test means the same on every machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
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
    let source = context.root.join("languages/js/toolchain");
    let (manifest, lock) =
        (fs::read(source.join("package.json"))?, fs::read(source.join("package-lock.json"))?);
    let entry = Entry::new(&context.tools, "node", &[&manifest, &lock]);
    if entry.is_current() {
        return Ok(Outcome::UpToDate);
    }
    entry.install(|folder| fill(folder, &npm.path, &manifest, &lock))?;
    Ok(Outcome::Installed(format!("{}, node {}", packages(&manifest)?.join(", "), node_version(setup)?)))
}

/// Installs what the benchmark of JavaScript hosts compares with, and returns where it is.
pub fn peers(context: &Context) -> Result<PathBuf> {
    let source = context.root.join("conformance/bench/js");
    let (manifest, lock) =
        (fs::read(source.join("package.json"))?, fs::read(source.join("package-lock.json"))?);
    let npm = process::find("npm").context("npm is not installed")?;
    let entry = Entry::new(&context.tools, "bench-js", &[&manifest, &lock]);
    if !entry.is_current() {
        entry.install(|folder| fill(folder, &npm, &manifest, &lock))?;
    }
    Ok(context.tools.join("bench-js"))
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
