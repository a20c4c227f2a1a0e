//! What the benchmark of servers compares with, and what asks them. Compiling the former takes a quarter of an hour.

use std::path::PathBuf;

use anyhow::Result;

use super::debian;
use super::store::Entry;
use crate::context::Context;
use crate::process;

/// The version of the workspace's engine.
const VERSION: &str = "48.0.8";

/// Installs both, and returns where the `bin` of wasmtime is.
pub fn install(context: &Context) -> Result<PathBuf> {
    debian::require("wrk")?;
    let entry = Entry::new(&context.tools, "bench-serve", &[VERSION.as_bytes()]);
    if !entry.is_current() {
        entry.install(|folder| {
            let mut command = context.cargo();
            command.args(["install", "--quiet", "--locked", "--version", VERSION, "--root"]).arg(folder);
            process::output(command.arg("wasmtime-cli")).map(drop)
        })?;
    }
    Ok(context.tools.join("bench-serve"))
}
