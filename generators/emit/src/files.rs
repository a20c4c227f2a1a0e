//! The set of files that one run generates.

use std::collections::BTreeMap;

use witgen_diag::{Diagnostic, Id, Result};

use crate::MANIFEST_NAME;

/// Generated files by relative path, in the order of their paths.
///
/// Two paths of a set differ by more than case, so that the set is the same on every file system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, Vec<u8>>,
    /// Every path and every directory above one, by lower case.
    spellings: BTreeMap<String, Spelling>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Spelling {
    path: String,
    is_directory: bool,
}

impl FileSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `path` is relative, with `/` between its parts.
    ///
    /// Adding the same file again with the same content does nothing.
    ///
    /// # Errors
    ///
    /// `Internal`, since the generators choose the paths: a path that leads out of the directory, that is no
    /// portable file name, or that clashes with another one of the set.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Result<()> {
        let (path, content) = (path.into(), content.into());
        if let Some(fault) = path_fault(&path) {
            return Err(internal(format!("the generated file name `{path}` {fault}")).into());
        }
        if self.files.get(&path).is_some_and(|existing| *existing != content) {
            return Err(internal(format!("two generated files have the name `{path}`")).into());
        }
        for (prefix, is_directory) in prefixes(&path) {
            let Some(known) = self.spellings.get(&folded(prefix)) else { continue };
            if known.path != prefix {
                let clash = format!("the generated files `{path}` and `{}` differ only in case", known.path);
                return Err(internal(clash).into());
            }
            if known.is_directory != is_directory {
                return Err(internal(format!("`{prefix}` is both a generated file and a directory")).into());
            }
        }
        for (prefix, is_directory) in prefixes(&path) {
            let spelling = Spelling { path: prefix.to_owned(), is_directory };
            self.spellings.insert(folded(prefix), spelling);
        }
        self.files.insert(path, content);
        Ok(())
    }

    /// Adds all files of `other` below the directory `prefix`.
    ///
    /// # Errors
    ///
    /// As [`FileSet::insert`].
    pub fn insert_under(&mut self, prefix: &str, other: FileSet) -> Result<()> {
        other
            .files
            .into_iter()
            .try_for_each(|(path, content)| self.insert(format!("{prefix}/{path}"), content))
    }

    /// The content of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Paths and contents, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// What makes `path` unfit for a generated file, as the end of a sentence.
pub(crate) fn path_fault(path: &str) -> Option<&'static str> {
    let parts = || path.split('/');
    if path.is_empty() {
        Some("is empty")
    } else if path.starts_with('/') {
        Some("is absolute")
    } else if parts().any(|part| part == "..") {
        Some("leads out of the output directory")
    } else if parts().any(|part| part.is_empty() || part == ".") {
        Some("has an empty part")
    } else if path.chars().any(|character| character.is_control() || r#"\:*?"<>|"#.contains(character)) {
        Some("has a character that not every file system allows")
    } else if parts().any(|part| part.ends_with(['.', ' '])) {
        Some("has a part that ends with a dot or a space")
    } else if parts().any(|part| folded(part) == MANIFEST_NAME) {
        Some("is kept for the manifest")
    } else {
        None
    }
}

/// How a path looks to a file system that ignores case.
pub(crate) fn folded(path: &str) -> String {
    path.to_lowercase()
}

/// The directories above `path`, then `path` itself, each with whether it is a directory.
fn prefixes(path: &str) -> impl Iterator<Item = (&str, bool)> {
    let directories = path.match_indices('/').map(|(end, _)| (&path[..end], true));
    directories.chain([(path, false)])
}

fn internal(message: String) -> Diagnostic {
    Diagnostic::error(Id::Internal, message)
}

#[cfg(test)]
mod tests {
    use super::FileSet;

    fn message(paths: &[&str]) -> String {
        let mut files = FileSet::new();
        let results: Vec<_> = paths.iter().map(|path| files.insert(*path, *path)).collect();
        results.into_iter().filter_map(Result::err).flatten().map(|diagnostic| diagnostic.message).collect()
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        assert_eq!(message(&["/etc/passwd"]), "the generated file name `/etc/passwd` is absolute");
        for path in ["..", "../a", "a/../../b", "a/.."] {
            assert!(message(&[path]).ends_with("leads out of the output directory"), "{path}");
        }
        for path in ["", "a//b", "a/", "./a", "C:a", "a\\b", "a\0", "a\n", "a.", "a /b"] {
            assert!(message(&[path]).starts_with("the generated file name"), "{path}");
        }
        for path in [".witgen-manifest.json", "a/.Witgen-Manifest.json"] {
            assert!(message(&[path]).ends_with("is kept for the manifest"), "{path}");
        }
    }

    #[test]
    fn names_that_clash_are_refused() {
        assert_eq!(message(&["a.py", "A.py"]), "the generated files `A.py` and `a.py` differ only in case");
        assert_eq!(message(&["a/x", "A/y"]), "the generated files `A/y` and `a` differ only in case");
        assert_eq!(message(&["a", "a/b"]), "`a` is both a generated file and a directory");
        assert_eq!(message(&["a/b", "a"]), "`a` is both a generated file and a directory");
        assert_eq!(message(&["a/b", "a/c", "d", ".hidden", "ünï.py"]), "");
    }

    #[test]
    fn the_same_file_twice_needs_the_same_content() {
        let mut files = FileSet::new();
        files.insert("a", "1").unwrap();
        files.insert("a", "1").unwrap();
        let error = files.insert("a", "2").unwrap_err();
        assert_eq!(error[0].message, "two generated files have the name `a`");
        assert_eq!(files.get("a"), Some(b"1".as_slice()));
    }

    #[test]
    fn a_set_can_be_put_under_a_directory() {
        let mut guest = FileSet::new();
        guest.insert("a.rs", "1").unwrap();
        let mut files = FileSet::new();
        files.insert_under("guest", guest).unwrap();
        assert_eq!(files.iter().collect::<Vec<_>>(), [("guest/a.rs", b"1".as_slice())]);
    }
}
