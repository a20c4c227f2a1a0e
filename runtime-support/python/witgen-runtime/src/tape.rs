//! Phase A: Python values become a validated tape of words. The guest is not touched.
//!
//! Everything that can go wrong with a value goes wrong here, because an error after this
//! ends the instance. What the tape points to is kept alive by it, so that the values can be
//! written to the guest while other Python threads run.

use std::cell::Cell;
use std::sync::Arc;

use pyo3::ffi;
use pyo3::prelude::*;

use crate::attribute::Attribute;
use crate::mismatch::{Fit, Mismatch, Step};
use crate::plan::{Case, Field, Kind, MAX_BYTES, Ty};
use crate::scope::Scope;
use crate::{handles, sequence, side};

/// Marks the length of a list whose elements follow as one pointer to plain numbers.
pub const RAW: u64 = 1 << 63;

/// How many words an empty tape has room for at most.
const MOST_WORDS: usize = 1 << 16;

/// Words in the order in which lowering reads them, and what they point to.
#[derive(Default)]
pub struct Tape {
    /// Discriminants, numbers, pointers, lengths and indices into `handles`.
    pub words: Vec<u64>,
    /// Handles that cross with this call.
    pub handles: Vec<handles::Lent>,
    /// The instance that the values are for; without one there can be no handles.
    pub scope: Option<Arc<Scope>>,
    kept: Vec<*mut ffi::PyObject>,
    #[expect(clippy::vec_box, reason = "a buffer may point into itself, so it must not move")]
    buffers: Vec<Box<ffi::Py_buffer>>,
}

// SAFETY: the pointers are strong references and held buffers; they are only dereferenced by
// Python when attached, and their bytes do not move.
unsafe impl Send for Tape {}
// SAFETY: see above; shared access only reads.
unsafe impl Sync for Tape {}

impl Tape {
    /// Lets go of everything, for the next call.
    pub fn clear(&mut self, py: Python<'_>) {
        self.clear_words();
        if let Some(scope) = self.scope.take() {
            handles::release(py, &scope, &mut self.handles);
        }
        for object in self.kept.drain(..) {
            // SAFETY: `keep` took the reference.
            unsafe { ffi::Py_DECREF(object) };
        }
        for mut buffer in self.buffers.drain(..) {
            // SAFETY: it was filled by `PyObject_GetBuffer`.
            unsafe { ffi::PyBuffer_Release(&raw mut *buffer) };
        }
    }

    /// Keeps the allocation, but not that of one large call for ever.
    fn clear_words(&mut self) {
        self.words.clear();
        self.words.shrink_to(MOST_WORDS);
    }

    /// Whether it can be dropped without Python.
    fn holds_nothing(&self) -> bool {
        self.scope.is_none() && self.kept.is_empty() && self.buffers.is_empty() && self.handles.is_empty()
    }

    /// Takes a reference to what a word points to.
    pub fn keep(&mut self, object: *mut ffi::PyObject) {
        // SAFETY: callers hold a reference.
        unsafe { ffi::Py_INCREF(object) };
        self.kept.push(object);
    }

    /// Holds a buffer until the call is over.
    pub fn keep_buffer(&mut self, buffer: Box<ffi::Py_buffer>) {
        self.buffers.push(buffer);
    }

    /// A pointer and a length in bytes.
    pub fn push_bytes(&mut self, pointer: *const u8, length: usize) -> Fit<()> {
        if length > MAX_BYTES {
            return Err(too_long(length));
        }
        self.words.push(pointer as u64);
        self.words.push(length as u64);
        Ok(())
    }
}

thread_local! {
    /// The tape of the last result of an import, whose allocations the next one uses.
    static SPARE: Cell<Option<Tape>> = const { Cell::new(None) };
}

/// An empty tape.
pub fn spare() -> Tape {
    SPARE.take().unwrap_or_default()
}

/// Keeps a tape for [`spare`], unless it holds something.
pub fn keep_spare(mut tape: Tape) {
    if tape.holds_nothing() {
        tape.clear_words();
        SPARE.set(Some(tape));
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        if !self.holds_nothing() {
            Python::attach(|py| self.clear(py));
        }
    }
}

/// More bytes than a list or string of WIT may have.
#[cold]
pub fn too_long(length: usize) -> Box<Mismatch> {
    Mismatch::value(format!("has {length} bytes, more than a list or string may have ({MAX_BYTES})"))
}

/// Writes `object` to the tape as a value of type `ty`.
///
/// # Safety
/// `object` must be a valid object that the caller keeps alive.
pub unsafe fn write(py: Python<'_>, ty: &Ty, object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<()> {
    // SAFETY: of all calls below: `object` is valid, Python is attached.
    unsafe {
        match &ty.kind {
            Kind::Bool => {
                let word = boolean(py, object)?;
                tape.words.push(word);
            }
            Kind::S8 => tape.words.push(signed(py, object, "s8", i8::MIN.into(), i8::MAX.into())?),
            Kind::U8 => tape.words.push(signed(py, object, "u8", 0, u8::MAX.into())?),
            Kind::S16 => tape.words.push(signed(py, object, "s16", i16::MIN.into(), i16::MAX.into())?),
            Kind::U16 => tape.words.push(signed(py, object, "u16", 0, u16::MAX.into())?),
            Kind::S32 => tape.words.push(signed(py, object, "s32", i32::MIN.into(), i32::MAX.into())?),
            Kind::U32 => tape.words.push(signed(py, object, "u32", 0, u32::MAX.into())?),
            Kind::S64 => tape.words.push(signed(py, object, "s64", i64::MIN, i64::MAX)?),
            Kind::U64 => tape.words.push(unsigned(py, object)?),
            Kind::F32 => {
                #[expect(clippy::cast_possible_truncation, reason = "an f32 has no more digits")]
                let value = float(py, object)? as f32;
                tape.words.push(value.to_bits().into());
            }
            Kind::F64 => tape.words.push(float(py, object)?.to_bits()),
            Kind::Char => tape.words.push(character(py, object)?),
            Kind::String => string(py, object, tape)?,
            Kind::List { element, .. } => sequence::list(py, element, object, tape)?,
            Kind::Map { entry } => sequence::map(py, entry, object, tape)?,
            Kind::Tuple(fields) => tuple(py, fields, object, tape)?,
            Kind::Record { class, fields } => {
                instance_of(py, class.as_ptr(), object, "a")?;
                for field in fields {
                    attribute(py, &field.attribute, &field.ty, object, tape)?;
                }
            }
            Kind::Variant { cases, by_class, .. } => {
                let address = ffi::Py_TYPE(object) as usize;
                let position = by_class.position(address).map(|position| position as usize);
                let position = position.or_else(|| subclass_of_case(cases, object));
                let Some(position) = position else {
                    return Err(Mismatch::of_type(py, &one_of(py, cases), object));
                };
                tape.words.push(position as u64);
                if let Some((name, payload)) = &cases[position].payload {
                    attribute(py, name, payload, object, tape)?;
                }
            }
            Kind::Enum { class, by_member, .. } => {
                instance_of(py, class.as_ptr(), object, "a")?;
                let position = by_member.position(object as usize);
                let position = position.ok_or_else(|| Mismatch::value("is not a case of the enum"))?;
                tape.words.push(position.into());
            }
            Kind::Flags { class, names, .. } => {
                instance_of(py, class.as_ptr(), object, "a")?;
                tape.words.push(flags(py, object, names.len())?);
            }
            Kind::Option { some, nested, .. } => {
                if object == ffi::Py_None() {
                    tape.words.push(0);
                } else if *nested {
                    let class = &side::get(py).some;
                    if ffi::PyObject_TypeCheck(object, class.as_ptr().cast()) == 0 {
                        return Err(Mismatch::of_type(py, "Some or None", object));
                    }
                    tape.words.push(1);
                    attribute(py, &side::get(py).some_value, some, object, tape)?;
                } else {
                    tape.words.push(1);
                    write(py, some, object, tape)?;
                }
            }
            Kind::Result { ok, err, .. } => result(py, ok.as_deref(), err.as_deref(), object, tape)?,
            Kind::Own(resource) => handles::lend(py, resource, true, object, tape)?,
            Kind::Borrow(resource) => handles::lend(py, resource, false, object, tape)?,
        }
    }
    Ok(())
}

/// Writes an attribute of `object`.
///
/// # Safety
/// See [`write`].
pub unsafe fn attribute(
    py: Python<'_>,
    attribute: &Attribute,
    ty: &Ty,
    object: *mut ffi::PyObject,
    tape: &mut Tape,
) -> Fit<()> {
    let step = || Step::Attribute(attribute.name.clone_ref(py));
    // SAFETY: `object` is valid; the value is held until it is written.
    unsafe {
        let value = attribute.get(object);
        if value.is_null() {
            return Err(Mismatch::raised(py).at(step()));
        }
        let written = write(py, ty, value, tape);
        ffi::Py_DECREF(value);
        written.map_err(|mismatch| mismatch.at(step()))
    }
}

/// Writes a payload that may be absent from the type, when Python must have `None`.
///
/// # Safety
/// See [`write`].
pub unsafe fn payload(
    py: Python<'_>,
    ty: Option<&Ty>,
    object: *mut ffi::PyObject,
    tape: &mut Tape,
) -> Fit<()> {
    match ty {
        // SAFETY: passed on.
        Some(ty) => unsafe { write(py, ty, object, tape) },
        // SAFETY: a comparison of pointers.
        None if object == unsafe { ffi::Py_None() } => Ok(()),
        None => Err(Mismatch::of_type(py, "None", object)),
    }
}

unsafe fn result(
    py: Python<'_>,
    ok: Option<&Ty>,
    err: Option<&Ty>,
    object: *mut ffi::PyObject,
    tape: &mut Tape,
) -> Fit<()> {
    let side = side::get(py);
    // SAFETY: `object` is valid.
    unsafe {
        let is =
            |class: &Py<pyo3::types::PyType>| ffi::PyObject_TypeCheck(object, class.as_ptr().cast()) != 0;
        let (word, ty, attribute) = if is(&side.ok) {
            (0, ok, &side.ok_value)
        } else if is(&side.err) {
            (1, err, &side.err_value)
        } else {
            return Err(Mismatch::of_type(py, "Ok or Err", object));
        };
        tape.words.push(word);
        let step = || Step::Attribute(attribute.name.clone_ref(py));
        let value = attribute.get(object);
        if value.is_null() {
            return Err(Mismatch::raised(py).at(step()));
        }
        let written = payload(py, ty, value, tape);
        ffi::Py_DECREF(value);
        written.map_err(|mismatch| mismatch.at(step()))
    }
}

unsafe fn tuple(py: Python<'_>, fields: &[Field], object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<()> {
    // SAFETY: `object` is valid, and a tuple keeps its elements.
    unsafe {
        if ffi::PyTuple_Check(object) == 0 {
            return Err(Mismatch::of_type(py, &format!("a tuple of {} elements", fields.len()), object));
        }
        let size = ffi::PyTuple_Size(object).unsigned_abs();
        if size != fields.len() {
            return Err(Mismatch::type_error(format!(
                "must be a tuple of {} elements, not of {size}",
                fields.len()
            )));
        }
        for (index, field) in fields.iter().enumerate() {
            let element = ffi::PyTuple_GetItem(object, index.cast_signed());
            write(py, &field.ty, element, tape).map_err(|mismatch| mismatch.at(Step::Index(index)))?;
        }
    }
    Ok(())
}

unsafe fn boolean(py: Python<'_>, object: *mut ffi::PyObject) -> Fit<u64> {
    // SAFETY: comparisons of pointers.
    unsafe {
        if object == ffi::Py_True() {
            Ok(1)
        } else if object == ffi::Py_False() {
            Ok(0)
        } else {
            Err(Mismatch::of_type(py, "a bool", object))
        }
    }
}

/// An integer of any type but `u64`.
#[inline]
unsafe fn signed(py: Python<'_>, object: *mut ffi::PyObject, name: &str, low: i64, high: i64) -> Fit<u64> {
    // SAFETY: `object` is valid.
    unsafe {
        // What has `__index__` is converted by the way.
        let value = ffi::PyLong_AsLongLong(object);
        let failed = value == -1 && !ffi::PyErr_Occurred().is_null();
        if failed || value < low || value > high {
            return Err(no_integer(py, object, name, low, high));
        }
        Ok(value.cast_unsigned())
    }
}

/// Why an object is no integer between two others.
#[cold]
unsafe fn no_integer(
    py: Python<'_>,
    object: *mut ffi::PyObject,
    name: &str,
    low: i64,
    high: i64,
) -> Box<Mismatch> {
    // SAFETY: `object` is valid; an integer made from it is released.
    unsafe {
        ffi::PyErr_Clear();
        match index(py, object, name) {
            Ok(index) => {
                let mismatch = overflow(py, index, name, &low.to_string(), &high.to_string());
                ffi::Py_DECREF(index);
                mismatch
            }
            Err(mismatch) => mismatch,
        }
    }
}

unsafe fn unsigned(py: Python<'_>, object: *mut ffi::PyObject) -> Fit<u64> {
    // SAFETY: see `signed`.
    unsafe {
        if ffi::PyLong_Check(object) != 0 {
            let value = ffi::PyLong_AsUnsignedLongLong(object);
            if value == u64::MAX && !ffi::PyErr_Occurred().is_null() {
                ffi::PyErr_Clear();
                return Err(overflow(py, object, "u64", "0", &u64::MAX.to_string()));
            }
            return Ok(value);
        }
        let index = index(py, object, "u64")?;
        let result = unsigned(py, index);
        ffi::Py_DECREF(index);
        result
    }
}

/// What `operator.index` gives, as a new reference.
unsafe fn index(py: Python<'_>, object: *mut ffi::PyObject, name: &str) -> Fit<*mut ffi::PyObject> {
    // SAFETY: `object` is valid.
    unsafe {
        if ffi::PyIndex_Check(object) == 0 {
            return Err(Mismatch::of_type(py, &format!("an int that fits {name}"), object));
        }
        let index = ffi::PyNumber_Index(object);
        if index.is_null() { Err(Mismatch::raised(py)) } else { Ok(index) }
    }
}

#[cold]
unsafe fn overflow(
    py: Python<'_>,
    object: *mut ffi::PyObject,
    name: &str,
    low: &str,
    high: &str,
) -> Box<Mismatch> {
    // SAFETY: `object` is valid.
    let text = unsafe { Borrowed::from_ptr(py, object) };
    let text = match text.str() {
        Ok(text) if text.len().is_ok_and(|length| length <= 40) => text.to_string(),
        _ => "a large int".to_owned(),
    };
    Mismatch::overflow(format!("is {text}, which does not fit {name} ({low} to {high})"))
}

unsafe fn float(py: Python<'_>, object: *mut ffi::PyObject) -> Fit<f64> {
    // SAFETY: `object` is valid.
    unsafe {
        if ffi::PyFloat_Check(object) != 0 {
            return Ok(ffi::PyFloat_AsDouble(object));
        }
        if ffi::PyLong_Check(object) == 0 {
            return Err(Mismatch::of_type(py, "a float", object));
        }
        let value = ffi::PyLong_AsDouble(object);
        if !ffi::PyErr_Occurred().is_null() {
            ffi::PyErr_Clear();
            return Err(Mismatch::overflow("is an int that is too large for a float"));
        }
        Ok(value)
    }
}

unsafe fn character(py: Python<'_>, object: *mut ffi::PyObject) -> Fit<u64> {
    // SAFETY: `object` is valid.
    unsafe {
        if ffi::PyUnicode_Check(object) == 0 {
            return Err(Mismatch::of_type(py, "a str of one character", object));
        }
        let length = ffi::PyUnicode_GetLength(object);
        if length != 1 {
            return Err(Mismatch::value(format!("must be one character, not {length}")));
        }
        let code = ffi::PyUnicode_ReadChar(object, 0);
        match char::from_u32(code) {
            Some(_) => Ok(code.into()),
            None => Err(Mismatch::value("is a lone surrogate")),
        }
    }
}

unsafe fn string(py: Python<'_>, object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<()> {
    // SAFETY: `object` is valid, and the tape keeps what the pointer points to.
    unsafe {
        if ffi::PyUnicode_Check(object) == 0 {
            return Err(Mismatch::of_type(py, "a str", object));
        }
        let mut length = 0;
        let text = ffi::PyUnicode_AsUTF8AndSize(object, &raw mut length);
        if text.is_null() {
            return Err(surrogate(py));
        }
        tape.keep(object);
        tape.push_bytes(text.cast(), length.unsigned_abs())
    }
}

/// Says where a lone surrogate is, unless something else went wrong.
#[cold]
fn surrogate(py: Python<'_>) -> Box<Mismatch> {
    let error = PyErr::fetch(py);
    let start = error.value(py).getattr("start").and_then(|start| start.extract::<usize>());
    match start {
        Ok(start) => Mismatch::value(format!("has a lone surrogate at index {start}")),
        Err(_) => {
            error.restore(py);
            Mismatch::raised(py)
        }
    }
}

unsafe fn flags(py: Python<'_>, object: *mut ffi::PyObject, count: usize) -> Fit<u64> {
    // SAFETY: `object` is valid, and the value is released.
    unsafe {
        let value = ffi::PyObject_GetAttr(object, side::get(py).flag_value.as_ptr());
        if value.is_null() {
            return Err(Mismatch::raised(py));
        }
        let bits = ffi::PyLong_AsUnsignedLongLong(value);
        ffi::Py_DECREF(value);
        if !ffi::PyErr_Occurred().is_null() || bits >> count != 0 {
            ffi::PyErr_Clear();
            return Err(Mismatch::value("has bits that are no flags"));
        }
        Ok(bits)
    }
}

/// Fails unless `object` is an instance of `class`.
pub unsafe fn instance_of(
    py: Python<'_>,
    class: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    article: &str,
) -> Fit<()> {
    // SAFETY: both are valid, and `class` is a type.
    unsafe {
        if ffi::PyObject_TypeCheck(object, class.cast()) != 0 {
            return Ok(());
        }
        Err(Mismatch::of_type(py, &format!("{article} {}", class_name(py, class)), object))
    }
}

#[cold]
unsafe fn class_name(py: Python<'_>, class: *mut ffi::PyObject) -> String {
    // SAFETY: `class` is a valid type.
    let class = unsafe { Borrowed::from_ptr(py, class) };
    class.getattr("__name__").map_or_else(|_| "class".to_owned(), |name| name.to_string())
}

#[cold]
fn subclass_of_case(cases: &[Case], object: *mut ffi::PyObject) -> Option<usize> {
    // SAFETY: `object` is valid, and the class of a case is a type.
    cases.iter().position(|case| unsafe { ffi::PyObject_TypeCheck(object, case.class.as_ptr().cast()) != 0 })
}

#[cold]
fn one_of(py: Python<'_>, cases: &[Case]) -> String {
    // SAFETY: the class of a case is a type.
    let names: Vec<String> =
        cases.iter().map(|case| unsafe { class_name(py, case.class.as_ptr()) }).collect();
    match names.split_last() {
        Some((last, [])) => format!("a {last}"),
        Some((last, [first])) => format!("a {first} or {last}"),
        Some((last, [first, ..])) if names.len() > 6 => format!("one of {first} to {last}"),
        Some((last, rest)) => format!("one of {} or {last}", rest.join(", ")),
        None => "a case".to_owned(),
    }
}
