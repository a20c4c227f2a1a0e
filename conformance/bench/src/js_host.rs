//! Calls through JavaScript hosts: with witgen's bindings, with those of jco, and with glue written by hand.
//!
//! The components are written by hand too, and do as little as they can. `cargo xtask bench` installs jco.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use serde::Serialize;

use crate::programs::{self, folder, output};

/// How many times faster than jco calls of scalars are, those with short strings, and between components.
const SCALARS: f64 = 100.0;
const STRINGS: f64 = 10.0;
const GUESTS: f64 = 20.0;
/// How many times slower than by hand a call may be.
const BY_HAND: f64 = 1.3;
/// What the bindings of a world of six functions may have in bytes, minified.
const GLUE: usize = 5_000;
/// What the runtime may have in bytes, minified and gzipped: for six functions, and with imports and a resource, too.
const RUNTIME: (usize, usize) = (12_000, 5_000);
const RUNTIME_OF_ALL: (usize, usize) = (17_500, 7_000);
/// What `load` brings in for some components, and what they have that need it.
const LATER: [(&str, &str); 3] = [
    ("extra.js", "later: handles and compositions"),
    ("strings.js", "later: other encodings and compositions"),
    ("beyond.js", "later: imports beyond the world"),
];
/// What the bindings of a world with imports and a resource have anyway.
const SHARED: [&str; 9] = [
    "../shared/describe.js",
    "./bindings.js",
    "./calls.js",
    "./errors.js",
    "./imports.js",
    "./linear.js",
    "./plan.js",
    "./resources.js",
    "./values.js",
];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rounds per operation; the median counts
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Write the figures as JSON, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only the sizes
    #[arg(long)]
    sizes: bool,
    /// Only print what misses a target
    #[arg(long)]
    lenient: bool,
}

/// Nanoseconds of CPU by operation and way.
type Times = BTreeMap<String, BTreeMap<String, f64>>;

#[derive(Serialize)]
struct Report {
    version: u32,
    times: Times,
    sizes: BTreeMap<&'static str, Size>,
}

/// Bytes of one module that esbuild makes of all, as it was written and minified.
#[derive(Clone, Copy, Serialize)]
struct Size {
    raw: usize,
    minified: usize,
    gzipped: usize,
}

impl Size {
    /// What is more than another one.
    fn without(self, other: Self) -> Self {
        Self {
            raw: self.raw.saturating_sub(other.raw),
            minified: self.minified.saturating_sub(other.minified),
            gzipped: self.gzipped.saturating_sub(other.gzipped),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let bench = Bench::prepare()?;
    let sizes = bench.sizes()?;
    let times = if args.sizes { Times::new() } else { bench.times(args.rounds)? };
    let mut missed = print_times(&times);
    missed.extend(print_sizes(&sizes));
    if let Some(path) = &args.json {
        let report = Report { version: 1, times, sizes };
        fs::write(path, format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    }
    match missed.is_empty() || args.lenient {
        true => {
            missed.iter().for_each(|target| println!("missed: {target}"));
            Ok(())
        }
        false => bail!("missed:\n  {}", missed.join("\n  ")),
    }
}

/// Where everything is.
struct Bench {
    home: PathBuf,
    work: PathBuf,
    witgen: PathBuf,
    /// Where npm put jco, and where it put our own tools.
    peers: PathBuf,
    tools: PathBuf,
}

impl Bench {
    /// Makes the components, and bindings for them of both kinds.
    fn prepare() -> Result<Self> {
        let bench = Self {
            home: programs::sources(),
            work: programs::work("js-host")?,
            witgen: programs::generator()?,
            peers: folder("WITGEN_BENCH_JS")?,
            tools: folder("WITGEN_TOOLS_DIR")?.join("node/node_modules/.bin"),
        };
        fs::create_dir_all(bench.work.join("jco"))?;
        fs::write(bench.work.join("package.json"), "{\"type\":\"module\"}\n")?;
        bench.component("bench", "calls")?;
        bench.component("provider", "provider")?;
        bench.component("caller", "caller")?;
        bench.core_module("calls")?;
        bench.component("six", "six")?;
        let at = |name: &str| bench.work.join(format!("{name}.wasm")).display().to_string();
        bench.witgen(&["compose", &at("caller"), &at("provider"), "-o", &at("chain")])?;
        for name in ["bench", "chain", "six"] {
            let out = |kind: &str| bench.work.join(kind).join(name).display().to_string();
            let wit = bench.home.join("wit").display().to_string();
            bench.witgen(&["js", "--host", "-w", name, "-o", &out("bindings"), &wit])?;
            bench.witgen(&["link", &at(name), "-o", &out("linked")])?;
            bench.node("transpile.js", &[&bench.peers.display().to_string(), &at(name), &out("jco")])?;
        }
        Ok(bench)
    }

    /// Writes the core module of a text as it is.
    fn core_module(&self, name: &str) -> Result<()> {
        let module = wat::parse_file(self.home.join(format!("{name}.wat")))?;
        Ok(fs::write(self.work.join(format!("{name}.wasm")), module)?)
    }

    /// Writes the component of `world` that a core module makes.
    fn component(&self, world: &str, module: &str) -> Result<()> {
        Ok(fs::write(self.work.join(format!("{world}.wasm")), programs::component(world, module)?)?)
    }

    fn witgen(&self, words: &[&str]) -> Result<()> {
        output(Command::new(&self.witgen).args(words)).map(|_| ())
    }

    fn node(&self, script: &str, words: &[&str]) -> Result<String> {
        let mut node = Command::new(self.tools.join("node"));
        output(node.arg("--expose-gc").arg(self.home.join(script)).args(words))
    }

    fn times(&self, rounds: usize) -> Result<Times> {
        let said = self.node("bench.js", &[&self.work.display().to_string(), &rounds.to_string()])?;
        Ok(serde_json::from_str(&said)?)
    }

    /// The bindings of two worlds without the runtime, the runtime that they need, what `load` may bring in, and what jco
    /// makes of the smaller one.
    fn sizes(&self) -> Result<BTreeMap<&'static str, Size>> {
        let [six, runtime, both] = self.parts("six")?;
        let [all, runtime_of_all, _] = self.parts("bench")?;
        let jco = self.size(&self.work.join("jco/six/six.js"), &[])?;
        let mut sizes = BTreeMap::from([
            ("glue of six functions", six),
            ("runtime", runtime),
            ("both", both),
            ("glue with imports and a resource", all),
            ("runtime with imports and a resource", runtime_of_all),
            ("jco, six functions", jco),
        ]);
        let words = SHARED.map(|module| format!("--external:{module}"));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for (module, name) in LATER {
            let module = self.work.join("bindings/bench/_witgen/host").join(module);
            sizes.insert(name, self.size(&module, &words)?);
        }
        Ok(sizes)
    }

    /// The bindings of a world without the runtime, the runtime that they need, and both.
    fn parts(&self, world: &str) -> Result<[Size; 3]> {
        let bindings = self.work.join("bindings").join(world).join("index.js");
        let both = self.size(&bindings, &without_later())?;
        let glue = self.size(&bindings, &["--external:./runtime.js", "--external:./_witgen/runtime.js"])?;
        Ok([glue, both.without(glue), both])
    }

    fn size(&self, module: &Path, words: &[&str]) -> Result<Size> {
        let raw = fs::read(self.bundle(module, words, &[])?)?.len();
        let out = self.bundle(module, words, &["--minify"])?;
        let script = "const { gzipSync } = require('zlib');\
            console.log(gzipSync(require('fs').readFileSync(process.argv[1]), { level: 9 }).length)";
        let gzipped = output(Command::new(self.tools.join("node")).args(["-e", script]).arg(&out))?;
        Ok(Size { raw, minified: fs::read(&out)?.len(), gzipped: gzipped.trim().parse()? })
    }

    /// Makes one module of a module and all that it imports.
    fn bundle(&self, module: &Path, words: &[&str], more: &[&str]) -> Result<PathBuf> {
        let out = self.work.join("bundle.js");
        let outfile = format!("--outfile={}", out.display());
        let fixed = ["--bundle", "--format=esm", "--platform=neutral", "--log-level=error"];
        let mut esbuild = Command::new(self.tools.join("esbuild"));
        output(esbuild.arg(module).args(fixed).arg(outfile).args(words).args(more))?;
        Ok(out)
    }
}

/// What `load` brings in where it is needed, for WASI in Node above all, is no part of a world without.
fn without_later() -> Vec<&'static str> {
    vec!["--external:./node/*", "--external:./extra.js", "--external:./strings.js", "--external:./beyond.js"]
}

/// What a row has to reach against jco.
fn target(operation: &str) -> f64 {
    match operation {
        "nop"
        | "add"
        | "option"
        | "option of an option"
        | "result, ok"
        | "import, scalar"
        | "resource, method" => SCALARS,
        "guest to guest, add" | "guest to guest, bytes 1 MiB" | "guest to guest, string 1 kB" => GUESTS,
        // What is not ASCII goes through the decoder of the platform, by whatever way.
        "string 16 kB, not ASCII" => 1.0,
        _ if operation.starts_with("string") || operation.ends_with("string 10 B") => STRINGS,
        _ => 1.0,
    }
}

/// Prints the table; gives what was missed.
fn print_times(times: &Times) -> Vec<String> {
    let mut missed = Vec::new();
    if times.is_empty() {
        return missed;
    }
    println!("| operation | witgen | by hand | ratio | jco | times faster | copies alone |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for (operation, ways) in times {
        let [ours, hand, jco, bare] = ["witgen", "hand", "jco", "bare"].map(|way| ways.get(way));
        let ratio = |over: Option<&f64>, under: Option<&f64>| Some(over? / under?);
        let (to_hand, to_jco) = (ratio(ours, hand), ratio(jco, ours));
        let number =
            |value: Option<f64>, digits| value.map_or("-".into(), |value| format!("{value:.digits$}"));
        println!(
            "| {operation} | {} | {} | {} | {} | {} | {} |",
            shown(ours),
            shown(hand),
            number(to_hand, 2),
            shown(jco),
            number(to_jco, 1),
            shown(bare),
        );
        if to_hand.is_some_and(|ratio| ratio > BY_HAND) {
            missed.push(format!("{operation}: {} times as long as by hand", number(to_hand, 2)));
        }
        // Nobody is faster than the copies alone.
        let is_at_limit = ratio(ours, bare).is_some_and(|ratio| ratio < BY_HAND);
        if !is_at_limit && to_jco.is_some_and(|ratio| ratio < target(operation)) {
            missed.push(format!(
                "{operation}: {} times as fast as jco, not {}",
                number(to_jco, 1),
                target(operation)
            ));
        }
    }
    println!();
    missed
}

/// A time as people read it.
fn shown(nanoseconds: Option<&f64>) -> String {
    match nanoseconds {
        None => "-".to_owned(),
        Some(time) if *time < 10e3 => format!("{time:.0} ns"),
        Some(time) if *time < 10e6 => format!("{:.0} µs", time / 1e3),
        Some(time) => format!("{:.0} ms", time / 1e6),
    }
}

fn print_sizes(sizes: &BTreeMap<&'static str, Size>) -> Vec<String> {
    println!("| bytes | as written | minified | gzipped |");
    println!("|---|---:|---:|---:|");
    for (name, Size { raw, minified, gzipped }) in sizes {
        println!("| {name} | {raw} | {minified} | {gzipped} |");
    }
    let limits = [
        ("glue of six functions", (GLUE, usize::MAX)),
        ("runtime", RUNTIME),
        ("runtime with imports and a resource", RUNTIME_OF_ALL),
    ];
    let over = limits.into_iter().filter_map(|(name, (minified, gzipped))| {
        let size = sizes.get(name)?;
        (size.minified > minified || size.gzipped > gzipped)
            .then(|| format!("{name}: {} bytes, {} gzipped", size.minified, size.gzipped))
    });
    over.collect()
}
