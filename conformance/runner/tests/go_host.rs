//! Go programs that run components: the example, resources in both directions, and components of two languages.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, bind, built, ends_with, go, host_trials, languages, root, run_trials};
use witgen_languages::Language;

const REPORT: &str = "Original: Hello WebAssembly Component Model\n\
                      Reversed: ledoM tnenopmoC ylbmessAbeW olleH\n\
                      Words: 4\n";

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = host_trials(workshop, Language::Go, &[], runs);
    for (consumer, provider) in [(Language::Rust, Language::Python), (Language::Js, Language::Go)] {
        if languages().contains(&consumer) || languages().contains(&provider) {
            let shop = Arc::clone(workshop);
            let name = format!("composed::{consumer}-{provider}");
            trials.push(Trial::test(name, move || check_composed(&shop, consumer, provider)));
        }
    }
    trials
}

/// Two components of different languages, which may have different versions of WASI.
fn check_composed(workshop: &Workshop, consumer: Language, provider: Language) -> Result<(), Failed> {
    let example = root().join("examples/string-operations");
    let project = |part: &str, language: Language| example.join(part).join(language.id());
    let Some(consumer) = built(workshop.component(&project("consumer", consumer)))? else { return Ok(()) };
    let Some(provider) = built(workshop.component(&project("provider", provider)))? else { return Ok(()) };
    let Some(both) = built(workshop.composition(&[&consumer, &provider]))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    bind(workshop, Language::Go, dir.path(), &["-w", "consumer"], &[example.join("wit")])?;
    runs(workshop, dir.path(), "command", &both, REPORT)
}

/// Links a component and runs a program on it: a folder of that name, or all there is.
fn runs(
    workshop: &Workshop,
    folder: &Path,
    name: &str,
    component: &Path,
    printed: &str,
) -> Result<(), Failed> {
    let Some(go) = built(go())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let words = ["link", "--single-memory"].map(Path::new);
    let words = words.into_iter().chain([component, Path::new("-o"), dir.path()]);
    workshop.program().run(words)?.success()?;
    let program = if folder.join(name).is_dir() { format!("./{name}") } else { ".".to_owned() };
    ends_with(Command::new(go).args(["run", &program]).arg(dir.path()).current_dir(folder), printed)
}
