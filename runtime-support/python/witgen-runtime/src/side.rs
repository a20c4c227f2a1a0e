//! The part of the package that is written in Python, as native code needs it.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use crate::attribute::Attribute;

/// Classes and names of attributes.
pub struct Side {
    pub some: Py<PyType>,
    pub ok: Py<PyType>,
    pub err: Py<PyType>,
    pub load_error: Py<PyType>,
    pub link_error: Py<PyType>,
    pub instance_error: Py<PyType>,
    pub trap: Py<PyType>,
    /// The `value` of each of the three.
    pub some_value: Attribute,
    pub ok_value: Attribute,
    pub err_value: Attribute,
    /// `payload`, of errors.
    pub payload: Attribute,
    /// Where `enum.Flag` has its bits.
    pub flag_value: Py<PyString>,
    /// `close`, of objects that a component has owned.
    pub close: Py<PyString>,
}

static SIDE: PyOnceLock<Side> = PyOnceLock::new();

/// Imports what [`get`] returns; called once, when the module is made.
pub fn load(py: Python<'_>) -> PyResult<()> {
    SIDE.get_or_try_init(py, || {
        let values = py.import("witgen_runtime._values")?;
        let errors = py.import("witgen_runtime._errors")?;
        let class = |module: &Bound<'_, PyModule>, name: &str| -> PyResult<Py<PyType>> {
            Ok(module.getattr(name)?.cast_into::<PyType>()?.unbind())
        };
        let value = |name: &str| Attribute::of(class(&values, name)?.bind(py), "value");
        let name = |text: &str| PyString::intern(py, text).unbind();
        Ok::<_, PyErr>(Side {
            some: class(&values, "Some")?,
            ok: class(&values, "Ok")?,
            err: class(&values, "Err")?,
            load_error: class(&errors, "LoadError")?,
            link_error: class(&errors, "LinkError")?,
            instance_error: class(&errors, "InstanceError")?,
            trap: class(&errors, "Trap")?,
            some_value: value("Some")?,
            ok_value: value("Ok")?,
            err_value: value("Err")?,
            payload: Attribute::of(class(&values, "WitError")?.bind(py), "payload")?,
            flag_value: name("_value_"),
            close: name("close"),
        })
    })?;
    Ok(())
}

/// The Python side.
pub fn get(py: Python<'_>) -> &'static Side {
    match SIDE.get(py) {
        Some(side) => side,
        None => unreachable!("the module loads it before anything else"),
    }
}
