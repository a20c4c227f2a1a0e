//! WIT doc comments, which are Markdown, as Go doc comments in the form that gofmt leaves alone.

use witgen_ir::Stability;

/// The lines of a doc comment, each with `//`.
pub(crate) fn comment(docs: Option<&str>, stability: &Stability) -> Vec<String> {
    let mut blocks = docs.map(blocks).unwrap_or_default();
    if let Some(version) = &stability.deprecated {
        blocks.push(vec![format!("Deprecated: since {version}.")]);
    }
    unindent(&mut blocks);
    lines(&blocks)
}

/// gofmt takes away the indentation that all lines share, which leaves text of lists and code.
fn unindent(blocks: &mut [Vec<String>]) {
    if blocks.iter().flatten().all(|line| line.starts_with([' ', '\t'])) {
        for line in blocks.iter_mut().flatten() {
            *line = line.trim_start().to_owned();
        }
    }
}

/// The comment of a package: a sentence of ours, then what WIT says.
pub(crate) fn package_comment(
    first: &str,
    docs: Option<&str>,
    stability: &Stability,
    more: &[String],
) -> Vec<String> {
    let mut all = vec![vec![first.to_owned()]];
    all.extend(docs.map(blocks).unwrap_or_default());
    all.extend(more.iter().map(|text| text.split('\n').map(str::to_owned).collect()));
    if let Some(version) = &stability.deprecated {
        all.push(vec![format!("Deprecated: since {version}.")]);
    }
    lines(&all)
}

/// The lines of a comment as a text that ends with a line break, or is empty.
pub(crate) fn paragraph(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn lines(blocks: &[Vec<String>]) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            lines.push("//".to_owned());
        }
        lines.extend(block.iter().map(|line| match line.strip_prefix('\t') {
            Some(code) => format!("//\t{code}"),
            None => format!("// {line}"),
        }));
    }
    lines
}

/// Paragraphs, headings, lists and code, with what gofmt would rewrite written its way.
fn blocks(docs: &str) -> Vec<Vec<String>> {
    let mut blocks = Blocks::default();
    for line in docs.lines() {
        // Go allows a byte order mark at the start of a file alone.
        blocks.line(&line.replace('\u{feff}', ""));
    }
    blocks.end();
    let last = blocks.done.len().saturating_sub(1);
    for (index, block) in blocks.done.iter_mut().enumerate() {
        // A short line between others would become a heading.
        let is_short = block.len() == 1 && index > 0 && index < last;
        if is_short && block[0].starts_with(char::is_uppercase) && block[0].ends_with(char::is_alphanumeric) {
            block[0].push('.');
        }
    }
    blocks.done
}

#[derive(Default)]
struct Blocks {
    done: Vec<Vec<String>>,
    open: Vec<String>,
    in_list: bool,
    in_code: bool,
}

impl Blocks {
    fn end(&mut self) {
        if !self.open.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        self.in_list = false;
    }

    fn line(&mut self, raw: &str) {
        let line = raw.trim();
        if line.starts_with("```") {
            self.end();
            self.in_code = !self.in_code;
        } else if self.in_code {
            self.code(raw.trim_end());
        } else if line.is_empty() {
            self.end();
        } else if let Some(title) = heading(line) {
            self.end();
            self.done.push(vec![format!("# {}", quotes(title))]);
        } else if let Some(item) = list_item(line) {
            if !self.in_list {
                self.end();
            }
            self.in_list = true;
            self.open.push(format!("  - {}", quotes(item)));
        } else if self.in_list {
            self.open.push(format!("    {}", quotes(line)));
        } else {
            self.open.push(quotes(&plain(line)));
        }
    }

    fn code(&mut self, line: &str) {
        // Blank lines at either end of code are not kept by gofmt; inside they have no indentation.
        if line.trim().is_empty() {
            self.end();
        } else {
            self.open.push(format!("\t{}", line.replace('\t', "    ")));
        }
    }
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let title = (title.len() < line.len()).then(|| title.strip_prefix(' '))??.trim();
    (!title.is_empty()).then_some(title)
}

fn list_item(line: &str) -> Option<&str> {
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark))?.trim();
    (!item.is_empty()).then_some(item)
}

/// A paragraph line that is nothing more to gofmt: no definition of a link, heading or build constraint.
fn plain(line: &str) -> String {
    let line = match line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
        Some((name, target)) => format!("{name}: {target}"),
        None => line.to_owned(),
    };
    // staticcheck takes it for a directive with a space too many.
    let line = match line.strip_prefix("go:") {
        Some(rest) => format!("go: {}", rest.trim_start()),
        None => line,
    };
    // A build constraint of the old form would be moved to the top of the file.
    match line.starts_with("#") || line.starts_with("+build") {
        true => line.trim_start_matches(['#', '+']).trim().to_owned(),
        false => line,
    }
}

/// gofmt turns two backticks and two apostrophes into typographic quotes, but leaves longer runs of backticks.
fn quotes(text: &str) -> String {
    let mut quoted = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let (before, run) = rest.split_at(start);
        let after = run.trim_start_matches('`');
        let run = &run[..run.len() - after.len()];
        quoted.push_str(before);
        quoted.push_str(if run.len() == 2 { "\u{201c}" } else { run });
        rest = after;
    }
    quoted.push_str(rest);
    quoted.replace("''", "\u{201d}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(docs: &str, expected: &[&str]) {
        assert_eq!(comment(Some(docs), &Stability::default()), expected);
    }

    #[test]
    fn lists_and_headings_have_the_form_of_gofmt() {
        check(
            "One:\n- a\n  b\n* c\n\n## More\ntext",
            &["// One:", "//", "//   - a", "//     b", "//   - c", "//", "// # More", "//", "// text"],
        );
    }

    #[test]
    fn comment_of_one_list_is_not_indented() {
        check("- a\n  b\n- c", &["// - a", "// b", "// - c"]);
        check("```\nx\n  y\n```", &["// x", "// y"]);
    }

    #[test]
    fn two_backticks_are_a_quote_and_three_are_not() {
        check("``a'' ```b``` `c`", &["// \u{201c}a\u{201d} ```b``` `c`"]);
    }

    #[test]
    fn byte_order_mark_is_left_out() {
        check("a\u{feff}b", &["// ab"]);
    }

    #[test]
    fn comment_ends_do_not_matter() {
        check("a */ b `x` \"\"\"", &["// a */ b `x` \"\"\""]);
    }

    #[test]
    fn deprecation_is_a_paragraph_of_its_own() {
        let stability = Stability { deprecated: Some("0.2.1".to_owned()), ..Stability::default() };
        assert_eq!(comment(Some("Old."), &stability), ["// Old.", "//", "// Deprecated: since 0.2.1."]);
    }

    #[test]
    fn short_paragraph_does_not_become_a_heading() {
        check("a\n\nShort\n\nb", &["// a", "//", "// Short.", "//", "// b"]);
    }
}
