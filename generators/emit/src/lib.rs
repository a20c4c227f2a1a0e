//! Writes, checks or previews a set of generated files, all or nothing.
//!
//! A file named `.witgen-manifest.json` in the output directory lists what witgen wrote there, so that a later run
//! knows which files are its own:
//!
//! - A listed file that differs is overwritten, also when somebody edited it: generated files say in their first
//!   line that they are.
//! - A listed file that is no longer generated is removed.
//!   When it was edited since, it stays with a warning and belongs to the user from then on.
//! - A file that is not listed is never overwritten with something else and never removed.
//!   One that already has the right content is adopted.
//! - Symbolic links inside the output directory are neither followed nor replaced.
//!
//! A run with nothing to change touches nothing, not even a time stamp.
//! One directory holds the output of one run: two runs with different files and the same directory replace each
//! other's files.
//!
//! This crate knows nothing of WIT or of languages.

mod check;
mod disk;
mod files;
mod manifest;
mod plan;
mod transaction;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use witgen_diag::{Diagnostic, Result};

pub use files::FileSet;
pub use manifest::MANIFEST_NAME;

/// What to do with the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Make the directory hold them.
    Write,
    /// Fail when the directory does not hold them.
    Check {
        /// What the user types to bring the directory up to date.
        command: Option<String>,
    },
    /// Report what [`Mode::Write`] would do.
    DryRun,
}

/// What happened, or would happen, to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    Created,
    /// It had another content.
    Changed,
    /// It has the right content already.
    Unchanged,
    /// An earlier run wrote it and this one does not.
    Removed,
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        })
    }
}

/// What happened, or would happen, to each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By path relative to the directory, with `/` between its parts; the manifest is left out.
    pub files: BTreeMap<String, Change>,
    /// What the user should know although all went well.
    pub warnings: Vec<Diagnostic>,
}

impl Report {
    /// Whether the directory already holds the files.
    pub fn is_unchanged(&self) -> bool {
        self.files.values().all(|change| *change == Change::Unchanged)
    }
}

/// Writes `files` to `dir`, or checks or previews that.
///
/// `clean` also removes files of an earlier run that were edited since.
/// With an empty set it leaves nothing of an earlier run: no files, no manifest, no empty directories.
///
/// # Errors
///
/// Under [`Mode::Check`], one [`witgen_diag::Id::StaleOutput`] for each file that is out of date, missing or
/// superfluous.
/// In each mode, `UnsafeOutput` for what is in the way and `Io` for what the operating system refuses.
/// After an error the directory is as it was before.
pub fn emit(dir: &Path, files: &FileSet, mode: Mode, clean: bool) -> Result<Report> {
    emit_observed(dir, files, mode, clean, &mut |_, _| Ok(()))
}

fn emit_observed(
    dir: &Path,
    files: &FileSet,
    mode: Mode,
    clean: bool,
    observe: transaction::Observer<'_>,
) -> Result<Report> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let plan = plan::Plan::new(dir, files, clean)?;
    match mode {
        Mode::Check { command } => check::check(dir, plan, command.as_deref()),
        Mode::DryRun => plan.refuse_obstacles()?.into_report(),
        Mode::Write => {
            let plan = plan.refuse_obstacles()?;
            transaction::run(dir, &plan, observe)?;
            plan.into_report()
        }
    }
}

#[cfg(test)]
mod tests;
