//! `witgen doctor`.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use serde::Serialize;
use witgen_build::Tools;
use witgen_languages::{Language, Tool, facts};

use crate::args::Format;
use crate::talk::{self, Talk};

#[derive(Serialize)]
struct Document {
    version: u32,
    tools: Vec<Row>,
}

/// One tool, or one target of a compiler.
#[derive(Serialize)]
struct Row {
    language: &'static str,
    tool: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<&'static str>,
    fine: bool,
    /// What to type to get it.
    #[serde(skip_serializing_if = "Option::is_none")]
    install: Option<String>,
}

/// Lists the tools that components are built with; one that is missing or too old is a finding.
pub(crate) fn doctor(talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let tools: Vec<Row> = Language::ALL.into_iter().flat_map(rows).collect();
    let code = ExitCode::from(u8::from(tools.iter().any(|row| !row.fine)));
    let text = match talk.format() {
        Format::Json => {
            let document = Document { version: 1, tools };
            let text = serde_json::to_string_pretty(&document).map_err(|reason| talk::internal(&reason))?;
            format!("{text}\n")
        }
        _ => table(&tools),
    };
    talk.data(text.as_bytes()).map(|_| code)
}

fn rows(language: Language) -> Vec<Row> {
    let toolchain = &facts(language).toolchain;
    let mut rows: Vec<Row> = toolchain.tools.iter().map(|tool| row(language, tool)).collect();
    rows.extend(toolchain.targets.iter().map(|target| {
        let fine = has_target(target);
        let install = toolchain.install_target.as_ref().map(|command| format!("{command} {target}"));
        Row {
            language: language.id(),
            tool: target,
            path: None,
            version: None,
            minimum: None,
            fine,
            install: install.filter(|_| !fine),
        }
    }));
    rows
}

fn row(language: Language, tool: &'static Tool) -> Row {
    let path = Tools::new().find(language, &tool.name).ok().map(|found| found.path);
    let version = path.as_deref().and_then(|path| version(path, &tool.version_args));
    let is_new = match (&version, &tool.minimum) {
        (Some(version), Some(minimum)) => is_at_least(version, minimum),
        // What cannot be asked is taken as it is.
        (None, Some(_)) => tool.version_args.is_empty(),
        (_, None) => true,
    };
    let fine = path.is_some() && is_new;
    Row {
        language: language.id(),
        tool: &tool.name,
        path: path.map(|path| path.display().to_string()),
        version,
        minimum: tool.minimum.as_deref(),
        fine,
        install: (!fine).then(|| tool.install.clone()),
    }
}

/// The first number with dots that a tool prints about itself.
fn version(path: &Path, words: &[String]) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    let output = Command::new(path).args(words).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    let digits = |word: &str| word.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
    text.split_whitespace().map(digits).find(|word| is_version(&word.as_str()))
}

/// Compares number by number; what follows the numbers does not count.
fn is_at_least(version: &str, minimum: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.')
            .map_while(|part| {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                part.get(..digits)?.parse().ok()
            })
            .collect()
    };
    numbers(version) >= numbers(minimum)
}

/// Whether the standard library for a target is there.
fn has_target(target: &str) -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output();
    let Ok(output) = asked else { return false };
    let folder = String::from_utf8_lossy(&output.stdout);
    output.status.success() && Path::new(folder.trim()).is_dir()
}

fn table(rows: &[Row]) -> String {
    let width = |cell: fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or_default();
    let (tools, versions) =
        (width(|row| row.tool.len()), width(|row| row.version.as_deref().unwrap_or("found").len()));
    let mut text = String::new();
    for row in rows {
        let Row { language, tool, path, version, minimum, fine, install } = row;
        let found = match (version, path) {
            (Some(version), _) => version.as_str(),
            (None, Some(_)) => "found",
            (None, None) if *fine => "found",
            (None, None) => "missing",
        };
        let mut line = format!("{language:<7} {tool:<tools$}  {found:<versions$}");
        if let Some(path) = path {
            line += &format!("  {path}");
        }
        text += &format!("{}\n", line.trim_end());
        if !fine {
            let needs = minimum.map(|minimum| format!("{minimum} or newer; ")).unwrap_or_default();
            let install = install.as_deref().unwrap_or_default();
            text += &format!("{:<7}   needs {needs}install it: {install}\n", "");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::is_at_least;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_at_least("1.95.0", "1.95"));
        assert!(is_at_least("3.11.7", "3.9"));
        assert!(is_at_least("0.25.1", "0.25.1"));
        assert!(is_at_least("1.96.0-nightly", "1.95.0"));
        assert!(!is_at_least("0.25.0", "0.25.1"));
        assert!(!is_at_least("1.9", "1.10"));
    }
}
