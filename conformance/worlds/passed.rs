//! What checkers have accepted before: they take minutes for all worlds, and most texts are those of the last run.
//!
//! The lint tests of the backends include this file.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it, and fails by panicking")]

use std::collections::HashSet;
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text as it is remembered.
pub fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// What a program says that it is.
pub fn version(program: impl AsRef<OsStr>, args: &[&str]) -> String {
    let said = Command::new(program).args(args).output().unwrap();
    String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned()
}

/// Runs a check, unless it has passed before with the same files in the folders.
///
/// `key` is everything else that the outcome depends on, such as versions and options.
pub fn once<Folder: AsRef<Path>>(name: &str, key: &str, folders: &[Folder], check: impl FnOnce()) {
    let mut passed = Passed::read(name, key);
    let number = hash(&folders.iter().flat_map(|folder| tree(folder.as_ref())).collect::<Vec<u8>>());
    if !passed.has(number) {
        check();
        passed.write(HashSet::from([number]));
    }
}

/// Names and hashes of all files below a folder.
fn tree(folder: &Path) -> Vec<u8> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut text = Vec::new();
    for path in entries.iter().filter(|path| !path.is_symlink()) {
        text.extend_from_slice(path.file_name().unwrap_or_default().as_encoded_bytes());
        text.push(0);
        if path.is_dir() {
            text.extend(tree(path));
            text.push(0);
        } else {
            text.extend(hash(&std::fs::read(path).unwrap()).to_le_bytes());
        }
    }
    text
}

/// The texts that one checker has accepted, in one version and with one configuration.
pub struct Passed {
    file: PathBuf,
    key: u64,
    texts: HashSet<u64>,
}

impl Passed {
    /// What the last run has left; nothing where the checker or its configuration is another.
    pub fn read(name: &str, key: &str) -> Self {
        let key = hash(key.as_bytes());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("passed-{name}.txt"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let mut numbers = text.lines().map(|line| u64::from_str_radix(line, 16));
        let is_same = numbers.next() == Some(Ok(key));
        let texts = numbers.filter_map(Result::ok).filter(|_| is_same).collect();
        Self { file, key, texts }
    }

    pub fn has(&self, text: u64) -> bool {
        self.texts.contains(&text)
    }

    /// Remembers all that there is now.
    pub fn write(&mut self, texts: HashSet<u64>) {
        self.texts = texts;
        let lines: Vec<String> =
            std::iter::once(&self.key).chain(&self.texts).map(|number| format!("{number:x}")).collect();
        std::fs::write(&self.file, lines.join("\n")).unwrap();
    }
}
