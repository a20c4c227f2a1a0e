//! An application whose plugins are components, each with grants of its own, and which outlives all that they do.
//!
//! `plugin-host FOLDER` looks for `NAME.wasm` with its grants, `NAME.toml`.
//! Each line that it reads, a width and a strength, goes to all of them; what has changed since is loaded again.

#[path = "../bindings/plugin.rs"]
mod bindings;
mod host;
mod plugin;

fn main() -> wasmtime::Result<()> {
    host::run()
}
