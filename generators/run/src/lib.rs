//! Runs components on wasmtime with WASI 0.2, under grants.
//!
//! Two kinds of runs exist: a *command* exports `wasi:cli/run` and ends with an exit code, and an *invocation* calls one exported function with arguments in WAVE.
//! A [`Server`] answers HTTP requests with a component that exports `wasi:http/incoming-handler`.
//! This crate returns what happened and prints nothing itself; only the guest's own stdin, stdout and stderr are those of the process.
//!
//! # What a guest may do
//! What [`RunOptions::grants`] say and nothing else.
//! The interfaces are linked all the same, so that guests which merely mention them start; each denied use fails with the error code of its interface, or traps where it has none.
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
mod serve;
mod trap;
mod wave;

#[cfg(test)]
mod tests;

pub use serve::{LogTarget, ServeOptions, Server};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::Component;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_grants::{Clocks, Grants, Monitor, Random, Stdio};
use witgen_wasi::{State, Stores};

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
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// What it may do; nothing by default.
    pub grants: Arc<Grants>,
    /// Gets a sentence for each grant that is missed, the first time.
    pub on_denial: fn(&str),
    /// Where every use and every denial is written, one JSON object a line.
    pub audit: Option<PathBuf>,
    /// The guest's arguments, without the program name, which is always the file name of the component.
    pub args: Vec<String>,
    /// A call such as `ns:pkg/iface.func(1, "a")` instead of the command.
    ///
    /// The version of the package may be left out where one remains, and so may the interface.
    pub invoke: Option<String>,
    /// Where the compiled component is kept.
    pub cache: Cache,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            grants: Arc::default(),
            on_denial: |_| {},
            audit: None,
            args: Vec::new(),
            invoke: None,
            cache: Cache::default(),
        }
    }
}

/// The grants of somebody who did not give any: the standard streams, clocks and random numbers.
///
/// The runtimes of Python, Go and JavaScript use these before the first line of the user's code.
#[must_use]
pub fn usual_grants() -> Grants {
    Grants {
        clocks: Clocks { monotonic: true, wall: true },
        random: Random { allow: true },
        stdio: Stdio { stdin: true, stdout: true, stderr: true },
        ..Grants::default()
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A command ended, or the guest called `wasi:cli/exit`, with this code.
    Exit(u8),
    /// An invoked function returned: its result in WAVE, without a line break, or nothing when it has no result.
    Value(Option<String>),
}

/// The component in the file `path` and the engine that it is compiled for, for programs that call it themselves.
pub fn compile(path: &Path, cache: &Cache) -> Result<(Engine, Component)> {
    let bytes = load::read(path)?;
    let engine = engine::new(cache, &Grants::default())?;
    let component = load::compile(&engine, path, &bytes)?;
    Ok((engine, component))
}

/// Runs the component in the file `path`.
pub fn run(path: &Path, options: &RunOptions) -> Result<Outcome> {
    let stores = Stores::open(&options.grants).map_err(|error| grants_error(&error))?;
    let state =
        State::new(&options.grants, monitor(options.on_denial, options.audit.as_deref())?, stores, |wasi| {
            wasi.arg(path.file_name().unwrap_or_default().to_string_lossy());
            wasi.args(&options.args);
        });
    let state = state.map_err(|error| grants_error(&error))?;
    let bytes = load::read(path)?;
    let engine = engine::new(&options.cache, &options.grants)?;
    let component = load::compile(&engine, path, &bytes)?;
    let call = match &options.invoke {
        Some(text) => Some(invoke::resolve(&engine, &component, text)?),
        None => None,
    };
    if call.is_none() {
        guest::require_command(&engine, &component, path)?;
    }
    let mut guest = guest::instantiate(&engine, &component, path, state)?;
    let outcome = match call {
        Some(call) => guest.invoke(&call),
        None => guest.command(),
    };
    guest::flush();
    outcome
}

/// Who hears of uses and denials.
fn monitor(on_denial: fn(&str), audit: Option<&Path>) -> Result<Monitor> {
    let monitor = Monitor::new(on_denial);
    let Some(path) = audit else { return Ok(monitor) };
    let file = std::fs::File::create(path).map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot write the audit to `{}`", path.display()))
            .in_path(path)
            .note(reason.to_string())
    })?;
    Ok(monitor.with_audit(file))
}

fn grants_error(error: &witgen_grants::Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(Id::InvalidGrants, error.message.clone());
    match &error.help {
        Some(help) => diagnostic.note(help.clone()),
        None => diagnostic,
    }
}
