//! `examples/plugin-host/rust`: plugins in four languages, each with its own grants; a naughty one, a malicious one, and
//! reloading.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, built, languages, root};
use witgen_languages::Language;

/// What comes of each attempt of the malicious plugin, in their order: a part of the line.
const STOPPED: [&str; 23] = [
    // Files.
    "cannot do it: Os",
    "cannot do it: Os",
    "cannot do it: Os",
    "cannot do it: Os",
    // A variable that the host has.
    "cannot do it: NotPresent",
    // Addresses.
    "PermissionDenied",
    "PermissionDenied",
    "PermissionDenied",
    "cannot do it",
    // Clocks and random numbers.
    "grant `clocks.monotonic`",
    "grant `clocks.wall`",
    "grant `random.allow`",
    // Streams.
    "cannot do it: nothing to read",
    "cannot do it: perhaps nobody has heard it",
    "cannot do it: perhaps nobody has heard it",
    // Packages.
    "HttpRequestDenied",
    "AccessDenied",
    "access denied",
    "cannot do it: \"there is no password\"",
    "cannot do it: perhaps nobody has heard it",
    // Limits.
    "`limits.memory`",
    "`limits.handles`",
    "`limits.fuel`",
];

type Check = fn(&Workshop) -> Result<(), Failed>;

pub(crate) fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let checks: [(&str, Check); 3] =
        [("plugins::all", all), ("plugins::malicious", malicious), ("plugins::reloaded", reloaded)];
    let is_here = languages().len() == Language::ALL.len();
    let trial = |(name, check): (&'static str, Check)| {
        let workshop = Arc::clone(workshop);
        Trial::test(name, move || check(&workshop))
    };
    checks.into_iter().filter(|_| is_here).map(trial).collect()
}

/// Lays a plugin and its grants into a folder; none where its toolchain is missing.
fn install(workshop: &Workshop, name: &str, folder: &Path) -> Result<Option<PathBuf>, Failed> {
    let project = root().join("examples/plugin-host/plugins").join(name);
    let Some(component) = built(workshop.component(&project))? else { return Ok(None) };
    let path = folder.join(name).with_extension("wasm");
    std::fs::copy(component, &path)?;
    std::fs::copy(project.join("grants.toml"), path.with_extension("toml"))?;
    Ok(Some(path))
}

/// The program, while it runs.
struct Host {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Host {
    fn start(folder: &Path) -> Result<Self, Failed> {
        let test = std::env::current_exe()?;
        let examples = test.ancestors().nth(2).ok_or("the test has no folder")?.join("examples");
        let mut command = Command::new(examples.join("plugin-host"));
        command.arg(folder).env("SECRET", "a secret").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("no stdin")?;
        let output = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        Ok(Self { child, input, output })
    }

    /// The first lines that it says to a width and a strength.
    fn ask(&mut self, line: &str, lines: usize) -> Result<String, Failed> {
        writeln!(self.input, "{line}")?;
        let mut said = String::new();
        for _ in 0..lines {
            self.output.read_line(&mut said)?;
        }
        Ok(said)
    }

    /// All that it says to the end, and what is on its standard error.
    fn rest(self) -> Result<String, Failed> {
        drop(self.input);
        let mut said = String::new();
        for line in self.output.lines() {
            said += &format!("{}\n", line?);
        }
        let output = self.child.wait_with_output()?;
        Ok(said + &String::from_utf8_lossy(&output.stderr))
    }
}

fn all(workshop: &Workshop) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for name in ["rust", "js", "go", "naughty"] {
        if install(workshop, name, dir.path())?.is_none() {
            return Ok(());
        }
    }
    let mut host = Host::start(dir.path())?;
    writeln!(host.input, "3 100\n4 1\nnonsense")?;
    let said = host.rest()?;
    let expected = "go: white from 100 on\ngo: [0, 0, 255, 255, 255, 255]\n\
                    js: mirrored 2 rows\njs: [100, 50, 0, 250, 200, 150]\n\
                    naughty: stopped: the component needs more memory than `limits.memory` grants, which is 64MiB\n\
                    rust: negative of 6 pixels in rows of 3\nrust: [255, 205, 155, 105, 55, 5]\n\
                    go: white from 1 on\ngo: [0, 255, 255, 255, 255, 255]\n\
                    js: 2 pixels are left over\n\
                    naughty: stopped: the component took longer than `limits.deadline` grants, which is 2s\n\
                    rust: negative of 6 pixels in rows of 4\nrust: [255, 205, 155, 105, 55, 5]\n\
                    give a width and a strength, not `nonsense`\n";
    if said == expected { Ok(()) } else { Err(said.into()) }
}

fn malicious(workshop: &Workshop) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    if install(workshop, "malicious", dir.path())?.is_none() {
        return Ok(());
    }
    let data = dir.path().join("data");
    std::fs::create_dir(&data)?;
    std::fs::write(data.join("a.txt"), "a")?;
    std::fs::write(dir.path().join("secret"), "a secret")?;
    let mut host = Host::start(dir.path())?;
    for (strength, expected) in STOPPED.iter().enumerate() {
        let said = host.ask(&format!("1 {strength}"), 1)?;
        if !said.contains(expected) || said.contains("malicious: [") {
            return Err(format!("attempt {strength}: {said}").into());
        }
    }
    let rest = host.rest()?;
    let names: Vec<_> = std::fs::read_dir(data)?.flatten().map(|entry| entry.file_name()).collect();
    if rest.is_empty() && names == ["a.txt"] { Ok(()) } else { Err(format!("{rest}{names:?}").into()) }
}

/// A new version is used at once, a damaged one is told of, and grants that are taken away are gone.
fn reloaded(workshop: &Workshop) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let Some(path) = install(workshop, "rust", dir.path())? else { return Ok(()) };
    let Some(go) = install(workshop, "go", &workshop.folder("reloaded")?)? else { return Ok(()) };
    let mut host = Host::start(dir.path())?;
    let negative = "rust: negative of 6 pixels in rows of 3\nrust: [255, 205, 155, 105, 55, 5]\n";
    let first = host.ask("3 100", 2)?;
    std::fs::write(&path, "no component")?;
    let damaged = host.ask("3 100", 3)?;
    std::fs::copy(&go, &path)?;
    let second = host.ask("3 100", 2)?;
    std::fs::write(path.with_extension("toml"), "[limits]\nmemory = \"64MiB\"\n")?;
    let third = host.ask("3 100", 1)?;
    let right = first == negative
        && damaged.starts_with("rust: not loaded: ")
        && damaged.ends_with(negative)
        && second == "rust: white from 100 on\nrust: [0, 0, 255, 255, 255, 255]\n"
        && third.starts_with("rust: stopped");
    if right { Ok(()) } else { Err(format!("{first}\n{damaged}\n{second}\n{third}").into()) }
}
