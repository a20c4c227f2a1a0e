//! Rendered worlds pass clippy and rustfmt, inside of a component, outside, and in every way of inclusion.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a skipped check says so")]

mod common;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use common::{CONSTRUCTS, EXAMPLES, only_file, render};
use witgen_rust::GuestOptions;

const TARGET: &str = "wasm32-wasip2";

fn run(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(_) => {
            skipped(&command.get_program().to_string_lossy());
            None
        }
    }
}

fn skipped(tool: &str) {
    assert!(std::env::var("CI").is_ok_and(|ci| ci == "true").eq(&false), "{tool} not found");
    println!("skipped rust: {tool} not found");
}

/// One crate with a module per world.
fn write_crate(dir: &Path) -> Vec<std::path::PathBuf> {
    let source = dir.join("src");
    std::fs::create_dir_all(&source).unwrap();
    let mut library = String::new();
    let mut files = Vec::new();
    for (path, world) in EXAMPLES.into_iter().chain(CONSTRUCTS) {
        let (name, text) = only_file(&render(path, world, &GuestOptions::default()));
        files.push(source.join(&name));
        std::fs::write(source.join(&name), text).unwrap();
        writeln!(library, "mod {};", name.trim_end_matches(".rs")).unwrap();
    }
    // The third way besides `mod` and `#[path]`.
    writeln!(library, "mod included {{\n    include!(\"hello.rs\");\n}}").unwrap();
    std::fs::write(source.join("lib.rs"), library).unwrap();
    std::fs::write(dir.join("rustfmt.toml"), "").unwrap();
    let manifest = "[package]\nname = \"rendered\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    files
}

fn assert_clean(what: &str, output: &Output) {
    let text = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{what}:\n{}", text.join("\n"));
}

#[test]
fn rendered_worlds_are_clean() {
    let dir = tempfile::tempdir().unwrap();
    let files = write_crate(dir.path());

    let mut rustfmt = Command::new("rustfmt");
    // A configuration of this repository must not reach the check.
    rustfmt.args(["--edition", "2024", "--check", "--config-path"]).arg(dir.path()).args(&files);
    if let Some(output) = run(&mut rustfmt) {
        assert_clean("rustfmt", &output);
    }

    for target in [Some(TARGET), None] {
        let mut clippy = Command::new(env!("CARGO"));
        clippy.args(["clippy", "--quiet", "--offline"]).current_dir(dir.path());
        clippy.env("CARGO_TARGET_DIR", dir.path().join("target")).env_remove("RUSTFLAGS");
        clippy.args(target.map(|target| ["--target", target]).into_iter().flatten());
        clippy.args(["--", "-D", "warnings"]);
        let Some(output) = run(&mut clippy) else { continue };
        if String::from_utf8_lossy(&output.stderr).contains("can't find crate for `core`") {
            skipped(TARGET);
            continue;
        }
        assert_clean(&format!("clippy for {}", target.unwrap_or("this machine")), &output);
    }
}
