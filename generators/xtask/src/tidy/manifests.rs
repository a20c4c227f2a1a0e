//! Manifests agree with each other, and lock files name no server.

use std::path::Path;

use super::{File, Problem, Tree};

/// Keys that every crate takes from the workspace.
const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "repository"];

/// Crates of the workspace take their lints, versions and compiler from it.
pub fn crates(tree: &Tree) -> Vec<Problem> {
    let Some(root) = tree.get("Cargo.toml") else {
        return vec![Problem::of(Path::new("Cargo.toml"), "missing")];
    };
    let mut problems = Vec::new();
    let workspace = parse(root, &mut problems);
    let compiler = get(&workspace, &["workspace", "package", "rust-version"])
        .and_then(toml::Value::as_str)
        .unwrap_or_default();
    let excluded: Vec<&str> = strings(get(&workspace, &["workspace", "exclude"])).collect();
    for file in tree.files.iter().filter(|file| is_member(&file.path, &excluded)) {
        let manifest = parse(file, &mut problems);
        for key in INHERITED.iter().filter(|key| !is_true(&manifest, &["package", *key, "workspace"])) {
            problems.push(Problem::of(&file.path, format!("write `{key}.workspace = true` in [package]")));
        }
        if !is_true(&manifest, &["lints", "workspace"]) {
            problems.push(Problem::of(&file.path, "add `[lints]` with `workspace = true`"));
        }
    }
    problems.extend(other_compilers(tree, compiler));
    problems
}

fn is_member(path: &Path, excluded: &[&str]) -> bool {
    let is_crate = path.file_name().is_some_and(|name| name == "Cargo.toml") && path.components().count() > 1;
    let folders = ["generators", "languages", "templates", "conformance"];
    is_crate
        && folders.iter().any(|folder| path.starts_with(folder))
        && !excluded.iter().any(|folder| path.starts_with(folder))
}

/// Files beside the manifests that name a compiler version.
fn other_compilers(tree: &Tree, compiler: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, key) in [("rust-toolchain.toml", "channel"), ("clippy.toml", "msrv")] {
        let Some(file) = tree.get(path) else { continue };
        for (line, text) in file.lines() {
            let value = text.split_once('=').filter(|(name, _)| name.trim() == key).map(|(_, value)| value);
            let version = value.map(|value| value.trim().trim_matches('"'));
            if version.is_some_and(|version| !version.starts_with(compiler)) {
                let message = format!("`{key}` differs from the workspace's rust-version, {compiler}");
                problems.push(Problem::at(&file.path, line, message));
            }
        }
    }
    problems
}

/// The manifest, or an empty one when it cannot be read.
fn parse(file: &File, problems: &mut Vec<Problem>) -> toml::Table {
    toml::from_str(&file.text).unwrap_or_else(|error: toml::de::Error| {
        problems.push(Problem::of(&file.path, format!("is not TOML: {}", error.message())));
        toml::Table::new()
    })
}

/// The value at a path of keys.
fn get<'a>(table: &'a toml::Table, keys: &[&str]) -> Option<&'a toml::Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

fn is_true(table: &toml::Table, keys: &[&str]) -> bool {
    get(table, keys).and_then(toml::Value::as_bool) == Some(true)
}

fn strings(value: Option<&toml::Value>) -> impl Iterator<Item = &str> {
    value.and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str)
}

/// Lock files that would only work with the server they were made with, or that leave something unchecked.
pub fn locks(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in &tree.files {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        for (line, text) in file.lines() {
            if let Some(message) = lock_line(&name, text.trim()) {
                problems.push(Problem::at(&file.path, line, message));
            }
        }
    }
    problems
}

fn lock_line(name: &str, line: &str) -> Option<&'static str> {
    const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    match name {
        "package-lock.json" if line.starts_with("\"resolved\": \"http") => Some(
            "names a server; lock with `npm install --package-lock-only --omit-lockfile-registry-resolved`",
        ),
        "requirements.txt" if line.starts_with("--") && !line.starts_with("--hash") => {
            Some("names a server or a folder; see requirements.in for how to lock")
        }
        "Cargo.lock" if line.starts_with("source = ") && line != CRATES_IO => {
            Some("comes from elsewhere than crates.io; lock without a source replacement")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: (&str, &str) = (
        "Cargo.toml",
        "[workspace]\nexclude = [\"conformance/guest\"]\n[workspace.package]\nrust-version = \"1.95\"\n",
    );
    const GOOD: &str = "[package]\nname = \"a\"\nversion.workspace = true\nedition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\nrepository.workspace = true\n[lints]\nworkspace = true\n";

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        crates(&Tree::of(files)).into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn a_crate_that_inherits_everything_is_silent() {
        let files = [ROOT, ("generators/a/Cargo.toml", GOOD), ("clippy.toml", "msrv = \"1.95.0\"\n")];
        assert!(messages(&files).is_empty());
    }

    #[test]
    fn what_a_crate_does_not_inherit_is_named() {
        let bad = GOOD
            .replace("rust-version.workspace = true", "rust-version = \"1.80\"")
            .replace("[lints]\nworkspace = true\n", "");
        let found = messages(&[ROOT, ("languages/Cargo.toml", &bad)]);
        assert_eq!(
            found,
            ["write `rust-version.workspace = true` in [package]", "add `[lints]` with `workspace = true`"]
        );
    }

    #[test]
    fn crates_outside_the_workspace_are_left_alone() {
        assert!(
            messages(&[ROOT, ("examples/a/Cargo.toml", ""), ("conformance/guest/Cargo.toml", "")]).is_empty()
        );
    }

    #[test]
    fn another_compiler_version_is_reported() {
        assert_eq!(messages(&[ROOT, ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.80\"\n")]).len(), 1);
    }

    #[test]
    fn a_broken_manifest_is_reported() {
        assert!(messages(&[ROOT, ("templates/Cargo.toml", "[package\n")])[0].starts_with("is not TOML"));
    }

    #[test]
    fn locks_that_name_a_server_are_reported() {
        for (path, bad) in [
            ("x/package-lock.json", "      \"resolved\": \"https://npm.example/a.tgz\","),
            ("x/requirements.txt", "--index-url https://pypi.example/simple"),
            ("Cargo.lock", "source = \"registry+https://mirror.example/index\""),
        ] {
            assert_eq!(locks(&Tree::of(&[(path, bad)])).len(), 1, "{path}");
        }
        for (path, good) in [
            ("x/package-lock.json", "      \"integrity\": \"sha512-abc\","),
            ("x/requirements.txt", "    --hash=sha256:00 \\"),
            ("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\""),
        ] {
            assert_eq!(locks(&Tree::of(&[(path, good)])), [], "{path}");
        }
    }
}
