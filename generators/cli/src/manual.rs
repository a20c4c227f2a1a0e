//! `witgen man`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use witgen_diag::{Diagnostic, Id};

use crate::args::{self, Cli};
use crate::talk::{Talk, internal};

/// Prints the page of a command, or writes all pages.
pub(crate) fn man(args: &args::Man, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    // A page is named after its command, and `help` has none.
    let mut witgen = Cli::command().disable_help_subcommand(true);
    witgen.build();
    if let Some(folder) = &args.out {
        return write(witgen, folder, talk);
    }
    let Some(name) = &args.command else { return print(witgen, talk) };
    let names: Vec<String> = witgen.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    match witgen.find_subcommand(name) {
        Some(command) => print(command.clone(), talk),
        None => Err(Diagnostic::error(Id::Usage, format!("there is no command `{name}`"))
            .suggest(name, names.iter().map(String::as_str))
            .help("`witgen help` lists them all")
            .into()),
    }
}

fn print(command: Command, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text).map_err(|reason| internal(&reason))?;
    talk.data(&text)
}

fn write(witgen: Command, folder: &Path, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(witgen, folder));
    written.map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot write to `{}`", folder.display()))
            .in_path(folder)
            .note(reason.to_string())
    })?;
    talk.data(b"")
}
