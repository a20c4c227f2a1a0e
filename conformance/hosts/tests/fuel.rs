//! Modules of metered plans use up as much as wasmtime says that they use of its fuel.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use arbitrary::Unstructured;
use wasm_encoder::{Component, ComponentSectionId, InstanceSection, ModuleArg, RawSection};
use wasm_smith::{Config as Shape, Module as Random};
use wasmtime::{Config, Engine, Extern, Func, Instance, Linker, Module, Store, Trap, Val, ValType};
use witgen_link::plan::Step;
use witgen_link::{Linked, Options};

/// What a call came to, and what was left of its work.
#[derive(Debug, PartialEq)]
enum Outcome {
    Returned(u64),
    OutOfFuel,
    Trapped,
}

/// A core module alone in a component.
fn linked(module: &[u8]) -> Linked {
    let mut component = Component::new();
    component.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: module });
    let mut instances = InstanceSection::new();
    instances.instantiate(0, std::iter::empty::<(&str, ModuleArg)>());
    component.section(&instances);
    let options = Options { metered: true, ..Options::default() };
    witgen_link::link(&component.finish(), options).unwrap_or_else(|reasons| panic!("{reasons:?}"))
}

/// A module in wasmtime, as it was and as a metered plan has it.
struct Both {
    plain: (Store<()>, Instance),
    metered: (Store<()>, Instance),
    meter: Instance,
}

impl Both {
    /// None where it cannot start.
    fn start(module: &[u8]) -> Option<Self> {
        let plan = linked(module);
        let mut config = Config::new();
        config.consume_fuel(true);
        let counting = Engine::new(&config).unwrap();
        let mut plain = Store::new(&counting, ());
        plain.set_fuel(1 << 40).unwrap();
        let module = Module::new(&counting, module).ok()?;
        let instance = Linker::new(&counting).instantiate(&mut plain, &module).ok()?;
        let plain = (plain, instance);

        let engine = Engine::default();
        let mut store = Store::new(&engine, ());
        let mut made: Vec<Instance> = Vec::new();
        for step in &plan.plan.init {
            let Step::Instantiate { module, args, .. } = step else { panic!("{step:?}") };
            let imports: Vec<Extern> = args
                .iter()
                .map(|argument| match argument {
                    witgen_link::plan::CoreDef::Export(instance, name) => {
                        made[*instance].get_export(&mut store, name).unwrap()
                    }
                    other => panic!("{other:?}"),
                })
                .collect();
            let module = Module::new(&engine, &plan.modules[*module]).unwrap();
            made.push(Instance::new(&mut store, &module, &imports).unwrap());
        }
        Some(Self { plain, meter: made[plan.plan.meter.unwrap()], metered: (store, *made.last().unwrap()) })
    }

    /// Calls a function of both with so much fuel.
    fn call(&mut self, name: &str, args: &[Val], fuel: u64) -> (Outcome, Outcome) {
        let (store, instance) = &mut self.plain;
        store.set_fuel(fuel).unwrap();
        let function = instance.get_func(&mut *store, name).unwrap();
        let plain = match run(store, &function, args) {
            Ok(()) => Outcome::Returned(store.get_fuel().unwrap()),
            Err(Some(Trap::OutOfFuel)) => Outcome::OutOfFuel,
            Err(_) => Outcome::Trapped,
        };
        let (store, instance) = &mut self.metered;
        let left = self.meter.get_global(&mut *store, "fuel").unwrap();
        let reached = self.meter.get_global(&mut *store, "reached").unwrap();
        left.set(&mut *store, Val::I64(i64::try_from(fuel).unwrap())).unwrap();
        let function = instance.get_func(&mut *store, name).unwrap();
        let ended = run(store, &function, args);
        let metered = match (ended, reached.get(&mut *store).unwrap_i32()) {
            (Ok(()), 0) => Outcome::Returned(left.get(&mut *store).unwrap_i64().max(0).cast_unsigned()),
            (Err(Some(Trap::UnreachableCodeReached)), 1) => Outcome::OutOfFuel,
            (Err(_), 0) => Outcome::Trapped,
            other => panic!("{other:?}"),
        };
        reached.set(&mut *store, Val::I32(0)).unwrap();
        (plain, metered)
    }

    /// The units that a call uses.
    #[track_caller]
    fn same(&mut self, name: &str, args: &[Val]) -> Option<u64> {
        let plenty = 1 << 40;
        let (plain, metered) = self.call(name, args, plenty);
        assert_eq!(plain, metered, "{name}{args:?}");
        match plain {
            Outcome::Returned(left) => Some(plenty - left),
            _ => None,
        }
    }
}

fn run(store: &mut Store<()>, function: &Func, args: &[Val]) -> Result<(), Option<Trap>> {
    let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
    function.call(store, args, &mut results).map_err(|error| error.downcast_ref::<Trap>().copied())
}

const EVERYTHING: &str = r#"(module
  (memory (export "memory") 1 20) (table $table 4 20 funcref)
  (global $global (mut i32) (i32.const 5))
  (data $data "some bytes that are copied")
  (elem $elem func $leaf $recurse)
  (elem (table $table) (i32.const 0) func $leaf $recurse)
  (type $unary (func (param i32) (result i32)))
  (func (export "empty"))
  (func $leaf (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func (export "constants") nop (drop (i32.const 1)) (drop (i64.const 2)) nop)
  (func (export "block") (block (nop) (block (drop (i32.const 1)))))
  (func (export "if") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.add (i32.const 1) (i32.const 2)))))
  (func (export "then") (param i32) (if (local.get 0) (then (global.set $global (i32.const 1)))))
  (func (export "loop") (param i32)
    (loop $again
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (local.get 0))))
  (func (export "nested") (param i32) (local i32)
    (block $done
      (loop $rows
        (br_if $done (i32.eqz (local.get 0)))
        (local.set 1 (local.get 0))
        (loop $columns
          (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
          (br_if $columns (local.get 1)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br $rows))))
  (func (export "table") (param i32) (result i32)
    (block $two (block $one (block $zero
      (br_table $zero $one $two (local.get 0)) (unreachable))
      (return (i32.const 10)))
      (return (i32.add (i32.const 10) (i32.const 1))))
    (i32.const 7))
  (func (export "leave-by-table") (param i32)
    (block $one (block $zero (br_table $zero 2 $one (local.get 0))) (br 1))
    (nop) (global.set $global (i32.const 3)))
  (func (export "leave") (param i32) (result i32)
    (drop (br_if 0 (i32.const 3) (local.get 0)))
    (block (br_if 0 (i32.eq (local.get 0) (i32.const 0))) (br 1 (i32.const 4)))
    (i32.const 5) (i32.const 6) (i32.add))
  (func (export "pair") (param i32) (result i32 i64) (call $pair (local.get 0)))
  (func $pair (param i32) (result i32 i64)
    (block (if (local.get 0) (then (br 2 (i32.const 1) (i64.const 2)))))
    (i32.const 3) (i64.const 4) (return))
  (func (export "call") (param i32) (result i32)
    (call $leaf (call $leaf (local.get 0))) (call_indirect (type $unary) (i32.const 0)))
  (func (export "tail") (param i32) (result i32) (return_call $leaf (local.get 0)))
  (func (export "tail-table") (param i32) (result i32)
    (return_call_indirect (type $unary) (local.get 0) (i32.const 0)))
  (func $recurse (export "recurse") (type $unary)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add (call $recurse (i32.sub (local.get 0) (i32.const 1)))
                     (call $recurse (i32.sub (local.get 0) (i32.const 2)))))))
  (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
  (func (export "copy") (param i32) (memory.copy (i32.const 9) (i32.const 0) (local.get 0)))
  (func (export "init") (param i32) (memory.init $data (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "small") (memory.fill (i32.const 0) (i32.const 1) (i32.const 9)))
  (func (export "large") (memory.copy (i32.const 0) (i32.const 9) (i32.const 900)) (nop))
  (func (export "tables") (param i32)
    (table.copy (i32.const 1) (i32.const 0) (local.get 0))
    (table.init $elem (i32.const 0) (i32.const 0) (local.get 0))
    (table.fill (i32.const 0) (ref.null func) (local.get 0))
    (drop (table.grow (ref.null func) (local.get 0)))
    (drop (table.grow (ref.func $leaf) (i32.const 2))))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "grow-one") (result i32) (memory.grow (i32.const 1)))
  (func (export "dead") (result i32)
    (block (result i32) (br 0 (i32.const 1)) (i32.const 2) (i32.add) (loop (br 0)))
    (return) (drop (i32.const 4)) (unreachable)))"#;

/// What each call of [`EVERYTHING`] is given.
const CALLS: [(&str, &[i32]); 27] = [
    ("empty", &[]),
    ("constants", &[]),
    ("block", &[]),
    ("if", &[0, 1]),
    ("then", &[0, 1]),
    ("loop", &[1, 2, 1000]),
    ("nested", &[0, 1, 30]),
    ("table", &[0, 1, 2, 3, 9]),
    ("leave-by-table", &[0, 1, 2]),
    ("leave", &[0, 1]),
    ("pair", &[0, 1]),
    ("call", &[5]),
    ("tail", &[5]),
    ("tail-table", &[5]),
    ("recurse", &[1, 12]),
    ("fill", &[0, 1, 129, 65_000]),
    ("copy", &[0, 1, 129, 65_000]),
    ("init", &[0, 20]),
    ("small", &[]),
    ("large", &[]),
    ("tables", &[0, 1, 2]),
    ("grow", &[0, 1, 2, 1000]),
    ("grow-one", &[]),
    ("dead", &[]),
    // They trap, in wasmtime too.
    ("fill", &[65_537, -1]),
    ("copy", &[-1]),
    ("init", &[200]),
];

#[test]
fn every_instruction_counts_as_in_wasmtime() {
    let module = wat::parse_str(EVERYTHING).unwrap();
    let mut both = Both::start(&module).unwrap();
    for (name, args) in CALLS {
        if args.is_empty() {
            assert!(both.same(name, &[]).is_some(), "{name}");
        }
        for arg in args {
            both.same(name, &[Val::I32(*arg)]);
        }
    }
    assert_eq!(both.same("empty", &[]), Some(1));
    // The call, 12 instructions for its operand and itself, and 65,000 bytes.
    assert_eq!(both.same("fill", &[Val::I32(65_000)]), Some(65_005));
}

/// With every amount of fuel up to what a call needs, it ends in both or in none.
#[test]
fn calls_end_for_want_of_fuel_as_in_wasmtime() {
    let module = wat::parse_str(EVERYTHING).unwrap();
    for (name, args) in CALLS.iter().filter(|(name, _)| !name.starts_with("grow") && *name != "tables") {
        let mut both = Both::start(&module).unwrap();
        for arg in args.iter().map(Some).chain(args.is_empty().then_some(None)) {
            let args: Vec<Val> = arg.into_iter().map(|arg| Val::I32(*arg)).collect();
            let Some(needed) = both.same(name, &args) else { continue };
            for fuel in (0..=needed + 1).step_by(usize::try_from(needed / 300 + 1).unwrap()) {
                let (plain, metered) = both.call(name, &args, fuel);
                assert_eq!(plain, metered, "{name}{args:?} with {fuel} of {needed}");
            }
        }
    }
}

#[test]
fn memories_grow_as_far_as_there_are_pages() {
    let module = wat::parse_str(EVERYTHING).unwrap();
    let mut both = Both::start(&module).unwrap();
    let (store, instance) = &mut both.metered;
    let mut gauge = |name: &str| both.meter.get_global(&mut *store, name).unwrap();
    let (memory, reached) = (gauge("memory"), gauge("reached"));
    let grow = instance.get_typed_func::<u32, i32>(&mut *store, "grow").unwrap();
    memory.set(&mut *store, Val::I64(7)).unwrap();
    assert_eq!(grow.call(&mut *store, 2).unwrap(), 1);
    assert_eq!(memory.get(&mut *store).unwrap_i64(), 5);
    assert_eq!(grow.call(&mut *store, 5).unwrap(), 3);
    assert_eq!(grow.call(&mut *store, 0).unwrap(), 8);
    assert_eq!(reached.get(&mut *store).unwrap_i32(), 0);
    assert!(grow.call(&mut *store, 1).is_err());
    assert_eq!(reached.get(&mut *store).unwrap_i32(), 2);

    // More than the memory may have is no matter of limits, and costs none.
    memory.set(&mut *store, Val::I64(100)).unwrap();
    assert_eq!(grow.call(&mut *store, 99).unwrap(), -1);
    assert_eq!(memory.get(&mut *store).unwrap_i64(), 100);
    assert!(grow.call(&mut *store, u32::MAX).is_err());
}

/// splitmix64: the same bytes on every machine.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let words = (0..512).flat_map(|_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    });
    words.collect()
}

/// A module that needs nothing and ends, without references, which this wasmtime has no collector for.
fn random(seed: u64) -> Option<Vec<u8>> {
    let shape = Shape {
        min_funcs: 3,
        max_funcs: 8,
        max_imports: 0,
        min_exports: 3,
        max_memories: 1,
        memory64_enabled: false,
        memory_max_size_required: true,
        max_memory32_bytes: 1 << 22,
        max_table_elements: 1000,
        simd_enabled: true,
        relaxed_simd_enabled: false,
        bulk_memory_enabled: true,
        reference_types_enabled: false,
        tail_call_enabled: true,
        multi_value_enabled: true,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        custom_page_sizes_enabled: false,
        disallow_traps: !seed.is_multiple_of(8),
        allow_start_export: false,
        export_everything: true,
        ..Shape::default()
    };
    let bytes = bytes(seed);
    let mut module = Random::new(shape, &mut Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(1000).ok()?;
    Some(module.to_bytes())
}

#[test]
fn random_modules_count_as_in_wasmtime() {
    let (mut returned, mut trapped) = (0, 0);
    for seed in 0..160 {
        let Some(module) = random(seed) else { continue };
        let Some(mut both) = Both::start(&module) else { continue };
        let (store, instance) = &mut both.plain;
        let names: Vec<String> =
            instance.exports(&mut *store).filter_map(|export| export.name().to_owned().into()).collect();
        for name in names {
            let (store, instance) = &mut both.plain;
            let Some(function) = instance.get_func(&mut *store, &name) else { continue };
            let args: Option<Vec<Val>> = function.ty(&*store).params().map(|ty| value(&ty)).collect();
            let Some(args) = args else { continue };
            match both.same(&name, &args) {
                Some(_) => returned += 1,
                None => trapped += 1,
            }
        }
    }
    assert!(returned > 60 && trapped > 60, "{returned} returned, {trapped} trapped");
}

fn value(ty: &ValType) -> Option<Val> {
    Some(match ty {
        ValType::I32 => Val::I32(7),
        ValType::I64 => Val::I64(9),
        ValType::F32 => Val::F32(1),
        ValType::F64 => Val::F64(1),
        ValType::V128 => Val::V128(3.into()),
        ValType::Ref(_) => Val::default_for_ty(ty)?,
    })
}
