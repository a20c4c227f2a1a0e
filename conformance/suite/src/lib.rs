//! The conformance suite: vectors go in, guests in every language are derived from them, every pair runs, a report comes out.
//!
//! [`run`] does it all; `plan` binds vectors to WIT, `derive` writes the worlds of the guests, the backends render the guests,
//! `testees` builds them, `matrix` runs them in `engine`, and [`report`] holds what came of it.
//! `hosts` builds the programs of the host languages, and `serve` talks to them.
//! Nothing here knows a language; a backend's part is `testee` of its crate.

mod cells;
mod derive;
mod engine;
mod hosts;
mod jobs;
mod known;
mod matrix;
mod oracle;
mod plan;
mod projects;
pub mod report;
mod scripts;
mod serve;
mod suites;
mod supported;
mod testees;
mod vectors;
mod wave;
mod workplace;

use std::path::PathBuf;

use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

pub use cells::{Host, Shard};
use report::Report;

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The WIT of the user; none for the suites that come with witgen.
    pub wit: Vec<PathBuf>,
    /// The vectors of the user.
    pub vectors: Vec<PathBuf>,
    /// Components of the user that export the functions of `[[call]]`, by name.
    pub components: Vec<(String, PathBuf)>,
    /// The languages that call.
    pub importers: Vec<Language>,
    /// The languages that are called.
    pub exporters: Vec<Language>,
    /// What runs the cells.
    pub hosts: Vec<Host>,
    /// A glob over `suite/case/importer:x/exporter:y/host:z`.
    pub filter: Option<String>,
    /// The part of the cells to run.
    pub shard: Option<Shard>,
    /// Where sources and components stay.
    pub keep: Option<PathBuf>,
    /// Whether a missing toolchain is an error.
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wit: Vec::new(),
            vectors: Vec::new(),
            components: Vec::new(),
            importers: Language::ALL.to_vec(),
            exporters: Language::ALL.to_vec(),
            hosts: Host::all(),
            filter: None,
            shard: None,
            keep: None,
            strict: false,
        }
    }
}

impl Options {
    /// Whether every case is run, so that each known failure has to show.
    fn is_whole(&self) -> bool {
        let all = Language::ALL.len();
        self.filter.is_none()
            && self.shard.is_none()
            && self.importers.len() == all
            && self.exporters.len() == all
            && self.hosts.len() == Host::all().len()
    }

    /// The command that runs one case alone.
    fn command(&self, case: &str) -> String {
        let mut command = "witgen conformance".to_owned();
        let mut flag = |name: &str, value: &str| {
            command.push_str(&format!(" --{name} '{value}'"));
        };
        self.wit.iter().for_each(|path| flag("wit", &path.display().to_string()));
        self.vectors.iter().for_each(|path| flag("vectors", &path.display().to_string()));
        for (name, path) in &self.components {
            flag("component", &format!("{name}={}", path.display()));
        }
        flag("filter", case);
        command
    }
}

/// Runs the suite; `progress` is told what is going on.
///
/// # Errors
///
/// Vectors that do not fit the WIT, missing toolchains under [`Options::strict`], toolchains that fail.
/// Cases that fail are in the report.
pub fn run(options: &Options, progress: &dyn Fn(&str)) -> witgen_diag::Result<Report> {
    let scratch = tempfile::tempdir().map_err(|reason| {
        Diagnostic::error(Id::Io, "cannot make a temporary directory").note(reason.to_string())
    })?;
    let absent = options.components.iter().filter(|(_, path)| !path.is_file());
    let absent: Vec<Diagnostic> = absent.map(|(name, path)| matrix::missing_component(name, path)).collect();
    if !absent.is_empty() {
        return Err(absent);
    }
    let mut known = known::KnownFailures::default();
    let workplace = workplace::Workplace::new(options.keep.as_deref(), scratch.path());
    let projects = match options.vectors.is_empty() {
        true => Some(projects::Projects::write(&workplace)?),
        false => None,
    };
    let (wit, suites) = if let Some(projects) = &projects {
        suites::known(&mut known)?;
        (projects.wit(), suites::all()?)
    } else {
        let mut wit = options.wit.clone();
        if wit.is_empty() {
            wit.extend(options.components.iter().map(|(_, path)| path.clone()));
        }
        let suites =
            options.vectors.iter().map(|path| vectors::read(path)).collect::<witgen_diag::Result<_>>()?;
        (wit, suites)
    };
    let resolved = witgen_ir::link(&wit, &witgen_ir::Options::default())?;
    let mut plan = plan::Plan::new(resolved.resolve, suites)?;
    match projects {
        Some(_) => plan.scripts = suites::scripts()?,
        None => check_calls(options, &plan)?,
    }
    matrix::Matrix::new(&plan, options, known, scratch.path(), workplace, projects)?.run(progress)
}

/// Calls need a component that has them, and components need calls.
fn check_calls(options: &Options, plan: &plan::Plan) -> witgen_diag::Result<()> {
    let found = match (plan.calls.is_empty(), options.components.is_empty()) {
        (false, true) => {
            Diagnostic::error(Id::Usage, "the vectors call functions, and no component has them")
                .help("give the component under test: --component NAME=FILE")
        }
        (true, false) => Diagnostic::error(Id::Usage, "no vector calls a component").help(
            "add a `[[call]]` to the vectors: func = \"acme:shop/api.total\", args = ['1'], result = '2'",
        ),
        _ => return Ok(()),
    };
    Err(found.into())
}
