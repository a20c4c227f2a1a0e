//! Calls through Rust hosts: with witgen's bindings and with those of `bindgen!`, in one process.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::programs;
use crate::table::{Args, Row, Times, Way};

/// How many times as long as with `bindgen!` a call may take.
const TARGET: f64 = 1.05;

pub(crate) fn run(args: &Args) -> Result<()> {
    let component = programs::work("rust-host")?.join("calls.wasm");
    fs::write(&component, programs::component("bench", "calls")?)?;
    let times = measure(&programs::calls()?, &component, args.rounds)?;
    let row = |(operation, [ours, theirs]): (&str, [f64; 2])| Row {
        operation: operation.to_owned(),
        times: vec![Some(ours), Some(theirs)],
    };
    let times = Times::new(
        vec![Way::floor("`bindgen!`")],
        times.iter().map(|(name, times)| row((name, *times))).collect(),
    );
    times.report("rust-host", args)?;
    let miss = |row: &Row| {
        let ratio = 1.0 / row.ratio(1)?;
        (ratio > TARGET).then(|| format!("{}: {ratio:.2} times as long as with `bindgen!`", row.operation))
    };
    let missed: Vec<String> = times.rows.iter().filter_map(miss).collect();
    args.judge(&missed)
}

/// Nanoseconds by operation, in the order of the program: ours and those of `bindgen!`.
pub(crate) fn measure(program: &Path, component: &Path, rounds: usize) -> Result<Vec<(String, [f64; 2])>> {
    let said = programs::output(Command::new(program).arg(component).arg(rounds.to_string()))?;
    let rows: Vec<(String, BTreeMap<String, f64>)> = serde_json::from_str(&said)?;
    let times = |ways: &BTreeMap<String, f64>| {
        ["witgen", "bindgen"].map(|way| ways.get(way).copied().unwrap_or(f64::NAN))
    };
    Ok(rows.iter().map(|(operation, ways)| (operation.clone(), times(ways))).collect())
}
