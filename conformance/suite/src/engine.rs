//! Runs an importer and its exporter in wasmtime, one case at a time.

use std::path::Path;

use wasmtime::component::types::{ComponentItem, Type};
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::{Component, Func, Instance, Linker, ResourceTable, TypedFunc, Val};
use wasmtime::{Config, Engine as Wasmtime, Store, Trap};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use witgen_diag::{Diagnostic, Id};

use crate::scripts::{Came, Step};

/// Bytes of the guest's stderr that are kept.
const STDERR_BYTES: usize = 16 << 10;

/// The interface that scripts call.
const STEPS: &str = "witgen:testees/steps";

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

/// A component that can be instantiated.
pub(crate) struct Ready {
    component: Component,
    linker: Linker<State>,
}

/// An instance, with what it writes to stderr.
pub(crate) struct Live {
    store: Store<State>,
    instance: Instance,
    stderr: MemoryOutputPipe,
}

/// An importer that is joined with its exporter.
pub(crate) struct Pair {
    ready: Ready,
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

    /// Compiles the component `bytes`, which gets WASI and nothing else.
    pub(crate) fn bare(&self, bytes: &[u8], path: &Path) -> witgen_diag::Result<Ready> {
        let component =
            Component::from_binary(&self.wasmtime, bytes).map_err(|error| refused(path, &error))?;
        witgen_wasi::make_images(&component).map_err(|error| refused(path, &error))?;
        let mut linker = Linker::new(&self.wasmtime);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker).map_err(|error| refused(path, &error))?;
        Ok(Ready { component, linker })
    }

    /// The component in a file, compiled for programs that have no compiler.
    pub(crate) fn compiled(&self, path: &Path) -> witgen_diag::Result<Vec<u8>> {
        let component = Component::from_file(&self.wasmtime, path).map_err(|error| refused(path, &error))?;
        Ok(component.serialize().map_err(|error| refused(path, &error))?)
    }

    /// Compiles the joined component `bytes`; imports that nobody provides trap when they are called.
    pub(crate) fn ready(&self, bytes: &[u8], path: &Path) -> witgen_diag::Result<Ready> {
        let mut ready = self.bare(bytes, path)?;
        trap_open_imports(&mut ready.linker, &ready.component).map_err(|error| refused(path, &error))?;
        Ok(ready)
    }
}

fn refused(path: &Path, error: &wasmtime::Error) -> Diagnostic {
    Diagnostic::error(Id::InvalidComponent, "the engine refuses the component")
        .in_path(path)
        .note(format!("{error:#}"))
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

impl Ready {
    /// Provides the functions of an imported interface; `make` gives what answers the one of a name.
    pub(crate) fn provide<F>(
        &mut self,
        interface: &str,
        path: &Path,
        make: impl Fn(&str) -> F,
    ) -> witgen_diag::Result<()>
    where
        F: Fn(&[(Type, Val)], Option<&Type>) -> Option<Val> + Send + Sync + 'static,
    {
        let engine = self.component.engine().clone();
        let ty = self.component.component_type();
        let mut imports = ty.imports(&engine);
        let Some((_, import)) = imports.find(|(name, _)| *name == interface) else { return Ok(()) };
        let ComponentItem::ComponentInstance(instance) = import.ty else { return Ok(()) };
        let mut defined = self.linker.instance(interface).map_err(|error| refused(path, &error))?;
        for (name, export) in instance.exports(&engine) {
            if !matches!(export.ty, ComponentItem::ComponentFunc(_)) {
                continue;
            }
            let answer = make(name);
            let define = defined.func_new(name, move |_, ty, params, results| {
                let types = ty.params().map(|(_, ty)| ty);
                let params: Vec<(Type, Val)> = types.zip(params.iter().cloned()).collect();
                let answer = answer(&params, ty.results().next().as_ref());
                match (results.first_mut(), answer) {
                    (Some(result), Some(answer)) => *result = answer,
                    _ => return Err(wasmtime::Error::msg("the oracle has no answer")),
                }
                Ok(())
            });
            define.map_err(|error| refused(path, &error))?;
        }
        Ok(())
    }

    /// A new instance.
    pub(crate) fn start(&self) -> wasmtime::Result<Live> {
        let stderr = MemoryOutputPipe::new(STDERR_BYTES);
        let wasi = WasiCtxBuilder::new()
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .stderr(stderr.clone())
            .build();
        let mut store = Store::new(self.component.engine(), State { wasi, table: ResourceTable::new() });
        let instance = self.linker.instantiate(&mut store, &self.component)?;
        Ok(Live { store, instance, stderr })
    }

    /// Takes the steps of a script, in instances of their own.
    pub(crate) fn play(&self, steps: &[Step<'_>]) -> Ended {
        let mut instances = [None, None];
        for step in steps {
            let instance = &mut instances[usize::from(step.other)];
            if instance.is_none() {
                match self.start() {
                    Ok(live) => *instance = Some(live),
                    Err(error) => return Ended::Trap(format!("the component does not start: {error:#}")),
                }
            }
            let ended = instance.as_mut().map_or(Ended::Well, |live| live.take(step));
            if ended != Ended::Well {
                return ended;
            }
        }
        Ended::Well
    }
}

impl Live {
    fn take(&mut self, step: &Step<'_>) -> Ended {
        step.judge(&match self.call(step) {
            Err(Failed::Step(reason)) => Came::Broken(reason),
            Err(Failed::Trap(said)) => Came::Trap(said),
            Err(Failed::Over(said)) => Came::Over(said),
            Ok(None) => Came::Value(None),
            Ok(Some(value)) => match value.to_wave() {
                Ok(text) => Came::Value(Some(text)),
                Err(reason) => Came::Broken(reason.to_string()),
            },
        })
    }

    fn call(&mut self, step: &Step<'_>) -> Result<Option<Val>, Failed> {
        let broken = |reason: &dyn std::fmt::Display| Failed::Step(reason.to_string());
        let call = UntypedFuncCall::parse(step.call).map_err(|reason| broken(&reason))?;
        let func = self.func(Some(STEPS), call.name())?;
        let (types, _) = self.types(&func);
        let params: Vec<Val> = call.to_wasm_params(&types).map_err(|reason| broken(&reason))?;
        self.call_func(&func, &params)
    }

    /// A function that the component exports, in an interface or by itself.
    pub(crate) fn func(&mut self, interface: Option<&str>, name: &str) -> Result<Func, Failed> {
        let outer = interface.map(|name| self.instance.get_export_index(&mut self.store, None, name));
        let index = match outer {
            Some(None) => None,
            Some(Some(outer)) => self.instance.get_export_index(&mut self.store, Some(&outer), name),
            None => self.instance.get_export_index(&mut self.store, None, name),
        };
        let func = index.and_then(|index| self.instance.get_func(&mut self.store, index));
        func.ok_or_else(|| Failed::Step(format!("the component exports no `{name}`")))
    }

    /// The types of the parameters and of the result.
    pub(crate) fn types(&self, func: &Func) -> (Vec<Type>, Vec<Type>) {
        let ty = func.ty(&self.store);
        (ty.params().map(|(_, ty)| ty).collect(), ty.results().collect())
    }

    /// Calls a function; the instance is lost when it traps.
    pub(crate) fn call_func(&mut self, func: &Func, params: &[Val]) -> Result<Option<Val>, Failed> {
        let mut results = vec![Val::Bool(false); self.types(func).1.len()];
        match func.call(&mut self.store, params, &mut results) {
            Ok(()) => Ok(results.pop()),
            Err(error) => {
                let said = trap_text(&error, &self.stderr);
                Err(match error.downcast_ref() {
                    Some(Trap::CannotEnterComponent) => Failed::Over(said),
                    _ => Failed::Trap(said),
                })
            }
        }
    }

    /// The `run` of an importing guest.
    pub(crate) fn run(&mut self, group: u32, value: u32, step: u32) -> Result<Ended, Failed> {
        let func = self.func(None, "run")?;
        let params = [group, value, step].map(Val::U32);
        Ok(match self.call_func(&func, &params)? {
            Some(Val::Option(Some(said))) => match *said {
                Val::String(said) => Ended::Different(said),
                other => Ended::Different(format!("{other:?}")),
            },
            _ => Ended::Well,
        })
    }
}

/// Why a call gave no result.
pub(crate) enum Failed {
    /// It is not what the component has.
    Step(String),
    Trap(String),
    /// The instance has trapped before.
    Over(String),
}

impl Pair {
    /// Nothing runs until the first case.
    pub(crate) fn new(ready: Ready) -> Self {
        Self { ready, running: None }
    }

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
        let Live { mut store, instance, stderr } = self.ready.start()?;
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
