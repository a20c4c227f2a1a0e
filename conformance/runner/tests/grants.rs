//! The table of `conformance/grants`: what a component gets with a grants file, and what it does not.
//!
//! At the end is a matrix as that of `witgen conformance`, whose HTML is written to the target directory.
//! `witgen run` and the hosts do every case with guests of every language.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "grants/matrix.rs"]
mod matrix;
#[path = "grants/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use wildmatch::WildMatch;
use witgen_conformance::{
    Finished, Workshop, bind, built, ends_with, go, languages, node, python_host, run_trials,
};
use witgen_languages::Language;
use world::World;

/// A file of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Grants of the cases that have none of their own.
    #[serde(default)]
    grants: String,
    /// The world of the component that acts.
    #[serde(default = "probe")]
    probe: String,
    case: Vec<Case>,
}

fn probe() -> String {
    "probe".to_owned()
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    grants: Option<String>,
    /// Nothing is granted beside `grants`, not even what a language needs to start.
    #[serde(default)]
    bare: bool,
    /// A file that a link to `secret.txt` takes the place of, and that comes back, all the time.
    swap: Option<String>,
    /// What is done first, with the same grants, and must go well.
    before: Option<Vec<String>>,
    act: Vec<String>,
    /// Globs, of which one is there: the result, the error, or the trap.
    ok: Option<String>,
    error: Option<String>,
    trap: Option<String>,
    /// The grant that the user is told to be missing, as a glob; none: no word of any.
    denied: Option<String>,
    /// What the component prints, before the result.
    #[serde(default)]
    stdout: String,
    /// What somebody reads on stderr.
    #[serde(default)]
    said: String,
    /// Files that are new or other than before.
    #[serde(default)]
    changes: Vec<String>,
    /// That of the table.
    #[serde(skip)]
    probe: String,
    /// The name of the table.
    #[serde(skip)]
    file: String,
}

impl Case {
    /// Whether a guest of `language` can act it out.
    fn suits(&self, language: Language) -> bool {
        !lacks(language).contains(&self.act[0].as_str()) && (!self.bare || language == Language::Rust)
    }
}

/// Verbs that a language has no functions for, or no means to import them.
fn lacks(language: Language) -> &'static [&'static str] {
    match language {
        Language::Rust => &["symlink"],
        Language::Js => &["connect", "listen", "resolve", "datagram"],
        Language::Python | Language::Go => &["connect", "listen", "resolve", "input", "hoard"],
    }
}

/// What the runtime of a language uses before the first line of the user's code.
fn needs(language: Language) -> &'static [&'static str] {
    match language {
        Language::Rust => &[],
        Language::Python => &["random.allow"],
        Language::Js | Language::Go => &["clocks.monotonic", "clocks.wall", "random.allow"],
    }
}

fn main() -> ExitCode {
    let code = run_trials(trials);
    matrix::show(&all_cases().collect::<Vec<_>>());
    code
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for case in all_cases() {
        for language in languages() {
            // Other languages than Rust use stores in the Go host alone, which takes less time.
            let elsewhere = case.probe == "stores" && language != Language::Rust;
            if elsewhere || !project(language, &case.probe).is_dir() || !case.suits(language) {
                continue;
            }
            let (workshop, case) = (Arc::clone(workshop), case.clone());
            let name = format!("{language}::{}::{}", case.file, case.name);
            trials.push(Trial::test(name, move || {
                matrix::record("witgen run", language, &case, check(&workshop, language, &case))
            }));
        }
    }
    for host in languages() {
        // Only the Go host lets other guests than those in Rust use stores.
        let probes: &[&str] =
            if host == Language::Go { &["probe", "packages", "stores"] } else { &["probe", "packages"] };
        for (guest, probe) in
            languages().into_iter().flat_map(|guest| probes.iter().map(move |probe| (guest, *probe)))
        {
            if project(guest, probe).is_dir() {
                let workshop = Arc::clone(workshop);
                let name = format!("{guest}::{host}-host::{probe}");
                trials.push(Trial::test(name, move || check_host(host, &workshop, guest, probe)));
            }
        }
    }
    if languages().contains(&Language::Rust) {
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test("rust::shared_file", move || check_shared_file(&workshop)));
    }
    if languages().contains(&Language::Js) {
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test("rust::js-host::serving", move || check_js_serving(&workshop)));
    }
    trials
}

/// Every case with the grants and the probe of its table, and the name of that.
fn all_cases() -> impl Iterator<Item = Case> {
    tables().into_iter().flat_map(|(file, Table { grants, probe, case })| {
        case.into_iter().map(move |case| {
            let grants = Some(case.grants.clone().unwrap_or_else(|| grants.clone()));
            Case { grants, probe: probe.clone(), file: file.clone(), ..case }
        })
    })
}

/// A folder with a linked component, its bindings for JavaScript, and the programs that use them.
fn js_folder(workshop: &Workshop, component: &Path, probe: &str) -> Result<tempfile::TempDir, Failed> {
    let dir = tempfile::tempdir()?;
    let (bindings, linked) = (dir.path().join("bindings"), dir.path().join("linked"));
    let wit = [root().join("testees/wit"), root().join("wit")];
    let chosen = format!("witgen:testees/{probe}");
    let words = ["js", "--host", "-w", &chosen].map(PathBuf::from).into_iter();
    workshop.program().run(words.chain(wit).chain(["-o".into(), bindings]))?.success()?;
    let words = ["link", "--metered", "-o"].map(Path::new).into_iter();
    workshop.program().run(words.chain([linked.as_path(), component]))?.success()?;
    for file in ["probe.js", "serving.js", "package.json"] {
        std::fs::copy(root().join("testees/js-host").join(file), dir.path().join(file))?;
    }
    Ok(dir)
}

/// A server in JavaScript that answers by a component.
fn check_js_serving(workshop: &Workshop) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(Language::Rust, "packages")))? else {
        return Ok(());
    };
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = js_folder(workshop, &component, "packages")?;
    let mut command = Command::new(node);
    ends_with(command.arg(dir.path().join("serving.js")).arg(dir.path().join("linked")), "done\n")
}

/// A program of a host, with a component for it.
struct Host {
    language: Language,
    command: Box<dyn Fn() -> Result<Command, Failed>>,
    /// What else it needs.
    _folder: Option<tempfile::TempDir>,
}

impl Host {
    /// What makes one of the component of a probe; nothing where the tools are missing.
    fn new(
        language: Language,
        workshop: &Workshop,
        guest: Language,
        probe: &str,
    ) -> Result<Option<Self>, Failed> {
        let Some(component) = built(workshop.component(&project(guest, probe)))? else { return Ok(None) };
        match language {
            Language::Rust => Ok(Some(Self::rust(workshop, component))),
            Language::Python => Self::python(workshop, component, probe),
            Language::Js => Self::js(workshop, &component, probe),
            Language::Go => Self::go(workshop, &component),
        }
    }

    /// `conformance/hosts/examples/probe.rs`, which cargo builds with the tests.
    fn rust(workshop: &Workshop, component: PathBuf) -> Self {
        let program = workshop.program().path().with_file_name("examples").join("probe");
        let command = Box::new(move || {
            let mut command = Command::new(&program);
            command.arg(&component);
            Ok(command)
        });
        Self { language: Language::Rust, command, _folder: None }
    }

    fn python(workshop: &Workshop, component: PathBuf, probe: &str) -> Result<Option<Self>, Failed> {
        let folder = tempfile::tempdir()?;
        let wit = [root().join("testees/wit"), root().join("wit")];
        let chosen = format!("witgen:testees/{probe}");
        let words = ["python", "--host", "-w", &chosen].map(PathBuf::from).into_iter();
        let words = words.chain(wit).chain(["-o".into(), folder.path().join("bindings")]);
        workshop.program().run(words)?.success()?;
        if python_host(folder.path())?.is_none() {
            return Ok(None);
        }
        let path = folder.path().to_owned();
        let command = Box::new(move || {
            let mut command = python_host(&path)?.ok_or("Python has gone")?;
            command.arg(root().join("testees/python-host/probe.py")).arg(&component);
            Ok(command)
        });
        Ok(Some(Self { language: Language::Python, command, _folder: Some(folder) }))
    }

    fn js(workshop: &Workshop, component: &Path, probe: &str) -> Result<Option<Self>, Failed> {
        let Some(node) = built(node())? else { return Ok(None) };
        let folder = js_folder(workshop, component, probe)?;
        let path = folder.path().to_owned();
        let command = Box::new(move || {
            let mut command = Command::new(&node);
            command.arg(path.join("probe.js")).arg(path.join("linked"));
            Ok(command)
        });
        Ok(Some(Self { language: Language::Js, command, _folder: Some(folder) }))
    }

    /// With bindings for what all probes export.
    fn go(workshop: &Workshop, component: &Path) -> Result<Option<Self>, Failed> {
        let Some(go) = built(go())? else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let (linked, program) = (folder.path().join("linked"), folder.path().join("run"));
        let wit = [root().join("testees/wit"), root().join("wit")];
        bind(workshop, Language::Go, folder.path(), &["-w", "witgen:testees/probe"], &wit)?;
        let words = ["link", "--single-memory", "--interruptible", "--metered"].map(Path::new).into_iter();
        workshop.program().run(words.chain([component, Path::new("-o"), &linked]))?.success()?;
        let mut command = Command::new(go);
        command.args(["build", "-o"]).arg(&program).arg("./probe").current_dir(folder.path());
        let built = World::finished(command)?;
        if built.code != Some(0) {
            return Err(format!("{built:?}").into());
        }
        let command = Box::new(move || {
            let mut command = Command::new(&program);
            command.arg(&linked);
            Ok(command)
        });
        Ok(Some(Self { language: Language::Go, command, _folder: Some(folder) }))
    }

    /// Lets the component act with grants, which Rust and Python read from a file, and the others from the command
    /// line.
    fn act(&self, world: &World, grants: &toml::Table, words: &[String]) -> Result<Finished, Failed> {
        let words: Result<Vec<String>, Failed> = words.iter().map(|word| world.filled(word)).collect();
        let mut command = (self.command)()?;
        match self.language {
            Language::Rust | Language::Python => {
                let file = world.dir.path().join("grants.toml");
                std::fs::write(&file, toml::to_string(grants)?)?;
                command.arg(file);
            }
            Language::Js | Language::Go => {
                command.arg(serde_json::to_string(grants)?);
            }
        }
        command.args(words?).current_dir(world.dir.path());
        World::finished(command)
    }
}

/// Every case of a probe in a host, with the guest of a language.
fn check_host(host: Language, workshop: &Workshop, guest: Language, probe: &str) -> Result<(), Failed> {
    let Some(host) = Host::new(host, workshop, guest, probe)? else { return Ok(()) };
    check_all(host.language, guest, probe, |case| {
        let world = World::new(case)?;
        let grants = all_grants(&world, guest, case)?;
        check_in_program(case, &world, &|words| host.act(&world, &grants, words))
    })
}

/// What one host has written to a file of values, the next one reads.
fn check_shared_file(workshop: &Workshop) -> Result<(), Failed> {
    let case = all_cases().find(|case| case.name == "counts in a file").ok_or("there is no such case")?;
    let world = World::new(&case)?;
    let grants = all_grants(&world, Language::Rust, &case)?;
    let mut sum = 0;
    for host in languages().into_iter().chain(languages()) {
        let Some(host) = Host::new(host, workshop, Language::Rust, &case.probe)? else { continue };
        sum += 1;
        let words = ["increment", "b", "key", "1"].map(str::to_owned);
        let finished = host.act(&world, &grants, &words)?;
        if finished.stdout != format!("ok(\"{sum}\")\n") {
            return Err(format!("in {}, after {} others: {finished:?}", host.language, sum - 1).into());
        }
    }
    Ok(())
}

/// Every case that a guest of `language` can act out, in a host; all that fail are told.
fn check_all(
    host: Language,
    language: Language,
    probe: &str,
    check: impl Fn(&Case) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut failures = Vec::new();
    for case in all_cases().filter(|case| case.probe == probe && case.suits(language)) {
        if let Err(failure) = matrix::record(host.id(), language, &case, check(&case)) {
            failures.push(format!("{}: {}", case.name, failure.message().unwrap_or_default()));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// A case in a host that is a program, which has no audit.
fn check_in_program(
    case: &Case,
    world: &World,
    act: &dyn Fn(&[String]) -> Result<Finished, Failed>,
) -> Result<(), Failed> {
    if let Some(before) = &case.before {
        let finished = act(before)?;
        if !finished.stdout.contains("ok(") {
            return Err(format!("{before:?}: {finished:?}").into());
        }
    }
    let swapping = world.swap(case);
    let finished = act(&case.act)?;
    drop(swapping);
    check_outcome(case, &finished)?;
    check_told(case, &finished)?;
    world.check_changes(&case.changes)
}

/// The grants of a case, with what a guest of `language` needs to start.
fn all_grants(world: &World, language: Language, case: &Case) -> Result<toml::Table, Failed> {
    let mut grants: toml::Table = toml::from_str(&world.filled(case.grants.as_deref().unwrap_or_default())?)?;
    if !case.bare {
        for need in needs(language) {
            let (section, key) = need.split_once('.').unwrap_or_default();
            let section = grants.entry(section).or_insert_with(|| toml::Table::new().into());
            if let Some(section) = section.as_table_mut() {
                section.insert(key.to_owned(), true.into());
            }
        }
    }
    Ok(grants)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn project(language: Language, probe: &str) -> PathBuf {
    root().join("testees").join(language.id()).join(probe)
}

fn tables() -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("grants")).unwrap() {
        let path = entry.unwrap().path();
        let table = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        tables.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), table);
    }
    tables
}

fn check(workshop: &Workshop, language: Language, case: &Case) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(language, &case.probe)))? else { return Ok(()) };
    let world = World::new(case)?;
    if let Some(before) = &case.before {
        let finished = world.act(workshop, &component, language, case, before)?;
        if !finished.stdout.contains("ok(") {
            return Err(format!("{before:?}: {finished:?}").into());
        }
    }
    let swapping = world.swap(case);
    let finished = world.act(workshop, &component, language, case, &case.act)?;
    drop(swapping);
    if finished.stdout.contains("no such verb") {
        return Err(format!("the probe has no `{}`", case.act[0]).into());
    }
    check_outcome(case, &finished)?;
    check_denial(case, &finished, &world)?;
    world.check_changes(&case.changes)
}

fn check_outcome(case: &Case, finished: &Finished) -> Result<(), Failed> {
    let expected = |glob: &str, form: &str| WildMatch::new(&format!("{}{form}(\"{glob}\")\n", case.stdout));
    let fits = match (&case.ok, &case.error, &case.trap) {
        (Some(ok), None, None) => expected(ok, "ok").matches(&finished.stdout),
        (None, Some(error), None) => expected(error, "err").matches(&finished.stdout),
        (None, None, Some(trap)) => {
            finished.stderr.contains("error[trap]") && WildMatch::new(trap).matches(&finished.stderr)
        }
        _ => return Err("a case says one of `ok`, `error` and `trap`".into()),
    };
    if !fits || !finished.stderr.contains(&case.said) {
        return Err(format!("it ended otherwise: {finished:?}").into());
    }
    Ok(())
}

/// The user and the audit hear the same.
fn check_denial(case: &Case, finished: &Finished, world: &World) -> Result<(), Failed> {
    let audit = std::fs::read_to_string(world.dir.path().join("audit"))?;
    let mut denied = Vec::new();
    for line in audit.lines() {
        let event: serde_json::Value = serde_json::from_str(line)?;
        if event["allowed"] == false && event["error"] != "trap" {
            denied.push(event["grant"].as_str().unwrap_or_default().to_owned());
        }
    }
    check_told(case, finished)?;
    match &case.denied {
        Some(glob) if !denied.iter().any(|grant| WildMatch::new(glob).matches(grant)) => {
            Err(format!("the denial is not in the audit: {audit}").into())
        }
        _ => Ok(()),
    }
}

fn check_told(case: &Case, finished: &Finished) -> Result<(), Failed> {
    match &case.denied {
        Some(glob) => {
            let told = WildMatch::new(&format!("*witgen: the component was not allowed to*grant `{glob}`*"));
            if !told.matches(&finished.stderr) {
                return Err(format!("the denial is not told: {}", finished.stderr).into());
            }
        }
        // Whether the component met the link is chance.
        None if case.swap.is_some() => {}
        // Some libraries look for files where none are granted; a failure needs no word then.
        None if case.ok.is_some() && finished.stderr.contains("was not allowed") => {
            return Err(format!("a denial is told: {}", finished.stderr).into());
        }
        None => {}
    }
    Ok(())
}
