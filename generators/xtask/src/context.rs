//! Where the repository, the tools and cargo are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// What every task needs to know about its surroundings.
pub struct Context {
    /// The root of the repository.
    pub root: PathBuf,
    /// The folder that `setup` fills and `witgen build` looks into.
    pub tools: PathBuf,
    /// Whether this runs in CI, where a missing toolchain is a failure.
    pub ci: bool,
}

impl Context {
    /// Reads the surroundings from the environment.
    pub fn from_env() -> Result<Context> {
        // What cargo says now comes first: clones may share a target directory.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let manifest = Path::new(&manifest);
        let root = manifest.ancestors().nth(2).context("xtask lies two folders below the root")?;
        let ci = env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false" && value != "0");
        Ok(Context {
            root: root.to_path_buf(),
            tools: tools_directory(|name| env::var_os(name).map(PathBuf::from))?,
            ci,
        })
    }

    /// Cargo at the root of the repository, without the variables that `cargo run` set for this process:
    /// they would differ from those of a plain `cargo test` and make build scripts run again.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command.current_dir(&self.root).env("WITGEN_TOOLS_DIR", &self.tools);
        command
    }
}

/// `$WITGEN_TOOLS_DIR`, else `witgen/tools` in the user's cache folder.
fn tools_directory(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.as_os_str().is_empty());
    if let Some(folder) = set("WITGEN_TOOLS_DIR") {
        return Ok(std::path::absolute(folder)?);
    }
    let cache = set("XDG_CACHE_HOME").filter(|folder| folder.is_absolute());
    let cache = cache.or_else(|| set("HOME").map(|home| home.join(".cache")));
    Ok(cache.context("neither WITGEN_TOOLS_DIR nor HOME is set")?.join("witgen/tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> PathBuf {
        tools_directory(|name| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.into())).unwrap()
    }

    #[test]
    fn the_tools_directory_follows_its_variable_then_the_cache_then_home() {
        assert_eq!(with(&[("WITGEN_TOOLS_DIR", "/t"), ("HOME", "/h")]), Path::new("/t"));
        assert_eq!(with(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), Path::new("/c/witgen/tools"));
        assert_eq!(with(&[("WITGEN_TOOLS_DIR", ""), ("HOME", "/h")]), Path::new("/h/.cache/witgen/tools"));
        assert!(tools_directory(|_| None).is_err());
    }
}
