//! Doc comments.

use witgen_ir::{Docs, Stability};

/// The doc comment of an item with a line break at its end; nothing when there is nothing to say.
pub(crate) fn comment(indent: &str, docs: &Docs, stability: &Stability) -> String {
    with_tags(indent, docs, stability, &[])
}

/// The doc comment of a whole module.
pub(crate) fn module_comment(docs: &Docs, stability: &Stability) -> String {
    match docs {
        Some(_) => with_tags("", docs, stability, &["@module".to_owned()]),
        None => String::new(),
    }
}

/// A doc comment with `first` in front of the text.
pub(crate) fn comment_after(indent: &str, first: &str, docs: &Docs, stability: &Stability) -> String {
    let docs = match docs {
        Some(text) => format!("{first}\n\n{text}"),
        None => first.to_owned(),
    };
    with_tags(indent, &Some(docs), stability, &[])
}

fn with_tags(indent: &str, docs: &Docs, stability: &Stability, more: &[String]) -> String {
    let mut tags: Vec<String> = more.to_vec();
    tags.extend(stability.since.as_ref().map(|version| format!("@since {version}")));
    tags.extend(
        stability.unstable.as_ref().map(|feature| format!("@experimental Part of the feature `{feature}`.")),
    );
    tags.extend(stability.deprecated.as_ref().map(|version| format!("@deprecated Since {version}.")));
    let text = docs.as_deref().unwrap_or_default().trim();
    let mut lines: Vec<String> = text.lines().map(safe_line).collect();
    if !lines.is_empty() && !tags.is_empty() {
        lines.push(String::new());
    }
    lines.extend(tags);
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let body: String =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

/// A line of WIT docs that cannot end the comment, nor begin a tag of its own.
fn safe_line(line: &str) -> String {
    let line = line.trim_end().replace("*/", "*\\/");
    match line.trim_start().strip_prefix('@') {
        Some(rest) => format!("\\@{rest}"),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(docs: &str, stability: &Stability, expected: &str) {
        assert_eq!(comment("  ", &Some(docs.to_owned()), stability), expected);
    }

    #[test]
    fn text_cannot_end_the_comment_or_begin_a_tag() {
        check("a */ b", &Stability::default(), "  /** a *\\/ b */\n");
        check("a\n\n@type {x}", &Stability::default(), "  /**\n   * a\n   *\n   * \\@type {x}\n   */\n");
    }

    #[test]
    fn stability_becomes_tags_after_the_text() {
        let stability = Stability {
            since: Some("1.0.0".into()),
            deprecated: Some("1.2.0".into()),
            ..Stability::default()
        };
        check(
            "a",
            &stability,
            "  /**\n   * a\n   *\n   * @since 1.0.0\n   * @deprecated Since 1.2.0.\n   */\n",
        );
        assert_eq!(comment("", &None, &Stability::default()), "");
    }
}
