//! What Python hosts made by witgen run on.
//!
//! Values go straight between Python objects and the linear memory of a component. A call has
//! two phases: `tape` validates the arguments and writes them to a tape, while the guest is not
//! touched; then, with the interpreter released, `lower` writes the tape to the guest. `lift`
//! makes objects of what comes back. `plan` has the types, which generated modules build through
//! `types` and `world`; `abi48` is the seam to wasmtime.

#![expect(unsafe_code, reason = "the C API of Python, and wasmtime's unsafe traits")]

mod abi48;
mod attribute;
mod check;
mod component;
mod engine;
mod errors;
mod exclusive;
mod function;
mod grants;
mod handles;
mod imports;
mod instance;
mod lift;
mod lower;
mod mismatch;
mod objects;
mod plan;
mod resource;
mod scope;
mod sequence;
mod side;
mod tape;
mod types;
mod world;

use pyo3::prelude::*;

#[cfg(target_endian = "big")]
compile_error!("numbers are copied as they are, so only little-endian machines work");

#[pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use crate::component::Component;
    #[pymodule_export]
    use crate::engine::configure;
    #[pymodule_export]
    use crate::instance::Instance;
    #[pymodule_export]
    use crate::resource::Resource;
    #[pymodule_export]
    use crate::types::{
        ResourceDescriptor, Type, borrow, enumeration, flags, list_of, map_of, option_of, own, raises,
        record, result_of, tuple_of, variant,
    };
    #[pymodule_export]
    use crate::world::{Export, Import, World};

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::side::load(module.py())?;
        for (name, ty) in crate::types::scalars() {
            module.add(name, ty)?;
        }
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("WASMTIME_VERSION", crate::abi48::WASMTIME)
    }
}
