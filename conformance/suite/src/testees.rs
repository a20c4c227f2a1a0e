//! Test guests: their sources from the backends, their components from the toolchains.

use std::path::{Path, PathBuf};

use witgen_backend::Runtime;
use witgen_backend::testee::{Cases, Role, Testee};
use witgen_build::{Project, Wit};
use witgen_diag::{Diagnostic, Id};
use witgen_emit::{FileSet, Mode};
use witgen_ir::World;
use witgen_languages::{Language, Side};

use crate::hosts;
use crate::workplace::Workplace;

/// A derived world, ready for the backends.
pub(crate) struct Derived {
    /// The folder of its WIT.
    pub(crate) wit: PathBuf,
    /// `exporter` or `importer`.
    pub(crate) world_name: &'static str,
    pub(crate) world: World,
}

impl Derived {
    /// Reads a world that was written to `wit`.
    pub(crate) fn read(wit: &Path, role: Role) -> witgen_diag::Result<Self> {
        let world_name = match role {
            Role::Exporter => "exporter",
            Role::Importer => "importer",
        };
        let world = witgen_ir::load(&[wit.to_owned()], &options(world_name))?;
        Ok(Self { wit: wit.to_owned(), world_name, world })
    }

    /// Whether the bindings of `language` support everything in it.
    pub(crate) fn is_supported(&self, language: Language, side: Side) -> witgen_diag::Result<()> {
        match side {
            Side::Guest => witgen_backend::check_support(&self.world, language, side),
            Side::Host => hosts::bindings(&self.world, language),
        }
    }
}

fn options(world: &str) -> witgen_ir::Options {
    witgen_ir::Options {
        world: Some(format!("{}/{world}", crate::derive::PACKAGE)),
        // What is left was chosen when the WIT under test was read.
        all_features: true,
        ..witgen_ir::Options::default()
    }
}

/// Writes the guest to a folder of `workplace` and builds it; gives the path of the component.
pub(crate) fn build(
    language: Language,
    derived: &Derived,
    cases: &Cases,
    role: Role,
    workplace: &Workplace,
) -> witgen_diag::Result<PathBuf> {
    let Testee { mut files, source } = testee(language, &derived.world, cases, role)?;
    files.insert_under("wit", texts(&derived.wit)?)?;
    files.insert("witgen.toml", project_file(language, derived, source))?;
    let kind = if cases.calls.is_empty() { derived.world_name } else { "caller" };
    let dir = workplace.folder(&format!("{language}-{kind}"), &files);
    witgen_emit::emit(&dir, &files, Mode::Write, true)?;
    build_project(language, &dir, &options(derived.world_name))
}

/// Builds the project in `dir`; gives the path of the component.
pub(crate) fn build_project(
    language: Language,
    dir: &Path,
    options: &witgen_ir::Options,
) -> witgen_diag::Result<PathBuf> {
    let project = Project::read(dir)?;
    let (resolved, world) = witgen_ir::resolve_inputs(&project.wit, options)?;
    let wit = Wit::new(resolved.resolve, world);
    let world = witgen_ir::load(&project.wit, options)?;
    let bindings = guest(language, &world, &project.bindings)?;
    let component = witgen_build::build(&project, &wit, &bindings)?;
    let path = dir.join("component.wasm");
    std::fs::write(&path, component).map_err(|reason| io("write", &path, &reason))?;
    Ok(path)
}

/// The files of a WIT package with its `deps`.
fn texts(dir: &Path) -> witgen_diag::Result<FileSet> {
    let mut files = FileSet::new();
    for folder in ["", "deps"] {
        let dir = dir.join(folder);
        let entries = std::fs::read_dir(&dir).map_err(|reason| io("read", &dir, &reason))?;
        for entry in entries {
            let path = entry.map_err(|reason| io("read", &dir, &reason))?.path();
            if path.is_file() {
                let text = std::fs::read(&path).map_err(|reason| io("read", &path, &reason))?;
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                files.insert(name, text)?;
            }
        }
    }
    Ok(files)
}

fn io(verb: &str, path: &Path, reason: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Id::Io, format!("cannot {verb} `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}

fn project_file(language: Language, derived: &Derived, source: &str) -> String {
    format!(
        "[component]\nlanguage = \"{language}\"\nwit = \"wit\"\nworld = \"{}/{}\"\nsource = \"{source}\"\n",
        crate::derive::PACKAGE,
        derived.world_name,
    )
}

fn guest(language: Language, world: &World, bindings: &Path) -> witgen_diag::Result<FileSet> {
    let runtime = Runtime::Embed;
    match language {
        Language::Rust => {
            witgen_rust::guest(world, &witgen_rust::GuestOptions { runtime, ..Default::default() })
        }
        Language::Python => witgen_python::guest(world, &witgen_python::GuestOptions { runtime }),
        Language::Js => witgen_js::guest(world, &witgen_js::GuestOptions { runtime }),
        Language::Go => {
            let import_path = witgen_go::import_path(bindings);
            witgen_go::guest(world, &witgen_go::GuestOptions { runtime, import_path })
        }
    }
}

fn testee(language: Language, world: &World, cases: &Cases, role: Role) -> witgen_diag::Result<Testee> {
    match language {
        Language::Rust => witgen_rust::testee(world, cases, role),
        Language::Python => witgen_python::testee(world, cases, role),
        Language::Js => witgen_js::testee(world, cases, role),
        Language::Go => witgen_go::testee(world, cases, role),
    }
}
