//! Snapshots: which of them a test still reads, and how changed ones are accepted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::context::Context;
use crate::tidy::Tree;

/// The file into which insta writes the path of each snapshot that a test compares with.
pub struct References {
    file: tempfile::NamedTempFile,
}

impl References {
    /// The variable by which insta learns of the file.
    pub const VARIABLE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

    pub fn new() -> Result<References> {
        Ok(References { file: tempfile::NamedTempFile::new()? })
    }

    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The snapshots of the repository that no test has read.
    pub fn orphans(&self, context: &Context) -> Result<Vec<PathBuf>> {
        let referenced = fs::read_to_string(self.path())?;
        let snapshots = Tree::files(&context.root)?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "snap"));
        Ok(unreferenced(snapshots.map(|path| context.root.join(path)).collect(), &referenced))
    }
}

fn unreferenced(snapshots: Vec<PathBuf>, referenced: &str) -> Vec<PathBuf> {
    let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let referenced: BTreeSet<PathBuf> = referenced.lines().map(|line| canonical(Path::new(line))).collect();
    snapshots.into_iter().filter(|snapshot| !referenced.contains(&canonical(snapshot))).collect()
}

/// Writes changed snapshot files, deletes unreferenced ones and lists inline ones, which are edited by hand.
pub fn bless(context: &Context) -> Result<bool> {
    let references = References::new()?;
    let status = context
        .cargo()
        .args(["test", "--workspace", "--no-fail-fast", "--quiet"])
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        .env(References::VARIABLE, references.path())
        .status()?;
    if status.success() {
        for orphan in references.orphans(context)? {
            fs::remove_file(&orphan)?;
            println!("bless: deleted {}, which no test reads", orphan.display());
        }
    } else {
        println!("bless: tests failed, so no snapshot was looked at for being unreferenced");
    }
    let inline = pending_inline(context)?;
    for place in &inline {
        println!("bless: {place}: an inline snapshot differs; change it by hand");
    }
    Ok(status.success() && inline.is_empty())
}

/// Takes away what insta left for `cargo insta` to put into sources; returns the places as `file:line`.
fn pending_inline(context: &Context) -> Result<Vec<String>> {
    let mut places = Vec::new();
    for path in Tree::all_files(&context.root)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(source) = name.strip_prefix('.').and_then(|name| name.strip_suffix(".pending-snap")) else {
            continue;
        };
        let source = path.with_file_name(source);
        places.extend(pending_lines(&fs::read_to_string(context.root.join(&path))?, &source));
        fs::remove_file(context.root.join(&path))?;
    }
    Ok(places)
}

/// insta appends a line of JSON per comparison; `new` is null when it matched.
fn pending_lines(text: &str, source: &Path) -> Vec<String> {
    let entries = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let differing = entries.filter(|entry| !entry["new"].is_null());
    differing.map(|entry| format!("{}:{}", source.display(), entry["line"])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_no_test_reads_is_an_orphan() {
        let snapshots = vec![PathBuf::from("/r/a.snap"), PathBuf::from("/r/b.snap")];
        assert_eq!(unreferenced(snapshots, "/r/a.snap\n/r/a.snap\n"), [Path::new("/r/b.snap")]);
    }

    #[test]
    fn inline_snapshots_that_differ_are_listed_with_their_line() {
        let text =
            "{\"line\":3,\"new\":null,\"old\":null}\n{\"line\":9,\"new\":{\"snapshot\":\"x\"},\"old\":{}}\n";
        assert_eq!(pending_lines(text, Path::new("src/lib.rs")), ["src/lib.rs:9"]);
    }
}
