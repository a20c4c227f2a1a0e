//! `witgen explain`.

use std::process::ExitCode;

use witgen_diag::{Diagnostic, Id};

use crate::talk::Talk;

/// Prints the page of a diagnostic, or the list of all.
pub(crate) fn explain(id: Option<&str>, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let Some(name) = id else {
        let names: Vec<&str> = Id::ALL.iter().map(|id| id.name()).collect();
        return talk.data(format!("{}\n", names.join("\n")).as_bytes());
    };
    match Id::from_name(name) {
        Some(id) => talk.data(id.explanation().as_bytes()),
        None => Err(Diagnostic::error(Id::Usage, format!("there is no diagnostic `{name}`"))
            .suggest(name, Id::ALL.iter().map(|id| id.name()))
            .help("`witgen explain` lists them all")
            .into()),
    }
}
