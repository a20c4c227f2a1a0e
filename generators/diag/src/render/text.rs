//! With source and caret, in the look that users of rustc know.

use annotate_snippets::{Element, Group, Level, Origin, Renderer};

use crate::{Diagnostic, Severity};

use super::clean;
use super::place::Places;
use super::snippet::Sources;

pub(super) fn render(diagnostics: &[&Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut places = Places::default();
    let reports: Vec<String> =
        diagnostics.iter().map(|diagnostic| report(diagnostic, &renderer, color, &mut places)).collect();
    reports.join("\n")
}

fn report(diagnostic: &Diagnostic, renderer: &Renderer, color: bool, places: &mut Places) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(clean::lines(&diagnostic.message)).id(diagnostic.id.name());
    let mut sources = Sources::new(diagnostic, places);
    let mut group = Group::with_title(title).elements(std::mem::take(&mut sources.snippets));
    if let (None, Some(path)) = (&diagnostic.primary, &diagnostic.path) {
        group = group.element(Origin::path(clean::line(&path.to_string_lossy()).into_owned()));
        if has_messages(diagnostic) {
            group = group.element(annotate_snippets::Padding);
        }
    }
    group = group.elements(diagnostic.notes.iter().map(|note| message(Level::NOTE, note)));
    let Some(output) = &diagnostic.output else {
        group = group.elements(diagnostic.helps.iter().map(|help| message(Level::HELP, help)));
        return lines_of(&sources.correct(renderer.render(&[group])));
    };
    let mut text = lines_of(&sources.correct(renderer.render(&[group]))) + "\n";
    text += &indented(&clean::output(output));
    // Below a long output the help would be out of sight if it stood above it.
    if !diagnostic.helps.is_empty() {
        text.push('\n');
    }
    for help in &diagnostic.helps {
        text += &footer(help, color);
    }
    text
}

fn has_messages(diagnostic: &Diagnostic) -> bool {
    !diagnostic.notes.is_empty() || (diagnostic.output.is_none() && !diagnostic.helps.is_empty())
}

fn message(level: Level<'static>, text: &str) -> Element<'static> {
    level.message(clean::lines(text)).into()
}

fn indented(output: &str) -> String {
    let mut text = String::new();
    for line in output.lines() {
        if !line.trim().is_empty() {
            text.push_str("    ");
            text.push_str(line.trim_end());
        }
        text.push('\n');
    }
    text
}

fn footer(help: &str, color: bool) -> String {
    let style = if color { annotate_snippets::renderer::DEFAULT_HELP_STYLE } else { Default::default() };
    let cleaned = clean::lines(help);
    let mut lines = cleaned.lines();
    let first = lines.next().unwrap_or_default();
    let mut text = format!("{style}help{style:#}: {first}\n");
    for line in lines {
        text += format!("      {line}").trim_end();
        text.push('\n');
    }
    text
}

/// `rendered` without trailing spaces and with a line break at its end.
fn lines_of(rendered: &str) -> String {
    rendered.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
