//! The report for a terminal: failures first, the matrix at the end.

use std::fmt::Write as _;

use super::{Cell, Report};

/// Failures that are printed in full.
const SHOWN: usize = 20;

impl Report {
    /// The report as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for failure in self.failures.iter().take(SHOWN) {
            let _ = writeln!(out, "FAILED {}", failure.case);
            let _ = writeln!(out, "  vector    {}", indented(&failure.vector));
            let _ = writeln!(out, "  expected  {}", indented(&failure.expected));
            let _ = writeln!(out, "  got       {}", indented(&failure.got));
            let _ = writeln!(out, "  again     {}\n", failure.command);
        }
        if self.failures.len() > SHOWN {
            let _ = writeln!(
                out,
                "and {} more failures; --format json lists them all\n",
                self.failures.len() - SHOWN
            );
        }
        for skip in &self.skipped {
            let _ = writeln!(out, "skipped {}: {}", skip.what, skip.reason);
        }
        if !self.skipped.is_empty() {
            out.push('\n');
        }
        out.push_str(&self.matrix());
        let counts = self.summary;
        let _ = writeln!(
            out,
            "{} cases, {} cells, {:.1} s: {} passed, {} failed, {} known failing, {} skipped",
            self.cases.len(),
            self.cells.len(),
            self.seconds,
            counts.passed,
            counts.failed,
            counts.known_failing,
            counts.skipped
        );
        out
    }

    /// A row for each importer, a column for each exporter.
    fn matrix(&self) -> String {
        let mut hosts: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if !hosts.contains(&cell.host.as_str()) {
                hosts.push(&cell.host);
            }
        }
        let mut out = String::new();
        for host in hosts {
            let cells: Vec<&Cell> = self.cells.iter().filter(|cell| cell.host == host).collect();
            let (mut importers, mut exporters): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
            for cell in &cells {
                if !importers.contains(&cell.caller()) {
                    importers.push(cell.caller());
                }
                if !exporters.contains(&cell.called()) {
                    exporters.push(cell.called());
                }
            }
            let mut rows = vec![vec![format!("in {host}")]];
            rows[0].extend(exporters.iter().map(|exporter| (*exporter).to_owned()));
            for importer in importers {
                let mut row = vec![format!("{importer} calls")];
                for exporter in &exporters {
                    let found =
                        cells.iter().find(|cell| cell.caller() == importer && cell.called() == *exporter);
                    row.push(found.map_or_else(|| "-".to_owned(), |cell| summary(cell)));
                }
                rows.push(row);
            }
            out.push_str(&table(&rows));
            out.push('\n');
        }
        out
    }
}

/// `1536`, `1530 6 failed`, `1500 36 skipped`.
fn summary(cell: &Cell) -> String {
    let counts = cell.counts;
    let mut text = counts.passed.to_string();
    let others = [(counts.failed, "failed"), (counts.known_failing, "known"), (counts.skipped, "skipped")];
    for (count, name) in others.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(text, " {count} {name}");
    }
    text
}

fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}")).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// The later lines of a text below the first.
fn indented(text: &str) -> String {
    text.replace('\n', "\n            ")
}
