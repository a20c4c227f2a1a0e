//! What came of each case for each guest in each host, reported as `witgen conformance` reports.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Failed;
use witgen_languages::Language;
use witgen_suite::report;

use super::Case;

/// A host and a guest.
type Pair = (String, String);

/// Why each case failed, or that it did not, by its path.
type Outcomes = BTreeMap<String, Option<String>>;

static OUTCOMES: Mutex<BTreeMap<Pair, Outcomes>> = Mutex::new(BTreeMap::new());

/// Remembers what came of a case, and passes it on.
pub fn record(host: &str, guest: Language, case: &Case, outcome: Result<(), Failed>) -> Result<(), Failed> {
    let failure = outcome.as_ref().err().map(|failed| failed.message().unwrap_or_default().to_owned());
    let mut outcomes = OUTCOMES.lock().unwrap_or_else(PoisonError::into_inner);
    let cell = outcomes.entry((host.to_owned(), guest.id().to_owned())).or_default();
    cell.insert(named(case).path(), failure);
    outcome
}

/// Prints the matrix, and writes it as a page; nothing where nothing was run.
#[expect(clippy::print_stdout, reason = "a test program talks to its user")]
pub fn show(cases: &[Case]) {
    let outcomes = OUTCOMES.lock().unwrap_or_else(PoisonError::into_inner);
    if outcomes.is_empty() {
        return;
    }
    let mut report = report::Report { version: report::VERSION, ..report::Report::default() };
    report.cases = cases.iter().map(named).collect();
    for ((host, guest), found) in &*outcomes {
        let cell = cell(host, guest, found, cases, &mut report.failures);
        report.summary += cell.counts;
        report.cells.push(cell);
    }
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("grants.html");
    std::fs::write(&page, report.html().unwrap()).unwrap();
    println!("{}{}", report.text(), page.display());
}

fn cell(
    host: &str,
    guest: &str,
    found: &Outcomes,
    cases: &[Case],
    failures: &mut Vec<report::Failure>,
) -> report::Cell {
    let mut cell = report::Cell {
        importer: host.to_owned(),
        exporter: guest.to_owned(),
        host: host.to_owned(),
        native: Some(report::Native::Importer),
        counts: report::Counts::default(),
        seconds: 0.0,
        outcomes: String::new(),
    };
    for case in cases {
        let named = named(case);
        let letter = match found.get(&named.path()) {
            Some(None) => {
                cell.counts.passed += 1;
                'p'
            }
            Some(Some(failure)) => {
                cell.counts.failed += 1;
                failures.push(report::Failure {
                    case: format!("{}/{}", named.path(), cell.path()),
                    vector: named.vector,
                    expected: expected(case),
                    got: failure.clone(),
                    command: format!("cargo test --workspace --test grants -- {guest}::"),
                });
                'f'
            }
            None if !Language::ALL.iter().any(|known| known.id() == guest && case.suits(*known)) => {
                cell.counts.skipped += 1;
                's'
            }
            None => '-',
        };
        cell.outcomes.push(letter);
    }
    cell
}

fn named(case: &Case) -> report::Case {
    report::Case { suite: case.file.clone(), name: case.name.clone(), vector: case.act.join(" ") }
}

fn expected(case: &Case) -> String {
    let forms = [("ok", &case.ok), ("error", &case.error), ("trap", &case.trap)];
    let said = forms.iter().find_map(|(form, glob)| Some(format!("{form}: {}", glob.as_ref()?)));
    said.unwrap_or_default()
}
