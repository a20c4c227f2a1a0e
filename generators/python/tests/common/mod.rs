//! Rendering for tests.
#![allow(dead_code, clippy::print_stdout, reason = "each test uses a part, and says what it skips")]

#[path = "../../../../conformance/worlds/every.rs"]
pub mod every;
#[path = "../../../../conformance/worlds/passed.rs"]
pub mod passed;

use std::path::{Path, PathBuf};
use std::process::Command;

use witgen_backend::Runtime;
use witgen_emit::FileSet;
use witgen_python::{GuestOptions, guest};

/// Worlds of Python alone.
pub const OWN: &str = "generators/python/tests/wit";

/// The worlds of the examples that have a Python component, and the folders of those.
const EXAMPLES: [(&str, &str, &str); 6] = [
    ("examples/hello/wit", "hello", "examples/hello/python"),
    ("examples/string-operations/wit", "provider", "examples/string-operations/provider/python"),
    ("examples/string-operations/wit", "consumer", "examples/string-operations/consumer/python"),
    ("examples/len/wit", "len-provider", "examples/len/python"),
    ("examples/process-data/wit", "process-data", "examples/process-data/python"),
    ("examples/logger/wit", "my-app", "examples/logger/python"),
];

/// WIT and world of each example.
pub fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    EXAMPLES.iter().map(|(path, world, _)| (*path, *world))
}

/// World and folder of each example.
pub fn example_folders() -> impl Iterator<Item = (&'static str, PathBuf)> {
    EXAMPLES.iter().map(|(_, world, folder)| (*world, root().join(folder)))
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The bindings of a world in the repository.
pub fn render_file(path: &str, world: Option<&str>) -> witgen_diag::Result<FileSet> {
    render(&root().join(path), world, Runtime::Embed)
}

/// The bindings of a world that the files and folders `paths` of the repository have together.
pub fn render_files(paths: &[&str], world: &str) -> witgen_diag::Result<FileSet> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root().join(path)).collect();
    let options = witgen_ir::Options { world: Some(world.to_owned()), ..Default::default() };
    guest(&witgen_ir::load(&paths, &options)?, &GuestOptions { runtime: Runtime::Embed })
}

/// The bindings of the only world of `text`.
pub fn render_text(text: &str, runtime: Runtime) -> witgen_diag::Result<FileSet> {
    let dir = tempfile::tempdir()
        .map_err(|reason| witgen_diag::Diagnostic::error(witgen_diag::Id::Io, reason.to_string()))?;
    let path = dir.path().join("world.wit");
    std::fs::write(&path, text)
        .map_err(|reason| witgen_diag::Diagnostic::error(witgen_diag::Id::Io, reason.to_string()))?;
    render(&path, None, runtime)
}

fn render(path: &Path, world: Option<&str>, runtime: Runtime) -> witgen_diag::Result<FileSet> {
    let options = witgen_ir::Options { world: world.map(str::to_owned), ..Default::default() };
    let world = witgen_ir::load(&[path.to_owned()], &options)?;
    guest(&world, &GuestOptions { runtime })
}

/// A tool that setup installs; none when it is missing here, which CI does not allow.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = tools().map(|dir| dir.join("python/bin").join(name)).filter(|path| path.is_file());
    if path.is_none() {
        missing(name);
    }
    path
}

/// Pyright, which runs on any Node.
pub fn pyright() -> Option<Command> {
    let tools = tools()?;
    let script = tools.join("pyright/node_modules/pyright/index.js");
    if !script.is_file() {
        missing("pyright");
        return None;
    }
    let node = Some(tools.join("node/node_modules/.bin/node")).filter(|node| node.is_file());
    let mut command = Command::new(node.unwrap_or_else(|| "node".into()));
    command.arg(script);
    Some(command)
}

fn missing(name: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{name} not found");
    println!("skipped python: {name} not found");
}

fn tools() -> Option<PathBuf> {
    let home = |variable: &str| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    home("WITGEN_TOOLS_DIR")
        .or_else(|| home("XDG_CACHE_HOME").map(|dir| dir.join("witgen/tools")))
        .or_else(|| home("HOME").map(|dir| dir.join(".cache/witgen/tools")))
}

/// Runs a tool in a folder, where it has to find nothing, unless it has found nothing in the same files before.
///
/// `path` is the folder with types that the files import, for `MYPYPATH`.
pub fn check_once(name: &str, tool: &Path, args: &[&str], dir: &Path, path: Option<&Path>) {
    let key = format!("{}{args:?}", passed::version(tool, &["--version"]));
    let folders: Vec<&Path> = [Some(dir), path].into_iter().flatten().collect();
    passed::once(name, &key, &folders, || {
        check(Command::new(tool).args(args).envs(path.map(|path| ("MYPYPATH", path))).current_dir(dir));
    });
}

/// Runs a command that has to succeed.
pub fn check(command: &mut Command) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{command:?}\n{}", text.join("\n"));
}
