//! The same long runs in a Go program, `conformance/testees/go-host/soak`, which watches its own memory.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use witgen_conformance::{Workshop, bind, built, go, root};
use witgen_languages::Language;

/// How the program runs.
#[derive(Clone, Copy, Debug)]
pub struct GoOptions {
    /// How often a text goes in and out of each instance.
    pub calls: u64,
    /// How many instances there are side by side.
    pub instances: u32,
    /// Whether the race detector watches.
    pub race: bool,
}

/// Calls the component in the file `path` from Go; gives what the program says, or nothing without Go.
///
/// # Errors
///
/// A trap, a wrong result, memory that grows, sessions that are left, a race.
pub fn in_go(workshop: &Workshop, path: &Path, options: &GoOptions) -> Result<Option<String>, Failed> {
    let Some(go) = built(go())? else { return Ok(None) };
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let dir = std::env::temp_dir().join(format!("witgen-soak-go-{name}-{}", std::process::id()));
    let said = run(workshop, path, options, &go, &dir);
    std::fs::remove_dir_all(dir)?;
    said.map(Some)
}

/// Makes the program in an empty folder, and runs it.
fn run(
    workshop: &Workshop,
    path: &Path,
    options: &GoOptions,
    go: &Path,
    dir: &Path,
) -> Result<String, Failed> {
    let linked = dir.join("linked");
    let testees = root().join("conformance/testees");
    bind(
        workshop,
        Language::Go,
        dir,
        &["-w", "witgen:testees/soak"],
        &[testees.join("wit"), root().join("conformance/wit")],
    )?;
    let words = ["link", "--single-memory", "--interruptible"].map(Path::new);
    workshop.program().run(words.into_iter().chain([path, Path::new("-o"), &linked]))?.success()?;
    let mut command = Command::new(go);
    command.arg("run").args(options.race.then_some("-race")).arg("./soak");
    command.arg(format!("-calls={}", options.calls)).arg(format!("-instances={}", options.instances));
    let output = command.arg(&linked).current_dir(dir).output()?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(String::from_utf8_lossy(&said).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
