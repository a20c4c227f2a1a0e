//! WIT doc comments, which are Markdown, as Go doc comments in the form that gofmt leaves alone.
//!
//! gofmt reads a comment by the rules of [`go/doc/comment`](https://go.dev/doc/comment) and prints it anew.
//! So texts become blocks first, blocks that it would take for something else become others, and the rest is layout.

use witgen_ir::Stability;

/// The lines of a doc comment, each with `//`.
pub(crate) fn comment(docs: Option<&str>, stability: &Stability) -> Vec<String> {
    let mut blocks = docs.map(read).unwrap_or_default();
    blocks.extend(deprecation(stability));
    lines(blocks)
}

/// The comment of a declaration: what WIT says, or `otherwise` where it says nothing, and then `more`.
pub(crate) fn comment_or(
    otherwise: &str,
    docs: Option<&str>,
    more: Option<String>,
    stability: &Stability,
) -> Vec<String> {
    let mut blocks = docs.map(read).unwrap_or_default();
    // Go's tools take a comment that begins with a deprecation for none.
    let says_nothing = match blocks.first() {
        Some(Block::Paragraph(lines)) => lines.first().is_some_and(|line| line.starts_with("Deprecated: ")),
        Some(_) => false,
        None => true,
    };
    if says_nothing {
        blocks.insert(0, Block::text(otherwise));
    }
    blocks.extend(more.as_deref().map(Block::text));
    blocks.extend(deprecation(stability));
    lines(blocks)
}

/// The comment of a package: a sentence of ours, then what WIT says, and then `more`.
pub(crate) fn package_comment(
    first: &str,
    docs: Option<&str>,
    more: Vec<Block>,
    stability: &Stability,
) -> Vec<String> {
    let mut blocks = vec![Block::text(first)];
    blocks.extend(docs.map(read).unwrap_or_default());
    blocks.extend(more);
    blocks.extend(deprecation(stability));
    lines(blocks)
}

/// The lines of a comment as a text that ends with a line break, or is empty.
pub(crate) fn paragraph(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn deprecation(stability: &Stability) -> Option<Block> {
    let version = stability.deprecated.as_ref()?;
    Some(Block::text(&format!("Deprecated: since {version}.")))
}

/// What gofmt takes a comment apart into. Between any two of them is a blank line.
pub(crate) enum Block {
    Paragraph(Vec<String>),
    Heading(String),
    List(Vec<Item>),
    /// Blank lines are empty.
    Code(Vec<String>),
}

/// An item of a list.
pub(crate) struct Item {
    /// Of an item of a list without numbers, nothing.
    number: String,
    lines: Vec<String>,
}

impl Block {
    /// A paragraph of these lines.
    pub(crate) fn text(lines: &str) -> Self {
        Self::Paragraph(lines.split('\n').map(str::to_owned).collect())
    }

    fn is_indented(&self) -> bool {
        matches!(self, Block::List(_) | Block::Code(_))
    }

    /// The same text without indentation.
    fn into_paragraphs(self) -> Vec<Block> {
        match self {
            Block::List(items) => {
                let lines = items.into_iter().flat_map(|item| {
                    let mark =
                        if item.number.is_empty() { "-".to_owned() } else { format!("{}.", item.number) };
                    item.lines.into_iter().enumerate().map(move |(index, line)| match index {
                        0 => format!("{mark} {line}"),
                        _ => line,
                    })
                });
                vec![Block::Paragraph(lines.collect())]
            }
            Block::Code(lines) => {
                let parts = lines.split(String::is_empty).filter(|part| !part.is_empty());
                let trimmed = |part: &[String]| part.iter().map(|line| quotes(line.trim())).collect();
                parts.map(|part| Block::Paragraph(trimmed(part))).collect()
            }
            block => vec![block],
        }
    }

    fn lines(self) -> Vec<String> {
        match self {
            Block::Paragraph(lines) => lines.into_iter().map(|line| format!("// {line}")).collect(),
            Block::Heading(title) => vec![format!("// # {title}")],
            Block::List(items) => items.into_iter().flat_map(Item::written).collect(),
            Block::Code(lines) => {
                let line =
                    |line: String| if line.is_empty() { "//".to_owned() } else { format!("//\t{line}") };
                lines.into_iter().map(line).collect()
            }
        }
    }
}

impl Item {
    fn written(self) -> impl Iterator<Item = String> {
        let mark = if self.number.is_empty() { "  -".to_owned() } else { format!(" {}.", self.number) };
        self.lines.into_iter().enumerate().map(move |(index, line)| match index {
            0 => format!("// {mark} {line}"),
            _ => format!("//     {line}"),
        })
    }
}

fn lines(blocks: Vec<Block>) -> Vec<String> {
    let mut lines = Vec::new();
    for block in plain(settled(blocks)) {
        if !lines.is_empty() {
            lines.push("//".to_owned());
        }
        lines.extend(block.lines());
    }
    lines
}

/// Blocks that stay what they are when gofmt reads them.
///
/// It takes indented lines together up to the next text without indentation, for a list when the first of them is an
/// item and for code otherwise; and it takes away the indentation that all lines of a comment share.
fn settled(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::new();
    for block in blocks {
        match (joined.last_mut(), block) {
            (Some(Block::Code(first)), Block::Code(second)) => {
                first.push(String::new());
                first.extend(second);
            }
            (Some(Block::List(first)), Block::List(second))
                if first.iter().all(|item| item.number.is_empty())
                    == second.iter().all(|item| item.number.is_empty()) =>
            {
                first.extend(second);
            }
            (_, block) => joined.push(block),
        }
    }
    if joined.iter().all(Block::is_indented) {
        return joined.into_iter().flat_map(Block::into_paragraphs).collect();
    }
    let mut settled: Vec<Block> = Vec::new();
    let mut blocks = joined.into_iter().peekable();
    while let Some(block) = blocks.next() {
        let follows = settled.last().is_some_and(Block::is_indented);
        let stays = match &block {
            // Code has more to lose than a list.
            Block::List(_) => !follows && !matches!(blocks.peek(), Some(Block::Code(_))),
            Block::Code(lines) => !follows && lines.first().is_some_and(|line| list_item(line).is_none()),
            Block::Paragraph(_) | Block::Heading(_) => true,
        };
        if stays {
            settled.push(without_indentation(block));
        } else {
            settled.extend(block.into_paragraphs());
        }
    }
    settled
}

/// Code without the spaces that all of its lines begin with.
fn without_indentation(block: Block) -> Block {
    let Block::Code(lines) = block else { return block };
    let depth = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let shared = lines.iter().filter(|line| !line.is_empty()).map(depth).min().unwrap_or_default();
    Block::Code(lines.iter().map(|line| line.get(shared..).unwrap_or_default().to_owned()).collect())
}

/// Lines that are nothing more than text: no definitions of links, headings or build constraints.
fn plain(mut blocks: Vec<Block>) -> Vec<Block> {
    for block in &mut blocks {
        match block {
            Block::Paragraph(lines) => plain_lines(lines),
            Block::List(items) => items.iter_mut().for_each(|item| plain_lines(&mut item.lines)),
            Block::Code(lines) => lines.iter_mut().for_each(|line| *line = without_directive(line)),
            Block::Heading(_) => {}
        }
    }
    for index in 1..blocks.len().saturating_sub(1) {
        let is_followed = !blocks[index + 1].is_indented();
        if let Block::Paragraph(lines) = &mut blocks[index]
            && let [line] = lines.as_mut_slice()
            && is_followed
            && is_old_heading(line)
        {
            line.push('.');
        }
    }
    blocks
}

fn plain_lines(lines: &mut [String]) {
    if lines.iter().all(|line| link_definition(line).is_some()) {
        for line in &mut *lines {
            *line = link_definition(line).unwrap_or_default();
        }
    }
    if let [line] = lines
        && let Some(title) = heading(line)
    {
        *line = title.to_owned();
    }
    for line in lines {
        *line = without_directive(line);
    }
}

/// A line that neither go vet nor staticcheck takes for an instruction to the compiler.
fn without_directive(line: &str) -> String {
    let text = line.trim_start();
    let indentation = &line[..line.len() - text.len()];
    if text.starts_with("+build") {
        return format!("{indentation}{}", text.trim_start_matches('+'));
    }
    match text.strip_prefix("go:") {
        Some(rest) => format!("{indentation}go: {}", rest.trim_start()).trim_end().to_owned(),
        None => line.to_owned(),
    }
}

/// `name: target` for `[name]: target`, which gofmt would move to the end of the comment.
fn link_definition(line: &str) -> Option<String> {
    const SCHEMES: [&str; 7] = ["file", "ftp", "gopher", "http", "https", "mailto", "nntp"];
    let (name, target) = line.strip_prefix('[')?.split_once("]:")?;
    let target = target.strip_prefix([' ', '\t'])?.trim();
    let (scheme, _) = target.split_once("://")?;
    SCHEMES.contains(&scheme).then(|| format!("{}: {target}", name.trim()))
}

/// Whether a line between blank ones would become a heading, as in comments of the time before `#`.
fn is_old_heading(line: &str) -> bool {
    line.starts_with(char::is_uppercase)
        && line.ends_with(char::is_alphanumeric)
        && !line.contains(|letter| ";:!?+*/=[]{}_^°&§~%#@<\">\\".contains(letter))
}

/// Takes Markdown apart.
fn read(docs: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for line in docs.lines() {
        // Go allows a byte order mark at the start of a file alone.
        reader.line(&line.replace('\u{feff}', ""));
    }
    reader.end();
    reader.done
}

#[derive(Default)]
struct Reader {
    done: Vec<Block>,
    open: Option<Block>,
    in_code: bool,
}

impl Reader {
    fn end(&mut self) {
        self.done.extend(self.open.take());
    }

    fn line(&mut self, raw: &str) {
        let line = raw.trim();
        if line.starts_with("```") {
            self.end();
            self.in_code = !self.in_code;
        } else if line.is_empty() {
            self.end();
        } else if self.in_code {
            let line = raw.trim_end().replace('\t', "    ");
            match &mut self.open {
                Some(Block::Code(lines)) => lines.push(line),
                _ => self.open = Some(Block::Code(vec![line])),
            }
        } else if let Some(title) = heading(line) {
            self.end();
            self.done.push(Block::Heading(quotes(title)));
        } else {
            self.text(line);
        }
    }

    /// A line of a paragraph or list.
    fn text(&mut self, line: &str) {
        let item = list_item(line).map(|(number, text)| (number.to_owned(), quotes(text)));
        match (&mut self.open, item) {
            (Some(Block::List(items)), item) => {
                let has_numbers = items.iter().any(|item| !item.number.is_empty());
                match item {
                    Some((number, text)) if number.is_empty() != has_numbers => {
                        items.push(Item { number, lines: vec![text] });
                    }
                    _ => items.iter_mut().last().into_iter().for_each(|item| item.lines.push(quotes(line))),
                }
            }
            // A line of a paragraph may begin with a number; the items of a list after it begin with one.
            (Some(Block::Paragraph(lines)), None) => lines.push(quotes(line)),
            (Some(Block::Paragraph(lines)), Some((number, _))) if !["", "1"].contains(&number.as_str()) => {
                lines.push(quotes(line));
            }
            (_, Some((number, text))) => {
                self.end();
                self.open = Some(Block::List(vec![Item { number, lines: vec![text] }]));
            }
            (_, None) => {
                self.end();
                self.open = Some(Block::Paragraph(vec![quotes(line)]));
            }
        }
    }
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let title = (title.len() < line.len()).then(|| title.strip_prefix([' ', '\t']))??.trim();
    (!title.is_empty()).then_some(title)
}

/// The number of an item, if it has one, and its text.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (number, rest) = match line.strip_prefix(['-', '*', '+', '\u{2022}']) {
        Some(rest) => ("", rest),
        None => {
            let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let number = &line[..line.len() - rest.len()];
            (!number.is_empty()).then(|| rest.strip_prefix(['.', ')']))?.map(|rest| (number, rest))?
        }
    };
    let text = rest.strip_prefix([' ', '\t'])?.trim();
    (!text.is_empty()).then_some((number, text))
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
        check("a\n\nIs: short\n\nb", &["// a", "//", "// Is: short", "//", "// b"]);
        check("a\n\nShort\n\n- b", &["// a", "//", "// Short", "//", "//   - b"]);
    }

    #[test]
    fn last_paragraph_before_the_deprecation_does_not_become_a_heading() {
        let stability = Stability { deprecated: Some("0.2.1".to_owned()), ..Stability::default() };
        let expected = ["// a", "//", "// Short.", "//", "// Deprecated: since 0.2.1."];
        assert_eq!(comment(Some("a\n\nShort"), &stability), expected);
    }

    #[test]
    fn declaration_that_wit_says_nothing_of_has_a_sentence() {
        let stability = Stability { deprecated: Some("0.2.1".to_owned()), ..Stability::default() };
        let told = |docs, more: Option<&str>| {
            comment_or("A is.", docs, more.map(str::to_owned), &stability).join("\n").replace("// ", "")
        };
        assert_eq!(told(None, None), "A is.\n//\nDeprecated: since 0.2.1.");
        assert_eq!(told(Some("```\n```"), Some("More.")), "A is.\n//\nMore.\n//\nDeprecated: since 0.2.1.");
        assert_eq!(told(Some("Old."), Some("More.")), "Old.\n//\nMore.\n//\nDeprecated: since 0.2.1.");
        assert!(told(Some("Deprecated: use b."), None).starts_with("A is.\n//\nDeprecated: use b.\n"));
    }

    #[test]
    fn lists_with_numbers_keep_them() {
        check("One:\n1. a\n   b\n10) c", &["// One:", "//", "//  1. a", "//     b", "//  10. c"]);
        check("In the year\n2020. Then", &["// In the year", "// 2020. Then"]);
    }

    #[test]
    fn lists_with_blank_lines_between_are_one() {
        check("One:\n\n- a\n\n+\tb", &["// One:", "//", "//   - a", "//   - b"]);
    }

    #[test]
    fn list_beside_code_is_a_paragraph() {
        check(
            "One:\n- a\n```\n  x\n    y\n```\n- b",
            &["// One:", "//", "// - a", "//", "//\tx", "//\t  y", "//", "// - b"],
        );
    }

    #[test]
    fn list_beside_a_list_of_the_other_kind_is_a_paragraph() {
        check("One:\n- a\n\n1. b", &["// One:", "//", "//   - a", "//", "// 1. b"]);
    }

    #[test]
    fn code_that_begins_like_a_list_is_text() {
        check("One:\n```\n- x\n  y\n```", &["// One:", "//", "// - x", "// y"]);
    }

    #[test]
    fn code_after_code_is_one_piece() {
        check("One:\n```\n  x\n```\n```\n    y\n```", &["// One:", "//", "//\tx", "//", "//\t  y"]);
    }

    #[test]
    fn definitions_of_links_are_text() {
        check("[a]: https://x", &["// a: https://x"]);
        check("One:\n- [a]:\thttps://x", &["// One:", "//", "//   - a: https://x"]);
        check("b\n[a]: https://x", &["// b", "// [a]: https://x"]);
        check("[a]: b", &["// [a]: b"]);
    }

    #[test]
    fn directives_are_text() {
        check("+build linux\ngo:embed x", &["// build linux", "// go: embed x"]);
        check("One:\n- a\n  +build b", &["// One:", "//", "//   - a", "//     build b"]);
        check("One:\n```\n+build b\n```", &["// One:", "//", "//\tbuild b"]);
        check("#[x]", &["// #[x]"]);
    }
}
