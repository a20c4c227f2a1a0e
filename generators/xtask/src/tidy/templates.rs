//! Templates lay out and nothing else: their size, their control tags, and a view for each.

use std::collections::BTreeSet;
use std::path::Path;

use super::{File, Problem, Tree};

/// A template has at most this many lines.
const LINES: usize = 120;
/// Loops and conditions lie in each other at most this deep.
const NESTING: usize = 3;
/// Tags that open a level and are closed by `end...`. A `when` belongs to its `match`.
const BLOCKS: [&str; 6] = ["if", "for", "match", "block", "filter", "macro"];

/// Size, form of control tags and nesting of every template.
pub fn layout(tree: &Tree) -> Vec<Problem> {
    templates(tree).flat_map(|file| file_layout(&file.path, &file.text)).collect()
}

fn templates(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.with_extension("jinja").filter(|file| file.path.starts_with("templates"))
}

fn file_layout(path: &Path, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if lines > LINES {
        problems.push(Problem::of(
            path,
            format!("{lines} lines; move a part into a template of its own, the limit is {LINES}"),
        ));
    }
    let mut depth = 0_usize;
    for (index, line) in text.lines().enumerate() {
        let Some(tag) = control_tag(line) else { continue };
        let mut report = |message: &str| problems.push(Problem::at(path, index + 1, message));
        let Ok(word) = tag else {
            report("a control tag stands alone on its line, opened `{%-` and closed `%}`");
            continue;
        };
        if word.starts_with("end") {
            depth = depth.saturating_sub(1);
        } else if BLOCKS.contains(&word) {
            depth += 1;
            if depth > NESTING {
                report("nested too deep; decide in the view, or include a template of its own");
            }
        }
    }
    problems
}

/// The first word of the control tag on `line`; an error when the tag has another form than ours.
fn control_tag(line: &str) -> Option<Result<&str, ()>> {
    if !line.contains("{%") && !line.contains("%}") {
        return None;
    }
    let inner = line.trim().strip_prefix("{%-").and_then(|rest| rest.strip_suffix("%}"));
    let inner = inner
        .filter(|inner| !inner.contains("{%") && !inner.contains("%}") && !inner.ends_with(['-', '~', '+']));
    Some(inner.and_then(|inner| inner.split_whitespace().next()).ok_or(()))
}

/// A template nobody prints, and a view whose template is missing.
pub fn views(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for file in tree.with_extension("rs").filter(|file| file.path.starts_with("templates/src")) {
        for (line, text) in file.lines() {
            for name in quoted_after(text, "path = \"") {
                if tree.get(Path::new("templates").join(name)).is_none() {
                    problems.push(Problem::at(&file.path, line, format!("template `{name}` does not exist")));
                }
                used.insert(name);
            }
        }
    }
    for file in templates(tree) {
        for (line, text) in file.lines().filter(|(_, text)| text.contains("{%")) {
            for name in
                ["include \"", "import \"", "extends \""].iter().flat_map(|tag| quoted_after(text, tag))
            {
                if tree.get(Path::new("templates").join(name)).is_none() {
                    problems.push(Problem::at(&file.path, line, format!("template `{name}` does not exist")));
                }
                used.insert(name);
            }
        }
    }
    for file in templates(tree) {
        let name = file.path.strip_prefix("templates").unwrap_or(&file.path).to_string_lossy();
        if !used.contains(name.as_ref()) {
            problems.push(Problem::of(
                &file.path,
                "no view and no template prints it; add its view or delete it",
            ));
        }
    }
    problems
}

/// What stands in quotes after each `start`, which ends with the opening quote.
fn quoted_after<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<(Option<usize>, String)> {
        let problems = layout(&Tree::of(&[("templates/go/guest/a.go.jinja", text)]));
        problems.into_iter().map(|problem| (problem.line, problem.message)).collect()
    }

    #[test]
    fn a_template_in_our_form_is_silent() {
        let text = "{#- From AView. -#}\n{%- for case in cases %}\n  {%- if case.last %}\nlast\n  {%- endif %}\n{{ case.name }}\n{%- endfor %}\n";
        assert_eq!(messages(text), []);
    }

    #[test]
    fn control_tags_of_another_form_are_reported_with_their_line() {
        for line in [
            "{% if a %}",
            "{%- if a -%}",
            "x {%- if a %}",
            "{%- if a %}x{%- endif %}",
            "{%- if a",
            "{%- if a %} // {%",
        ] {
            let found = messages(&format!("first\n{line}\n"));
            assert_eq!(found.len(), 1, "{line}");
            assert_eq!(found[0].0, Some(2), "{line}");
        }
    }

    #[test]
    fn three_levels_are_fine_and_four_are_not() {
        let nest = |levels: usize| "{%- for a in b %}\n".repeat(levels) + &"{%- endfor %}\n".repeat(levels);
        assert_eq!(messages(&nest(3)), []);
        assert_eq!(messages(&nest(4))[0].0, Some(4));
        assert_eq!(messages(&nest(3).repeat(2)), []);
    }

    #[test]
    fn a_long_template_is_reported() {
        assert_eq!(messages(&"x\n".repeat(120)), []);
        assert_eq!(messages(&"x\n".repeat(121)).len(), 1);
    }

    #[test]
    fn templates_and_views_come_in_pairs() {
        let view = "#[template(path = \"go/guest/a.go.jinja\")]\npub struct AView;\n";
        let a = ("templates/go/guest/a.go.jinja", "{%- include \"go/guest/b.go.jinja\" %}\n");
        let b = ("templates/go/guest/b.go.jinja", "b\n");
        assert_eq!(views(&Tree::of(&[("templates/src/go.rs", view), a, b])), []);
        assert_eq!(views(&Tree::of(&[("templates/src/go.rs", view)]))[0].line, Some(1));
        assert_eq!(views(&Tree::of(&[b]))[0].path, Path::new(b.0));
        assert_eq!(views(&Tree::of(&[("templates/src/go.rs", view), a])).len(), 1);
    }
}
