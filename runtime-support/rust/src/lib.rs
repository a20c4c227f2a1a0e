//! What Rust bindings made by `witgen` need at run time: memory, casts, flags and resources.
//!
//! Bindings either hold a copy of these sources in a private module `_rt`, which is the default, or import this
//! crate as `_rt`.
//! Everything here is for generated code; the public items for people are re-exported by the bindings.
//!
//! Addresses and offsets are those of a 32-bit linear memory.
//! On other targets the sources compile, so that a crate with bindings can be checked and unit-tested there.
#![no_std]

mod casts;
mod flags;
mod linking;
mod memory;
mod resource;

pub use casts::*;
pub use linking::*;
pub use memory::*;
pub use resource::*;

/// The allocator's entry that lifting and lowering need, for targets whose C library has none.
///
/// Exactly one may exist in a program; `wasm32-wasip2` and later have it in `wasi-libc`.
#[cfg(all(target_arch = "wasm32", not(any(target_env = "p2", target_env = "p3"))))]
#[doc(hidden)]
#[unsafe(export_name = "cabi_realloc")]
pub unsafe extern "C" fn cabi_realloc(
    old: *mut u8,
    old_size: usize,
    align: usize,
    size: usize,
) -> *mut u8 {
    unsafe { reallocate(old, old_size, align, size) }
}
