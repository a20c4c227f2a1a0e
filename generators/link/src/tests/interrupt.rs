//! The pass that makes modules ask before they compute on.

use wasmtime_environ::wasmparser::{Operator, Parser, Payload, Validator, WasmFeatures};

use super::component_of;
use crate::plan::{CoreDef, Step};
use crate::{Linked, Options, link};

const INTERRUPTIBLE: Options =
    Options { single_memory: true, interruptible: true, metered: false, bulk: true };

fn linked(text: &str) -> Linked {
    link(&wat::parse_str(text).unwrap(), INTERRUPTIBLE).unwrap()
}

#[test]
fn rewritten_modules_are_valid_and_get_what_they_import() {
    for script in ["turns.wast", "lists.wast", "state.wast"] {
        let linked = link(&component_of(script), INTERRUPTIBLE).unwrap();
        assert!(linked.plan.interruptible);
        for (module, bytes) in linked.plan.modules.iter().zip(&linked.modules) {
            let valid = Validator::new_with_features(WasmFeatures::WASM2).validate_all(bytes);
            assert!(valid.is_ok(), "{script}, {}: {:?}", module.file, valid.err());
            let asks = module.imports.iter().any(|(_, name, _)| name == "allow-turns");
            assert_eq!(asks, !module.adapter && calls_of(bytes).is_some());
        }
        for step in &linked.plan.init {
            if let Step::Instantiate { module, args, .. } = step {
                assert_eq!(args.len(), linked.plan.modules[*module].imports.len());
            }
        }
    }
}

/// How many calls each function of a module has; none without code.
fn calls_of(module: &[u8]) -> Option<Vec<usize>> {
    let mut counts = None;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            let operators = body.get_operators_reader().unwrap().into_iter();
            let calls = operators.filter(|operator| matches!(operator, Ok(Operator::Call { .. }))).count();
            counts.get_or_insert_with(Vec::new).push(calls);
        }
    }
    counts
}

#[test]
fn loops_calls_and_blocks_ask_and_nothing_else_does() {
    let linked = linked(
        r#"(component
          (core module $m
            (memory 1) (table 1 funcref)
            (func $straight (drop (i32.const 1)))
            (func (loop))
            (func (loop (loop)) (loop))
            (func (call $straight))
            (func (call_indirect (i32.const 0)))
            (func (return_call $straight))
            (func (loop (call $straight) (call $straight)))
            (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)))
            (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0))))
          (core instance (instantiate $m)))"#,
    );
    let calls = calls_of(&linked.modules[0]).unwrap();
    // Those of the module itself, of which a tail call and an indirect one are none, and a question each.
    assert_eq!(calls, [0, 1, 3, 1 + 1, 1, 1, 2 + 2, 1, 1]);
}

#[test]
fn modules_without_code_stay_as_they_are() {
    let linked = linked(
        r#"(component
          (core module $m (memory (export "memory") 1))
          (core instance (instantiate $m)))"#,
    );
    assert_eq!(linked.plan.modules[0].imports, []);
    let plain = wat::parse_str(r#"(module $m (memory (export "memory") 1))"#).unwrap();
    assert_eq!(linked.modules[0], plain);
}

/// Places of instructions are others after the pass, and a debugger would show wrong lines.
#[test]
fn what_speaks_of_places_in_the_code_is_left_out() {
    let linked = linked(
        r#"(component
          (core module $m
            (@custom ".debug_line" "old")
            (@custom "producers" "\00")
            (func $named (loop)))
          (core instance (instantiate $m)))"#,
    );
    let text = String::from_utf8_lossy(&linked.modules[0]).into_owned();
    assert!(!text.contains(".debug_line") && text.contains("producers") && text.contains("named"));
}

#[test]
fn every_module_of_a_component_is_given_the_function_that_it_asks() {
    let plan = link(&component_of("turns.wast"), INTERRUPTIBLE).unwrap().plan;
    let asks = |def: &CoreDef| *def == CoreDef::Intrinsic("allow-turns".to_owned());
    let given = plan.init.iter().filter(|step| match step {
        Step::Instantiate { args, .. } => args.last().is_some_and(asks),
        _ => false,
    });
    assert_eq!(given.count(), 3);
}
