//! Benchmarks, run by `cargo xtask bench NAME` and never by a test.
#![allow(clippy::print_stdout, reason = "a benchmark prints its table")]

mod generate;
mod go_host;
mod js_host;
mod programs;
mod python_host;
mod rust_host;
mod serve;
mod size;
mod table;

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
    /// Calls of components in Rust, with bindings of witgen and of `bindgen!`
    RustHost(table::Args),
    /// Calls of components in Python, with bindings of witgen and with wasmtime-py, next to typed calls in Rust
    PythonHost(table::Args),
    /// Requests to a component, through `witgen serve` and `wasmtime serve`
    Serve(table::Args),
    /// Calls of components in Node, with bindings of witgen, of jco and by hand, and how large these are
    JsHost(js_host::Args),
    /// Calls of components in Go, next to core calls in the same engine and copies of the same bytes
    GoHost(table::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().benchmark {
        Benchmark::Generate(args) => generate::run(&args),
        Benchmark::Size => size::run(),
        Benchmark::RustHost(args) => rust_host::run(&args),
        Benchmark::PythonHost(args) => python_host::run(&args),
        Benchmark::Serve(args) => serve::run(&args),
        Benchmark::JsHost(args) => js_host::run(&args),
        Benchmark::GoHost(args) => go_host::run(&args),
    }
}
