//! Translation of hand-written components: what comes out, and what is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod adapters;
mod hostile;
mod interrupt;
mod metered;
mod refused;
mod shims;

use crate::plan::Import;
use crate::{Linked, Options, link};

/// The plan of a component in text form.
fn linked(text: &str) -> Linked {
    link(&wat::parse_str(text).unwrap(), Options::default()).unwrap()
}

/// The first component of a script of the conformance tests.
fn component_of(script: &str) -> Vec<u8> {
    let path = format!("{}/../../conformance/link/{script}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let buffer = wast::parser::ParseBuffer::new(&text).unwrap();
    let script: wast::Wast<'_> = wast::parser::parse(&buffer).unwrap();
    let components = script.directives.into_iter().filter_map(|directive| match directive {
        wast::WastDirective::ModuleDefinition(mut module) | wast::WastDirective::Module(mut module) => {
            Some(module.encode().unwrap())
        }
        _ => None,
    });
    components.into_iter().next().unwrap()
}

const COUNTER: &str = r#"(component
  (import "log" (func $log (param "line" string)))
  (import "store" (instance $store (export "item" (type (sub resource)))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
  (core instance $memory (instantiate $memory))
  (core func $log (canon lower (func $log) (memory (core memory $memory "memory"))))
  (core module $code
    (import "host" "log" (func $log (param i32 i32)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "greet") (param i32 i32) (result i32) (call $log (local.get 0) (local.get 1)) (i32.const 0))
    (func (export "done") (param i32)))
  (core instance $code (instantiate $code (with "host" (instance (export "log" (func $log))))))
  (type $counter (resource (rep i32)))
  (core func $new (canon resource.new $counter))
  (export $exported "counter" (type $counter))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $code "add")))
  (func (export "greet") (param "name" string) (result (result string (error (list (option char)))))
    (canon lift (core func $code "greet") (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))
      (post-return (core func $code "done"))))
)"#;

#[test]
fn a_plan_says_what_to_do_in_order() {
    let linked = linked(COUNTER);
    insta::assert_snapshot!(serde_json::to_string_pretty(&linked.plan).unwrap());
}

#[test]
fn the_same_component_gives_the_same_bytes() {
    let component = component_of("lists.wast");
    let files = |rewritten| {
        let options = Options {
            single_memory: rewritten,
            interruptible: rewritten,
            metered: rewritten,
            ..Options::default()
        };
        link(&component, options).unwrap().files().unwrap()
    };
    assert_eq!(files(false), files(false));
    assert_eq!(files(true), files(true));
}

#[test]
fn modules_that_nobody_instantiates_are_left_out() {
    let linked = linked("(component (core module) (core module $m) (core instance (instantiate $m)))");
    assert_eq!(linked.modules.len(), 1);
}

#[test]
fn functions_that_nobody_calls_are_imports_all_the_same() {
    let linked = linked(
        r#"(component
          (import "unused" (func))
          (import "host" (instance $host
            (export "item" (type $item (sub resource)))
            (export "[constructor]item" (func (result (own $item))))
            (export "used" (func))
            (export "inner" (instance (export "unused" (func))))))
          (core func $used (canon lower (func $host "used")))
          (core module $m (import "host" "used" (func)))
          (core instance (instantiate $m (with "host" (instance (export "used" (func $used)))))))"#,
    );
    let import = |import: &Import| [vec![import.name.clone()], import.path.clone()].concat().join("/");
    let imports: Vec<_> = linked.plan.imports.iter().map(import).collect();
    assert_eq!(imports, ["host/item", "host/used", "unused", "host/[constructor]item", "host/inner/unused"]);
}

#[test]
fn proposals_that_an_engine_may_lack_are_named() {
    let linked = linked(
        r#"(component
          (core module $m
            (memory 1) (memory 1)
            (global i32 (i32.add (i32.const 1) (i32.const 2)))
            (func (result i32) (return_call 0))
            (func (drop (i8x16.splat (i32.const 1)))))
          (core instance (instantiate $m)))"#,
    );
    assert_eq!(linked.plan.modules[0].features, ["extended-const", "multi-memory", "simd", "tail-call"]);
}
