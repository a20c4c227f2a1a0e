//! Compares the files with the directory and decides what to do, without changing anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use witgen_diag::{Diagnostic, Id, Result};

use crate::disk::{self, Entry};
use crate::files::folded;
use crate::manifest::{MANIFEST_NAME, Manifest};
use crate::{Change, FileSet, Report};

/// What a run has to do.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    /// The outcome for each file.
    pub changes: BTreeMap<String, Change>,
    /// The files that change, with their content on disk and their new one.
    pub changed: Vec<(&'a str, Vec<u8>)>,
    /// What to remove, before anything is written.
    pub removals: Vec<String>,
    /// What to write, in order; the manifest is the last.
    pub writes: Vec<(&'a str, std::borrow::Cow<'a, [u8]>)>,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
    /// Files that are not witgen's and would be overwritten.
    pub foreign: Vec<Diagnostic>,
    /// What makes the output impossible.
    pub obstacles: Vec<Diagnostic>,
}

impl<'a> Plan<'a> {
    /// The way from what is in `dir` to `files`.
    ///
    /// # Errors
    ///
    /// When the directory or its manifest cannot be used at all.
    pub fn new(dir: &Path, files: &'a FileSet, clean: bool) -> Result<Self> {
        let (earlier, earlier_text) = match disk::directory_exists(dir)? {
            true => Manifest::read(dir)?,
            false => Default::default(),
        };
        let mut plan = Self::default();
        for path in earlier.paths().filter(|path| files.get(path).is_none()) {
            plan.leave(dir, path, &earlier, clean);
        }
        for (path, content) in files.iter() {
            plan.put(dir, path, content, &earlier);
        }
        match (Manifest::of(files).text(), earlier_text) {
            (None, None) => {}
            (None, Some(_)) => plan.removals.push(MANIFEST_NAME.to_owned()),
            (new, old) if new == old => {}
            (Some(new), _) => plan.writes.push((MANIFEST_NAME, new.into())),
        }
        Ok(plan)
    }

    /// Fails when something is in the way of writing.
    pub fn refuse_obstacles(mut self) -> Result<Self> {
        self.obstacles.append(&mut self.foreign);
        if self.obstacles.is_empty() { Ok(self) } else { Err(self.obstacles) }
    }

    /// The report of a run that went as planned.
    pub fn into_report(self) -> Result<Report> {
        Ok(Report { files: self.changes, warnings: self.warnings })
    }

    /// Decides about a file of an earlier run that is no longer generated.
    fn leave(&mut self, dir: &Path, path: &str, earlier: &Manifest, clean: bool) {
        let keep = |why: &str| {
            Diagnostic::warning(Id::UnsafeOutput, "a file that is no longer generated was kept")
                .in_path(dir.join(path))
                .note(why)
                .help("remove it if you do not need it; witgen will not touch it again")
        };
        match disk::look(dir, path) {
            Err(diagnostics) => self.obstacles.extend(diagnostics),
            Ok(Entry::Missing) => {}
            Ok(Entry::File(content)) if clean || earlier.wrote(path, &content) => self.remove(path),
            Ok(Entry::Link) if clean => self.remove(path),
            Ok(Entry::File(_)) => self.warnings.push(keep("it was edited after witgen wrote it")),
            Ok(other) => self.warnings.push(keep(&format!("it {}", other.description()))),
        }
    }

    fn remove(&mut self, path: &str) {
        self.changes.insert(path.to_owned(), Change::Removed);
        self.removals.push(path.to_owned());
    }

    /// Decides about a generated file.
    fn put(&mut self, dir: &Path, path: &'a str, content: &'a [u8], earlier: &Manifest) {
        let entry = match disk::look(dir, path) {
            Ok(entry) => entry,
            Err(diagnostics) => return self.obstacles.extend(diagnostics),
        };
        // Where case does not matter, the file of another spelling is this one, and is about to be removed.
        let respelt = self.removals.iter().find(|removed| folded(removed) == folded(path)).cloned();
        let change = match entry {
            Entry::Missing => Change::Created,
            Entry::File(old) if old == content && respelt.is_none() => Change::Unchanged,
            Entry::File(old) => {
                let own = earlier.lists(path)
                    || old == content
                    || respelt.is_some_and(|respelt| earlier.wrote(&respelt, &old));
                if !own {
                    self.foreign.push(foreign(dir, path));
                }
                self.changed.push((path, old));
                Change::Changed
            }
            Entry::Blocked(at) if self.removals.contains(&at) => Change::Created,
            Entry::Directory if self.empties(&dir.join(path), path) => Change::Created,
            other => return self.obstacles.push(obstacle(dir, path, &other)),
        };
        self.changes.insert(path.to_owned(), change);
        if change != Change::Unchanged {
            self.writes.push((path, content.into()));
        }
    }

    /// Whether nothing is left in the directory `path` after the removals.
    fn empties(&self, full: &Path, path: &str) -> bool {
        let Ok(entries) = fs::read_dir(full) else { return false };
        entries.into_iter().all(|entry| {
            let Ok(entry) = entry else { return false };
            let below = format!("{path}/{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.empties(&entry.path(), &below),
                Ok(_) => self.removals.contains(&below),
                Err(_) => false,
            }
        })
    }

    /// The directories that hold nothing after the removals, the deepest first.
    pub fn deserted(&self) -> Vec<&str> {
        let above =
            self.removals.iter().flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end]));
        let candidates: BTreeSet<&str> = above.collect();
        let in_use = |directory: &str| {
            self.changes.iter().any(|(path, change)| {
                *change != Change::Removed
                    && path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        candidates.into_iter().rev().filter(|directory| !in_use(directory)).collect()
    }
}

fn foreign(dir: &Path, path: &str) -> Diagnostic {
    Diagnostic::error(Id::UnsafeOutput, "a file that witgen did not write is in the way")
        .in_path(dir.join(path))
        .note(format!("it has another content and is not listed in `{MANIFEST_NAME}`"))
        .help("choose another directory with `-o`, or remove the file")
}

fn obstacle(dir: &Path, path: &str, entry: &Entry) -> Diagnostic {
    Diagnostic::error(Id::UnsafeOutput, format!("a generated file {}", entry.description()))
        .in_path(dir.join(path))
        .help("choose another directory with `-o`, or remove what is in the way")
}
