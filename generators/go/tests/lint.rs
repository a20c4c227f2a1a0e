//! What Go's own tools say of the bindings and of the programs that use them.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::every::{Source, every_world};
use common::{PROGRAMS, everything_is_documented, passed, render, repository, revive, tool, versions};
use witgen_backend::Runtime;
use witgen_diag::Id;
use witgen_emit::{Mode, emit};
use witgen_go::GuestOptions;

/// A workspace with one module for the bindings of all worlds, which share the support code, and a module for each
/// program, with support code of its own.
///
/// It always lies in the same place, since the cache of the go command goes by paths.
struct Workspace {
    dir: PathBuf,
    modules: Vec<String>,
    /// The folders of the new projects.
    projects: Vec<String>,
}

impl Workspace {
    fn new() -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("witgen-go-lint");
        if dir.exists() {
            std::fs::remove_dir_all(&dir).unwrap();
        }
        std::fs::create_dir_all(&dir).unwrap();
        let mut workspace = Self { dir, modules: Vec::new(), projects: Vec::new() };
        workspace.worlds();
        for (program, wit, world) in PROGRAMS {
            workspace.program(program, wit, *world);
        }
        let support = repository().join("runtime-support/go").canonicalize().unwrap();
        let own = workspace.modules.iter().map(|name| format!("\t./{name}\n"));
        let uses: String = own.chain([format!("\t{:?}\n", support.display().to_string())]).collect();
        std::fs::write(workspace.dir.join("go.work"), format!("go 1.25.0\n\nuse (\n{uses})\n")).unwrap();
        workspace
    }

    /// Bindings of every world that is not refused, and a new project for it.
    fn worlds(&mut self) {
        let (mut rendered, mut refused) = (0, 0);
        for Source { name, world, .. } in every_world(common::OWN) {
            let name = name.replace('_', "-");
            let project = format!("worlds/{name}");
            let import_path = Some(format!("{project}/bindings"));
            let options = GuestOptions { runtime: Runtime::Package, import_path };
            match witgen_go::guest(world, &options) {
                Ok(files) => {
                    rendered += 1;
                    let dir = self.dir.join(&project);
                    emit(&dir.join("bindings"), &files, Mode::Write, false).unwrap();
                    let (path, stubs) = witgen_go::stubs(&project, world).unwrap().pop().unwrap();
                    std::fs::write(dir.join(path), stubs).unwrap();
                    self.projects.push(project);
                }
                Err(findings) => {
                    refused += 1;
                    let other = findings.iter().find(|finding| finding.id != Id::UnsupportedType);
                    assert!(other.is_none(), "{name}: {other:?}");
                }
            }
        }
        println!("{rendered} worlds rendered, {refused} refused");
        assert!(rendered > 60, "only {rendered} worlds");
        std::fs::write(self.dir.join("worlds/go.mod"), "module worlds\n\ngo 1.25.0\n").unwrap();
        self.modules.push("worlds".to_owned());
    }

    fn program(&mut self, program: &str, wit: &[&str], world: Option<&str>) {
        let source = repository().join(program);
        let go_mod = std::fs::read_to_string(source.join("go.mod")).unwrap();
        let module = go_mod.lines().next().unwrap().trim_start_matches("module ").to_owned();
        let name = program.replace('/', "-");
        let dir = self.dir.join(&name);
        let files = render(wit, world, Some(&format!("{module}/bindings")));
        emit(&dir.join("bindings"), &files, Mode::Write, false).unwrap();
        std::fs::write(dir.join("go.mod"), go_mod).unwrap();
        for entry in std::fs::read_dir(&source).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "go") {
                std::fs::copy(&path, dir.join(path.file_name().unwrap())).unwrap();
            }
        }
        self.modules.push(name);
    }

    /// Lets new projects use the support code that all bindings share.
    fn share(&self) {
        for project in &self.projects {
            let path = self.dir.join(project).join("main.go");
            let source = std::fs::read_to_string(&path).unwrap();
            let embedded = format!("\"{project}/bindings/wit\"");
            let shared = "\"github.com/witgen/witgen/runtime-support/go/wit\"";
            std::fs::write(path, source.replace(&embedded, shared)).unwrap();
        }
    }

    /// Everything that is generated, support code included.
    fn bindings(&self) -> Vec<String> {
        let programs = self.modules.iter().filter(|name| self.dir.join(name).join("bindings").exists());
        self.projects.iter().chain(programs).map(|name| format!("./{name}/bindings/...")).collect()
    }

    fn patterns(&self) -> Vec<String> {
        self.modules.iter().map(|name| format!("./{name}/...")).collect()
    }

    /// Runs a tool, which must find nothing and say nothing.
    fn check(&self, tool: &Path, args: &[&str], targets: &[String], wasm: bool) {
        let mut command = Command::new(tool);
        command.current_dir(&self.dir).args(args).args(targets);
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
    let gofmt = tool("WITGEN_GOFMT", "no-gofmt", "gofmt");
    let staticcheck = tool("WITGEN_STATICCHECK", "go/bin/staticcheck", "staticcheck");
    let workspace = Workspace::new();
    let folders: Vec<PathBuf> = workspace
        .modules
        .iter()
        .map(|module| workspace.dir.join(module))
        .chain([repository().join("runtime-support/go")])
        .collect();
    let revive = revive();
    passed::once("go-guest", &versions(&go, &[&staticcheck, &revive]), &folders, || {
        if let Some(gofmt) = &gofmt {
            workspace.check(gofmt, &["-l", "."], &[], false);
        }
        workspace.share();
        workspace.check(&go, &["vet"], &workspace.patterns(), true);
        workspace.check(&go, &["vet"], &workspace.patterns(), false);
        if let Some(staticcheck) = &staticcheck {
            workspace.check(staticcheck, &[], &workspace.patterns(), true);
        }
        if let Some(revive) = &revive {
            everything_is_documented(revive, &workspace.dir, &workspace.bindings());
        }
    });
}

/// Lines of Markdown, and of what gofmt, go vet and staticcheck take for more than text.
const LINES: &[&str] = &[
    "",
    "",
    "",
    "text",
    "Text",
    "text that ends with {",
    "}",
    "ends with \\",
    "- item",
    "* item",
    "+\titem",
    "  - nested",
    "  goes on",
    "1. first",
    "2) second",
    "    indented",
    "```",
    "```go",
    "# Heading",
    "#\tHeading",
    "##",
    "#[x]",
    "[a]: https://example.org",
    "[a]:\tfile://x",
    "- [a]: https://example.org",
    "see [a] and [io.Reader]",
    "+build linux",
    "go:embed x",
    "//line x:1",
    "line x:1",
    "``quoted''",
    "'''",
    "Deprecated: no",
    "Short, (Title)",
    "Title's",
    "---",
    "TODO(a): b",
    "\u{a0}",
    "\u{2022} item",
    "x\u{2028}y",
    "export x",
];

/// An interface of functions whose comments are made of such lines, the same in every run.
fn comments() -> String {
    let mut state = 1u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end
    };
    let mut wit = "package a:b@1.0.0;\ninterface i {\n".to_owned();
    for number in 0..3_000 {
        for _ in 0..=below(9) {
            wit.push_str(&format!("  /// {}\n", LINES[below(LINES.len())]));
        }
        if below(5) == 0 {
            wit.push_str("  @since(version = 0.1.0)\n  @deprecated(version = 1.0.0)\n");
        }
        wit.push_str(&format!("  call-x{number}: func();\n"));
    }
    wit.push_str("}\nworld w {\n  import i;\n}\n");
    wit
}

#[test]
fn comments_of_any_lines_are_those_of_gofmt() {
    let Some(gofmt) = tool("WITGEN_GOFMT", "no-gofmt", "gofmt") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("comments.wit");
    std::fs::write(&path, comments()).unwrap();
    let world = witgen_ir::load(&[path], &witgen_ir::Options::default()).unwrap();
    let files = witgen_go::guest(&world, &GuestOptions::default()).unwrap();
    emit(&dir.path().join("bindings"), &files, Mode::Write, false).unwrap();
    let output = Command::new(gofmt).args(["-d", "."]).current_dir(dir.path()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(said.is_empty(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn support_code_passes_its_own_tests() {
    common::support_passes("runtime-support/go");
}
