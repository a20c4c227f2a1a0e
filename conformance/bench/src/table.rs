//! Tables of times: as text, as JSON, and in the docs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// What a benchmark of calls has measured.
#[derive(Serialize, Deserialize)]
pub(crate) struct Times {
    version: u32,
    machine: Machine,
    /// What is compared, ours first.
    ways: Vec<Way>,
    pub(crate) rows: Vec<Row>,
}

/// One of the ways to make a call.
#[derive(Serialize, Deserialize)]
pub(crate) struct Way {
    name: String,
    /// Whether it is to be beaten, and not merely to be reached.
    peer: bool,
}

impl Way {
    /// What a call should not take much longer than.
    pub(crate) fn floor(name: &str) -> Self {
        Self { name: name.to_owned(), peer: false }
    }

    /// What a call should be faster than.
    pub(crate) fn peer(name: &str) -> Self {
        Self { name: name.to_owned(), peer: true }
    }

    /// The heading of its ratio, and the ratio where theirs divided by ours is `ratio`.
    fn compared(&self, ours: &str, ratio: Option<f64>) -> (String, Option<f64>) {
        match self.peer {
            true => (format!("{} / {ours}", self.name), ratio),
            false => (format!("{ours} / {}", self.name), ratio.map(|ratio| 1.0 / ratio)),
        }
    }
}

/// One operation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) operation: String,
    /// Nanoseconds of CPU in the order of the ways; nothing where a way cannot do it.
    pub(crate) times: Vec<Option<f64>>,
}

/// Where it was measured.
#[derive(Serialize, Deserialize)]
struct Machine {
    cpus: usize,
    architecture: String,
    processor: String,
}

impl Row {
    /// The time of a way divided by ours.
    pub(crate) fn ratio(&self, way: usize) -> Option<f64> {
        Some((*self.times.get(way)?)? / (*self.times.first()?)?)
    }
}

impl Times {
    pub(crate) fn new(others: Vec<Way>, rows: Vec<Row>) -> Self {
        let ways = std::iter::once(Way::floor("witgen")).chain(others).collect();
        Self { version: 1, machine: Machine::here(), ways, rows }
    }

    /// Prints the table and writes what `args` ask for.
    pub(crate) fn report(&self, name: &str, args: &Args) -> Result<()> {
        print!("{}", self.table());
        if let Some(path) = &args.json {
            fs::write(path, self.json()?)?;
        }
        if args.record {
            fs::write(recorded(name), self.json()?)?;
            let (page, text) = documented(name)?;
            fs::write(page, with_table(&text, name, &self.table())?)?;
        }
        Ok(())
    }

    fn json(&self) -> Result<String> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }

    /// In Markdown, with how many times as long as ours the others take.
    fn table(&self) -> String {
        let ours = self.ways.first().map_or("", |way| &way.name);
        let mut text = format!("| operation | {ours} |");
        for way in self.ways.iter().skip(1) {
            text += &format!(" {} | {} |", way.name, way.compared(ours, None).0);
        }
        text += "\n|---|---:|";
        text += &"---:|---:|".repeat(self.ways.len().saturating_sub(1));
        for row in &self.rows {
            text += &format!("\n| {} | {} |", row.operation, shown(row.times.first().copied().flatten()));
            for (index, (way, &time)) in self.ways.iter().zip(&row.times).enumerate().skip(1) {
                let ratio = way.compared(ours, row.ratio(index)).1;
                text += &format!(" {} | {} |", shown(time), ratio.map_or("-".to_owned(), digits));
            }
        }
        let Machine { cpus, architecture, processor } = &self.machine;
        text + &format!("\n\nMedians, on {cpus} cores of {processor} ({architecture}).\n")
    }
}

impl Machine {
    fn here() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        Self {
            cpus: std::thread::available_parallelism().map_or(1, usize::from),
            architecture: std::env::consts::ARCH.to_owned(),
            processor: name.map_or("an unknown processor", |(_, name)| name).to_owned(),
        }
    }
}

/// How a benchmark of calls is run, and where the figures go.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rounds per operation; the median counts
    #[arg(long, default_value_t = 21)]
    pub(crate) rounds: usize,
    /// Only print what misses a target
    #[arg(long)]
    lenient: bool,
    /// Write the figures as JSON, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Keep the figures in `conformance/bench/results` and in the docs of the language
    #[arg(long)]
    record: bool,
}

impl Args {
    /// Fails when a target is missed, unless that is only to be printed.
    pub(crate) fn judge(&self, missed: &[String]) -> Result<()> {
        if !missed.is_empty() && !self.lenient {
            bail!("missed:\n  {}", missed.join("\n  "));
        }
        missed.iter().for_each(|target| println!("missed: {target}"));
        Ok(())
    }
}

/// The figure in the middle, if there is any.
pub(crate) fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// A time as people read it.
fn shown(nanoseconds: Option<f64>) -> String {
    match nanoseconds {
        None => "-".to_owned(),
        Some(time) if time < 10e3 => format!("{time:.0} ns"),
        Some(time) if time < 10e6 => format!("{:.0} µs", time / 1e3),
        Some(time) => format!("{:.0} ms", time / 1e6),
    }
}

fn digits(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

/// The figures of a benchmark as they were last recorded.
fn recorded(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("results/{name}.json"))
}

/// The page that shows them, and its text.
fn documented(name: &str) -> Result<(PathBuf, String)> {
    let page = match name.strip_suffix("-host") {
        Some(language) => format!("languages/{language}.md"),
        None => "serving.md".to_owned(),
    };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let text = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
    Ok((page, text))
}

/// Puts a table between the marks of a page.
fn with_table(page: &str, name: &str, table: &str) -> Result<String> {
    let (start, end) = (format!("<!-- bench {name} -->\n"), "<!-- end of bench -->\n");
    let (before, rest) =
        page.split_once(&start).with_context(|| format!("the page has no `{}`", start.trim()))?;
    let (_, after) = rest.split_once(end).with_context(|| format!("the page has no `{}`", end.trim()))?;
    Ok(format!("{before}{start}\n{table}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_show_what_was_recorded() {
        for name in ["rust-host", "python-host", "js-host", "go-host", "serve"] {
            let times: Times = serde_json::from_str(&fs::read_to_string(recorded(name)).unwrap()).unwrap();
            let (page, text) = documented(name).unwrap();
            let expected = with_table(&text, name, &times.table()).unwrap();
            assert!(text == expected, "{}: run `cargo xtask bench {name} --record`", page.display());
        }
    }

    #[test]
    fn a_page_without_marks_is_an_error() {
        assert!(with_table("# Page\n", "rust-host", "").is_err());
        let page = "# Page\n<!-- bench rust-host -->\nold\n<!-- end of bench -->\nrest\n";
        let new = with_table(page, "rust-host", "| new |\n").unwrap();
        assert_eq!(new, "# Page\n<!-- bench rust-host -->\n\n| new |\n\n<!-- end of bench -->\nrest\n");
    }
}
