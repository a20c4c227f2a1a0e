//! Statements and expressions of generated function bodies, and their layout.
//!
//! Bodies are built from few forms, so that the layout that rustfmt would choose can be computed here:
//! generated files are clean under `rustfmt --check` with its default style, and no rustfmt is needed.

/// rustfmt's `max_width`.
const MAX_WIDTH: usize = 100;
/// rustfmt's `fn_call_width`: arguments of a call that take more are put below each other.
const CALL_WIDTH: usize = 60;
/// rustfmt's `struct_lit_width`.
const STRUCT_WIDTH: usize = 18;

/// rustfmt's `short_array_element_width_threshold`.
const SHORT: usize = 10;

/// An expression.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// Text that stays on one line.
    Flat(String),
    /// `head(args)`; the arguments stay on one line each.
    Call { head: String, args: Vec<String> },
    /// `path { name: value }`; a value of the same text as its name is not repeated.
    Struct { path: String, fields: Vec<(String, String)> },
    /// `match subject { pattern => body }`
    Match { subject: String, arms: Vec<(String, Body)> },
}

/// A statement.
#[derive(Clone, Debug)]
pub(crate) enum Stmt {
    /// `let pattern = value;`
    Let { pattern: String, value: Expr },
    /// `value;`
    Do(Expr),
    /// `header { body }`, a loop or a condition.
    Block { header: String, body: Body },
}

/// Statements and the value that they end with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) tail: Option<Expr>,
}

impl Expr {
    pub(crate) fn call(head: impl Into<String>, args: Vec<String>) -> Self {
        Self::Call { head: head.into(), args }
    }

    /// The text on one line, where rustfmt would leave it on one line.
    pub(crate) fn flat(&self) -> Option<String> {
        match self {
            Self::Flat(text) => Some(text.clone()),
            Self::Call { head, args } => {
                let args = args.join(", ");
                (args.len() <= CALL_WIDTH).then(|| format!("{head}({args})"))
            }
            Self::Struct { path, fields } => {
                let fields: Vec<String> = fields.iter().map(field_text).collect();
                let fields = fields.join(", ");
                (fields.len() <= STRUCT_WIDTH).then(|| format!("{path} {{ {fields} }}"))
            }
            Self::Match { .. } => None,
        }
    }

    fn fits(&self, before: usize, after: usize) -> Option<String> {
        self.flat().filter(|text| before + text.len() + after <= MAX_WIDTH)
    }
}

fn field_text((name, value): &(String, String)) -> String {
    if name == value { name.clone() } else { format!("{name}: {value}") }
}

impl Body {
    /// The lines of the body, which starts at column `base`, without those columns.
    pub(crate) fn lines(&self, base: usize) -> Vec<String> {
        let mut printer = Printer { base, indent: 0, lines: Vec::new() };
        printer.body(self);
        printer.lines
    }

    /// The lines of `unsafe { body }` at column `base`.
    pub(crate) fn unsafe_lines(&self, base: usize) -> Vec<String> {
        let only = if self.stmts.is_empty() { self.tail.as_ref() } else { None };
        if let Some(text) = only.and_then(|tail| tail.fits(base + "unsafe { ".len(), " }".len())) {
            return vec![format!("unsafe {{ {text} }}")];
        }
        let mut lines = vec!["unsafe {".to_owned()];
        lines.extend(self.lines(base + 4).into_iter().map(|line| format!("    {line}")));
        lines.push("}".to_owned());
        lines
    }

    /// Ends the body with `tail`; what was just given that very name is the tail itself.
    pub(crate) fn end_with(&mut self, tail: Option<Expr>) {
        self.tail = match (&tail, self.stmts.last()) {
            (Some(value), Some(Stmt::Let { pattern, .. })) if value.flat().as_ref() == Some(pattern) => {
                match self.stmts.pop() {
                    Some(Stmt::Let { value, .. }) => Some(value),
                    _ => tail,
                }
            }
            _ => tail,
        };
    }

    fn is_empty(&self) -> bool {
        self.stmts.is_empty() && self.tail.is_none()
    }
}

struct Printer {
    base: usize,
    indent: usize,
    lines: Vec<String>,
}

impl Printer {
    fn column(&self) -> usize {
        self.base + self.indent
    }

    fn line(&mut self, text: &str) {
        self.lines.push(format!("{:indent$}{text}", "", indent = self.indent));
    }

    fn body(&mut self, body: &Body) {
        for stmt in &body.stmts {
            match stmt {
                Stmt::Let { pattern, value: value @ Expr::Match { subject, .. } } => {
                    self.let_match(pattern, subject, value);
                }
                Stmt::Let { pattern, value } => self.placed(&format!("let {pattern} ="), value, ";"),
                Stmt::Do(value @ Expr::Match { .. }) => self.spread("", value, ""),
                Stmt::Do(value) => self.standing(value, ";"),
                Stmt::Block { header, body } => {
                    self.header(header);
                    self.indented(|printer| printer.body(body));
                    self.line("}");
                }
            }
        }
        if let Some(tail) = &body.tail {
            self.standing(tail, "");
        }
    }

    /// `let pattern = match subject { ... };`, where the pattern or the subject may be too long for the line.
    fn let_match(&mut self, pattern: &str, subject: &str, value: &Expr) {
        let before = format!("let {pattern} =");
        let width = self.column() + before.len();
        match pattern.strip_prefix('(').and_then(|pattern| pattern.strip_suffix(')')) {
            Some(names) if width > MAX_WIDTH => {
                self.line("let (");
                self.indented(|printer| names.split(", ").for_each(|name| printer.line(&format!("{name},"))));
                self.spread(") = ", value, ";");
            }
            _ if width + " match ".len() + subject.len() > MAX_WIDTH => {
                self.line(&before);
                self.indented(|printer| printer.spread("", value, ";"));
            }
            _ => self.spread(&format!("{before} "), value, ";"),
        }
    }

    fn indented(&mut self, print: impl FnOnce(&mut Self)) {
        self.indent += 4;
        print(self);
        self.indent -= 4;
    }

    /// The start of a block; the brace moves down where it alone does not fit.
    fn header(&mut self, header: &str) {
        let width = self.column() + header.len();
        match header.split_once(" in ") {
            _ if width + 2 <= MAX_WIDTH => self.line(&format!("{header} {{")),
            _ if header.contains(" && ") => {
                let mut conditions = header.split(" && ");
                conditions.next().into_iter().for_each(|first| self.line(first));
                self.indented(|printer| conditions.for_each(|next| printer.line(&format!("&& {next}"))));
                self.line("{");
            }
            Some((pattern, iterator)) if width > MAX_WIDTH => {
                self.line(&format!("{pattern} in"));
                self.indented(|printer| printer.line(iterator));
                self.line("{");
            }
            _ => {
                self.line(header);
                self.line("{");
            }
        }
    }

    /// An expression at the start of a line.
    fn standing(&mut self, value: &Expr, after: &str) {
        match value.fits(self.column(), after.len()) {
            Some(text) => self.line(&format!("{text}{after}")),
            None => self.spread("", value, after),
        }
    }

    /// An expression behind `before`, or below it.
    fn placed(&mut self, before: &str, value: &Expr, after: &str) {
        let column = self.column();
        if let Some(text) = value.fits(column + before.len() + 1, after.len()) {
            self.line(&format!("{before} {text}{after}"));
        } else if let Some(text) = value.fits(column + 4, after.len()) {
            self.line(before);
            self.indented(|printer| printer.line(&format!("{text}{after}")));
        } else if let Expr::Struct { path, .. } = value
            && column + before.len() + path.len() + 3 >= MAX_WIDTH
            && column + 4 + path.len() + 2 < MAX_WIDTH
        {
            self.line(before);
            self.indented(|printer| printer.spread("", value, after));
        } else if let Expr::Call { head, .. } = value
            && column + before.len() + 1 + head.len() >= MAX_WIDTH
            && column + 4 + head.len() < MAX_WIDTH
        {
            self.line(before);
            self.indented(|printer| printer.spread("", value, after));
        } else {
            self.spread(&format!("{before} "), value, after);
        }
    }

    /// An expression over several lines.
    fn spread(&mut self, before: &str, value: &Expr, after: &str) {
        match value {
            Expr::Flat(text) => self.line(&format!("{before}{text}{after}")),
            Expr::Call { head, args } => {
                let (head, args, end) = self.opened(before.len(), head, args);
                self.line(&format!("{before}{head}("));
                self.indented(|printer| printer.arguments(&args));
                self.line(&format!("){end}{after}"));
            }
            Expr::Struct { path, fields } => {
                self.line(&format!("{before}{path} {{"));
                self.indented(|printer| {
                    fields.iter().for_each(|field| printer.field(field));
                });
                self.line(&format!("}}{after}"));
            }
            Expr::Match { subject, arms } => {
                self.header(&format!("{before}match {subject}"));
                self.indented(|printer| arms.iter().for_each(|(pattern, body)| printer.arm(pattern, body)));
                self.line(&format!("}}{after}"));
            }
        }
    }

    /// A field of a struct, whose value is below its name where the line is too long.
    fn field(&mut self, field: &(String, String)) {
        let text = field_text(field);
        match text.split_once(": ") {
            Some((name, value)) if self.column() + text.len() + 1 > MAX_WIDTH => {
                self.line(&format!("{name}:"));
                self.indented(|printer| printer.line(&format!("{value},")));
            }
            _ => self.line(&format!("{text},")),
        }
    }

    /// A call, opened as deep as the calls that are its only argument begin on the same line: the head of the innermost
    /// one, its arguments, and what closes the outer ones.
    fn opened(&self, before: usize, head: &str, args: &[String]) -> (String, Vec<String>, String) {
        let (mut head, mut args, mut end) = (head.to_owned(), args.to_vec(), String::new());
        while let [only] = args.as_slice()
            && let Some((inner, inside)) = only.strip_suffix(')').and_then(|call| call.split_once('('))
            && !inner.is_empty()
            && !inner.contains(['.', '&', '*', '{', ' '])
            && !inside.is_empty()
            && is_balanced(inside)
            && self.column() + before + head.len() + inner.len() + 2 < MAX_WIDTH - 1
        {
            head = format!("{head}({inner}");
            end.push(')');
            args = split_arguments(inside);
        }
        (head, args, end)
    }

    /// Arguments below each other; short and simple ones fill their lines.
    fn arguments(&mut self, args: &[String]) {
        let is_short = |arg: &String| arg.len() <= SHORT && !arg.contains(['(', '{', ':', '"']);
        if !args.iter().all(is_short) {
            return args.iter().for_each(|arg| self.line(&format!("{arg},")));
        }
        let mut line = String::new();
        for arg in args {
            if !line.is_empty() && self.column() + line.len() + arg.len() + 2 >= MAX_WIDTH {
                self.line(&line);
                line.clear();
            }
            let space = if line.is_empty() { "" } else { " " };
            line.push_str(&format!("{space}{arg},"));
        }
        self.line(&line);
    }

    fn arm(&mut self, pattern: &str, body: &Body) {
        let before = format!("{pattern} =>");
        if let Some((number, guard)) = pattern.split_once(" if ")
            && self.column() + before.len() + 2 > MAX_WIDTH
        {
            match guard.split_once(" && ") {
                Some((first, more)) => {
                    self.line(&format!("{number} if {first}"));
                    self.indented(|printer| printer.line(&format!("&& {more} =>")));
                }
                None => {
                    self.line(number);
                    self.indented(|printer| printer.line(&format!("if {guard} =>")));
                }
            }
            self.line("{");
            self.indented(|printer| printer.body(body));
            return self.line("}");
        }
        if body.is_empty() {
            return self.line(&format!("{before} {{}}"));
        }
        let only = match (body.stmts.as_slice(), &body.tail) {
            ([], Some(tail)) => Some(tail),
            // rustfmt takes the braces away from a lone `match`.
            ([Stmt::Do(value @ Expr::Match { .. })], None) => Some(value),
            _ => None,
        };
        let column = self.column();
        match only {
            Some(value) if value.fits(column + before.len() + 1, 1).is_some() => {
                self.placed(&before, value, ",");
            }
            Some(value) if value.fits(column + 4, 0).is_none() => {
                self.spread(&format!("{before} "), value, ",");
            }
            _ => {
                self.line(&format!("{before} {{"));
                self.indented(|printer| printer.body(body));
                self.line("}");
            }
        }
    }
}

/// The signature of a function from `start` (`pub fn name`) to `end` (` {` or `;`), in the layout of rustfmt.
pub(crate) fn signature(start: &str, params: &[String], result: &str, end: &str, base: usize) -> String {
    let result = match result {
        "" => String::new(),
        result => format!(" -> {}", broken_tuple(result)),
    };
    let line = format!("{start}({}){result}{end}", params.join(", "));
    let first_line = line.lines().next().map_or(0, str::len);
    let is_wide = params.iter().any(|param| broken_tuple(param) != *param);
    // One column is kept for a brace, also where a semicolon stands.
    let is_full = base + first_line == MAX_WIDTH && end == ";";
    if is_full && !is_wide && !params.is_empty() && !result.is_empty() && !result.contains('\n') {
        return format!("{start}({})\n{}{end}", params.join(", "), result.trim_start());
    }
    if (base + first_line <= MAX_WIDTH && !is_wide) || params.is_empty() {
        return line;
    }
    let params = params.iter().map(|param| indent(&broken_tuple(param), 4) + ",\n").collect::<String>();
    let start = broken_generics(start, base + start.len() + 1);
    let result = broken_generics(&result, base + 1 + result.len() + end.len());
    // rustfmt counts the indentation twice.
    let is_too_long = 2 * base + 1 + result.len() + end.len() > MAX_WIDTH && !result.contains('\n');
    match end {
        " {" if is_too_long => format!("{start}(\n{params}){result}\n{{"),
        _ => format!("{start}(\n{params}){result}{end}"),
    }
}

/// `text` with the arguments of its outermost generics below each other, where it ends behind the last column.
fn broken_generics(text: &str, column: usize) -> String {
    match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((head, args)) if column > MAX_WIDTH && !text.contains('\n') => {
            let args = split_arguments(args).iter().map(|arg| format!("    {arg},\n")).collect::<String>();
            format!("{head}<\n{args}>")
        }
        _ => text.to_owned(),
    }
}

/// Whether no bracket is closed that was not opened before.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_usize;
    text.chars().all(|character| {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            _ => {}
        }
        true
    })
}

/// Arguments of a call, which may have commas of their own inside of brackets.
fn split_arguments(text: &str) -> Vec<String> {
    let (mut args, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                args.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    args.push(text[start..].trim().to_owned());
    args
}

/// A type whose outermost tuple has its elements below each other; as it is where there is no wide tuple.
pub(crate) fn broken_tuple(text: &str) -> String {
    let Some((before, rest)) = text.split_once('(') else { return text.to_owned() };
    let (mut elements, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        match character {
            ')' if depth == 0 => {
                end = at;
                break;
            }
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                elements.push(&rest[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    elements.push(&rest[start..end]);
    if end <= CALL_WIDTH {
        return text.to_owned();
    }
    let lines = elements.iter().map(|element| element.trim()).filter(|element| !element.is_empty());
    let lines = lines.map(|element| format!("\n    {element},")).collect::<String>();
    format!("{before}({lines}\n{}", &rest[end..])
}

/// A case of a variant with its payload; a tuple that is too long is broken.
pub(crate) fn case(name: &str, payload: &str, base: usize) -> String {
    let line = format!("{name}({payload})");
    let is_wide = payload.len() > CALL_WIDTH + 2;
    if base + line.len() < MAX_WIDTH && !(is_wide && payload.starts_with('(')) {
        return line;
    }
    format!("{name}(\n{},\n)", indent(&broken_tuple(payload), 4))
}

/// The rest of an arm that yields a literal, behind its pattern, which ends at column `end`.
pub(crate) fn text_arm(literal: &str, end: usize) -> String {
    if end + " => ,".len() + literal.len() <= MAX_WIDTH {
        return format!("{literal},");
    }
    format!("{{\n                {literal}\n            }}")
}

/// `lines` with `columns` spaces in front of each that is not empty.
pub(crate) fn indent(lines: &str, columns: usize) -> String {
    let indented = lines.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{:columns$}{line}", ""),
    });
    indented.collect::<Vec<_>>().join("\n")
}
