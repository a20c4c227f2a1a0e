//! The record of what an earlier run wrote.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use witgen_diag::{Diagnostic, Id, Result};

use crate::FileSet;
use crate::disk::{self, Entry};
use crate::files::path_fault;

/// The name of the manifest in the output directory.
pub const MANIFEST_NAME: &str = ".witgen-manifest.json";

/// A reader refuses what a newer witgen wrote.
const VERSION: u32 = 1;

/// Paths with the hash of what was written there; nothing that varies between machines or runs.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    version: u32,
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl Manifest {
    /// The manifest of `files`.
    pub fn of(files: &FileSet) -> Self {
        let hashes = files.iter().map(|(path, content)| (path.to_owned(), hash(content)));
        Self { version: VERSION, files: hashes.collect() }
    }

    /// Its text, or `None` when it lists nothing and need not exist.
    pub fn text(&self) -> Option<Vec<u8>> {
        if self.files.is_empty() {
            return None;
        }
        // A map from strings to strings always serialises.
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        Some(text)
    }

    /// Reads the manifest of `dir` together with its text; both are empty when there is none.
    pub fn read(dir: &Path) -> Result<(Self, Option<Vec<u8>>)> {
        let text = match disk::look(dir, MANIFEST_NAME)? {
            Entry::Missing => return Ok((Self::default(), None)),
            Entry::File(text) => text,
            other => {
                let message = format!("the manifest of the output directory {}", other.description());
                return Err(unusable(dir, message).into());
            }
        };
        match serde_json::from_slice::<Version>(&text) {
            Ok(Version { version }) if version > VERSION => {
                let newer = "the manifest of the output directory was written by a newer witgen".to_owned();
                let help = "update witgen, or choose another directory with `-o`";
                let path = dir.join(MANIFEST_NAME);
                return Err(Diagnostic::error(Id::UnsafeOutput, newer).in_path(path).help(help).into());
            }
            _ => {}
        }
        let broken = || "the manifest of the output directory cannot be read".to_owned();
        let manifest: Self = serde_json::from_slice(&text)
            .map_err(|error| vec![unusable(dir, broken()).note(error.to_string())])?;
        for path in manifest.files.keys() {
            if let Some(fault) = path_fault(path) {
                return Err(unusable(dir, broken()).note(format!("the path `{path}` {fault}")).into());
            }
        }
        Ok((manifest, Some(text)))
    }

    /// The paths it lists.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether it lists `path`.
    pub fn lists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether `content` is what was written to `path`.
    pub fn wrote(&self, path: &str, content: &[u8]) -> bool {
        self.files.get(path).is_some_and(|written| *written == hash(content))
    }
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unusable(dir: &Path, message: String) -> Diagnostic {
    Diagnostic::error(Id::UnsafeOutput, message)
        .in_path(dir.join(MANIFEST_NAME))
        .note("without it, witgen cannot tell its own files from yours")
        .help("restore it, or remove it together with the generated files and run the command again")
}
