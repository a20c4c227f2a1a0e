//! Exported functions, as Python calls them.

use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::panic::PanicException;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::abi48::{Call, CallArguments, CallResult, during};
use crate::errors;
use crate::exclusive::Exclusive;
use crate::handles::{self, Owner};
use crate::instance::Instance;
use crate::lift::{Encoding, Source, Trouble, load, unflatten};
use crate::mismatch::{Mismatch, type_name};
use crate::objects::Object;
use crate::plan::{Kind, Signature};
use crate::resource::Resource;
use crate::tape::{self, Tape};

/// A function that a component exports.
pub struct ExportFunction {
    /// The name in WIT, with `[method]` and the like.
    pub name: String,
    pub signature: Signature,
    /// Where an instance has it; set by the world.
    pub slot: OnceLock<usize>,
    is_method: bool,
    /// The tape of one call at a time, which spares the next one its allocations.
    tape: Exclusive<Tape>,
}

impl ExportFunction {
    /// A function that no world has yet.
    pub fn new(name: String, signature: Signature) -> ExportFunction {
        let is_method = name.starts_with("[method]");
        ExportFunction { name, signature, slot: OnceLock::new(), is_method, tape: Exclusive::default() }
    }

    /// Calls it: the first of `objects` is the instance, or the resource whose method it is.
    fn call(&self, py: Python<'_>, objects: &[*mut ffi::PyObject]) -> PyResult<Object> {
        let Some(first) = objects.first() else {
            return Err(PyTypeError::new_err(format!("`{}` needs an instance", self.signature.display)));
        };
        // SAFETY: the caller holds its arguments.
        let first = unsafe { Borrowed::from_ptr(py, *first) };
        if self.is_method {
            let Ok(resource) = first.cast::<Resource>() else {
                let name = type_name(py, first.as_ptr());
                return Err(PyTypeError::new_err(format!(
                    "`{}` is a method of a resource, not of {name}",
                    self.signature.display
                )));
            };
            let Some(instance) = resource.get().instance(py) else {
                let name = type_name(py, first.as_ptr());
                let mismatch = Mismatch::value(format!("is a {name} that was closed or given away"));
                return Err(mismatch.into_error(py, &self.signature.display, "self"));
            };
            return self.call_in(py, instance.bind(py), objects);
        }
        self.call_in(py, &first, &objects[1..])
    }

    fn call_in(
        &self,
        py: Python<'_>,
        object: &Bound<'_, PyAny>,
        arguments: &[*mut ffi::PyObject],
    ) -> PyResult<Object> {
        let Ok(instance) = object.cast::<Instance>() else {
            let name = type_name(py, object.as_ptr());
            return Err(PyTypeError::new_err(format!(
                "`{}` is called on an instance, not on {name}",
                self.signature.display
            )));
        };
        let instance = instance.get();
        // Another instance may be in the middle of the same function.
        let (mut shared, mut own) = (self.tape.take(py), None);
        let tape = shared.as_deref_mut().unwrap_or_else(|| own.insert(Tape::default()));
        if self.signature.shape.handles {
            tape.scope = Some(instance.scope.clone());
        }
        let called = self.write(py, arguments, tape).and_then(|()| self.run(py, object, instance, tape));
        tape.clear(py);
        self.outcome(py, called?)
    }

    /// Phase A.
    fn write(&self, py: Python<'_>, arguments: &[*mut ffi::PyObject], tape: &mut Tape) -> PyResult<()> {
        let params = &self.signature.params;
        if params.len() != arguments.len() {
            let (want, got) = (params.len(), arguments.len());
            let name = &self.signature.display;
            return Err(PyTypeError::new_err(format!("`{name}` takes {want} arguments, not {got}")));
        }
        for (param, argument) in params.iter().zip(arguments) {
            // SAFETY: the caller holds its arguments.
            if let Err(mismatch) = unsafe { tape::write(py, &param.ty, *argument, tape) } {
                return Err(mismatch.into_error(py, &self.signature.display, &param.name.replace('-', "_")));
            }
        }
        Ok(())
    }

    /// Phase B, the guest, and the result.
    fn run(
        &self,
        py: Python<'_>,
        object: &Bound<'_, PyAny>,
        instance: &Instance,
        tape: &mut Tape,
    ) -> PyResult<Object> {
        let signature = &self.signature;
        let mut running = instance.enter(py)?;
        handles::commit(py, tape);
        let owner = Owner { scope: &instance.scope, instance: Some(object.as_unbound()) };
        let call = Call { signature, owner };
        let returned = {
            let (Some(live), Some(slot)) = (running.live(), self.slot.get()) else {
                return Err(errors::instance(py, format!("`{}` belongs to no world", signature.display)));
            };
            let slot = *slot;
            let arguments = CallArguments { tape, signature };
            py.detach(|| {
                live.limit()?;
                let function = live.function(slot)?;
                during(&call, || function.call(&mut live.store, arguments))
            })
        };
        let Some(result) = &signature.result else {
            return match returned {
                Ok(_) => Ok(Object::from(py.None())),
                Err(error) => Err(running.trapped(py, &error, &format!("`{}`", signature.display))),
            };
        };
        let mut source = Source { memory: &[], encoding: Encoding::Utf8, handles: Default::default(), owner };
        let object = match returned {
            Ok(CallResult::Object(object)) => return Ok(Object::from(object?)),
            Ok(CallResult::Plain(slot)) => unflatten(py, &mut source, result, &[slot]),
            Ok(CallResult::Copied(bytes)) => load(py, &mut source, result, &bytes[..result.size as usize]),
            Err(error) => Err(Trouble::Guest(error)),
        };
        object.map_err(|trouble| match trouble {
            Trouble::Python(error) => error,
            Trouble::Guest(error) => running.trapped(py, &error, &format!("`{}`", signature.display)),
        })
    }

    /// Raises what stands for a failure.
    fn outcome(&self, py: Python<'_>, object: Object) -> PyResult<Object> {
        let Some(Kind::Result { raises: Some(class), .. }) =
            self.signature.result.as_ref().map(|result| &result.kind)
        else {
            return Ok(object);
        };
        if is_instance(&object, class) {
            return Err(PyErr::from_value(object.into_py(py).into_bound(py)));
        }
        Ok(object)
    }
}

fn is_instance(object: &Object, class: &Py<PyType>) -> bool {
    // SAFETY: both are valid.
    unsafe { ffi::PyObject_TypeCheck(object.pointer(), class.as_ptr().cast()) != 0 }
}

/// Holds a function for [`callable`].
#[pyclass(frozen, module = "witgen_runtime.bind")]
pub struct Function(pub Arc<ExportFunction>);

/// A builtin function: Python calls it without making a tuple of the arguments.
pub fn callable(py: Python<'_>, function: Arc<ExportFunction>) -> PyResult<Py<PyAny>> {
    let object = Py::new(py, Function(function))?;
    // SAFETY: the definition is static, and the function takes its own reference to the object.
    unsafe {
        let callable = ffi::PyCFunction_NewEx(DEFINITION.0.get(), object.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, callable).map(Bound::unbind)
    }
}

struct Definition(std::cell::UnsafeCell<ffi::PyMethodDef>);

// SAFETY: Python reads it only.
unsafe impl Sync for Definition {}

const NAME: &CStr = c"function of a component";

static DEFINITION: Definition = Definition(std::cell::UnsafeCell::new(ffi::PyMethodDef {
    ml_name: NAME.as_ptr(),
    ml_meth: ffi::PyMethodDefPointer { PyCFunctionFast: enter },
    ml_flags: ffi::METH_FASTCALL,
    ml_doc: std::ptr::null(),
}));

unsafe extern "C" fn enter(
    function: *mut ffi::PyObject,
    arguments: *mut *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
) -> *mut ffi::PyObject {
    // Python calls this attached, but pyo3 must know, or it would put off every release.
    Python::attach(|py| {
        let called = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: `callable` has bound it to a `Function`.
            let function = unsafe { Borrowed::from_ptr(py, function).cast_unchecked::<Function>() };
            let arguments = match count {
                0 => &[][..],
                // SAFETY: Python passes so many arguments.
                _ => unsafe { std::slice::from_raw_parts(arguments, count.unsigned_abs()) },
            };
            function.get().0.call(py, arguments)
        }));
        let error = match called {
            Ok(Ok(object)) => return object.into_pointer(),
            Ok(Err(error)) => error,
            Err(_) => PanicException::new_err("witgen-runtime has panicked: this is a bug of witgen"),
        };
        error.restore(py);
        std::ptr::null_mut()
    })
}
