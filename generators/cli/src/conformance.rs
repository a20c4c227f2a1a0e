//! `witgen conformance`.

use std::process::ExitCode;

use crate::args;
use crate::talk::Talk;

/// Runs the suite, or joins the reports of its shards, and prints what came of it.
#[cfg(feature = "run")]
pub(crate) fn conformance(args: &args::Conformance, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    use crate::args::Format;

    let report = if args.merge.is_empty() {
        let progress = crate::progress::Progress::start("running the conformance suite".to_owned());
        let report = witgen_suite::run(&options(args)?, &|step| progress.say(step))?;
        drop(progress);
        report
    } else {
        merge(&args.merge)?
    };
    let text = match talk.format() {
        Format::Text | Format::Concise | Format::Github | Format::Toml => report.text(),
        Format::Json => report.json()?,
        Format::Junit => report.junit()?,
        Format::Html => report.html()?,
    };
    match &args.out {
        Some(path) => {
            crate::build::write_file(path, text.as_bytes())?;
            talk.detail(|| format!("{} {} bytes", path.display(), text.len()));
        }
        None => {
            talk.data(text.as_bytes())?;
        }
    }
    if talk.format() == Format::Github {
        crate::talk::say(&annotations(&report));
    }
    Ok(if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(feature = "run")]
fn options(args: &args::Conformance) -> witgen_diag::Result<witgen_suite::Options> {
    use witgen_diag::{Diagnostic, Id};
    use witgen_languages::Language;

    if args.vectors.is_empty() && !(args.wit.is_empty() && args.component.is_empty()) {
        return Err(Diagnostic::error(Id::Usage, "there are no vectors for the WIT")
            .help("give a vector file: --vectors my.toml")
            .into());
    }
    if args.wit.is_empty() && args.component.is_empty() && !args.vectors.is_empty() {
        return Err(Diagnostic::error(Id::Usage, "there is no WIT for the vectors")
            .help("give it: --wit my.wit")
            .into());
    }
    let chosen = |names: &[String]| match names {
        [] => Language::ALL.to_vec(),
        names => names.iter().filter_map(|name| Language::from_id(name)).collect(),
    };
    let mut components = Vec::new();
    for text in &args.component {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => {
                components.push((name.to_owned(), path.into()));
            }
            _ => {
                return Err(Diagnostic::error(Id::Usage, format!("`{text}` names no component"))
                    .help("write --component NAME=FILE")
                    .into());
            }
        }
    }
    Ok(witgen_suite::Options {
        wit: args.wit.clone(),
        vectors: args.vectors.clone(),
        components,
        importers: chosen(&args.importer),
        exporters: chosen(&args.exporter),
        hosts: match &args.host[..] {
            [] => witgen_suite::Host::all(),
            names => names.iter().filter_map(|name| witgen_suite::Host::from_name(name)).collect(),
        },
        filter: args.filter.clone(),
        shard: match &args.shard {
            Some(text) => Some(text.parse().map_err(|reason: String| Diagnostic::error(Id::Usage, reason))?),
            None => None,
        },
        keep: args.keep.clone(),
        strict: std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false"),
    })
}

#[cfg(feature = "run")]
fn merge(paths: &[std::path::PathBuf]) -> witgen_diag::Result<witgen_suite::report::Report> {
    use witgen_diag::{Diagnostic, Id};
    use witgen_suite::report::Report;

    let mut reports = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|reason| {
            Diagnostic::error(Id::MissingInput, format!("cannot read `{}`", path.display()))
                .in_path(path)
                .note(reason.to_string())
        })?;
        let report: Report = serde_json::from_str(&text).map_err(|reason| {
            Diagnostic::error(Id::InvalidConfig, format!("`{}` is no report", path.display()))
                .in_path(path)
                .note(reason.to_string())
                .help("make it with `witgen conformance --format json -o FILE`")
        })?;
        reports.push(report);
    }
    Report::merge(reports)
        .map_err(|reason| Diagnostic::error(Id::InvalidConfig, "the reports do not fit").note(reason).into())
}

/// An annotation of GitHub Actions for each failure.
#[cfg(feature = "run")]
fn annotations(report: &witgen_suite::report::Report) -> String {
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let line = |failure: &witgen_suite::report::Failure| {
        let text = format!("{}: expected {}, got {}", failure.case, failure.expected, failure.got);
        format!("::error title=conformance::{}\n", escaped(&text))
    };
    report.failures.iter().map(line).collect()
}

/// Says what is missing.
#[cfg(not(feature = "run"))]
pub(crate) fn conformance(_: &args::Conformance, _: &Talk) -> witgen_diag::Result<ExitCode> {
    Err(crate::run::without_runner().into())
}
