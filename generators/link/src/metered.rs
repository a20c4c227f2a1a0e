//! Makes modules count what they do, so that a host can limit the work of a call and the memory of an instance.
//!
//! A module of its own, the meter, has the numbers: what is left of both, and which of them was not enough.
//! All others import them, so that nobody has to be asked.
//! The units of work are those of wasmtime's fuel.

mod pass;

use wasm_encoder::{
    ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Module as Encoded, ValType,
};
use witgen_diag::Result;

use crate::broken;
use crate::plan::{self, CoreDef, CoreKind, Module, Plan, Step};
use pass::Survey;

/// A mutable global of the meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gauge {
    /// The units of work that are left, an `i64`.
    Fuel,
    /// Which limit was reached, an `i32`: see [`REACHED_FUEL`] and [`REACHED_MEMORY`].
    Reached,
    /// The pages by which memories may grow, an `i64`.
    Memory,
}

/// What [`Gauge::Reached`] says before a module traps.
const REACHED_FUEL: i32 = 1;
const REACHED_MEMORY: i32 = 2;

impl Gauge {
    const ALL: [Self; 3] = [Self::Fuel, Self::Reached, Self::Memory];

    fn name(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::Reached => "reached",
            Self::Memory => "memory",
        }
    }

    fn ty(self) -> GlobalType {
        let val_type = if self == Self::Reached { ValType::I32 } else { ValType::I64 };
        GlobalType { val_type, mutable: true, shared: false }
    }

    /// No limit, until the host says one.
    fn init(self) -> ConstExpr {
        match self {
            Self::Fuel | Self::Memory => ConstExpr::i64_const(i64::MAX),
            Self::Reached => ConstExpr::i32_const(0),
        }
    }
}

/// Rewrites the modules, adapters too, and adds the meter to the plan.
pub(crate) fn apply(plan: &mut Plan, modules: &mut Vec<Vec<u8>>) -> Result<()> {
    plan.renumber_instances(|instance| instance + 1);
    let mut needed: Vec<&[Gauge]> = vec![&[]; modules.len()];
    for ((module, bytes), needed) in plan.modules.iter_mut().zip(modules.iter_mut()).zip(&mut needed) {
        let failed = |reason| broken(&format!("the module `{}` cannot be rewritten: {reason}", module.file));
        let survey = Survey::of(bytes).map_err(|reason| failed(reason.into()))?;
        *needed = survey.gauges();
        if !needed.is_empty() {
            let from = survey.import_name();
            *bytes = survey.rewrite(bytes).map_err(failed)?;
            let import = |gauge: &Gauge| (from.clone(), gauge.name().to_owned(), CoreKind::Global);
            module.imports.extend(needed.iter().map(import));
        }
    }
    for step in &mut plan.init {
        if let Step::Instantiate { module, args, .. } = step {
            args.extend(needed[*module].iter().map(|gauge| CoreDef::Export(METER, gauge.name().to_owned())));
        }
    }
    let module = plan.modules.len();
    plan.init.insert(0, Step::Instantiate { module, args: Vec::new(), instance: None });
    plan.modules.push(Module {
        file: plan::file(module),
        size: 0,
        adapter: true,
        features: Vec::new(),
        imports: Vec::new(),
        pages: 0,
    });
    modules.push(meter());
    plan.meter = Some(METER);
    Ok(())
}

/// The core instance that is the meter: the first one.
const METER: usize = 0;

fn meter() -> Vec<u8> {
    let (mut globals, mut exports) = (GlobalSection::new(), ExportSection::new());
    for (index, gauge) in (0u32..).zip(Gauge::ALL) {
        globals.global(gauge.ty(), &gauge.init());
        exports.export(gauge.name(), ExportKind::Global, index);
    }
    let mut module = Encoded::new();
    module.section(&globals).section(&exports);
    module.finish()
}
