//! Builds every example in every language, joins what belongs together and checks what it prints.

#[path = "examples/sdk.rs"]
mod sdk;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Unbuilt, Workshop, built, languages, prints, root, run_trials};
use witgen_languages::Language;

const REPORT: &str = "Original: Hello WebAssembly Component Model\n\
                      Reversed: ledoM tnenopmoC ylbmessAbeW olleH\n\
                      Words: 4\n";

/// A function of an example that every language answers alike.
struct Call {
    project: &'static str,
    invoke: &'static str,
    expected: &'static str,
}

const CALLS: &[Call] = &[
    Call { project: "hello", invoke: r#"greet("Ada")"#, expected: "\"Hello, Ada!\"\n" },
    Call { project: "hello", invoke: r#"greet("")"#, expected: "\"Hello, !\"\n" },
    Call { project: "hello", invoke: r#"greet("Grüße 🦀")"#, expected: "\"Hello, Grüße 🦀!\"\n" },
    Call {
        project: "process-data",
        invoke: r#"process-data("one two  three\nfour")"#,
        expected: "\"Processed 4 words\"\n",
    },
    Call { project: "len", invoke: r#"len("naïve 🦀")"#, expected: "7\n" },
    Call {
        project: "string-operations/provider", invoke: r#"reverse("añ🦀")"#, expected: "\"🦀ña\"\n"
    },
    Call { project: "string-operations/provider", invoke: r#"word-count("  a b ")"#, expected: "2\n" },
];

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for language in languages() {
        for call in CALLS {
            let workshop = Arc::clone(workshop);
            let name = format!("{language}::{}::{}", call.project.replace('/', "::"), call.invoke);
            trials.push(Trial::test(name, move || check_call(&workshop, call, language)));
        }
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("{language}::command"), move || check_command(&shop, language)));
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("{language}::logger"), move || check_logger(&shop, language)));
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("{language}::new"), move || check_new(&shop, language)));
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("{language}::stubs"), move || check_stubs(&shop, language)));
    }
    for consumer in languages() {
        for provider in languages() {
            let workshop = Arc::clone(workshop);
            let name = format!("{consumer}::consumes::{provider}");
            trials.push(Trial::test(name, move || check_pair(&workshop, consumer, provider)));
        }
    }
    trials.extend(sdk::trials(workshop));
    trials
}

fn example(project: &str, language: Language) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(project).join(language.id())
}

fn check_call(workshop: &Workshop, call: &Call, language: Language) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&example(call.project, language)))? else { return Ok(()) };
    prints(workshop, &component, &["--invoke", call.invoke], call.expected)
}

fn check_pair(workshop: &Workshop, consumer: Language, provider: Language) -> Result<(), Failed> {
    let consumer = built(workshop.component(&example("string-operations/consumer", consumer)))?;
    let provider = built(workshop.component(&example("string-operations/provider", provider)))?;
    let (Some(consumer), Some(provider)) = (consumer, provider) else { return Ok(()) };
    let Some(composed) = built(workshop.composition(&[&consumer, &provider]))? else { return Ok(()) };
    prints(workshop, &composed, &[], REPORT)
}

/// A command reads what it is granted, and its exit code says whether that was there.
fn check_command(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&example("command", language)))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    std::fs::write(dir.path().join("a.txt"), "one two\nthree ")?;
    std::fs::write(dir.path().join("b.txt"), "")?;
    std::fs::write(dir.path().join("input"), "four  naïve words here")?;
    let run = |grants: &[&str]| {
        // What the run times of some languages need to start.
        let needs = ["clocks.monotonic", "clocks.wall", "random.allow", "stdio.stdin", "stdio.stdout"];
        let mut command = Command::new(workshop.program().path());
        command.arg("run").arg(&component).current_dir(dir.path());
        command.args(needs.iter().chain(grants).flat_map(|grant| ["--grant", grant]));
        command.stdin(std::fs::File::open(dir.path().join("input"))?).env("TITLE", "Texts").output()
    };
    let counted = run(&["filesystem./texts=.", "env.allow=TITLE"])?;
    let text = String::from_utf8_lossy(&counted.stdout);
    if text != "Texts\na.txt: 3\nb.txt: 0\ninput: 4\ninput: 4\n" || counted.status.code() != Some(0) {
        return Err(format!("{counted:?}").into());
    }
    let refused = run(&["stdio.stderr"])?;
    let told = String::from_utf8_lossy(&refused.stderr);
    if refused.stdout == b"\n" && told.contains("cannot read /texts") && refused.status.code() == Some(1) {
        return Ok(());
    }
    Err(format!("{refused:?}").into())
}

/// A new project does what its maker says of it, word for word.
fn check_new(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let witgen = |words: &[&str]| {
        let mut command = Command::new(workshop.program().path());
        command.args(words).current_dir(dir.path()).env("CARGO_TARGET_DIR", dir.path().join("target"));
        command.output()
    };
    let made = witgen(&["new", "greeter", "--lang", language.id()])?;
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    if !made.status.success() || !said.contains("witgen run greeter.wasm --invoke 'greet(\"Ada\")'\n") {
        return Err(said.into());
    }
    let made = witgen(&["build", "greeter", "-o", "greeter.wasm"])?;
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    let component = dir.path().join("greeter.wasm");
    let result = match made.status.code() {
        Some(0) => Ok(component),
        Some(2) if said.contains("error[missing-tool]") => Err(Unbuilt::MissingTool(said)),
        _ => Err(Unbuilt::Failed(said)),
    };
    let Some(component) = built(result)? else { return Ok(()) };
    prints(workshop, &component, &["--invoke", "greet(\"Ada\")"], "\"Hello, Ada!\"\n")?;
    let again = witgen(&["new", "greeter", "--lang", language.id()])?;
    if again.status.code() == Some(2) { Ok(()) } else { Err(format!("{again:?}").into()) }
}

/// A new project for a world of one's own builds before anything is written in it.
fn check_stubs(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let wit = root().join("conformance/worlds/shop.wit").canonicalize()?;
    std::fs::copy(wit, dir.path().join("shop.wit"))?;
    let witgen = |words: &[&str]| {
        let mut command = Command::new(workshop.program().path());
        command.args(words).current_dir(dir.path()).env("CARGO_TARGET_DIR", dir.path().join("target"));
        command.output()
    };
    let refused = witgen(&["new", "store", "--lang", language.id(), "--wit", "shop.wit", "-w", "mall"])?;
    let said = String::from_utf8_lossy(&refused.stderr);
    if refused.status.success() || !said.contains("mall") || dir.path().join("store").exists() {
        return Err(said.into());
    }
    let made = witgen(&["new", "store", "--lang", language.id(), "--wit", "shop.wit"])?;
    let said = String::from_utf8_lossy(&made.stderr);
    if !made.status.success() || !said.ends_with("  witgen build store -o store.wasm\n") {
        return Err(said.into());
    }
    let made = witgen(&["build", "store", "-o", "store.wasm"])?;
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    let component = dir.path().join("store.wasm");
    let result = match made.status.code() {
        Some(0) => Ok(component),
        Some(2) if said.contains("error[missing-tool]") => Err(Unbuilt::MissingTool(said)),
        _ => Err(Unbuilt::Failed(said)),
    };
    if let Some(component) = built(result)? {
        let exports = workshop.program().run([Path::new("inspect"), &component])?;
        if !["run", "docs:shop/handles@1.2.0", "docs:shop/other@1.2.0"]
            .iter()
            .all(|name| exports.stdout.contains(name))
        {
            return Err(format!("{exports:?}").into());
        }
    }
    Ok(())
}

fn check_logger(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let application = built(workshop.component(&example("logger", language)))?;
    let logger = built(workshop.component(&example("logger/provider", Language::Rust)))?;
    let (Some(application), Some(logger)) = (application, logger) else { return Ok(()) };
    let Some(composed) = built(workshop.composition(&[&application, &logger]))? else { return Ok(()) };
    prints(workshop, &composed, &["--invoke", "run()"], "log: starting\nlog: done\n")
}
