//! Benchmarks, run by `cargo xtask bench NAME` and never by a test.
#![allow(clippy::print_stdout, reason = "a benchmark prints its table")]

mod generate;
mod size;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "bench", about = "Benchmarks of witgen")]
struct Cli {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    /// CPU time of generating guest bindings, one process per language and run
    Generate(generate::Args),
    /// Size of Rust components, with bindings of witgen and of wit-bindgen
    Size,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().benchmark {
        Benchmark::Generate(args) => generate::run(&args),
        Benchmark::Size => size::run(),
    }
}
