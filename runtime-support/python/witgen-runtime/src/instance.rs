//! Instances: one store each, used by one thread at a time, over after a trap.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::{PyTraverseError, PyVisit};
use wasmtime::component::{self, ResourceTable, TypedFunc};
use wasmtime::{Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtxView, WasiHttpView};
use witgen_grants::{Error, Grants, Guard, GuardView};
use witgen_wasi::{Packages, PackagesView, Stores};

use crate::abi48::{CallArguments, CallResult};
use crate::engine::Mode;
use crate::errors::{self, Raised};
use crate::exclusive::{Exclusive, Taken};
use crate::scope::{Imports, Scope};
use crate::world::Prepared;
use crate::{grants, imports};

/// What the functions of the host see.
pub struct HostState {
    wasi: WasiCtx,
    table: ResourceTable,
    guard: Guard,
    packages: Packages,
    pub scope: Arc<Scope>,
}

impl WasiView for HostState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl GuardView for HostState {
    fn guard(&mut self) -> &mut Guard {
        &mut self.guard
    }
}

impl WasiHttpView for HostState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.packages.http(&mut self.table)
    }
}

impl PackagesView for HostState {
    fn packages(&mut self) -> &mut Packages {
        &mut self.packages
    }
}

/// A running component.
#[pyclass(frozen, weakref, module = "witgen_runtime.bind")]
pub struct Instance {
    state: Exclusive<State>,
    /// The thread that runs it, for the message that says so.
    runner: AtomicUsize,
    pub scope: Arc<Scope>,
}

enum State {
    Live(Box<Live>),
    /// Why it cannot be called any more.
    Over(String),
}

/// An instance that can be called.
pub struct Live {
    pub store: Store<HostState>,
    instance: component::Instance,
    prepared: Arc<Prepared>,
    functions: Box<[Option<Typed>]>,
    fuel: Option<u64>,
    interruptible: bool,
}

type Typed = TypedFunc<CallArguments<'static>, CallResult>;

impl Instance {
    /// Instantiates a component.
    pub fn start(
        py: Python<'_>,
        prepared: &Arc<Prepared>,
        mode: Mode,
        bound: Imports,
        grants: &Arc<Grants>,
        slots: usize,
    ) -> PyResult<Py<Instance>> {
        let scope = Scope::new(bound);
        let failed = |error: Error| PyOSError::new_err(error.to_string());
        let (guard, mut wasi) = Guard::new(grants.clone(), grants::monitor()).map_err(failed)?;
        let packages = Packages::new(&guard, Stores::open(grants).map_err(failed)?);
        let table = ResourceTable::new();
        let state = HostState { wasi: wasi.build(), table, guard, packages, scope: scope.clone() };
        let mut store = Store::new(prepared.pre.engine(), state);
        Guard::limit(&mut store);
        if mode.interruptible {
            store.epoch_deadline_callback(|store| look_up(&store.data().guard));
        }
        let fuel = mode.metered.then(|| grants.limits.fuel.unwrap_or(u64::MAX));
        limit(&mut store, mode.interruptible, fuel)
            .map_err(|error| errors::trap(py, &error, "the component did not start"))?;
        let instance = py.detach(|| prepared.pre.instantiate(&mut store));
        let instance = instance.map_err(|error| errors::trap(py, &error, "the component did not start"))?;
        let live = Live {
            store,
            instance,
            prepared: prepared.clone(),
            functions: vec![None; slots].into(),
            fuel,
            interruptible: mode.interruptible,
        };
        let state = Exclusive::new(State::Live(Box::new(live)));
        Py::new(py, Instance { state, runner: AtomicUsize::new(0), scope })
    }

    /// Takes the instance for a call.
    pub fn enter(&self, py: Python<'_>) -> PyResult<Running<'_>> {
        let Some(state) = self.state.take(py) else {
            return Err(errors::instance(
                py,
                if self.runner.load(Ordering::Relaxed) == thread() {
                    "the instance is running: a function that it has imported cannot call it"
                } else {
                    "the instance is running on another thread"
                },
            ));
        };
        if let State::Over(why) = &*state {
            return Err(errors::instance(py, why.clone()));
        }
        self.runner.store(thread(), Ordering::Relaxed);
        let mut running = Running { state, instance: self };
        running.drain(py)?;
        Ok(running)
    }

    fn end(&self, py: Python<'_>, why: &str) {
        // Whoever runs it has the state and will not see this; an import cannot get here.
        let Some(mut state) = self.state.take(py) else { return };
        let old = std::mem::replace(&mut *state, State::Over(why.to_owned()));
        drop(state);
        py.detach(|| drop(old));
    }
}

/// An instance that the current thread has to itself.
pub struct Running<'a> {
    state: Taken<'a, State>,
    instance: &'a Instance,
}

impl Running<'_> {
    /// The store and what is in it.
    pub fn live(&mut self) -> Option<&mut Live> {
        match &mut *self.state {
            State::Live(live) => Some(live),
            State::Over(_) => None,
        }
    }

    /// Drops the resources that Python has let go of.
    #[inline]
    fn drain(&mut self, py: Python<'_>) -> PyResult<()> {
        match self.instance.scope.has_drops() {
            true => self.drop_waiting(py),
            false => Ok(()),
        }
    }

    fn drop_waiting(&mut self, py: Python<'_>) -> PyResult<()> {
        let scope = self.instance.scope.clone();
        while scope.has_drops() {
            let Some(live) = self.live() else { return Ok(()) };
            let dropped = py.detach(|| {
                live.limit()?;
                scope.take_drops().into_iter().try_for_each(|handle| handle.resource_drop(&mut live.store))
            });
            if let Err(error) = dropped {
                return Err(self.trapped(py, &error, "the drop of a resource"));
            }
        }
        Ok(())
    }

    /// The instance is over. Its memory is freed at once.
    pub fn trapped(&mut self, py: Python<'_>, error: &wasmtime::Error, what: &str) -> PyErr {
        let trap = errors::trap(py, error, what);
        let why = format!("the instance has ended with a trap: {}", trap.value(py));
        let old = std::mem::replace(&mut *self.state, State::Over(why));
        py.detach(|| drop(old));
        trap
    }
}

impl Live {
    /// The function of a slot, looked up when it is first called.
    #[inline]
    pub fn function(&mut self, slot: usize) -> wasmtime::Result<Typed> {
        if let Some(Some(function)) = self.functions.get(slot) {
            return Ok(*function);
        }
        let index = self.prepared.exports.get(slot);
        let function = index.and_then(|index| self.instance.get_func(&mut self.store, index));
        let function = function.ok_or_else(|| wasmtime::format_err!("the function is not there"))?;
        let typed = function.typed(&self.store)?;
        self.functions[slot] = Some(typed);
        Ok(typed)
    }

    /// Winds up the clocks for one call.
    #[inline]
    pub fn limit(&mut self) -> wasmtime::Result<()> {
        limit(&mut self.store, self.interruptible, self.fuel)
    }
}

#[inline]
fn limit(store: &mut Store<HostState>, interruptible: bool, fuel: Option<u64>) -> wasmtime::Result<()> {
    if interruptible {
        store.data_mut().guard.begin_time();
        store.set_epoch_deadline(1);
    }
    if let Some(fuel) = fuel {
        store.set_fuel(fuel)?;
    }
    Ok(())
}

/// What a guest does when it looks up: signal handlers of Python run, other threads get a turn.
fn look_up(guard: &Guard) -> wasmtime::Result<UpdateDeadline> {
    guard.check_time()?;
    Python::attach(|py| py.check_signals())
        .map_err(|error| wasmtime::Error::new(Raised { function: None, error }))?;
    Ok(UpdateDeadline::Continue(1))
}

/// A number that no other thread has now.
fn thread() -> usize {
    thread_local!(static HERE: Cell<u8> = const { Cell::new(0) });
    HERE.with(|here| std::ptr::from_ref(here).addr())
}

/// Drops what waits for it, unless the instance is running: then it does so itself, later.
pub fn drain(py: Python<'_>, instance: &Py<PyAny>) -> PyResult<()> {
    let Ok(instance) = instance.bind(py).cast::<Instance>() else { return Ok(()) };
    let instance = instance.get();
    let Some(state) = instance.state.take(py) else { return Ok(()) };
    if let State::Over(_) = &*state {
        instance.scope.take_drops();
        return Ok(());
    }
    instance.runner.store(thread(), Ordering::Relaxed);
    Running { state, instance }.drain(py)
}

#[pymethods]
impl Instance {
    /// Ends the instance: its memory is freed, its objects are closed.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let Some(state) = self.state.take(py) else {
            return Err(errors::instance(py, "the instance is running, so it cannot be closed"));
        };
        if let State::Live(_) = *state {
            self.runner.store(thread(), Ordering::Relaxed);
            Running { state, instance: self }.drain(py)?;
            self.end(py, "the instance was closed");
        }
        let objects = self.scope.objects().take_all();
        objects.iter().try_for_each(|object| imports::close(py, object))
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, py: Python<'_>, _args: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close(py)
    }

    /// How many handles to objects of Python the component has.
    #[getter]
    fn objects(&self) -> usize {
        self.scope.objects().len()
    }

    /// How many resources wait until the instance is called again to be dropped.
    #[getter]
    fn pending_drops(&self) -> usize {
        self.scope.waiting()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.scope.visit(visit)
    }

    fn __clear__(&self) {
        self.scope.objects().take_all();
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let objects = self.scope.objects().take_all();
        if objects.is_empty() {
            return;
        }
        Python::attach(|py| {
            for object in objects {
                if let Err(error) = imports::close(py, &object) {
                    error.write_unraisable(py, Some(object.bind(py)));
                }
            }
        });
    }
}
