//! The import declarations of one file.

use std::collections::BTreeMap;

use witgen_backend::Scope;
use witgen_languages::{Language, Role};
use witgen_templates::go::ImportView;

/// What files import of the standard library.
const STANDARD: [&str; 7] = ["context", "fmt", "math", "runtime", "slices", "strings", "unsafe"];

/// What glue code has of its own, besides what [`is_local`] knows.
const LOCALS: [&str; 12] = [
    "area",
    "arena",
    "end",
    "err",
    "failed",
    "implementation",
    "moves",
    "number",
    "outer",
    "placed",
    "returned",
    "value",
];

/// What the code of hosts has besides.
const HOST_LOCALS: [&str; 10] =
    ["call", "component", "context", "ctx", "host", "imports", "instance", "linker", "options", "stack"];

/// Collects what a file imports while its texts are made.
pub(crate) struct Imports {
    scope: Scope,
    by_path: BTreeMap<String, (String, bool)>,
}

impl Imports {
    /// No imports; `reserved` are identifiers of the package that start with a small letter.
    pub(crate) fn new(reserved: &[&str]) -> Self {
        let mut scope = Scope::new(Language::Go);
        let own = ["abi", "wit", "unsafe", "runtime"];
        for name in reserved.iter().chain(&own).chain(&LOCALS) {
            scope.reserve(*name);
        }
        Self { scope, by_path: BTreeMap::new() }
    }

    /// No imports, in a file of a host.
    pub(crate) fn of_host(reserved: &[&str]) -> Self {
        let mut imports = Self::new(reserved);
        for name in HOST_LOCALS {
            imports.scope.reserve(name);
        }
        imports
    }

    /// No imports, in a file that people go on with.
    pub(crate) fn of_program() -> Self {
        let mut scope = Scope::new(Language::Go);
        for name in ["init", "main", "wit"] {
            scope.reserve(name);
        }
        Self { scope, by_path: BTreeMap::new() }
    }

    /// What stands before the dot for a package of the standard library or of the support code.
    pub(crate) fn fixed<'n>(&mut self, path: &str, name: &'n str) -> &'n str {
        self.by_path.entry(path.to_owned()).or_insert_with(|| (name.to_owned(), false));
        name
    }

    /// What stands before the dot for a generated package.
    pub(crate) fn package(&mut self, path: &str, name: &str) -> String {
        if let Some((alias, _)) = self.by_path.get(path) {
            return alias.clone();
        }
        let alias = self.scope.unique(if is_local(name) { format!("{name}pkg") } else { name.to_owned() });
        let renamed = alias != name;
        self.by_path.insert(path.to_owned(), (alias.clone(), renamed));
        alias
    }

    /// A name for a type of the file itself, in small letters, that no package has.
    ///
    /// Packages that are imported afterwards get another one.
    pub(crate) fn own(&mut self, wit: &str) -> String {
        let name = self.scope.name(Role::Param, wit);
        match name.strip_suffix('_') {
            Some(stem) => self.scope.unique(format!("{stem}Resource")),
            None => name,
        }
    }

    /// The declarations, sorted as gofmt sorts them: the standard library, then the rest.
    pub(crate) fn groups(&self) -> Vec<Vec<ImportView>> {
        let (standard, others): (Vec<_>, Vec<_>) =
            self.by_path.iter().partition(|(path, _)| STANDARD.contains(&path.as_str()));
        [standard, others]
            .into_iter()
            .filter(|group| !group.is_empty())
            .map(|group| {
                group
                    .into_iter()
                    .map(|(path, (alias, renamed))| ImportView {
                        spec: if *renamed { format!("{alias} \"{path}\"") } else { format!("\"{path}\"") },
                    })
                    .collect()
            })
            .collect()
    }
}

/// Whether glue code has locals like this: a letter or two and a number.
fn is_local(name: &str) -> bool {
    let stem = name.trim_end_matches(|last: char| last.is_ascii_digit());
    stem.len() < name.len() && stem.len() <= 4
}
