//! `witgen compose`.

use std::fmt::Write;
use std::process::ExitCode;

use crate::args;
use crate::build::write_component;
use crate::talk::{Talk, say};

/// Composes components and lists the imports that stay open.
pub(crate) fn compose(args: &args::Compose, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let composition = witgen_build::compose::compose(&args.components)?;
    write_component(&args.out, &composition.bytes)?;
    talk.warn(&composition.warnings);
    for link in &composition.links {
        talk.detail(|| {
            format!("{} takes {} from {}", link.importer.display(), link.import, link.exporter.display())
        });
    }
    let mut listing = String::new();
    for open in composition.open.iter().filter(|open| !open.only_types) {
        let _ = writeln!(listing, "open      {}", open.name);
    }
    say(&listing);
    Ok(ExitCode::SUCCESS)
}
