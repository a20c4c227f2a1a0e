//! Runs components on wasmtime with WASI 0.2 and without any grant.
//!
//! Two kinds of runs exist: a *command* exports `wasi:cli/run` and ends with an exit code, and an *invocation* calls one exported function with arguments in WAVE.
//! This crate returns what happened and prints nothing itself; only the guest's own stdin, stdout and stderr are those of the process.
//!
//! # What a guest may do
//! - Read and write the three standard streams and its own arguments.
//! - Read the clocks and random numbers.
//!   The runtimes of Python, Go and JavaScript do so before the first line of the user's code, so denying them would stop every real guest.
//! - Nothing else: no environment variables, no directories, no sockets, no name look-up.
//!   The interfaces are linked, so that guests which merely mention them start; each use fails with the error code of its interface.
//!
//! # Results
//! `err(...)` of an invoked function is a value like any other: it is returned as WAVE text and the run counts as fine.
//! `err` of a command's `run` is exit code 1, and a code given to `wasi:cli/exit` is passed on.
//! A trap is a diagnostic.

mod engine;
mod exports;
mod guest;
mod invoke;
mod load;
mod trap;
mod wave;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime_wasi::WasiCtxBuilder;
use witgen_diag::Result;

/// Where compiled components are kept between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// The folder `run` of `$WITGEN_CACHE_DIR`, else of `$XDG_CACHE_HOME/witgen/cache`, else of `~/.cache/witgen/cache`.
    #[default]
    Default,
    /// This folder.
    Directory(PathBuf),
    /// Nowhere.
    Off,
}

/// How to run a component.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// The guest's arguments, without the program name, which is always the file name of the component.
    pub args: Vec<String>,
    /// A call such as `ns:pkg/iface.func(1, "a")` instead of the command.
    ///
    /// The version of the package may be left out where one remains, and so may the interface.
    pub invoke: Option<String>,
    /// Where the compiled component is kept.
    pub cache: Cache,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A command ended, or the guest called `wasi:cli/exit`, with this code.
    Exit(u8),
    /// An invoked function returned: its result in WAVE, without a line break, or nothing when it has no result.
    Value(Option<String>),
}

/// Runs the component in the file `component`.
pub fn run(component: &Path, options: &RunOptions) -> Result<Outcome> {
    let mut wasi = guest::denied();
    wasi.inherit_stdio();
    run_with(component, options, wasi)
}

/// The component in the file `path` and the engine that it is compiled for, for programs that call it themselves.
pub fn compile(path: &Path, cache: &Cache) -> Result<(Engine, Component)> {
    let bytes = load::read(path)?;
    let engine = engine::new(cache)?;
    let component = load::compile(&engine, path, &bytes)?;
    Ok((engine, component))
}

fn run_with(path: &Path, options: &RunOptions, mut wasi: WasiCtxBuilder) -> Result<Outcome> {
    let (engine, component) = compile(path, &options.cache)?;
    let call = match &options.invoke {
        Some(text) => Some(invoke::resolve(&engine, &component, text)?),
        None => None,
    };
    if call.is_none() {
        guest::require_command(&engine, &component, path)?;
    }
    wasi.arg(path.file_name().unwrap_or_default().to_string_lossy());
    wasi.args(&options.args);
    let mut guest = guest::instantiate(&engine, &component, path, wasi.build())?;
    let outcome = match call {
        Some(call) => guest.invoke(&call),
        None => guest.command(),
    };
    guest::flush();
    outcome
}
