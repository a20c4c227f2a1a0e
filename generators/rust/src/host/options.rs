//! What the options say of a world: which of its interfaces, resources and functions they mean.

use std::collections::{BTreeMap, BTreeSet};

use witgen_diag::{Diagnostic, Id, suggestions};
use witgen_ir::{
    Direction, Function, FunctionId, Interface, InterfaceId, PackageName, Type, TypeId, TypeKind, World,
};
use witgen_languages::Role;

use super::names::implemented;
use crate::HostOptions;
use crate::names::scope;

/// A name that stands for all imported functions.
const EVERY: &str = "*";
/// What a path starts with that begins at the root of the file.
pub(super) const ROOTED: &str = "~";

/// The options, by what they mean.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// Interfaces whose bindings are elsewhere.
    pub(super) interfaces: BTreeMap<InterfaceId, String>,
    /// Resources that are a type of the program.
    pub(super) resources: BTreeMap<TypeId, String>,
    /// Imported functions that may trap.
    pub(super) trappable: BTreeSet<FunctionId>,
    /// Error types that a type of the program stands for.
    pub(super) errors: BTreeMap<TypeId, String>,
    /// Derives besides those that each type has, without doubles.
    pub(super) derives: Vec<String>,
    /// Items at the root of the file for paths that only the root can name.
    pub(super) aliases: Vec<String>,
}

impl Mapping {
    /// One `InvalidConfig` for each name that the world does not have.
    pub(super) fn new(world: &World, options: &HostOptions) -> witgen_diag::Result<Self> {
        let mut mapping = Self { derives: options.additional_derives.clone(), ..Self::default() };
        mapping.derives.sort_unstable();
        mapping.derives.dedup();
        check_paths(options)?;
        let mut finder = Finder { world, used: BTreeSet::new(), known: BTreeSet::new() };
        let with = mapping
            .reachable(&options.with, |path, name| format!("#[doc(hidden)]\npub use {path} as {name};"));
        for interface in world.interfaces_of(Direction::Import) {
            if let Some(path) = finder.interface(interface, &with) {
                mapping.interfaces.insert(interface.id, path);
                continue;
            }
            for id in &interface.types {
                let def = world.type_def(*id);
                if let (TypeKind::Resource, Some(name)) = (&def.kind, &def.name)
                    && let Some(path) = finder.item(interface, name, &with)
                {
                    mapping.resources.insert(*id, path);
                }
            }
        }
        for def in world.world_types() {
            if let (TypeKind::Resource, Some(name)) = (&def.kind, &def.name)
                && let Some(path) = finder.find(name, &with)
            {
                mapping.resources.insert(def.id, path);
            }
        }
        let mut findings = finder.unused("with", with.keys());
        let errors = mapping.reachable(&options.trappable_error_types, |path, name| {
            format!("#[doc(hidden)]\npub type {name} = {path};")
        });
        mapping.errors = finder.errors(&errors);
        findings.extend(finder.unused("trappable-error-type", errors.keys()));
        mapping.trappable = finder.trappable(&options.trappable_imports);
        findings.extend(finder.unused("trappable-imports", options.trappable_imports.iter()));
        if findings.is_empty() { Ok(mapping) } else { Err(findings) }
    }

    /// The error that stands for the result of a function, which may trap: its type, and the path to that of the
    /// program.
    pub(super) fn error(&self, world: &World, function: &Function) -> Option<(TypeId, &str)> {
        let Type::Id(result) = function.result? else { return None };
        let TypeKind::Result { err: Some(err), .. } = world.type_def(result).kind else { return None };
        let Type::Id(err) = world.resolve_alias(err) else { return None };
        if !self.trappable.contains(&function.id) {
            return None;
        }
        self.errors.get(&err).map(|path| (err, path.as_str()))
    }

    /// Paths that every module can name, which those are that start at a crate's root.
    fn reachable(
        &mut self,
        paths: &BTreeMap<String, String>,
        alias: impl Fn(&str, &str) -> String,
    ) -> BTreeMap<String, String> {
        let mut reachable = BTreeMap::new();
        for (wit, path) in paths {
            let path = if path.starts_with("crate::") || path.starts_with("::") {
                path.clone()
            } else {
                let name = format!("_WitgenPath{}", self.aliases.len());
                self.aliases.push(alias(path, &name));
                format!("{ROOTED}{name}")
            };
            reachable.insert(wit.clone(), path);
        }
        reachable
    }
}

/// Refuses what is no path of Rust, which could only be found wrong when the bindings are compiled.
fn check_paths(options: &HostOptions) -> witgen_diag::Result<()> {
    let with = options.with.values().map(|path| ("with", path));
    let errors = options.trappable_error_types.values().map(|path| ("trappable-error-type", path));
    let derives = options.additional_derives.iter().map(|path| ("additional-derives", path));
    let wrong = with.chain(errors).chain(derives).filter(|(_, path)| !is_path(path)).map(|(option, path)| {
        Diagnostic::error(Id::InvalidConfig, format!("`{option}` has `{path}`, which is no path of Rust"))
            .help("write it like `crate::store::Blob`")
    });
    let wrong: Vec<Diagnostic> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Whether `text` may be a path; the arguments of generics are not looked at.
fn is_path(text: &str) -> bool {
    let plain = text.split('<').next().unwrap_or_default();
    let plain = plain.strip_prefix("::").unwrap_or(plain);
    let is_name = |name: &str| {
        let mut letters = name.strip_prefix("r#").unwrap_or(name).chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    plain.split("::").all(is_name) && !text.contains([';', '{', '}', '"', '\n'])
}

struct Finder<'a> {
    world: &'a World,
    used: BTreeSet<String>,
    /// Every name that would have been found.
    known: BTreeSet<String>,
}

impl Finder<'_> {
    fn find(&mut self, name: &str, paths: &BTreeMap<String, String>) -> Option<String> {
        self.known.insert(name.to_owned());
        let path = paths.get(name)?;
        self.used.insert(name.to_owned());
        Some(path.clone())
    }

    /// The path that stands for an interface, its package or its namespace.
    fn interface(&mut self, interface: &Interface, paths: &BTreeMap<String, String>) -> Option<String> {
        let Some((package, name)) = place(interface) else { return self.find(&interface.key, paths) };
        let module = |wit: &str| scope().name(Role::Module, wit);
        let mut tail = String::new();
        for spelled in keys(&package, &name) {
            if let Some(path) = self.find(&spelled, paths) {
                return Some(path);
            }
        }
        tail.insert_str(0, &format!("::{}", module(&name)));
        for spelled in versions(&package, "") {
            if let Some(path) = self.find(&spelled, paths) {
                return Some(path + &tail);
            }
        }
        tail.insert_str(0, &format!("::{}", module(&package.name)));
        self.find(&package.namespace, paths).map(|path| path + &tail)
    }

    /// The path that stands for a resource.
    fn item(
        &mut self,
        interface: &Interface,
        name: &str,
        paths: &BTreeMap<String, String>,
    ) -> Option<String> {
        let keys = match place(interface) {
            Some((package, interface)) => keys(&package, &interface),
            None => vec![interface.key.clone()],
        };
        keys.iter().find_map(|key| self.find(&format!("{key}.{name}"), paths))
    }

    fn errors(&mut self, paths: &BTreeMap<String, String>) -> BTreeMap<TypeId, String> {
        self.known.clear();
        let mut errors = BTreeMap::new();
        for interface in self.world.interfaces_of(Direction::Import) {
            for id in &interface.types {
                let def = self.world.type_def(*id);
                let Some(name) = &def.name else { continue };
                if let Some(path) = self.item(interface, name, paths) {
                    errors.insert(*id, path);
                }
            }
        }
        errors
    }

    fn trappable(&mut self, wanted: &[String]) -> BTreeSet<FunctionId> {
        self.known.clear();
        let paths: BTreeMap<String, String> =
            wanted.iter().map(|name| (name.clone(), String::new())).collect();
        let mut found = BTreeSet::new();
        for function in self.world.functions.iter().filter(|function| function.direction == Direction::Import)
        {
            let hit = match function.interface.map(|id| self.world.interface(id)) {
                Some(interface) => {
                    let exact = self.item(interface, &function.wit_name, &paths);
                    let whole = self.interface(interface, &paths);
                    exact.or(whole)
                }
                None => self.find(&function.wit_name, &paths),
            };
            if hit.is_some() || paths.contains_key(EVERY) {
                found.insert(function.id);
            }
        }
        self.used.insert(EVERY.to_owned());
        found
    }

    fn unused<'n>(&self, option: &str, names: impl Iterator<Item = &'n String>) -> Vec<Diagnostic> {
        let unused = names.filter(|name| !self.used.contains(*name));
        let diagnostics = unused.map(|name| {
            let message =
                format!("`{option}` names `{name}`, which `{}` does not import", self.world.qualified_name());
            let mut diagnostic = Diagnostic::error(Id::InvalidConfig, message);
            for close in suggestions(name, self.known.iter().map(String::as_str)) {
                diagnostic = diagnostic.help(format!("there is `{close}`"));
            }
            diagnostic
        });
        diagnostics.collect()
    }
}

/// The package and the name of an interface that has them.
fn place(interface: &Interface) -> Option<(PackageName, String)> {
    if let Some(found) = implemented(interface) {
        return Some(found);
    }
    (!interface.inline).then(|| (interface.package.clone(), interface.name.clone()))
}

/// `ns:pkg/iface@1.0.0`, `ns:pkg/iface`
fn keys(package: &PackageName, interface: &str) -> Vec<String> {
    versions(package, &format!("/{interface}"))
}

fn versions(package: &PackageName, tail: &str) -> Vec<String> {
    let plain = format!("{}:{}{tail}", package.namespace, package.name);
    let versioned = package.version.as_ref().map(|version| format!("{plain}@{version}"));
    versioned.into_iter().chain([plain]).collect()
}
