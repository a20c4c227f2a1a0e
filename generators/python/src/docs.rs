//! Doc comments of WIT as docstrings.

/// A docstring of `docs` with its quotes, for a block that is indented by `indent` spaces.
pub(crate) fn docstring(docs: &str, indent: usize) -> String {
    let lines = clean_lines(docs);
    let pad = " ".repeat(indent);
    match lines.as_slice() {
        [] => "\"\"\"\"\"\"".to_owned(),
        [only] => {
            let escaped = match only.strip_suffix('"') {
                Some(start) if !start.ends_with('\\') => format!("{start}\\\""),
                _ => only.clone(),
            };
            format!("\"\"\"{escaped}\"\"\"")
        }
        lines => {
            let mut text = String::from("\"\"\"");
            for (index, line) in lines.iter().enumerate() {
                if index > 0 && !line.is_empty() {
                    text.push_str(&pad);
                }
                text.push_str(line);
                text.push('\n');
            }
            text + &pad + "\"\"\""
        }
    }
}

/// The docs of a function: its own, then what it raises, then since when it is deprecated.
pub(crate) fn function_docs(
    name: &str,
    docs: Option<&str>,
    raises: Option<(&str, &str)>,
    deprecated: Option<&str>,
) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(docs.map(str::trim).filter(|docs| !docs.is_empty()).map(str::to_owned));
    parts.extend(deprecated.map(|version| format!("Deprecated since {version}.")));
    parts.extend(raises.map(|(class, payload)| format!("Raises:\n    {class}: {payload}")));
    if parts.is_empty() {
        return None;
    }
    if docs.is_none_or(|docs| docs.trim().is_empty()) {
        parts.insert(0, format!("The function `{name}`."));
    }
    Some(parts.join("\n\n"))
}

/// Lines without trailing space, control characters and surrounding blank lines, escaped for a docstring.
fn clean_lines(docs: &str) -> Vec<String> {
    let mut lines: Vec<String> = docs
        .lines()
        .map(|line| {
            let line: String = line
                .replace('\t', "    ")
                .replace(['\u{2028}', '\u{2029}'], " ")
                .chars()
                .filter(|letter| !letter.is_control() && !is_bidirectional(*letter))
                .collect();
            line.trim_end().replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
        })
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    let indentation = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let others = lines.iter().skip(1).filter(|line| !line.is_empty());
    let common = others.map(indentation).min().unwrap_or_default();
    lines.iter_mut().skip(1).filter(|line| !line.is_empty()).for_each(|line| drop(line.drain(..common)));
    if let Some(first) = lines.first_mut() {
        // `""""` would end the docstring where it starts.
        *first = match first.trim_start() {
            quoted if quoted.starts_with('"') => format!(" {quoted}"),
            text => text.to_owned(),
        };
    }
    lines
}

/// Whether `letter` changes the direction of text, and so could make code look like another.
fn is_bidirectional(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(docs: &str, expected: &str) {
        assert_eq!(docstring(docs, 4), expected);
    }

    #[test]
    fn one_line_stays_one_line() {
        check("Greets.", "\"\"\"Greets.\"\"\"");
    }

    #[test]
    fn further_lines_are_indented_and_blank_ones_are_empty() {
        check("A.\n\nB.  \n\n", "\"\"\"A.\n\n    B.\n    \"\"\"");
    }

    #[test]
    fn indentation_that_further_lines_share_is_taken_away() {
        check("* A.\n   * B.\n\n     C.", "\"\"\"* A.\n    * B.\n\n      C.\n    \"\"\"");
    }

    #[test]
    fn quotes_and_backslashes_do_not_end_it() {
        check(r#"say "hi""#, r#""""say "hi\"""""#);
        check(r#""hi" she said"#, r#"""" "hi" she said""""#);
        check(r#"a """ \n"#, r#""""a \"\"\" \\n""""#);
        check("a\\\n\"", "\"\"\"a\\\\\n    \"\n    \"\"\"");
    }
}
