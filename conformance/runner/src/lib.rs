//! Runs the `witgen` program on real components, the way a user does.

mod go;
mod host_programs;
mod node;
mod plugins;
mod program;
mod python_runtime;
mod server;
mod trials;
mod workshop;

pub use go::{go, race};
pub use host_programs::{HostProgram, PROCESSED, bind, copy, ends_with, host_trials, root};
pub use node::node;
pub use plugins::{PluginHost, plugin_trials};
pub use program::{Finished, Program};
pub use python_runtime::{python_host, python_runtime};
pub use server::{PATIENCE, Server};
pub use trials::{built, prints, run_trials};
pub use workshop::{Unbuilt, Workshop};

use witgen_languages::Language;

/// The languages under test: all of them, or the one that `cargo xtask test --only` names.
pub fn languages() -> Vec<Language> {
    let only = std::env::var("WITGEN_TEST_ONLY").ok();
    Language::ALL
        .into_iter()
        .filter(|language| only.as_deref().is_none_or(|only| only == language.id()))
        .collect()
}

/// Whether a missing toolchain is a failure instead of a skipped test.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
