//! What a component may do, and how much of it: the grants of every witgen host, from a file or from objects of Python.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyMapping, PyString};
use toml::{Table, Value};
use witgen_grants::{Clocks, Error, Grants, Monitor, Random};

use crate::engine::Mode;

/// Reads what the program gives: the path of a file, or its sections as mappings.
///
/// Without any, a component has clocks and random numbers, which the run times of most languages use before the first
/// line of a program.
pub fn read(grants: Option<&Bound<'_, PyAny>>) -> PyResult<Arc<Grants>> {
    let Some(grants) = grants else {
        return Ok(Arc::new(Grants {
            clocks: Clocks { monotonic: true, wall: true },
            random: Random { allow: true },
            ..Grants::default()
        }));
    };
    let read = match grants.cast::<PyMapping>() {
        Ok(mapping) => from_mapping(mapping)?,
        Err(_) => from_file(&grants.extract::<PathBuf>()?)?,
    };
    Ok(Arc::new(read))
}

/// Paths in the file are relative to its folder.
fn from_file(path: &Path) -> PyResult<Grants> {
    let text = std::fs::read_to_string(path)?;
    let base = path.parent().unwrap_or(Path::new(""));
    Grants::parse(&text, base).map_err(|error| {
        let start = error.span.as_ref().and_then(|span| text.get(..span.start));
        let line = start.map_or_else(String::new, |start| format!(":{}", start.matches('\n').count() + 1));
        wrong(&format!("{}{line}", path.display()), &error)
    })
}

/// Paths are relative to the current directory.
fn from_mapping(mapping: &Bound<'_, PyMapping>) -> PyResult<Grants> {
    let text = table(mapping, "grants")?.to_string();
    Grants::parse(&text, Path::new("")).map_err(|error| {
        let key = error.key(&text);
        wrong(&key.map_or_else(|| "grants".to_owned(), |key| format!("grants: `{key}`")), &error)
    })
}

fn wrong(place: &str, error: &Error) -> PyErr {
    PyValueError::new_err(format!("{place}: {error}"))
}

fn table(mapping: &Bound<'_, PyMapping>, name: &str) -> PyResult<Table> {
    let mut table = Table::new();
    for item in mapping.items()?.iter() {
        let (key, value): (String, Bound<'_, PyAny>) = item.extract()?;
        let found = self::value(&value, &format!("{name}[{key:?}]"))?;
        table.insert(key, found);
    }
    Ok(table)
}

/// What TOML has for an object; paths are texts there.
fn value(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Value> {
    if let Ok(mapping) = value.cast::<PyMapping>() {
        return Ok(Value::Table(table(mapping, name)?));
    }
    if value.is_instance_of::<PyBool>() {
        return Ok(Value::Boolean(value.extract()?));
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(Value::Integer(value.extract()?));
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(value.extract()?));
    }
    if value.is_instance_of::<PyString>() {
        return Ok(Value::String(value.extract()?));
    }
    if let Ok(path) = value.extract::<PathBuf>() {
        let wrong = || PyValueError::new_err(format!("{name} must be a path in UTF-8"));
        return Ok(Value::String(path.into_os_string().into_string().map_err(|_| wrong())?));
    }
    let Ok(items) = value.try_iter() else {
        let class = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{name} must not be {class}")));
    };
    let items: Vec<Bound<'_, PyAny>> = items.collect::<PyResult<_>>()?;
    let items = items.iter().map(|item| self::value(item, &format!("an element of {name}")));
    Ok(Value::Array(items.collect::<PyResult<_>>()?))
}

/// What compiled code must be able to do for the limits.
pub fn needs(grants: &Grants, mode: Mode) -> Mode {
    Mode {
        interruptible: mode.interruptible || grants.limits.deadline.is_some(),
        metered: mode.metered || grants.limits.fuel.is_some(),
    }
}

/// Tells the user of missing grants, as `witgen run` does.
pub fn monitor() -> Monitor {
    Monitor::new(|denial| {
        // Nobody is left to tell when stderr is closed.
        let _ = writeln!(std::io::stderr(), "witgen: {denial}");
    })
}
