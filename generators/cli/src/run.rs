//! `witgen run`.

use std::process::ExitCode;

use crate::args;
use crate::talk::Talk;

/// Runs a component: its exit code becomes witgen's, its value goes to stdout.
#[cfg(feature = "run")]
pub(crate) fn run(args: &args::Run, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let options = witgen_run::RunOptions {
        args: args.args.clone(),
        invoke: args.invoke.clone(),
        ..witgen_run::RunOptions::default()
    };
    match witgen_run::run(&args.component, &options)? {
        witgen_run::Outcome::Exit(code) => Ok(ExitCode::from(code)),
        witgen_run::Outcome::Value(None) => Ok(ExitCode::SUCCESS),
        witgen_run::Outcome::Value(Some(value)) => talk.data(format!("{value}\n").as_bytes()),
    }
}

/// Says what is missing.
#[cfg(not(feature = "run"))]
pub(crate) fn run(_: &args::Run, _: &Talk) -> witgen_diag::Result<ExitCode> {
    Err(without_runner().into())
}

/// What a witgen without wasmtime says.
#[cfg(not(feature = "run"))]
pub(crate) fn without_runner() -> witgen_diag::Diagnostic {
    use witgen_diag::{Diagnostic, Id};
    Diagnostic::error(Id::MissingTool, "this witgen was built without its runner")
        .help("build it with the feature `run`: `cargo install witgen-cli --features run`")
}
