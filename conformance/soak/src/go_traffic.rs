//! Random calls from many goroutines at once, by the Go program `conformance/testees/go-host/traffic`.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use witgen_conformance::{Workshop, built, copy, go, root};
use witgen_languages::Language;

/// The worlds that the program has bindings for, each of which is a project in the folder of every language.
const WORLDS: [&str; 2] = ["provider", "soak"];

/// How the program runs.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// For how many seconds.
    pub seconds: u64,
    /// How many instances there are side by side, which take turns among the components.
    pub instances: u32,
    /// Whether the race detector watches.
    pub race: bool,
}

/// Calls components of these languages from Go; gives what the program says, or nothing without Go.
///
/// # Errors
///
/// An outcome that a call may not have, goroutines that are left, a race.
pub fn traffic(
    workshop: &Workshop,
    languages: &[Language],
    options: &Traffic,
) -> Result<Option<String>, Failed> {
    let Some(go) = built(go())? else { return Ok(None) };
    let dir = std::env::temp_dir().join(format!("witgen-traffic-{}", std::process::id()));
    let said = run(workshop, languages, options, &go, &dir);
    std::fs::remove_dir_all(dir)?;
    said.map(Some)
}

/// Makes the program in an empty folder, and runs it.
fn run(
    workshop: &Workshop,
    languages: &[Language],
    options: &Traffic,
    go: &Path,
    dir: &Path,
) -> Result<String, Failed> {
    let testees = root().join("conformance/testees");
    copy(&testees.join("go-host"), dir)?;
    for world in WORLDS {
        let world_name = format!("witgen:testees/{world}");
        let words = ["go", "--host", "-w", &world_name].map(PathBuf::from).into_iter();
        let wit = [testees.join("wit"), root().join("conformance/wit")];
        let out = ["-o".into(), dir.join("bindings").join(world)];
        workshop.program().run(words.chain(wit).chain(out))?.success()?;
    }
    let mut command = Command::new(go);
    command.arg("run").args(options.race.then_some("-race")).arg("./traffic");
    command.arg(format!("-time={}s", options.seconds)).arg(format!("-instances={}", options.instances));
    for language in languages {
        for world in WORLDS {
            let project = testees.join(language.id()).join(world);
            let Some(component) = built(workshop.component(&project))? else { continue };
            let linked = dir.join("linked").join(language.id()).join(world);
            let words = ["link", "--single-memory", "--interruptible"].map(Path::new);
            let words = words.into_iter().chain([&*component, Path::new("-o"), &linked]);
            workshop.program().run(words)?.success()?;
            command.arg(format!("{world}={}", linked.display()));
        }
    }
    let output = command.current_dir(dir).output()?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(String::from_utf8_lossy(&said).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
