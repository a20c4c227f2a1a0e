//! The passes over adapters.

use wasmtime_environ::wasmparser::{Validator, WasmFeatures};

use super::component_of;
use crate::plan::{CoreKind, Plan, Step, Trampoline};
use crate::{Linked, Loops, Options, link};

fn lists(options: Options) -> Linked {
    link(&component_of("lists.wast"), options).unwrap()
}

/// Another version of the translation could write other loops, and then none would be found.
#[test]
fn loops_over_plain_scalars_become_copies() {
    let loops = lists(Options::default()).loops;
    // Twelve functions copy an argument and a result; `nested` has such a loop inside of another.
    assert_eq!(loops.replaced, 2 * 12 + 2);
    // The rest: `padded`, `bools`, `chars`, `strings`, `options`, and the outer loop of `nested`.
    assert_eq!(loops.found, loops.replaced + 2 * 6);
    assert_eq!(lists(Options { bulk: false, ..Options::default() }).loops, Loops::default());
}

#[test]
fn rewritten_modules_are_valid() {
    for single_memory in [false, true] {
        for bulk in [false, true] {
            let linked = lists(Options { single_memory, bulk, ..Options::default() });
            for (module, bytes) in linked.plan.modules.iter().zip(&linked.modules) {
                let mut features = WasmFeatures::WASM2 | WasmFeatures::EXTENDED_CONST;
                features.set(WasmFeatures::MULTI_MEMORY, !single_memory);
                let valid = Validator::new_with_features(features).validate_all(bytes).map(|_| ());
                assert!(valid.is_ok(), "{}: {valid:?}", module.file);
                assert_eq!(module.size, bytes.len());
            }
        }
    }
}

#[test]
fn a_single_memory_is_all_that_a_module_imports() {
    let plan = lists(Options { single_memory: true, ..Options::default() }).plan;
    for module in &plan.modules {
        let memories = module.imports.iter().filter(|(_, _, kind)| *kind == CoreKind::Memory).count();
        assert!(memories <= 1 && module.features.is_empty(), "{module:?}");
    }
    let copies = |trampoline: &&Trampoline| matches!(trampoline, Trampoline::MemoryCopy { .. });
    assert!(plan.trampolines.iter().filter(copies).count() > 0);
    check_references(&plan);
}

/// Every export is taken from an instance that exists by then, and every module gets all it imports.
fn check_references(plan: &Plan) {
    let mut instances = 0;
    for step in &plan.init {
        let text = serde_json::to_value(step).unwrap();
        for (instance, _) in exports_in(&text) {
            assert!(instance < instances, "{text}");
        }
        if let Step::Instantiate { module, args, .. } = step {
            assert_eq!(plan.modules[*module].imports.len(), args.len());
            instances += 1;
        }
    }
    for (instance, _) in exports_in(&serde_json::to_value(&plan.exports).unwrap()) {
        assert!(instance < instances);
    }
}

fn exports_in(value: &serde_json::Value) -> Vec<(u64, String)> {
    match value {
        serde_json::Value::Array(items) => match items.as_slice() {
            [kind, instance, name] if kind == "export" => {
                vec![(instance.as_u64().unwrap(), name.as_str().unwrap().to_owned())]
            }
            items => items.iter().flat_map(exports_in).collect(),
        },
        serde_json::Value::Object(fields) => fields.values().flat_map(exports_in).collect(),
        _ => Vec::new(),
    }
}
