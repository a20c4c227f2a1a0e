//! `witgen run`.

#[cfg(feature = "run")]
use std::path::Path;
use std::process::ExitCode;

#[cfg(feature = "run")]
use witgen_diag::{Diagnostic, Id, SourceFile, Span};
#[cfg(feature = "run")]
use witgen_grants::Grants;

use crate::args;
#[cfg(feature = "run")]
use crate::talk;
use crate::talk::Talk;

/// Runs a component: its exit code becomes witgen's, its value goes to stdout.
#[cfg(feature = "run")]
pub(crate) fn run(args: &args::Run, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let options = witgen_run::RunOptions {
        grants: std::sync::Arc::new(grants(&args.grants)?),
        on_denial: |what| talk::say(&format!("witgen: {what}\n")),
        audit: args.grants.audit.clone(),
        args: args.args.clone(),
        invoke: args.invoke.clone(),
        ..witgen_run::RunOptions::default()
    };
    match witgen_run::run(&args.component, &options)? {
        witgen_run::Outcome::Exit(code) => Ok(ExitCode::from(code)),
        witgen_run::Outcome::Value(None) => Ok(ExitCode::SUCCESS),
        witgen_run::Outcome::Value(Some(value)) => talk.data(format!("{value}\n").as_bytes()),
    }
}

/// What the file and the options grant together; what is usual when there are neither.
#[cfg(feature = "run")]
pub(crate) fn grants(args: &args::Grants) -> witgen_diag::Result<Grants> {
    if args.grants.is_none() && args.grant.is_empty() {
        return Ok(witgen_run::usual_grants());
    }
    let mut grants = match &args.grants {
        Some(path) => grants_file(path)?,
        None => Grants::default(),
    };
    let mut findings = Vec::new();
    for text in &args.grant {
        match Grants::setting(text, Path::new("")) {
            Ok(more) => grants = grants.and(more),
            Err(error) => {
                let diagnostic = Diagnostic::error(Id::InvalidGrants, error.message);
                findings.push(error.help.into_iter().fold(diagnostic, Diagnostic::help));
            }
        }
    }
    if findings.is_empty() { Ok(grants) } else { Err(findings) }
}

#[cfg(feature = "run")]
fn grants_file(path: &Path) -> witgen_diag::Result<Grants> {
    let text = std::fs::read_to_string(path).map_err(|reason| {
        let (id, message) = match reason.kind() {
            std::io::ErrorKind::NotFound => (Id::MissingInput, "does not exist"),
            _ => (Id::Io, "cannot be read"),
        };
        Diagnostic::error(id, format!("`{}` {message}", path.display()))
            .in_path(path)
            .note(reason.to_string())
    })?;
    Grants::parse(&text, path.parent().unwrap_or(Path::new(""))).map_err(|error| {
        let diagnostic = Diagnostic::error(Id::InvalidGrants, error.message);
        let diagnostic = error.help.into_iter().fold(diagnostic, Diagnostic::help);
        let Some(range) = error.span else { return diagnostic.in_path(path).into() };
        let file = std::sync::Arc::new(SourceFile { name: path.display().to_string(), text });
        diagnostic.at(Span { file, range }, "").into()
    })
}

/// Says what is missing.
#[cfg(not(feature = "run"))]
pub(crate) fn run(_: &args::Run, _: &Talk) -> witgen_diag::Result<ExitCode> {
    Err(without_runner().into())
}

/// What a witgen without wasmtime says.
#[cfg(not(feature = "run"))]
pub(crate) fn without_runner() -> witgen_diag::Diagnostic {
    use witgen_diag::{Diagnostic, Id};
    Diagnostic::error(Id::MissingTool, "this witgen was built without its runner")
        .help("build it with the feature `run`: `cargo install witgen-cli --features run`")
}
