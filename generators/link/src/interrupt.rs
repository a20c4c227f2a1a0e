//! Makes modules count their turns, so that a host can end one that computes for ever.
//!
//! Each module has an allowance: how many turns of loops and calls of functions are still its own.
//! When nothing is left, the module asks the runtime for another one, and the runtime may trap instead.
//! Without loops and calls, code ends by itself; so the check stands at the start of every loop and of every function that calls.
//! Instructions that move a block count by its size.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, EntityType, Function, GlobalSection, GlobalType, ImportSection,
    Instruction as I, Module, SectionId, TypeSection, ValType,
};
use wasmparser::{
    BinaryReaderError, CustomSectionReader, FunctionBody, Operator as O, Parser, Payload, TypeRef,
};
use witgen_diag::Result;

use crate::plan::{CoreDef, CoreKind, Plan, Step};
use crate::{broken, rewriting};

/// The import that asks for an allowance, as module and field.
const ALLOW: (&str, &str) = ("runtime", "allow-turns");

/// A turn takes about as long as moving this many bytes, as a power of two.
const BLOCK_SHIFT: i32 = 6;

/// Rewrites the modules of the component; adapters end by themselves.
pub(crate) fn apply(plan: &mut Plan, modules: &mut [Vec<u8>]) -> Result<()> {
    let mut asking = vec![false; modules.len()];
    for ((module, bytes), asking) in plan.modules.iter_mut().zip(modules).zip(&mut asking) {
        if module.adapter {
            continue;
        }
        let failed = |reason| broken(&format!("the module `{}` cannot be rewritten: {reason}", module.file));
        let survey = Survey::of(bytes).map_err(|reason| failed(Error::ParseError(reason)))?;
        if survey.has_code {
            *bytes = survey.rewrite(bytes).map_err(failed)?;
            module.imports.push((ALLOW.0.to_owned(), ALLOW.1.to_owned(), CoreKind::Func));
            *asking = true;
        }
    }
    plan.interruptible = true;
    for step in &mut plan.init {
        if let Step::Instantiate { module, args, .. } = step
            && asking[*module]
        {
            args.push(CoreDef::Intrinsic(ALLOW.1.to_owned()));
        }
    }
    Ok(())
}

/// What has to be known before a module is written again.
#[derive(Default)]
struct Survey {
    types: u32,
    imported_functions: u32,
    globals: u32,
    has_code: bool,
}

impl Survey {
    fn of(module: &[u8]) -> std::result::Result<Self, BinaryReaderError> {
        let mut survey = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        survey.types += u32::try_from(group?.types().len()).unwrap_or(u32::MAX);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import?.ty {
                            TypeRef::Func(_) | TypeRef::FuncExact(_) => survey.imported_functions += 1,
                            TypeRef::Global(_) => survey.globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::GlobalSection(section) => survey.globals += section.count(),
                Payload::CodeSectionStart { count, .. } => survey.has_code = count > 0,
                _ => {}
            }
        }
        Ok(survey)
    }

    fn rewrite(self, module: &[u8]) -> std::result::Result<Vec<u8>, Error<Infallible>> {
        rewriting::rewritten(&mut Pass { survey: self, imported: false, declared: false }, module)
    }
}

struct Pass {
    survey: Survey,
    /// Whether the function is among the imports.
    imported: bool,
    /// Whether the allowance is among the globals.
    declared: bool,
}

impl Pass {
    fn import(&mut self, imports: &mut ImportSection) {
        imports.import(ALLOW.0, ALLOW.1, EntityType::Function(self.survey.types));
        self.imported = true;
    }

    fn declare(&mut self, globals: &mut GlobalSection) {
        let number = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(number, &ConstExpr::i32_const(0)).global(number, &ConstExpr::i32_const(0));
        self.declared = true;
    }

    /// One turn or call more.
    fn count(&self, function: &mut Function) {
        function.instruction(&I::GlobalGet(self.allowance())).instruction(&I::I32Const(1));
        self.take(function);
    }

    /// A block of the size that is on the stack, and stays there.
    fn count_block(&self, function: &mut Function) {
        let size = self.allowance() + 1;
        function
            .instruction(&I::GlobalSet(size))
            .instruction(&I::GlobalGet(self.allowance()))
            .instruction(&I::GlobalGet(size))
            .instruction(&I::I32Const(BLOCK_SHIFT))
            .instruction(&I::I32ShrU);
        self.take(function);
        function.instruction(&I::GlobalGet(size));
    }

    /// Subtracts, and asks for more when nothing is left.
    fn take(&self, function: &mut Function) {
        let allowance = self.allowance();
        function
            .instruction(&I::I32Sub)
            .instruction(&I::GlobalSet(allowance))
            .instruction(&I::GlobalGet(allowance))
            .instruction(&I::I32Const(0))
            .instruction(&I::I32LtS)
            .instruction(&I::If(BlockType::Empty))
            .instruction(&I::Call(self.survey.imported_functions))
            .instruction(&I::GlobalSet(allowance))
            .instruction(&I::End);
    }

    /// The global that is the allowance; the one after it keeps the size of a block.
    fn allowance(&self) -> u32 {
        self.survey.globals
    }
}

impl Reencode for Pass {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> std::result::Result<u32, Error<Infallible>> {
        Ok(index + u32::from(index >= self.survey.imported_functions))
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], [ValType::I32]);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        utils::parse_import_section(self, imports, section)?;
        self.import(imports);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        utils::parse_global_section(self, globals, section)?;
        self.declare(globals);
        Ok(())
    }

    /// Adds the sections that the module lacks.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> std::result::Result<(), Error<Infallible>> {
        let Some(before) = before else { return Ok(()) };
        if !self.imported && !matches!(before, SectionId::Type | SectionId::Import) {
            let mut imports = ImportSection::new();
            self.import(&mut imports);
            module.section(&imports);
        }
        let follows = [
            SectionId::Export,
            SectionId::Start,
            SectionId::Element,
            SectionId::DataCount,
            SectionId::Code,
            SectionId::Data,
        ];
        if !self.declared && follows.contains(&before) {
            let mut globals = GlobalSection::new();
            self.declare(&mut globals);
            module.section(&globals);
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: CustomSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        rewriting::custom_section(self, module, section)
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let operators = || body.get_operators_reader();
        for operator in operators()? {
            if calls(&operator?) {
                self.count(&mut function);
                break;
            }
        }
        for operator in operators()? {
            let operator = operator?;
            let is_loop = matches!(operator, O::Loop { .. });
            if rewriting::moves_a_block(&operator) {
                self.count_block(&mut function);
            }
            function.instruction(&self.instruction(operator)?);
            if is_loop {
                self.count(&mut function);
            }
        }
        code.function(&function);
        Ok(())
    }
}

fn calls(operator: &O<'_>) -> bool {
    matches!(
        operator,
        O::Call { .. }
            | O::CallIndirect { .. }
            | O::CallRef { .. }
            | O::ReturnCall { .. }
            | O::ReturnCallIndirect { .. }
            | O::ReturnCallRef { .. }
    )
}
