//! The hand-written code of hosts passes the same tools as what is generated.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The support code in a folder where the tools find their packages, or none without tools.
fn project() -> Option<(tempfile::TempDir, PathBuf)> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = || set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    let tools = set("WITGEN_TOOLS_DIR").or_else(|| cache().map(|cache| cache.join("witgen/tools")))?;
    let modules = tools.join("node/node_modules");
    if !["tsc", "prettier", "eslint"].iter().all(|tool| modules.join(".bin").join(tool).exists()) {
        assert!(
            std::env::var_os("CI").is_none_or(|value| value != "true"),
            "tsc, prettier or eslint not found"
        );
        println!("skipped js: tsc, prettier or eslint not found");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime-support/js"), dir.path());
    #[cfg(unix)]
    std::os::unix::fs::symlink(&modules, dir.path().join("node_modules")).unwrap();
    Some((dir, modules))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn check(tool: &str, args: &[&str]) {
    let Some((dir, modules)) = project() else { return };
    let output = Command::new(modules.join(".bin").join(tool)).args(args).current_dir(dir.path()).output();
    let output = output.unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{tool}:\n{text}");
}

#[test]
fn types_are_right() {
    check("tsc", &["--project", "."]);
}

#[test]
fn layout_is_prettiers() {
    check("prettier", &["--check", "host", "types", "testee/script.js", "testee/serving.js"]);
}

#[test]
fn eslint_has_nothing_to_say() {
    check("eslint", &["--max-warnings", "0", "host", "shared", "testee/script.js", "testee/serving.js"]);
}
