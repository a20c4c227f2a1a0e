//! What tools have accepted before: they take minutes for all worlds, and most texts are those of the last run.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// A text as it is remembered.
pub fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// The texts that one tool has accepted, in one version and with one configuration.
pub struct Passed {
    file: PathBuf,
    key: u64,
    texts: HashSet<u64>,
}

impl Passed {
    /// What the last run has left; nothing where the tools or the configuration are others.
    pub fn read(tool: &str, node_modules: &Path, configuration: &str) -> Self {
        let versions = std::fs::read(node_modules.with_file_name("package-lock.json")).unwrap_or_default();
        let key = hash(&[versions.as_slice(), configuration.as_bytes()].concat());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("js-lint-{tool}.txt"));
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
