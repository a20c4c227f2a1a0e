//! Components of large and of awkward worlds, made from a program that imports and exports everything.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use wasmparser::{Parser, Payload};
use witgen_build::{Project, Wit};
use witgen_diag::Id;
use witgen_emit::FileSet;
use witgen_ir::{Direction, Interface, Options, World};
use witgen_js::GuestOptions;
use witgen_languages::Language;

/// WIT below the repository, and the name of the world.
const WORLDS: [(&[&str], &str); 6] = [
    (&[], "wasi:http/proxy@0.2.12"),
    (&["generators/js/tests/wit/torture.wit"], "torture"),
    (&["conformance/wit"], "names-shapes-world"),
    (&["conformance/wit"], "store-users-world"),
    (&["conformance/wit"], "drawers-world"),
    (&["conformance/wit"], "names-packages-world"),
];

#[test]
fn programs_that_use_all_of_a_world_are_components_of_it() {
    for (wit, world) in WORLDS {
        check(wit, world);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn check(wit: &[&str], world: &str) {
    let wit: Vec<PathBuf> = wit.iter().map(|path| root().join(path)).collect();
    let options = Options { world: Some(world.to_owned()), ..Options::default() };
    let ir = witgen_ir::load(&wit, &options).unwrap();
    let bindings = witgen_js::guest(&ir, &GuestOptions::default()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in bindings.iter() {
        let path = dir.path().join("bindings").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let source = dir.path().join("app.js");
    std::fs::write(&source, program(&bindings)).unwrap();
    let (resolved, id) = witgen_ir::resolve_inputs(&wit, &options).unwrap();
    let project = Project {
        language: Language::Js,
        root: dir.path().to_owned(),
        wit,
        world: options.world.clone(),
        source,
        bindings: dir.path().join("bindings"),
        rust_target: witgen_build::RustTarget::default(),
    };
    let component = match witgen_build::build(&project, &Wit::new(resolved.resolve, id), &bindings) {
        Ok(component) => component,
        Err(found) if found.iter().all(|found| found.id == Id::MissingTool) => {
            assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "{found:?}");
            return println!("skipped js: tools not found");
        }
        Err(found) => panic!("{world}: {found:?}"),
    };
    let (imports, exports) = made(&component);
    assert_eq!(exports, names(&ir, Direction::Export), "{world}");
    let missing: Vec<String> = names(&ir, Direction::Import).difference(&imports).cloned().collect();
    assert!(missing.is_empty(), "{world} does not import {missing:?}");
}

/// What a component imports and exports.
fn made(component: &[u8]) -> (BTreeSet<String>, BTreeSet<String>) {
    wasmparser::Validator::new().validate_all(component).unwrap();
    let (mut imports, mut exports, mut depth) = (BTreeSet::new(), BTreeSet::new(), 0usize);
    let named = |name: wasmparser::ComponentExternName<'_>| match name.implements {
        Some(implements) => format!("{}: {implements}", name.name),
        None => name.name.to_owned(),
    };
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(section.into_iter().map(|import| named(import.unwrap().name)));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().map(|export| named(export.unwrap().name)));
            }
            _ => {}
        }
    }
    (imports, exports)
}

/// The functions and interfaces of the world, by their names in a component. Nobody imports an empty interface.
fn names(world: &World, direction: Direction) -> BTreeSet<String> {
    let is_there = |interface: &&Interface| direction == Direction::Export || !interface.functions.is_empty();
    let interfaces = world.interfaces_of(direction).filter(is_there);
    let keys = interfaces.map(|interface| match &interface.implements {
        Some(implements) => format!("{}: {implements}", interface.key),
        None => interface.key.clone(),
    });
    keys.chain(world.functions_of(direction).map(|func| func.wit_name.clone())).collect()
}

/// A program that imports every module of the bindings, and exports something that can be used as anything.
fn program(bindings: &FileSet) -> String {
    let is_imported = |path: &&str| {
        let starts = ["_witgen/", "exports/", "entry.js", "errors.js"];
        path.ends_with(".js") && !starts.iter().any(|start| path.starts_with(start))
    };
    let modules: Vec<&str> = bindings.iter().map(|(path, _)| path).filter(is_imported).collect();
    let mut text = String::new();
    for (index, path) in modules.iter().enumerate() {
        let path = Path::new("./bindings").join(path);
        text.push_str(&format!("import * as m{index} from \"./{}\";\n", path.display()));
    }
    let names: Vec<String> = (0..modules.len()).map(|index| format!("m{index}")).collect();
    text.push_str(&format!("globalThis.used = [{}];\n", names.join(", ")));
    text.push_str(
        "const get = () => anything;\n\
         const anything = new Proxy(() => {}, {\n\
         \x20 get: (_, name) => (name === \"prototype\" ? new Proxy({}, { get }) : anything),\n\
         \x20 apply: () => anything,\n\
         });\n\
         export default anything;\n",
    );
    text
}
