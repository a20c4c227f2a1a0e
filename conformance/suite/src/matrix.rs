//! Runs every chosen case in every chosen cell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use wildmatch::WildMatch;
use witgen_backend::testee::{Cases, Role};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::{Language, Side};

use crate::Options;
use crate::cells::{Host, Party, Place};
use crate::engine::{Ended, Engine};
use crate::hosts;
use crate::jobs::{CellRun, Choice, Job, Ready, Stage, run_all};
use crate::known::{KnownFailures, Verdict};
use crate::oracle::Values;
use crate::plan::{Action, Case, Plan};
use crate::projects::Projects;
use crate::report::{Cell, Counts, Failure, Report, Skip, VERSION};
use crate::serve::Launch;
use crate::supported::{Supported, indices};
use crate::testees::{self, Derived};
use crate::workplace::Workplace;

/// The state of a run.
pub(crate) struct Matrix<'a> {
    plan: &'a Plan,
    options: &'a Options,
    known: KnownFailures,
    cases: Vec<Case>,
    scratch: &'a Path,
    workplace: Workplace,
    /// The hand-written guests, which the suites that come with witgen call; none for vectors of a user.
    projects: Option<Projects>,
    /// What a side of a language supports.
    supported: BTreeMap<(Language, Side), Supported>,
    /// Components by language, kind and the types or calls; none where the toolchain is missing.
    guests: BTreeMap<(Language, Kind, Vec<usize>), Option<PathBuf>>,
    /// Hand-written guests.
    written: BTreeMap<(Language, &'static str), Option<PathBuf>>,
    /// Host programs, by language, kind and the types or calls.
    hosts: BTreeMap<(Language, Kind, Vec<usize>), Option<Launch>>,
    /// Host programs that take the steps of scripts.
    drivers: BTreeMap<Language, Option<Launch>>,
    report: Report,
}

impl<'a> Matrix<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        options: &'a Options,
        known: KnownFailures,
        scratch: &'a Path,
        workplace: Workplace,
        projects: Option<Projects>,
    ) -> witgen_diag::Result<Self> {
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
            projects,
            supported: BTreeMap::new(),
            guests: BTreeMap::new(),
            written: BTreeMap::new(),
            hosts: BTreeMap::new(),
            drivers: BTreeMap::new(),
            report,
        })
    }

    /// Runs all cells of the shard.
    pub(crate) fn run(mut self, progress: &dyn Fn(&str)) -> witgen_diag::Result<Report> {
        let started = Instant::now();
        let engine = Engine::new()?;
        let all = self.places();
        self.check_filter(&all)?;
        let places = match self.options.shard {
            Some(shard) => shard.choose(all, Place::weight),
            None => all,
        };
        if self.options.strict {
            hosts::check_tools(places.iter().filter_map(|place| place.host.language()))?;
        }
        let mut jobs = Vec::new();
        for place in places {
            jobs.push(self.job(&place, progress)?);
        }
        progress(&format!("running {} cells", jobs.len()));
        for (job, run) in jobs.iter().zip(run_all(&engine, &jobs, self.plan, &self.cases)) {
            self.file(job, run?);
        }
        if self.options.is_whole() {
            self.report_unused();
        }
        self.report.skipped.sort();
        self.report.skipped.dedup();
        self.workplace.prune();
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
        let mut all = Place::all(self.options, !self.plan.types.is_empty());
        for host in &self.options.hosts {
            let Host::Native(language) = host else { continue };
            let Some(reason) = hosts::absent(*language) else { continue };
            all.retain(|place| place.host != *host);
            self.report.skipped.push(Skip { what: format!("{language} host"), reason });
        }
        all
    }

    /// A filter that chooses nothing is a mistake.
    fn check_filter(&self, places: &[Place]) -> witgen_diag::Result<()> {
        let Some(filter) = &self.options.filter else { return Ok(()) };
        let supported = Supported::all(self.plan);
        let chosen = |place: &Place| {
            self.chosen(place, &place.cell(), &supported).iter().any(|choice| *choice != Choice::Leave)
        };
        if places.iter().any(chosen) {
            return Ok(());
        }
        let mut diagnostic = Diagnostic::error(Id::Usage, format!("no case matches `{filter}`"))
            .note("`*` stands for any text, `?` for one character");
        if let (Some(case), Some(place)) = (self.cases.first(), places.first()) {
            let path = format!("{}/{}", case.info.path(), place.cell().path());
            diagnostic = diagnostic.help(format!("a case is called like `{path}`"));
        }
        Err(diagnostic.into())
    }

    /// What a cell needs; it is built here, one after the other, since toolchains use all processors.
    fn job(&mut self, place: &Place, progress: &dyn Fn(&str)) -> witgen_diag::Result<Job> {
        let cell = place.cell();
        let supported = self.support_in(place)?;
        let choices = self.chosen(place, &cell, &supported);
        let members = match &place.importer {
            Party::Guest(language) if place.host == Host::Wasmtime => self.support(*language, Side::Guest)?,
            _ => supported,
        };
        let (groups, calls) = (indices(&members.types), indices(&members.calls));
        let mut ready = BTreeMap::new();
        for stage in Stage::ALL {
            let wanted =
                |(choice, case): (&Choice, &Case)| *choice == Choice::Run && Stage::of(&case.action) == stage;
            if choices.iter().zip(&self.cases).any(wanted)
                && let Some(made) =
                    self.ready(place, stage, if stage == Stage::Calls { &calls } else { &groups }, progress)?
            {
                ready.insert(stage, made);
            }
        }
        let misuses = self.plan.misuses_of(&groups);
        Ok(Job { cell, choices, ready, groups, calls, misuses })
    }

    /// What runs the cases of a stage, with these types or calls; nothing where a toolchain is missing.
    fn ready(
        &mut self,
        place: &Place,
        stage: Stage,
        members: &[usize],
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<Ready>> {
        if stage == Stage::Scripts {
            return self.driven(place, progress);
        }
        let kind = if stage == Stage::Calls { Kind::Caller } else { Kind::Importer };
        let exporter = match &place.exporter {
            Party::Guest(language) if stage == Stage::Calls => {
                self.written(*language, "provider", progress)?
            }
            Party::Guest(language) => {
                let types = match place.host {
                    Host::Wasmtime => indices(&self.support(*language, Side::Guest)?.types),
                    Host::Native(_) | Host::Oracle => members.to_vec(),
                };
                self.guest(*language, Kind::Exporter, &types, progress)?
            }
            Party::Component(name) => {
                let found = self.options.components.iter().find(|(other, _)| other == name);
                found.map(|(_, path)| path.clone())
            }
            Party::Oracle => {
                let Party::Guest(guest) = place.importer else { return Ok(None) };
                let component = self.guest(guest, Kind::Importer, members, progress)?;
                return component.map(|path| self.oracle(Role::Exporter, members, path)).transpose();
            }
            Party::Host(language) => {
                let Party::Guest(guest) = place.importer else { return Ok(None) };
                let component = self.guest(guest, Kind::Importer, members, progress)?;
                let Some(component) = component else { return Ok(None) };
                let launch = self.host(*language, Kind::Exporter, members, progress)?;
                return Ok(launch.map(|launch| Ready::Program { launch, language: *language, component }));
            }
        };
        let Some(exporter) = exporter else { return Ok(None) };
        Ok(match &place.importer {
            Party::Guest(language) => {
                let importer = self.guest(*language, kind, members, progress)?;
                importer.map(|importer| Ready::Joined(vec![importer, exporter]))
            }
            Party::Host(language) => {
                let launch = self.host(*language, kind, members, progress)?;
                launch.map(|launch| Ready::Program { launch, language: *language, component: exporter })
            }
            Party::Oracle => Some(self.oracle(Role::Importer, members, exporter)?),
            Party::Component(_) => None,
        })
    }

    /// The oracle in this role, with a guest in the other.
    fn oracle(&self, role: Role, groups: &[usize], guest: PathBuf) -> witgen_diag::Result<Ready> {
        let (_, cases) = self.material(role, false, groups)?;
        let names = groups.iter().map(|index| self.plan.types[*index].subject.derived.as_str());
        Ok(Ready::Oracle { values: Values::new(cases, names), role, guest })
    }

    /// What takes the steps of scripts.
    fn driven(&mut self, place: &Place, progress: &dyn Fn(&str)) -> witgen_diag::Result<Option<Ready>> {
        let Party::Guest(provider) = place.exporter else { return Ok(None) };
        match place.importer {
            Party::Guest(driver) => self.driven_by_guest(driver, provider, progress),
            Party::Host(driver) => self.driven_by_host(driver, provider, progress),
            Party::Component(_) | Party::Oracle => Ok(None),
        }
    }

    /// The driver of the importing language, the store of the exporting one, and between them the middle of a third.
    fn driven_by_guest(
        &mut self,
        driver: Language,
        provider: Language,
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<Ready>> {
        // Over all cells, each two languages meet in every pair of places.
        let middle = Language::ALL[(driver as usize + provider as usize) % Language::ALL.len()];
        let mut parts = Vec::new();
        for (language, name) in [(driver, "driver"), (middle, "middle"), (provider, "provider")] {
            let Some(part) = self.written(language, name, progress)? else { return Ok(None) };
            parts.push(part);
        }
        Ok(Some(Ready::Joined(parts)))
    }

    /// The driver of a host language, on a store that is joined with the middle of the next language.
    fn driven_by_host(
        &mut self,
        driver: Language,
        provider: Language,
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<Ready>> {
        // One for all hosts: to compile it takes long.
        let middle = Language::ALL[(provider as usize + 1) % Language::ALL.len()];
        let Some(provider) = self.written(provider, "provider", progress)? else { return Ok(None) };
        let Some(middle) = self.written(middle, "middle", progress)? else { return Ok(None) };
        let joined = witgen_build::compose::compose(&[provider.clone(), middle])?;
        let component = provider.with_file_name("driven.wasm");
        std::fs::write(&component, joined.bytes).map_err(|reason| {
            Diagnostic::error(Id::Io, "the joined component cannot be written")
                .in_path(&component)
                .note(reason.to_string())
        })?;
        let launch = match self.drivers.get(&driver) {
            Some(found) => found.clone(),
            None => {
                let Some(projects) = &self.projects else { return Ok(None) };
                progress(&format!("building the {driver} host as driver"));
                let built = hosts::build_driver(driver, projects, &self.workplace);
                let built = self.unless_missing(built, &format!("{driver} host"))?;
                self.drivers.insert(driver, built.clone());
                built
            }
        };
        Ok(launch.map(|launch| Ready::Program { launch, language: driver, component }))
    }

    /// A hand-written guest.
    fn written(
        &mut self,
        language: Language,
        name: &'static str,
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<PathBuf>> {
        let Some(projects) = &self.projects else { return Ok(None) };
        if let Some(found) = self.written.get(&(language, name)) {
            return Ok(found.clone());
        }
        progress(&format!("building the {language} {name}"));
        let built = projects.build(language, name);
        let built = self.unless_missing(built, &language.to_string())?;
        self.written.insert((language, name), built.clone());
        Ok(built)
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
    fn chosen(&self, place: &Place, cell: &Cell, supported: &Supported) -> Vec<Choice> {
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
                Action::Call { .. } if self.projects.is_some() => {
                    matches!(place.exporter, Party::Guest(_)) && place.importer != Party::Oracle
                }
                Action::Call { .. } => component,
                Action::Run { .. } => !component,
                Action::Script { is_misuse, .. } => match place.importer {
                    Party::Guest(_) => place.host == Host::Wasmtime && !is_misuse,
                    Party::Host(_) => true,
                    Party::Component(_) | Party::Oracle => false,
                },
                Action::Misuse { .. } => !component && matches!(place.importer, Party::Host(_)),
            };
            if !fits || !wanted(case) {
                return Choice::Leave;
            }
            match case.action {
                Action::Run { ty, .. } | Action::Misuse { ty, .. } if supported.types[ty].is_err() => {
                    Choice::Skip
                }
                Action::Call { index, .. } if supported.calls[index].is_err() => Choice::Skip,
                _ => Choice::Run,
            }
        });
        choices.collect()
    }

    /// What both sides of a cell support.
    fn support_in(&mut self, place: &Place) -> witgen_diag::Result<Supported> {
        let mut all = Supported::all(self.plan);
        for party in [&place.importer, &place.exporter] {
            let (language, side) = match party {
                Party::Guest(language) => (*language, Side::Guest),
                Party::Host(language) => (*language, Side::Host),
                Party::Component(_) | Party::Oracle => continue,
            };
            all.narrow(self.support(language, side)?);
        }
        Ok(all)
    }

    fn support(&mut self, language: Language, side: Side) -> witgen_diag::Result<Supported> {
        if let Some(supported) = self.supported.get(&(language, side)) {
            return Ok(supported.clone());
        }
        let supported = Supported {
            types: self.plan.supported(language, side, self.scratch)?,
            calls: self.plan.supported_calls(language, side, self.scratch)?,
        };
        let name = match side {
            Side::Guest => language.to_string(),
            Side::Host => format!("the {language} host"),
        };
        let types = self.plan.types.iter().map(|ty| ty.label.as_str()).zip(&supported.types);
        let calls = self.plan.calls.iter().map(|call| call.label.as_str()).zip(&supported.calls);
        for (label, reason) in types.chain(calls) {
            if let Err(reason) = reason {
                let what = format!("{label} in {name}");
                self.report.skipped.push(Skip { what, reason: reason.clone() });
            }
        }
        self.supported.insert((language, side), supported.clone());
        Ok(supported)
    }

    /// The world and the vectors that a guest or host of this kind is made from.
    fn material(&self, world: Role, calls: bool, members: &[usize]) -> witgen_diag::Result<(Derived, Cases)> {
        if calls {
            let derived = self.plan.derive_calls(members, world, self.scratch)?;
            let cases = self.plan.calls(members, &derived.world)?;
            return Ok((derived, cases));
        }
        let derived = self.plan.derive_types(members, world, self.scratch)?;
        let cases = self.plan.groups(members, &derived.world)?;
        Ok((derived, cases))
    }

    fn guest(
        &mut self,
        language: Language,
        kind: Kind,
        members: &[usize],
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<PathBuf>> {
        let key = (language, kind, members.to_vec());
        if let Some(found) = self.guests.get(&key) {
            return Ok(found.clone());
        }
        progress(&format!("building the {language} {}", kind.name()));
        let (derived, mut cases) = self.material(kind.role(), kind == Kind::Caller, members)?;
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
        members: &[usize],
        progress: &dyn Fn(&str),
    ) -> witgen_diag::Result<Option<Launch>> {
        let key = (language, kind, members.to_vec());
        if let Some(found) = self.hosts.get(&key) {
            return Ok(found.clone());
        }
        progress(&format!("building the {language} host as {}", kind.name()));
        // The world of the guest that it loads, which has the other role.
        let world = match kind.role() {
            Role::Importer => Role::Exporter,
            Role::Exporter => Role::Importer,
        };
        let (derived, mut cases) = self.material(world, kind == Kind::Caller, members)?;
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

/// What was expected and what came instead; nothing when all is well.
fn difference(action: &Action, ended: &Ended) -> Option<(String, String)> {
    let wanted = match action {
        Action::Misuse { .. } => "an error before the guest is entered, and an instance that works on",
        Action::Script { .. } => "the steps as they are written",
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
