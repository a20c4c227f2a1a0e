//! Markdown, the changelog, and the order in which languages are named.

use std::path::Path;

use super::{File, Problem, Tree};

const CHANGELOG: &str = "CHANGELOG.md";

/// Words with a full stop that end no sentence.
const ABBREVIATIONS: [&str; 8] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "incl.", "no."];

/// Markdown lines that hold more than one sentence, so that a changed sentence is a changed line.
pub fn sentences(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.with_extension("md") {
        let ends = prose_lines(file).filter(|(_, line)| holds_two_sentences(line));
        problems.extend(ends.map(|(line, _)| {
            Problem::at(&file.path, line, "one sentence per line; break it at the full stop")
        }));
    }
    problems
}

/// The lines outside code blocks, tables and headings.
fn prose_lines(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    file.lines().filter(move |(_, line)| {
        let line = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => return fence.is_none() && !line.starts_with(['|', '#', '<']),
        }
        false
    })
}

fn holds_two_sentences(line: &str) -> bool {
    let plain = without_code(line);
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let end = pair[0].trim_end_matches(['"', ')', '*', '_', '\'']);
        let ends = end.ends_with(['.', '?', '!']) && end.len() > 2 && !end.ends_with("...");
        let starts = pair[1]
            .trim_start_matches(['"', '(', '*', '_', '[', '\''])
            .starts_with(|c: char| c.is_uppercase());
        // `1.` opens an item of a list.
        let numbered = end.trim_end_matches('.').parse::<u32>().is_ok();
        ends && starts && !numbered && !ABBREVIATIONS.contains(&end.to_lowercase().trim_start_matches('('))
    })
}

/// The line with every code span replaced by one lower-case word.
fn without_code(line: &str) -> String {
    let spans = line.split('`').enumerate();
    spans.map(|(index, part)| if index % 2 == 0 { part } else { "code" }).collect()
}

/// The changelog exists and opens with what is not released yet.
pub fn changelog(tree: &Tree) -> Vec<Problem> {
    let Some(file) = tree.get(CHANGELOG) else {
        return vec![Problem::of(
            Path::new(CHANGELOG),
            "missing; add it, its first section being `## Unreleased`",
        )];
    };
    match file.lines().find(|(_, line)| line.starts_with("## ")) {
        Some((_, heading)) if heading.trim_start_matches(['#', ' ', '[']).starts_with("Unreleased") => {
            Vec::new()
        }
        Some((line, _)) => {
            vec![Problem::at(&file.path, line, "the first section is `## Unreleased`, even when empty")]
        }
        None => vec![Problem::of(&file.path, "has no section; add `## Unreleased`")],
    }
}

/// Lines that name all four languages in another order than rust, python, js, go.
pub fn language_order(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in ["md", "rs", "toml", "sh"].iter().flat_map(|extension| tree.with_extension(extension)) {
        let lines = file.lines().filter(|(_, line)| names_in_another_order(line));
        problems.extend(lines.map(|(line, _)| {
            Problem::at(&file.path, line, "name languages in the order rust, python, js, go")
        }));
    }
    problems
}

fn names_in_another_order(line: &str) -> bool {
    // A Rust file that tests this rule has to name them wrongly.
    if line.contains("tidy: any order") {
        return false;
    }
    let words: Vec<String> = line.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let first = |names: &[&str]| words.iter().position(|word| names.contains(&word.as_str()));
    let places = [first(&["rust"]), first(&["python"]), first(&["js", "javascript"]), first(&["go"])];
    places.iter().all(Option::is_some) && !places.is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&Tree) -> Vec<Problem>, path: &str, text: &str) -> Vec<usize> {
        rule(&Tree::of(&[(path, text)])).into_iter().filter_map(|problem| problem.line).collect()
    }

    #[test]
    fn two_sentences_on_a_line_are_reported() {
        assert_eq!(lines(sentences, "a.md", "One here.\nTwo. Sentences.\n- Item one. Item two.\n"), [2, 3]);
        assert_eq!(lines(sentences, "a.md", "It ends (so). Then `code.` It goes on.\n"), [1]);
    }

    #[test]
    fn what_only_looks_like_two_sentences_is_fine() {
        for line in [
            "Version 1.95. is old",
            "Use a tool, e.g. Cargo, or none.",
            "1. First item",
            "See `a. B` here.",
            "Files like a.rs Are fine",
            "| Cell. Cell. |",
            "Wait ... Then go on",
            "# Heading. Two",
        ] {
            assert_eq!(lines(sentences, "a.md", line), [] as [usize; 0], "{line}");
        }
    }

    #[test]
    fn code_blocks_are_left_alone() {
        assert_eq!(lines(sentences, "a.md", "```text\nOne. Two.\n```\nOne. Two.\n"), [4]);
    }

    #[test]
    fn the_changelog_opens_with_unreleased() {
        for good in ["# Changelog\n\n## Unreleased\n\n## 0.1.0\n", "## [Unreleased]\n"] {
            assert_eq!(changelog(&Tree::of(&[(CHANGELOG, good)])), []);
        }
        for bad in ["# Changelog\n\n## 0.1.0\n", "# Changelog\n"] {
            assert_eq!(changelog(&Tree::of(&[(CHANGELOG, bad)])).len(), 1);
        }
        assert_eq!(changelog(&Tree::of(&[])).len(), 1);
    }

    #[test]
    fn languages_are_named_in_one_order() {
        let wrong = ["Go, Rust, Python and JS", "[\"rust\", \"js\", \"python\", \"go\"]"]; // tidy: any order
        for text in wrong {
            assert_eq!(lines(language_order, "a.md", text), [1], "{text}");
        }
        for text in
            ["Rust, Python, JavaScript, Go", "rust|python|js|go", "Go and Rust", "Rust and then Python"]
        {
            assert_eq!(lines(language_order, "a.md", text), [] as [usize; 0], "{text}");
        }
    }
}
