//! The table of `conformance/grants`: what a component gets with a grants file, and what it does not.
//!
//! `witgen run` does every case with guests of every language, the Python host those of Rust, the JavaScript host those that start quickly there.
//! Go programs do as `witgen run` does.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

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
}

/// Verbs that a language has no functions for, or no means to import them.
fn lacks(language: Language) -> &'static [&'static str] {
    match language {
        Language::Rust => &["symlink"],
        Language::Js => &["connect", "listen", "resolve", "datagram"],
        Language::Python | Language::Go => {
            &["connect", "listen", "resolve", "input", "work", "allocate", "hoard"]
        }
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
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (file, case) in all_cases() {
        for language in languages() {
            let project = project(language, &case.probe);
            let has_verb = project.is_dir() && !lacks(language).contains(&case.act[0].as_str());
            // Other languages than Rust use stores in the Go host alone, which takes less time.
            let elsewhere = case.bare || case.probe == "stores";
            if !has_verb || (elsewhere && language != Language::Rust) {
                continue;
            }
            let (workshop, case) = (Arc::clone(workshop), case.clone());
            let name = format!("{language}::{file}::{}", case.name);
            trials.push(Trial::test(name, move || check(&workshop, language, &case)));
        }
    }
    if languages().contains(&Language::Rust) && languages().contains(&Language::Python) {
        for probe in ["probe", "packages"] {
            let workshop = Arc::clone(workshop);
            let name = format!("rust::python-host::{probe}");
            trials.push(Trial::test(name, move || check_python_host(&workshop, probe)));
        }
    }
    if languages().contains(&Language::Rust) {
        for probe in ["probe", "packages"] {
            let workshop = Arc::clone(workshop);
            let name = format!("rust::rust-host::{probe}");
            trials.push(Trial::test(name, move || check_rust_host(&workshop, probe)));
        }
    }
    // Python's interpreter takes a second to start in Node.
    let guests = [
        (Language::Rust, "probe"),
        (Language::Rust, "packages"),
        (Language::Js, "probe"),
        (Language::Go, "probe"),
    ];
    for (language, probe) in guests {
        if languages().contains(&language) {
            let workshop = Arc::clone(workshop);
            let name = format!("{language}::js-host::{probe}");
            trials.push(Trial::test(name, move || check_js_host(&workshop, language, probe)));
        }
    }
    if languages().contains(&Language::Rust) {
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test("rust::js-host::serving", move || check_js_serving(&workshop)));
    }
    for (language, probe) in
        languages().into_iter().flat_map(|one| ["probe", "packages", "stores"].map(|probe| (one, probe)))
    {
        if project(language, probe).is_dir() {
            let workshop = Arc::clone(workshop);
            let name = format!("{language}::go-host::{probe}");
            trials.push(Trial::test(name, move || check_go_host(&workshop, language, probe)));
        }
    }
    trials
}

/// Every case with the grants and the probe of its table, and the name of that.
fn all_cases() -> impl Iterator<Item = (String, Case)> {
    tables().into_iter().flat_map(|(file, Table { grants, probe, case })| {
        case.into_iter().map(move |case| {
            let grants = Some(case.grants.clone().unwrap_or_else(|| grants.clone()));
            (file.clone(), Case { grants, probe: probe.clone(), ..case })
        })
    })
}

/// The cases of a probe that a guest of `language` can act out.
fn cases(language: Language, probe: &str) -> Vec<Case> {
    let all = all_cases().map(|(_, case)| case).filter(|case| case.probe == probe);
    all.filter(|case| !lacks(language).contains(&case.act[0].as_str()))
        .filter(|case| !case.bare || language == Language::Rust)
        .collect()
}

/// A folder with a linked component, its bindings for JavaScript, and the programs that use them.
fn js_folder(workshop: &Workshop, component: &Path, probe: &str) -> Result<tempfile::TempDir, Failed> {
    let dir = tempfile::tempdir()?;
    let (bindings, linked) = (dir.path().join("bindings"), dir.path().join("linked"));
    let wit = [root().join("testees/wit"), root().join("wit")];
    let chosen = format!("witgen:testees/{probe}");
    let words = ["js", "--host", "-w", &chosen].map(PathBuf::from).into_iter();
    workshop.program().run(words.chain(wit).chain(["-o".into(), bindings]))?.success()?;
    workshop.program().run([Path::new("link"), component, Path::new("-o"), &linked])?.success()?;
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

/// Every case in the JavaScript host.
fn check_js_host(workshop: &Workshop, language: Language, probe: &str) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(language, probe)))? else { return Ok(()) };
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = js_folder(workshop, &component, probe)?;
    let program = || {
        let mut command = Command::new(&node);
        command.arg(dir.path().join("probe.js")).arg(dir.path().join("linked"));
        command
    };
    // It says so instead of leaving out what it cannot give.
    let lacking = |grants: &mut toml::Table| {
        let keys = [("limits", "fuel"), ("limits", "memory"), ("blobstore", "root")];
        let lacks = keys.into_iter().filter(|(section, key)| {
            let section = grants.get_mut(*section).and_then(toml::Value::as_table_mut);
            section.is_some_and(|section| section.remove(*key).is_some())
        });
        let (section, key) = lacks.reduce(|first, _| first)?;
        Some(format!("LinkError: wrong grants: `{section}.{key}` cannot be granted"))
    };
    check_all(language, probe, |case| check_in_json(&program, &lacking, language, case))
}

/// Every case in the Go host, with bindings for what all probes export.
fn check_go_host(workshop: &Workshop, language: Language, probe: &str) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(language, probe)))? else { return Ok(()) };
    let Some(go) = built(go())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let (linked, program) = (dir.path().join("linked"), dir.path().join("run"));
    let wit = [root().join("testees/wit"), root().join("wit")];
    bind(workshop, Language::Go, dir.path(), &["-w", "witgen:testees/probe"], &wit)?;
    let words = ["link", "--single-memory", "--interruptible"].map(Path::new).into_iter();
    workshop.program().run(words.chain([component.as_path(), Path::new("-o"), &linked]))?.success()?;
    let mut command = Command::new(go);
    command.args(["build", "-o"]).arg(&program).arg("./probe").current_dir(dir.path());
    let built = World::finished(command)?;
    if built.code != Some(0) {
        return Err(format!("{built:?}").into());
    }
    let program = || {
        let mut command = Command::new(&program);
        command.arg(&linked);
        command
    };
    let lacking = |grants: &mut toml::Table| {
        let mut taken = |section: &str, key: &str, lacks: &dyn Fn(&toml::Value) -> bool| {
            let section = grants.get_mut(section)?.as_table_mut()?;
            let found = section.get(key).is_some_and(lacks);
            found.then(|| section.remove(key)).flatten()
        };
        if taken("limits", "fuel", &|_| true).is_some() {
            return Some("wrong grants: `limits.fuel` cannot be granted".to_owned());
        }
        let file = |store: &toml::Value| store.as_str().is_some_and(|store| store.starts_with("file:"));
        let store = taken("keyvalue", "store", &file)?;
        Some(format!("wrong grants: `{}` is no store of Go hosts", store.as_str()?))
    };
    check_all(language, probe, |case| check_in_json(&program, &lacking, language, case))
}

/// Every case in a Rust host (`conformance/hosts/examples/probe.rs`), which cargo builds with the tests.
fn check_rust_host(workshop: &Workshop, probe: &str) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(Language::Rust, probe)))? else { return Ok(()) };
    let program = workshop.program().path().with_file_name("examples").join("probe");
    check_with_file(probe, &component, &|| Ok(Command::new(&program)))
}

/// Every case in the Python host.
fn check_python_host(workshop: &Workshop, probe: &str) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(Language::Rust, probe)))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let bindings = dir.path().join("bindings");
    let wit = [root().join("testees/wit"), root().join("wit")];
    let chosen = format!("witgen:testees/{probe}");
    let words = ["python", "--host", "-w", &chosen].map(PathBuf::from).into_iter();
    workshop.program().run(words.chain(wit).chain(["-o".into(), bindings]))?.success()?;
    if python_host(dir.path())?.is_none() {
        return Ok(());
    }
    check_with_file(probe, &component, &|| {
        let mut command = python_host(dir.path())?.ok_or("Python has gone")?;
        command.arg(root().join("testees/python-host/probe.py"));
        Ok(command)
    })
}

/// Every case of a guest in Rust, in a program that takes the component, a grants file and the words.
fn check_with_file(
    probe: &str,
    component: &Path,
    program: &dyn Fn() -> Result<Command, Failed>,
) -> Result<(), Failed> {
    check_all(Language::Rust, probe, |case| {
        let world = World::new(case)?;
        let grants = world.dir.path().join("grants.toml");
        std::fs::write(&grants, world.filled(case.grants.as_deref().unwrap_or_default())?)?;
        let act = |words: &[String]| {
            let words: Result<Vec<String>, Failed> = words.iter().map(|word| world.filled(word)).collect();
            let mut command = program()?;
            command.arg(component).arg(&grants).args(words?);
            World::finished(command)
        };
        check_in_program(case, &world, &act)
    })
}

/// Every case that a guest of `language` can act out; all that fail are told.
fn check_all(
    language: Language,
    probe: &str,
    check: impl Fn(&Case) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut failures = Vec::new();
    for case in cases(language, probe) {
        if let Err(failure) = check(&case) {
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

/// A case in a program that takes grants as JSON.
///
/// `lacking` takes out what the host cannot give, and says how it refuses that.
fn check_in_json(
    program: &dyn Fn() -> Command,
    lacking: &dyn Fn(&mut toml::Table) -> Option<String>,
    language: Language,
    case: &Case,
) -> Result<(), Failed> {
    let world = World::new(case)?;
    let grants = world.filled(case.grants.as_deref().unwrap_or_default())?;
    let mut grants: toml::Table = toml::from_str(&grants)?;
    if !case.bare {
        for need in needs(language) {
            let (section, key) = need.split_once('.').unwrap_or_default();
            let section = grants.entry(section).or_insert_with(|| toml::Table::new().into());
            if let Some(section) = section.as_table_mut() {
                section.insert(key.to_owned(), true.into());
            }
        }
    }
    let act = |grants: &toml::Table, words: &[String]| {
        let words: Result<Vec<String>, Failed> = words.iter().map(|word| world.filled(word)).collect();
        let mut command = program();
        command.arg(serde_json::to_string(grants)?).args(words?).current_dir(world.dir.path());
        World::finished(command)
    };
    let all = grants.clone();
    if let Some(refusal) = lacking(&mut grants) {
        let finished = act(&all, &case.act)?;
        if !finished.stderr.contains(&refusal) || !finished.stdout.is_empty() {
            return Err(format!("not refused: {finished:?}").into());
        }
        // Where what it lacks was needed, there is nothing left to see.
        let lacks = refusal.split('`').nth(1).unwrap_or_default();
        if lacks.starts_with("blobstore")
            || refusal.contains("no store")
            || case.trap.as_deref().is_some_and(|trap| trap.contains(lacks))
        {
            return Ok(());
        }
    }
    check_in_program(case, &world, &|words| act(&grants, words))
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
