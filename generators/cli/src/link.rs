//! `witgen link`.

use std::path::Path;
use std::process::ExitCode;

use witgen_build::Link;
use witgen_diag::{Diagnostic, Id};
use witgen_emit::FileSet;

use crate::args;
use crate::talk::Talk;

/// Translates a component and writes its plan and modules, or leaves the directory as it is.
#[cfg(feature = "link")]
pub(crate) fn link(args: &args::Link, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    crate::bindings::write(&args.out, &linked(&args.component, options(args))?, args.mode, talk)
}

fn options(args: &args::Link) -> Link {
    Link { single_memory: args.single_memory, interruptible: args.interruptible, metered: args.metered }
}

/// The plan and the modules of a component.
#[cfg(feature = "link")]
pub(crate) fn linked(component: &Path, link: Link) -> witgen_diag::Result<FileSet> {
    let Link { single_memory, interruptible, metered } = link;
    let options =
        witgen_link::Options { single_memory, interruptible, metered, ..witgen_link::Options::default() };
    let bytes = read(component)?;
    let linked = witgen_link::link(&bytes, options).map_err(|findings| named(findings, component))?;
    let mut files = FileSet::new();
    for (path, content) in linked.files()? {
        files.insert(path, content)?;
    }
    Ok(files)
}

/// The bytes of a component.
pub(crate) fn read(component: &Path) -> witgen_diag::Result<Vec<u8>> {
    std::fs::read(component).map_err(|error| unreadable(component, &error).into())
}

/// Findings about a binary have no place of their own but its file.
#[cfg(feature = "link")]
fn named(findings: Vec<Diagnostic>, path: &Path) -> Vec<Diagnostic> {
    findings.into_iter().map(|finding| finding.in_path(path)).collect()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let diagnostic = match error.kind() {
        ErrorKind::NotFound => Diagnostic::error(Id::MissingInput, "there is no such file"),
        ErrorKind::IsADirectory => {
            Diagnostic::error(Id::MissingInput, "this is a directory, not a component")
                .help(format!("build it first: witgen build {} -o OUT.wasm", path.display()))
        }
        _ => Diagnostic::error(Id::Io, format!("the file cannot be read: {error}")),
    };
    diagnostic.in_path(path)
}

/// Says what is missing.
#[cfg(not(feature = "link"))]
pub(crate) fn link(args: &args::Link, _: &Talk) -> witgen_diag::Result<ExitCode> {
    linked(&args.component, options(args)).map(|_| ExitCode::SUCCESS)
}

/// Says what is missing.
#[cfg(not(feature = "link"))]
pub(crate) fn linked(_: &Path, _: Link) -> witgen_diag::Result<FileSet> {
    Err(Diagnostic::error(Id::MissingTool, "this witgen was built without its linker")
        .help("build it with the feature `link`: `cargo install witgen-cli --features link`")
        .into())
}
