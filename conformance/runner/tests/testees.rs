//! Components of every language against those of every other: callers and providers of all types, resources that
//! pass through several components, maps, named interfaces, single calls from the command line, and failures.

mod calls;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use calls::{CALLS, MISFITS, Misfit};
use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, built, languages, prints, run_trials};
use witgen_languages::Language;

/// What stderr has besides the message of an uncaught exception.
const UNCAUGHT: [(Language, &str); 4] = [
    (Language::Rust, "panicked at"),
    (Language::Python, "RuntimeError: "),
    (Language::Js, "Error: "),
    (Language::Go, "panic: "),
];

/// What the engines of single languages stumble over, or have in other forms: projects, each of which imports what the
/// next one exports.
const TORTURE: &[(Language, &[&str])] = &[
    (Language::Python, &["consumer", "provider"]),
    (Language::Js, &["consumer", "provider"]),
    (Language::Js, &["consumer", "relay", "provider"]),
];

fn main() -> ExitCode {
    run_trials(trials)
}

type Check = Box<dyn FnOnce(&Workshop) -> Result<(), Failed> + Send>;

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add = |name: String, check: Check| {
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test(name, move || check(&workshop)));
    };
    for language in languages() {
        for call in CALLS {
            let name = format!("{language}::provider::{}", call.invoke);
            add(name, Box::new(move |workshop| check_call(workshop, language, call)));
        }
        add(format!("{language}::fails"), Box::new(move |workshop| check_failure(workshop, language)));
        for misfit in MISFITS {
            let Some(said) = said(misfit, language) else { continue };
            let name = format!("{language}::misfits::{}", misfit.func);
            add(name, Box::new(move |workshop| check_misfit(workshop, language, misfit.func, said)));
        }
        add(format!("{language}::relays::call"), Box::new(move |workshop| check_relay(workshop, language)));
    }
    for (language, parts) in TORTURE {
        if languages().contains(language) {
            let name = format!("{language}::torture::{}", parts.join("::"));
            add(name, Box::new(move |workshop| check_torture(workshop, *language, parts)));
        }
    }
    for left in languages() {
        for right in languages() {
            for (caller, provider) in [
                ("caller", "provider"),
                ("map-caller", "map-provider"),
                ("drawers-caller", "drawers-provider"),
            ] {
                let parts = vec![(left, caller), (right, provider)];
                let name = format!("{left}::{caller}::{right}");
                add(name, Box::new(move |workshop| check_composition(workshop, &parts, "run()")));
            }
            let (name, parts) = visit(left, right);
            add(name, Box::new(move |workshop| check_composition(workshop, &parts, "run(true)")));
        }
        let name = format!("{left}::relays::visitor");
        add(name, Box::new(move |workshop| check_relayed_visit(workshop, left)));
    }
    trials
}

/// A visitor, a provider and between them a middle: over all pairs, each two of them meet in every language.
fn visit(visitor: Language, provider: Language) -> (String, Vec<(Language, &'static str)>) {
    let middle = middle(place(visitor) + place(provider));
    let name = format!("{visitor}::visitor::{middle}::{provider}");
    (name, vec![(visitor, "visitor"), (middle, "middle"), (provider, "provider")])
}

fn place(language: Language) -> usize {
    Language::ALL.iter().position(|other| *other == language).unwrap_or_default()
}

/// A language under test, counted from the first.
fn middle(number: usize) -> Language {
    let all = languages();
    all.get(number % all.len().max(1)).copied().unwrap_or(Language::Rust)
}

fn project(language: Language, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testees").join(language.id()).join(name)
}

fn component(workshop: &Workshop, language: Language, name: &str) -> Result<Option<PathBuf>, Failed> {
    built(workshop.component(&project(language, name)))
}

/// The projects joined; none where a toolchain is missing.
fn composition(workshop: &Workshop, parts: &[(Language, &str)]) -> Result<Option<PathBuf>, Failed> {
    let mut paths = Vec::new();
    for (language, name) in parts {
        let Some(path) = component(workshop, *language, name)? else { return Ok(None) };
        paths.push(path);
    }
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    built(workshop.composition(&paths))
}

fn check_composition(workshop: &Workshop, parts: &[(Language, &str)], call: &str) -> Result<(), Failed> {
    let Some(composed) = composition(workshop, parts)? else { return Ok(()) };
    prints(workshop, &composed, &["--invoke", call], "[]\n")
}

fn check_torture(workshop: &Workshop, language: Language, parts: &[&str]) -> Result<(), Failed> {
    let generators = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generators");
    let projects = generators.join(language.id()).join("tests/torture");
    let mut composed: Option<PathBuf> = None;
    for part in parts.iter().rev() {
        let Some(component) = built(workshop.component(&projects.join(part)))? else { return Ok(()) };
        composed = match composed {
            Some(provider) => built(workshop.composition(&[&component, &provider]))?,
            None => Some(component),
        };
    }
    let Some(composed) = composed else { return Ok(()) };
    prints(workshop, &composed, &["--invoke", "run()"], "[]\n")
}

/// A relay between the provider of another language and the visitor and middle of two more.
fn check_relayed_visit(workshop: &Workshop, relay: Language) -> Result<(), Failed> {
    let all = languages();
    let other = |steps: usize| all[(place(relay) + steps) % all.len()];
    let (visitor, middle, provider) = (other(1), middle(place(relay) + 2), other(3));
    let relayed = composition(workshop, &[(relay, "relay"), (provider, "provider")])?;
    let visitor = component(workshop, visitor, "visitor")?;
    let middle = component(workshop, middle, "middle")?;
    let (Some(relayed), Some(visitor), Some(middle)) = (relayed, visitor, middle) else { return Ok(()) };
    let Some(composed) = built(workshop.composition(&[&visitor, &middle, &relayed]))? else { return Ok(()) };
    prints(workshop, &composed, &["--invoke", "run(true)"], "[]\n")
}

fn check_relay(workshop: &Workshop, relay: Language) -> Result<(), Failed> {
    let all = languages();
    let provider = all[(place(relay) + 1) % all.len()];
    let Some(composed) = composition(workshop, &[(relay, "relay"), (provider, "provider")])? else {
        return Ok(());
    };
    for call in CALLS.iter().filter(|call| call.invoke.starts_with("witgen:conformance/records.")) {
        prints(workshop, &composed, &["--invoke", call.invoke], call.expected)?;
    }
    prints(workshop, &composed, &["--invoke", "witgen:conformance/store.live()"], "0\n")
}

fn check_call(workshop: &Workshop, language: Language, call: &calls::Call) -> Result<(), Failed> {
    let Some(component) = component(workshop, language, "provider")? else { return Ok(()) };
    prints(workshop, &component, &["--invoke", call.invoke], call.expected)
}

/// What a guest says of a misfit; none where the compiler does not let it be.
fn said(misfit: &Misfit, language: Language) -> Option<&'static str> {
    match language {
        Language::Python => Some(misfit.python),
        Language::Js => Some(misfit.js),
        Language::Rust | Language::Go => None,
    }
}

/// A value that does not fit its type does not leave the guest, whose own error tells of it.
fn check_misfit(workshop: &Workshop, language: Language, func: &str, said: &str) -> Result<(), Failed> {
    let Some(component) = component(workshop, language, "misfits-provider")? else { return Ok(()) };
    let invoke = format!("{func}()");
    let words = ["run".as_ref(), component.as_os_str(), "--invoke".as_ref(), invoke.as_ref()];
    let finished = workshop.program().run(words)?;
    let is_told =
        finished.stderr.lines().any(|line| line.ends_with(said) || line.contains(&format!("{said} (")));
    let is_trap = finished.code == Some(1) && finished.stderr.contains("error[trap]");
    match is_told && is_trap && finished.stdout.is_empty() {
        true => Ok(()),
        false => Err(format!("stderr lacks {said:?}: {finished:?}").into()),
    }
}

/// An uncaught exception is a trap, with a word of the exception on stderr.
fn check_failure(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let Some(component) = component(workshop, language, "provider")? else { return Ok(()) };
    let words = ["run".as_ref(), component.as_os_str(), "--invoke".as_ref(), "fail(\"boom\")".as_ref()];
    let finished = workshop.program().run(words)?;
    let names = UNCAUGHT.iter().find(|(one, _)| *one == language).map_or("", |(_, names)| *names);
    for wanted in ["error[trap]: `fail` trapped", "boom", names] {
        if !finished.stderr.contains(wanted) {
            return Err(format!("stderr lacks {wanted:?}:\n{}", finished.stderr).into());
        }
    }
    let quiet = finished.code == Some(1) && finished.stdout.is_empty();
    if quiet { Ok(()) } else { Err(format!("{finished:?}").into()) }
}
