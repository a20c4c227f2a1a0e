//! Programs and components that several benchmarks need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where the components that are written by hand lie, with their WIT.
pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("js")
}

/// An empty folder for a benchmark.
pub(crate) fn work(name: &str) -> Result<PathBuf> {
    let work = std::env::temp_dir().join(format!("witgen-bench-{name}"));
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work)?;
    Ok(work)
}

/// A folder that `cargo xtask bench` tells of.
pub(crate) fn folder(variable: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable).with_context(|| format!("{variable} is not set: call xtask"))?;
    Ok(PathBuf::from(path))
}

/// Makes the core module of a text a component of `world`.
pub(crate) fn component(world: &str, module: &str) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) =
        resolve.push_path(sources().join("wit")).map_err(|error| anyhow::anyhow!("{error}"))?;
    let id = resolve.select_world(&[package], Some(world))?;
    let mut module = wat::parse_file(sources().join(format!("{module}.wat")))?;
    embed_component_metadata(&mut module, &resolve, id, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().module(&module)?.validate(true).encode()
}

/// Builds the generator: what it writes does not depend on how fast it is.
pub(crate) fn generator() -> Result<PathBuf> {
    built(&["--workspace", "--bin", "witgen"], "witgen")
}

/// Builds the program itself, with all optimisation.
pub(crate) fn witgen() -> Result<PathBuf> {
    built(&["--release", "--package", "witgen-cli", "--bin", "witgen"], "witgen")
}

/// Builds the program that measures typed calls in Rust, with all optimisation.
pub(crate) fn calls() -> Result<PathBuf> {
    built(&["--release", "--package", "witgen-hosts", "--example", "bench"], "bench")
}

/// Builds the library of the package `witgen_runtime`, as its wheel has it.
pub(crate) fn library() -> Result<PathBuf> {
    built(&["--profile", "wheel", "--package", "witgen-python-runtime", "--lib"], "_native")
}

/// Builds something of the workspace, and says where `target` is.
fn built(words: &[&str], target: &str) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let fixed = ["build", "--quiet", "--locked", "--message-format=json-render-diagnostics"];
    let said = output(Command::new(env!("CARGO")).args(fixed).args(words).current_dir(root))?;
    let program = said
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|artifact| artifact["target"]["name"] == target)
        .find_map(|artifact| {
            let file = artifact["executable"].as_str().or_else(|| {
                let files = artifact["filenames"].as_array()?;
                files
                    .iter()
                    .filter_map(|file| file.as_str())
                    .find(|file| file.ends_with(std::env::consts::DLL_SUFFIX))
            });
            file.map(PathBuf::from)
        });
    program.with_context(|| format!("cargo does not say where `{target}` is"))
}

pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
