//! The package for programs that run components.
//!
//! A module for each interface declares its types as those of a guest do. What a component imports is a `Protocol` to
//! implement, what it exports a class with its functions. Statements at the end of a module describe the types and
//! functions to `witgen_runtime`, which moves the values; generated code holds none that does.

mod descriptors;
mod header;
mod interface;
mod resource;
pub(crate) mod roles;
mod world;

use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_templates::python as view;

use crate::HostOptions;
use crate::docs::docstring;
use crate::guest::{VALUES, all_statement, print};
use crate::host::roles::Roles;
use crate::layout::{Node, import_key};
use crate::names::{Names, WORLD_MODULE};
use crate::types::from_import;

/// The package of the run time.
const RUNTIME_PACKAGE: &str = "witgen_runtime";

/// Renders all files.
pub(crate) fn package(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    let mut names = Names::for_host(world);
    let roles = Roles::new(world, &mut names, options);
    let mut files = FileSet::new();
    let mut submodules: Vec<String> = Vec::new();
    for (index, module) in names.modules.iter().enumerate().skip(1) {
        let Some(rendered) = interface::module(world, &names, &roles, index)? else { continue };
        files.insert(format!("{}.py", module.name), print(&rendered))?;
        submodules.push(module.name.clone());
    }
    let (rendered, world_names) = world::module(world, &names, &roles)?;
    files.insert(format!("{WORLD_MODULE}.py"), print(&rendered))?;
    files.insert("__init__.py", print(&root_package(world, submodules, world_names)))?;
    files.insert("py.typed", "")?;
    Ok(files)
}

/// `import` of the package itself: all modules, the world, and the values of WIT.
fn root_package(
    world: &World,
    mut submodules: Vec<String>,
    mut world_names: Vec<String>,
) -> view::PackageView {
    submodules.sort_by_cached_key(|name| import_key(name));
    world_names.sort_by_cached_key(|name| import_key(name));
    let names = |names: &[String]| names.iter().map(Node::text).collect();
    let mut imports = vec![from_import(RUNTIME_PACKAGE, VALUES.map(Node::text).to_vec()), String::new()];
    if !submodules.is_empty() {
        imports.push(from_import(".", names(&submodules)));
    }
    imports.push(from_import(&format!(".{WORLD_MODULE}"), names(&world_names)));
    let mut all: Vec<String> = VALUES.map(str::to_owned).to_vec();
    all.extend(submodules);
    all.extend(world_names);
    let doc = world.docs.clone().unwrap_or_default();
    let doc = format!(
        "Bindings for programs that run components of the world `{}`.\n\n{doc}",
        world.qualified_name()
    );
    view::PackageView { doc: docstring(&doc, 0), imports, all: all_statement(all) }
}
