//! Components of a large and of awkward worlds, made by componentize-py.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;

use common::root;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use witgen_build::{Project, Wit};
use witgen_diag::Id;
use witgen_ir::Options;
use witgen_languages::Language;
use witgen_python::GuestOptions;

/// What componentize-py exports for itself, which is there in every component.
const THEIRS: &str = "exports";

const TORTURE: &str = "generators/python/tests/wit/torture.wit";

/// The component of the application in the folder `app` below the tests; none without the tools.
fn component(app: &str, wit: &[&str], world: &str) -> Option<Vec<u8>> {
    let wit: Vec<PathBuf> = wit.iter().map(|path| root().join(path)).collect();
    let options = Options { world: Some(world.to_owned()), ..Options::default() };
    let ir = witgen_ir::load(&wit, &options).unwrap();
    let bindings = witgen_python::guest(&ir, &GuestOptions::default()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in bindings.iter() {
        let path = dir.path().join("bindings").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let source = dir.path().join("app.py");
    std::fs::copy(root().join("generators/python/tests").join(app).join("app.py"), &source).unwrap();
    let (resolved, id) = witgen_ir::resolve_inputs(&wit, &options).unwrap();
    let project = Project {
        language: Language::Python,
        root: dir.path().to_owned(),
        wit,
        world: options.world,
        source,
        bindings: dir.path().join("bindings"),
        rust_target: witgen_build::RustTarget::default(),
    };
    match witgen_build::build(&project, &Wit::new(resolved.resolve, id), &bindings) {
        Ok(component) => Some(component),
        Err(found) if found.iter().all(|found| found.id == Id::MissingTool) => {
            assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "{found:?}");
            println!("skipped python: tools not found");
            None
        }
        Err(found) => panic!("{world}: {found:?}"),
    }
}

/// What a component imports and exports, but for the WASI of CPython.
fn names(component: &[u8]) -> (BTreeSet<String>, BTreeSet<String>) {
    Validator::new_with_features(WasmFeatures::all()).validate_all(component).unwrap();
    let (mut imports, mut exports, mut depth) = (BTreeSet::new(), BTreeSet::new(), 0usize);
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                let names = section.into_iter().map(|import| import.unwrap().name.name.to_owned());
                imports.extend(names.filter(|name| !name.contains("@0.2.9")));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                let names = section.into_iter().map(|export| export.unwrap().name.name.to_owned());
                exports.extend(names.filter(|name| name != THEIRS));
            }
            _ => {}
        }
    }
    (imports, exports)
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn http_proxy_is_a_component() {
    let Some(component) = component("proxy", &[], "wasi:http/proxy@0.2.12") else { return };
    let (imports, exports) = names(&component);
    assert_eq!(exports, set(&["wasi:http/incoming-handler@0.2.12"]));
    assert!(imports.contains("wasi:http/types@0.2.12"), "{imports:?}");
}

#[test]
fn worlds_that_componentize_py_stumbles_over_are_components_of_it() {
    let Some(provider) = component("torture/provider", &[TORTURE], "provider") else { return };
    let exported = set(&[
        "exp",
        "inner",
        "read",
        "test:torture/forms@1.2.3",
        "test:torture/handles@1.2.3",
        "test:torture/hidden@1.2.3",
    ]);
    assert_eq!(names(&provider), (BTreeSet::new(), exported.clone()));
    let Some(consumer) = component("torture/consumer", &[TORTURE], "consumer") else { return };
    assert_eq!(names(&consumer), (exported, set(&["run"])));
}
