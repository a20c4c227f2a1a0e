//! Carries out a plan so that either all of it happens or nothing.
//!
//! New contents are first written to a scratch directory inside the output directory, which is on the same file
//! system, so that disk errors show before anything visible changes.
//! Then files are switched by renaming, each in one step, and what was there before is kept in the scratch
//! directory until all went well.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use witgen_diag::{Diagnostic, Result};

use crate::disk::{failure, reason};
use crate::plan::Plan;

/// Called before each step with the path it is for; an error makes the step fail.
pub(crate) type Observer<'a> = &'a mut dyn FnMut(Step, &str) -> io::Result<()>;

/// What is about to happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Its new content goes to the scratch directory.
    Stage,
    /// It moves to the scratch directory.
    Remove,
    /// Its new content moves to its place.
    Place,
}

/// Carries out `plan` in `dir`.
pub(crate) fn run(dir: &Path, plan: &Plan<'_>, observe: Observer<'_>) -> Result<()> {
    if plan.writes.is_empty() && plan.removals.is_empty() {
        return Ok(());
    }
    let mut made = Vec::new();
    let outcome = make_directories(dir, &mut made).and_then(|()| in_directory(dir, plan, observe));
    if let Err(diagnostics) = outcome {
        let failed = |path: &PathBuf| fs::remove_dir(path).err().map(|error| not_restored(path, &error));
        return Err(noted(diagnostics, made.iter().rev().filter_map(failed).collect()));
    }
    let is_elsewhere =
        std::env::current_dir().is_ok_and(|current| fs::canonicalize(dir).is_ok_and(|dir| current != dir));
    if is_elsewhere && plan.changes.values().all(|change| *change == crate::Change::Removed) {
        // Fails when something else is in it, and then it has to stay.
        let _ = fs::remove_dir(dir);
    }
    Ok(())
}

fn in_directory(dir: &Path, plan: &Plan<'_>, observe: Observer<'_>) -> Result<()> {
    let scratch = tempfile::Builder::new()
        .prefix(".witgen-scratch-")
        .tempdir_in(dir)
        .map_err(|error| vec![failure("write to", dir, &error)])?;
    let mut transaction = Transaction { dir, scratch: scratch.path().to_owned(), kept: 0, undo: Vec::new() };
    match transaction.steps(plan, observe) {
        Ok(()) => {
            // All is in place; a scratch directory that cannot be removed is no reason to fail.
            let _ = scratch.close();
            Ok(())
        }
        Err(diagnostics) => Err(noted(diagnostics, transaction.roll_back(scratch))),
    }
}

struct Transaction<'a> {
    dir: &'a Path,
    scratch: PathBuf,
    /// How many old files are in the scratch directory.
    kept: usize,
    undo: Vec<Undo>,
}

/// How to take back a step.
enum Undo {
    RemoveFile(PathBuf),
    RemoveDirectory(PathBuf),
    MakeDirectory(PathBuf),
    Restore { kept: PathBuf, path: PathBuf },
}

impl Undo {
    fn apply(&self) -> std::result::Result<(), (&Path, io::Error)> {
        match self {
            Self::RemoveFile(path) => fs::remove_file(path).map_err(|error| (path.as_path(), error)),
            Self::RemoveDirectory(path) => fs::remove_dir(path).map_err(|error| (path.as_path(), error)),
            Self::MakeDirectory(path) => fs::create_dir(path).map_err(|error| (path.as_path(), error)),
            Self::Restore { kept, path } => fs::rename(kept, path).map_err(|error| (path.as_path(), error)),
        }
    }
}

impl Transaction<'_> {
    fn steps(&mut self, plan: &Plan<'_>, observe: Observer<'_>) -> Result<()> {
        for (index, (path, content)) in plan.writes.iter().enumerate() {
            observe(Step::Stage, path)
                .and_then(|()| fs::write(self.staged(index), content))
                .map_err(|error| vec![failure("write", &self.dir.join(path), &error)])?;
        }
        for path in &plan.removals {
            observe(Step::Remove, path)
                .and_then(|()| self.remove(path))
                .map_err(|error| vec![failure("remove", &self.dir.join(path), &error)])?;
        }
        for path in plan.deserted() {
            let path = self.dir.join(path);
            // Fails when the user has something in it, and then it has to stay.
            if fs::remove_dir(&path).is_ok() {
                self.undo.push(Undo::MakeDirectory(path));
            }
        }
        for (index, (path, _)) in plan.writes.iter().enumerate() {
            observe(Step::Place, path)
                .and_then(|()| self.place(index, path))
                .map_err(|error| vec![failure("write", &self.dir.join(path), &error)])?;
        }
        Ok(())
    }

    fn staged(&self, index: usize) -> PathBuf {
        self.scratch.join(format!("new-{index}"))
    }

    fn next_kept(&mut self) -> PathBuf {
        self.kept += 1;
        self.scratch.join(format!("old-{}", self.kept))
    }

    fn remove(&mut self, path: &str) -> io::Result<()> {
        let (kept, path) = (self.next_kept(), self.dir.join(path));
        fs::rename(&path, &kept)?;
        self.undo.push(Undo::Restore { kept, path });
        Ok(())
    }

    fn place(&mut self, index: usize, path: &str) -> io::Result<()> {
        for (end, _) in path.match_indices('/') {
            let above = self.dir.join(&path[..end]);
            match fs::create_dir(&above) {
                Ok(()) => self.undo.push(Undo::RemoveDirectory(above)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        let (staged, target) = (self.staged(index), self.dir.join(path));
        match fs::symlink_metadata(&target) {
            Ok(metadata) => {
                fs::set_permissions(&staged, metadata.permissions())?;
                let kept = self.next_kept();
                // A second name for the old file, so that there is no moment without one at its place.
                if fs::hard_link(&target, &kept).is_err() {
                    fs::copy(&target, &kept)?;
                }
                fs::rename(&staged, &target)?;
                self.undo.push(Undo::Restore { kept, path: target });
            }
            Err(_) => {
                fs::rename(&staged, &target)?;
                self.undo.push(Undo::RemoveFile(target));
            }
        }
        Ok(())
    }

    /// Takes all steps back, and says what could not be.
    fn roll_back(self, scratch: TempDir) -> Vec<String> {
        let failures = self.undo.iter().rev().filter_map(|undo| undo.apply().err());
        let mut notes: Vec<String> = failures.map(|(path, error)| not_restored(path, &error)).collect();
        if notes.is_empty() {
            let _ = scratch.close();
        } else {
            notes.push(format!("the old files are in `{}`", scratch.keep().display()));
        }
        notes
    }
}

/// Makes `dir` and what is missing above it, and tells in `made` what it made.
fn make_directories(dir: &Path, made: &mut Vec<PathBuf>) -> Result<()> {
    let missing: Vec<&Path> = dir
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err())
        .collect();
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => made.push(path.to_owned()),
            // Another process was faster, or the path has a `..` in it.
            Err(_) if path.is_dir() => {}
            Err(error) => {
                let diagnostic = failure("make", path, &error);
                let message = "cannot make the output directory".to_owned();
                return Err(Diagnostic { message, ..diagnostic }.into());
            }
        }
    }
    Ok(())
}

fn not_restored(path: &Path, error: &io::Error) -> String {
    format!("`{}` could not be put back: {}", path.display(), reason(error))
}

fn noted(mut diagnostics: Vec<Diagnostic>, notes: Vec<String>) -> Vec<Diagnostic> {
    if let Some(last) = diagnostics.last_mut() {
        last.notes.extend(notes);
    }
    diagnostics
}
