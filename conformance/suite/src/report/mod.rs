//! What a run found, as data: every format is printed from it, and shards are joined in it.

mod html;
mod junit;
mod text;

use serde::{Deserialize, Serialize};

/// The version of the JSON form.
pub const VERSION: u32 = 1;

/// A run of the suite, or of a shard of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// [`VERSION`]
    pub version: u32,
    /// The cells together.
    pub summary: Counts,
    /// How long it took.
    pub seconds: f64,
    /// Every case, in the order of [`Cell::outcomes`].
    pub cases: Vec<Case>,
    /// Every pair that was run.
    pub cells: Vec<Cell>,
    /// Every case that did not do what it should.
    pub failures: Vec<Failure>,
    /// What was left out and why: a missing toolchain, an unsupported type.
    pub skipped: Vec<Skip>,
}

/// How many cases ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Did what they should.
    pub passed: usize,
    /// Did not.
    pub failed: usize,
    /// Failed as their list says.
    pub known_failing: usize,
    /// Were not run.
    pub skipped: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.known_failing += other.known_failing;
        self.skipped += other.skipped;
    }
}

/// One vector and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    /// The vector file: `integers`.
    pub suite: String,
    /// The type or function, the index of the vector, and the step: `types.order[0].roundtrip`.
    pub name: String,
    /// The vector in WAVE.
    pub vector: String,
}

impl Case {
    /// `integers/types.order[0].roundtrip`
    pub fn path(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }
}

/// A side of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Native {
    /// The host calls a component.
    Importer,
    /// The host is called by a component.
    Exporter,
}

/// An importer, an exporter and what runs them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cell {
    /// The language that calls, the host's own where the host calls.
    pub importer: String,
    /// The language that is called, or the name of a component; the host's own where the host is called.
    pub exporter: String,
    /// What runs it: `wasmtime` for two components, else the language of a host.
    pub host: String,
    /// The side that the host takes itself; none when both are components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native: Option<Native>,
    /// How its cases ended.
    #[serde(flatten)]
    pub counts: Counts,
    /// How long it took.
    pub seconds: f64,
    /// A letter for each case: `p`assed, `f`ailed, `k`nown failing, `s`kipped, `-` not chosen.
    pub outcomes: String,
}

impl Cell {
    /// `importer:rust/exporter:go/host:wasmtime`, `importer:host/exporter:go/host:rust`
    pub fn path(&self) -> String {
        format!("importer:{}/exporter:{}/host:{}", self.caller(), self.called(), self.host)
    }

    /// The path with the language in the place of `host`, which filters may be written for as well.
    pub fn languages(&self) -> String {
        format!("importer:{}/exporter:{}/host:{}", self.importer, self.exporter, self.host)
    }

    /// Who calls: a language, or `host`.
    pub fn caller(&self) -> &str {
        if self.native == Some(Native::Importer) { "host" } else { &self.importer }
    }

    /// Who is called: a language, the name of a component, or `host`.
    pub fn called(&self) -> &str {
        if self.native == Some(Native::Exporter) { "host" } else { &self.exporter }
    }
}

/// A case that failed in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Failure {
    /// `integers/types.order[0].roundtrip/importer:rust/exporter:go/host:wasmtime`
    pub case: String,
    /// The vector in WAVE.
    pub vector: String,
    /// What it should have done.
    pub expected: String,
    /// What it did.
    pub got: String,
    /// The command that runs it alone.
    pub command: String,
}

/// Something that was not run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Skip {
    /// A language, or a type in a language.
    pub what: String,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Whether nothing failed.
    pub fn is_fine(&self) -> bool {
        self.failures.is_empty() && self.summary.failed == 0
    }

    /// Joins the reports of shards.
    ///
    /// # Errors
    ///
    /// Why they do not belong together.
    pub fn merge(reports: Vec<Self>) -> Result<Self, String> {
        let mut merged = Self { version: VERSION, ..Self::default() };
        for report in reports {
            if report.version != VERSION {
                return Err(format!("a report has version {}, this witgen reads {VERSION}", report.version));
            }
            if merged.cases.is_empty() {
                merged.cases.clone_from(&report.cases);
            }
            if merged.cases != report.cases {
                return Err("the reports are of different cases".to_owned());
            }
            for cell in report.cells {
                if merged.cells.iter().any(|other| other.path() == cell.path()) {
                    return Err(format!("two reports hold the cell {}", cell.path()));
                }
                merged.summary += cell.counts;
                merged.cells.push(cell);
            }
            merged.failures.extend(report.failures);
            merged.skipped.extend(report.skipped);
            merged.seconds += report.seconds;
        }
        merged.skipped.sort();
        merged.skipped.dedup();
        Ok(merged)
    }
}
