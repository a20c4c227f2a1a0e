//! Line breaking as prettier does it, for the few forms that generated code has.

/// The longest line.
pub(crate) const WIDTH: usize = 80;

/// Code that may be broken into lines.
#[derive(Clone, Debug)]
pub(crate) enum Doc {
    /// Text that stays on one line.
    Text(String),
    /// `open`, items with commas, `close`: on one line, or an item per line.
    Group(Box<Group>),
    /// `a | b`, or each in a line behind a bar.
    Union(Vec<Doc>),
    /// One after the other.
    Concat(Vec<Doc>),
}

/// A list in brackets.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// What stands before the items, the bracket included.
    pub(crate) open: String,
    /// The items.
    pub(crate) items: Vec<Doc>,
    /// The closing bracket.
    pub(crate) close: &'static str,
    /// Whether a comma stands behind the last item when there is one per line.
    pub(crate) trailing_comma: bool,
}

impl Doc {
    /// Text that stays on one line.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `open(items)`
    pub(crate) fn call(open: impl Into<String>, items: Vec<Doc>) -> Self {
        let open = format!("{}(", open.into());
        Self::Group(Box::new(Group { open, items, close: ")", trailing_comma: true }))
    }

    /// `name<items>`
    pub(crate) fn generic(name: &str, items: Vec<Doc>) -> Self {
        Self::Group(Box::new(Group { open: format!("{name}<"), items, close: ">", trailing_comma: false }))
    }

    /// `[items]`
    pub(crate) fn tuple(items: Vec<Doc>) -> Self {
        Self::Group(Box::new(Group { open: "[".to_owned(), items, close: "]", trailing_comma: true }))
    }

    /// The text on one line.
    pub(crate) fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Group(group) => {
                let items: Vec<String> = group.items.iter().map(Doc::flat).collect();
                format!("{}{}{}", group.open, items.join(", "), group.close)
            }
            Self::Union(items) => items.iter().map(Doc::flat).collect::<Vec<_>>().join(" | "),
            Self::Concat(parts) => parts.iter().map(Doc::flat).collect(),
        }
    }

    /// The text in lines of at most [`WIDTH`], as far as brackets allow; its first line starts after `indent` spaces.
    pub(crate) fn lines(&self, indent: usize) -> String {
        let mut out = " ".repeat(indent);
        self.print(&mut out, indent, 0);
        out
    }

    /// Prints behind what `out` holds; `rest` is the length of what follows on the last line.
    fn print(&self, out: &mut String, indent: usize, rest: usize) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Concat(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let after: usize = parts[index + 1..].iter().map(|part| width(&part.flat())).sum();
                    part.print(out, indent, after + rest);
                }
            }
            Self::Union(items) => {
                let flat = self.flat();
                if column(out) + width(&flat) + rest <= WIDTH {
                    out.push_str(&flat);
                    return;
                }
                out.truncate(out.trim_end_matches(' ').len());
                for item in items {
                    out.push('\n');
                    out.push_str(&" ".repeat(indent + 2));
                    out.push_str("| ");
                    item.print(out, indent + 4, 0);
                }
            }
            Self::Group(group) => {
                let flat = self.flat();
                if group.items.is_empty() || column(out) + width(&flat) + rest <= WIDTH {
                    out.push_str(&flat);
                    return;
                }
                out.push_str(&group.open);
                for (index, item) in group.items.iter().enumerate() {
                    let is_last = index + 1 == group.items.len();
                    let comma = if is_last && !group.trailing_comma { "" } else { "," };
                    out.push('\n');
                    out.push_str(&" ".repeat(indent + 2));
                    item.print(out, indent + 2, comma.len());
                    out.push_str(comma);
                }
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                out.push_str(group.close);
            }
        }
    }
}

/// `head = value;`, with the value in lines of its own where its start does not fit behind the sign.
pub(crate) fn assignment(head: &str, value: Doc) -> String {
    let start = match &value {
        Doc::Group(group) => width(&group.open),
        Doc::Union(_) => width(&value.flat()) + 1,
        Doc::Text(_) | Doc::Concat(_) => 0,
    };
    let fits = width(head) + 3 + start <= WIDTH;
    let value = Doc::Concat(vec![value, Doc::text(";")]);
    if fits {
        return Doc::Concat(vec![Doc::text(format!("{head} = ")), value]).lines(0);
    }
    match value.lines(2) {
        // The items of a union stand where the union would.
        lines if lines.starts_with("\n") => format!("{head} ={}", lines.replace("\n  ", "\n")),
        lines => format!("{head} =\n{lines}"),
    }
}

/// `import type { names } from "specifier";`
pub(crate) fn type_import(names: &[String], specifier: &str) -> String {
    let line = format!("import type {{ {} }} from {specifier};", names.join(", "));
    if width(&line) <= WIDTH {
        return line;
    }
    format!("import type {{\n  {},\n}} from {specifier};", names.join(",\n  "))
}

/// A string literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `name` as a property name: quoted only where it must be.
pub(crate) fn property_name(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain { name.to_owned() } else { quoted(name) }
}

fn column(out: &str) -> usize {
    width(out.rsplit('\n').next().unwrap_or_default())
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_call_stays_on_one_line() {
        let doc = Doc::call("f", vec![Doc::text("a"), Doc::text("b")]);
        assert_eq!(doc.lines(2), "  f(a, b)");
    }

    #[test]
    fn long_union_has_an_item_per_line() {
        let item = "x".repeat(50);
        let union = Doc::Union(vec![Doc::text(item.clone()), Doc::text(item.clone())]);
        assert_eq!(assignment("type a", union), format!("type a =\n  | {item}\n  | {item};"));
    }

    #[test]
    fn long_call_has_an_item_per_line_and_breaks_only_where_it_must() {
        let long = "x".repeat(40);
        let inner = Doc::call("g", vec![Doc::text(long.clone()), Doc::text("y")]);
        let doc = Doc::Concat(vec![Doc::call("f", vec![inner, Doc::text(long.clone())]), Doc::text(";")]);
        assert_eq!(doc.lines(0), format!("f(\n  g({long}, y),\n  {long},\n);"));
    }

    #[test]
    fn property_names_are_quoted_only_where_they_must_be() {
        assert_eq!(property_name("delete"), "delete");
        assert_eq!(property_name("not-found"), "\"not-found\"");
    }
}
