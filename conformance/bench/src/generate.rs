//! How long a whole `witgen LANGUAGE` process computes, for the largest world that comes built in.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::Serialize;
use witgen_languages::Language;

/// What bindings of this world may cost, in milliseconds of CPU.
const TARGET_MS: f64 = 60.0;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The world
    #[arg(long, default_value = "wasi:http/proxy@0.2.12")]
    world: String,
    /// Runs per language; the median counts
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Write the figures as JSON, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Serialize)]
struct Row {
    language: &'static str,
    median_ms: f64,
    minimum_ms: f64,
    maximum_ms: f64,
    /// Whether bindings came out, or the diagnostics of what is not supported.
    outcome: &'static str,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let program = build()?;
    println!("{} guest bindings, CPU time of the whole process, {} runs", args.world, args.runs);
    println!("{:<10}{:>12}{:>12}{:>12}  outcome", "language", "median ms", "min ms", "max ms");
    let mut rows = Vec::new();
    for language in Language::ALL {
        let row = measure(&program, language, args)?;
        println!(
            "{:<10}{:>12.1}{:>12.1}{:>12.1}  {}",
            row.language, row.median_ms, row.minimum_ms, row.maximum_ms, row.outcome
        );
        rows.push(row);
    }
    if let Some(path) = &args.json {
        std::fs::write(path, format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
    }
    match rows.iter().find(|row| row.median_ms > TARGET_MS) {
        Some(row) => bail!("{} takes {:.1} ms; the target is {TARGET_MS} ms", row.language, row.median_ms),
        None => Ok(()),
    }
}

/// Builds the generator as it is released, without its runner, and returns where it is.
pub(crate) fn build() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "-p", "witgen-cli", "--no-default-features"])
        .current_dir(&root)
        .status()?;
    anyhow::ensure!(status.success(), "the generator does not build");
    let program = std::env::current_exe()?.with_file_name("witgen");
    anyhow::ensure!(program.is_file(), "{} is not there", program.display());
    Ok(program)
}

fn measure(program: &Path, language: Language, args: &Args) -> Result<Row> {
    let mut times = Vec::with_capacity(args.runs);
    let mut outcome = "";
    for _ in 0..args.runs.max(1) {
        let before = children_ms()?;
        let status = Command::new(program)
            .args([language.id(), "--guest", "--dry-run", "--world", &args.world])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("the generator does not start")?;
        times.push(children_ms()? - before);
        outcome = match status.code() {
            Some(0) => "bindings",
            Some(1) => "diagnostics of what is not supported",
            _ => bail!("{} ended with {status}", language.id()),
        };
    }
    times.sort_by(f64::total_cmp);
    Ok(Row {
        language: language.id(),
        median_ms: times[times.len() / 2],
        minimum_ms: times[0],
        maximum_ms: times[times.len() - 1],
        outcome,
    })
}

/// User and system time of all children that have ended.
fn children_ms() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a benchmark fit 52 bits")]
    Ok(micros as f64 / 1000.0)
}
