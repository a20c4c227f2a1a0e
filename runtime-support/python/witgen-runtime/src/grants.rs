//! What a component may do, and how much of it. Everything is denied unless it is granted.

use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyString};
use wasmtime::ResourceLimiter;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

use crate::engine::Mode;
use crate::errors::MemoryUsedUp;

/// The sections `[stdio]` and `[limits]` of a grants file.
#[derive(Default)]
pub struct Grants {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    /// Bytes of all linear memories together.
    pub memory: Option<usize>,
    /// Units per call.
    pub fuel: Option<u64>,
    /// Time per call.
    pub deadline: Option<Duration>,
}

impl Grants {
    /// Reads what a TOML file or a dict of the program says.
    pub fn read(tables: Option<&Bound<'_, PyDict>>) -> PyResult<Grants> {
        let mut grants = Grants::default();
        let Some(tables) = tables else { return Ok(grants) };
        for (section, table) in tables.iter() {
            let section: String = section.extract()?;
            let Ok(table) = table.cast_into::<PyDict>() else {
                return Err(PyTypeError::new_err(format!("`{section}` of the grants must be a table")));
            };
            for (key, value) in table.iter() {
                let key: String = key.extract()?;
                let name = format!("{section}.{key}");
                match name.as_str() {
                    "stdio.stdin" => grants.stdin = boolean(&name, &value)?,
                    "stdio.stdout" => grants.stdout = boolean(&name, &value)?,
                    "stdio.stderr" => grants.stderr = boolean(&name, &value)?,
                    "limits.memory" => grants.memory = Some(size(&name, &value)?),
                    "limits.fuel" => grants.fuel = Some(number(&name, &value)?),
                    "limits.deadline" => grants.deadline = Some(duration(&name, &value)?),
                    _ => {
                        return Err(PyValueError::new_err(format!(
                            "`{name}` cannot be granted: there are stdio.stdin, stdio.stdout, stdio.stderr, \
                             limits.memory, limits.fuel and limits.deadline"
                        )));
                    }
                }
            }
        }
        Ok(grants)
    }

    /// What compiled code must be able to do for the limits.
    pub fn needs(&self, mode: Mode) -> Mode {
        Mode {
            interruptible: mode.interruptible || self.deadline.is_some(),
            metered: mode.metered || self.fuel.is_some(),
        }
    }

    /// The WASI context of an instance.
    pub fn wasi(&self) -> WasiCtx {
        let mut builder = WasiCtxBuilder::new();
        if self.stdin {
            builder.inherit_stdin();
        }
        if self.stdout {
            builder.inherit_stdout();
        }
        if self.stderr {
            builder.inherit_stderr();
        }
        builder.build()
    }
}

fn boolean(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.extract().map_err(|_| PyTypeError::new_err(format!("`{name}` must be true or false")))
}

fn number(name: &str, value: &Bound<'_, PyAny>) -> PyResult<u64> {
    value
        .extract()
        .map_err(|_| PyValueError::new_err(format!("`{name}` must be a number that is not negative")))
}

/// `268435456` or `"256MiB"`.
fn size(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let wrong = || PyValueError::new_err(format!("`{name}` must be a size such as \"256MiB\""));
    if value.is_instance_of::<PyInt>() {
        return value.extract().map_err(|_| wrong());
    }
    let text = value.cast::<PyString>().map_err(|_| wrong())?.to_str()?;
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let shift = match unit.trim() {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return Err(wrong()),
    };
    let number: usize = number.parse().map_err(|_| wrong())?;
    number.checked_mul(1 << shift).ok_or_else(wrong)
}

/// Seconds, or `"5s"`, `"200ms"`, `"2m"`.
fn duration(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let wrong = || PyValueError::new_err(format!("`{name}` must be a time such as \"5s\" or \"200ms\""));
    let seconds = if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
        value.extract().map_err(|_| wrong())?
    } else {
        let text = value.cast::<PyString>().map_err(|_| wrong())?.to_str()?;
        let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(at);
        let factor = match unit.trim() {
            "s" => 1.0,
            "ms" => 1e-3,
            "m" => 60.0,
            _ => return Err(wrong()),
        };
        number.parse::<f64>().map_err(|_| wrong())? * factor
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

/// Bounds the memory of an instance, of all its linear memories together.
#[derive(Default)]
pub struct MemoryLimit {
    /// None: what the address space has.
    pub bytes: Option<usize>,
    used: usize,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let used = self.used.saturating_add(desired.saturating_sub(current));
        if let Some(bytes) = self.bytes
            && used > bytes
        {
            // An error instead of a failed growth: guests answer that with `unreachable`, which tells nobody why.
            return Err(MemoryUsedUp { bytes }.into());
        }
        self.used = used;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.bytes.is_none_or(|bytes| desired.saturating_mul(size_of::<usize>()) <= bytes))
    }
}
