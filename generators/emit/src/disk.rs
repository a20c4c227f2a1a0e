//! What is on disk, looked at without following a symbolic link inside the output directory.

use std::fs;
use std::io;
use std::path::Path;

use witgen_diag::{Diagnostic, Id, Result};

/// What stands at a path below the output directory.
#[derive(Debug)]
pub(crate) enum Entry {
    Missing,
    File(Vec<u8>),
    Directory,
    /// A symbolic link, wherever it leads.
    Link,
    /// A socket, a device or the like.
    Special,
    /// Something that is no directory stands where this directory of the path should be.
    Blocked(String),
    /// A directory of the path is a symbolic link.
    Through(String),
}

impl Entry {
    /// What is there, as the end of a sentence.
    pub fn description(&self) -> String {
        match self {
            Self::Missing => "is missing".to_owned(),
            Self::File(_) => "is a file".to_owned(),
            Self::Directory => "is a directory".to_owned(),
            Self::Link => "is a symbolic link".to_owned(),
            Self::Special => "is no regular file".to_owned(),
            Self::Blocked(at) => format!("needs a directory where the file `{at}` is"),
            Self::Through(at) => format!("lies behind the symbolic link `{at}`"),
        }
    }
}

/// What stands at `path` below `dir`.
pub(crate) fn look(dir: &Path, path: &str) -> Result<Entry> {
    for (end, _) in path.match_indices('/') {
        let above = &path[..end];
        match kind(&dir.join(above))? {
            Kind::Missing => return Ok(Entry::Missing),
            Kind::Directory => {}
            Kind::Link => return Ok(Entry::Through(above.to_owned())),
            Kind::File | Kind::Special => return Ok(Entry::Blocked(above.to_owned())),
        }
    }
    let full = dir.join(path);
    Ok(match kind(&full)? {
        Kind::Missing => Entry::Missing,
        Kind::Directory => Entry::Directory,
        Kind::Link => Entry::Link,
        Kind::Special => Entry::Special,
        Kind::File => Entry::File(fs::read(&full).map_err(|error| vec![failure("read", &full, &error)])?),
    })
}

enum Kind {
    Missing,
    File,
    Directory,
    Link,
    Special,
}

fn kind(path: &Path) -> Result<Kind> {
    let file_type = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if is_missing(&error) => return Ok(Kind::Missing),
        Err(error) => return Err(failure("read", path, &error).into()),
    };
    Ok(if file_type.is_symlink() {
        Kind::Link
    } else if file_type.is_dir() {
        Kind::Directory
    } else if file_type.is_file() {
        Kind::File
    } else {
        Kind::Special
    })
}

/// Whether `dir` is there; an error when it is no directory or cannot become one.
pub(crate) fn directory_exists(dir: &Path) -> Result<bool> {
    match fs::metadata(dir) {
        Ok(metadata) if metadata.is_dir() => return Ok(true),
        Ok(_) => return Err(no_directory(dir, "the output path is a file").into()),
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(failure("read", dir, &error).into()),
    }
    if fs::symlink_metadata(dir).is_ok() {
        return Err(no_directory(dir, "the output path is a symbolic link that leads nowhere").into());
    }
    for above in dir.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
        match fs::metadata(above) {
            Ok(metadata) if metadata.is_dir() => break,
            Ok(_) => return Err(no_directory(above, "the output path leads through a file").into()),
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(failure("read", above, &error).into()),
        }
    }
    Ok(false)
}

/// A refusal of the operating system: `cannot {verb} the file`.
pub(crate) fn failure(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let what = if path.is_dir() { "directory" } else { "file" };
    let diagnostic =
        Diagnostic::error(Id::Io, format!("cannot {verb} the {what}")).in_path(path).note(reason(error));
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            diagnostic.help("choose another directory with `-o`")
        }
        _ => diagnostic,
    }
}

/// The operating system's own words, in the case of all other messages.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    // The crate tempfile adds the random path of its file.
    let text = text.split_once(" at path \"").map_or(text.as_str(), |(reason, _)| reason);
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

fn no_directory(path: &Path, message: &str) -> Diagnostic {
    Diagnostic::error(Id::UnsafeOutput, message).in_path(path).help("choose a directory with `-o`")
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
