//! Runs every chosen case in every chosen cell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use wildmatch::WildMatch;
use witgen_backend::testee::{Cases, MisuseKind, Role};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::{Language, Side};

use crate::Options;
use crate::cells::{Host, Party, Place};
use crate::engine::{Ended, Engine, Pair};
use crate::hosts;
use crate::known::{KnownFailures, Verdict};
use crate::plan::{Action, Case, Plan};
use crate::report::{Cell, Counts, Failure, Report, Skip, VERSION};
use crate::serve::{Launch, Server};
use crate::testees::{self, Derived, Workplace};

/// The state of a run.
pub(crate) struct Matrix<'a> {
    plan: &'a Plan,
    options: &'a Options,
    known: KnownFailures,
    cases: Vec<Case>,
    scratch: &'a Path,
    workplace: Workplace,
    /// The types that a side of a language supports; for the others the reason.
    supported: BTreeMap<(Language, Side), Vec<Result<(), String>>>,
    /// Components by language, kind and types; none where the toolchain is missing.
    guests: BTreeMap<(Language, Kind, Vec<usize>), Option<PathBuf>>,
    /// Host programs, likewise.
    hosts: BTreeMap<(Language, Kind, Vec<usize>), Option<Launch>>,
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
            hosts: BTreeMap::new(),
            report,
        })
    }

    /// Runs all cells of the shard.
    pub(crate) fn run(mut self, progress: &dyn Fn(&str)) -> witgen_diag::Result<Report> {
        let started = Instant::now();
        let engine = Engine::new()?;
        let all = self.places();
        let places = match self.options.shard {
            Some(shard) => shard.choose(all, Place::weight),
            None => all,
        };
        let mut jobs = Vec::new();
        for place in places {
            jobs.push(self.job(&place, progress)?);
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

    /// Every cell; hosts that take no part are one line.
    fn places(&mut self) -> Vec<Place> {
        let mut all = Place::all(self.options, !self.plan.types.is_empty(), !self.plan.calls.is_empty());
        for host in &self.options.hosts {
            let Host::Native(language) = host else { continue };
            let Some(reason) = hosts::absent(*language) else { continue };
            all.retain(|place| place.host != *host);
            self.report.skipped.push(Skip { what: format!("{language} host"), reason });
        }
        all
    }

    /// What a cell needs; it is built here, one after the other, since toolchains use all processors.
    fn job(&mut self, place: &Place, progress: &dyn Fn(&str)) -> witgen_diag::Result<Job> {
        let cell = place.cell();
        let supported = self.support_in(place)?;
        let choices = self.chosen(place, &cell, &supported);
        let groups = match &place.importer {
            Party::Guest(language) if place.host == Host::Wasmtime => self.support(*language, Side::Guest)?,
            _ => supported,
        };
        let groups = indices(&groups);
        let ready = match choices.contains(&Choice::Run) {
            true => self.ready(place, &groups, progress)?,
            false => None,
        };
        let misuses = self.plan.misuses_of(&groups);
        Ok(Job { cell, choices, ready, groups, misuses })
    }

    /// What runs the cases of a cell; nothing where a toolchain is missing.
    fn ready(
        &mut self,
        place: &Place,
        groups: &[usize],
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<Ready>> {
        let calls = matches!(place.exporter, Party::Component(_));
        let kind = if calls { Kind::Caller } else { Kind::Importer };
        let exporter = match &place.exporter {
            Party::Guest(language) => {
                let types = match place.host {
                    Host::Wasmtime => indices(&self.support(*language, Side::Guest)?),
                    Host::Native(_) => groups.to_vec(),
                };
                self.guest(*language, Kind::Exporter, &types, progress)?
            }
            Party::Component(name) => {
                let found = self.options.components.iter().find(|(other, _)| other == name);
                found.map(|(_, path)| path.clone())
            }
            Party::Host(language) => {
                let Party::Guest(guest) = place.importer else { return Ok(None) };
                let component = self.guest(guest, Kind::Importer, groups, progress)?;
                let Some(component) = component else { return Ok(None) };
                let launch = self.host(*language, Kind::Exporter, groups, progress)?;
                return Ok(launch.map(|launch| Ready::program(launch, *language, &component)));
            }
        };
        let Some(exporter) = exporter else { return Ok(None) };
        Ok(match &place.importer {
            Party::Guest(language) => {
                let importer = self.guest(*language, kind, groups, progress)?;
                importer.map(|importer| Ready::Joined([importer, exporter]))
            }
            Party::Host(language) => {
                let launch = self.host(*language, kind, groups, progress)?;
                launch.map(|launch| Ready::program(launch, *language, &exporter))
            }
            Party::Component(_) => None,
        })
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
    fn chosen(&self, place: &Place, cell: &Cell, supported: &[Result<(), String>]) -> Vec<Choice> {
        let filter = self.options.filter.as_deref().map(WildMatch::new);
        let wanted = |case: &Case| {
            let matches = |cell: String| {
                let path = format!("{}/{cell}", case.info.path());
                filter.as_ref().is_none_or(|filter| filter.matches(&path))
            };
            matches(cell.path()) || matches(cell.languages())
        };
        let choices = self.cases.iter().map(|case| {
            let component = matches!(place.exporter, Party::Component(_));
            let fits = match case.action {
                Action::Call { .. } => component,
                Action::Run { .. } => !component,
                Action::Misuse { .. } => !component && matches!(place.importer, Party::Host(_)),
            };
            if !fits || !wanted(case) {
                return Choice::Leave;
            }
            match case.action {
                Action::Run { ty, .. } | Action::Misuse { ty, .. } if supported[ty].is_err() => Choice::Skip,
                _ => Choice::Run,
            }
        });
        choices.collect()
    }

    /// The types that both sides of a cell support; for the others the reason.
    fn support_in(&mut self, place: &Place) -> witgen_diag::Result<Vec<Result<(), String>>> {
        let mut all = vec![Ok(()); self.plan.types.len()];
        for party in [&place.importer, &place.exporter] {
            let (language, side) = match party {
                Party::Guest(language) => (*language, Side::Guest),
                Party::Host(language) => (*language, Side::Host),
                Party::Component(_) => continue,
            };
            for (mine, other) in all.iter_mut().zip(self.support(language, side)?) {
                if mine.is_ok() {
                    *mine = other;
                }
            }
        }
        Ok(all)
    }

    fn support(&mut self, language: Language, side: Side) -> witgen_diag::Result<Vec<Result<(), String>>> {
        if let Some(supported) = self.supported.get(&(language, side)) {
            return Ok(supported.clone());
        }
        let supported = self.plan.supported(language, side, self.scratch)?;
        let name = match side {
            Side::Guest => language.to_string(),
            Side::Host => format!("the {language} host"),
        };
        for (ty, reason) in self.plan.types.iter().zip(&supported) {
            if let Err(reason) = reason {
                let what = format!("{} in {name}", ty.label);
                self.report.skipped.push(Skip { what, reason: reason.clone() });
            }
        }
        self.supported.insert((language, side), supported.clone());
        Ok(supported)
    }

    /// The world and the vectors that a guest or host of this kind is made from.
    fn material(&self, world: Role, calls: bool, types: &[usize]) -> witgen_diag::Result<(Derived, Cases)> {
        if calls {
            let derived = self.plan.derive_calls(world, self.scratch)?;
            let cases = self.plan.calls(&derived.world)?;
            return Ok((derived, cases));
        }
        let derived = self.plan.derive_types(types, world, self.scratch)?;
        let cases = self.plan.groups(types, &derived.world)?;
        Ok((derived, cases))
    }

    fn guest(
        &mut self,
        language: Language,
        kind: Kind,
        types: &[usize],
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<PathBuf>> {
        let key = (language, kind, types.to_vec());
        if let Some(found) = self.guests.get(&key) {
            return Ok(found.clone());
        }
        progress(&format!("building the {language} {}", kind.name()));
        let (derived, mut cases) = self.material(kind.role(), kind == Kind::Caller, types)?;
        cases.misuses.clear();
        let built = testees::build(language, &derived, &cases, kind.role(), &self.workplace);
        let built = self.unless_missing(built, &language.to_string())?;
        self.guests.insert(key, built.clone());
        Ok(built)
    }

    fn host(
        &mut self,
        language: Language,
        kind: Kind,
        types: &[usize],
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<Launch>> {
        let key = (language, kind, types.to_vec());
        if let Some(found) = self.hosts.get(&key) {
            return Ok(found.clone());
        }
        progress(&format!("building the {language} host as {}", kind.name()));
        // The world of the guest that it loads, which has the other role.
        let world = match kind.role() {
            Role::Importer => Role::Exporter,
            Role::Exporter => Role::Importer,
        };
        let (derived, mut cases) = self.material(world, kind == Kind::Caller, types)?;
        if kind == Kind::Exporter {
            cases.misuses.clear();
        }
        let built = hosts::build(language, &derived.world, &cases, kind.role(), &self.workplace);
        let built = self.unless_missing(built, &format!("{language} host"))?;
        self.hosts.insert(key, built.clone());
        Ok(built)
    }

    /// What was built; a missing toolchain is one line, or an error where that is asked for.
    fn unless_missing<T>(
        &mut self,
        built: witgen_diag::Result<T>,
        what: &str,
    ) -> witgen_diag::Result<Option<T>> {
        match built {
            Ok(built) => Ok(Some(built)),
            Err(found) if !self.options.strict && found.iter().all(|found| found.id == Id::MissingTool) => {
                let reason = found.first().map(|found| found.message.clone()).unwrap_or_default();
                self.report.skipped.push(Skip { what: what.to_owned(), reason });
                Ok(None)
            }
            Err(found) => Err(found),
        }
    }

    /// Files a case under its letter.
    fn judge(&mut self, index: usize, cell: &str, ended: &Ended) -> char {
        let case = &self.cases[index];
        let path = format!("{}/{cell}", case.info.path());
        let broken = matches!(ended, Ended::Broken(_));
        let (expected, got) = match difference(&case.action, ended) {
            None if matches!(ended, Ended::Skipped(_)) => return 's',
            Some(found) if broken => found,
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

/// What a guest or a host program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Exporter,
    Importer,
    /// An importer of the functions under test.
    Caller,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Exporter => "exporter",
            Self::Importer => "importer",
            Self::Caller => "caller",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Exporter => Role::Exporter,
            Self::Importer | Self::Caller => Role::Importer,
        }
    }
}

fn indices(supported: &[Result<(), String>]) -> Vec<usize> {
    supported.iter().enumerate().filter(|(_, ty)| ty.is_ok()).map(|(index, _)| index).collect()
}

/// A cell that is ready to run.
struct Job {
    cell: Cell,
    choices: Vec<Choice>,
    ready: Option<Ready>,
    /// The types that the importer has, in the order of its groups.
    groups: Vec<usize>,
    /// The misuses that a calling host has, in its order.
    misuses: Vec<(usize, MisuseKind)>,
}

/// What runs the cases of a cell.
enum Ready {
    /// The importer and the exporter.
    Joined([PathBuf; 2]),
    /// A host program with its component.
    Program(Launch),
}

impl Ready {
    fn program(mut launch: Launch, language: Language, component: &Path) -> Self {
        launch.args.push(hosts::argument(language, component).into());
        Self::Program(launch)
    }
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
    let mut runner = match &job.ready {
        Some(Ready::Joined(components)) => {
            let joined = witgen_build::compose::compose(components)?;
            Some(Runner::Pair(Box::new(engine.pair(&joined.bytes, &components[0])?)))
        }
        Some(Ready::Program(launch)) => Some(Runner::Server(start(launch)?)),
        None => None,
    };
    let mut ended = Vec::new();
    for (choice, case) in job.choices.iter().zip(cases) {
        let one = match (&mut runner, choice) {
            (Some(runner), Choice::Run) => Some(execute(runner, &case.action, job)),
            _ => None,
        };
        if matches!(one, Some(Ended::Broken(_))) {
            runner = None;
        }
        ended.push(one);
    }
    Ok(CellRun { ended, seconds: started.elapsed().as_secs_f64() })
}

fn start(launch: &Launch) -> witgen_diag::Result<Server> {
    Server::start(launch).map_err(|reason| {
        Diagnostic::error(Id::ToolFailed, "the host program cannot be started")
            .in_path(&launch.program)
            .note(reason.to_string())
            .into()
    })
}

/// What answers requests.
enum Runner {
    Pair(Box<Pair>),
    Server(Server),
}

fn execute(runner: &mut Runner, action: &Action, job: &Job) -> Ended {
    let lost = || Ended::Broken("the importer has no such type".to_owned());
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    match action {
        Action::Run { ty, value, step } => {
            let Some(group) = job.groups.iter().position(|index| index == ty) else { return lost() };
            match runner {
                Runner::Pair(pair) => pair.run(number(group), *value, *step),
                Runner::Server(server) => server.ask(&format!("run {group} {value} {step}")),
            }
        }
        Action::Call { index, .. } => match runner {
            Runner::Pair(pair) => pair.call(*index),
            Runner::Server(server) => server.ask(&format!("call {index}")),
        },
        Action::Misuse { ty, kind } => {
            let found = job.misuses.iter().position(|misuse| *misuse == (*ty, *kind));
            match (found, runner) {
                (Some(index), Runner::Server(server)) => server.ask(&format!("misuse {index}")),
                _ => lost(),
            }
        }
    }
}

/// What was expected and what came instead; nothing when all is well.
fn difference(action: &Action, ended: &Ended) -> Option<(String, String)> {
    let wanted = match action {
        Action::Misuse { .. } => "an error before the guest is entered, and an instance that works on",
        Action::Run { .. } | Action::Call { .. } => "the vector",
    };
    match (action, ended) {
        (_, Ended::Skipped(_)) => None,
        (_, Ended::Broken(text)) => Some(("an answer".to_owned(), text.clone())),
        (Action::Call { trap: Some(glob), .. }, Ended::Trap(message)) => {
            let fits = WildMatch::new(glob).matches(message)
                || WildMatch::new(&format!("*{glob}*")).matches(message);
            (!fits).then(|| (format!("a trap like `{glob}`"), message.clone()))
        }
        (Action::Call { trap: Some(glob), .. }, Ended::Well | Ended::Different(_)) => {
            Some((format!("a trap like `{glob}`"), "it returned".to_owned()))
        }
        (_, Ended::Well) => None,
        (_, Ended::Different(text)) => Some((wanted.to_owned(), text.clone())),
        (_, Ended::Trap(message)) => Some((wanted.to_owned(), message.clone())),
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

/// Why a component of the user cannot be found.
pub(crate) fn missing_component(name: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(Id::MissingInput, format!("the component `{name}` is not there"))
        .in_path(path)
        .help("build it first, for instance with `witgen build`")
}
