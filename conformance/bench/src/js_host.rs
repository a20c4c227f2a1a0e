//! Calls through JavaScript hosts: with witgen's bindings, with those of jco, and with glue written by hand.
//!
//! The components are written by hand too, and do as little as they can. `cargo xtask bench` installs jco.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::programs::{self, folder, output};
use crate::table::{self, Row, Times, Way};

/// How many times faster than jco calls of scalars are, those with short strings, and between components.
const SCALARS: f64 = 100.0;
const STRINGS: f64 = 10.0;
const GUESTS: f64 = 20.0;
/// How many times slower than by hand a call may be.
const BY_HAND: f64 = 1.3;
/// How many processes the rounds are spread over: where its large buffers lie makes one process twice as fast as another.
const PROCESSES: usize = 7;
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
#[group(skip)]
pub(crate) struct Args {
    #[command(flatten)]
    calls: table::Args,
    /// Only the sizes
    #[arg(long, conflicts_with_all = ["json", "record"])]
    sizes: bool,
}

/// Bytes of one module that esbuild makes of all, as it was written and minified.
#[derive(Clone, Copy)]
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
    let mut missed = Vec::new();
    if !args.sizes {
        let others = vec![Way::floor("by hand"), Way::peer("jco"), Way::floor("copies")];
        let times = Times::new(others, bench.rows(args.calls.rounds)?);
        times.report("js-host", &args.calls)?;
        println!();
        missed.extend(times.rows.iter().flat_map(misses));
    }
    missed.extend(print_sizes(&bench.sizes()?));
    args.calls.judge(&missed)
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

    fn rows(&self, rounds: usize) -> Result<Vec<Row>> {
        let rounds = rounds.div_ceil(PROCESSES).to_string();
        let work = self.work.display().to_string();
        let mut operations: Vec<(String, BTreeMap<String, Vec<f64>>)> = Vec::new();
        for _ in 0..PROCESSES {
            let said = self.node("bench.js", &[&work, &rounds])?;
            let found: Vec<(String, BTreeMap<String, Vec<f64>>)> = serde_json::from_str(&said)?;
            if operations.is_empty() {
                operations = found;
                continue;
            }
            for ((_, ways), (_, more)) in operations.iter_mut().zip(found) {
                more.into_iter().for_each(|(way, times)| ways.entry(way).or_default().extend(times));
            }
        }
        let row = |(operation, mut ways): (String, BTreeMap<String, Vec<f64>>)| {
            let times = ["witgen", "hand", "jco", "bare"].map(|way| ways.remove(way).and_then(table::median));
            Row { operation, times: times.to_vec() }
        };
        Ok(operations.into_iter().map(row).collect())
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

/// The targets that a row does not reach.
fn misses(row: &Row) -> Vec<String> {
    let title = &row.operation;
    let slow = row.ratio(1).map(|ratio| 1.0 / ratio).filter(|&ratio| ratio > BY_HAND);
    // Nobody is faster than the copies alone.
    let is_at_limit = row.ratio(3).is_some_and(|ratio| 1.0 / ratio < BY_HAND);
    let near = row.ratio(2).filter(|&ratio| !is_at_limit && ratio < target(title));
    let slow = slow.map(|ratio| format!("{title}: {ratio:.2} times as long as by hand, not {BY_HAND}"));
    let near = near.map(|ratio| format!("{title}: {ratio:.1} times as fast as jco, not {}", target(title)));
    slow.into_iter().chain(near).collect()
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
