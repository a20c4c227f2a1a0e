//! Host bindings: what they look like, and what Go's own tools say of them.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::every::{Source, every_world};
use common::{WORLDS, everything_is_documented, passed, repository, revive, tool, versions};
use witgen_backend::Runtime;
use witgen_diag::Id;
use witgen_emit::{FileSet, Mode, emit};
use witgen_go::HostOptions;

/// Worlds that show each construct on both sides.
const SHOWN: [&str; 6] = ["scalars", "options", "results", "variants", "params", "store"];

fn render(wit: &[&str], world: Option<&str>, options: &HostOptions) -> FileSet {
    let wit: Vec<PathBuf> = wit.iter().map(|path| repository().join(path)).collect();
    let selected = witgen_ir::Options { world: world.map(str::to_owned), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&wit, &selected).unwrap();
    witgen_go::host(&world, options).unwrap()
}

/// Everything but the support code, one file after the other.
fn check(name: &str, files: &FileSet) {
    let mut text = String::new();
    for (path, content) in files.iter() {
        if path.ends_with("bindings.go") || path.ends_with("glue.go") {
            writeln!(text, "==> {path} <==\n{}", str::from_utf8(content).unwrap()).unwrap();
        }
    }
    insta::assert_snapshot!(name, text);
}

#[test]
fn host_bindings_of_constructs_are_as_reviewed() {
    let options = HostOptions { import_path: Some("example/bindings".to_owned()), ..HostOptions::default() };
    for (name, wit, world) in WORLDS.iter().filter(|(name, ..)| SHOWN.contains(name)) {
        check(name, &render(wit, *world, &options));
    }
    check("process-data", &render(&["examples/process-data/wit"], None, &options));
}

#[test]
fn host_bindings_without_a_module_above_are_a_module() {
    let files = render(&["examples/process-data/wit"], None, &HostOptions::default());
    let text = |wanted: &str| {
        let found = files.iter().find(|(path, _)| *path == wanted).unwrap();
        str::from_utf8(found.1).unwrap().to_owned()
    };
    assert!(text("go.mod").starts_with("module process-data/bindings\n\ngo 1.25.0\n\nrequire github.com/"));
    assert!(text("go.sum").contains("github.com/tetratelabs/wazero v1.12.0 h1:"));
    assert!(text("host/wasi/wasi.go").contains("\"process-data/bindings/host\""));
}

/// The program in the comment of the package of a world, as a package of its own.
fn example(files: &FileSet) -> String {
    let (_, bindings) = files.iter().find(|(path, _)| *path == "bindings.go").unwrap();
    let mut lines = str::from_utf8(bindings).unwrap().lines();
    assert!(lines.any(|line| line.starts_with("// This opens what `witgen link --single-memory` made")));
    let code = lines.map_while(|line| line.strip_prefix("//\t").or_else(|| (line == "//").then_some("")));
    let package = "// Package example is what the bindings show.\npackage example";
    format!("{package}\n\n{}\n\nvar _ = run\n", code.collect::<Vec<_>>().join("\n").trim())
}

#[test]
fn program_in_the_comment_renames_bindings_that_are_called_like_something_of_its_own() {
    for name in ["run", "fmt", "host", "err"] {
        let import_path = Some(format!("example/{name}"));
        let options = HostOptions { import_path, ..HostOptions::default() };
        let program = example(&render(&["examples/process-data/wit"], None, &options));
        assert!(program.contains(&format!("\t{name}2 \"example/{name}\"\n")), "{program}");
        assert!(program.contains(&format!("instance, err := {name}2.New(ctx, component, ")), "{program}");
    }
}

/// Bindings of every world that is not refused, and the program in its comment, in one module.
///
/// They always lie in the same place, since the cache of the go command goes by paths.
fn every_host() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("witgen-go-hosts");
    if dir.exists() {
        std::fs::remove_dir_all(&dir).unwrap();
    }
    let (mut rendered, mut refused) = (0, 0);
    for Source { name, world, .. } in every_world(common::OWN) {
        let name = name.replace('_', "-");
        let import_path = Some(format!("worlds/{name}"));
        match witgen_go::host(world, &HostOptions { runtime: Runtime::Package, import_path }) {
            Ok(files) => {
                rendered += 1;
                let program = dir.join("worlds/examples").join(&name);
                std::fs::create_dir_all(&program).unwrap();
                std::fs::write(program.join("example.go"), example(&files)).unwrap();
                emit(&dir.join("worlds").join(name), &files, Mode::Write, false).unwrap();
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
    std::fs::write(dir.join("worlds/go.mod"), "module worlds\n\ngo 1.25.0\n").unwrap();
    let support = repository().join("runtime-support/go").canonicalize().unwrap();
    let uses: String =
        ["", "/host"].iter().map(|part| format!("\t\"{}{part}\"\n", support.display())).collect();
    std::fs::write(dir.join("go.work"), format!("go 1.25.0\n\nuse (\n\t./worlds\n{uses})\n")).unwrap();
    dir
}

#[test]
fn host_bindings_of_every_world_pass_the_tools_of_go() {
    let Some(go) = tool("WITGEN_GO", "no-go", "go") else { return };
    let dir = every_host();
    let gofmt = tool("WITGEN_GOFMT", "no-gofmt", "gofmt");
    let staticcheck = tool("WITGEN_STATICCHECK", "go/bin/staticcheck", "staticcheck");
    let support = repository().join("runtime-support/go");
    let revive = revive();
    let versions = versions(&go, &[&staticcheck, &revive]);
    passed::once("go-host", &versions, &[dir.join("worlds"), support], || {
        let all = ["./worlds/..."].as_slice();
        for (tool, args) in
            [(gofmt, ["-l", "worlds"].as_slice()), (Some(go), &["vet", "./worlds/..."]), (staticcheck, all)]
        {
            let Some(tool) = tool else { continue };
            let output = Command::new(&tool).args(args).current_dir(&dir).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            assert!(
                output.status.success() && said.is_empty(),
                "{tool:?} {args:?}:\n{}",
                String::from_utf8_lossy(&said)
            );
        }
        if let Some(revive) = &revive {
            everything_is_documented(revive, &dir, &["./worlds/...".to_owned()]);
        }
    });
}

#[test]
fn host_support_code_passes_its_own_tests() {
    common::support_passes("runtime-support/go/host");
}

/// Some files are for some systems alone, and numbers are narrower on some.
#[test]
fn host_support_code_is_accepted_for_other_systems() {
    let Some(go) = tool("WITGEN_GO", "no-go", "go") else { return };
    for (system, processor) in
        [("linux", "arm64"), ("linux", "386"), ("darwin", "arm64"), ("windows", "amd64")]
    {
        let mut vet = Command::new(&go);
        vet.args(["vet", "./..."]).env("GOOS", system).env("GOARCH", processor).env("CGO_ENABLED", "0");
        let output = vet.current_dir(repository().join("runtime-support/go/host")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{system} on {processor}:\n{said}");
    }
}

/// What components may import, and the host provides.
const WASI: &str = "package a:b;
world every {
  include wasi:cli/imports@0.2.12;
  include wasi:http/imports@0.2.12;
  include wasi:keyvalue/imports@0.2.0-draft;
  include wasi:blobstore/imports@0.2.0-draft;
  include wasi:config/imports@0.2.0-draft;
  include wasi:logging/imports@0.1.0-draft;
}
";

#[test]
fn host_support_code_has_every_function_of_wasi() {
    let Some(go) = tool("WITGEN_GO", "no-go", "go") else { return };
    let dir = tempfile::tempdir().unwrap();
    let (wit, list) = (dir.path().join("every.wit"), dir.path().join("names"));
    std::fs::write(&wit, WASI).unwrap();
    let world = witgen_ir::load(&[wit], &witgen_ir::Options::default()).unwrap();
    let mut names = String::new();
    for interface in &world.interfaces {
        for function in interface.functions.iter().map(|id| world.function(*id)) {
            writeln!(names, "{}#{}", interface.key, function.wit_name).unwrap();
        }
    }
    std::fs::write(&list, names).unwrap();
    let mut command = Command::new(go);
    command.args(["test", "-run=^TestNoFunctionIsLacking$", "."]).env("WITGEN_WASI_NAMES", &list);
    let output = command.current_dir(repository().join("runtime-support/go/host/wasi")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && !said.contains("no tests"), "{said}");
}
