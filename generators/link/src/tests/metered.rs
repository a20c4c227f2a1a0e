//! The pass that makes modules count what they do.
//!
//! How much they count is compared with wasmtime in `conformance/hosts/tests/fuel.rs`.

use wasmtime_environ::wasmparser::{Parser, Payload, TypeRef, Validator, WasmFeatures};

use super::component_of;
use crate::plan::{CoreDef, CoreKind, Item, Step};
use crate::{Linked, Options, link};

const METERED: Options = Options { single_memory: false, interruptible: false, metered: true, bulk: true };

fn linked(text: &str) -> Linked {
    link(&wat::parse_str(text).unwrap(), METERED).unwrap()
}

#[test]
fn rewritten_modules_are_valid_and_get_what_they_import() {
    for script in ["turns.wast", "lists.wast", "state.wast", "strings.wast"] {
        for (single_memory, interruptible) in [(false, false), (true, false), (true, true)] {
            let options = Options { single_memory, interruptible, ..METERED };
            let linked = link(&component_of(script), options).unwrap();
            let mut features = WasmFeatures::WASM2;
            features.set(WasmFeatures::MULTI_MEMORY, !single_memory);
            for (module, bytes) in linked.plan.modules.iter().zip(&linked.modules) {
                let valid = Validator::new_with_features(features).validate_all(bytes);
                assert!(valid.is_ok(), "{script}, {}: {:?}", module.file, valid.err());
                assert_eq!(module.imports, imports_of(bytes), "{script}, {}", module.file);
            }
            for step in &linked.plan.init {
                if let Step::Instantiate { module, args, .. } = step {
                    assert_eq!(args.len(), linked.plan.modules[*module].imports.len());
                }
            }
        }
    }
}

/// What a module imports, by its own bytes.
fn imports_of(module: &[u8]) -> Vec<(String, String, CoreKind)> {
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload.unwrap() {
            for import in section.into_imports() {
                let import = import.unwrap();
                let kind = match import.ty {
                    TypeRef::Memory(_) => CoreKind::Memory,
                    TypeRef::Table(_) => CoreKind::Table,
                    TypeRef::Global(_) => CoreKind::Global,
                    TypeRef::Tag(_) => CoreKind::Tag,
                    _ => CoreKind::Func,
                };
                imports.push((import.module.to_owned(), import.name.to_owned(), kind));
            }
        }
    }
    imports
}

#[test]
fn the_meter_comes_first_and_all_other_instances_after_it() {
    let linked = linked(
        r#"(component
          (core module $m
            (memory 3) (func (export "f") (result i32) (memory.grow (i32.const 1))))
          (core instance $m (instantiate $m))
          (func (export "f") (result u32) (canon lift (core func $m "f"))))"#,
    );
    let plan = &linked.plan;
    assert_eq!(plan.meter, Some(0));
    let gauge = |name: &str| CoreDef::Export(0, name.to_owned());
    let steps = [
        Step::Instantiate { module: 1, args: vec![], instance: None },
        Step::Instantiate {
            module: 0,
            args: vec![gauge("fuel"), gauge("reached"), gauge("memory")],
            instance: Some(0),
        },
    ];
    assert_eq!(plan.init, steps);
    let Item::Func { func, .. } = &plan.exports[0].item else { panic!("{:?}", plan.exports) };
    assert_eq!(*func, CoreDef::Export(1, "f".to_owned()));
    assert_eq!([plan.modules[0].pages, plan.modules[1].pages], [3, 0]);
}

/// Hosts find imports by their names, and a component must not get at its own limits.
#[test]
fn no_other_import_is_called_as_the_meter() {
    let linked = linked(
        r#"(component
          (core module $mine (global (export "fuel") (mut i64) (i64.const 0)))
          (core instance $mine (instantiate $mine))
          (core module $m
            (import "meter" "fuel" (global (mut i64)))
            (import "meter'" "reached" (global (mut i64)))
            (func (global.set 0 (i64.const 1)) (global.set 1 (i64.const 1))))
          (core instance (instantiate $m
            (with "meter" (instance $mine))
            (with "meter'" (instance (export "reached" (global $mine "fuel")))))))"#,
    );
    let names: Vec<&str> = linked.plan.modules[1].imports.iter().map(|(from, _, _)| from.as_str()).collect();
    assert_eq!(names, ["meter", "meter'", "meter''", "meter''"]);
}

#[test]
fn modules_without_code_stay_as_they_are() {
    let linked = linked(
        r#"(component
          (core module $m (memory (export "memory") 1))
          (core instance (instantiate $m)))"#,
    );
    assert_eq!(linked.plan.modules[0].imports, []);
    assert_eq!(linked.modules[0], wat::parse_str(r#"(module $m (memory (export "memory") 1))"#).unwrap());
}
