//! What the passes over whole modules have in common.

use std::convert::Infallible;

use wasm_encoder::Module;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasmparser::{CustomSectionReader, Operator as O, Parser};

/// A module as a pass writes it again.
pub(crate) fn rewritten<R: Reencode<Error = Infallible>>(
    pass: &mut R,
    module: &[u8],
) -> Result<Vec<u8>, Error<Infallible>> {
    let mut rewritten = Module::new();
    utils::parse_core_module(pass, &mut rewritten, Parser::new(0), module)?;
    Ok(rewritten.finish())
}

/// Copies a custom section, unless it is about places in the code, which are others now, or cannot be read.
///
/// Nobody has validated these sections, and none is needed.
pub(crate) fn custom_section<R: Reencode<Error = Infallible>>(
    pass: &mut R,
    module: &mut Module,
    section: CustomSectionReader<'_>,
) -> Result<(), Error<Infallible>> {
    let name = section.name();
    if name.starts_with(".debug_") || name.starts_with("metadata.code.") {
        return Ok(());
    }
    match utils::parse_custom_section(pass, module, section) {
        Err(Error::ParseError(_)) => Ok(()),
        copied => copied,
    }
}

/// Whether an instruction takes time as long as its last operand says.
pub(crate) fn moves_a_block(operator: &O<'_>) -> bool {
    matches!(
        operator,
        O::MemoryCopy { .. }
            | O::MemoryFill { .. }
            | O::MemoryInit { .. }
            | O::TableCopy { .. }
            | O::TableFill { .. }
            | O::TableInit { .. }
            | O::ArrayCopy { .. }
            | O::ArrayFill { .. }
            | O::ArrayInitData { .. }
            | O::ArrayInitElem { .. }
    )
}
