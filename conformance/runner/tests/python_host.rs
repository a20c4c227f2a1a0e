//! Python programs that run components: the examples, resources in both directions, and the bindings of every world.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../worlds/every.rs"]
mod every;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, built, languages, python_host, run_trials};
use witgen_languages::Language;

const PROCESSED: &str = "Processed 4 words\nProcessed 0 words\nProcessed 2 words\n";

const NAUGHTY: &str =
    "naughty: stopped (unreachable)\nnaughty: stopped (deadline)\nnaughty: stopped (memory-limit)\n";

/// What the plugin of a language prints.
const PLUGINS: [(Language, &str); 4] = [
    (
        Language::Rust,
        "rust: negative of 6 pixels in rows of 3\nrust: [255, 205, 155, 105, 55, 5]\n\
         rust: negative of 6 pixels in rows of 4\nrust: [255, 205, 155, 105, 55, 5]\n",
    ),
    (
        Language::Python,
        "python: brighter by 100\npython: [100, 150, 200, 250, 255, 255]\n\
         python: brighter by 0\npython: [0, 50, 100, 150, 200, 250]\n",
    ),
    (Language::Js, "js: mirrored 2 rows\njs: [100, 50, 0, 250, 200, 150]\njs: 2 pixels are left over\n"),
    (
        Language::Go,
        "go: white from 100 on\ngo: [0, 0, 255, 255, 255, 255]\ngo: cannot do it: a strength of 0\n",
    ),
];

/// A program of `testees/python-host`.
struct Tried {
    program: &'static str,
    /// The world of its bindings, and a guest of that.
    world: &'static str,
    guest: &'static str,
    flags: &'static [&'static str],
    printed: &'static str,
}

const PROGRAMS: [Tried; 3] = [
    Tried {
        program: "visited",
        world: "witgen:testees/visitor",
        guest: "visitor",
        flags: &[],
        printed: "[]\n[]\n0\n",
    },
    Tried {
        program: "visiting",
        world: "witgen:testees/provider",
        guest: "provider",
        flags: &[],
        printed: "done\n",
    },
    Tried {
        program: "viewing",
        world: "witgen:testees/provider",
        guest: "provider",
        flags: &["--memoryviews"],
        printed: "H True [0, 1, 65535]\n[-9223372036854775808, 9223372036854775807]\n-0.0\n[]\nb'ab' [True]\n",
    },
];

/// Imports every package of a folder, and all that is in each.
const IMPORT_ALL: &str = "
import importlib, pathlib, sys
for package in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for file in sorted(package.glob('*.py')):
        importlib.import_module(f'{package.name}.{file.stem}')
print('done')
";

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
        for tried in PROGRAMS {
            let shop = Arc::clone(workshop);
            let name = format!("{}::{language}", tried.program);
            trials.push(Trial::test(name, move || check_program(&shop, language, &tried)));
        }
    }
    for (language, printed) in PLUGINS.into_iter().filter(|(language, _)| languages().contains(language)) {
        let shop = Arc::clone(workshop);
        let check = move || check_plugins(&shop, language.id(), printed);
        trials.push(Trial::test(format!("plugin_host::{language}"), check));
    }
    if languages().contains(&Language::Rust) {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test("plugin_host::naughty", move || check_plugins(&shop, "naughty", NAUGHTY)));
    }
    trials.push(Trial::test("every_world_is_imported", check_imports));
    trials
}

fn examples() -> PathBuf {
    root().join("examples")
}

fn check_process_data(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let project = examples().join("process-data").join(language.id());
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    prints(workshop, "process-data-hosts/python", &component, PROCESSED)
}

fn check_plugins(workshop: &Workshop, name: &str, printed: &str) -> Result<(), Failed> {
    let project = examples().join("plugin-host/plugins").join(name);
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    // A plugin goes by the name of its file.
    let dir = tempfile::tempdir()?;
    let named = dir.path().join(format!("{name}.wasm"));
    std::fs::copy(component, &named)?;
    prints(workshop, "plugin-host/python", &named, printed)
}

fn check_program(workshop: &Workshop, language: Language, tried: &Tried) -> Result<(), Failed> {
    let testees = root().join("conformance/testees");
    let Some(component) = built(workshop.component(&testees.join(language.id()).join(tried.guest)))? else {
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let bindings = dir.path().join("bindings");
    let wit = [testees.join("wit"), root().join("conformance/wit")];
    let words = ["python", "--host", "-w", tried.world]
        .into_iter()
        .chain(tried.flags.iter().copied())
        .map(PathBuf::from);
    let words = words.chain(wit).chain(["-o".into(), bindings]);
    workshop.program().run(words)?.success()?;
    let program = testees.join("python-host").join(format!("{}.py", tried.program));
    runs(&[program.as_path(), &component], dir.path(), tried.printed)
}

fn check_imports() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for every::Source { name, world, .. } in every::every_world("generators/python/tests/wit") {
        if let Ok(files) = witgen_python::host(&world, &witgen_python::HostOptions::default()) {
            witgen_emit::emit(&dir.path().join(name), &files, witgen_emit::Mode::Write, false).unwrap();
        }
    }
    runs(&[Path::new("-c"), Path::new(IMPORT_ALL), dir.path()], dir.path(), "done\n")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Generates the bindings of an example and runs it on `component`.
fn prints(workshop: &Workshop, host: &str, component: &Path, printed: &str) -> Result<(), Failed> {
    let project = examples().join(host);
    workshop.program().run([Path::new("generate"), &project])?.success()?;
    runs(&[&project.join("main.py"), component], &project, printed)
}

/// Runs Python with the run time, and with `path` to import from.
fn runs(args: &[&Path], path: &Path, printed: &str) -> Result<(), Failed> {
    let Some(mut command) = python_host(path)? else { return Ok(()) };
    let output = command.args(args).output()?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && stdout == printed {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{stderr}\nprinted {stdout:?}, wanted {printed:?}", output.status).into())
}
