//! Failures that are known: they run, and must fail as they are said to.

use std::sync::Arc;
use wildmatch::WildMatch;
use witgen_diag::{Diagnostic, Id, SourceFile, Span};

/// The lists of all languages.
#[derive(Debug, Default)]
pub(crate) struct KnownFailures {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Over `suite/case/importer:x/exporter:y/host:z`.
    case: WildMatch,
    /// Over what the case got.
    message: WildMatch,
    place: Span,
    used: bool,
}

/// What the lists say of a failed case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Unlisted,
    /// It fails as it should.
    Expected,
    /// It should fail with another message.
    OtherMessage(String),
}

impl KnownFailures {
    /// Adds a list: a line for each entry, `GLOB | MESSAGE GLOB | REASON`; `#` starts a comment.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> witgen_diag::Result<()> {
        let file = Arc::new(SourceFile { name: name.to_owned(), text: text.to_owned() });
        let mut findings = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let range = start..start + line.trim_end().len();
            start += line.len();
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = Span { file: Arc::clone(&file), range };
            match line.split(" | ").map(str::trim).collect::<Vec<_>>()[..] {
                [case, message, reason] if !reason.is_empty() => self.lines.push(Line {
                    case: WildMatch::new(case),
                    message: WildMatch::new(message),
                    place,
                    used: false,
                }),
                _ => findings.push(
                    Diagnostic::error(Id::InvalidVectors, "a known failure has three parts")
                        .at(place, "")
                        .help("CASE GLOB | MESSAGE GLOB | REASON"),
                ),
            }
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }

    /// What is said of a case that failed with `got`.
    pub(crate) fn judge(&mut self, case: &str, got: &str) -> Verdict {
        let mut verdict = Verdict::Unlisted;
        for line in self.lines.iter_mut().filter(|line| line.case.matches(case)) {
            line.used = true;
            if line.message.matches(got) {
                verdict = Verdict::Expected;
            } else if verdict == Verdict::Unlisted {
                verdict = Verdict::OtherMessage(line.message.to_string());
            }
        }
        verdict
    }

    /// Whether a case that passed is listed.
    pub(crate) fn lists(&mut self, case: &str) -> bool {
        let mut listed = false;
        for line in self.lines.iter_mut().filter(|line| line.case.matches(case)) {
            line.used = true;
            listed = true;
        }
        listed
    }

    /// The places of lines that no case matched.
    pub(crate) fn unused(&self) -> impl Iterator<Item = String> {
        let unused = self.lines.iter().filter(|line| !line.used);
        unused.map(|line| format!("{}:{}", line.place.file.name, line.place.line()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# A comment.\nintegers/*/importer:js/* | *got 5* | the engine rounds\n";

    #[test]
    fn listed_failure_is_expected_with_its_message_alone() {
        let mut known = KnownFailures::default();
        known.add("js.txt", LIST).unwrap();
        let case = "integers/t.u64[0].give/importer:js/exporter:go/host:wasmtime";
        assert_eq!(known.unused().count(), 1);
        assert_eq!(known.judge(case, "got 5, wanted 6"), Verdict::Expected);
        assert_eq!(known.judge(case, "trap"), Verdict::OtherMessage("*got 5*".to_owned()));
        assert_eq!(known.judge("other", "got 5"), Verdict::Unlisted);
        assert!(known.unused().next().is_none() && known.lists(case));
    }

    #[test]
    fn line_without_a_reason_is_refused_with_its_place() {
        let found = KnownFailures::default().add("js.txt", "\na | b\n").unwrap_err();
        assert_eq!(found[0].primary.as_ref().unwrap().span.line(), 2);
    }
}
