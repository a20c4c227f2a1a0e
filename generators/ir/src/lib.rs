//! WIT as witgen sees it: one [`World`] with everything that a backend needs, resolved and in order.
//!
//! [`load`] reads WIT, selects a world and lowers it. One file per pass:
//! `source` reads texts, `builtin` adds WASI packages, `resolve` links packages, `select` picks the world,
//! `lower` makes the [`World`], `record` adds the op tree of each function, `support` lists what it uses.
//! Everything about the canonical ABI lives in [`abi`]; nothing here knows a target language.

pub mod abi;
mod builtin;
mod error;
mod filter;
mod limits;
mod load;
mod lower;
mod model;
mod record;
mod resolve;
mod select;
mod source;
mod support;
mod types;
mod value;

pub use builtin::{Builtin, builtin_packages};
pub use error::KEYWORDS;
pub use filter::{InspectOptions, SCHEMA_VERSION, inspect};
pub use load::{Input, Options, link, load, resolve_inputs};
pub use model::{
    Direction, Docs, Function, FunctionId, FunctionKind, Interface, InterfaceId, PackageName, Param,
    Stability, World, WorldItem,
};
pub use resolve::Resolved;
pub use support::{Feature, Support, Use, check_support, uses};
pub use types::{Case, EnumCase, Field, Flag, Owner, Type, TypeDef, TypeId, TypeKind};
pub use value::Value;
