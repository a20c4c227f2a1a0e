//! Statements as prettier lays them out.

use crate::pretty::{Doc, Group, WIDTH};

/// Lines of a function, indented.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<String>,
    pub(super) indent: usize,
}

impl Lines {
    /// A line as it is.
    pub(super) fn line(&mut self, text: impl AsRef<str>) {
        self.lines.push(format!("{}{}", " ".repeat(self.indent), text.as_ref()));
    }

    /// A line before the one of this number.
    pub(super) fn insert(&mut self, number: usize, text: &str) {
        self.lines.insert(number, format!("{}{text}", " ".repeat(self.indent)));
    }

    /// `doc;`
    pub(super) fn statement(&mut self, doc: Doc) {
        let text = Doc::Concat(vec![doc, Doc::text(";")]).lines(self.indent);
        self.lines.push(text);
    }

    /// `head = value;`
    pub(super) fn assign(&mut self, head: &str, value: Doc) {
        let start = match &value {
            Doc::Group(group) => group.open.chars().count(),
            other => other.flat().chars().count() + 1,
        };
        let value = Doc::Concat(vec![value, Doc::text(";")]);
        if self.indent + head.chars().count() + 3 + start <= WIDTH {
            let text = Doc::Concat(vec![Doc::text(format!("{head} = ")), value]).lines(self.indent);
            self.lines.push(text);
        } else {
            self.line(format!("{head} ="));
            self.lines.push(value.lines(self.indent + 2));
        }
    }

    /// `return value;`
    pub(super) fn give(&mut self, value: Doc) {
        self.statement(Doc::Concat(vec![Doc::text("return "), value]));
    }

    /// `head { a: 1, b };`, on one line where it fits.
    pub(super) fn object(&mut self, head: &str, properties: &[(String, Doc)], expanded: bool) {
        let flat: Vec<String> =
            properties.iter().map(|(name, value)| format!("{name}: {}", value.flat())).collect();
        let line = format!("{head} {{ {} }};", flat.join(", "));
        if !expanded && self.indent + line.chars().count() <= WIDTH {
            self.line(line);
            return;
        }
        self.line(format!("{head} {{"));
        self.indent += 2;
        for (name, value) in properties {
            let text = Doc::Concat(vec![Doc::text(format!("{name}: ")), value.clone(), Doc::text(",")]);
            self.lines.push(text.lines(self.indent));
        }
        self.indent -= 2;
        self.line("};");
    }

    /// The head of a loop over numbers, which `declare` them.
    pub(super) fn count(&mut self, declare: &str, index: &str, length: &str) {
        let line = format!("for ({declare}{index} = 0; {index} < {length}; {index} += 1) {{");
        if self.indent + line.len() <= WIDTH {
            self.line(line);
            return;
        }
        self.line("for (");
        self.line(format!("  {declare}{index} = 0;"));
        self.line(format!("  {index} < {length};"));
        self.line(format!("  {index} += 1"));
        self.line(") {");
    }

    /// Whether a line fits.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.indent + text.chars().count() <= WIDTH
    }

    /// Lines one step further in.
    pub(super) fn open(&mut self, text: impl AsRef<str>) {
        self.line(text);
        self.indent += 2;
    }

    /// The end of lines one step further in.
    pub(super) fn close(&mut self, text: impl AsRef<str>) {
        self.indent -= 2;
        self.line(text);
    }
}

/// `open a, b close`, or an item per line.
pub(super) fn group(open: impl Into<String>, items: Vec<Doc>, close: &'static str) -> Doc {
    Doc::Group(Box::new(Group { open: open.into(), items, close, trailing_comma: true }))
}

/// The texts as items.
pub(super) fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Vec<Doc> {
    items.into_iter().map(|item| Doc::text(item)).collect()
}
