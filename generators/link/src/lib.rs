//! Translates components ahead of time, for hosts that run core modules and nothing else.
//!
//! A component becomes core modules and a [`Plan`]: a flat list of steps that joins them.
//! `wasmtime-environ` does the translation; its interface changes with every release, so nothing outside of `translate` names it.
//! This crate knows nothing of WIT text, of languages or of files.

mod adapter;
mod features;
mod interrupt;
mod metered;
pub mod plan;
mod rewriting;
mod shims;
mod translate;
mod types;
mod validate;

#[cfg(test)]
mod tests;

use std::panic::{UnwindSafe, catch_unwind};

use witgen_diag::{Diagnostic, Id, Result};

pub use adapter::Loops;
pub use plan::Plan;

/// How to translate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Gives every module one memory at most, for engines without multi-memory.
    pub single_memory: bool,
    /// Lets a host end modules that compute for ever.
    pub interruptible: bool,
    /// Lets a host limit the work of calls, and memory.
    pub metered: bool,
    /// Copies lists of plain scalars at once; only tests turn this off.
    pub bulk: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { single_memory: false, interruptible: false, metered: false, bulk: true }
    }
}

/// A translated component.
#[derive(Clone, Debug)]
pub struct Linked {
    /// How to join the modules.
    pub plan: Plan,
    /// The modules, in the order of the plan.
    pub modules: Vec<Vec<u8>>,
    /// What happened to the loops of adapters.
    pub loops: Loops,
}

impl Linked {
    /// The files to write: `plan.json` and the modules beside it.
    ///
    /// # Errors
    ///
    /// `Internal`, when the plan cannot be printed.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut text = serde_json::to_string(&self.plan)
            .map_err(|reason| Diagnostic::error(Id::Internal, format!("cannot print the plan: {reason}")))?;
        text.push('\n');
        let names = self.plan.modules.iter().map(|module| module.file.clone());
        let mut files: Vec<_> = names.zip(self.modules.iter().cloned()).collect();
        files.push(("plan.json".to_owned(), text.into_bytes()));
        Ok(files)
    }
}

/// Translates the binary component `bytes`.
///
/// # Errors
///
/// `InvalidComponent` for bytes that are no valid component.
/// `UnsupportedType` for what a plan cannot express, such as async functions and imported modules.
pub fn link(bytes: &[u8], options: Options) -> Result<Linked> {
    let (mut plan, mut modules) = unless_it_panics(|| {
        validate::component(bytes)?;
        translate::translate(bytes)
    })?;
    // A call of a shim is work that wasmtime counts, too.
    if !options.metered {
        shims::apply(&mut plan, &mut modules)?;
    }
    let mut loops = Loops::default();
    if options.bulk {
        loops = adapter::bulk(&plan, &mut modules)?;
    }
    // Before instructions become calls, or questions come in between.
    if options.metered {
        metered::apply(&mut plan, &mut modules)?;
    }
    if options.single_memory {
        adapter::single_memory(&mut plan, &mut modules)?;
    }
    if options.interruptible {
        interrupt::apply(&mut plan, &mut modules)?;
    }
    for (module, bytes) in plan.modules.iter_mut().zip(&modules) {
        module.size = bytes.len();
        module.features = features::beyond_the_floor(bytes)?;
    }
    Ok(Linked { plan, modules, loops })
}

/// Refuses the components at which the validation or the translation panics, which are not ours.
fn unless_it_panics<T>(work: impl FnOnce() -> Result<T> + UnwindSafe) -> Result<T> {
    catch_unwind(work).unwrap_or_else(|_| {
        let refused = Diagnostic::error(Id::UnsupportedType, "the component cannot be translated");
        Err(refused.note("wasmtime's validation or translation of it ended in a panic").into())
    })
}

/// A construct that a plan has no words for.
fn inexpressible(what: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Id::UnsupportedType, format!("link plans cannot express {}", what.into()))
}

/// Something that the translation promises and did not do.
fn broken(what: &str) -> Diagnostic {
    Diagnostic::error(Id::Internal, format!("the translated component is not as expected: {what}"))
}
