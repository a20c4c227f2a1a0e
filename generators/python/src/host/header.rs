//! The imports of a module.

use std::collections::{BTreeMap, BTreeSet};

use crate::host::RUNTIME_PACKAGE;
use crate::layout::{Node, import_key};
use crate::types::{Speller, from_import};

/// Names of the standard library and of the run time that a module uses.
#[derive(Default)]
pub(crate) struct Header {
    plain: BTreeSet<&'static str>,
    /// Names by module, and what they are called here.
    named: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
}

impl Header {
    /// `import module`
    pub(crate) fn plain(&mut self, module: &'static str) {
        self.plain.insert(module);
    }

    /// The local name of `name` of `module`: itself, unless a type of WIT is called so.
    pub(crate) fn named(
        &mut self,
        speller: &mut Speller<'_>,
        module: &'static str,
        name: &'static str,
    ) -> String {
        if let Some(local) = self.named.get(module).and_then(|names| names.get(name)) {
            return local.clone();
        }
        let local = match speller.scope.is_taken(name) && !RESERVED.contains(&name) {
            true => format!("_Witgen{name}"),
            false => name.to_owned(),
        };
        speller.scope.reserve(local.as_str());
        self.named.entry(module).or_default().insert(name, local.clone());
        local
    }

    /// All import statements, in groups.
    pub(crate) fn groups(mut self, mut speller: Speller<'_>) -> Vec<Vec<String>> {
        for name in std::mem::take(&mut speller.collections) {
            self.named(&mut speller, "collections.abc", name);
        }
        for name in std::mem::take(&mut speller.runtime) {
            self.named(&mut speller, RUNTIME_PACKAGE, name);
        }
        let mut standard: Vec<String> = self.plain.iter().map(|module| format!("import {module}")).collect();
        let mut third = Vec::new();
        for (module, names) in &self.named {
            let group = if *module == RUNTIME_PACKAGE { &mut third } else { &mut standard };
            group.extend(statements(module, names));
        }
        let future = vec!["from __future__ import annotations".to_owned()];
        let groups = [future, standard, third, speller.import_lines()];
        groups.into_iter().filter(|group| !group.is_empty()).collect()
    }
}

/// Names that every scope of a module keeps for the imports.
const RESERVED: [&str; 4] = ["Callable", "Mapping", "Sequence", "TypeAlias"];

fn statements(module: &str, names: &BTreeMap<&'static str, String>) -> Vec<String> {
    let mut plain: Vec<&str> =
        names.iter().filter(|(name, local)| *name == local).map(|(name, _)| *name).collect();
    plain.sort_by_cached_key(|name| import_key(name));
    let mut found: Vec<(&str, String)> = names
        .iter()
        .filter(|(name, local)| *name != local)
        .map(|(name, local)| (*name, format!("from {module} import {name} as {local}")))
        .collect();
    if let Some(first) = plain.first() {
        found.push((first, from_import(module, plain.iter().map(|name| Node::text(*name)).collect())));
    }
    found.sort_by_cached_key(|(name, _)| import_key(name));
    found.into_iter().map(|(_, statement)| statement).collect()
}
