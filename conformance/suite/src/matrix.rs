//! Runs every chosen case in every chosen cell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use wildmatch::WildMatch;
use witgen_backend::testee::Role;
use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::Options;
use crate::engine::{Ended, Engine, Pair};
use crate::known::{KnownFailures, Verdict};
use crate::plan::{Action, Case, Plan};
use crate::report::{Cell, Counts, Failure, Report, Skip, VERSION};
use crate::testees::{self, Workplace};

/// The only host of guests that call guests.
const HOST: &str = "wasmtime";

/// A component that exports what is under test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exporter {
    /// A derived guest.
    Guest(Language),
    /// A component of the user.
    Component(String),
}

impl std::fmt::Display for Exporter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Guest(language) => write!(formatter, "{language}"),
            Self::Component(name) => formatter.write_str(name),
        }
    }
}

/// The state of a run.
pub(crate) struct Matrix<'a> {
    plan: &'a Plan,
    options: &'a Options,
    known: KnownFailures,
    cases: Vec<Case>,
    scratch: &'a Path,
    workplace: Workplace,
    /// The types that a language supports; for the others the reason.
    supported: BTreeMap<Language, Vec<Result<(), String>>>,
    /// Components by language and role; none where the toolchain is missing.
    guests: BTreeMap<(Language, &'static str), Option<PathBuf>>,
    report: Report,
}

impl<'a> Matrix<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        options: &'a Options,
        known: KnownFailures,
        scratch: &'a Path,
    ) -> witgen_diag::Result<Self> {
        let workplace = match (&options.keep, witgen_build::cache_dir()) {
            (Some(dir), _) => Workplace::Kept(dir.clone()),
            (None, Some(dir)) => Workplace::Cache(dir.join("suite")),
            (None, None) => Workplace::Kept(scratch.join("guests")),
        };
        let cases = plan.cases();
        let report = Report {
            version: VERSION,
            cases: cases.iter().map(|case| case.info.clone()).collect(),
            ..Report::default()
        };
        Ok(Self {
            plan,
            options,
            known,
            cases,
            scratch,
            workplace,
            supported: BTreeMap::new(),
            guests: BTreeMap::new(),
            report,
        })
    }

    /// Runs all cells of the shard.
    pub(crate) fn run(mut self, progress: &dyn Fn(&str)) -> witgen_diag::Result<Report> {
        let started = Instant::now();
        let engine = Engine::new()?;
        let all = self.cells();
        let cells = match self.options.shard {
            Some(shard) => shard.choose(all, |(importer, exporter)| weight(*importer, exporter)),
            None => all,
        };
        let mut jobs = Vec::new();
        for (importer, exporter) in cells {
            jobs.push(self.job(importer, &exporter, progress)?);
        }
        progress(&format!("running {} cells", jobs.len()));
        for (job, run) in jobs.iter().zip(run_all(&engine, &jobs, &self.cases)) {
            self.file(job, run?);
        }
        if self.options.is_whole() {
            self.report_unused();
        }
        self.report.skipped.sort();
        self.report.skipped.dedup();
        self.report.seconds = started.elapsed().as_secs_f64();
        Ok(self.report)
    }

    /// A line of the known failures that no case matches is a failure of its own.
    fn report_unused(&mut self) {
        for place in self.known.unused() {
            self.report.summary.failed += 1;
            self.report.failures.push(Failure {
                case: place,
                vector: String::new(),
                expected: "a known failure that some case matches".to_owned(),
                got: "no case matches it: remove the line".to_owned(),
                command: "witgen conformance".to_owned(),
            });
        }
    }

    /// Every importer with every exporter, in the order of the languages.
    fn cells(&self) -> Vec<(Language, Exporter)> {
        let mut exporters = Vec::new();
        if !self.plan.types.is_empty() {
            exporters.extend(self.options.exporters.iter().map(|language| Exporter::Guest(*language)));
        }
        if !self.plan.calls.is_empty() {
            let names = self.options.components.iter().map(|(name, _)| Exporter::Component(name.clone()));
            exporters.extend(names);
        }
        let importers = &self.options.importers;
        importers
            .iter()
            .flat_map(|importer| exporters.iter().map(|exporter| (*importer, exporter.clone())))
            .collect()
    }

    /// What a cell needs; its guests are built here, one after the other, since toolchains use all processors.
    fn job(
        &mut self,
        importer: Language,
        exporter: &Exporter,
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Job> {
        let cell = Cell {
            importer: importer.to_string(),
            exporter: exporter.to_string(),
            host: HOST.to_owned(),
            counts: Counts::default(),
            seconds: 0.0,
            outcomes: String::new(),
        };
        let choices = self.chosen(importer, exporter, &cell.path())?;
        let components = match choices.contains(&Choice::Run) {
            true => self.components(importer, exporter, progress)?,
            false => None,
        };
        Ok(Job { cell, choices, components, groups: self.indices(importer)? })
    }

    /// Puts what came of a cell into the report.
    fn file(&mut self, job: &Job, run: CellRun) {
        let mut cell = job.cell.clone();
        let path = cell.path();
        for (index, (choice, ended)) in job.choices.iter().zip(run.ended).enumerate() {
            let letter = match (choice, ended) {
                (Choice::Leave, _) => '-',
                (Choice::Skip, _) | (Choice::Run, None) => 's',
                (Choice::Run, Some(ended)) => self.judge(index, &path, &ended),
            };
            count(&mut cell.counts, letter);
            cell.outcomes.push(letter);
        }
        cell.seconds = run.seconds;
        self.report.summary += cell.counts;
        self.report.cells.push(cell);
    }

    /// What to do with each case in a cell.
    fn chosen(
        &mut self,
        importer: Language,
        exporter: &Exporter,
        cell: &str,
    ) -> witgen_diag::Result<Vec<Choice>> {
        let filter = self.options.filter.as_deref().map(WildMatch::new);
        let mut supported = self.support(importer)?.to_vec();
        if let Exporter::Guest(language) = exporter {
            for (mine, other) in supported.iter_mut().zip(self.support(*language)?) {
                if mine.is_ok() {
                    mine.clone_from(other);
                }
            }
        }
        let choices = self.cases.iter().map(|case| {
            let is_call = matches!(case.action, Action::Call { .. });
            let fits = is_call == matches!(exporter, Exporter::Component(_));
            let path = format!("{}/{cell}", case.info.path());
            if !fits || filter.as_ref().is_some_and(|filter| !filter.matches(&path)) {
                return Choice::Leave;
            }
            match case.action {
                Action::Run { ty, .. } if supported[ty].is_err() => Choice::Skip,
                _ => Choice::Run,
            }
        });
        Ok(choices.collect())
    }

    fn support(&mut self, language: Language) -> witgen_diag::Result<&[Result<(), String>]> {
        if !self.supported.contains_key(&language) {
            let supported = self.plan.supported(language, self.scratch)?;
            for (ty, reason) in self.plan.types.iter().zip(&supported) {
                if let Err(reason) = reason {
                    self.report
                        .skipped
                        .push(Skip { what: format!("{} in {language}", ty.label), reason: reason.clone() });
                }
            }
            self.supported.insert(language, supported);
        }
        Ok(self.supported.get(&language).map(Vec::as_slice).unwrap_or_default())
    }

    /// The types that `language` supports, which are the groups of its guests.
    fn indices(&mut self, language: Language) -> witgen_diag::Result<Vec<usize>> {
        let supported = self.support(language)?;
        Ok(supported.iter().enumerate().filter(|(_, ty)| ty.is_ok()).map(|(index, _)| index).collect())
    }

    /// The two components of a cell; none when one of them cannot be built here.
    fn components(
        &mut self,
        importer: Language,
        exporter: &Exporter,
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<[PathBuf; 2]>> {
        let (role, other) = match exporter {
            Exporter::Guest(language) => ("importer", self.guest(*language, "exporter", progress)?),
            Exporter::Component(name) => {
                let found = self.options.components.iter().find(|(other, _)| other == name);
                ("caller", found.map(|(_, path)| path.clone()))
            }
        };
        let Some(other) = other else { return Ok(None) };
        Ok(self.guest(importer, role, progress)?.map(|calling| [calling, other]))
    }

    fn guest(
        &mut self,
        language: Language,
        kind: &'static str,
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<PathBuf>> {
        if let Some(found) = self.guests.get(&(language, kind)) {
            return Ok(found.clone());
        }
        progress(&format!("building the {language} {kind}"));
        let role = if kind == "exporter" { Role::Exporter } else { Role::Importer };
        let (derived, cases) = if kind == "caller" {
            let derived = self.plan.derive_calls(self.scratch)?;
            let cases = self.plan.calls(&derived.world)?;
            (derived, cases)
        } else {
            let indices = self.indices(language)?;
            let derived = self.plan.derive_types(&indices, role, self.scratch)?;
            let cases = self.plan.groups(&indices, &derived.world)?;
            (derived, cases)
        };
        let built = match testees::build(language, &derived, &cases, role, &self.workplace) {
            Ok(path) => Some(path),
            Err(found) if !self.options.strict && found.iter().all(|found| found.id == Id::MissingTool) => {
                let reason = found.first().map(|found| found.message.clone()).unwrap_or_default();
                self.report.skipped.push(Skip { what: language.to_string(), reason });
                None
            }
            Err(found) => return Err(found),
        };
        self.guests.insert((language, kind), built.clone());
        Ok(built)
    }

    /// Files a case under its letter.
    fn judge(&mut self, index: usize, cell: &str, ended: &Ended) -> char {
        let case = &self.cases[index];
        let path = format!("{}/{cell}", case.info.path());
        let (expected, got) = match difference(&case.action, ended) {
            None if self.known.lists(&path) => {
                ("the failure that is listed as known".to_owned(), "it passes: remove the line".to_owned())
            }
            None => return 'p',
            Some((expected, got)) => match self.known.judge(&path, &got) {
                Verdict::Expected => return 'k',
                Verdict::OtherMessage(wanted) => (format!("the known failure `{wanted}`"), got),
                Verdict::Unlisted => (expected, got),
            },
        };
        let command = self.options.command(&path);
        let vector = case.info.vector.clone();
        self.report.failures.push(Failure { case: path, vector, expected, got, command });
        'f'
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Run,
    Skip,
    /// Not of this cell, or filtered out.
    Leave,
}

/// A cell that is ready to run.
struct Job {
    cell: Cell,
    choices: Vec<Choice>,
    /// The importer and the exporter.
    components: Option<[PathBuf; 2]>,
    /// The types that the importer has, in the order of its groups.
    groups: Vec<usize>,
}

/// What came of it: how each case ended that was run.
struct CellRun {
    ended: Vec<Option<Ended>>,
    seconds: f64,
}

/// Runs all jobs, as many at a time as there are processors; results are in the order of the jobs.
fn run_all(engine: &Engine, jobs: &[Job], cases: &[Case]) -> Vec<witgen_diag::Result<CellRun>> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(jobs.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { return };
                    let run = run_job(engine, job, cases);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, run);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn run_job(engine: &Engine, job: &Job, cases: &[Case]) -> witgen_diag::Result<CellRun> {
    let started = Instant::now();
    let mut pair = match &job.components {
        Some(components) => {
            let joined = witgen_build::compose::compose(components)?;
            Some(engine.pair(&joined.bytes, &components[0])?)
        }
        None => None,
    };
    let ended = job.choices.iter().zip(cases).map(|(choice, case)| match (&mut pair, choice) {
        (Some(pair), Choice::Run) => Some(execute(pair, &case.action, &job.groups)),
        _ => None,
    });
    let ended = ended.collect();
    Ok(CellRun { ended, seconds: started.elapsed().as_secs_f64() })
}

fn execute(pair: &mut Pair, action: &Action, groups: &[usize]) -> Ended {
    match action {
        Action::Run { ty, value, step } => match groups.iter().position(|index| index == ty) {
            Some(group) => pair.run(u32::try_from(group).unwrap_or(u32::MAX), *value, *step),
            None => Ended::Trap("the importer has no such type".to_owned()),
        },
        Action::Call { index, .. } => pair.call(*index),
    }
}

/// What was expected and what came instead; nothing when all is well.
fn difference(action: &Action, ended: &Ended) -> Option<(String, String)> {
    match (action, ended) {
        (Action::Call { trap: Some(glob), .. }, Ended::Trap(message)) => {
            let fits = WildMatch::new(glob).matches(message)
                || WildMatch::new(&format!("*{glob}*")).matches(message);
            (!fits).then(|| (format!("a trap like `{glob}`"), message.clone()))
        }
        (Action::Call { trap: Some(glob), .. }, Ended::Well | Ended::Different(_)) => {
            Some((format!("a trap like `{glob}`"), "it returned".to_owned()))
        }
        (_, Ended::Well) => None,
        (_, Ended::Different(text)) => Some(("the vector".to_owned(), text.clone())),
        (_, Ended::Trap(message)) => Some(("the vector".to_owned(), message.clone())),
    }
}

fn count(counts: &mut Counts, letter: char) {
    match letter {
        'p' => counts.passed += 1,
        'f' => counts.failed += 1,
        'k' => counts.known_failing += 1,
        's' => counts.skipped += 1,
        _ => {}
    }
}

/// How long a cell takes, roughly: guests of some languages are slow to build and to start.
fn weight(importer: Language, exporter: &Exporter) -> u32 {
    let of = |language: Language| match language {
        Language::Rust | Language::Go => 1,
        Language::Js => 3,
        Language::Python => 6,
    };
    of(importer)
        + match exporter {
            Exporter::Guest(language) => of(*language),
            Exporter::Component(_) => 1,
        }
}

/// Part of the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Counted from one.
    pub index: usize,
    /// How many there are.
    pub count: usize,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err(format!("`{text}` is no shard; write I/N with I from 1 to N, for instance 2/4")),
        }
    }
}

impl Shard {
    /// Its share of `all`: the heaviest goes first, always to the shard with the least so far.
    fn choose<T>(self, all: Vec<T>, weight: impl Fn(&T) -> u32) -> Vec<T> {
        let mut loads = vec![0; self.count];
        let mut order: Vec<(usize, T)> = all.into_iter().enumerate().collect();
        order.sort_by_key(|(_, item)| std::cmp::Reverse(weight(item)));
        let mut chosen = Vec::new();
        for (position, item) in order {
            let lightest = (0..self.count).min_by_key(|shard| loads[*shard]).unwrap_or(0);
            loads[lightest] += weight(&item);
            if lightest + 1 == self.index {
                chosen.push((position, item));
            }
        }
        chosen.sort_by_key(|(position, _)| *position);
        chosen.into_iter().map(|(_, item)| item).collect()
    }
}

/// Why a component of the user cannot be found.
pub(crate) fn missing_component(name: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(Id::MissingInput, format!("the component `{name}` is not there"))
        .in_path(path)
        .help("build it first, for instance with `witgen build`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_everything_once_and_evenly() {
        let weights = [12, 9, 9, 7, 7, 6, 4, 4, 2, 2, 2, 2];
        let mut all: Vec<u32> = Vec::new();
        for index in 1..=4 {
            let chosen = Shard { index, count: 4 }.choose(weights.to_vec(), |weight| *weight);
            let load: u32 = chosen.iter().sum();
            assert!((12..=20).contains(&load), "{index}: {chosen:?}");
            all.extend(chosen);
        }
        all.sort_unstable_by_key(|weight| std::cmp::Reverse(*weight));
        assert_eq!(all, weights);
    }

    #[test]
    fn shard_is_read_from_the_command_line() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "1", "a/b", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
