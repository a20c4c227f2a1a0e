//! Calls the component of `process-data`, whatever language it was written in.

#[path = "../bindings/process_data.rs"]
mod bindings;

use bindings::ProcessData;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Result, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What the component gets of WASI: nothing but a place for its handles.
struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

fn main() -> Result<()> {
    let Some(path) = std::env::args_os().nth(1) else {
        wasmtime::bail!("usage: process-data-host COMPONENT");
    };
    let engine = Engine::default();
    let component = Component::from_file(&engine, path)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    let state = State { wasi: WasiCtx::builder().build(), table: ResourceTable::new() };
    let mut store = Store::new(&engine, state);
    let app = ProcessData::instantiate(&mut store, &component, &linker)?;
    for text in ["one two  three\nfour", "", "naïve 🦀"] {
        println!("{}", app.call_process_data(&mut store, text)?);
    }
    Ok(())
}
