//! The README's first command prints what the README says.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn first_command_prints_what_the_readme_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let block = readme.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let (command, shown) = block.split_once('\n').unwrap();
    let (cargo, arguments) = command.split_once(" -- ").unwrap();
    assert_eq!(cargo, "$ cargo run --quiet -p witgen-cli --no-default-features");

    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("examples"), dir.path().join("examples")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_witgen"))
        .args(arguments.split_whitespace())
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), shown);
    let exports = std::fs::read_to_string(dir.path().join("bindings/python/exports/_world.py")).unwrap();
    let class = readme.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(exports.contains(class), "{exports}");
}
