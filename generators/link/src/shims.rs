//! Calls past the modules that only pass calls on.
//!
//! The function that lowers an import needs the memory of the module that imports it, so neither can come first.
//! `wit-component` lets such a module import functions of a shim instead, which call what a table holds, and another module fills the table once everything is there.
//! Hosts of plans look for memories when a function is called: for them a module may import the function itself.
//! Shims that nobody calls any more are left out, and so is what fills their tables.
//!
//! A call of a function whose place in the table is still empty traps.
//! Only a start function can do that, so shims stay where a module has one before the table is filled.

mod shape;

use std::collections::{BTreeMap, BTreeSet};

use witgen_diag::Result;

use crate::broken;
use crate::plan::{CoreDef, Place, Plan, Step, Trampoline};

/// Makes modules import what their shims would call, and leaves out shims and modules that nobody needs then.
pub(crate) fn apply(plan: &mut Plan, modules: &mut Vec<Vec<u8>>) -> Result<()> {
    let mut unused = BTreeSet::new();
    for instance in 0..plan.instances().count() {
        let pair = Pair::find(plan, modules, instance).map_err(|error| broken(error.message()))?;
        let Some(pair) = pair else { continue };
        let is_needed = pair.redirect(plan);
        if !is_needed && !pair.starts {
            unused.extend([pair.shim.instance, pair.filler.instance]);
        }
    }
    plan.remove_instances(&unused);
    plan.remove_modules(modules);
    Ok(())
}

type Parsed<T> = std::result::Result<T, wasmparser::BinaryReaderError>;

/// A core instance, and the step that makes it.
#[derive(Clone, Copy)]
struct Made {
    instance: usize,
    step: usize,
}

/// A shim, and what fills its table.
struct Pair {
    shim: Made,
    /// The name of the table.
    table: String,
    filler: Made,
    /// Whether the filler calls something afterwards.
    starts: bool,
    /// What the functions of the shim call.
    called: BTreeMap<String, CoreDef>,
}

impl Pair {
    /// The pair whose shim is a core instance, if it is one.
    fn find(plan: &Plan, modules: &[Vec<u8>], instance: usize) -> Parsed<Option<Self>> {
        let steps: Vec<(usize, usize)> = plan.instances().collect();
        let (step, module) = steps[instance];
        let Some(shim) = shape::shim(&modules[module])? else { return Ok(None) };
        let table = CoreDef::Export(instance, shim.table.clone());
        let args = |step: usize| match &plan.init[step] {
            Step::Instantiate { args, .. } => args.as_slice(),
            _ => &[],
        };
        let mut fillers = steps.iter().enumerate().filter(|(_, (step, _))| args(*step).contains(&table));
        let (Some((filler, &(end, last))), None) = (fillers.next(), fillers.next()) else { return Ok(None) };
        let Some(filled) = shape::filler(&modules[last], shim.size)? else { return Ok(None) };
        for (_, module) in &steps[instance + 1..filler] {
            if shape::starts(&modules[*module])? {
                return Ok(None);
            }
        }
        let called = shim.functions.into_iter().filter_map(|(name, (place, ty))| {
            let (argument, found) = filled.places.get(&place)?;
            let def = args(end).get(*argument)?;
            let is_own = matches!(def, CoreDef::Export(of, _) if *of == instance);
            (ty == *found && !is_own).then(|| (name, def.clone()))
        });
        Ok(Some(Self {
            shim: Made { instance, step },
            table: shim.table,
            called: called.collect(),
            filler: Made { instance: filler, step: end },
            starts: filled.starts,
        }))
    }

    /// Gives everybody who calls the shim what it calls, where that is there in time; says whether anybody is left.
    fn redirect(&self, plan: &mut Plan) -> bool {
        let made: Vec<usize> = plan.instances().map(|(step, _)| step).collect();
        let trampolines = plan.trampolines.clone();
        let is_there = |step: usize, called: &CoreDef| match called {
            _ if step > self.filler.step => true,
            CoreDef::Export(of, _) => made[*of] < step,
            CoreDef::Trampoline(index) => trampolines.get(*index).is_some_and(is_late),
            CoreDef::Flags(_) | CoreDef::Intrinsic(_) => true,
        };
        let mut is_needed = false;
        let mut resources = BTreeSet::new();
        plan.each_definition(&mut |place, def| {
            let name = match &*def {
                CoreDef::Export(of, name) if *of == self.shim.instance && *name != self.table => name,
                _ => return,
            };
            let called = self.called.get(name).filter(|called| match place {
                Place::Step(step) => is_there(step, called),
                Place::Destructor(_) | Place::Later => true,
            });
            let Some(called) = called else {
                is_needed = true;
                return;
            };
            if let Place::Destructor(step) = place {
                resources.insert(step);
            }
            *def = called.clone();
        });
        self.reorder(plan, &resources);
        is_needed
    }

    /// Has imports known before the modules that import them now, and destructors after those that export them.
    fn reorder(&self, plan: &mut Plan, resources: &BTreeSet<usize>) {
        let mut steps = std::mem::take(&mut plan.init);
        let after = steps.split_off(self.filler.step + 1);
        let between = (self.shim.step..).zip(steps.split_off(self.shim.step));
        let rank = |(at, step): &(usize, Step)| match step {
            Step::Lower { .. } => 0,
            Step::Resource { .. } if resources.contains(at) => 2,
            _ if *at == self.filler.step => 3,
            _ => 1,
        };
        let mut between: Vec<(usize, Step)> = between.collect();
        between.sort_by_key(rank);
        steps.extend(between.into_iter().map(|(_, step)| step));
        steps.extend(after);
        plan.init = steps;
    }
}

/// Whether a function of the runtime looks for memories and destructors only when it is called.
fn is_late(trampoline: &Trampoline) -> bool {
    match trampoline {
        Trampoline::Lower { .. }
        | Trampoline::ResourceNew { .. }
        | Trampoline::ResourceRep { .. }
        | Trampoline::ResourceDrop { .. } => true,
        Trampoline::Transcode { .. }
        | Trampoline::TransferOwn
        | Trampoline::TransferBorrow
        | Trampoline::EnterSyncCall
        | Trampoline::ExitSyncCall
        | Trampoline::Trap { .. }
        | Trampoline::MemoryCopy { .. } => false,
    }
}
