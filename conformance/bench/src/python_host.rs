//! Calls through Python hosts: with witgen's bindings and with wasmtime-py, next to typed calls in Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::programs::{self, folder, output};
use crate::rust_host;
use crate::table::{Args, Row, Times, Way};

/// How many times as long as in Rust a call may take.
const TARGET: f64 = 2.5;
/// How many times as long as in Rust bytes may take.
const BYTES: f64 = 1.3;
/// How many times as fast as wasmtime-py calls are, and those with many bytes.
const CALLS_TO_PEER: f64 = 20.0;
const BYTES_TO_PEER: f64 = 1000.0;
/// Milliseconds that importing the run time takes.
const IMPORT: f64 = 40.0;

pub(crate) fn run(args: &Args) -> Result<()> {
    let bench = Bench::prepare()?;
    let rust = rust_host::measure(&bench.calls, &bench.work.join("calls.wasm"), args.rounds)?;
    let (ours, theirs) = (bench.times("ours", args.rounds)?, bench.times("theirs", args.rounds)?);
    let rust: BTreeMap<&str, f64> = rust.iter().map(|(title, [_, time])| (&**title, *time)).collect();
    let theirs: BTreeMap<&str, f64> = theirs.iter().map(|(title, time)| (&**title, *time)).collect();
    let row = |(operation, ours): &(String, f64)| {
        // With another option of the bindings, on the same function.
        let call = operation.trim_end_matches(", memoryviews");
        let times = vec![Some(*ours), rust.get(call).copied(), theirs.get(call).copied()];
        Row { operation: operation.clone(), times }
    };
    let times =
        Times::new(vec![Way::floor("Rust"), Way::peer("wasmtime-py")], ours.iter().map(row).collect());
    times.report("python-host", args)?;
    let import = bench.import()?;
    println!("import of the run time: {import:.0} ms");
    let mut missed: Vec<String> = times.rows.iter().flat_map(misses).collect();
    if import > IMPORT {
        missed.push(format!("import: {import:.0} ms"));
    }
    args.judge(&missed)
}

/// The targets that a row does not reach.
fn misses(row: &Row) -> Vec<String> {
    let title = &row.operation;
    let is_bulk = title == "bytes 1 MiB";
    let is_measured = is_bulk
        || title.starts_with("string")
        || matches!(&**title, "nop" | "add" | "import scalar" | "1000 records");
    let (to_rust, to_peer) = if is_bulk { (BYTES, BYTES_TO_PEER) } else { (TARGET, CALLS_TO_PEER) };
    let slow = row.ratio(1).map(|ratio| 1.0 / ratio).filter(|&ratio| is_measured && ratio > to_rust);
    let near = row.ratio(2).filter(|&ratio| ratio < to_peer);
    let slow = slow.map(|ratio| format!("{title}: {ratio:.2} times as long as in Rust, not {to_rust}"));
    let near = near.map(|ratio| format!("{title}: {ratio:.0} times as fast as wasmtime-py, not {to_peer}"));
    slow.into_iter().chain(near).collect()
}

/// Where everything is.
struct Bench {
    work: PathBuf,
    /// The program that measures typed calls in Rust.
    calls: PathBuf,
    python: PathBuf,
    /// Where pip put wasmtime-py.
    peers: PathBuf,
}

impl Bench {
    /// Makes the component, bindings for it, and the run time's package.
    fn prepare() -> Result<Self> {
        let bench = Self {
            work: programs::work("python-host")?,
            calls: programs::calls()?,
            python: folder("WITGEN_TOOLS_DIR")?.join("python/bin/python3"),
            peers: folder("WITGEN_BENCH_PYTHON")?,
        };
        fs::write(bench.work.join("calls.wasm"), programs::component("bench", "calls")?)?;
        let witgen = programs::generator()?;
        for (name, options) in [("bindings", &[][..]), ("views", &["--memoryviews"])] {
            let mut command = Command::new(&witgen);
            command.args(["python", "--host", "--world", "bench", "-o"]).arg(bench.work.join(name));
            output(command.args(options).arg(programs::sources().join("wit")))?;
        }
        let package = bench.work.join("witgen_runtime");
        fs::create_dir(&package)?;
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../runtime-support/python/witgen-runtime/python/witgen_runtime");
        for entry in fs::read_dir(sources)? {
            let path = entry?.path();
            if path.is_file() {
                fs::copy(&path, package.join(path.file_name().unwrap_or_default()))?;
            }
        }
        fs::copy(programs::library()?, package.join("_native.abi3.so"))?;
        Ok(bench)
    }

    /// Operations and their nanoseconds, measured in a process of their own.
    fn times(&self, module: &str, rounds: usize) -> Result<Vec<(String, f64)>> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/bench.py");
        let component = self.work.join("calls.wasm");
        let said = output(self.python()?.arg(script).arg(module).arg(component).arg(rounds.to_string()))?;
        Ok(serde_json::from_str(&said)?)
    }

    /// Milliseconds that the import of the run time takes, where its files are in the cache of the system.
    fn import(&self) -> Result<f64> {
        let script = "import time; start = time.perf_counter(); import witgen_runtime; \
            print((time.perf_counter() - start) * 1e3)";
        let mut times = Vec::new();
        for _ in 0..9 {
            times.push(output(self.python()?.args(["-c", script]))?.trim().parse::<f64>()?);
        }
        times.sort_by(f64::total_cmp);
        Ok(times[times.len() / 2])
    }

    fn python(&self) -> Result<Command> {
        let mut command = Command::new(&self.python);
        command.env("PYTHONPATH", std::env::join_paths([&self.work, &self.peers])?);
        Ok(command)
    }
}
