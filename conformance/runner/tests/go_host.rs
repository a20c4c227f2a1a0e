//! Go programs that run components: the example, and resources in both directions.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, built, go, languages, run_trials};
use witgen_languages::Language;

const REPORT: &str = "Original: Hello WebAssembly Component Model\n\
                      Reversed: ledoM tnenopmoC ylbmessAbeW olleH\n\
                      Words: 4\n";

const PROCESSED: &str = "Processed 4 words\nProcessed 0 words\nProcessed 2 words\n";

/// A program of `testees/go-host`, the world and the guest that it runs, and what it prints.
const STORES: [(&str, &str, &str, &str); 2] = [
    ("visited", "witgen:testees/visitor", "visitor", "[]\n[]\n0\n"),
    ("visiting", "witgen:testees/provider", "provider", "done\n"),
];

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for language in languages() {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("process_data::{language}"), move || {
            check_process_data(&shop, language)
        }));
        for (program, world, guest, printed) in STORES {
            let shop = Arc::clone(workshop);
            let check = move || check_store(&shop, language, program, world, guest, printed);
            trials.push(Trial::test(format!("{program}::{language}"), check));
        }
    }
    for (consumer, provider) in [(Language::Rust, Language::Python), (Language::Js, Language::Go)] {
        if languages().contains(&consumer) || languages().contains(&provider) {
            let shop = Arc::clone(workshop);
            let name = format!("composed::{consumer}-{provider}");
            trials.push(Trial::test(name, move || check_composed(&shop, consumer, provider)));
        }
    }
    trials
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn check_process_data(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let examples = root().join("examples");
    let project = examples.join("process-data").join(language.id());
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    let host = examples.join("process-data-hosts/go");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    runs(workshop, &host, &component, PROCESSED)
}

fn check_store(
    workshop: &Workshop,
    language: Language,
    program: &str,
    world: &str,
    guest: &str,
    printed: &str,
) -> Result<(), Failed> {
    let testees = root().join("conformance/testees");
    let Some(component) = built(workshop.component(&testees.join(language.id()).join(guest)))? else {
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let wit = [testees.join("wit"), root().join("conformance/wit")];
    prepare(workshop, dir.path(), program, world, &wit)?;
    runs(workshop, dir.path(), &component, printed)
}

/// Two components of different languages, which may have different versions of WASI.
fn check_composed(workshop: &Workshop, consumer: Language, provider: Language) -> Result<(), Failed> {
    let example = root().join("examples/string-operations");
    let Some(consumer) = built(workshop.component(&example.join("consumer").join(consumer.id())))? else {
        return Ok(());
    };
    let Some(provider) = built(workshop.component(&example.join("provider").join(provider.id())))? else {
        return Ok(());
    };
    let Some(both) = built(workshop.composition(&[&consumer, &provider]))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    prepare(workshop, dir.path(), "command", "consumer", &[example.join("wit")])?;
    runs(workshop, dir.path(), &both, REPORT)
}

/// Copies a program of `testees/go-host` to a folder and makes its bindings.
fn prepare(
    workshop: &Workshop,
    dir: &Path,
    program: &str,
    world: &str,
    wit: &[PathBuf],
) -> Result<(), Failed> {
    for file in ["main.go", "go.mod", "go.sum"] {
        let source = root().join("conformance/testees/go-host").join(program).join(file);
        std::fs::copy(source, dir.join(file))?;
    }
    let words = ["go", "--host", "-w", world].map(PathBuf::from).into_iter();
    let out = ["-o".into(), dir.join("bindings")];
    workshop.program().run(words.chain(wit.iter().cloned()).chain(out))?.success()?;
    Ok(())
}

/// Links a component and runs a program on it.
fn runs(workshop: &Workshop, program: &Path, component: &Path, printed: &str) -> Result<(), Failed> {
    let Some(go) = built(go())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let words = ["link", "--single-memory"].map(Path::new);
    let words = words.into_iter().chain([component, Path::new("-o"), dir.path()]);
    workshop.program().run(words)?.success()?;
    let output = Command::new(go).args(["run", "."]).arg(dir.path()).current_dir(program).output()?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && stdout == printed {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{stderr}\nprinted {stdout:?}, wanted {printed:?}", output.status).into())
}
