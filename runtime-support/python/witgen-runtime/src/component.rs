//! Components: compiled once, instantiated often.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use wasmtime::component::Component as Compiled;

use crate::abi48::WASMTIME;
use crate::engine::{Mode, engine};
use crate::errors;
use crate::scope::lock;
use crate::world::Prepared;

/// Starts a precompiled component; the mode follows as one byte, then a text and a zero.
const MAGIC: &[u8; 8] = b"witgen\0\x01";

/// A component, compiled to machine code.
#[pyclass(frozen, weakref, module = "witgen_runtime")]
pub struct Component {
    pub compiled: Compiled,
    pub mode: Mode,
    /// What was prepared for worlds that it was instantiated for.
    prepared: Mutex<Vec<Arc<Prepared>>>,
}

impl Component {
    fn new(
        py: Python<'_>,
        compile: impl FnOnce() -> wasmtime::Result<Compiled> + Send,
        mode: Mode,
    ) -> PyResult<Component> {
        let ready = || {
            let compiled = compile()?;
            witgen_wasi::make_images(&compiled).map(|()| compiled)
        };
        match py.detach(ready) {
            Ok(compiled) => Ok(Component { compiled, mode, prepared: Mutex::default() }),
            Err(error) => Err(errors::load(py, format!("{error:#}"))),
        }
    }

    /// Compiles a component.
    pub fn compile(py: Python<'_>, source: &Bound<'_, PyAny>, mode: Mode) -> PyResult<Component> {
        let bytes = read(py, source)?;
        if let Some(reason) = no_component(&bytes) {
            return Err(errors::load(py, reason));
        }
        Component::new(py, || Compiled::new(engine(mode)?, &bytes), mode)
    }

    /// What was prepared for a world, made when it is missing.
    pub fn prepared(
        &self,
        is_it: impl Fn(&Prepared) -> bool,
        make: impl FnOnce() -> PyResult<Prepared>,
    ) -> PyResult<Arc<Prepared>> {
        if let Some(found) = lock(&self.prepared).iter().find(|prepared| is_it(prepared)) {
            return Ok(found.clone());
        }
        let made = Arc::new(make()?);
        lock(&self.prepared).push(made.clone());
        Ok(made)
    }
}

/// What the bytes obviously are instead.
fn no_component(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        _ if bytes.starts_with(MAGIC) => {
            Some("this is a precompiled component, use `Component.load_precompiled`")
        }
        [b'(', ..] | [b';', b';', ..] => Some(
            "this is a component in the text format: write it in the binary one, with `wasm-tools parse`",
        ),
        [0, b'a', b's', b'm', _, _, 0, 0, ..] => Some(
            "this is a core module, not a component: `witgen build`, or `wasm-tools component new`, makes one of it",
        ),
        [0, b'a', b's', b'm', ..] => None,
        _ => Some("this is not a WebAssembly file"),
    }
}

#[pymethods]
impl Component {
    /// Compiles a component from a path or from bytes.
    #[staticmethod]
    #[pyo3(signature = (source, /, *, interruptible = false, metered = false))]
    fn load(
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        interruptible: bool,
        metered: bool,
    ) -> PyResult<Component> {
        Component::compile(py, source, Mode { interruptible, metered })
    }

    /// Loads what `precompile` gave, without compiling.
    #[staticmethod]
    #[pyo3(signature = (source, /))]
    fn load_precompiled(py: Python<'_>, source: &Bound<'_, PyAny>) -> PyResult<Component> {
        let bytes = read(py, source)?;
        let parts = bytes.strip_prefix(MAGIC).and_then(|rest| {
            let (mode, rest) = rest.split_first()?;
            let end = rest.iter().position(|byte| *byte == 0)?;
            Some((mode, &rest[..end], &rest[end + 1..]))
        });
        let Some((mode, version, code)) = parts else {
            return Err(errors::load(py, "this is not a component that `Component.precompile` has made"));
        };
        let Some(mode) = Mode::from_index(*mode) else {
            return Err(errors::load(
                py,
                "this component was precompiled by a newer version of witgen-runtime",
            ));
        };
        if version != WASMTIME.as_bytes() {
            let version = String::from_utf8_lossy(version);
            return Err(errors::load(
                py,
                format!("this component was precompiled for wasmtime {version}, this is {WASMTIME}"),
            ));
        }
        let load = || {
            let engine = engine(mode)?;
            // SAFETY: wasmtime checks version, platform and settings; that nobody has tampered with
            // the code is up to the caller, as with every native library.
            unsafe { Compiled::deserialize(engine, code) }
        };
        Component::new(py, load, mode)
    }

    /// The machine code, for `load_precompiled` with the same version on the same platform.
    fn precompile<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let code = py.detach(|| self.compiled.serialize());
        let code = code.map_err(|error| errors::load(py, format!("{error:#}")))?;
        let mut bytes = MAGIC.to_vec();
        bytes.push(u8::try_from(self.mode.index()).unwrap_or(0));
        bytes.extend(WASMTIME.as_bytes());
        bytes.push(0);
        bytes.extend(code);
        Ok(PyBytes::new(py, &bytes))
    }

    /// The names of what it imports.
    #[getter]
    fn imports(&self) -> Vec<String> {
        let ty = self.compiled.component_type();
        ty.imports(self.compiled.engine()).map(|(name, _)| name.to_owned()).collect()
    }

    /// The names of what it exports.
    #[getter]
    fn exports(&self) -> Vec<String> {
        let ty = self.compiled.component_type();
        ty.exports(self.compiled.engine()).map(|(name, _)| name.to_owned()).collect()
    }
}

/// The bytes of a file, or of any buffer.
fn read(py: Python<'_>, source: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = source.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(path) = source.extract::<PathBuf>() {
        return Ok(py.detach(|| std::fs::read(path))?);
    }
    let bytes =
        py.get_type::<PyBytes>().call1((source,)).ok().and_then(|bytes| bytes.cast_into::<PyBytes>().ok());
    match bytes {
        Some(bytes) if !source.is_instance_of::<pyo3::types::PyInt>() => Ok(bytes.as_bytes().to_vec()),
        _ => {
            let name = source.get_type().name()?;
            Err(PyTypeError::new_err(format!("a component is a path or bytes, not {name}")))
        }
    }
}
