//! Lets adapters run on engines that allow a module one memory only.
//!
//! Of the memories that an adapter imports, the one that it uses most stays.
//! The others are reached through instances of the accessor module, which ordinary steps of the plan make.
//! Only copies between two memories need a function of the runtime.

mod pass;

use std::collections::HashMap;

use witgen_diag::Result;

use super::{accessor, unexpected};
use crate::plan::{self, CoreDef, CoreKind, Module, Plan, Step, Trampoline};
use pass::{Helper, Source};

/// Rewrites the adapters that import several memories.
pub(super) fn apply(plan: &mut Plan, modules: &mut Vec<Vec<u8>>) -> Result<()> {
    let mut sources: Vec<Option<Vec<Source>>> = vec![None; modules.len()];
    for ((module, bytes), sources) in plan.modules.iter_mut().zip(modules.iter_mut()).zip(&mut sources) {
        let memories = module.imports.iter().filter(|(_, _, kind)| *kind == CoreKind::Memory).count();
        if !module.adapter || memories < 2 {
            continue;
        }
        let (rewritten, found) = pass::rewrite(bytes).map_err(|reason| unexpected(&module.file, &reason))?;
        module.imports = found.iter().map(|source| source.import(&module.imports)).collect();
        *bytes = rewritten;
        *sources = Some(found);
    }
    if sources.iter().all(Option::is_none) {
        return Ok(());
    }
    let accessor = plan.modules.len();
    plan.modules.push(Module {
        file: plan::file(accessor),
        size: 0,
        adapter: true,
        features: Vec::new(),
        imports: vec![(accessor::MEMORY.0.to_owned(), accessor::MEMORY.1.to_owned(), CoreKind::Memory)],
        pages: 0,
    });
    modules.push(accessor::module());
    Steps::new(accessor, &sources).rewrite(plan);
    Ok(())
}

/// Adds the steps that make accessors, which gives every core instance after them another number.
struct Steps<'a> {
    accessor: usize,
    sources: &'a [Option<Vec<Source>>],
    /// The new number of each core instance.
    numbers: Vec<usize>,
    made: usize,
    /// The accessor of each memory, by its new definition.
    accessors: HashMap<(usize, String), usize>,
    init: Vec<Step>,
}

impl<'a> Steps<'a> {
    fn new(accessor: usize, sources: &'a [Option<Vec<Source>>]) -> Self {
        Self { accessor, sources, numbers: Vec::new(), made: 0, accessors: HashMap::new(), init: Vec::new() }
    }

    fn rewrite(mut self, plan: &mut Plan) {
        for mut step in std::mem::take(&mut plan.init) {
            step.renumber_instances(&|instance| self.numbers.get(instance).copied().unwrap_or(instance));
            if let Step::Instantiate { module, args, .. } = &mut step {
                let sources = self.sources;
                if let Some(Some(sources)) = sources.get(*module) {
                    *args = sources.iter().map(|source| self.argument(plan, source, args)).collect();
                }
                self.numbers.push(self.made);
                self.made += 1;
            }
            self.init.push(step);
        }
        plan.init = std::mem::take(&mut self.init);
        let numbers = self.numbers;
        for export in &mut plan.exports {
            export.item.renumber_instances(&|instance| numbers.get(instance).copied().unwrap_or(instance));
        }
    }

    fn argument(&mut self, plan: &mut Plan, source: &Source, args: &[CoreDef]) -> CoreDef {
        match source {
            Source::Original(position) => args[*position].clone(),
            Source::Helper(Helper::Reach { memory, reach }) => {
                CoreDef::Export(self.accessor_of(&args[*memory]), reach.name().to_owned())
            }
            Source::Helper(Helper::Copy { from, to }) => {
                let copy = Trampoline::MemoryCopy { from: args[*from].clone(), to: args[*to].clone() };
                let known = plan.trampolines.iter().position(|trampoline| *trampoline == copy);
                CoreDef::Trampoline(known.unwrap_or_else(|| {
                    plan.trampolines.push(copy);
                    plan.trampolines.len() - 1
                }))
            }
        }
    }

    /// The instance that reaches `memory`.
    fn accessor_of(&mut self, memory: &CoreDef) -> usize {
        let key = match memory {
            CoreDef::Export(instance, name) => (*instance, name.clone()),
            // Memories are always exports of instances.
            _ => (usize::MAX, String::new()),
        };
        if let Some(instance) = self.accessors.get(&key) {
            return *instance;
        }
        let step = Step::Instantiate { module: self.accessor, args: vec![memory.clone()], instance: None };
        self.init.push(step);
        let instance = self.made;
        self.made += 1;
        self.accessors.insert(key, instance);
        instance
    }
}
