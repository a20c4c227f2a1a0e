//! Refuses what is no valid component, before anything else looks at it.
//!
//! The translation alone would not read function bodies.

use wasmtime_environ::wasmparser::component_types::ComponentAnyTypeId;
use wasmtime_environ::wasmparser::{
    BinaryReaderError, CanonicalFunction, Parser, Payload, Validator, WasmFeatures,
};
use witgen_diag::{Diagnostic, Id, Result};

use crate::{broken, inexpressible};

/// What a component may use.
///
/// Without exceptions, since adapters would otherwise catch what an import throws and lose it.
/// With async built-ins, since some toolchains mention them in components that never wait; what really needs them is refused by name later.
pub(crate) fn accepted() -> WasmFeatures {
    let core = WasmFeatures::WASM2
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::GC
        | WasmFeatures::GC_TYPES
        | WasmFeatures::THREADS;
    core | WasmFeatures::COMPONENT_MODEL
        | WasmFeatures::CM_ASYNC
        | WasmFeatures::CM_MAP
        | WasmFeatures::CM_IMPLEMENTS
}

/// Checks all of `bytes`, the bodies of functions included.
pub(crate) fn component(bytes: &[u8]) -> Result<()> {
    if let Some(diagnostic) = wrong_kind(bytes) {
        return Err(diagnostic.into());
    }
    let validated = |features| Validator::new_with_features(features).validate_all(bytes);
    let Err(error) = validated(accepted()) else { return synchronous(bytes) };
    let diagnostic = if validated(WasmFeatures::all()).is_ok() {
        inexpressible("a feature that the component uses").note(error.message())
    } else {
        Diagnostic::error(Id::InvalidComponent, "the file is no valid component")
            .note(format!("{} (at byte {})", error.message(), error.offset()))
            .help("build it again, or compare its size with the original: it may have been cut")
    };
    Err(diagnostic.into())
}

/// Refuses async functions of all components in `bytes`: the translation aborts where one component calls those of
/// another.
fn synchronous(bytes: &[u8]) -> Result<()> {
    let mut validator = Validator::new_with_features(accepted());
    let wrong = |error: BinaryReaderError| broken(error.message());
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(wrong)?;
        validator.payload(&payload).map_err(wrong)?;
        let (Payload::ComponentCanonicalSection(section), Some(types)) = (payload, validator.types(0)) else {
            continue;
        };
        for function in section {
            let CanonicalFunction::Lift { type_index, .. } = function.map_err(wrong)? else { continue };
            let ty = types.component_any_type_at(type_index);
            if matches!(ty, ComponentAnyTypeId::Func(id) if types[id].async_) {
                return Err(async_functions().into());
            }
        }
    }
    Ok(())
}

/// What is said wherever an async function shows.
pub(crate) fn async_functions() -> Diagnostic {
    inexpressible("async functions").help("build the component without async")
}

fn wrong_kind(bytes: &[u8]) -> Option<Diagnostic> {
    let wrong = |message: &str| Diagnostic::error(Id::InvalidComponent, message);
    match bytes {
        [] => Some(wrong("the file is empty")),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Some(
            wrong("this is a core module, not a component")
                .help("`witgen build` makes components of Rust, Python, JavaScript and Go projects"),
        ),
        [0, b'a', b's', b'm', ..] => None,
        [b'(', ..] => Some(
            wrong("this is WebAssembly text, not a binary component")
                .help("translate it first, for instance with `wasm-tools parse`"),
        ),
        _ => Some(wrong("this is not a WebAssembly file")),
    }
}
