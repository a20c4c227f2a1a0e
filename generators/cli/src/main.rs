//! The command line tool: reads arguments, calls the libraries, prints.
//!
//! stdout is data, stderr is talk. Exit code 0 is fine, 1 means findings, 2 means that the run could not take place.

mod args;
mod bindings;
mod build;
mod compose;
mod conformance;
mod doctor;
mod explain;
mod inspect;
mod internal;
mod languages;
mod link;
mod manual;
mod new;
mod progress;
mod run;
mod serve;
mod talk;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use witgen_languages::Language;

use crate::args::{Cli, Verb};
use crate::bindings::HostOptions;
use crate::talk::Talk;

/// WIT nests as deep as its author likes, and the parser recurses.
const STACK_BYTES: usize = 256 << 20;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return talk::usage(&usage),
    };
    internal::guard(STACK_BYTES, move || {
        let talk = Talk::new(&cli.output);
        match dispatch(cli.verb, &talk) {
            Ok(code) => code,
            Err(findings) => talk.report(&findings),
        }
    })
}

fn dispatch(verb: Verb, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    talk.refuse_reports(&verb)?;
    match verb {
        Verb::Rust(args) => bindings::one(
            Language::Rust,
            &args.bindings,
            &HostOptions { rust: args.host.options(), ..HostOptions::default() },
            talk,
        ),
        Verb::Python(args) => {
            let python = witgen_python::HostOptions { memoryviews: args.memoryviews };
            let options = HostOptions { python, ..HostOptions::default() };
            bindings::one(Language::Python, &args.bindings, &options, talk)
        }
        Verb::Js(args) => {
            let js = witgen_build::JsHost { unchecked: args.unchecked, typescript: args.typescript };
            bindings::one(Language::Js, &args.bindings, &HostOptions { js, ..HostOptions::default() }, talk)
        }
        Verb::Go(args) => bindings::one(Language::Go, &args, &HostOptions::default(), talk),
        Verb::Generate(args) => bindings::all(&args, talk),
        Verb::New(args) => new::new(&args, talk),
        Verb::Build(args) => build::build(&args, talk),
        Verb::Compose(args) => compose::compose(&args, talk),
        Verb::Link(args) => link::link(&args, talk),
        Verb::Run(args) => run::run(&args, talk),
        Verb::Serve(args) => serve::serve(&args, talk),
        Verb::Conformance(args) => conformance::conformance(&args, talk),
        Verb::Inspect(args) => inspect::inspect(&args, talk),
        Verb::Languages(_) => languages::languages(talk),
        Verb::Doctor(_) => doctor::doctor(talk),
        Verb::Explain(args) => explain::explain(args.id.as_deref(), talk),
        Verb::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "witgen", &mut text);
            talk.data(&text)
        }
        Verb::Man(args) => manual::man(&args, talk),
    }
}
