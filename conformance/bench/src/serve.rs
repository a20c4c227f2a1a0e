//! Requests to a component in Rust, through `witgen serve` and through `wasmtime serve` of the same version.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::programs::{self, folder, output};
use crate::table::{Args, Row, Times, Way, median};

const CONNECTIONS: &str = "16";
/// Nanoseconds within which a precompiled component starts and answers.
const COLD: f64 = 1e6;
/// How long each server is asked, in each round.
const ASKED: &str = "3s";
/// Neither is much more than `--rounds` of other benchmarks take.
const MOST_ROUNDS: usize = 5;

/// What one round has measured, in nanoseconds.
struct Round {
    /// Between two answers.
    request: f64,
    /// Within which 99 of 100 requests are answered.
    slowest: f64,
    /// From a request to its answer, where there is no other one: the instance starts for it.
    alone: f64,
    /// From the start of the program, whose compiled component is in its cache, to the first answer.
    start: f64,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let work = programs::work("serve")?;
    let component = work.join("handler.wasm");
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/http-handler/guests/rust");
    output(Command::new(programs::generator()?).arg("build").arg(project).arg("-o").arg(&component))?;
    let witgen = programs::witgen()?;
    let wasmtime = folder("WITGEN_BENCH_SERVE")?.join("bin/wasmtime");
    let ours = |address: &str| {
        let mut command = Command::new(&witgen);
        command.args(["serve", "--addr", address]).arg(&component);
        command
    };
    let theirs = |address: &str| {
        let mut command = Command::new(&wasmtime);
        command.args(["serve", "-S", "cli", "-C", "cache", "--addr", address]).arg(&component);
        command
    };
    let log = work.join("log");
    let mut rounds = [Vec::new(), Vec::new()];
    // The first round fills the caches of compiled code.
    for index in 0..=args.rounds.min(MOST_ROUNDS) {
        let found = [round(&ours, &log)?, round(&theirs, &log)?];
        if index > 0 {
            rounds.iter_mut().zip(found).for_each(|(rounds, round)| rounds.push(round));
        }
    }
    let row = |operation: &str, figure: fn(&Round) -> f64| Row {
        operation: operation.to_owned(),
        times: rounds.iter().map(|rounds| median(rounds.iter().map(figure).collect())).collect(),
    };
    let rows = vec![
        row("a request, 16 connections", |round| round.request),
        row("the slowest of 100 requests", |round| round.slowest),
        row("a request alone", |round| round.alone),
        row("from the start to the first answer", |round| round.start),
    ];
    let times = Times::new(vec![Way::peer("`wasmtime serve`")], rows);
    times.report("serve", args)?;
    let miss = |row: &Row| {
        let ratio = row.ratio(1)?;
        (ratio < 1.0).then(|| format!("{}: {:.2} times as long", row.operation, 1.0 / ratio))
    };
    let cold =
        times.rows[2].times[0].filter(|&time| time > COLD).map(|time| format!("cold start: {time:.0} ns"));
    args.judge(&times.rows.iter().filter_map(miss).chain(cold).collect::<Vec<_>>())
}

/// A server that ends with the round.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn round(server: &dyn Fn(&str) -> Command, log: &Path) -> Result<Round> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let started = Instant::now();
    let log = File::create(log)?;
    let mut command = server(&address);
    command.stdout(log.try_clone()?).stderr(log).stdin(Stdio::null());
    let _running = Running(command.spawn().with_context(|| format!("cannot run {command:?}"))?);
    while !answers(&address) {
        ensure!(started.elapsed() < Duration::from_secs(60), "{command:?} does not answer");
    }
    let start = started.elapsed().as_nanos() as f64;
    let alone = Asked::with("1", "1s", &address)?;
    let asked = Asked::with(CONNECTIONS, ASKED, &address)?;
    Ok(Round {
        request: 1e9 / asked.word("Requests/sec:")?.parse::<f64>()?,
        slowest: duration(asked.word("99%")?)?,
        alone: duration(alone.word("50%")?)?,
        start,
    })
}

/// What wrk has said.
struct Asked(String);

impl Asked {
    /// Asks for so long, over so many connections.
    fn with(connections: &str, time: &str, address: &str) -> Result<Self> {
        let words = ["-t1", "-c", connections, "-d", time, "--latency"];
        let said = output(Command::new("wrk").args(words).arg(format!("http://{address}/")))?;
        ensure!(!said.contains("Non-2xx"), "{said}");
        Ok(Self(said))
    }

    /// The word after the name of a figure.
    fn word(&self, name: &str) -> Result<&str> {
        let found = self.0.lines().find_map(|text| text.trim().strip_prefix(name));
        found.map(str::trim).with_context(|| format!("wrk does not say `{name}`: {}", self.0))
    }
}

/// Whether the server gives an answer.
fn answers(address: &str) -> bool {
    use std::io::{Read as _, Write as _};

    let ask = || {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        std::io::Result::Ok(text.contains(" 200 "))
    };
    ask().unwrap_or(false)
}

/// A time as wrk prints it, `1.25ms`, in nanoseconds.
fn duration(text: &str) -> Result<f64> {
    let units = [("us", 1e3), ("ms", 1e6), ("s", 1e9)];
    let found =
        units.iter().find_map(|(unit, size)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * size));
    found.with_context(|| format!("`{text}` is no time"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_of_wrk_are_read() {
        assert_eq!(super::duration("850.00us").unwrap(), 850e3);
        assert_eq!(super::duration("1.25ms").unwrap(), 1.25e6);
        assert_eq!(super::duration("2.00s").unwrap(), 2e9);
        assert!(super::duration("soon").is_err());
    }
}
