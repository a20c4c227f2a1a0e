//! `witgen link`.

use std::process::ExitCode;

use crate::args;
use crate::talk::Talk;

/// Translates a component and writes its plan and modules, or leaves the directory as it is.
#[cfg(feature = "link")]
pub(crate) fn link(args: &args::Link, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let bytes = std::fs::read(&args.component).map_err(|error| unreadable(&args.component, &error))?;
    let options = witgen_link::Options {
        single_memory: args.single_memory,
        interruptible: args.interruptible,
        ..witgen_link::Options::default()
    };
    let linked = witgen_link::link(&bytes, options).map_err(|findings| named(findings, &args.component))?;
    let mut files = witgen_emit::FileSet::new();
    for (path, content) in linked.files()? {
        files.insert(path, content)?;
    }
    crate::bindings::write(&args.out, &files, args.mode, talk)
}

/// Findings about a binary have no place of their own but its file.
#[cfg(feature = "link")]
fn named(findings: Vec<witgen_diag::Diagnostic>, path: &std::path::Path) -> Vec<witgen_diag::Diagnostic> {
    findings.into_iter().map(|finding| finding.in_path(path)).collect()
}

#[cfg(feature = "link")]
fn unreadable(path: &std::path::Path, error: &std::io::Error) -> witgen_diag::Diagnostic {
    use std::io::ErrorKind;
    use witgen_diag::{Diagnostic, Id};
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
pub(crate) fn link(_: &args::Link, _: &Talk) -> witgen_diag::Result<ExitCode> {
    use witgen_diag::{Diagnostic, Id};
    Err(Diagnostic::error(Id::MissingTool, "this witgen was built without its linker")
        .help("build it with the feature `link`: `cargo install witgen-cli --features link`")
        .into())
}
