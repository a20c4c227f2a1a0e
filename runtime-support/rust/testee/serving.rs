//! How host programs of the conformance suite answer requests: one a line, each with a line of JSON.

use std::io::Write;

use serde_json::json;
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

/// What a program does with its bindings.
pub trait Program {
    /// A component that runs.
    type Instance;

    /// Gives the component its imports.
    fn link(linker: &mut Linker<State>) -> wasmtime::Result<()>;

    /// Makes an instance.
    fn instantiate(
        store: &mut Store<State>,
        component: &Component,
        linker: &Linker<State>,
    ) -> wasmtime::Result<Self::Instance>;

    /// One step with one value of one type.
    fn run(
        app: &Self::Instance,
        store: &mut Store<State>,
        group: u32,
        value: u32,
        step: u32,
    ) -> wasmtime::Result<Option<String>>;

    /// One call of a function under test.
    fn call(app: &Self::Instance, store: &mut Store<State>, index: u32) -> wasmtime::Result<Option<String>>;
}

struct Live<I> {
    app: I,
    store: Store<State>,
    stderr: MemoryOutputPipe,
}

/// Answers every request.
pub fn serve<P: Program>() -> wasmtime::Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| wasmtime::Error::msg("the component is missing"))?;
    let mut config = Config::new();
    config.wasm_component_model_map(true);
    config.concurrency_support(false);
    let engine = Engine::new(&config)?;
    // SAFETY: witgen has compiled it just now, for this program alone.
    let component = unsafe { Component::deserialize_file(&engine, path)? };
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    P::link(&mut linker)?;
    let mut live = None;
    for request in std::io::stdin().lines() {
        let answer = answer::<P>(&request?, &engine, &component, &linker, &mut live)?;
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn answer<P: Program>(
    request: &str,
    engine: &Engine,
    component: &Component,
    linker: &Linker<State>,
    live: &mut Option<Live<P::Instance>>,
) -> wasmtime::Result<serde_json::Value> {
    let words: Vec<&str> = request.split_whitespace().collect();
    let numbers = words.iter().skip(1).map(|word| word.parse()).collect::<Result<Vec<u32>, _>>()?;
    if words.first() == Some(&"misuse") {
        return Ok(json!({"ended": "skipped", "text": "the compiler refuses it"}));
    }
    let mut started = match live.take() {
        Some(started) => started,
        None => match start::<P>(engine, component, linker) {
            Ok(started) => started,
            Err(error) => {
                let text = format!("the component does not start: {error:#}");
                return Ok(json!({"ended": "trap", "text": text}));
            }
        },
    };
    let Live { app, store, stderr } = &mut started;
    let ended = match (words.first().copied(), numbers.as_slice()) {
        (Some("run"), &[group, value, step]) => P::run(app, store, group, value, step),
        (Some("call"), &[index]) => P::call(app, store, index),
        _ => wasmtime::bail!("no request: {request}"),
    };
    Ok(match ended {
        Ok(None) => {
            *live = Some(started);
            json!({"ended": "well"})
        }
        Ok(Some(text)) => {
            *live = Some(started);
            json!({"ended": "different", "text": text})
        }
        // The instance is lost; the next request gets another.
        Err(error) => json!({"ended": "trap", "text": trap_text(&error, stderr)}),
    })
}

fn start<P: Program>(
    engine: &Engine,
    component: &Component,
    linker: &Linker<State>,
) -> wasmtime::Result<Live<P::Instance>> {
    let stderr = MemoryOutputPipe::new(STDERR_BYTES);
    let wasi = WasiCtxBuilder::new().stderr(stderr.clone()).build();
    let mut store = Store::new(engine, State { wasi, table: ResourceTable::new() });
    let app = P::instantiate(&mut store, component, linker)?;
    Ok(Live { app, store, stderr })
}

/// The innermost message, then what the guest itself said.
fn trap_text(error: &wasmtime::Error, stderr: &MemoryOutputPipe) -> String {
    let reason = error.chain().last().map(ToString::to_string).unwrap_or_default();
    let said = stderr.contents();
    let said = String::from_utf8_lossy(&said);
    format!("trap: {reason}\n{}", said.trim()).trim().to_owned()
}
