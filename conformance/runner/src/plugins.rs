//! `examples/plugin-host` in a host language: plugins of four languages, each with its own grants; a naughty one, a
//! malicious one, and reloading.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_languages::Language;

use crate::{Workshop, built, languages, root};

/// The program of a host language.
#[derive(Clone, Copy)]
pub struct PluginHost {
    /// How to start it, but for the folder; none where its toolchain is missing.
    pub command: fn(&Workshop) -> Result<Option<Command>, Failed>,
    /// What `witgen link` is told; none where the host takes components as they are, with grants in TOML.
    pub linked: Option<&'static [&'static str]>,
}

/// What the plugins say to three lines; a part of the line where a plugin was stopped.
const SAID: [(&str, [&[&str]; 3]); 5] = [
    (
        "go",
        [
            &["go: white from 100 on", "go: [0, 0, 255, 255, 255, 255]"],
            &["go: cannot do it: a strength of 0"],
            &["go: white from 1 on", "go: [0, 255, 255, 255, 255, 255]"],
        ],
    ),
    (
        "js",
        [
            &["js: mirrored 2 rows", "js: [100, 50, 0, 250, 200, 150]"],
            &["js: 2 pixels are left over"],
            &["js: 2 pixels are left over"],
        ],
    ),
    ("naughty", [&["`limits."], &["unreachable"], &["`limits.deadline`"]]),
    (
        "python",
        [
            &["python: brighter by 100", "python: [100, 150, 200, 250, 255, 255]"],
            &["python: brighter by 0", "python: [0, 50, 100, 150, 200, 250]"],
            &["python: brighter by 1", "python: [1, 51, 101, 151, 201, 251]"],
        ],
    ),
    (
        "rust",
        [
            &["rust: negative of 6 pixels in rows of 3", "rust: [255, 205, 155, 105, 55, 5]"],
            &["rust: negative of 6 pixels in rows of 4", "rust: [255, 205, 155, 105, 55, 5]"],
            &["rust: negative of 6 pixels in rows of 4", "rust: [255, 205, 155, 105, 55, 5]"],
        ],
    ),
];

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

type Check = fn(&Workshop, PluginHost) -> Result<(), Failed>;

/// The plugins in a host.
pub fn plugin_trials(workshop: &Arc<Workshop>, host: PluginHost) -> Vec<Trial> {
    // Those that do what they should not are written in Rust.
    let is_here = languages().contains(&Language::Rust);
    let checks: [(&str, Check, bool); 3] = [
        ("plugins::all", all, true),
        ("plugins::malicious", malicious, is_here),
        ("plugins::reloaded", reloaded, is_here && languages().contains(&Language::Go)),
    ];
    let trial = |(name, check, _): (&'static str, Check, bool)| {
        let workshop = Arc::clone(workshop);
        Trial::test(name, move || check(&workshop, host))
    };
    checks.into_iter().filter(|(_, _, is_here)| *is_here).map(trial).collect()
}

fn all(workshop: &Workshop, host: PluginHost) -> Result<(), Failed> {
    let is_here = |name: &str| {
        let language = Language::from_id(name).unwrap_or(Language::Rust);
        languages().contains(&language)
    };
    let plugins: Vec<_> = SAID.into_iter().filter(|(name, _)| is_here(name)).collect();
    let dir = tempfile::tempdir()?;
    for (name, _) in &plugins {
        if install(workshop, host, name, dir.path())?.is_none() {
            return Ok(());
        }
    }
    let Some(mut running) = Running::start(workshop, host, dir.path())? else { return Ok(()) };
    writeln!(running.input, "3 100\n4 0\n4 1\nnonsense")?;
    let said = running.rest()?;
    let expected = (0..3).flat_map(|line| plugins.iter().flat_map(move |(_, said)| said[line]));
    let expected: Vec<&str> =
        expected.copied().chain(["give a width and a strength, not `nonsense`"]).collect();
    let is_right = |(said, expected): (&str, &&str)| {
        said == *expected || (said.starts_with("naughty: stopped: ") && said.contains(*expected))
    };
    let right = said.lines().count() == expected.len() && said.lines().zip(&expected).all(is_right);
    if right { Ok(()) } else { Err(said.into()) }
}

fn malicious(workshop: &Workshop, host: PluginHost) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    if install(workshop, host, "malicious", dir.path())?.is_none() {
        return Ok(());
    }
    let data = dir.path().join("data");
    std::fs::create_dir(&data)?;
    std::fs::write(data.join("a.txt"), "a")?;
    std::fs::write(dir.path().join("secret"), "a secret")?;
    let Some(mut running) = Running::start(workshop, host, dir.path())? else { return Ok(()) };
    for (strength, expected) in STOPPED.into_iter().enumerate() {
        let said = running.ask(&format!("1 {strength}"), 1)?;
        if !said.contains(expected) || said.contains("malicious: [") {
            return Err(format!("attempt {strength}: {said}").into());
        }
    }
    let rest = running.rest()?;
    let names: Vec<_> = std::fs::read_dir(data)?.flatten().map(|entry| entry.file_name()).collect();
    if rest.is_empty() && names == ["a.txt"] { Ok(()) } else { Err(format!("{rest}{names:?}").into()) }
}

/// A new version is used at once, a damaged one is told of, and grants that are taken away are gone.
fn reloaded(workshop: &Workshop, host: PluginHost) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let Some(path) = install(workshop, host, "rust", dir.path())? else { return Ok(()) };
    let Some(go) = install(workshop, host, "go", &workshop.folder("reloaded")?)? else { return Ok(()) };
    let Some(mut running) = Running::start(workshop, host, dir.path())? else { return Ok(()) };
    let negative = "rust: negative of 6 pixels in rows of 3\nrust: [255, 205, 155, 105, 55, 5]\n";
    let first = running.ask("3 100", 2)?;
    let file = if host.linked.is_some() { path.join("plan.json") } else { path.clone() };
    std::fs::write(file, "no component")?;
    let damaged = running.ask("3 100", 3)?;
    replace(&go, &path)?;
    let second = running.ask("3 100", 2)?;
    std::fs::write(grants_file(&path, host), grants_text("[limits]\nhandles = 100\n", host)?)?;
    let third = running.ask("3 100", 1)?;
    let right = first == negative
        && damaged.starts_with("rust: not loaded: ")
        && damaged.ends_with(negative)
        && second == "rust: white from 100 on\nrust: [0, 0, 255, 255, 255, 255]\n"
        && third.starts_with("rust: stopped");
    if right { Ok(()) } else { Err(format!("{first}\n{damaged}\n{second}\n{third}").into()) }
}

/// Lays a plugin and its grants into a folder; none where its toolchain is missing.
fn install(
    workshop: &Workshop,
    host: PluginHost,
    name: &str,
    folder: &Path,
) -> Result<Option<PathBuf>, Failed> {
    let project = root().join("examples/plugin-host/plugins").join(name);
    let Some(component) = built(workshop.component(&project))? else { return Ok(None) };
    let path = match host.linked {
        None => folder.join(name).with_extension("wasm"),
        Some(_) => folder.join(name),
    };
    match host.linked {
        None => std::fs::copy(component, &path).map(drop)?,
        Some(flags) => {
            let words = ["link"].iter().chain(flags).map(Path::new);
            let words = words.chain([component.as_path(), Path::new("-o"), path.as_path()]);
            workshop.program().run(words)?.success()?;
        }
    }
    let grants = std::fs::read_to_string(project.join("grants.toml"))?;
    std::fs::write(grants_file(&path, host), grants_text(&grants, host)?)?;
    Ok(Some(path))
}

fn grants_file(plugin: &Path, host: PluginHost) -> PathBuf {
    plugin.with_extension(if host.linked.is_some() { "json" } else { "toml" })
}

/// Grants as the host reads them.
fn grants_text(text: &str, host: PluginHost) -> Result<String, Failed> {
    if host.linked.is_none() {
        return Ok(text.to_owned());
    }
    let grants: toml::Table = text.parse()?;
    Ok(serde_json::to_string(&grants)?)
}

/// Puts a plugin in the place of another.
fn replace(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_file() {
        return std::fs::copy(from, to).map(drop);
    }
    std::fs::remove_dir_all(to)?;
    crate::copy(from, to)
}

/// The program, while it runs.
struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Running {
    fn start(workshop: &Workshop, host: PluginHost, folder: &Path) -> Result<Option<Self>, Failed> {
        let Some(mut command) = (host.command)(workshop)? else { return Ok(None) };
        command.arg(folder).env("SECRET", "a secret").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("no stdin")?;
        let output = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        Ok(Some(Self { child, input, output }))
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

    /// All that it says to the end, which has to be a good one; what plugins write themselves is nowhere.
    fn rest(self) -> Result<String, Failed> {
        drop(self.input);
        let mut said = String::new();
        for line in self.output.lines() {
            said += &format!("{}\n", line?);
        }
        let output = self.child.wait_with_output()?;
        let told = String::from_utf8_lossy(&output.stderr);
        if output.status.success() && !told.contains("MINE") {
            return Ok(said);
        }
        Err(format!("{said}{told}{}", output.status).into())
    }
}
