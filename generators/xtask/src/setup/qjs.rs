//! The QuickJS runtime with exact 64-bit integers, out of the crate `componentize-qjs`.
//!
//! The crate needs a newer compiler than ours and brings hundreds of dependencies, but only one data file of
//! it is wanted. `cargo info` is the one command of cargo that downloads a single crate by name.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use witgen_languages::{Language, facts};

use super::{Outcome, Setup, store};
use crate::process;

const CRATE: &str = "componentize-qjs";
const VERSION: &str = "0.5.0";
const FILE: &str = "prebuilt/runtime-sync.wasm";
const SHA256: &str = "1781cbe19b0426a008e0d8d1d13e5d3389d6675f4f0ec6bb6cb2d52213b8b97d";

pub fn install(setup: &Setup) -> Result<Outcome> {
    let tool = facts(Language::Js).toolchain.tool("qjs-runtime");
    let path = tool.and_then(|tool| tool.path.as_deref()).context("language.toml gives no path")?;
    let target = setup.context.tools.join(path);
    if target.is_file() && store::file_digest(&target)? == SHA256 {
        return Ok(Outcome::UpToDate);
    }
    // Away from the workspace: its lock file is of no concern here.
    let scratch = tempfile::tempdir()?;
    let package = format!("{CRATE}@{VERSION}");
    process::output(setup.context.cargo().current_dir(scratch.path()).args(["info", "--quiet", &package]))?;
    let source = unpacked(&cargo_home()?)?;
    let found = store::file_digest(&source)?;
    ensure!(found == SHA256, "{}: its SHA-256 is {found}, expected {SHA256}", source.display());
    copy(&source, &target)?;
    Ok(Outcome::Installed(format!("{FILE} of {CRATE} {VERSION}")))
}

/// Where cargo unpacked the crate: one folder per registry or mirror, any of which will do, as the hash decides.
fn unpacked(cargo_home: &Path) -> Result<PathBuf> {
    let registries = cargo_home.join("registry/src");
    let folders =
        fs::read_dir(&registries).with_context(|| format!("cannot read {}", registries.display()))?;
    let mut candidates =
        folders.flatten().map(|folder| folder.path().join(format!("{CRATE}-{VERSION}")).join(FILE));
    candidates.find(|file| file.is_file()).with_context(|| format!("cargo did not unpack {CRATE} {VERSION}"))
}

fn cargo_home() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME").or_else(|| set("HOME").map(|home| home.join(".cargo"))).context("HOME is not set")
}

fn copy(source: &Path, target: &Path) -> Result<()> {
    let folder = target.parent().context("the runtime lies in a folder")?;
    fs::create_dir_all(folder)?;
    let fresh = tempfile::NamedTempFile::new_in(folder)?;
    fs::copy(source, fresh.path())?;
    fresh.persist(target)?;
    Ok(())
}
