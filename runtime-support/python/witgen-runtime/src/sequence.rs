//! Phase A for lists and maps: lists, tuples, other sequences, and buffers of plain numbers.

use std::ffi::CStr;

use pyo3::ffi;
use pyo3::prelude::*;

use crate::mismatch::{Fit, Mismatch, Step};
use crate::plan::{Kind, MAX_BYTES, Ty};
use crate::tape::{RAW, Tape, too_long, write};

/// Writes a list.
///
/// # Safety
/// `object` must be a valid object that the caller keeps alive.
pub unsafe fn list(py: Python<'_>, element: &Ty, object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<()> {
    // SAFETY: of all calls below: `object` is valid, Python is attached.
    unsafe {
        if matches!(element.kind, Kind::U8) {
            return bytes(py, object, tape);
        }
        if ffi::PyList_Check(object) != 0 {
            return elements(py, element, object, ffi::PyList_Size, ffi::PyList_GetItem, tape);
        }
        if ffi::PyTuple_Check(object) != 0 {
            return elements(py, element, object, ffi::PyTuple_Size, ffi::PyTuple_GetItem, tape);
        }
        let codes = element.codes();
        if !codes.is_empty() && ffi::PyObject_CheckBuffer(object) != 0 && numbers(py, element, object, tape)?
        {
            return Ok(());
        }
        if !is_other_sequence(object) {
            return Err(Mismatch::of_type(py, "a list", object));
        }
        let copy = ffi::PySequence_List(object);
        if copy.is_null() {
            return Err(Mismatch::raised(py));
        }
        let written = elements(py, element, copy, ffi::PyList_Size, ffi::PyList_GetItem, tape);
        ffi::Py_DECREF(copy);
        written
    }
}

/// Writes a dict as a list of entries.
///
/// # Safety
/// See [`list`].
pub unsafe fn map(py: Python<'_>, entry: &Ty, object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<()> {
    let Kind::Tuple(fields) = &entry.kind else {
        return Err(Mismatch::type_error("has a type without entries"));
    };
    // SAFETY: `object` is valid; the items are held until they are written.
    unsafe {
        if ffi::PyDict_Check(object) == 0 {
            return Err(Mismatch::of_type(py, "a dict", object));
        }
        let items = ffi::PyDict_Items(object);
        if items.is_null() {
            return Err(Mismatch::raised(py));
        }
        let items = Bound::from_owned_ptr(py, items);
        let size = ffi::PyList_Size(items.as_ptr()).unsigned_abs();
        length(size, entry)?;
        tape.words.push(size as u64);
        for index in 0..size {
            let item = ffi::PyList_GetItem(items.as_ptr(), index.cast_signed());
            let key = ffi::PyTuple_GetItem(item, 0);
            let value = ffi::PyTuple_GetItem(item, 1);
            let step = || {
                let key = Borrowed::from_ptr(py, key);
                Step::Key(key.repr().map_or_else(|_| "...".to_owned(), |text| text.to_string()))
            };
            write(py, &fields[0].ty, key, tape)
                .and_then(|()| write(py, &fields[1].ty, value, tape))
                .map_err(|mismatch| mismatch.at(step()))?;
        }
    }
    Ok(())
}

type Size = unsafe extern "C" fn(*mut ffi::PyObject) -> ffi::Py_ssize_t;
type Item = unsafe extern "C" fn(*mut ffi::PyObject, ffi::Py_ssize_t) -> *mut ffi::PyObject;

/// Writes the elements of a list or tuple, which code of the user may change meanwhile.
#[inline]
unsafe fn elements(
    py: Python<'_>,
    element: &Ty,
    object: *mut ffi::PyObject,
    size: Size,
    item: Item,
    tape: &mut Tape,
) -> Fit<()> {
    // SAFETY: `object` is valid, and `item` checks its bounds.
    unsafe {
        let count = size(object);
        length(count.unsigned_abs(), element)?;
        tape.words.push(count as u64);
        for index in 0..count {
            let value = item(object, index);
            if value.is_null() {
                return Err(Mismatch::raised(py));
            }
            ffi::Py_INCREF(value);
            let written = write(py, element, value, tape);
            ffi::Py_DECREF(value);
            written.map_err(|mismatch| mismatch.at(Step::Index(index.unsigned_abs())))?;
        }
        if size(object) != count {
            return Err(Mismatch::value("changed its length while it was read"));
        }
    }
    Ok(())
}

fn length(count: usize, element: &Ty) -> Fit<()> {
    match count.checked_mul(element.size as usize) {
        Some(bytes) if bytes <= MAX_BYTES => Ok(()),
        bytes => Err(too_long(bytes.unwrap_or(usize::MAX))),
    }
}

/// `list<u8>`: bytes, or anything else with bytes in one piece.
unsafe fn bytes(py: Python<'_>, object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<()> {
    // SAFETY: `object` is valid, and the tape keeps what it points to.
    unsafe {
        if ffi::PyBytes_Check(object) != 0 {
            tape.keep(object);
            let length = ffi::PyBytes_Size(object).unsigned_abs();
            return tape.push_bytes(ffi::PyBytes_AsString(object).cast(), length);
        }
        if ffi::PyObject_CheckBuffer(object) == 0 {
            return Err(Mismatch::of_type(py, "bytes", object));
        }
        let buffer = buffer(py, object, ffi::PyBUF_SIMPLE)?;
        let (pointer, length) = (buffer.buf, buffer.len.unsigned_abs());
        tape.keep_buffer(buffer);
        tape.push_bytes(pointer.cast_const().cast(), length)
    }
}

/// A buffer of numbers of exactly this type is copied in one go later. False when it is not one.
unsafe fn numbers(py: Python<'_>, element: &Ty, object: *mut ffi::PyObject, tape: &mut Tape) -> Fit<bool> {
    // SAFETY: `object` is valid, and the tape holds the buffer.
    unsafe {
        let mut buffer = buffer(py, object, ffi::PyBUF_FORMAT | ffi::PyBUF_C_CONTIGUOUS)?;
        if !has_format(&buffer, element) {
            ffi::PyBuffer_Release(&raw mut *buffer);
            return Ok(false);
        }
        let length = buffer.len.unsigned_abs();
        let count = length / element.size as usize;
        let pointer = buffer.buf as u64;
        tape.keep_buffer(buffer);
        if length > MAX_BYTES {
            return Err(too_long(length));
        }
        tape.words.push(count as u64 | RAW);
        tape.words.push(pointer);
        Ok(true)
    }
}

unsafe fn buffer(
    py: Python<'_>,
    object: *mut ffi::PyObject,
    flags: std::ffi::c_int,
) -> Fit<Box<ffi::Py_buffer>> {
    let mut buffer = Box::new(ffi::Py_buffer::new());
    // SAFETY: `object` is valid and `buffer` is zeroed, as Python wants it.
    if unsafe { ffi::PyObject_GetBuffer(object, &raw mut *buffer, flags) } != 0 {
        return Err(Mismatch::raised(py));
    }
    Ok(buffer)
}

unsafe fn has_format(buffer: &ffi::Py_buffer, element: &Ty) -> bool {
    if buffer.itemsize != element.size as isize || buffer.format.is_null() || buffer.ndim > 1 {
        return false;
    }
    // SAFETY: the format of a held buffer is a C string.
    let format = unsafe { CStr::from_ptr(buffer.format) }.to_bytes();
    let native = format.strip_prefix(b"<").or(format.strip_prefix(b"=")).or(format.strip_prefix(b"@"));
    matches!(native.unwrap_or(format), [code] if element.codes().contains(code))
}

/// Sequences that are no text: a string as a list of strings is nearly always a mistake.
unsafe fn is_other_sequence(object: *mut ffi::PyObject) -> bool {
    // SAFETY: `object` is valid.
    unsafe {
        ffi::PySequence_Check(object) != 0
            && ffi::PyUnicode_Check(object) == 0
            && ffi::PyBytes_Check(object) == 0
            && ffi::PyByteArray_Check(object) == 0
            && ffi::PyDict_Check(object) == 0
    }
}
