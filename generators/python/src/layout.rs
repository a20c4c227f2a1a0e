//! Breaks lines where `ruff format` breaks them, so that output is clean without it.

/// The width at which `ruff format` breaks lines.
pub(crate) const WIDTH: usize = 88;

/// An expression that is laid out on one line or, when that is too long, with an item on each line.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Text that is never broken.
    Text(String),
    /// Items between brackets, after `head`: `name(`, `{`.
    Group {
        /// All up to the opening bracket, which comes with it.
        head: String,
        /// What stands between the brackets.
        items: Vec<Node>,
        /// The closing bracket.
        close: &'static str,
    },
    /// `key` and then a value: `name=value`, `"name": value`.
    Keyed(String, Box<Node>),
}

impl Node {
    /// Text that is never broken.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A call, or a `def` up to its closing parenthesis.
    pub(crate) fn call(name: &str, items: Vec<Node>) -> Self {
        Self::Group { head: format!("{name}("), items, close: ")" }
    }

    /// A dict, or another group that starts with its bracket.
    pub(crate) fn dict(items: Vec<Node>) -> Self {
        Self::Group { head: "{".to_owned(), items, close: "}" }
    }

    /// A list.
    pub(crate) fn list(items: Vec<Node>) -> Self {
        Self::Group { head: "[".to_owned(), items, close: "]" }
    }

    /// A value behind its key, which brings its `=` or `: `.
    pub(crate) fn keyed(key: impl Into<String>, value: Node) -> Self {
        Self::Keyed(key.into(), Box::new(value))
    }

    /// On one line.
    pub(crate) fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Group { head, items, close } => {
                let items: Vec<String> = items.iter().map(Self::flat).collect();
                format!("{head}{}{close}", items.join(", "))
            }
            Self::Keyed(key, value) => format!("{key}{}", value.flat()),
        }
    }

    /// Between `before` and `after`, in a block that is indented by `indent` spaces.
    pub(crate) fn lay_out(&self, indent: usize, before: &str, after: &str) -> String {
        let flat = self.flat();
        if indent + columns(before) + columns(&flat) + columns(after) <= WIDTH {
            return format!("{before}{flat}{after}");
        }
        match self {
            Self::Text(_) => format!("{before}{flat}{after}"),
            Self::Keyed(key, value) => value.lay_out(indent, &format!("{before}{key}"), after),
            Self::Group { items, .. } if items.is_empty() => format!("{before}{flat}{after}"),
            Self::Group { head, items, close } => {
                let inner = indent + 4;
                let mut text = format!("{before}{head}\n");
                for item in items {
                    let item = item.lay_out(inner, "", ",");
                    text.push_str(&format!("{:inner$}{item}\n", ""));
                }
                text.push_str(&format!("{:indent$}{close}{after}", ""));
                text
            }
        }
    }
}

/// `name = A | B`, one item on each line when it is too long.
pub(crate) fn union(name: &str, items: &[String]) -> String {
    let flat = format!("{name} = {}", items.join(" | "));
    if columns(&flat) <= WIDTH || items.len() < 2 {
        return flat;
    }
    let inner = format!("    {}", items.join(" | "));
    if columns(&inner) <= WIDTH {
        return format!("{name} = (\n{inner}\n)");
    }
    format!("{name} = (\n    {}\n)", items.join("\n    | "))
}

/// Sorts names as `ruff` sorts imports and `__all__`: constants, classes, the rest, and numbers by value.
pub(crate) fn sort_names(names: &mut [String]) {
    names.sort_by_cached_key(|name| sort_key(name));
}

/// Where a name stands among others: its kind, then its parts of text and number.
pub(crate) type Key = (u8, Vec<(String, u64)>);

/// The place of `name` among others in an import, which is by letters first, however they are written.
pub(crate) fn import_key(name: &str) -> (Key, Key) {
    let key = sort_key(name);
    let lower = sort_key(&name.to_lowercase()).1;
    ((key.0, lower), key)
}

/// The place of `name` among others.
fn sort_key(name: &str) -> Key {
    let is_upper = name.chars().all(|letter| !letter.is_ascii_lowercase());
    let kind = match name.chars().next() {
        Some(first) if first.is_ascii_uppercase() && is_upper && name.len() > 1 => 0,
        Some(first) if first.is_ascii_uppercase() => 1,
        _ => 2,
    };
    let mut parts: Vec<(String, u64)> = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text: String = rest.chars().take_while(|letter| !letter.is_ascii_digit()).collect();
        rest = &rest[text.len()..];
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        rest = &rest[digits.len()..];
        parts.push((text, digits.parse().unwrap_or(0)));
    }
    (kind, parts)
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_that_fits_stays_on_its_line() {
        let call = Node::call("f", vec![Node::text("a"), Node::keyed("b=", Node::text("1"))]);
        assert_eq!(call.lay_out(4, "return ", ""), "return f(a, b=1)");
    }

    #[test]
    fn longer_call_has_an_argument_on_each_line() {
        let long = "x".repeat(50);
        let inner = Node::call("g", vec![Node::text(long.clone())]);
        let call = Node::call("f", vec![Node::text(long.clone()), inner]);
        assert_eq!(call.lay_out(4, "", ""), format!("f(\n        {long},\n        g({long}),\n    )"));
    }

    #[test]
    fn names_sort_by_kind_and_number() {
        let mut names = ["u16", "Point", "u8", "RED", "Err", "_b"].map(str::to_owned);
        sort_names(&mut names);
        assert_eq!(names, ["RED", "Err", "Point", "_b", "u8", "u16"]);
    }
}
