//! Calls through Go hosts, next to what they cannot do without: core calls in the same engine, and copies.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde::Deserialize;

use crate::programs::{self, output};
use crate::table::{Args, Row, Times, Way};

/// How many times as long as the core call a call without data may take.
const CALLS: f64 = 1.5;
/// How many times as long as the copies strings and bytes may take.
const COPIES: f64 = 2.0;
/// How many times as long as one copy bytes may take between components.
const GUESTS: f64 = 4.0;
/// Nanoseconds that one of a thousand records may take.
const RECORD: f64 = 50.0;

/// An operation in nanoseconds, as the program prints it.
#[derive(Deserialize)]
struct Measured {
    operation: String,
    ours: f64,
    floor: Option<f64>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let work = programs::work("go-host")?;
    let program = build(&work)?;
    let mut command = Command::new(program);
    command.args([work.join("linked/bench"), work.join("linked/chain")]).arg(args.rounds.to_string());
    let measured: Vec<Measured> = serde_json::from_str(&output(&mut command)?)?;
    let row = |row: Measured| Row { operation: row.operation, times: vec![Some(row.ours), row.floor] };
    let times =
        Times::new(vec![Way::floor("core calls and copies")], measured.into_iter().map(row).collect());
    times.report("go-host", args)?;
    let missed: Vec<String> = times.rows.iter().filter_map(miss).collect();
    args.judge(&missed)
}

/// The target that a row does not reach.
fn miss(row: &Row) -> Option<String> {
    let title = &row.operation;
    if title.starts_with("1000 ") {
        let each = row.times.first().copied().flatten()? / 1000.0;
        return (each > RECORD).then(|| format!("{title}: {each:.0} ns each, not {RECORD}"));
    }
    let target = match &**title {
        "nop" | "add" => CALLS,
        "guest to guest, bytes 1 MiB" => GUESTS,
        _ => COPIES,
    };
    let ratio = 1.0 / row.ratio(1)?;
    (ratio > target).then(|| format!("{title}: {ratio:.2} times the floor, not {target}"))
}

/// Makes the components, bindings for them, and the program.
fn build(work: &Path) -> Result<std::path::PathBuf> {
    let witgen = programs::generator()?;
    let at = |name: &str| work.join(format!("{name}.wasm"));
    for (world, module) in [("bench", "calls"), ("provider", "provider"), ("caller", "caller")] {
        fs::write(at(world), programs::component(world, module)?)?;
    }
    output(
        Command::new(&witgen).arg("compose").args([at("caller"), at("provider")]).arg("-o").arg(at("chain")),
    )?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("go");
    for file in ["go.mod", "go.sum", "main.go"] {
        fs::copy(sources.join(file), work.join(file))?;
    }
    for name in ["bench", "chain"] {
        let (bindings, linked) = (work.join("bindings").join(name), work.join("linked").join(name));
        let wit = programs::sources().join("wit");
        output(Command::new(&witgen).args(["go", "--host", "-w", name, "-o"]).arg(bindings).arg(wit))?;
        output(Command::new(&witgen).args(["link", "--single-memory", "-o"]).arg(linked).arg(at(name)))?;
    }
    let go = std::env::var_os("WITGEN_GO").unwrap_or_else(|| "go".into());
    let program = work.join("bench");
    output(Command::new(go).args(["build", "-o"]).arg(&program).arg(".").current_dir(work))?;
    Ok(program)
}
