//! Doc comments and attributes.

use witgen_ir::{Docs, Stability};

/// Doc comment and `#[deprecated]` of an item.
pub(crate) fn head(docs: &Docs, stability: &Stability) -> Vec<String> {
    let mut lines = comment(docs);
    if let Some(version) = &stability.deprecated {
        lines.push(format!("#[deprecated(since = {version:?})]"));
    }
    lines
}

/// The lines of a doc comment.
pub(crate) fn comment(docs: &Docs) -> Vec<String> {
    let Some(docs) = docs else { return Vec::new() };
    let lines = docs.trim_end().lines().map(|line| match line.trim_end() {
        "" => "///".to_owned(),
        line => format!("/// {}", line.replace('\r', "")),
    });
    lines.collect()
}
