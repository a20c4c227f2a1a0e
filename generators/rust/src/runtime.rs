//! The support code as it is embedded.

use crate::code::indent;

const SOURCES: [(&str, &str); 5] = [
    ("casts", include_str!("../../../runtime-support/rust/src/casts.rs")),
    ("flags", include_str!("../../../runtime-support/rust/src/flags.rs")),
    ("linking", include_str!("../../../runtime-support/rust/src/linking.rs")),
    ("memory", include_str!("../../../runtime-support/rust/src/memory.rs")),
    ("resource", include_str!("../../../runtime-support/rust/src/resource.rs")),
];

/// The body of the module `_rt`: only what `code` needs of the support code.
pub(crate) fn embedded(code: &str) -> String {
    let needed = |name: &str| match name {
        "flags" => code.contains("_rt::flags!"),
        "resource" => code.contains("_rt::Resource<"),
        "casts" => code.contains("_as_") || code.contains("PointerOrI64"),
        _ => true,
    };
    let mut uses = Vec::new();
    let mut modules = Vec::new();
    for (name, source) in SOURCES.iter().filter(|(name, _)| needed(name)) {
        uses.push(format!("    pub use {name}::*;"));
        modules.push(format!("    mod {name} {{\n{}\n    }}", indent(&module(source), 8)));
    }
    format!("{}\n\n{}", uses.join("\n"), modules.join("\n\n"))
}

/// A source file as a module: macros are reached by path instead of through the root of the crate.
fn module(source: &str) -> String {
    let mut text = source.replace("#[macro_export]\n", "");
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("macro_rules! ").and_then(|rest| rest.strip_suffix(" {")) {
            text.push_str(&format!("\npub(crate) use {name};\n"));
        }
    }
    text
}
