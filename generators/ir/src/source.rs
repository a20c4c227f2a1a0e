//! Reads WIT from disk and finds the place of a wit-parser span in it again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wit_parser::{SourceMap, UnresolvedPackageGroup};
use witgen_diag::{Diagnostic, Id, SourceFile, Span};

use crate::{error, limits};

/// More text than this is refused: spans of wit-parser are 32 bits wide.
const MAX_SOURCE_BYTES: usize = 1 << 30;

/// Texts in the order in which wit-parser numbers their bytes.
#[derive(Default)]
pub(crate) struct Sources {
    /// By the offset of the first byte.
    files: BTreeMap<u32, Arc<SourceFile>>,
    next: u32,
}

impl Sources {
    /// Adds the texts of a group at the end, as `Resolve::push_groups` does.
    pub(crate) fn push(&mut self, files: Vec<Arc<SourceFile>>) {
        for file in files {
            // wit-parser appends a line break of its own to each text.
            let length = u32::try_from(file.text.len() + 1).unwrap_or(u32::MAX);
            self.files.insert(self.next, file);
            self.next = self.next.saturating_add(length);
        }
    }

    /// The place of `span`; none for what was decoded from a binary.
    pub(crate) fn span(&self, span: wit_parser::Span) -> Option<Span> {
        if !span.is_known() {
            return None;
        }
        let (base, file) = self.files.range(..=span.start()).next_back()?;
        let place = |offset: u32| usize::try_from(offset.saturating_sub(*base)).unwrap_or(0);
        // wit-parser ends the place of a wrong character one byte after its start, however long it is.
        let start = file.text.floor_char_boundary(place(span.start()));
        let end = file.text.ceil_char_boundary(place(span.end()));
        Some(Span { file: Arc::clone(file), range: start..end.max(start) })
    }

    /// The start of the first text.
    pub(crate) fn first(&self) -> Option<Span> {
        let file = self.files.values().next()?;
        let end = file.text.find('\n').unwrap_or(file.text.len());
        Some(Span { file: Arc::clone(file), range: 0..end })
    }

    /// The last of `words` where they follow each other, with nothing but spaces between.
    pub(crate) fn find(&self, words: &[&str]) -> Option<Span> {
        let wanted = words.join(" ");
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '%';
        for file in self.files.values() {
            for (start, found) in file.text.match_indices(&wanted) {
                let end = start + found.len();
                let open = file.text[end..].chars().next().is_some_and(is_word);
                let last = words.last().map_or(0, |word| word.len());
                if !open {
                    return Some(Span { file: Arc::clone(file), range: end - last..end });
                }
            }
        }
        None
    }
}

/// A parsed package group and its texts.
pub(crate) struct Group {
    pub(crate) parsed: UnresolvedPackageGroup,
    pub(crate) files: Vec<Arc<SourceFile>>,
}

/// Parses `files` as one package.
pub(crate) fn parse(files: Vec<Arc<SourceFile>>) -> witgen_diag::Result<Group> {
    let mut map = SourceMap::new();
    for file in &files {
        limits::check_params(file)?;
        map.push_str(&file.name, file.text.as_str());
    }
    match map.parse() {
        Ok(parsed) => {
            let mut sources = Sources::default();
            sources.push(files.clone());
            // Once more when all is linked; but linking itself recurses.
            for package in parsed.nested.iter().chain([&parsed.main]) {
                limits::Weights::check(package.types.iter().map(|(_, ty)| ty), &sources)?;
            }
            Ok(Group { parsed, files })
        }
        Err((_, parse_error)) => {
            let mut sources = Sources::default();
            sources.push(files);
            Err(error::parse(&parse_error, &sources).into())
        }
    }
}

/// What a path holds.
pub(crate) enum Contents {
    /// WIT texts of one package.
    Texts(Vec<Arc<SourceFile>>),
    /// A WebAssembly binary.
    Wasm(Vec<u8>),
}

/// Reads a file, telling text and binary apart.
pub(crate) fn read_file(path: &Path) -> witgen_diag::Result<Contents> {
    let bytes = std::fs::read(path).map_err(|reason| error::io(path, &reason))?;
    if wat::Detect::from_bytes(&bytes).is_wasm() {
        let bytes = wat::parse_bytes(&bytes).map_err(|reason| {
            Diagnostic::error(Id::InvalidComponent, format!("`{}` is no WebAssembly", path.display()))
                .in_path(path)
                .note(reason.to_string())
        })?;
        return Ok(Contents::Wasm(bytes.into_owned()));
    }
    if bytes.len() > MAX_SOURCE_BYTES {
        return Err(Diagnostic::error(Id::WitSyntax, "the file is larger than 1 GiB").in_path(path).into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            Ok(Contents::Texts(vec![Arc::new(SourceFile { name: path.display().to_string(), text })]))
        }
        Err(invalid) => Err(not_utf8(path, &invalid).into()),
    }
}

fn not_utf8(path: &Path, invalid: &std::string::FromUtf8Error) -> Diagnostic {
    let valid = invalid.utf8_error().valid_up_to();
    let line = invalid.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
    Diagnostic::error(Id::WitSyntax, "the file is not UTF-8")
        .in_path(path)
        .note(format!("the first invalid byte is at offset {valid}, on line {line}"))
        .help("save the file as UTF-8")
}

/// The `.wit` files directly in `dir`, in the order of their names.
pub(crate) fn read_package_dir(dir: &Path) -> witgen_diag::Result<Vec<Arc<SourceFile>>> {
    let mut texts = Vec::new();
    for path in entries(dir)? {
        let is_wit = path.extension().is_some_and(|extension| extension == "wit");
        // A pipe would block; what has no metadata is a broken link, which reading reports.
        let is_no_file = path.metadata().is_ok_and(|metadata| !metadata.is_file());
        if is_wit
            && !is_no_file
            && let Contents::Texts(files) = read_file(&path)?
        {
            texts.extend(files);
        }
    }
    Ok(texts)
}

/// The entries of `dir` in the order of their names.
pub(crate) fn entries(dir: &Path) -> witgen_diag::Result<Vec<PathBuf>> {
    let listing = std::fs::read_dir(dir).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
    });
    let mut paths = listing.map_err(|reason| error::io(dir, &reason))?;
    paths.sort();
    Ok(paths)
}
