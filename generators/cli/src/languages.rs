//! `witgen languages`.

use std::fmt::Write;
use std::process::ExitCode;

use serde::Serialize;
use witgen_languages::{Feature, Language, Side, Support, facts};

use crate::args::Format;
use crate::talk::{self, Talk};

#[derive(Serialize)]
struct Document {
    version: u32,
    languages: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: &'static str,
    name: &'static str,
    support: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    side: &'static str,
    feature: &'static str,
    supported: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Prints the support table.
pub(crate) fn languages(talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let text = match talk.format() {
        Format::Json => json()?,
        Format::Text | Format::Concise | Format::Github | Format::Junit | Format::Html | Format::Toml => {
            table()
        }
    };
    talk.data(text.as_bytes())
}

fn json() -> witgen_diag::Result<String> {
    let languages = Language::ALL.into_iter().map(|language| Row {
        id: language.id(),
        name: &facts(language).name,
        support: Side::ALL.into_iter().flat_map(|side| cells(language, side)).collect(),
    });
    let document = Document { version: 1, languages: languages.collect() };
    let text = serde_json::to_string_pretty(&document).map_err(|reason| talk::internal(&reason))?;
    Ok(format!("{text}\n"))
}

fn cells(language: Language, side: Side) -> impl Iterator<Item = Cell> {
    Feature::ALL.iter().map(move |feature| {
        let support = facts(language).support(side, *feature);
        Cell {
            side: side.name(),
            feature: feature.name(),
            supported: support.is_yes(),
            reason: support.reason(),
        }
    })
}

/// A line per feature, a column per language and side.
fn table() -> String {
    let mut text = format!("{:<20}", "");
    for side in Side::ALL {
        for language in Language::ALL {
            let _ = write!(text, "{:<14}", format!("{language} {side}"));
        }
    }
    text = format!("{}\n", text.trim_end());
    for feature in Feature::ALL {
        let mut line = format!("{:<20}", feature.name());
        for side in Side::ALL {
            for language in Language::ALL {
                let mark = match facts(language).support(side, *feature) {
                    Support::Yes => "yes",
                    Support::No(_) => "-",
                };
                let _ = write!(line, "{mark:<14}");
            }
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
