//! Runs an importer and its exporter in wasmtime, one case at a time.

use std::path::Path;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, ResourceTable, TypedFunc};
use wasmtime::{Config, Engine as Wasmtime, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use witgen_diag::{Diagnostic, Id};

/// Bytes of the guest's stderr that are kept.
const STDERR_BYTES: usize = 16 << 10;

/// An engine with its cache of compiled components.
pub(crate) struct Engine {
    wasmtime: Wasmtime,
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The importer found all well.
    Well,
    /// The importer says what it got and wanted.
    Different(String),
    /// A trap, with the message and what the guest wrote to stderr.
    Trap(String),
    /// Does not apply here, for this reason.
    Skipped(String),
    /// What should run the case does not work; nor will it for the next one.
    Broken(String),
}

/// An importer that is joined with its exporter.
pub(crate) struct Pair {
    component: Component,
    linker: Linker<State>,
    running: Option<Running>,
}

struct Running {
    store: Store<State>,
    stderr: MemoryOutputPipe,
    run: TypedFunc<(u32, u32, u32), (Option<String>,)>,
    call: TypedFunc<(u32,), (Option<String>,)>,
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl Engine {
    /// Starts the engine; components are compiled once per machine.
    pub(crate) fn new() -> witgen_diag::Result<Self> {
        let mut config = Config::new();
        config.wasm_component_model(true);
        config.wasm_component_model_map(true);
        config.concurrency_support(false);
        if let Some(dir) = witgen_build::cache_dir().and_then(|dir| std::path::absolute(dir.join("run")).ok())
        {
            let mut cache = wasmtime::CacheConfig::new();
            cache.with_directory(dir);
            // A cache that cannot be opened only costs time.
            config.cache(wasmtime::Cache::new(cache).ok());
        }
        let wasmtime = Wasmtime::new(&config).map_err(|error| {
            Diagnostic::error(Id::Internal, format!("the WebAssembly engine does not start: {error:#}"))
        })?;
        Ok(Self { wasmtime })
    }

    /// Compiles the joined component `bytes`; imports that nobody provides trap when they are called.
    pub(crate) fn pair(&self, bytes: &[u8], path: &Path) -> witgen_diag::Result<Pair> {
        let invalid = |error: wasmtime::Error| {
            Diagnostic::error(Id::InvalidComponent, "the engine refuses the component")
                .in_path(path)
                .note(format!("{error:#}"))
        };
        let component = Component::from_binary(&self.wasmtime, bytes).map_err(invalid)?;
        let mut linker = Linker::new(&self.wasmtime);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker).map_err(invalid)?;
        trap_open_imports(&mut linker, &component).map_err(invalid)?;
        Ok(Pair { component, linker, running: None })
    }
}

/// An exporter lacks the types that its language does not support, and their cases are not run.
fn trap_open_imports(linker: &mut Linker<State>, component: &Component) -> wasmtime::Result<()> {
    let engine = component.engine().clone();
    for (name, import) in component.component_type().imports(&engine) {
        let ComponentItem::ComponentInstance(instance) = import.ty else { continue };
        if name.starts_with("wasi:") {
            continue;
        }
        let mut defined = linker.instance(name)?;
        for (function, export) in instance.exports(&engine) {
            if matches!(export.ty, ComponentItem::ComponentFunc(_)) {
                let path = format!("{name}.{function}");
                defined.func_new(function, move |_, _, _, _| {
                    Err(wasmtime::Error::msg(format!("`{path}` is not exported")))
                })?;
            }
        }
    }
    Ok(())
}

impl Pair {
    /// One step with one value of one type.
    pub(crate) fn run(&mut self, group: u32, value: u32, step: u32) -> Ended {
        self.ended(|running| running.run.call(&mut running.store, (group, value, step)))
    }

    /// One call of a function under test.
    pub(crate) fn call(&mut self, index: u32) -> Ended {
        self.ended(|running| running.call.call(&mut running.store, (index,)))
    }

    fn ended(&mut self, call: impl FnOnce(&mut Running) -> wasmtime::Result<(Option<String>,)>) -> Ended {
        let mut running = match self.running.take().map_or_else(|| self.start(), Ok) {
            Ok(running) => running,
            Err(error) => return Ended::Trap(format!("the component does not start: {error:#}")),
        };
        match call(&mut running) {
            Ok((None,)) => {
                self.running = Some(running);
                Ended::Well
            }
            Ok((Some(difference),)) => {
                self.running = Some(running);
                Ended::Different(difference)
            }
            // The instance is lost; the next case gets another.
            Err(error) => Ended::Trap(trap_text(&error, &running.stderr)),
        }
    }

    fn start(&self) -> wasmtime::Result<Running> {
        let stderr = MemoryOutputPipe::new(STDERR_BYTES);
        let wasi = WasiCtxBuilder::new()
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .stderr(stderr.clone())
            .build();
        let mut store = Store::new(self.component.engine(), State { wasi, table: ResourceTable::new() });
        let instance = self.linker.instantiate(&mut store, &self.component)?;
        let run = instance.get_typed_func(&mut store, "run")?;
        let call = instance.get_typed_func(&mut store, "call")?;
        Ok(Running { store, stderr, run, call })
    }
}

/// The innermost message, then what the guest itself said.
fn trap_text(error: &wasmtime::Error, stderr: &MemoryOutputPipe) -> String {
    let reason = error.chain().last().map(ToString::to_string).unwrap_or_default();
    let said = stderr.contents();
    let said = String::from_utf8_lossy(&said);
    if said.trim().is_empty() {
        format!("trap: {reason}")
    } else {
        format!("trap: {reason}\n{}", said.trim())
    }
}
