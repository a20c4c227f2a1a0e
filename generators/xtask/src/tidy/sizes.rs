//! Files and functions stay small enough to be read in one go.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::{Problem, Tree};

/// A file has fewer lines than this.
const FILE_LINES: usize = 600;
/// A function has fewer lines than this.
const FUNCTION_LINES: usize = 80;
/// What people write by hand.
const SOURCES: [&str; 10] = ["rs", "py", "pyi", "js", "mjs", "ts", "go", "sh", "toml", "wit"];

/// Files that are too long.
pub fn files(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in SOURCES.iter().flat_map(|extension| tree.with_extension(extension)) {
        let lines = file.text.lines().count();
        if lines >= FILE_LINES {
            let message = format!("{lines} lines; split it, the limit is {FILE_LINES}");
            problems.push(Problem::of(&file.path, message));
        }
    }
    problems
}

/// Rust functions that are too long, those of tests included.
pub fn functions(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.with_extension("rs") {
        match syn::parse_file(&file.text) {
            Ok(parsed) => {
                let mut finder = Finder::default();
                finder.visit_file(&parsed);
                problems.extend(finder.long.into_iter().map(|(name, line, lines)| {
                    let message =
                        format!("`{name}` has {lines} lines; split it, the limit is {FUNCTION_LINES}");
                    Problem::at(&file.path, line, message)
                }));
            }
            Err(error) => {
                let line = error.span().start().line;
                problems.push(Problem::at(&file.path, line, format!("does not parse as Rust: {error}")));
            }
        }
    }
    problems
}

#[derive(Default)]
struct Finder {
    long: Vec<(String, usize, usize)>,
}

impl Finder {
    fn measure(&mut self, signature: &syn::Signature, end: Span) {
        let start = signature.span().start().line;
        let lines = end.end().line - start + 1;
        if lines >= FUNCTION_LINES {
            self.long.push((signature.ident.to_string(), start, lines));
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.measure(&item.sig, item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.measure(&item.sig, item.block.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.measure(&item.sig, block.span());
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, lines: usize) -> String {
        format!("fn {name}() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn a_long_file_is_reported_and_a_shorter_one_is_not() {
        let (long, short) = ("x\n".repeat(600), "x\n".repeat(599));
        let tree = Tree::of(&[("long.go", &long), ("short.go", &short), ("data.json", &long)]);
        assert_eq!(files(&tree), [Problem::of("long.go".as_ref(), "600 lines; split it, the limit is 600")]);
    }

    #[test]
    fn a_long_function_is_reported_with_its_line() {
        let text = format!("{}{}", function("short", 79), function("long", 80));
        let problems = functions(&Tree::of(&[("a.rs", &text)]));
        assert_eq!(
            problems,
            [Problem::at("a.rs".as_ref(), 80, "`long` has 80 lines; split it, the limit is 80")]
        );
    }

    #[test]
    fn methods_and_functions_of_tests_are_measured_too() {
        let text =
            format!("impl A {{\n{}}}\nmod tests {{\n{}}}\n", function("method", 90), function("inner", 90));
        assert_eq!(functions(&Tree::of(&[("a.rs", &text)])).len(), 2);
    }

    #[test]
    fn a_file_that_does_not_parse_is_reported() {
        assert!(functions(&Tree::of(&[("a.rs", "fn (")]))[0].message.starts_with("does not parse"));
    }
}
