//! Python programs that run components: the examples, resources in both directions, and the bindings of every world.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../worlds/every.rs"]
mod every;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{
    HostProgram, PluginHost, Workshop, ends_with, host_trials, plugin_trials, python_host, root, run_trials,
};
use witgen_languages::Language;

const VIEWING: HostProgram = HostProgram {
    name: "viewing",
    world: "witgen:testees/provider",
    guest: "provider",
    flags: &["--memoryviews"],
    printed: "H True [0, 1, 65535]\n[-9223372036854775808, 9223372036854775807]\n-0.0\n[]\nb'ab' [True]\n",
};

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
    let mut trials = host_trials(workshop, Language::Python, &[VIEWING], runs);
    trials.extend(plugin_trials(workshop, PluginHost { command: plugin_host, linked: None }));
    trials.push(Trial::test("every_world_is_imported", check_imports));
    trials
}

fn plugin_host(workshop: &Workshop) -> Result<Option<Command>, Failed> {
    let host = root().join("examples/plugin-host/python");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    let Some(mut command) = python_host(&host)? else { return Ok(None) };
    command.arg(host.join("main.py"));
    Ok(Some(command))
}

fn check_imports() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for every::Source { name, world, .. } in every::every_world("generators/python/tests/wit") {
        if let Ok(files) = witgen_python::host(world, &witgen_python::HostOptions::default()) {
            witgen_emit::emit(&dir.path().join(name), &files, witgen_emit::Mode::Write, false).unwrap();
        }
    }
    runs_python(&[Path::new("-c"), Path::new(IMPORT_ALL), dir.path()], dir.path(), "done\n")
}

fn runs(_: &Workshop, folder: &Path, program: &str, component: &Path, printed: &str) -> Result<(), Failed> {
    runs_python(&[&folder.join(program).with_extension("py"), component], folder, printed)
}

/// Runs Python with the run time, and with `path` to import from.
fn runs_python(args: &[&Path], path: &Path, printed: &str) -> Result<(), Failed> {
    let Some(mut command) = python_host(path)? else { return Ok(()) };
    ends_with(command.args(args), printed)
}
