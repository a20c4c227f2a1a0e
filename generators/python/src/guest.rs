//! The files of the package.

mod entry;
mod exports;
mod module;
mod resource;

use std::fmt::Display;

use witgen_backend::Runtime;
use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_templates::python as view;

use crate::GuestOptions;
use crate::docs::docstring;
use crate::layout::{Node, WIDTH, import_key, sort_names};
use crate::names::{Module, Names, RUNTIME, WORLD_MODULE};
use crate::types::from_import;

/// The name of the pure package that has the support code.
const RUNTIME_PACKAGE: &str = "witgen_guest";

const RUNTIME_FILES: [(&str, &str); 7] = [
    ("__init__.py", include_str!("../../../runtime-support/python/witgen_guest/__init__.py")),
    ("checks.py", include_str!("../../../runtime-support/python/witgen_guest/checks.py")),
    ("component.py", include_str!("../../../runtime-support/python/witgen_guest/component.py")),
    ("deprecation.py", include_str!("../../../runtime-support/python/witgen_guest/deprecation.py")),
    ("loading.py", include_str!("../../../runtime-support/python/witgen_guest/loading.py")),
    ("resources.py", include_str!("../../../runtime-support/python/witgen_guest/resources.py")),
    ("values.py", include_str!("../../../runtime-support/python/witgen_guest/values.py")),
];

/// Values of WIT that applications make and take apart.
pub(crate) const VALUES: [&str; 4] = ["Err", "Ok", "Some", "WitError"];

/// Renders all files.
pub(crate) fn package(world: &World, options: &GuestOptions) -> witgen_diag::Result<FileSet> {
    let names = Names::new(world);
    let mut files = FileSet::new();
    let mut modules: Vec<&Module> = Vec::new();
    let mut world_names: Vec<String> = Vec::new();
    for (index, module) in names.modules.iter().enumerate() {
        let Some((rendered, all)) = module::module(world, &names, index)? else { continue };
        files.insert(format!("{}.py", module.name), print(&rendered))?;
        match module.is_world() {
            true => world_names = all,
            false => modules.push(module),
        }
    }
    let exported: Vec<&Module> = names.modules.iter().filter(|module| module.is_implemented(world)).collect();
    for module in &exported {
        let rendered = exports::exports(world, &names, module)?;
        files.insert(format!("exports/{}.py", module.name), print(&rendered))?;
    }
    if !exported.is_empty() {
        files.insert("exports/__init__.py", print(&exports_package(world, &exported)))?;
    }
    files.insert("__init__.py", print(&root_package(world, &modules, !exported.is_empty(), &world_names)))?;
    files.insert("_entry.py", print(&entry::entry(world, &names, &exported)?))?;
    files.insert("py.typed", "")?;
    match options.runtime {
        Runtime::Embed => {
            for (name, text) in RUNTIME_FILES {
                files.insert(format!("{RUNTIME}/{name}"), text)?;
            }
        }
        Runtime::Package => {
            let text = format!(
                "\"\"\"The support code, from the package `{RUNTIME_PACKAGE}`.\"\"\"\n\n\
                 from {RUNTIME_PACKAGE} import *  # noqa: F403\n"
            );
            files.insert(format!("{RUNTIME}.py"), text)?;
        }
    }
    Ok(files)
}

/// `import` of the package itself: all modules, what the world has, and the values of WIT.
fn root_package(
    world: &World,
    modules: &[&Module],
    has_exports: bool,
    world_names: &[String],
) -> view::PackageView {
    let mut submodules: Vec<String> = modules.iter().map(|module| module.name.clone()).collect();
    submodules.extend(has_exports.then(|| "exports".to_owned()));
    submodules.sort_by_cached_key(|name| import_key(name));
    let mut imports = Vec::new();
    if !submodules.is_empty() {
        imports.push(from_import(".", submodules.iter().map(Node::text).collect()));
    }
    imports.push(from_import(&format!(".{RUNTIME}"), VALUES.map(Node::text).to_vec()));
    if !world_names.is_empty() {
        let mut world_names = world_names.to_vec();
        world_names.sort_by_cached_key(|name| import_key(name));
        imports.push(from_import(&format!(".{WORLD_MODULE}"), world_names.iter().map(Node::text).collect()));
    }
    let mut all: Vec<String> = VALUES.map(str::to_owned).to_vec();
    all.extend(submodules);
    all.extend(world_names.iter().cloned());
    let doc = world.docs.clone().unwrap_or_default();
    let doc = format!("Bindings for components of the world `{}`.\n\n{doc}", world.qualified_name());
    view::PackageView { doc: docstring(&doc, 0), imports, all: all_statement(all) }
}

/// The protocols, all in one place.
fn exports_package(world: &World, exported: &[&Module]) -> view::PackageView {
    let mut sorted: Vec<&&Module> = exported.iter().collect();
    sorted.sort_by_cached_key(|module| import_key(&module.name));
    let imports = sorted
        .iter()
        .map(|module| from_import(&format!(".{}", module.name), vec![Node::text(&module.class)]))
        .collect();
    let doc = format!("What a component of the world `{}` implements.", world.qualified_name());
    let all = exported.iter().map(|module| module.class.clone()).collect();
    view::PackageView { doc: docstring(&doc, 0), imports, all: all_statement(all) }
}

/// `__all__ = [...]`
pub(crate) fn all_statement(mut names: Vec<String>) -> String {
    sort_names(&mut names);
    let names = names.into_iter().map(|name| Node::text(format!("\"{name}\""))).collect();
    Node::list(names).lay_out(0, "__all__ = ", "")
}

/// The text of a file, which ends with one line break.
pub(crate) fn print(view: &impl Display) -> String {
    let text = view.to_string();
    let text = text.trim();
    // A type that is longer than a line is not broken here, and `ruff format` must not ask for it.
    let start = if has_long_line(text) { "# fmt: off\n" } else { "" };
    format!("{start}{text}\n")
}

/// Whether a line of code, not of a docstring, is wider than a formatter leaves it.
fn has_long_line(text: &str) -> bool {
    let mut in_docstring = false;
    text.lines().any(|line| {
        let quotes = line.matches("\"\"\"").count();
        let is_code = !in_docstring && quotes == 0;
        in_docstring ^= quotes % 2 == 1;
        is_code && line.chars().count() > WIDTH
    })
}
