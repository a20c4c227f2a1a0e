//! What cannot be linked, and what is said about it.

use witgen_diag::{Id, RenderOptions, render};

use crate::{Options, link};

fn refusal(bytes: &[u8]) -> (Id, String) {
    let findings = link(bytes, Options::default()).unwrap_err();
    (findings[0].id, render(&findings, RenderOptions::default()))
}

fn refused_text(text: &str) -> String {
    let (id, said) = refusal(&wat::parse_str(text).unwrap());
    assert_eq!(id, Id::UnsupportedType, "{said}");
    said
}

#[test]
fn what_is_no_component() {
    let module = wat::parse_str("(module)").unwrap();
    let component = wat::parse_str("(component (core module (func)))").unwrap();
    for (bytes, said) in [
        (&b""[..], "the file is empty"),
        (&b"(component)"[..], "this is WebAssembly text"),
        (&b"#!/bin/sh"[..], "this is not a WebAssembly file"),
        (&module, "this is a core module, not a component"),
        (&component[..component.len() - 1], "the file is no valid component"),
        (&component[..6], "the file is no valid component"),
    ] {
        let (id, text) = refusal(bytes);
        assert_eq!(id, Id::InvalidComponent);
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn bodies_of_functions_are_validated() {
    // `i32.const 7` becomes `nop`, and then the result is missing.
    let mut bytes = wat::parse_str("(component (core module (func (result i32) (i32.const 7))))").unwrap();
    let at = bytes.windows(3).position(|window| window == [0x41, 7, 0x0b]).unwrap();
    bytes[at..at + 2].fill(1);
    let (id, said) = refusal(&bytes);
    assert_eq!(id, Id::InvalidComponent);
    assert!(said.contains("type mismatch"), "{said}");
}

#[test]
fn async_functions_and_built_ins() {
    let said = refused_text(
        r#"(component
          (core module $m (func (export "f") (result i32) (i32.const 0)) (func (export "cb") (param i32 i32 i32) (result i32) (i32.const 0)))
          (core instance $m (instantiate $m))
          (func (export "f") async (canon lift (core func $m "f") async (callback (core func $m "cb")))))"#,
    );
    assert!(said.contains("async"), "{said}");
    let said = refused_text(
        r#"(component
          (core func $new (canon waitable-set.new))
          (core module $m (import "host" "new" (func (result i32))))
          (core instance (instantiate $m (with "host" (instance (export "new" (func $new)))))))"#,
    );
    assert!(said.contains("the async built-in `waitable-set-new`"), "{said}");
}

/// The translation would abort at these, whether they wait or not.
#[test]
fn async_functions_between_components() {
    let plain = ("f", "");
    let waiting = ("waiting", r#"async (callback (core func $m "callback"))"#);
    for ((core, lift), lower) in [(plain, ""), (plain, "async"), (waiting, ""), (waiting, "async")] {
        let status = if lower.is_empty() { "" } else { "(result i32)" };
        let said = refused_text(&format!(
            r#"(component
              (component $callee
                (type $item' (resource (rep i32)))
                (export $item "item" (type $item'))
                (core module $m
                  (func (export "f") (param i32))
                  (func (export "waiting") (param i32) (result i32) (unreachable))
                  (func (export "callback") (param i32 i32 i32) (result i32) (unreachable)))
                (core instance $m (instantiate $m))
                (func (export "f") async (param "item" (own $item)) (canon lift (core func $m "{core}") {lift})))
              (component $caller
                (import "callee" (instance $callee
                  (export "item" (type $item (sub resource)))
                  (export "f" (func async (param "item" (own $item))))))
                (core module $m (import "callee" "f" (func (param i32) {status})))
                (core func $f (canon lower (func $callee "f") {lower}))
                (core instance (instantiate $m (with "callee" (instance (export "f" (func $f)))))))
              (instance $callee (instantiate $callee))
              (instance (instantiate $caller (with "callee" (instance $callee)))))"#,
        ));
        assert!(said.contains("link plans cannot express async functions"), "{said}");
    }
}

#[test]
fn features_that_no_plan_has() {
    for (component, named) in [
        ("(component (core func (canon thread.index)))", "threading"),
        ("(component (type (list u8 3)))", "fixed-length lists"),
        ("(component (core module (tag)))", "exceptions"),
        ("(component (core module (memory i64 1)))", "memory64"),
    ] {
        let said = refused_text(component);
        assert!(said.contains("a feature that the component uses") && said.contains(named), "{said}");
        assert!(!said.contains("may have been cut"), "{said}");
    }
}

/// The validator of wasmtime 48 does so here; later ones accept this component.
#[test]
fn what_wasmtime_panics_at() {
    let said = refused_text(
        r#"(component
          (component $pair
            (type $t (instance (type $n u32) (export "n" (type (eq $n)))))
            (import "left" (instance (type $t)))
            (import "right" (instance (type $t))))
          (type $n u32)
          (instance $i (export "n" (type $n)))
          (instance (instantiate $pair (with "left" (instance $i)) (with "right" (instance $i)))))"#,
    );
    assert!(said.contains("cannot be translated"), "{said}");
}

#[test]
fn core_modules_across_the_boundary() {
    let said =
        refused_text(r#"(component (import "helper" (core module $m)) (core instance (instantiate $m)))"#);
    assert!(said.contains("the imported core module `helper`"), "{said}");
    let said = refused_text(r#"(component (core module $m) (export "helper" (core module $m)))"#);
    assert!(said.contains("the exported core module `helper`"), "{said}");
}

#[test]
fn single_memory_leaves_guests_alone() {
    let component = wat::parse_str(
        r#"(component
          (core module $a (memory (export "a") 1) (memory (export "b") 1))
          (core instance $a (instantiate $a))
          (core module $b (import "a" "a" (memory 1)) (import "a" "b" (memory 1)))
          (core instance (instantiate $b (with "a" (instance $a)))))"#,
    );
    let own =
        wat::parse_str("(component (core module $m (memory 1) (memory 1)) (core instance (instantiate $m)))");
    let options = Options { single_memory: true, ..Options::default() };
    for component in [component, own] {
        let findings = link(&component.unwrap(), options).unwrap_err();
        assert!(findings[0].message.contains("has several memories itself"), "{}", findings[0].message);
    }
}
