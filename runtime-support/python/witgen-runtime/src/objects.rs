//! Making Python objects: owned references that are released on every way out.

use pyo3::exceptions::PyUnicodeDecodeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;
use wasmtime::format_err;

use crate::attribute::Attribute;
use crate::lift::{Lifted, Trouble};

/// An owned reference. It must be dropped while attached, as everything here is.
pub struct Object(*mut ffi::PyObject);

impl Object {
    /// Passes the reference on.
    pub fn into_pointer(self) -> *mut ffi::PyObject {
        let pointer = self.0;
        std::mem::forget(self);
        pointer
    }

    /// The object, which stays here.
    pub fn pointer(&self) -> *mut ffi::PyObject {
        self.0
    }

    /// The same as a value of pyo3.
    pub fn into_py(self, py: Python<'_>) -> Py<PyAny> {
        // SAFETY: it is an owned reference.
        unsafe { Bound::from_owned_ptr(py, self.into_pointer()) }.unbind()
    }
}

impl From<Py<PyAny>> for Object {
    fn from(object: Py<PyAny>) -> Object {
        Object(object.into_ptr())
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: it is an owned reference, and the thread is attached.
        unsafe { ffi::Py_DECREF(self.0) };
    }
}

/// A new reference, or the error that Python has set.
#[inline]
pub fn made(py: Python<'_>, pointer: *mut ffi::PyObject) -> PyResult<Object> {
    if pointer.is_null() { Err(PyErr::fetch(py)) } else { Ok(Object(pointer)) }
}

/// An object of a class, whose `__init__` is not run.
pub struct Made(Object);

impl Made {
    /// Allocates it.
    #[inline]
    pub fn of(py: Python<'_>, class: &Py<PyType>) -> PyResult<Made> {
        // SAFETY: `class` is a type whose objects have no part that only `__new__` can set up.
        let object = unsafe { ffi::PyType_GenericAlloc(class.as_ptr().cast(), 0) };
        Ok(Made(made(py, object)?))
    }

    /// Sets an attribute, also of a frozen dataclass.
    #[inline]
    pub fn set(&self, py: Python<'_>, attribute: &Attribute, value: Object) -> PyResult<()> {
        // SAFETY: all three are valid.
        let status = unsafe { attribute.set(self.0.0, value.0) };
        if status == 0 { Ok(()) } else { Err(PyErr::fetch(py)) }
    }

    /// The object with all its attributes.
    #[inline]
    pub fn finish(self) -> Object {
        self.0
    }
}

/// A list or tuple that is being filled.
pub struct Filling {
    object: Object,
    put: unsafe extern "C" fn(*mut ffi::PyObject, ffi::Py_ssize_t, *mut ffi::PyObject) -> std::ffi::c_int,
}

impl Filling {
    /// Puts a value at `index`, which is less than the length.
    #[inline]
    pub fn put(&self, index: usize, value: Object) {
        // SAFETY: the reference is passed on, and nobody else has seen the container.
        unsafe { (self.put)(self.object.0, index.cast_signed(), value.into_pointer()) };
    }

    /// The container with all its values.
    pub fn finish(self) -> Object {
        self.object
    }
}

/// A tuple of `length` values.
pub fn tuple(py: Python<'_>, length: usize) -> PyResult<Filling> {
    // SAFETY: attached.
    let object = made(py, unsafe { ffi::PyTuple_New(length.cast_signed()) })?;
    Ok(Filling { object, put: ffi::PyTuple_SetItem })
}

/// A list of `length` values.
pub fn list(py: Python<'_>, length: usize) -> PyResult<Filling> {
    // SAFETY: attached.
    let object = made(py, unsafe { ffi::PyList_New(length.cast_signed()) })?;
    Ok(Filling { object, put: ffi::PyList_SetItem })
}

/// A dict that is being filled.
pub struct Map(Object);

/// An empty dict.
pub fn map(py: Python<'_>) -> PyResult<Map> {
    // SAFETY: attached.
    Ok(Map(made(py, unsafe { ffi::PyDict_New() })?))
}

impl Map {
    /// The last value of a key stays.
    pub fn insert(&self, py: Python<'_>, key: &Object, value: &Object) -> PyResult<()> {
        // SAFETY: all three are valid.
        let status = unsafe { ffi::PyDict_SetItem(self.0.0, key.0, value.0) };
        if status == 0 { Ok(()) } else { Err(PyErr::fetch(py)) }
    }

    /// The dict.
    pub fn finish(self) -> Object {
        self.0
    }
}

/// Bytes.
pub fn bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Object> {
    // SAFETY: Python copies them.
    made(py, unsafe { ffi::PyBytes_FromStringAndSize(bytes.as_ptr().cast(), bytes.len().cast_signed()) })
}

/// A memoryview of numbers with the first of `codes`.
pub fn view(py: Python<'_>, numbers: &[u8], codes: &[u8]) -> PyResult<Object> {
    let bytes = bytes(py, numbers)?;
    // SAFETY: `bytes` is valid; the view holds it.
    let view = made(py, unsafe { ffi::PyMemoryView_FromObject(bytes.0) })?;
    let format = String::from_utf8_lossy(&codes[..1]).into_owned();
    let cast = view.into_py(py).call_method1(py, "cast", (format,))?;
    Ok(Object::from(cast))
}

/// A text in UTF-8. A wrong one is the guest's fault.
pub fn utf8(py: Python<'_>, bytes: &[u8]) -> Lifted<Object> {
    let length = bytes.len().cast_signed();
    // SAFETY: Python copies what it decodes.
    text(py, unsafe { ffi::PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), length, std::ptr::null()) })
}

/// A text in UTF-16, little-endian.
pub fn utf16(py: Python<'_>, bytes: &[u8]) -> Lifted<Object> {
    let mut order = -1;
    let length = bytes.len().cast_signed();
    // SAFETY: Python copies what it decodes.
    text(py, unsafe {
        ffi::PyUnicode_DecodeUTF16(bytes.as_ptr().cast(), length, std::ptr::null(), &raw mut order)
    })
}

/// A text in Latin-1.
pub fn latin1(py: Python<'_>, bytes: &[u8]) -> Lifted<Object> {
    let length = bytes.len().cast_signed();
    // SAFETY: Python copies what it decodes.
    text(py, unsafe { ffi::PyUnicode_DecodeLatin1(bytes.as_ptr().cast(), length, std::ptr::null()) })
}

fn text(py: Python<'_>, pointer: *mut ffi::PyObject) -> Lifted<Object> {
    made(py, pointer).map_err(|error| {
        if error.is_instance_of::<PyUnicodeDecodeError>(py) {
            Trouble::Guest(format_err!("the guest gave a string that is not valid: {error}"))
        } else {
            Trouble::Python(error)
        }
    })
}

/// Calls `function` with `arguments`.
pub fn call(py: Python<'_>, function: *mut ffi::PyObject, arguments: &Object) -> PyResult<Object> {
    // SAFETY: both are valid, and `arguments` is a tuple.
    made(py, unsafe { ffi::PyObject_CallObject(function, arguments.0) })
}
