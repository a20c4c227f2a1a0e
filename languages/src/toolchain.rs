//! What `witgen build` needs on the machine, as `witgen doctor` and `cargo xtask setup` list it.

use serde::{Deserialize, Serialize};

/// The tools and compilation targets of a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Toolchain {
    /// Compilation targets that the compiler must have, for instance `wasm32-wasip2`.
    #[serde(default)]
    pub targets: Vec<String>,
    /// The command that adds one of `targets`, to which its name is appended.
    #[serde(default)]
    pub install_target: Option<String>,
    /// The tools, the main one first.
    pub tools: Vec<Tool>,
}

impl Toolchain {
    /// The tool called `name`.
    pub fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }
}

/// A program, or a data file that a program takes.
///
/// It is looked for in the environment variable `env`, then at `path` in the tools directory, then as
/// `program` on `PATH`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tool {
    /// How messages call it.
    pub name: String,
    /// The environment variable that overrides where it is.
    pub env: String,
    /// The file name to look for on `PATH`; none for a data file.
    #[serde(default)]
    pub program: Option<String>,
    /// Where it lives in the tools directory, with `/`, when `cargo xtask setup` installs it.
    #[serde(default)]
    pub path: Option<String>,
    /// The arguments that make it print its version; empty for a data file and for a tool that cannot be asked.
    #[serde(default)]
    pub version_args: Vec<String>,
    /// The oldest version that works, where the tool can be asked.
    #[serde(default)]
    pub minimum: Option<String>,
    /// What to type to get it.
    pub install: String,
}
