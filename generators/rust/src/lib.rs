//! The rust backend: IR to views.

use witgen_backend::Runtime;

/// Options of the guest bindings.
#[derive(Clone, Debug, Default)]
pub struct GuestOptions {
    /// Where the support code comes from.
    pub runtime: Runtime,
}

/// The guest bindings of `world`.
pub fn guest(world: &witgen_ir::World, options: &GuestOptions) -> witgen_diag::Result<witgen_emit::FileSet> {
    let _ = (world, options);
    Ok(witgen_emit::FileSet::new())
}
