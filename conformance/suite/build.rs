//! Carries the suites and the hand-written test guests in the program: a table of every file.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The guests that the suite itself uses.
const PROJECTS: [&str; 3] = ["provider", "middle", "driver"];
const LANGUAGES: [&str; 4] = ["rust", "python", "js", "go"];
/// The programs with which hosts take the steps of scripts.
const DRIVERS: [&str; 4] = [
    "hosts/src/driver.rs",
    "testees/python-host/driver.py",
    "testees/js-host/driver.js",
    "testees/go-host/driver/main.go",
];
/// What builds leave there.
const MADE: [&str; 4] = ["bindings", "target", "node_modules", "component.wasm"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("..");
    let mut folders = ["suites", "known-failing", "wit", "testees/wit"].map(str::to_owned).to_vec();
    for language in LANGUAGES {
        folders.extend(PROJECTS.map(|project| format!("testees/{language}/{project}")));
    }
    let mut files = Vec::new();
    for folder in folders {
        collect(&root, Path::new(&folder), &mut files)?;
    }
    for driver in DRIVERS {
        println!("cargo::rerun-if-changed={}", root.join(driver).display());
        files.push(driver.into());
    }
    let mut table = "&[\n".to_owned();
    for name in files {
        let name = name.to_string_lossy().replace('\\', "/");
        table.push_str(&format!("    ({name:?}, include_bytes!({:?})),\n", root.join(&name)));
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("files.rs"), table + "]\n")
}

/// Adds the files below `folder`, by their path from `root`, in order.
fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", root.join(folder).display());
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        names.push(entry?.file_name());
    }
    names.sort();
    for name in names.into_iter().filter(|name| !MADE.iter().any(|made| name == *made)) {
        let path = folder.join(name);
        if root.join(&path).is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
