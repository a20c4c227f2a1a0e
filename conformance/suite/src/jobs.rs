//! Runs the cases of cells that are built.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use witgen_backend::testee::{MisuseKind, Role};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::engine::{self, Ended, Engine, Pair};
use crate::hosts::Argument;
use crate::oracle::{Oracle, Values};
use crate::plan::{Action, Case, Plan};
use crate::report::Cell;
use crate::scripts::Step;
use crate::serve::{Launch, Server};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Run,
    Skip,
    /// Not of this cell, or filtered out.
    Leave,
}

/// Cases of a cell that the same components run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Values of types.
    Types,
    /// Calls of functions under test.
    Calls,
    /// Scripts.
    Scripts,
}

impl Stage {
    pub(crate) const ALL: [Self; 3] = [Self::Types, Self::Calls, Self::Scripts];

    pub(crate) fn of(action: &Action) -> Self {
        match action {
            Action::Run { .. } | Action::Misuse { .. } => Self::Types,
            Action::Call { .. } => Self::Calls,
            Action::Script { .. } => Self::Scripts,
        }
    }
}

/// A cell that is ready to run.
pub(crate) struct Job {
    pub(crate) cell: Cell,
    pub(crate) choices: Vec<Choice>,
    /// By stage; a stage whose toolchains are missing is not there.
    pub(crate) ready: BTreeMap<Stage, Ready>,
    /// The types that the importer has, in the order of its groups.
    pub(crate) groups: Vec<usize>,
    /// The calls that it makes, in its order.
    pub(crate) calls: Vec<usize>,
    /// The misuses that a calling host has, in its order.
    pub(crate) misuses: Vec<(usize, MisuseKind)>,
}

/// What runs the cases of a cell.
pub(crate) enum Ready {
    /// The importer first.
    Joined(Vec<PathBuf>),
    /// A host program of a language, and the component that it loads.
    Program { launch: Launch, language: Language, component: PathBuf },
    /// The oracle in a role, and the guest in the other.
    Oracle { values: Values, role: Role, guest: PathBuf },
}

/// What came of it: how each case ended that was run.
pub(crate) struct CellRun {
    pub(crate) ended: Vec<Option<Ended>>,
    pub(crate) seconds: f64,
}

/// Runs all jobs, as many at a time as there are processors; results are in the order of the jobs.
pub(crate) fn run_all(
    engine: &Engine,
    jobs: &[Job],
    plan: &Plan,
    cases: &[Case],
) -> Vec<witgen_diag::Result<CellRun>> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(jobs.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { return };
                    let run = run_job(engine, job, plan, cases);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, run);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn run_job(engine: &Engine, job: &Job, plan: &Plan, cases: &[Case]) -> witgen_diag::Result<CellRun> {
    let started = Instant::now();
    let mut runners = BTreeMap::new();
    for (stage, ready) in &job.ready {
        runners.insert(*stage, Some(runner(engine, *stage, ready)?));
    }
    let mut ended = Vec::new();
    for (choice, case) in job.choices.iter().zip(cases) {
        let stage = Stage::of(&case.action);
        let one = match (runners.get_mut(&stage).and_then(Option::as_mut), choice) {
            (Some(runner), Choice::Run) => Some(execute(runner, &case.action, job, plan)),
            _ => None,
        };
        // What does not work for one case works for none.
        if matches!(one, Some(Ended::Broken(_))) {
            runners.insert(stage, None);
        }
        ended.push(one);
    }
    Ok(CellRun { ended, seconds: started.elapsed().as_secs_f64() })
}

fn runner(engine: &Engine, stage: Stage, ready: &Ready) -> witgen_diag::Result<Runner> {
    match ready {
        Ready::Joined(components) => {
            let joined = witgen_build::compose::compose(components)?;
            let path = components.first().map(PathBuf::as_path).unwrap_or(Path::new(""));
            let ready = engine.ready(&joined.bytes, path)?;
            Ok(match stage {
                Stage::Scripts => Runner::Scripts(Box::new(ready)),
                Stage::Types | Stage::Calls => Runner::Pair(Box::new(Pair::new(ready))),
            })
        }
        Ready::Program { launch, language, component } => {
            let argument = Argument::new(engine, *language, component)?;
            let mut launch = launch.clone();
            launch.args.push(argument.path.clone().into());
            Ok(Runner::Server { server: start(&launch)?, _argument: argument })
        }
        Ready::Oracle { values, role, guest } => {
            let bytes = std::fs::read(guest).map_err(|reason| {
                Diagnostic::error(Id::Io, format!("cannot read `{}`", guest.display()))
                    .note(reason.to_string())
            })?;
            Ok(Runner::Oracle(Box::new(Oracle::new(engine, values, *role, &bytes, guest)?)))
        }
    }
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
    Scripts(Box<engine::Ready>),
    Server { server: Server, _argument: Argument },
    Oracle(Box<Oracle>),
}

fn execute(runner: &mut Runner, action: &Action, job: &Job, plan: &Plan) -> Ended {
    let lost = || Ended::Broken("the importer has no such case".to_owned());
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    match action {
        Action::Run { ty, value, step } => {
            let Some(group) = job.groups.iter().position(|index| index == ty) else { return lost() };
            match runner {
                Runner::Pair(pair) => pair.run(number(group), *value, *step),
                Runner::Server { server, .. } => server.ask(&format!("run {group} {value} {step}")),
                Runner::Oracle(oracle) => oracle.run(group, *value, *step),
                Runner::Scripts(_) => lost(),
            }
        }
        Action::Call { index, .. } => {
            let Some(index) = job.calls.iter().position(|call| call == index) else { return lost() };
            match runner {
                Runner::Pair(pair) => pair.call(number(index)),
                Runner::Server { server, .. } => server.ask(&format!("call {index}")),
                Runner::Scripts(_) | Runner::Oracle(_) => lost(),
            }
        }
        Action::Script { index, .. } => match (plan.scripts.get(*index), runner) {
            (Some((_, script)), runner) => {
                let steps: Vec<Step> = script.steps.iter().map(|text| Step::parse(text)).collect();
                match runner {
                    Runner::Scripts(ready) => ready.play(&steps),
                    Runner::Server { server, .. } => server.play(&steps),
                    Runner::Pair(_) | Runner::Oracle(_) => lost(),
                }
            }
            (None, _) => lost(),
        },
        Action::Misuse { ty, kind } => {
            let found = job.misuses.iter().position(|misuse| *misuse == (*ty, *kind));
            match (found, runner) {
                (Some(index), Runner::Server { server, .. }) => server.ask(&format!("misuse {index}")),
                _ => lost(),
            }
        }
    }
}
