//! Resources that a component implements, as Python holds them.

use std::sync::{Arc, Mutex};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit, intern};
use wasmtime::component::ResourceAny;

use crate::mismatch::{Fit, Mismatch};
use crate::scope::{Scope, lock};

/// A handle to a resource of a component.
///
/// `close`, `with` or the garbage collector drop it, once.
#[pyclass(subclass, frozen, weakref, module = "witgen_runtime")]
pub struct Resource {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    handle: Option<Handle>,
    /// How many borrows of it are part of calls under way.
    lent: u32,
    /// Whether it is part of a call that will own it.
    leaving: bool,
}

/// A handle and the instance that it belongs to.
pub struct Handle {
    any: ResourceAny,
    scope: Arc<Scope>,
    /// Kept alive as long as its resources.
    instance: Py<PyAny>,
}

impl Handle {
    /// A handle that the host owns.
    pub fn new(any: ResourceAny, scope: Arc<Scope>, instance: Py<PyAny>) -> Handle {
        Handle { any, scope, instance }
    }
}

impl Resource {
    /// An object of `class`, without its `__init__`.
    pub fn make(py: Python<'_>, class: &Py<PyType>, handle: Handle) -> PyResult<Py<PyAny>> {
        let new = py.get_type::<Resource>().getattr(intern!(py, "__new__"));
        let object = match new.and_then(|new| new.call1((class.bind(py),))) {
            Ok(object) => object,
            Err(error) => {
                handle.scope.drop_later(handle.any);
                return Err(error);
            }
        };
        lock(&object.cast::<Resource>()?.get().state).handle = Some(handle);
        Ok(object.unbind())
    }

    /// The instance that it belongs to, unless it was dropped or given away.
    pub fn instance(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        lock(&self.state).handle.as_ref().map(|handle| handle.instance.clone_ref(py))
    }

    /// Checks that it can be part of a call, and notes that it is.
    pub fn lend(&self, name: &str, scope: &Arc<Scope>, owned: bool) -> Fit<ResourceAny> {
        let mut state = lock(&self.state);
        let Some(handle) = &state.handle else {
            return Err(Mismatch::value(format!("is a {name} that was closed or given away")));
        };
        if !Arc::ptr_eq(&handle.scope, scope) {
            return Err(Mismatch::value(format!("is a {name} of another instance")));
        }
        if state.leaving {
            return Err(Mismatch::value(format!("is a {name} that this call already gives away")));
        }
        if owned && state.lent > 0 {
            return Err(Mismatch::value(format!(
                "is a {name} that is still lent, so it cannot be given away"
            )));
        }
        let any = handle.any;
        if owned {
            state.leaving = true;
        } else {
            state.lent += 1;
        }
        Ok(any)
    }

    /// The component owns it from now on.
    pub fn give_away(&self) {
        let handle = lock(&self.state).handle.take();
        // Not while the lock is held: the last reference to an instance may go with it.
        drop(handle);
    }

    /// Ends a loan, or a move that may have been called off.
    pub fn take_back(&self, owned: bool) {
        let mut state = lock(&self.state);
        if owned {
            state.leaving = false;
        } else {
            state.lent = state.lent.saturating_sub(1);
        }
    }
}

#[pymethods]
impl Resource {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Resource {
        Resource { state: Mutex::default() }
    }

    /// Takes over the handle of another object: constructors of generated classes call it.
    #[pyo3(signature = (other, /))]
    fn __init__(slf: &Bound<'_, Self>, other: &Bound<'_, Resource>) -> PyResult<()> {
        if slf.is(other) {
            return Ok(());
        }
        if !slf.is_instance(&other.get_type())? {
            let (class, other) = (slf.get_type().name()?, other.get_type().name()?);
            return Err(PyTypeError::new_err(format!("a {class} cannot take over a {other}")));
        }
        let handle = lock(&other.get().state).handle.take();
        let old = std::mem::replace(&mut lock(&slf.get().state).handle, handle);
        if let Some(old) = old {
            old.scope.drop_later(old.any);
        }
        Ok(())
    }

    /// Drops the resource; after that, or after it was given away, this does nothing.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let handle = lock(&self.state).handle.take();
        let Some(Handle { any, scope, instance }) = handle else { return Ok(()) };
        scope.drop_later(any);
        crate::instance::drain(py, &instance)
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, py: Python<'_>, _args: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.state.try_lock() {
            Ok(state) => match &state.handle {
                Some(handle) => visit.call(&handle.instance),
                None => Ok(()),
            },
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let handle = lock(&self.state).handle.take();
        if let Some(handle) = handle {
            handle.scope.drop_later(handle.any);
        }
    }
}

impl Drop for Resource {
    fn drop(&mut self) {
        // The store may be locked just now, so the drop waits for the next call.
        if let Some(handle) = lock(&self.state).handle.take() {
            handle.scope.drop_later(handle.any);
        }
    }
}
