//! Attributes of the classes that stand for types, read and written without a lookup where a class has slots.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

/// An attribute of a class.
pub struct Attribute {
    pub name: Py<PyString>,
    slot: Option<Slot>,
}

/// A slot, and the functions of its descriptor.
struct Slot {
    /// The class itself: a subclass may have hidden the slot.
    class: usize,
    descriptor: Py<PyAny>,
    get: ffi::descrgetfunc,
    set: ffi::descrsetfunc,
}

impl Attribute {
    /// No attribute: elements of tuples and parameters have none.
    pub fn none(py: Python<'_>) -> Attribute {
        Attribute { name: PyString::intern(py, "").unbind(), slot: None }
    }

    /// The attribute `name` of objects of `class`.
    pub fn of(class: &Bound<'_, PyType>, name: &str) -> PyResult<Attribute> {
        let py = class.py();
        let member_type = py.import("types")?.getattr("MemberDescriptorType")?;
        let descriptor = class.getattr_opt(name)?;
        let slot = descriptor.filter(|found| found.get_type().is(&member_type)).and_then(|descriptor| {
            let ty = descriptor.get_type().as_ptr().cast();
            // SAFETY: the slots of a type have these types, or are null.
            let (get, set) = unsafe {
                let get: Option<ffi::descrgetfunc> =
                    std::mem::transmute(ffi::PyType_GetSlot(ty, ffi::Py_tp_descr_get));
                let set: Option<ffi::descrsetfunc> =
                    std::mem::transmute(ffi::PyType_GetSlot(ty, ffi::Py_tp_descr_set));
                (get?, set?)
            };
            Some(Slot { class: class.as_ptr().addr(), descriptor: descriptor.unbind(), get, set })
        });
        Ok(Attribute { name: PyString::intern(py, name).unbind(), slot })
    }

    /// A new reference to the value, or null with an error set.
    ///
    /// # Safety
    /// `object` must be valid, and the thread attached.
    #[inline]
    pub unsafe fn get(&self, object: *mut ffi::PyObject) -> *mut ffi::PyObject {
        // SAFETY: passed on.
        unsafe {
            let ty = ffi::Py_TYPE(object);
            match &self.slot {
                Some(slot) if slot.class == ty.addr() => {
                    (slot.get)(slot.descriptor.as_ptr(), object, ty.cast())
                }
                _ => ffi::PyObject_GetAttr(object, self.name.as_ptr()),
            }
        }
    }

    /// Sets the value of an object of exactly the class, also of a frozen one. Not zero with an error set.
    ///
    /// # Safety
    /// Both must be valid, and the thread attached.
    #[inline]
    pub unsafe fn set(&self, object: *mut ffi::PyObject, value: *mut ffi::PyObject) -> std::ffi::c_int {
        // SAFETY: passed on.
        unsafe {
            match &self.slot {
                Some(slot) => (slot.set)(slot.descriptor.as_ptr(), object, value),
                None => ffi::PyObject_GenericSetAttr(object, self.name.as_ptr(), value),
            }
        }
    }
}
