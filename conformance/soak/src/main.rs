//! `cargo xtask soak`: the long runs.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its user")]

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Parser;
use libtest_mimic::Failed;
use witgen_conformance::{Program, Workshop, built};
use witgen_languages::Language;
use witgen_soak::{GoOptions, Options, Traffic, in_go, project, soak, traffic, ways};

/// Call components many times and watch their memory
#[derive(Parser)]
struct Arguments {
    /// How often a text of 100 kB goes in and out
    #[arg(long, default_value_t = 140_000)]
    calls: u64,
    /// Only this language
    #[arg(long, value_name = "LANG", value_parser = language)]
    only: Option<Language>,
    /// What runs them: wasmtime without an entry, or `go`
    #[arg(long, value_name = "HOST", value_parser = ["go"])]
    host: Option<String>,
    /// How many instances a Go program calls side by side
    #[arg(long, default_value_t = 1, requires = "host")]
    instances: u32,
    /// Let the race detector watch the Go program
    #[arg(long, requires = "host")]
    race: bool,
    /// Call random functions from many goroutines instead, for so many seconds
    #[arg(long, value_name = "SECONDS", requires = "host")]
    traffic: Option<u64>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let out = std::env::temp_dir().join(format!("witgen-soak-{}", std::process::id()));
    std::fs::create_dir_all(&out)?;
    let workshop = Workshop::new(Program::locate().map_err(|reason| anyhow!(reason))?, out.clone());
    let mut fine = true;
    let wanted = |language: &Language| arguments.only.is_none_or(|only| only == *language);
    let languages: Vec<Language> = Language::ALL.into_iter().filter(wanted).collect();
    if let Some(seconds) = arguments.traffic {
        let Arguments { instances, race, .. } = arguments;
        let done = traffic(&workshop, &languages, &Traffic { seconds, instances, race });
        std::fs::remove_dir_all(out)?;
        return Ok(said("traffic in Go", done));
    }
    for language in languages {
        let component = match built(workshop.component(&project(language))) {
            Ok(Some(component)) => component,
            Ok(None) => continue,
            Err(failed) => {
                println!("{language}: failed: {}", failed.message().unwrap_or("the build"));
                fine = false;
                continue;
            }
        };
        if arguments.host.is_some() {
            let Arguments { calls, instances, race, .. } = arguments;
            let done = in_go(&workshop, &component, &GoOptions { calls, instances, race });
            fine &= said(&format!("{language} in Go"), done) == ExitCode::SUCCESS;
            continue;
        }
        for (name, environment) in ways(language) {
            let options = Options { calls: arguments.calls, environment };
            match soak(&component, &options) {
                Ok(report) => println!("{name}: {report}"),
                Err(reason) => {
                    println!("{name}: failed: {reason:#}");
                    fine = false;
                }
            }
        }
    }
    std::fs::remove_dir_all(out)?;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what a Go program said.
fn said(title: &str, done: Result<Option<String>, Failed>) -> ExitCode {
    match done {
        Ok(report) => {
            println!("{title}: {}", report.as_deref().unwrap_or("skipped"));
            ExitCode::SUCCESS
        }
        Err(failed) => {
            println!("{title}: failed: {}", failed.message().unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

fn language(id: &str) -> Result<Language, String> {
    Language::from_id(id).ok_or_else(|| format!("no language is called `{id}`"))
}
