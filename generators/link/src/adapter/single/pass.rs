//! The adapter module itself: accesses to all memories but one become calls.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, EntityType, Function, ImportSection, Instruction as I, TypeSection, ValType,
};
use wasmparser::{FunctionBody, MemArg, Operator as O, Parser, Payload, TypeRef};

use super::super::accessor::Reach;
use crate::plan::CoreKind;

/// Where an import of the new module comes from; memories are given by the position of the old import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The import of the old module at this position.
    Original(usize),
    /// A new function.
    Helper(Helper),
}

/// A function in place of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// Reaches a memory.
    Reach { memory: usize, reach: Reach },
    /// Copies from one memory to another.
    Copy { from: usize, to: usize },
}

impl Source {
    /// The import as the plan lists it.
    pub(super) fn import(&self, old: &[(String, String, CoreKind)]) -> (String, String, CoreKind) {
        match self {
            Self::Original(position) => old[*position].clone(),
            Self::Helper(helper) => {
                let (module, name) = helper.import();
                (module, name, CoreKind::Func)
            }
        }
    }
}

impl Helper {
    fn import(self) -> (String, String) {
        match self {
            Self::Reach { memory, reach } => (format!("memory{memory}"), reach.name().to_owned()),
            Self::Copy { from, to } => ("copy".to_owned(), format!("{from}-{to}")),
        }
    }

    fn signature(self) -> (Vec<ValType>, Vec<ValType>) {
        match self {
            Self::Reach { reach, .. } => reach.signature(),
            Self::Copy { .. } => (vec![ValType::I32; 3], vec![]),
        }
    }
}

/// The module with one memory, and the sources of its imports.
pub(super) fn rewrite(module: &[u8]) -> Result<(Vec<u8>, Vec<Source>), Error<Infallible>> {
    let survey = Survey::of(module)?;
    let kept = (0..survey.memories.len()).max_by_key(|memory| survey.weights[*memory]).unwrap_or_default();
    let mut pass = Pass { kept: kept as u32, helpers: Vec::new(), sources: Vec::new(), next_body: 0, survey };
    for used in std::mem::take(&mut pass.survey.used) {
        if let Some(helper) = pass.helper(&used)
            && !pass.helpers.contains(&helper)
        {
            pass.helpers.push(helper);
        }
    }
    pass.helpers.sort();
    let mut rewritten = wasm_encoder::Module::new();
    utils::parse_core_module(&mut pass, &mut rewritten, Parser::new(0), module)?;
    Ok((rewritten.finish(), pass.sources))
}

/// An instruction that touches a memory, by the index of the memory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Reach(u32, Reach),
    Copy { from: u32, to: u32 },
}

/// What has to be known before the module is written again.
#[derive(Default)]
struct Survey {
    /// The position among the imports of each memory.
    memories: Vec<usize>,
    /// How often each memory is used, with what is in a loop counting more.
    weights: Vec<u64>,
    used: Vec<Use>,
    imported_functions: u32,
    types: u32,
    params: Vec<u32>,
    /// The number of parameters of each function of the module.
    bodies: Vec<u32>,
}

impl Survey {
    fn of(module: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut survey = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            survey.payload(payload?)?;
        }
        Ok(survey)
    }

    fn payload(&mut self, payload: Payload<'_>) -> Result<(), wasmparser::BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    self.params.push(u32::try_from(ty?.params().len()).unwrap_or(u32::MAX));
                    self.types += 1;
                }
            }
            Payload::ImportSection(section) => {
                for (position, import) in section.into_imports().enumerate() {
                    match import?.ty {
                        TypeRef::Memory(_) => self.memories.push(position),
                        TypeRef::Func(_) => self.imported_functions += 1,
                        _ => {}
                    }
                }
                self.weights.resize(self.memories.len(), 0);
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.bodies.push(self.params[ty? as usize]);
                }
            }
            Payload::CodeSectionEntry(body) => self.body(&body)?,
            _ => {}
        }
        Ok(())
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> Result<(), wasmparser::BinaryReaderError> {
        const LOOP: u64 = 10;
        let mut weights = vec![1u64];
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            let weight = weights.last().copied().unwrap_or(1);
            match &operator {
                O::Block { .. } | O::If { .. } => weights.push(weight),
                O::Loop { .. } => weights.push(weight.saturating_mul(LOOP)),
                O::End => {
                    weights.pop();
                }
                O::MemorySize { mem } => self.used.push(Use::Reach(*mem, Reach::Size)),
                O::MemoryCopy { dst_mem, src_mem } => {
                    self.used.push(Use::Copy { from: *src_mem, to: *dst_mem });
                }
                operator => {
                    if let Some(access) = Access::of(operator) {
                        self.weights[access.place.memory as usize] += weight;
                        self.used.push(Use::Reach(access.place.memory, access.reach));
                    }
                }
            }
        }
        Ok(())
    }
}

/// A load or store, and what else a call in its place needs.
struct Access {
    place: MemArg,
    reach: Reach,
    /// What turns the integer of a load into the value, or the value of a store into the integer.
    convert: Option<I<'static>>,
    /// The integer that a store takes from the stack.
    stored: Option<ValType>,
}

impl Access {
    fn of(operator: &O<'_>) -> Option<Self> {
        let load = |place: MemArg, reach, convert| Some(Self { place, reach, convert, stored: None });
        let store = |place: MemArg, reach, stored, convert| {
            Some(Self { place, reach, convert, stored: Some(stored) })
        };
        use ValType::{I32, I64};
        match *operator {
            O::I32Load8U { memarg } => load(memarg, Reach::Load8, None),
            O::I32Load8S { memarg } => load(memarg, Reach::Load8, Some(I::I32Extend8S)),
            O::I32Load16U { memarg } => load(memarg, Reach::Load16, None),
            O::I32Load16S { memarg } => load(memarg, Reach::Load16, Some(I::I32Extend16S)),
            O::I32Load { memarg } => load(memarg, Reach::Load32, None),
            O::I64Load { memarg } => load(memarg, Reach::Load64, None),
            O::F32Load { memarg } => load(memarg, Reach::Load32, Some(I::F32ReinterpretI32)),
            O::F64Load { memarg } => load(memarg, Reach::Load64, Some(I::F64ReinterpretI64)),
            O::I32Store8 { memarg } => store(memarg, Reach::Store8, I32, None),
            O::I32Store16 { memarg } => store(memarg, Reach::Store16, I32, None),
            O::I32Store { memarg } => store(memarg, Reach::Store32, I32, None),
            O::I64Store { memarg } => store(memarg, Reach::Store64, I64, None),
            O::F32Store { memarg } => store(memarg, Reach::Store32, I32, Some(I::I32ReinterpretF32)),
            O::F64Store { memarg } => store(memarg, Reach::Store64, I64, Some(I::I64ReinterpretF64)),
            _ => None,
        }
    }
}

struct Pass {
    /// The index of the memory that stays.
    kept: u32,
    helpers: Vec<Helper>,
    sources: Vec<Source>,
    next_body: usize,
    survey: Survey,
}

impl Pass {
    /// The function in place of `used`; none where only the kept memory is touched.
    fn helper(&self, used: &Use) -> Option<Helper> {
        let position = |memory: u32| self.survey.memories[memory as usize];
        match *used {
            Use::Reach(memory, _) if memory == self.kept => None,
            Use::Reach(memory, reach) => Some(Helper::Reach { memory: position(memory), reach }),
            Use::Copy { from, to } if from == self.kept && to == self.kept => None,
            Use::Copy { from, to } => Some(Helper::Copy { from: position(from), to: position(to) }),
        }
    }

    /// The call in place of `used`.
    fn call(&self, used: Use) -> Option<I<'static>> {
        let helper = self.helper(&used)?;
        let place = self.helpers.iter().position(|known| *known == helper)?;
        Some(I::Call(self.survey.imported_functions + u32::try_from(place).ok()?))
    }

    /// Writes the call in place of a load or store.
    ///
    /// The translation has checked that address and offset lie in the memory, so their sum fits.
    fn access(&self, function: &mut Function, access: &Access, scratch: [u32; 2]) -> Option<()> {
        let call = self.call(Use::Reach(access.place.memory, access.reach))?;
        let offset = access.place.offset as i32;
        if access.stored.is_some()
            && let Some(convert) = &access.convert
        {
            function.instruction(convert);
        }
        if offset != 0 {
            let value = access.stored.map(|stored| scratch[usize::from(stored == ValType::I64)]);
            if let Some(value) = value {
                function.instruction(&I::LocalSet(value));
            }
            function.instruction(&I::I32Const(offset)).instruction(&I::I32Add);
            if let Some(value) = value {
                function.instruction(&I::LocalGet(value));
            }
        }
        function.instruction(&call);
        if access.stored.is_none()
            && let Some(convert) = &access.convert
        {
            function.instruction(convert);
        }
        Some(())
    }
}

impl Reencode for Pass {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        let added = u32::try_from(self.helpers.len()).unwrap_or(u32::MAX);
        Ok(if index < self.survey.imported_functions { index } else { index + added })
    }

    fn memory_index(&mut self, _: u32) -> Result<u32, Error<Infallible>> {
        Ok(0)
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        utils::parse_type_section(self, types, section)?;
        for helper in &self.helpers {
            let (params, results) = helper.signature();
            types.ty().function(params, results);
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let kept = self.survey.memories[self.kept as usize];
        for (position, import) in section.into_imports().enumerate() {
            let import = import?;
            if matches!(import.ty, TypeRef::Memory(_)) && position != kept {
                continue;
            }
            self.sources.push(Source::Original(position));
            imports.import(import.module, import.name, self.entity_type(import.ty)?);
        }
        for (ty, helper) in (self.survey.types..).zip(&self.helpers) {
            let (module, name) = helper.import();
            imports.import(&module, &name, EntityType::Function(ty));
            self.sources.push(Source::Helper(*helper));
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let mut locals = Vec::new();
        let mut count = self.survey.bodies[self.next_body];
        for local in body.get_locals_reader()? {
            let (repeat, ty) = local?;
            locals.push((repeat, self.val_type(ty)?));
            count += repeat;
        }
        self.next_body += 1;
        locals.extend([(1, ValType::I32), (1, ValType::I64)]);
        let scratch = [count, count + 1];
        let mut function = Function::new(locals);
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            let call = match &operator {
                O::MemorySize { mem } => self.call(Use::Reach(*mem, Reach::Size)),
                O::MemoryCopy { dst_mem, src_mem } => self.call(Use::Copy { from: *src_mem, to: *dst_mem }),
                operator => {
                    let access = Access::of(operator);
                    if access.is_some_and(|access| self.access(&mut function, &access, scratch).is_some()) {
                        continue;
                    }
                    None
                }
            };
            match call {
                Some(call) => function.instruction(&call),
                None => function.instruction(&self.instruction(operator)?),
            };
        }
        code.function(&function);
        Ok(())
    }
}
