//! Host programs: their sources from the backends, and how each language starts them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use witgen_backend::testee::{Cases, Role, Testee};
use witgen_build::Tools;
use witgen_diag::{Diagnostic, Id};
use witgen_emit::{FileSet, Mode};
use witgen_ir::World;
use witgen_languages::{Feature, Language, Side, Support, facts};

use crate::engine::Engine;
use crate::projects::{self, Projects};
use crate::serve::Launch;
use crate::workplace::Workplace;

/// Languages whose crate has a `host_testee`: each has its line in [`testee`].
const LANGUAGES: [Language; 4] = Language::ALL;

fn testee(language: Language, world: &World, cases: &Cases, role: Role) -> witgen_diag::Result<Testee> {
    match language {
        Language::Rust => witgen_rust::host_testee(world, cases, role),
        Language::Python => witgen_python::host_testee(world, cases, role),
        Language::Js => witgen_js::host_testee(world, cases, role),
        Language::Go => witgen_go::host_testee(world, cases, role),
    }
}

fn driver(language: Language, world: &World) -> witgen_diag::Result<Testee> {
    let source = projects::driver(language);
    match language {
        Language::Rust => witgen_rust::host_driver(world, source),
        Language::Python => witgen_python::host_driver(world, source),
        Language::Js => witgen_js::host_driver(world, source),
        Language::Go => witgen_go::host_driver(world, source),
    }
}

/// Whether a language has host bindings for a world; some engines have limits of their own.
pub(crate) fn bindings(world: &World, language: Language) -> witgen_diag::Result<()> {
    match language {
        Language::Rust => witgen_rust::host(world, &witgen_rust::HostOptions::default()).map(drop),
        Language::Python => witgen_python::host(world, &witgen_python::HostOptions::default()).map(drop),
        Language::Js => witgen_js::host(world, &witgen_js::HostOptions::default()).map(drop),
        Language::Go => witgen_go::host(world, &witgen_go::HostOptions::default()).map(drop),
    }
}

/// Why a language takes no part as a host; nothing when it does.
pub(crate) fn absent(language: Language) -> Option<String> {
    match facts(language).support(Side::Host, Feature::Functions) {
        Support::No(reason) => Some(reason.clone()),
        Support::Yes if LANGUAGES.contains(&language) => None,
        Support::Yes => Some("its host bindings take no part in the suite yet".to_owned()),
    }
}

/// Writes the host program to a folder of `workplace` and builds it.
///
/// # Errors
///
/// `MissingTool` where the toolchain is not there, and what the toolchain says.
pub(crate) fn build(
    language: Language,
    world: &World,
    cases: &Cases,
    role: Role,
    workplace: &Workplace,
) -> witgen_diag::Result<Launch> {
    let kind = match (role, cases.calls.is_empty()) {
        (Role::Importer, true) => "host-importer",
        (Role::Importer, false) => "host-caller",
        (Role::Exporter, _) => "host-exporter",
    };
    start(language, kind, testee(language, world, cases, role)?, workplace)
}

/// The same for the program that takes the steps of scripts.
pub(crate) fn build_driver(
    language: Language,
    projects: &Projects,
    workplace: &Workplace,
) -> witgen_diag::Result<Launch> {
    start(language, "host-driver", driver(language, &projects.driven()?)?, workplace)
}

fn start(
    language: Language,
    kind: &str,
    Testee { files, source }: Testee,
    workplace: &Workplace,
) -> witgen_diag::Result<Launch> {
    let dir = workplace.folder(&format!("{language}-{kind}"), &files);
    witgen_emit::emit(&dir, &files, Mode::Write, true)?;
    let script = dir.join(source);
    let tool = tool(language)?;
    match language {
        Language::Rust => {
            Ok(Launch { program: cargo_program(&tool, &dir)?, args: Vec::new(), env: Vec::new() })
        }
        Language::Python => Ok(Launch {
            program: tool,
            args: vec![script.into()],
            env: vec![("PYTHONDONTWRITEBYTECODE".into(), "1".into())],
        }),
        Language::Js => Ok(Launch { program: tool, args: vec![script.into()], env: Vec::new() }),
        Language::Go => {
            let program = dir.join("host");
            run(Command::new(tool).args(["build", "-o"]).arg(&program).arg(".").current_dir(&dir))?;
            Ok(Launch { program, args: Vec::new(), env: Vec::new() })
        }
    }
}

/// Finds what these hosts need, before minutes are spent on guests.
///
/// # Errors
///
/// `MissingTool` for each that is not there.
pub(crate) fn check_tools(languages: impl Iterator<Item = Language>) -> witgen_diag::Result<()> {
    let languages: BTreeSet<Language> = languages.collect();
    let missing: Vec<Diagnostic> =
        languages.into_iter().filter_map(|language| tool(language).err()).flatten().collect();
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

/// What builds or runs the programs of a language.
fn tool(language: Language) -> witgen_diag::Result<PathBuf> {
    let find = |name| Tools::new().find(language, name).map(|found| found.path);
    match language {
        Language::Rust => find("cargo"),
        Language::Python => python_with_runtime(find("python3")?),
        Language::Js => find("node"),
        Language::Go => find("go"),
    }
}

/// What the program gets as its argument for a component.
pub(crate) struct Argument {
    pub(crate) path: PathBuf,
    /// Where it is made for one program.
    _made: Option<TempDir>,
}

impl Argument {
    /// The component, in the form that programs of `language` load.
    ///
    /// # Errors
    ///
    /// What the engine or the linker says of the component.
    pub(crate) fn new(engine: &Engine, language: Language, component: &Path) -> witgen_diag::Result<Self> {
        match language {
            // A program without a compiler is built in half the time.
            Language::Rust => {
                let mut files = FileSet::new();
                files.insert("component.cwasm", engine.compiled(component)?)?;
                let dir = Self::folder(&files)?;
                Ok(Self { path: dir.path().join("component.cwasm"), _made: Some(dir) })
            }
            Language::Js | Language::Go => {
                let bytes = std::fs::read(component).map_err(|reason| {
                    Diagnostic::error(Id::Io, "the component cannot be read")
                        .in_path(component)
                        .note(reason.to_string())
                })?;
                let mut files = FileSet::new();
                // The engine of Go hosts has no modules with several memories, and only such as ask can be ended.
                let go = language == Language::Go;
                let options = witgen_link::Options {
                    single_memory: go,
                    interruptible: go,
                    ..witgen_link::Options::default()
                };
                for (path, content) in witgen_link::link(&bytes, options)?.files()? {
                    files.insert(path, content)?;
                }
                let dir = Self::folder(&files)?;
                Ok(Self { path: dir.path().to_owned(), _made: Some(dir) })
            }
            Language::Python => Ok(Self { path: component.to_owned(), _made: None }),
        }
    }

    fn folder(files: &FileSet) -> witgen_diag::Result<TempDir> {
        let dir = tempfile::tempdir().map_err(|reason| {
            Diagnostic::error(Id::Io, "there is no temporary folder").note(reason.to_string())
        })?;
        witgen_emit::emit(dir.path(), files, Mode::Write, true)?;
        Ok(dir)
    }
}

/// `python`, when it can import the package that host bindings stand on.
fn python_with_runtime(python: PathBuf) -> witgen_diag::Result<PathBuf> {
    let found = Command::new(&python).args(["-c", "import witgen_runtime"]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return Ok(python);
    }
    Err(Diagnostic::error(Id::MissingTool, "the Python package `witgen_runtime` is not installed")
        .note(format!("`{}` cannot import it", python.display()))
        .help("install it: `pip install witgen-runtime`")
        .into())
}

/// The program of the cargo project in `dir`, in a target directory that all of them share.
fn cargo_program(cargo: &Path, dir: &Path) -> witgen_diag::Result<PathBuf> {
    let mut command = Command::new(cargo);
    command.args(["build", "--message-format=json-render-diagnostics"]).current_dir(dir);
    if let (None, Some(cache)) = (std::env::var_os("CARGO_TARGET_DIR"), witgen_build::cache_dir()) {
        command.env("CARGO_TARGET_DIR", cache.join("target-host"));
    }
    let printed = run(&mut command)?;
    let executable = printed.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.ok_or_else(|| {
        Diagnostic::error(Id::ToolFailed, "cargo made no program").in_path(dir.join("Cargo.toml")).into()
    })
}

/// Runs a tool to its end and gives what it printed.
fn run(command: &mut Command) -> witgen_diag::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|reason| {
        Diagnostic::error(Id::MissingTool, format!("`{name}` cannot be started")).note(reason.to_string())
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Diagnostic::error(Id::ToolFailed, format!("`{name}` failed ({})", output.status))
        .in_path(command.get_current_dir().unwrap_or(Path::new(".")))
        .output(stderr)
        .into())
}
