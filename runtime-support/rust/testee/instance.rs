//! Components in host programs of the conformance suite: what compiles them, and one that runs.

use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// Bytes of the guest's stderr that are kept.
const STDERR_BYTES: usize = 16 << 10;

/// What a store holds.
pub struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// The component that the program was started with, and a linker that has WASI.
pub fn load() -> wasmtime::Result<(Component, Linker<State>)> {
    let path = std::env::args().nth(1).ok_or_else(|| wasmtime::Error::msg("the component is missing"))?;
    let mut config = Config::new();
    config.wasm_component_model_map(true);
    config.concurrency_support(false);
    let engine = Engine::new(&config)?;
    // SAFETY: witgen has compiled it just now, for this program alone.
    let component = unsafe { Component::deserialize_file(&engine, path)? };
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok((component, linker))
}

/// A store for one instance, and what that writes to stderr.
pub fn store(engine: &Engine) -> (Store<State>, MemoryOutputPipe) {
    let stderr = MemoryOutputPipe::new(STDERR_BYTES);
    let wasi = WasiCtxBuilder::new().stderr(stderr.clone()).build();
    (Store::new(engine, State { wasi, table: ResourceTable::new() }), stderr)
}

/// The innermost message, then what the guest itself said.
pub fn trap_text(error: &wasmtime::Error, stderr: &MemoryOutputPipe) -> String {
    let reason = error.chain().last().map(ToString::to_string).unwrap_or_default();
    let said = stderr.contents();
    let said = String::from_utf8_lossy(&said);
    format!("trap: {reason}\n{}", said.trim()).trim().to_owned()
}
