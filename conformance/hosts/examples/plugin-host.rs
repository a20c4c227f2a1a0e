//! `examples/plugin-host/rust`, compiled with the wasmtime of everything else.
#![allow(missing_docs, clippy::print_stdout, reason = "the program of an example")]

#[path = "../../../examples/plugin-host/rust/src/host.rs"]
mod host;
#[path = "../../../examples/plugin-host/rust/src/plugin.rs"]
mod plugin;

mod bindings {
    include!(concat!(env!("OUT_DIR"), "/plugin.rs"));
}

fn main() -> wasmtime::Result<()> {
    host::run()
}
