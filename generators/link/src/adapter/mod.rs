//! Makes adapters faster, or possible at all: the modules that the translation puts between two components.
//!
//! They copy values from one memory to another, element by element.
//! [`bulk`] turns loops over plain scalars into one copy; [`single`] lets an engine without multi-memory run them.

mod accessor;
mod bulk;
mod shape;
mod single;

use witgen_diag::{Diagnostic, Id, Result};

use crate::plan::Plan;
use crate::{broken, features};

/// What happened to the loops of adapters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loops {
    /// How many loops the translation made.
    pub found: usize,
    /// How many of them became one copy.
    pub replaced: usize,
}

/// Turns loops over plain scalars into copies.
pub(crate) fn bulk(plan: &Plan, modules: &mut [Vec<u8>]) -> Result<Loops> {
    let mut loops = Loops::default();
    for (module, bytes) in plan.modules.iter().zip(modules.iter_mut()).filter(|(module, _)| module.adapter) {
        let (rewritten, seen) = bulk::rewrite(bytes).map_err(|reason| unexpected(&module.file, &reason))?;
        *bytes = rewritten;
        loops.found += seen.found;
        loops.replaced += seen.replaced;
    }
    Ok(loops)
}

/// Gives every module one memory at most, and adds the steps that this needs.
pub(crate) fn single_memory(plan: &mut Plan, modules: &mut Vec<Vec<u8>>) -> Result<()> {
    refuse_own_memories(plan, modules)?;
    single::apply(plan, modules)
}

fn unexpected(file: &str, reason: &impl std::fmt::Display) -> Diagnostic {
    broken(&format!("the adapter `{file}` cannot be rewritten: {reason}"))
}

/// The memories of a guest are its own business: only adapters are rewritten.
fn refuse_own_memories(plan: &Plan, modules: &[Vec<u8>]) -> Result<()> {
    for (module, bytes) in plan.modules.iter().zip(modules).filter(|(module, _)| !module.adapter) {
        if features::beyond_the_floor(bytes)?.iter().any(|feature| feature == "multi-memory") {
            return Err(Diagnostic::error(
                Id::UnsupportedType,
                format!("the module `{}` of the component has several memories itself", module.file),
            )
            .note("`--single-memory` rewrites only the adapters between components")
            .help("link without `--single-memory`, for an engine with multi-memory")
            .into());
        }
    }
    Ok(())
}
