//! What Go's own tools say of the bindings and of the programs that use them.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{PROGRAMS, WORLDS, render, repository};
use witgen_emit::{FileSet, Mode, emit};

/// A tool by its variable, in the tools directory, or by its name; none is a failure in CI.
fn tool(variable: &str, installed: &str, program: &str) -> Option<PathBuf> {
    let tools = std::env::var_os("WITGEN_TOOLS_DIR").map(PathBuf::from).or_else(|| {
        let home = |name| std::env::var_os(name).map(PathBuf::from);
        let cache = home("XDG_CACHE_HOME").or_else(|| Some(home("HOME")?.join(".cache")))?;
        Some(cache.join("witgen/tools"))
    });
    let candidates = [
        std::env::var_os(variable).map(PathBuf::from),
        tools.map(|dir| dir.join(installed)),
        Some(program.into()),
    ];
    let found = candidates
        .into_iter()
        .flatten()
        .find(|path| Command::new(path).arg(if program == "go" { "version" } else { "-h" }).output().is_ok());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        println!("skipped go: {program} not found");
    }
    found
}

/// A workspace with a module for each world and each program.
struct Workspace {
    dir: tempfile::TempDir,
    modules: Vec<String>,
}

impl Workspace {
    fn new() -> Self {
        let mut workspace = Self { dir: tempfile::tempdir().unwrap(), modules: Vec::new() };
        for (name, wit, world) in WORLDS {
            let files = render(wit, *world, Some(&format!("{name}/bindings")));
            workspace.module(name, &format!("module {name}\n\ngo 1.25.0\n"), &files);
        }
        for (program, wit, world) in PROGRAMS {
            let source = repository().join(program);
            let go_mod = std::fs::read_to_string(source.join("go.mod")).unwrap();
            let module = go_mod.lines().next().unwrap().trim_start_matches("module ").to_owned();
            let files = render(wit, *world, Some(&format!("{module}/bindings")));
            let name = program.replace('/', "-");
            workspace.module(&name, &go_mod, &files);
            for entry in std::fs::read_dir(&source).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "go") {
                    let target = workspace.dir.path().join(&name).join(path.file_name().unwrap());
                    std::fs::copy(&path, target).unwrap();
                }
            }
        }
        let uses: Vec<String> = workspace.modules.iter().map(|name| format!("use ./{name}\n")).collect();
        std::fs::write(workspace.dir.path().join("go.work"), format!("go 1.25.0\n\n{}", uses.concat()))
            .unwrap();
        workspace
    }

    fn module(&mut self, name: &str, go_mod: &str, files: &FileSet) {
        let dir = self.dir.path().join(name);
        emit(&dir.join("bindings"), files, Mode::Write, false).unwrap();
        std::fs::write(dir.join("go.mod"), go_mod).unwrap();
        self.modules.push(name.to_owned());
    }

    fn patterns(&self) -> Vec<String> {
        self.modules.iter().map(|name| format!("./{name}/...")).collect()
    }

    /// Runs a tool, which must find nothing and say nothing.
    fn check(&self, tool: &Path, args: &[&str], targets: &[String], wasm: bool) {
        let mut command = Command::new(tool);
        command.current_dir(self.dir.path()).args(args).args(targets);
        if wasm {
            command.env("GOOS", "wasip1").env("GOARCH", "wasm");
        }
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(output.status.success() && text.is_empty(), "{tool:?} {args:?} (wasm: {wasm}):\n{text}");
    }
}

#[test]
fn bindings_and_programs_pass_the_tools_of_go() {
    let Some(go) = tool("WITGEN_GO", "no-go", "go") else { return };
    let workspace = Workspace::new();
    if let Some(gofmt) = tool("WITGEN_GOFMT", "no-gofmt", "gofmt") {
        workspace.check(&gofmt, &["-l", "."], &[], false);
    }
    workspace.check(&go, &["vet"], &workspace.patterns(), true);
    workspace.check(&go, &["vet"], &workspace.patterns(), false);
    if let Some(staticcheck) = tool("WITGEN_STATICCHECK", "go/bin/staticcheck", "staticcheck") {
        workspace.check(&staticcheck, &[], &workspace.patterns(), true);
    }
}

#[test]
fn support_code_passes_its_own_tests() {
    let Some(go) = tool("WITGEN_GO", "no-go", "go") else { return };
    let dir = repository().join("runtime-support/go");
    for args in [["test", "./..."], ["vet", "./..."]] {
        let output = Command::new(&go).args(args).current_dir(&dir).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
