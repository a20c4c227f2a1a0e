//! Grants: what a component may do, and how much of it.
//!
//! Nothing is granted by default.
//! [`Grants`] is the file, with the same meaning in every host; with the feature `wasi`, [`Guard`] enforces it on wasmtime.
//! The keys and the threat model are in `docs/grants.md`.

mod error;
mod model;
mod needs;
mod network;
mod setting;
mod units;

#[cfg(feature = "wasi")]
mod clocks;
#[cfg(feature = "wasi")]
mod context;
#[cfg(feature = "wasi")]
mod deadline;
#[cfg(feature = "wasi")]
mod exceeded;
#[cfg(feature = "wasi")]
mod files;
#[cfg(feature = "wasi")]
mod guard;
#[cfg(feature = "wasi")]
mod link;
#[cfg(feature = "wasi")]
mod memory;
#[cfg(feature = "wasi")]
mod monitor;
#[cfg(feature = "wasi")]
mod sockets;
#[cfg(feature = "wasi")]
mod streams;

pub use error::Error;
pub use model::{
    Access, BlobStore, Clocks, Config, Directory, Env, Filesystem, Grants, Http, KeyValue, Limits, Logging,
    Network, Random, Stdio,
};
pub use needs::{Need, needs};
pub use network::{Address, Origin};
pub use units::{Size, Time};

#[cfg(feature = "wasi")]
pub use deadline::Alarm;
#[cfg(feature = "wasi")]
pub use exceeded::Exceeded;
#[cfg(feature = "wasi")]
pub use guard::{Guard, GuardView};
#[cfg(feature = "wasi")]
pub use link::add_to_linker;
#[cfg(feature = "wasi")]
pub use monitor::{Event, Monitor};
