//! The code that moves values between a host program and a component: a function for each of the component's.
//!
//! Values are lifted and lowered by the op trees of the IR; `printer` turns ops into lines, `memory`, `sequences` and
//! `cases` have its families.
//! What a program gives is checked before, by type: `checks`.

mod cases;
mod checks;
mod functions;
mod helpers;
mod memory;
mod printer;
mod sequences;
mod text;

pub(crate) use self::functions::function;
pub(crate) use self::helpers::Module;

/// `import { a, b } from "specifier";`
pub(crate) fn import(names: &[&str], specifier: &str) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let line = format!("import {{ {} }} from {specifier};", names.join(", "));
    if line.len() <= crate::pretty::WIDTH {
        return Some(line);
    }
    Some(format!("import {{\n  {},\n}} from {specifier};", names.join(",\n  ")))
}
