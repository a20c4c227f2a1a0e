//! Turns loops that copy scalars into `memory.copy`.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{BlockType, CodeSection, Function, Instruction as I, Module};
use wasmparser::{FunctionBody, Operator, Parser};

use super::Loops;
use super::shape::{Copying, copying};

/// The module with its loops replaced.
pub(super) fn rewrite(module: &[u8]) -> Result<(Vec<u8>, Loops), Error<Infallible>> {
    let mut pass = Pass::default();
    let mut rewritten = Module::new();
    utils::parse_core_module(&mut pass, &mut rewritten, Parser::new(0), module)?;
    Ok((rewritten.finish(), pass.loops))
}

#[derive(Default)]
struct Pass {
    loops: Loops,
}

impl Reencode for Pass {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let operators = body.get_operators_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut position = 0;
        while let Some(operator) = operators.get(position) {
            self.loops.found += usize::from(matches!(operator, Operator::Loop { .. }));
            if let Some(found) = copying(&operators, position) {
                copy(&mut function, &found);
                self.loops.replaced += 1;
                position = found.end + 1;
            } else {
                function.instruction(&self.instruction(operator.clone())?);
                position += 1;
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// One copy in place of the loop, which leaves the locals as the loop would have.
fn copy(function: &mut Function, found: &Copying) {
    let Copying { source, destination, remaining, stride, from, to, .. } = *found;
    if stride != 1 {
        multiply(function, remaining, stride);
    }
    function
        .instruction(&I::LocalGet(destination))
        .instruction(&I::LocalGet(source))
        .instruction(&I::LocalGet(remaining))
        .instruction(&I::MemoryCopy { src_mem: from, dst_mem: to });
    for pointer in [source, destination] {
        function
            .instruction(&I::LocalGet(pointer))
            .instruction(&I::LocalGet(remaining))
            .instruction(&I::I32Add)
            .instruction(&I::LocalSet(pointer));
    }
    function.instruction(&I::I32Const(0)).instruction(&I::LocalSet(remaining));
}

/// Elements become bytes; more than an address can hold trap, as the loop would at the end of a memory.
fn multiply(function: &mut Function, remaining: u32, stride: u32) {
    let bytes = |function: &mut Function| {
        function
            .instruction(&I::LocalGet(remaining))
            .instruction(&I::I64ExtendI32U)
            .instruction(&I::I64Const(stride.into()))
            .instruction(&I::I64Mul);
    };
    bytes(function);
    function
        .instruction(&I::I64Const(32))
        .instruction(&I::I64ShrU)
        .instruction(&I::I64Eqz)
        .instruction(&I::I32Eqz)
        .instruction(&I::If(BlockType::Empty))
        .instruction(&I::Unreachable)
        .instruction(&I::End);
    bytes(function);
    function.instruction(&I::I32WrapI64).instruction(&I::LocalSet(remaining));
}
