//! The suites that come with witgen, carried by the program.

use std::path::{Path, PathBuf};

use witgen_diag::{Diagnostic, Id, SourceFile};

use crate::known::KnownFailures;
use crate::vectors::{self, Suite};

/// Name and text of each file in `conformance/suites`.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../suites/", $name, ".toml")))),*]
    };
}

const VECTORS: &[(&str, &str)] = files![
    "integers", "floats", "scalars", "strings", "lists", "records", "variants", "enums", "flags", "options",
    "results", "tuples", "maps", "names",
];

const WIT: &str = include_str!("../../suites/types.wit");

const KNOWN: &[(&str, &str)] =
    &[("conformance/known-failing/python.txt", include_str!("../../known-failing/python.txt"))];

/// All suites.
pub(crate) fn all() -> witgen_diag::Result<Vec<Suite>> {
    let parse = |(name, text): &(&str, &str)| {
        let file = SourceFile { name: format!("conformance/suites/{name}.toml"), text: (*text).to_owned() };
        vectors::parse(name, file)
    };
    VECTORS.iter().map(parse).collect()
}

/// Their failures that are known.
pub(crate) fn known(known: &mut KnownFailures) -> witgen_diag::Result<()> {
    KNOWN.iter().try_for_each(|(name, text)| known.add(name, text))
}

/// Writes their WIT below `dir`.
pub(crate) fn write(dir: &Path) -> witgen_diag::Result<PathBuf> {
    let path = dir.join("types.wit");
    std::fs::write(&path, WIT).map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot write `{}`", path.display()))
            .in_path(&path)
            .note(reason.to_string())
    })?;
    Ok(path)
}
