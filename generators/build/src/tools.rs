//! Finds tools: an environment variable, then the tools directory, then `PATH`.

use std::env;
use std::path::{Path, PathBuf};

use witgen_diag::{Diagnostic, Id};
use witgen_languages::{Language, Tool, facts};

/// Where tools are looked for.
#[derive(Clone, Debug)]
pub struct Tools {
    dir: Option<PathBuf>,
}

/// A tool that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How messages call it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

impl Default for Tools {
    fn default() -> Self {
        Self::new()
    }
}

impl Tools {
    /// Looks in the tools directory of this user.
    pub fn new() -> Self {
        Self { dir: tools_dir() }
    }

    /// The tool of `language` called `name` in its table.
    ///
    /// # Errors
    ///
    /// `MissingTool`, with what to type to get it.
    pub fn find(&self, language: Language, name: &str) -> witgen_diag::Result<Found> {
        let Some(tool) = facts(language).toolchain.tool(name) else {
            return Err(Diagnostic::error(
                Id::Internal,
                format!("the table of {language} has no tool `{name}`"),
            )
            .into());
        };
        if let Some(path) = self.locate(tool)? {
            return Ok(Found { name: tool.name.clone(), path });
        }
        let mut missing = Diagnostic::error(Id::MissingTool, format!("`{}` is not installed", tool.name))
            .note(format!("{} components are built with it", facts(language).name));
        missing = match tool.install.strip_prefix("see ") {
            Some(page) => missing.help(format!("install it: {page}")),
            None => missing.help(format!("install it: `{}`", tool.install)),
        };
        Err(missing.help(format!("if it is somewhere else, set `{}` to its path", tool.env)).into())
    }

    fn locate(&self, tool: &Tool) -> witgen_diag::Result<Option<PathBuf>> {
        if let Some(path) =
            env::var_os(&tool.env).map(PathBuf::from).filter(|path| !path.as_os_str().is_empty())
        {
            if path.is_file() {
                return Ok(Some(path));
            }
            return Err(Diagnostic::error(Id::MissingTool, format!("`{}` does not exist", path.display()))
                .note(format!("the environment variable `{}` says that `{}` is there", tool.env, tool.name))
                .into());
        }
        let installed = self.dir.as_ref().zip(tool.path.as_ref()).map(|(dir, path)| dir.join(path));
        if let Some(path) = installed.filter(|path| path.is_file()) {
            return Ok(Some(path));
        }
        Ok(tool.program.as_deref().and_then(on_path))
    }
}

/// The tools directory: `$WITGEN_TOOLS_DIR`, or `witgen/tools` in the user's cache directory.
pub fn tools_dir() -> Option<PathBuf> {
    directory("WITGEN_TOOLS_DIR", "tools")
}

/// The cache directory: `$WITGEN_CACHE_DIR`, or `witgen/cache` in the user's cache directory.
pub fn cache_dir() -> Option<PathBuf> {
    directory("WITGEN_CACHE_DIR", "cache")
}

fn directory(variable: &str, name: &str) -> Option<PathBuf> {
    let set = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    set(variable).or_else(|| {
        let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))?;
        Some(cache.join("witgen").join(name))
    })
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(program)).find(|candidate| is_executable(candidate))
}

fn is_executable(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    path.is_file()
}
