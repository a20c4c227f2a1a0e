//! The program says the same with both kinds of bindings, for guests of every language.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{
    PROCESSED, PluginHost, Workshop, built, ends_with, languages, plugin_trials, root, run_trials,
};
use witgen_languages::Language;
use witgen_run::Cache;

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for language in languages() {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("{language}::called"), move || check_called(&shop, language)));
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("{language}::visited"), move || check_visited(&shop, language)));
    }
    if languages().contains(&Language::Rust) {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test("example", move || check_example(&shop)));
    }
    trials.extend(plugin_trials(workshop, PluginHost { command: plugin_host, linked: None }));
    trials
}

/// `examples/plugin-host/rust`, which cargo has built with the tests.
fn plugin_host(_: &Workshop) -> Result<Option<Command>, Failed> {
    let test = std::env::current_exe()?;
    let examples = test.ancestors().nth(2).ok_or("the test has no folder")?.join("examples");
    Ok(Some(Command::new(examples.join("plugin-host"))))
}

fn testee(language: Language, name: &str) -> PathBuf {
    root().join("conformance/testees").join(language.id()).join(name)
}

fn check_called(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let Some(path) = built(workshop.component(&testee(language, "provider")))? else { return Ok(()) };
    let (engine, component) = compile(&path)?;
    let ours = witgen_hosts::ours::called(&engine, &component).map_err(failed)?;
    let theirs = witgen_hosts::theirs::called(&engine, &component).map_err(failed)?;
    same(&ours, &theirs)?;
    for wanted in [
        "moved: true",
        "dropped: true",
        "foreign: true",
        "trap: true",
        "poisoned: true",
        "denied (error 1): denied",
    ] {
        if !ours.iter().any(|line| line == wanted) {
            return Err(format!("there is no `{wanted}` in {ours:#?}").into());
        }
    }
    Ok(())
}

fn check_visited(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let Some(path) = built(workshop.component(&testee(language, "visitor")))? else { return Ok(()) };
    let (engine, component) = compile(&path)?;
    let ours = witgen_hosts::ours::visited(&engine, &component).map_err(failed)?;
    let theirs = witgen_hosts::theirs::visited(&engine, &component).map_err(failed)?;
    same(&ours.0, &theirs.0)?;
    if ours != (Vec::new(), 0) {
        return Err(format!("the guest found {:#?}, and {} counters are left", ours.0, ours.1).into());
    }
    Ok(())
}

/// `examples/process-data-hosts/rust`, with the component of the same language: without optimisation, the compiler in it
/// takes half a minute for others.
fn check_example(workshop: &Workshop) -> Result<(), Failed> {
    let examples = root().join("examples");
    let Some(component) = built(workshop.component(&examples.join("process-data/rust")))? else {
        return Ok(());
    };
    let project = examples.join("process-data-hosts/rust");
    workshop.program().run([Path::new("generate"), &project])?.success()?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--locked", "--"]).arg(component).current_dir(&project);
    ends_with(&mut cargo, PROCESSED)
}

fn compile(path: &Path) -> Result<(wasmtime::Engine, wasmtime::component::Component), Failed> {
    witgen_run::compile(path, &Cache::Default).map_err(|found| format!("{found:?}").into())
}

fn failed(reason: wasmtime::Error) -> Failed {
    format!("{reason:?}").into()
}

fn same(ours: &[String], theirs: &[String]) -> Result<(), Failed> {
    if ours == theirs { Ok(()) } else { Err(format!("ours: {ours:#?}\ntheirs: {theirs:#?}").into()) }
}
