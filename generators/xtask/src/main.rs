//! Tasks of this repository: what a contributor and the CI type.
//!
//! Nothing here is part of witgen itself; the crate keeps its dependencies few so that the first
//! `cargo xtask` answers within seconds.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who runs it")]

mod context;
mod newcomer;
mod process;
mod setup;
mod snapshots;
mod suite;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};
use witgen_languages::Language;

use context::Context;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Tasks of this repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install every tool that the tests need, checked by lock file or hash
    Setup {
        /// Only what this language needs
        #[arg(long, value_name = "LANG", value_parser = language)]
        only: Option<Language>,
        /// Build the Rust wasm targets from source even when rustup could add them
        #[arg(long)]
        force_fallback: bool,
        /// Build the run time of Python hosts with all optimisation, too, and install it
        #[arg(long)]
        python_runtime: bool,
    },
    /// Set up, then run the whole test suite
    Test {
        /// Only the tests of this language
        #[arg(long, value_name = "LANG", value_parser = language)]
        only: Option<Language>,
    },
    /// Check what the compiler does not: arrows, sizes, templates, prose
    Tidy,
    /// Accept changed snapshots and delete unreferenced ones
    Bless,
    /// Measure how long the README's first steps take in a fresh clone
    Newcomer,
    /// Call components many times and watch their memory: `--calls`, `--only LANG`, `--host go`
    Soak {
        /// Passed on to `witgen-soak`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Run a benchmark
    Bench {
        /// Which one
        name: String,
        /// Passed on to it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let context = Context::from_env()?;
    let fine = match arguments.task {
        Task::Setup { only, force_fallback, python_runtime } => {
            setup::run(&context, only, force_fallback, python_runtime)?
        }
        Task::Test { only } => suite::run(&context, only)?,
        Task::Tidy => tidy::run(&context)?,
        Task::Bless => snapshots::bless(&context)?,
        Task::Newcomer => newcomer::run(&context)?,
        Task::Soak { rest } => soak(&context, &rest)?,
        Task::Bench { name, rest } => bench(&context, &name, &rest)?,
    };
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Without `--package`, so that both programs share the features of wasmtime and it is compiled once.
fn soak(context: &Context, rest: &[String]) -> Result<bool> {
    let built =
        context.cargo().args(["build", "--quiet", "--bin", "witgen", "--bin", "witgen-soak"]).status()?;
    let mut command = context.cargo();
    command.args(["run", "--quiet", "--bin", "witgen-soak", "--"]).args(rest);
    Ok(built.success() && command.status()?.success())
}

fn bench(context: &Context, name: &str, rest: &[String]) -> Result<bool> {
    let mut command = context.cargo();
    match name {
        "js-host" => {
            ensure!(setup::run(context, Some(Language::Js), false, false)?, "setup has failed");
            command.env("WITGEN_BENCH_JS", context.tools.join("bench-js"));
        }
        "serve" => {
            command.env("WITGEN_BENCH_SERVE", setup::wasmtime(context)?);
        }
        "python-host" => {
            ensure!(setup::run(context, Some(Language::Python), false, false)?, "setup has failed");
            command.env("WITGEN_BENCH_PYTHON", context.tools.join("bench-python"));
        }
        _ => {}
    }
    command.args(["run", "--quiet", "--release", "--package", "witgen-bench", "--", name]).args(rest);
    Ok(command.status()?.success())
}

fn language(id: &str) -> Result<Language, String> {
    Language::from_id(id).ok_or_else(|| {
        let known = Language::ALL.map(Language::id).join(", ");
        format!("no language is called `{id}` (known: {known})")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }

    #[test]
    fn an_unknown_language_names_the_known_ones() {
        assert!(super::language("ruby").unwrap_err().ends_with("(known: rust, python, js, go)"));
    }
}
