//! Doc comments and attributes.

use witgen_ir::{Docs, Stability};

/// Doc comment and `#[deprecated]` of an item.
pub(crate) fn head(docs: &Docs, stability: &Stability) -> Vec<String> {
    let mut lines = comment(docs);
    lines.extend(deprecated(stability));
    lines
}

/// `#[deprecated]`, where WIT says so.
pub(crate) fn deprecated(stability: &Stability) -> Option<String> {
    stability.deprecated.as_ref().map(|version| format!("#[deprecated(since = {version:?})]"))
}

/// Whether there is anything to read.
pub(crate) fn has_text(docs: &Docs) -> bool {
    docs.as_ref().is_some_and(|docs| !docs.trim().is_empty())
}

/// The lines of a doc comment.
///
/// The text means the same to a reader of Markdown; what rustdoc and clippy would stumble over is laid out anew:
/// code that does not name its language is no Rust, tabs are spaces, and lines of a list item stand below it.
pub(crate) fn comment(docs: &Docs) -> Vec<String> {
    let Some(docs) = docs else { return Vec::new() };
    let mut lines = Vec::new();
    // Inside of a block of code; the column of the text of a list item.
    let (mut code, mut item) = (false, None);
    for line in docs.trim_end().lines() {
        let line = line.replace('\r', "").replace('\t', "    ");
        let (line, text) = (line.trim_end(), line.trim());
        let start = line.len() - line.trim_start().len();
        let fence = text.starts_with("```") || text.starts_with("~~~");
        let line = match (fence, code, item) {
            (true, false, _) if text.len() == 3 => format!("{line}text"),
            (false, false, Some(column)) if !text.is_empty() && marker(text).is_none() => {
                format!("{:column$}{text}", "")
            }
            _ => line.to_owned(),
        };
        code ^= fence;
        item = match marker(text) {
            _ if text.is_empty() || code || fence => None,
            Some(marker) => Some(start + marker),
            None => item,
        };
        lines.push(if line.is_empty() { "///".to_owned() } else { format!("/// {line}") });
    }
    lines
}

/// How far the text of a list item is from its start.
fn marker(text: &str) -> Option<usize> {
    let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let rest = &text[digits..];
    let is_marker = match digits {
        0 => ["- ", "* ", "+ "].iter().any(|marker| rest.starts_with(marker)),
        _ => rest.starts_with(". ") || rest.starts_with(") "),
    };
    is_marker.then_some(digits + 2)
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn markdown_is_laid_out_for_rustdoc() {
        let docs = "One:\n- first\ngoes on\n  2. second\n\n\ttab\n```\nx - y\n```\n```wit\nlist\n```\n";
        insta::assert_snapshot!(comment(&Some(docs.to_owned())).join("\n"), @"
        /// One:
        /// - first
        ///   goes on
        ///   2. second
        ///
        ///     tab
        /// ```text
        /// x - y
        /// ```
        /// ```wit
        /// list
        /// ```
        ");
        assert!(comment(&Some(" \n".to_owned())).is_empty());
    }
}
