//! A line for each diagnostic: `file:line:column: error[id]: message`.

use crate::Diagnostic;

use super::clean;
use super::place::{Places, subject};

pub(super) fn render(diagnostics: &[&Diagnostic]) -> String {
    let mut places = Places::default();
    diagnostics.iter().map(|diagnostic| line(diagnostic, &mut places)).collect()
}

fn line(diagnostic: &Diagnostic, places: &mut Places) -> String {
    let (file, place) = subject(diagnostic, places);
    let mut subject = String::new();
    if let Some(file) = file {
        subject = format!("{}:", clean::line(&file));
        if let Some(place) = place {
            subject += &format!("{}:{}:", place.line, place.column);
        }
        subject.push(' ');
    }
    let severity = diagnostic.severity;
    format!("{subject}{severity}[{}]: {}\n", diagnostic.id, clean::line(&diagnostic.message))
}
