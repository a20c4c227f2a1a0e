//! Programs that run components: what those of every host language must do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_languages::Language;

use crate::{Workshop, built, languages};

/// What the programs of `examples/process-data-hosts` print.
pub const PROCESSED: &str = "Processed 4 words\nProcessed 0 words\nProcessed 2 words\n";

/// A program of `testees/LANG-host`.
#[derive(Clone, Copy, Debug)]
pub struct HostProgram {
    /// Its name without an extension.
    pub name: &'static str,
    /// The world of its bindings.
    pub world: &'static str,
    /// A guest of that world.
    pub guest: &'static str,
    /// What `witgen LANG` is told besides.
    pub flags: &'static [&'static str],
    /// What it prints.
    pub printed: &'static str,
}

/// Those that every host language has: resources in both directions.
const STORES: [HostProgram; 2] = [
    HostProgram {
        name: "visited",
        world: "witgen:testees/visitor",
        guest: "visitor",
        flags: &[],
        printed: "[]\n[]\n0\n",
    },
    HostProgram {
        name: "visiting",
        world: "witgen:testees/provider",
        guest: "provider",
        flags: &[],
        printed: "done\n",
    },
];

/// Runs a program of a folder, by its name without an extension, on a component; it has to print a text.
pub type Runs = fn(&Workshop, &Path, &str, &Path, &str) -> Result<(), Failed>;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The example, resources in both directions, and `more` programs of the language, on guests of every language.
pub fn host_trials(workshop: &Arc<Workshop>, host: Language, more: &[HostProgram], runs: Runs) -> Vec<Trial> {
    let mut trials = Vec::new();
    for guest in languages() {
        let shop = Arc::clone(workshop);
        let check = move || check_process_data(&shop, host, guest, runs);
        trials.push(Trial::test(format!("process_data::{guest}"), check));
        for program in STORES.into_iter().chain(more.iter().copied()) {
            let shop = Arc::clone(workshop);
            let check = move || check_program(&shop, host, guest, program, runs);
            trials.push(Trial::test(format!("{}::{guest}", program.name), check));
        }
    }
    trials
}

fn check_process_data(
    workshop: &Workshop,
    host: Language,
    guest: Language,
    runs: Runs,
) -> Result<(), Failed> {
    let examples = root().join("examples");
    let project = examples.join("process-data").join(guest.id());
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    let host = examples.join("process-data-hosts").join(host.id());
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    runs(workshop, &host, "main", &component, PROCESSED)
}

fn check_program(
    workshop: &Workshop,
    host: Language,
    guest: Language,
    program: HostProgram,
    runs: Runs,
) -> Result<(), Failed> {
    let testees = root().join("conformance/testees");
    let project = testees.join(guest.id()).join(program.guest);
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let wit = [testees.join("wit"), root().join("conformance/wit")];
    let words: Vec<&str> = ["-w", program.world].into_iter().chain(program.flags.iter().copied()).collect();
    bind(workshop, host, dir.path(), &words, &wit)?;
    runs(workshop, dir.path(), program.name, &component, program.printed)
}

/// Copies the programs of a host language to `dir`, and makes bindings for them.
///
/// # Errors
///
/// What `witgen` says of `words` and `wit`.
pub fn bind(
    workshop: &Workshop,
    host: Language,
    dir: &Path,
    words: &[&str],
    wit: &[PathBuf],
) -> Result<(), Failed> {
    copy(&root().join(format!("conformance/testees/{host}-host")), dir)?;
    let words = [host.id(), "--host"].into_iter().chain(words.iter().copied()).map(PathBuf::from);
    let words = words.chain(wit.iter().cloned()).chain(["-o".into(), dir.join("bindings")]);
    workshop.program().run(words)?.success()?;
    Ok(())
}

/// Copies a folder without what is generated in it.
///
/// # Errors
///
/// What cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if !path.is_dir() {
            std::fs::copy(&path, to.join(name))?;
        } else if !["bindings", "target", "node_modules"].iter().any(|generated| name == *generated) {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

/// Runs a program, which has to end well and to print a text.
///
/// # Errors
///
/// All that it printed, when it did not.
pub fn ends_with(command: &mut Command, printed: &str) -> Result<(), Failed> {
    let output = command.output()?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && stdout == printed {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{stderr}\nprinted {stdout:?}, wanted {printed:?}", output.status).into())
}
