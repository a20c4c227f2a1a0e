//! The suites that come with witgen, carried by the program.

use witgen_diag::SourceFile;

use crate::known::KnownFailures;
use crate::projects;
use crate::scripts::{self, Script};
use crate::vectors::{self, Suite};

/// The files of `conformance/suites` with values and calls, in the order of the report.
const VECTORS: [&str; 16] = [
    "integers", "floats", "scalars", "strings", "lists", "records", "variants", "enums", "flags", "options",
    "results", "tuples", "maps", "names", "params", "errors",
];

/// Those with scripts.
const SCRIPTS: [&str; 3] = ["resources", "traps", MISUSE];

/// What only hosts can do wrong.
pub(crate) const MISUSE: &str = "misuse";

/// All suites.
pub(crate) fn all() -> witgen_diag::Result<Vec<Suite>> {
    let parse = |name: &str| {
        let text = projects::text(&format!("suites/{name}.toml")).to_owned();
        vectors::parse(name, SourceFile { name: format!("conformance/suites/{name}.toml"), text })
    };
    VECTORS.into_iter().map(parse).collect()
}

/// All scripts, with the name of their suite.
pub(crate) fn scripts() -> witgen_diag::Result<Vec<(String, Script)>> {
    let mut all = Vec::new();
    for name in SCRIPTS {
        let parsed = scripts::parse(name, projects::text(&format!("suites/{name}.toml")))?;
        all.extend(parsed.into_iter().map(|script| (name.to_owned(), script)));
    }
    Ok(all)
}

/// Their failures that are known.
pub(crate) fn known(known: &mut KnownFailures) -> witgen_diag::Result<()> {
    let mut files = projects::folder("known-failing");
    files.try_for_each(|(name, text)| known.add(&format!("conformance/known-failing/{name}"), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_suite() {
        let listed: Vec<String> = VECTORS.iter().chain(&SCRIPTS).map(|name| format!("{name}.toml")).collect();
        for (name, _) in projects::folder("suites").filter(|(name, _)| name.ends_with(".toml")) {
            assert!(listed.iter().any(|listed| listed == name), "{name}");
        }
        assert!(all().unwrap().len() == VECTORS.len() && scripts().unwrap().len() > 20);
    }
}
