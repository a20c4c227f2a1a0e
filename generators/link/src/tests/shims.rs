//! Shims: which of them are left out, and what plans look like then.

use crate::plan::{CoreDef, Step};
use crate::{Linked, Options, link};

/// As `wit-component` makes them: the module imports a function that needs its own memory.
const LOGGER: &str = r#"(component
  (import "log" (func $log (param "line" string)))
  (core module $shim
    (type (func (param i32 i32)))
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (type 0) (call_indirect (type 0) (local.get 0) (local.get 1) (i32.const 0))))
  (core instance $shim (instantiate $shim))
  (core module $code
    (import "host" "log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (func $greet (export "greet") (call $log (i32.const 8) (i32.const 5))))
  (core instance $code (instantiate $code (with "host" (instance (export "log" (func $shim "0"))))))
  (core func $log (canon lower (func $log) (memory (core memory $code "memory"))))
  (core module $filler
    (import "" "0" (func (param i32 i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func 0))
  (core instance (instantiate $filler
    (with "" (instance (export "0" (func $log)) (export "$imports" (table $shim "$imports"))))))
  (func (export "greet") (canon lift (core func $code "greet"))))"#;

fn linked(text: &str, metered: bool) -> Linked {
    link(&wat::parse_str(text).unwrap(), Options { metered, ..Options::default() }).unwrap()
}

/// What the core instance `instance` is given.
fn arguments(linked: &Linked, instance: usize) -> &[CoreDef] {
    let instances = linked.plan.init.iter().filter_map(|step| match step {
        Step::Instantiate { args, .. } => Some(args),
        _ => None,
    });
    instances.collect::<Vec<_>>()[instance]
}

#[test]
fn modules_import_what_their_shims_would_call() {
    let linked = linked(LOGGER, false);
    let json = serde_json::to_string(&linked.plan.init).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"[{"op":"lower","lowered":0,"import":0},"#,
            r#"{"op":"instantiate","module":0,"args":[["trampoline",0]],"instance":0},"#,
            r#"{"op":"memory","index":0,"def":["export",0,"memory"]}]"#
        )
    );
    assert_eq!(linked.plan.modules.len(), 1);
    assert_eq!((linked.modules.len(), linked.plan.modules[0].file.as_str()), (1, "0.core.wasm"));
    let exports = serde_json::to_string(&linked.plan.exports).unwrap();
    assert!(exports.contains(r#"["export",0,"greet"]"#), "{exports}");
}

#[test]
fn resources_are_defined_after_what_destroys_them() {
    let linked = link(&super::component_of("shims.wast"), Options::default()).unwrap();
    let json = serde_json::to_string(&linked.plan.init).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"[{"op":"instantiate","module":0,"args":[["trampoline",1],["trampoline",0]],"instance":0},"#,
            r#"{"op":"resource","index":0,"dtor":["export",0,"dropped"],"instance":0}]"#
        )
    );
}

#[test]
fn a_filler_that_calls_something_afterwards_stays() {
    let text = LOGGER
        .replace("(memory (export \"memory\") 1)", "(memory (export \"memory\") 1) (func (export \"init\"))")
        .replace(
            "(elem (i32.const 0) func 0)",
            "(elem (i32.const 0) func 0) (import \"\" \"init\" (func)) (start 1)",
        )
        .replace(
            "(export \"0\" (func $log))",
            "(export \"0\" (func $log)) (export \"init\" (func $code \"init\"))",
        );
    let linked = linked(&text, false);
    assert_eq!(linked.plan.modules.len(), 3);
    assert_eq!(arguments(&linked, 1), [CoreDef::Trampoline(0)]);
}

#[test]
fn work_that_is_counted_goes_through_shims() {
    let linked = linked(LOGGER, true);
    // The meter is one more.
    assert_eq!(linked.plan.modules.len(), 4);
}

/// Each line makes one module something else: the text that is replaced, and what stands there then.
const OTHERS: [(&str, &str, &str); 12] = [
    (
        "(table (export \"$imports\") 1 1 funcref)",
        "(table (export \"$imports\") 1 1 funcref) (memory 1)",
        "a memory",
    ),
    (
        "(table (export \"$imports\") 1 1 funcref)",
        "(table (export \"$imports\") 1 1 funcref) (table 1 funcref)",
        "two tables",
    ),
    (
        "(local.get 0) (local.get 1) (i32.const 0)",
        "(local.get 1) (local.get 0) (i32.const 0)",
        "swapped arguments",
    ),
    ("(local.get 0) (local.get 1) (i32.const 0)", "(local.get 0) (local.get 1) (i32.const -1)", "no place"),
    ("(export \"0\") (type 0) (call", "(export \"0\") (type 0) (local i32) (call", "a local"),
    ("(export \"0\") (type 0) (call", "(export \"0\") (type 0) (nop) (call", "more than a call"),
    (
        "(memory (export \"memory\") 1)",
        "(memory (export \"memory\") 1) (func $now) (start $now)",
        "a start function",
    ),
    (
        "(elem (i32.const 0) func 0)",
        "(func (export \"f\")) (elem (i32.const 0) func 0)",
        "a filler with a function",
    ),
    (
        "(elem (i32.const 0) func 0)",
        "(elem (table 0) (i32.const 0) funcref (ref.func 0))",
        "expressions as elements",
    ),
    ("(elem (i32.const 0) func 0)", "(elem (i32.const 1) func 0)", "elements beyond the table"),
    ("(elem (i32.const 0) func 0)", "(elem func 0)", "elements that wait"),
    ("(elem (i32.const 0) func 0)", "(start 1) (func) (elem (i32.const 0) func 0)", "a filler that starts"),
];

#[test]
fn modules_that_do_anything_else_stay() {
    for (text, other, what) in OTHERS {
        assert_eq!(LOGGER.matches(text).count(), 1, "{what}");
        let linked = linked(&LOGGER.replace(text, other), false);
        assert_eq!(linked.plan.modules.len(), 3, "{what}");
        assert_eq!(arguments(&linked, 1), [CoreDef::Export(0, "0".to_owned())], "{what}");
    }
}

#[test]
fn types_of_a_group_are_no_others() {
    let (group, ty) = ("(rec (type (func (param i32 i32))) (type (func)))", "(func (type 0))");
    let text = LOGGER
        .replace("(type (func (param i32 i32)))", group)
        .replace(
            "(import \"host\" \"log\" (func $log (param i32 i32)))",
            &format!("{group} (import \"host\" \"log\" {ty})"),
        )
        .replace("(call $log", "(call 0");
    // What fills the table has the plain type: a call traps.
    let linked = linked(&text, false);
    assert_eq!(linked.plan.modules.len(), 3);
    assert_eq!(arguments(&linked, 1), [CoreDef::Export(0, "0".to_owned())]);
}

#[test]
fn a_shim_stays_for_those_who_cannot_do_without() {
    // Somebody else has the table, too.
    let shared = LOGGER.replace(
        "(func (export \"greet\") (canon",
        "(core module $other (import \"\" \"$imports\" (table 1 1 funcref)))
         (core instance (instantiate $other (with \"\" (instance $shim))))
         (func (export \"greet\") (canon",
    );
    assert_eq!(linked(&shared, false).plan.modules.len(), 4);

    // A function that comes after those who import it.
    let late = LOGGER
        .replace(
            "(memory (export \"memory\") 1)",
            "(memory (export \"memory\") 1) (func (export \"done\") (param i32 i32))",
        )
        .replace(
            "(export \"0\" (func $log)) (export \"$imports\"",
            "(export \"0\" (func $code \"done\")) (export \"$imports\"",
        );
    let linked = linked(&late, false);
    assert_eq!(linked.plan.modules.len(), 3);
    assert_eq!(arguments(&linked, 1), [CoreDef::Export(0, "0".to_owned())]);
}
