//! One module: what it does is subtracted from what is left.
//!
//! A function keeps what is left in a local, since that is faster than a global, and writes it back where others look: at calls and at its end.
//! The counting is that of `wasmtime-internal-cranelift`: one for every entry of a function and for every instruction that is more than a mark, and the size of what moves a block.
//! So are the places of the checks: where functions and loops begin, and before blocks are moved.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, EntityType, Function, ImportSection, Instruction as I, Module, SectionId, ValType,
};
use wasmparser::{
    BinaryReaderError, CompositeInnerType, CustomSectionReader, FunctionBody, Operator as O, Parser, Payload,
    TypeRef,
};

use super::{Gauge, REACHED_FUEL, REACHED_MEMORY};
use crate::rewriting;

type Encoded<T> = Result<T, Error<Infallible>>;

/// A block of at most this size is moved without a check.
const SMALL_BLOCK: i32 = 128;

/// What has to be known before a module is written again.
#[derive(Default)]
pub(super) struct Survey {
    /// The number of parameters of each type; none of what is no function.
    params: Vec<u32>,
    /// The type of each function of the module.
    functions: Vec<u32>,
    imported_globals: u32,
    /// The modules that it imports from.
    imports_from: Vec<String>,
    grows: bool,
}

impl Survey {
    pub(super) fn of(module: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut survey = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            survey.payload(payload?)?;
        }
        Ok(survey)
    }

    fn payload(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.types() {
                        self.params.push(match &ty.composite_type.inner {
                            CompositeInnerType::Func(func) => {
                                u32::try_from(func.params().len()).unwrap_or(u32::MAX)
                            }
                            _ => 0,
                        });
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    self.imported_globals += u32::from(matches!(import.ty, TypeRef::Global(_)));
                    self.imports_from.push(import.module.to_owned());
                }
            }
            Payload::FunctionSection(section) => {
                self.functions = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader()? {
                    self.grows |= matches!(operator?, O::MemoryGrow { .. });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What the module has to import, in this order.
    pub(super) fn gauges(&self) -> &'static [Gauge] {
        match (self.functions.is_empty(), self.grows) {
            (true, _) => &[],
            (false, false) => &[Gauge::Fuel, Gauge::Reached],
            (false, true) => &Gauge::ALL,
        }
    }

    /// What the meter is called: not as anything else that the module imports, since hosts find imports by their names.
    pub(super) fn import_name(&self) -> String {
        let mut name = "meter".to_owned();
        while self.imports_from.contains(&name) {
            name.push('\'');
        }
        name
    }

    pub(super) fn rewrite(self, module: &[u8]) -> Encoded<Vec<u8>> {
        rewriting::rewritten(&mut Pass { survey: self, imported: false, next_body: 0 }, module)
    }
}

struct Pass {
    survey: Survey,
    /// Whether the gauges are among the imports.
    imported: bool,
    next_body: usize,
}

impl Pass {
    fn import(&mut self, imports: &mut ImportSection) {
        let from = self.survey.import_name();
        for gauge in self.survey.gauges() {
            imports.import(&from, gauge.name(), EntityType::Global(gauge.ty()));
        }
        self.imported = true;
    }
}

impl Reencode for Pass {
    type Error = Infallible;

    fn global_index(&mut self, index: u32) -> Encoded<u32> {
        let added = u32::try_from(self.survey.gauges().len()).unwrap_or(u32::MAX);
        Ok(if index < self.survey.imported_globals { index } else { index + added })
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Encoded<()> {
        utils::parse_import_section(self, imports, section)?;
        self.import(imports);
        Ok(())
    }

    /// Adds the section of imports to a module without.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Encoded<()> {
        if !self.imported && before.is_some_and(|id| !matches!(id, SectionId::Type | SectionId::Import)) {
            let mut imports = ImportSection::new();
            self.import(&mut imports);
            module.section(&imports);
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Encoded<()> {
        rewriting::custom_section(self, module, section)
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Encoded<()> {
        let ty = self.survey.functions.get(self.next_body).copied().unwrap_or_default();
        self.next_body += 1;
        let mut count = self.survey.params.get(ty as usize).copied().unwrap_or_default();
        let mut locals = Vec::new();
        for local in body.get_locals_reader()? {
            let (repeat, ty) = local?;
            locals.push((repeat, self.val_type(ty)?));
            count += repeat;
        }
        let mut sizes = 0;
        for operator in body.get_operators_reader()? {
            match operator? {
                O::MemoryGrow { .. } => sizes = 2,
                operator if moves_a_block(&operator) => sizes = sizes.max(1),
                _ => {}
            }
        }
        locals.push((1, ValType::I64));
        if sizes > 0 {
            locals.push((sizes, ValType::I32));
        }
        let mut body_out = Body {
            out: Function::new(locals),
            first_gauge: self.survey.imported_globals,
            left: count,
            pending: 0,
            depth: 0,
            constant: None,
        };
        body_out.enter();
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            body_out.before(&operator);
            match operator {
                O::MemoryGrow { mem } => body_out.grow(mem),
                ref other => {
                    let after = After::of(other);
                    body_out.constant = if let O::I32Const { value } = other { Some(*value) } else { None };
                    let instruction = self.instruction(operator)?;
                    body_out.out.instruction(&instruction);
                    body_out.after(after);
                }
            }
        }
        code.function(&body_out.out);
        Ok(())
    }
}

/// What follows an instruction.
enum After {
    Nothing,
    Check,
    Reload,
}

impl After {
    fn of(operator: &O<'_>) -> Self {
        match operator {
            O::Loop { .. } => Self::Check,
            O::Call { .. } | O::CallIndirect { .. } | O::CallRef { .. } => Self::Reload,
            _ => Self::Nothing,
        }
    }
}

/// A function that is being written.
struct Body {
    out: Function,
    first_gauge: u32,
    /// The local of what is left; those after it are for sizes.
    left: u32,
    /// What was not subtracted yet.
    pending: i64,
    /// Blocks that are open, without that of the function.
    depth: u32,
    /// The constant that is on the stack, if the last instruction put one there.
    constant: Option<i32>,
}

impl Body {
    fn gauge(&self, gauge: Gauge) -> u32 {
        self.first_gauge + gauge as u32
    }

    fn size(&self) -> u32 {
        self.left + 1
    }

    fn add(&mut self, instructions: &[I<'_>]) {
        for instruction in instructions {
            self.out.instruction(instruction);
        }
    }

    fn enter(&mut self) {
        self.load();
        self.add(&[I::I64Const(1), I::I64Sub, I::LocalTee(self.left)]);
        self.check();
    }

    /// Everything that is counted before `operator`, and its own cost.
    fn before(&mut self, operator: &O<'_>) {
        self.pending += cost(operator);
        match operator {
            // Nobody looks at what is left after a trap.
            O::Unreachable => self.pending = 0,
            O::Return
            | O::Call { .. }
            | O::CallIndirect { .. }
            | O::CallRef { .. }
            | O::ReturnCall { .. }
            | O::ReturnCallIndirect { .. }
            | O::ReturnCallRef { .. } => {
                self.subtract();
                self.store();
            }
            O::Block { .. } => self.depth += 1,
            O::Loop { .. } | O::If { .. } => {
                self.subtract();
                self.depth += 1;
            }
            O::Else => self.subtract(),
            O::End => {
                self.subtract();
                if self.depth == 0 {
                    self.store();
                } else {
                    self.depth -= 1;
                }
            }
            O::MemoryGrow { .. } if self.constant.is_none() => {
                self.subtract();
                self.add(&[I::LocalGet(self.left)]);
                self.check();
            }
            other => {
                if let Some(leaves) = self.branch(other) {
                    self.subtract();
                    if leaves {
                        self.store();
                    }
                } else if moves_a_block(other) {
                    self.block();
                }
            }
        }
    }

    fn after(&mut self, after: After) {
        match after {
            After::Nothing => {}
            After::Check => {
                self.add(&[I::LocalGet(self.left)]);
                self.check();
            }
            After::Reload => {
                self.load();
                self.add(&[I::LocalSet(self.left)]);
            }
        }
    }

    /// Whether a branch may end the function; none of what is no branch.
    fn branch(&self, operator: &O<'_>) -> Option<bool> {
        match operator {
            O::Br { relative_depth }
            | O::BrIf { relative_depth }
            | O::BrOnNull { relative_depth }
            | O::BrOnNonNull { relative_depth }
            | O::BrOnCast { relative_depth, .. }
            | O::BrOnCastFail { relative_depth, .. } => Some(*relative_depth == self.depth),
            O::BrTable { targets } => {
                let mut all = targets.targets().filter_map(Result::ok).chain([targets.default()]);
                Some(all.any(|target| target == self.depth))
            }
            _ => None,
        }
    }

    fn load(&mut self) {
        self.add(&[I::GlobalGet(self.gauge(Gauge::Fuel))]);
    }

    fn store(&mut self) {
        self.add(&[I::LocalGet(self.left), I::GlobalSet(self.gauge(Gauge::Fuel))]);
    }

    fn subtract(&mut self) {
        if self.pending > 0 {
            self.add(&[I::LocalGet(self.left), I::I64Const(self.pending), I::I64Sub, I::LocalSet(self.left)]);
            self.pending = 0;
        }
    }

    /// Traps when what is on the stack is nothing.
    fn check(&mut self) {
        self.add(&[I::I64Const(0), I::I64LeS]);
        self.trap(REACHED_FUEL);
    }

    /// Traps when the condition on the stack holds.
    fn trap(&mut self, reached: i32) {
        self.add(&[
            I::If(BlockType::Empty),
            I::I32Const(reached),
            I::GlobalSet(self.gauge(Gauge::Reached)),
            I::Unreachable,
            I::End,
        ]);
    }

    /// Counts a block of the size that is on the stack, and stays there.
    fn block(&mut self) {
        if let Some(size) = self.constant {
            self.pending += i64::from(size as u32);
            self.subtract();
            if (0..=SMALL_BLOCK).contains(&size) {
                return;
            }
        } else {
            self.subtract();
            self.add(&[
                I::LocalTee(self.size()),
                I::LocalGet(self.left),
                I::LocalGet(self.size()),
                I::I64ExtendI32U,
                I::I64Sub,
                I::LocalSet(self.left),
            ]);
        }
        self.add(&[I::LocalGet(self.left)]);
        self.check();
    }

    /// Lets a memory grow by the pages on the stack, if that many are left.
    fn grow(&mut self, memory: u32) {
        let (delta, old) = (self.size(), self.size() + 1);
        let pages = self.gauge(Gauge::Memory);
        self.constant = None;
        self.add(&[I::LocalTee(delta), I::I64ExtendI32U, I::GlobalGet(pages), I::I64GtS]);
        self.trap(REACHED_MEMORY);
        self.add(&[
            I::LocalGet(delta),
            I::MemoryGrow(memory),
            I::LocalTee(old),
            I::I32Const(-1),
            I::I32Ne,
            I::If(BlockType::Empty),
            I::GlobalGet(pages),
            I::LocalGet(delta),
            I::I64ExtendI32U,
            I::I64Sub,
            I::GlobalSet(pages),
            I::End,
            I::LocalGet(old),
        ]);
    }
}

/// The units of an instruction, without those for its size.
fn cost(operator: &O<'_>) -> i64 {
    match operator {
        O::Nop
        | O::Drop
        | O::Block { .. }
        | O::Loop { .. }
        | O::Unreachable
        | O::Return
        | O::Else
        | O::End => 0,
        _ => 1,
    }
}

/// Whether it costs as many units as its last operand says.
fn moves_a_block(operator: &O<'_>) -> bool {
    rewriting::moves_a_block(operator)
        || matches!(
            operator,
            O::TableGrow { .. }
                | O::ArrayNew { .. }
                | O::ArrayNewDefault { .. }
                | O::ArrayNewData { .. }
                | O::ArrayNewElem { .. }
        )
}
