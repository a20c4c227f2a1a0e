//! Handles that cross with one call: checked in phase A, handed over when all arguments are fine.

use std::sync::Arc;

use pyo3::ffi;
use pyo3::prelude::*;
use wasmtime::component::ResourceAny;

use crate::mismatch::{Fit, Mismatch};
use crate::plan::{Resource as ResourceType, Side};
use crate::resource::{Handle, Resource};
use crate::scope::Scope;
use crate::tape::{Tape, instance_of};

/// A handle on a tape.
pub struct Lent {
    object: Py<PyAny>,
    /// Whether the other side owns it from now on.
    owned: bool,
    what: What,
}

enum What {
    /// A resource that the component implements.
    Guest(ResourceAny),
    /// One that Python implements: which type, and its number in the table once it has one.
    Host { id: u32, rep: Option<u32> },
}

/// What lowering gives to wasmtime.
pub enum Crossing<'a> {
    Guest(&'a ResourceAny),
    Host { id: u32, rep: u32, owned: bool },
}

impl Lent {
    /// None when [`commit`] was not called.
    pub fn crossing(&self) -> Option<Crossing<'_>> {
        match &self.what {
            What::Guest(handle) => Some(Crossing::Guest(handle)),
            What::Host { id, rep } => Some(Crossing::Host { id: *id, rep: (*rep)?, owned: self.owned }),
        }
    }
}

/// Writes a handle to the tape: `owned` for `own`, else `borrow`.
///
/// # Safety
/// `object` must be a valid object that the caller keeps alive.
pub unsafe fn lend(
    py: Python<'_>,
    ty: &Arc<ResourceType>,
    owned: bool,
    object: *mut ffi::PyObject,
    tape: &mut Tape,
) -> Fit<()> {
    let Some(scope) = tape.scope.clone() else {
        return Err(Mismatch::type_error("is a resource, which has no place here"));
    };
    let what = match &ty.side {
        Side::Guest { class } => {
            // SAFETY: both are valid.
            unsafe { instance_of(py, class.as_ptr(), object, "a")? };
            // SAFETY: `object` is valid.
            let object = unsafe { Borrowed::from_ptr(py, object) };
            let Ok(resource) = object.cast::<Resource>() else {
                return Err(Mismatch::of_type(py, "a resource", object.as_ptr()));
            };
            What::Guest(resource.get().lend(&ty.name, &scope, owned)?)
        }
        Side::Host { id, .. } => {
            let Some(id) = id.get().copied() else {
                return Err(Mismatch::type_error("is a resource of no world"));
            };
            if let Some(class) = scope.class(id) {
                // SAFETY: both are valid.
                unsafe { instance_of(py, class.as_ptr(), object, "a")? };
            } else if object == unsafe { ffi::Py_None() } {
                return Err(Mismatch::of_type(py, &format!("a {}", ty.name), object));
            }
            What::Host { id, rep: None }
        }
    };
    // SAFETY: `object` is valid.
    let object = unsafe { Borrowed::from_ptr(py, object) }.to_owned().unbind();
    tape.words.push(tape.handles.len() as u64);
    tape.handles.push(Lent { object, owned, what });
    Ok(())
}

/// Hands everything over: nothing that is checked can fail any more.
pub fn commit(py: Python<'_>, tape: &mut Tape) {
    let Some(scope) = tape.scope.clone() else { return };
    for lent in &mut tape.handles {
        match &mut lent.what {
            What::Guest(_) if lent.owned => {
                if let Ok(resource) = lent.object.bind(py).cast::<Resource>() {
                    resource.get().give_away();
                }
            }
            What::Guest(_) => {}
            What::Host { rep, .. } => *rep = Some(scope.objects().insert(lent.object.clone_ref(py))),
        }
    }
}

/// Ends the loans.
pub fn release(py: Python<'_>, scope: &Scope, handles: &mut Vec<Lent>) {
    for lent in handles.drain(..) {
        match lent.what {
            What::Guest(_) => {
                if let Ok(resource) = lent.object.bind(py).cast::<Resource>() {
                    resource.get().take_back(lent.owned);
                }
            }
            What::Host { rep: Some(rep), .. } if !lent.owned => {
                let object = scope.objects().remove(rep);
                // Not while the table is locked: this may run code of the object.
                drop(object);
            }
            What::Host { .. } => {}
        }
    }
}

/// The instance that a value comes from.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    pub scope: &'a Arc<Scope>,
    /// Absent for arguments of imports: a component cannot pass its own resources to them.
    pub instance: Option<&'a Py<PyAny>>,
}

/// A handle that came out of the component.
pub enum Arrived {
    /// A resource of the component, which the host owns now.
    Guest(ResourceAny),
    /// An object of ours, with its number in the table.
    Host { rep: u32, owned: bool },
}

impl Arrived {
    /// The Python object.
    pub fn into_object(
        self,
        py: Python<'_>,
        ty: &ResourceType,
        owner: Owner<'_>,
    ) -> Result<PyResult<Py<PyAny>>, wasmtime::Error> {
        match (self, &ty.side) {
            (Arrived::Guest(handle), Side::Guest { class }) => {
                let instance = owner.instance.ok_or_else(unknown)?.clone_ref(py);
                Ok(Resource::make(py, class, Handle::new(handle, owner.scope.clone(), instance)))
            }
            (Arrived::Host { rep, owned: true }, Side::Host { .. }) => {
                owner.scope.objects().remove(rep).map(Ok).ok_or_else(unknown)
            }
            (Arrived::Host { rep, owned: false }, Side::Host { .. }) => {
                owner.scope.objects().get(py, rep).map(Ok).ok_or_else(unknown)
            }
            _ => Err(unknown()),
        }
    }
}

#[cold]
fn unknown() -> wasmtime::Error {
    wasmtime::format_err!("the component passed a handle that the host does not know")
}
