//! What the program carries from the folder `conformance`: the suites, and the hand-written test guests.

use std::path::PathBuf;

use witgen_diag::Result;
use witgen_emit::{FileSet, Mode};
use witgen_ir::World;
use witgen_languages::Language;

use crate::testees;
use crate::workplace::Workplace;

/// The name and content of each file, by its path from the folder `conformance`.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The text of one file; empty when there is none.
pub(crate) fn text(name: &str) -> &'static str {
    let found = FILES.iter().find(|(path, _)| *path == name);
    found.and_then(|(_, content)| std::str::from_utf8(content).ok()).unwrap_or_default()
}

/// The files of a folder: name and text.
pub(crate) fn folder(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(move |(path, content)| {
        let file = path.strip_prefix(name)?.strip_prefix('/')?;
        Some((file, std::str::from_utf8(content).ok()?))
    })
}

/// All files in a folder of `workplace`.
#[derive(Clone, Debug)]
pub(crate) struct Projects {
    root: PathBuf,
}

impl Projects {
    /// Writes the files.
    pub(crate) fn write(workplace: &Workplace) -> Result<Self> {
        let mut files = FileSet::new();
        for (path, content) in FILES {
            files.insert(*path, *content)?;
        }
        let root = workplace.folder("written", &files);
        witgen_emit::emit(&root, &files, Mode::Write, true)?;
        Ok(Self { root })
    }

    /// The WIT of all suites.
    pub(crate) fn wit(&self) -> Vec<PathBuf> {
        ["suites/types.wit", "wit", "testees/wit"].map(|path| self.root.join(path)).to_vec()
    }

    /// The world that drivers of hosts call.
    pub(crate) fn driven(&self) -> Result<World> {
        witgen_ir::load(&self.wit(), &options("driven"))
    }

    /// Builds the guest that is called `name`; gives the path of the component.
    pub(crate) fn build(&self, language: Language, name: &str) -> Result<PathBuf> {
        let dir = self.root.join("testees").join(language.id()).join(name);
        testees::build_project(language, &dir, &options(name))
    }
}

fn options(world: &str) -> witgen_ir::Options {
    witgen_ir::Options {
        world: Some(format!("witgen:testees/{world}")),
        all_features: true,
        ..witgen_ir::Options::default()
    }
}

/// The source of the program with which hosts of a language take the steps of scripts.
pub(crate) fn driver(language: Language) -> &'static str {
    text(match language {
        Language::Rust => "hosts/src/driver.rs",
        Language::Python => "testees/python-host/driver.py",
        Language::Js => "testees/js-host/driver.js",
        Language::Go => "testees/go-host/driver/main.go",
    })
}
