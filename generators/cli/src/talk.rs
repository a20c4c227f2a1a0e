//! The two streams: data on stdout, talk on stderr.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use witgen_diag::{Diagnostic, Id, RenderOptions, exit_code, render};
use witgen_emit::{Change, Report};

use crate::args::{Format, Output, Verb, When};

/// Prints for one run.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    format: Format,
    color: bool,
    verbose: bool,
}

impl Talk {
    pub(crate) fn new(output: &Output) -> Self {
        let color = match output.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                std::io::stderr().is_terminal() && !forbidden
            }
        };
        Self { format: output.format, color, verbose: output.verbose }
    }

    /// What the user asked to see.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Refuses the formats of reports where there is no report.
    pub(crate) fn refuse_reports(&self, verb: &Verb) -> witgen_diag::Result<()> {
        let (message, fine) = match self.format {
            Format::Junit | Format::Html => {
                let message = "only `witgen conformance` has reports in this format";
                (message, matches!(verb, Verb::Conformance(_)))
            }
            Format::Toml => {
                let message = "only `witgen inspect --needs` prints this format";
                (message, matches!(verb, Verb::Inspect(args) if args.needs))
            }
            _ => return Ok(()),
        };
        if fine {
            return Ok(());
        }
        Err(Diagnostic::error(Id::Usage, message).help("use `text`, `concise`, `json` or `github`").into())
    }

    /// Prints findings and returns the exit code that they lead to.
    pub(crate) fn report(&self, findings: &[Diagnostic]) -> ExitCode {
        let format = match self.format {
            Format::Text | Format::Junit | Format::Html | Format::Toml => witgen_diag::Format::Text,
            Format::Concise => witgen_diag::Format::Concise,
            Format::Json => witgen_diag::Format::Json,
            Format::Github => witgen_diag::Format::Github,
        };
        say(&render(findings, RenderOptions { format, color: self.color }));
        ExitCode::from(exit_code(findings))
    }

    /// Prints warnings, if any.
    pub(crate) fn warn(&self, warnings: &[Diagnostic]) {
        if !warnings.is_empty() {
            self.report(warnings);
        }
    }

    /// Prints data. A reader that went away ends the run quietly.
    pub(crate) fn data(&self, bytes: &[u8]) -> witgen_diag::Result<ExitCode> {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(reason) if reason.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            Err(reason) => Err(Diagnostic::error(Id::Io, "cannot write to standard output")
                .note(reason.to_string())
                .into()),
        }
    }

    /// Lists files under `-v`.
    pub(crate) fn files(&self, dir: &Path, report: &Report) {
        self.warn(&report.warnings);
        if self.verbose {
            say(&listing(dir, report));
        }
    }

    /// Says one line under `-v`.
    pub(crate) fn detail(&self, line: impl FnOnce() -> String) {
        if self.verbose {
            say(&format!("{}\n", line()));
        }
    }
}

/// A line per file: what happens to it, and its path.
pub(crate) fn listing(dir: &Path, report: &Report) -> String {
    let line = |(path, change): (&String, &Change)| format!("{change:<9} {}\n", dir.join(path).display());
    report.files.iter().map(line).collect()
}

/// What a failed writer of our own is reported as.
pub(crate) fn internal(reason: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Id::Internal, "cannot make the text").note(reason.to_string())
}

/// Prints a usage error, a help text or the version.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let text = match wanted_color(std::env::args()) {
        Some(true) => Some(error.render().ansi().to_string()),
        Some(false) => Some(error.render().to_string()),
        None => None,
    };
    // Nothing is left to do when the terminal has gone away.
    let _ = match text {
        None => error.print(),
        Some(text) if error.use_stderr() => std::io::stderr().write_all(text.as_bytes()),
        Some(text) => std::io::stdout().write_all(text.as_bytes()),
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// What `--color` says in a command line that was not understood; none for `auto`.
fn wanted_color(words: impl Iterator<Item = String>) -> Option<bool> {
    let mut words = words.skip(1).take_while(|word| word != "--");
    let mut wanted = None;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        wanted = match value.as_deref() {
            Some("always") => Some(true),
            Some("never") => Some(false),
            Some("auto") => None,
            _ => wanted,
        };
    }
    wanted
}

/// Prints talk.
pub(crate) fn say(text: &str) {
    let _ = anstream::AutoStream::always(std::io::stderr()).write_all(text.as_bytes());
}
