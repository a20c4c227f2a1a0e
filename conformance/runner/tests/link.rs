//! Hand-written components run in the hosts that take link plans, JavaScript and Go, and in wasmtime; all must do what
//! the scripts say.

#[path = "link/script.rs"]
mod script;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Failed, Trial};
use script::{Call, Expected, Script};
use witgen_conformance::{Program, Workshop, built, go, languages, node, race, run_trials};
use witgen_languages::Language;

fn main() -> ExitCode {
    run_trials(|workshop| {
        let mut trials = Vec::new();
        for path in script::paths() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let host = (workshop.clone(), path.clone());
            trials.push(Trial::test(format!("{name}::wasmtime"), {
                let workshop = workshop.clone();
                move || in_wasmtime(&workshop, &path)
            }));
            for (flags, kind) in [(&[][..], "js"), (&["--single-memory", "--metered"], "js-metered")] {
                let (workshop, path) = host.clone();
                trials.push(Trial::test(format!("{name}::{kind}"), move || {
                    in_node(&workshop, &path, flags, kind)
                }));
            }
            let (workshop, path) = host;
            trials.push(Trial::test(format!("{name}::go"), move || in_go(&workshop, &path)));
        }
        let workshop = workshop.clone();
        for (caller, provider) in neighbours() {
            let workshop = workshop.clone();
            let name = format!("guests::{caller}-{provider}");
            trials.push(Trial::test(name, move || guests(&workshop, caller, provider)));
        }
        trials.push(Trial::test("host", move || host(&workshop)));
        trials
    })
}

/// Every language once, since building takes its time.
fn neighbours() -> Vec<(Language, Language)> {
    let under_test = languages();
    let mut pairs = vec![(Language::Rust, Language::Python), (Language::Js, Language::Go)];
    pairs.retain(|(caller, provider)| under_test.contains(caller) || under_test.contains(provider));
    pairs
}

/// Guests of two languages, composed, hand resources to each other in the JavaScript host.
fn guests(workshop: &Workshop, caller: Language, provider: Language) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let testee = |language: Language, world: &str| {
        built(workshop.component(&root().join(format!("conformance/testees/{language}/{world}"))))
    };
    let Some(caller_wasm) = testee(caller, "drawers-caller")? else { return Ok(()) };
    let Some(provider_wasm) = testee(provider, "drawers-provider")? else { return Ok(()) };
    let Some(both) = built(workshop.composition(&[&caller_wasm, &provider_wasm]))? else { return Ok(()) };
    let out = workshop.folder(&format!("guests-{caller}-{provider}"))?;
    link(workshop.program(), &both, &[], &out)?;
    let runner = root().join("conformance/link/guests.js");
    let output = Command::new(node).arg(runner).arg(out.join("plan.json")).output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if printed.trim() == "[]" {
        return Ok(());
    }
    Err(format!("{printed}{}", String::from_utf8_lossy(&output.stderr)).into())
}

/// A component that has its imports and resources from JavaScript.
fn host(workshop: &Workshop) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = workshop.folder("host")?;
    let component = dir.join("host.wasm");
    std::fs::write(&component, wat::parse_file(root().join("conformance/link/host.wat"))?)?;
    link(workshop.program(), &component, &[], &dir.join("plan"))?;
    let mut command = Command::new(node);
    command.args(["--expose-gc", "--test", "--test-reporter=tap"]);
    command.arg(root().join("conformance/link/host.test.js")).env("PLAN", dir.join("plan/plan.json"));
    succeeds(&mut command)
}

/// Runs a program, whose output is the error.
fn succeeds(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Err(format!("{}{}", text(&output.stdout), text(&output.stderr)).into())
}

/// Each call gets an instance of its own there.
fn in_wasmtime(workshop: &Workshop, path: &Path) -> Result<(), Failed> {
    let script = Script::read(path)?;
    for (number, case) in script.cases.iter().enumerate() {
        let dir = workshop.folder(&format!("{}-wasmtime-{number}", script.name))?;
        let component = dir.join("component.wasm");
        std::fs::write(&component, &case.component)?;
        for call in case.calls.iter().filter(|call| call.stateless) {
            let words = ["run".as_ref(), component.as_os_str(), "--invoke".as_ref(), call.wave.as_ref()];
            let finished = workshop.program().run(words)?;
            let as_expected = match &call.expected {
                Expected::Value(value) => {
                    finished.code == Some(0) && finished.stdout.trim() == value.as_deref().unwrap_or("")
                }
                Expected::Trap(message) => {
                    finished.code == Some(1) && finished.stderr.contains(message.as_str())
                }
            };
            if !as_expected {
                let said = format!("{}{}", finished.stdout, finished.stderr);
                return Err(
                    format!("line {}: {}: {:?}, got {said}", call.line, call.wave, call.expected).into()
                );
            }
        }
    }
    Ok(())
}

/// All calls of a script in one process.
fn in_node(workshop: &Workshop, path: &Path, flags: &[&str], kind: &str) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let calls = linked(workshop, path, flags, kind)?;
    let runner = root().join("runtime-support/js/testee/script.js");
    succeeds(Command::new(node).arg(runner).arg(&calls))
}

/// The same in the Go host, by a test of its own package.
fn in_go(workshop: &Workshop, path: &Path) -> Result<(), Failed> {
    let Some(go) = built(go())? else { return Ok(()) };
    let rigid = linked(workshop, path, &["--single-memory"], "go")?;
    let flags = ["--single-memory", "--interruptible", "--metered"];
    let rewritten = linked(workshop, path, &flags, "go-rewritten")?;
    let calls = std::env::join_paths([rigid, rewritten])?;
    let mut command = Command::new(go);
    command.arg("test").args(race()).args(["-count=1", "-run=^TestScript$", "."]);
    command.current_dir(root().join("runtime-support/go/host")).env("WITGEN_LINK_SCRIPTS", &calls);
    succeeds(&mut command)
}

/// Links the components of a script, and writes down its calls.
fn linked(workshop: &Workshop, path: &Path, flags: &[&str], kind: &str) -> Result<PathBuf, Failed> {
    let script = Script::read(path)?;
    let dir = workshop.folder(&format!("{}-{kind}", script.name))?;
    for (number, case) in script.cases.iter().enumerate() {
        let component = dir.join(format!("{number}.wasm"));
        std::fs::write(&component, &case.component)?;
        link(workshop.program(), &component, flags, &dir.join(number.to_string()))?;
    }
    let calls = dir.join("script.json");
    std::fs::write(&calls, serde_json::to_vec(&script.json())?)?;
    Ok(calls)
}

fn link(program: &Program, component: &Path, flags: &[&str], out: &Path) -> Result<(), Failed> {
    let mut words = vec!["link".as_ref(), component.as_os_str(), "-o".as_ref(), out.as_os_str()];
    words.extend(flags.iter().map(std::ffi::OsStr::new));
    program.run(words)?.success()?;
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Call {
    /// What the hosts read.
    fn json(&self) -> serde_json::Value {
        let (expected, trap) = match &self.expected {
            Expected::Value(_) => (self.value.clone(), None),
            Expected::Trap(message) => (serde_json::Value::Null, Some(message)),
        };
        serde_json::json!({
            "line": self.line, "name": self.name, "args": self.args, "expected": expected, "trap": trap,
        })
    }
}

impl Script {
    fn json(&self) -> serde_json::Value {
        let case = |(number, case): (usize, &script::Case)| {
            let calls: Vec<_> = case.calls.iter().map(Call::json).collect();
            serde_json::json!({ "plan": format!("{number}/plan.json"), "calls": calls })
        };
        self.cases.iter().enumerate().map(case).collect()
    }
}
