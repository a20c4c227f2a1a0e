//! The layout of rustfmt for what `code` does not lay out.

use crate::code::{self, Body, indent};

/// `max_width`
pub(super) const MAX_WIDTH: usize = 100;
/// `chain_width`
const CHAIN_WIDTH: usize = 60;
/// `fn_call_width`
const CALL_WIDTH: usize = 60;
/// `short_array_element_width_threshold`
const SHORT: usize = 10;
/// `struct_lit_width`
const STRUCT_WIDTH: usize = 18;

/// The signature of a function from `start` (`fn name`) to `end` (` {` or `;`) at column `base`.
pub(super) fn signature(start: &str, params: &[String], result: &str, end: &str, base: usize) -> String {
    let text = code::signature(start, params, result, end, base);
    if end == ";" && !text.contains('\n') && base + text.len() == MAX_WIDTH && !result.is_empty() {
        return format!("{start}({})\n-> {result};", params.join(", "));
    }
    with_brace(&text, base)
}

/// A signature of several lines, whose brace rustfmt moves down early: it counts the indentation twice.
pub(super) fn with_brace(text: &str, base: usize) -> String {
    match (text.rsplit_once('\n'), text.strip_suffix(" {")) {
        (Some((_, last)), Some(rest)) if 2 * base + last.len() > MAX_WIDTH => format!("{rest}\n{{"),
        _ => text.to_owned(),
    }
}

/// `start: bounds {` of a trait at column `base`.
pub(super) fn bounded(start: &str, bounds: &[String], base: usize) -> String {
    if bounds.is_empty() {
        return format!("{start} {{");
    }
    let line = format!("{start}: {} {{", bounds.join(" + "));
    if base + line.len() <= MAX_WIDTH {
        return line;
    }
    format!("{start}:\n    {}\n{{", bounds.join("\n    + "))
}

/// `Ok(path { fields })`
pub(super) fn made(path: &str, fields: &[String]) -> String {
    let line = fields.join(", ");
    match fields {
        [] => format!("Ok({path} {{}})"),
        _ if line.len() <= STRUCT_WIDTH => format!("Ok({path} {{ {line} }})"),
        fields => format!("Ok({path} {{\n{},\n}})", indent(&fields.join(",\n"), 4)),
    }
}

/// `name: value` at column `base`, where `after` characters follow.
pub(super) fn beside(name: &str, value: &str, base: usize, after: usize) -> String {
    let separator = if base + name.len() + 2 + value.len() + after > MAX_WIDTH { "\n    " } else { " " };
    format!("{name}:{separator}{value}")
}

/// `name: links.concat()` at column `base`, where `after` characters follow; the first link is short.
pub(super) fn chain(name: &str, links: &[&str], base: usize, after: usize) -> String {
    let line = links.concat();
    if line.len() <= CHAIN_WIDTH && base + name.len() + 2 + line.len() + after < MAX_WIDTH - 1 {
        return format!("{name}: {line}");
    }
    let is_wide = links.iter().skip(1).any(|link| base + 4 + link.len() + after > MAX_WIDTH);
    match line.strip_suffix(")?").and_then(|line| line.split_once('(')) {
        Some((callee, args)) if is_wide => {
            let args: String = args.split(", ").map(|arg| format!("\n    {arg},")).collect();
            format!("{name}: {callee}({args}\n)?")
        }
        _ => format!("{name}: {}", links.join("\n    ")),
    }
}

/// `name: callee(arg)?` at column `base`, where a comma follows.
pub(super) fn initialised(name: &str, callee: &str, arg: &str, base: usize) -> String {
    let line = format!("{name}: {callee}({arg})?");
    if base + line.len() < MAX_WIDTH { line } else { format!("{name}: {callee}(\n    {arg},\n)?") }
}

/// The same for a callee that may be too long for the line of the name.
pub(super) fn initialised_by(name: &str, callee: &str, arg: &str, base: usize) -> String {
    if base + name.len() + 2 + callee.len() < MAX_WIDTH {
        return initialised(name, callee, arg, base);
    }
    format!("{name}:\n    {callee}({arg})?")
}

/// `let mut name = value;` at column `base`.
pub(super) fn bound(name: &str, value: &str, base: usize) -> String {
    let line = format!("let mut {name} = {value};");
    if base + line.len() < MAX_WIDTH - 1 { line } else { format!("let mut {name} =\n    {value};") }
}

/// `head(args, move |store, params| { body })?;` at column `base`.
pub(super) fn closure(head: &str, args: &[String], params: &[String], body: &Body, base: usize) -> String {
    let pattern = one_line_tuple(params);
    let is_wide = "mut store, ".len() + pattern.len() > CALL_WIDTH;
    // What does not fit the line of a closure is taken apart inside of it.
    let (bound, taken_apart) = if is_wide { ("params".to_owned(), Some(params)) } else { (pattern, None) };
    closure_of(head, args, &format!("mut store, {bound}"), taken_apart, body, base)
}

/// The same for a closure with parameters of any form.
pub(super) fn closure_of(
    head: &str,
    args: &[String],
    params: &str,
    taken_apart: Option<&[String]>,
    body: &Body,
    base: usize,
) -> String {
    let start = format!("{}, move |{params}|", args.join(", "));
    let is_short = start.len() + 2 < CALL_WIDTH && base + head.len() + 1 + start.len() + 2 <= MAX_WIDTH;
    let nested = if is_short { 4 } else { 8 };
    let first = taken_apart.map(|params| destructured(params, base + nested));
    let lines: Vec<String> = first.into_iter().chain(body.lines(base + nested)).collect();
    let lines = indent(&lines.join("\n"), nested);
    if is_short {
        return format!("{head}({start} {{\n{lines}\n}})?;");
    }
    let args: String = args.iter().map(|arg| format!("\n    {arg},")).collect();
    format!("{head}({args}\n    move |{params}| {{\n{lines}\n    }},\n)?;")
}

fn one_line_tuple(elements: &[String]) -> String {
    match elements {
        [only] => format!("({only},)"),
        elements => format!("({})", elements.join(", ")),
    }
}

/// `let (names) = params;` at column `base`.
fn destructured(names: &[String], base: usize) -> String {
    let line = format!("let {} = params;", one_line_tuple(names));
    if base + line.len() <= MAX_WIDTH {
        return line;
    }
    let pattern = one_line_tuple(names);
    if base + "let  =".len() + pattern.len() <= MAX_WIDTH {
        return format!("let {pattern} =\n    params;");
    }
    format!("let (\n    {},\n) = params;", names.join(",\n    "))
}

/// `callee(args)?;` at column `base`.
pub(super) fn tried(callee: &str, args: &[&str], base: usize) -> String {
    let line = args.join(", ");
    if base + callee.len() + line.len() + 4 <= MAX_WIDTH && line.len() <= CALL_WIDTH {
        return format!("{callee}({line})?;");
    }
    let args: String = args.iter().map(|arg| format!("\n    {arg},")).collect();
    format!("{callee}({args}\n)?;")
}

/// `(elements)` as an argument of its own at column `base`.
pub(super) fn tuple(elements: &[String], base: usize) -> String {
    let line = elements.join(", ");
    if line.len() <= CALL_WIDTH {
        return one_line_tuple(elements);
    }
    if elements.iter().all(|element| element.len() <= SHORT) {
        let names: Vec<&str> = elements.iter().map(String::as_str).collect();
        return format!("(\n{}\n)", filled_to(&names, base, MAX_WIDTH - 1));
    }
    format!("(\n    {},\n)", elements.join(",\n    "))
}

/// The content of the braces of `use path::{names}`, as many names to a line as fit.
pub(super) fn filled(names: &[&str], column: usize) -> String {
    filled_to(names, column, MAX_WIDTH)
}

fn filled_to(names: &[&str], column: usize, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if column + line.len() + name.len() + 2 <= width => {
                line.push_str(&format!(" {name},"));
            }
            _ => lines.push(format!("    {name},")),
        }
    }
    lines.join("\n")
}
