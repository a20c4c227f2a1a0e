//! `cargo xtask tidy`: the rules of this repository that no compiler checks.
//!
//! A rule is a function from the files of the repository to problems. Each problem names a place and says
//! what to do, so that nobody has to look a rule up.

mod arrows;
mod hygiene;
mod links;
mod manifests;
mod prose;
mod sizes;
mod templates;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::context::Context;
use crate::process;

/// Checks everything and prints each problem. Returns whether there was none.
pub fn run(context: &Context) -> Result<bool> {
    let tree = Tree::read(&context.root)?;
    let mut problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    problems.extend(arrows::check(&arrows::workspace(context)?));
    problems.sort();
    for problem in &problems {
        println!("{problem}");
    }
    let plural = if problems.len() == 1 { "" } else { "s" };
    println!("tidy: {} files, {} problem{plural}", tree.files.len(), problems.len());
    Ok(problems.is_empty())
}

const RULES: [fn(&Tree) -> Vec<Problem>; 12] = [
    sizes::files,
    sizes::functions,
    templates::layout,
    templates::views,
    prose::sentences,
    prose::changelog,
    prose::language_order,
    manifests::crates,
    manifests::locks,
    hygiene::machine_names,
    hygiene::leftovers,
    links::targets,
];

/// Something to change.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    path: PathBuf,
    line: Option<usize>,
    message: String,
}

impl Problem {
    fn at(path: &Path, line: usize, message: impl Into<String>) -> Problem {
        Problem { path: path.to_path_buf(), line: Some(line), message: message.into() }
    }

    fn of(path: &Path, message: impl Into<String>) -> Problem {
        Problem { path: path.to_path_buf(), line: None, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path.display(), self.message),
            None => write!(f, "{}: {}", self.path.display(), self.message),
        }
    }
}

/// The text files of the repository.
pub struct Tree {
    files: Vec<File>,
}

struct File {
    path: PathBuf,
    text: String,
}

impl Tree {
    /// Paths of the files that are committed or about to be, relative to `root`.
    pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
        Tree::list(root, &["--cached", "--others", "--exclude-standard"])
    }

    /// Like [`Tree::files`], with those that git ignores.
    pub fn all_files(root: &Path) -> Result<Vec<PathBuf>> {
        Tree::list(root, &["--cached", "--others"])
    }

    fn list(root: &Path, which: &[&str]) -> Result<Vec<PathBuf>> {
        let list =
            process::output(Command::new("git").args(["ls-files", "-z"]).args(which).current_dir(root))?;
        let mut paths: Vec<PathBuf> =
            list.split('\0').filter(|path| !path.is_empty()).map(PathBuf::from).collect();
        paths.retain(|path| root.join(path).is_file());
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    fn read(root: &Path) -> Result<Tree> {
        let mut files = Vec::new();
        for path in Tree::files(root)? {
            // What is not text is no business of any rule.
            if let Ok(text) = String::from_utf8(fs::read(root.join(&path))?) {
                files.push(File { path, text });
            }
        }
        Ok(Tree { files })
    }

    /// The files with this extension.
    fn with_extension(&self, extension: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.path.extension().is_some_and(|found| found == extension))
    }

    fn get(&self, path: impl AsRef<Path>) -> Option<&File> {
        self.files.iter().find(|file| file.path == path.as_ref())
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| File { path: path.into(), text: (*text).to_owned() };
        Tree { files: files.iter().map(file).collect() }
    }
}

impl File {
    /// The lines with their numbers, from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_like_a_compiler_message() {
        assert_eq!(Problem::at(Path::new("a.rs"), 3, "do this").to_string(), "a.rs:3: do this");
        assert_eq!(Problem::of(Path::new("a.rs"), "do this").to_string(), "a.rs: do this");
    }
}
