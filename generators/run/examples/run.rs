//! Tries the crate without the command line tool: `run C.wasm [--invoke 'f(1)'] [-- ARGS...]`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]

use std::path::PathBuf;
use std::process::ExitCode;

use witgen_diag::{RenderOptions, render};
use witgen_run::{Outcome, RunOptions, run};

fn main() -> ExitCode {
    let mut options = RunOptions::default();
    let mut component = PathBuf::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--invoke" => options.invoke = words.next(),
            "--" => options.args.extend(words.by_ref()),
            _ => component = word.into(),
        }
    }
    match run(&component, &options) {
        Ok(Outcome::Exit(code)) => code.into(),
        Ok(Outcome::Value(value)) => {
            value.iter().for_each(|text| println!("{text}"));
            ExitCode::SUCCESS
        }
        Err(diagnostics) => {
            eprint!("{}", render(&diagnostics, RenderOptions::default()));
            ExitCode::FAILURE
        }
    }
}
