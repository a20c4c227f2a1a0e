//! What the four language backends share, and nothing that knows one of them.
//!
//! [`Scope`] makes every name; [`check_support`] keeps a backend from seeing what its table denies.

mod literals;
mod names;
pub mod signature;
mod support;
pub mod testee;

pub use literals::text_literal;
pub use names::{Scope, cased};
pub use support::check_support;

/// Where the hand-written code that bindings import comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Runtime {
    /// Its sources are written next to the bindings, so that they build offline with nothing published.
    #[default]
    Embed,
    /// The registry package of the language.
    Package,
}
