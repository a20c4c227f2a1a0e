//! What the test programs of this crate share: setting up, skipping and comparing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::{Program, Unbuilt, Workshop, in_ci};

/// Runs the trials that `trials` makes with one workshop, as the command line says.
pub fn run_trials(trials: impl FnOnce(&Arc<Workshop>) -> Vec<Trial>) -> ExitCode {
    let arguments = Arguments::from_args();
    let program = match Program::locate() {
        Ok(program) => program,
        Err(missing) => return fail(&missing),
    };
    let out = match tempfile::tempdir() {
        Ok(out) => out,
        Err(reason) => return fail(&reason.to_string()),
    };
    let workshop = Arc::new(Workshop::new(program, out.path().to_owned()));
    libtest_mimic::run(&arguments, trials(&workshop)).exit_code()
}

#[expect(clippy::print_stderr, reason = "a test program talks to its user")]
fn fail(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::FAILURE
}

/// The component, or nothing where its toolchain is missing and may be.
///
/// # Errors
///
/// Why there is no component.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub fn built(result: Result<PathBuf, Unbuilt>) -> Result<Option<PathBuf>, Failed> {
    match result {
        Ok(component) => Ok(Some(component)),
        Err(Unbuilt::MissingTool(said)) if !in_ci() => {
            println!("skipped: {}", said.lines().next().unwrap_or_default());
            Ok(None)
        }
        Err(Unbuilt::MissingTool(said) | Unbuilt::Failed(said)) => Err(said.into()),
    }
}

/// Runs `component` with `args` and compares what it prints.
///
/// # Errors
///
/// What it printed instead.
pub fn prints(workshop: &Workshop, component: &Path, args: &[&str], expected: &str) -> Result<(), Failed> {
    let mut words = vec!["run".as_ref(), component.as_os_str()];
    words.extend(args.iter().map(OsStr::new));
    let printed = workshop.program().run(words)?.success()?;
    if printed == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {printed:?}").into()) }
}
