//! From linear memory and core values to Python objects.

use std::collections::VecDeque;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;
use wasmtime::{ValRaw, format_err};

use crate::handles::{Arrived, Owner};
use crate::objects::{self, Made, Object};
use crate::plan::{Field, Kind, Sum, Ty};
use crate::side;

/// Why a value cannot be lifted.
pub enum Trouble {
    /// The guest broke the canonical ABI: a trap.
    Guest(wasmtime::Error),
    /// Python could not make an object; the guest is fine.
    Python(PyErr),
}

impl From<PyErr> for Trouble {
    fn from(error: PyErr) -> Trouble {
        Trouble::Python(error)
    }
}

impl From<wasmtime::Error> for Trouble {
    fn from(error: wasmtime::Error) -> Trouble {
        Trouble::Guest(error)
    }
}

/// A value, or why there is none.
pub type Lifted<T> = Result<T, Trouble>;

/// How a guest writes strings.
#[derive(Clone, Copy)]
pub enum Encoding {
    Utf8,
    Utf16,
    /// Latin-1, or UTF-16 where the length has a mark.
    Compact,
}

/// Where values come from.
pub struct Source<'a> {
    /// Linear memory.
    pub memory: &'a [u8],
    pub encoding: Encoding,
    /// The handles of the value, in order: wasmtime has taken them out beforehand.
    pub handles: VecDeque<Arrived>,
    pub owner: Owner<'a>,
}

impl<'a> Source<'a> {
    /// The bytes of something that the guest points to.
    pub fn bytes(&self, pointer: u32, count: u32, stride: u32, align: u32) -> Lifted<&'a [u8]> {
        if !pointer.is_multiple_of(align) {
            return Err(format_err!("the guest gave a pointer that is not aligned").into());
        }
        let size = (count as usize).checked_mul(stride as usize);
        let bytes = self.memory.get(pointer as usize..).and_then(|memory| memory.get(..size?));
        bytes.ok_or_else(|| format_err!("the guest gave a pointer that is out of bounds").into())
    }

    fn handle(&mut self, py: Python<'_>, resource: &crate::plan::Resource) -> Lifted<Object> {
        let arrived = self.handles.pop_front().ok_or_else(|| format_err!("a handle is missing"))?;
        Ok(Object::from(arrived.into_object(py, resource, self.owner)??))
    }
}

/// Lifts the value whose bytes are `bytes`.
pub fn load(py: Python<'_>, source: &mut Source<'_>, ty: &Ty, bytes: &[u8]) -> Lifted<Object> {
    match &ty.kind {
        Kind::Bool | Kind::S8 | Kind::U8 => scalar(py, &ty.kind, bytes[0].into()),
        Kind::S16 | Kind::U16 => scalar(py, &ty.kind, number::<2>(bytes)),
        Kind::S32 | Kind::U32 | Kind::F32 | Kind::Char => scalar(py, &ty.kind, number::<4>(bytes)),
        Kind::S64 | Kind::U64 | Kind::F64 => scalar(py, &ty.kind, number::<8>(bytes)),
        Kind::String | Kind::List { .. } | Kind::Map { .. } => {
            sequence(py, source, ty, half(bytes, 0), half(bytes, 4))
        }
        Kind::Tuple(fields) => product(py, fields, None, |_, field| load_part(py, source, field, bytes)),
        Kind::Record { class, fields } => {
            product(py, fields, Some(class), |_, field| load_part(py, source, field, bytes))
        }
        Kind::Enum { sum, .. } => enumeration(py, ty, discriminant(*sum, bytes)),
        Kind::Flags { .. } => flags(py, ty, discriminant(Sum { width: ty.size, payload: 0 }, bytes)),
        Kind::Variant { sum, .. } | Kind::Option { sum, .. } | Kind::Result { sum, .. } => {
            let start = sum.payload as usize;
            case(py, ty, discriminant(*sum, bytes), |payload| {
                load(py, source, payload, &bytes[start..][..payload.size as usize])
            })
        }
        Kind::Own(resource) | Kind::Borrow(resource) => source.handle(py, resource),
    }
}

/// Whether a value has all of itself in `bytes`, so that it can be lifted after the call is over.
pub fn is_plain(ty: &Ty, bytes: &[u8]) -> bool {
    let payload = |ty: Option<&Ty>, sum: Sum| {
        ty.is_none_or(|ty| is_plain(ty, &bytes[sum.payload as usize..][..ty.size as usize]))
    };
    match &ty.kind {
        Kind::String | Kind::List { .. } | Kind::Map { .. } | Kind::Own(_) | Kind::Borrow(_) => false,
        Kind::Tuple(fields) | Kind::Record { fields, .. } => fields
            .iter()
            .all(|field| is_plain(&field.ty, &bytes[field.offset as usize..][..field.ty.size as usize])),
        Kind::Variant { sum, cases, .. } => {
            let case = cases.get(discriminant(*sum, bytes) as usize);
            payload(case.and_then(|case| Some(&*case.payload.as_ref()?.1)), *sum)
        }
        Kind::Option { sum, some, .. } => bytes[0] != 1 || payload(Some(some), *sum),
        Kind::Result { sum, ok, err, .. } => {
            payload(if bytes[0] == 0 { ok.as_deref() } else { err.as_deref() }, *sum)
        }
        _ => true,
    }
}

/// Lifts a part of what `bytes` are.
pub fn load_part(py: Python<'_>, source: &mut Source<'_>, field: &Field, bytes: &[u8]) -> Lifted<Object> {
    load(py, source, &field.ty, &bytes[field.offset as usize..][..field.ty.size as usize])
}

/// Lifts a value from as many core values as its type has.
pub fn unflatten(py: Python<'_>, source: &mut Source<'_>, ty: &Ty, slots: &[ValRaw]) -> Lifted<Object> {
    match &ty.kind {
        Kind::Bool => scalar(py, &ty.kind, u64::from(slots[0].get_u32() != 0)),
        Kind::S8 | Kind::U8 | Kind::S16 | Kind::U16 | Kind::S32 | Kind::U32 | Kind::F32 | Kind::Char => {
            scalar(py, &ty.kind, slots[0].get_u32().into())
        }
        Kind::S64 | Kind::U64 | Kind::F64 => scalar(py, &ty.kind, slots[0].get_u64()),
        Kind::String | Kind::List { .. } | Kind::Map { .. } => {
            sequence(py, source, ty, slots[0].get_u32(), slots[1].get_u32())
        }
        Kind::Tuple(fields) => flat_product(py, source, fields, None, slots),
        Kind::Record { class, fields } => flat_product(py, source, fields, Some(class), slots),
        Kind::Enum { .. } => enumeration(py, ty, slots[0].get_u32()),
        Kind::Flags { .. } => flags(py, ty, slots[0].get_u32()),
        Kind::Variant { .. } | Kind::Option { .. } | Kind::Result { .. } => {
            case(py, ty, slots[0].get_u32(), |payload| {
                unflatten(py, source, payload, &slots[1..][..payload.flat as usize])
            })
        }
        Kind::Own(resource) | Kind::Borrow(resource) => source.handle(py, resource),
    }
}

fn flat_product(
    py: Python<'_>,
    source: &mut Source<'_>,
    fields: &[Field],
    class: Option<&Py<PyType>>,
    slots: &[ValRaw],
) -> Lifted<Object> {
    let mut rest = slots;
    product(py, fields, class, |_, field| {
        let (own, after) = rest.split_at(field.ty.flat as usize);
        rest = after;
        unflatten(py, source, &field.ty, own)
    })
}

/// A little-endian number of `N` bytes.
#[inline]
fn number<const N: usize>(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..N].copy_from_slice(&bytes[..N]);
    u64::from_le_bytes(word)
}

/// The four bytes at `offset`.
#[inline]
fn half(bytes: &[u8], offset: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_le_bytes(word)
}

#[expect(clippy::cast_possible_truncation, reason = "it has at most four bytes")]
fn discriminant(sum: Sum, bytes: &[u8]) -> u32 {
    match sum.width {
        1 => bytes[0].into(),
        2 => number::<2>(bytes) as u32,
        _ => number::<4>(bytes) as u32,
    }
}

/// A number, bool or char from its bits, of which more may be set than count.
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "narrow values wrap in WIT")]
fn scalar(py: Python<'_>, kind: &Kind, bits: u64) -> Lifted<Object> {
    // SAFETY: each function returns a new reference or null, which `made` tells apart.
    let object = unsafe {
        match kind {
            Kind::Bool => ffi::PyBool_FromLong(std::ffi::c_long::from(bits != 0)),
            Kind::S8 => ffi::PyLong_FromLong((bits as i8).into()),
            Kind::U8 => ffi::PyLong_FromLong((bits as u8).into()),
            Kind::S16 => ffi::PyLong_FromLong((bits as i16).into()),
            Kind::U16 => ffi::PyLong_FromLong((bits as u16).into()),
            Kind::S32 => ffi::PyLong_FromLong((bits as i32).into()),
            Kind::U32 => ffi::PyLong_FromLongLong((bits as u32).into()),
            Kind::S64 => ffi::PyLong_FromLongLong(bits as i64),
            Kind::U64 => ffi::PyLong_FromUnsignedLongLong(bits),
            Kind::F32 => ffi::PyFloat_FromDouble(f32::from_bits(bits as u32).into()),
            Kind::F64 => ffi::PyFloat_FromDouble(f64::from_bits(bits)),
            _ => {
                let Some(character) = char::from_u32(bits as u32) else {
                    return Err(format_err!("the guest gave a number that is no char").into());
                };
                let mut buffer = [0; 4];
                let text = character.encode_utf8(&mut buffer);
                ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len().cast_signed())
            }
        }
    };
    Ok(objects::made(py, object)?)
}

fn enumeration(py: Python<'_>, ty: &Ty, position: u32) -> Lifted<Object> {
    let Kind::Enum { members, .. } = &ty.kind else { return Err(bad_discriminant()) };
    let member = members.get(position as usize).ok_or_else(bad_discriminant)?;
    Ok(Object::from(member.clone_ref(py)))
}

fn flags(py: Python<'_>, ty: &Ty, bits: u32) -> Lifted<Object> {
    let Kind::Flags { class, names, members } = &ty.kind else { return Err(bad_discriminant()) };
    // Bits that are no flags are ignored.
    let bits = if names.len() < 32 { bits & ((1 << names.len()) - 1) } else { bits };
    if let Some(member) = crate::scope::lock(&members.0).get(&bits) {
        return Ok(Object::from(member.clone_ref(py)));
    }
    // Not while the lock is held: this runs Python.
    let member = class.call1(py, (bits,))?;
    let mut members = crate::scope::lock(&members.0);
    if members.len() < 256 {
        members.insert(bits, member.clone_ref(py));
    }
    Ok(Object::from(member))
}

#[cold]
fn bad_discriminant() -> Trouble {
    Trouble::Guest(format_err!("the guest gave a discriminant that is out of range"))
}

/// A case of a variant, option or result; `payload` lifts what it carries.
fn case(py: Python<'_>, ty: &Ty, case: u32, payload: impl FnOnce(&Ty) -> Lifted<Object>) -> Lifted<Object> {
    match &ty.kind {
        Kind::Variant { cases, .. } => {
            let case = cases.get(case as usize).ok_or_else(bad_discriminant)?;
            let made = Made::of(py, &case.class)?;
            if let Some((attribute, ty)) = &case.payload {
                made.set(py, attribute, payload(ty)?)?;
            }
            Ok(made.finish())
        }
        Kind::Option { some, nested, .. } => match case {
            0 => Ok(Object::from(py.None())),
            1 if *nested => {
                let side = side::get(py);
                let made = Made::of(py, &side.some)?;
                made.set(py, &side.some_value, payload(some)?)?;
                Ok(made.finish())
            }
            1 => payload(some),
            _ => Err(bad_discriminant()),
        },
        Kind::Result { ok, err, raises, .. } => {
            let side = side::get(py);
            let (class, attribute, ty) = match case {
                0 => (&side.ok, &side.ok_value, ok),
                1 => (&side.err, &side.err_value, err),
                _ => return Err(bad_discriminant()),
            };
            let value = match ty {
                Some(ty) => payload(ty)?,
                None => Object::from(py.None()),
            };
            match raises {
                // The caller raises it. One without a payload takes no argument.
                Some(error) if case == 1 => Ok(Object::from(match ty {
                    Some(_) => error.call1(py, (value.into_py(py),))?,
                    None => error.call0(py)?,
                })),
                Some(_) => Ok(value),
                None => {
                    let made = Made::of(py, class)?;
                    made.set(py, attribute, value)?;
                    Ok(made.finish())
                }
            }
        }
        _ => Err(bad_discriminant()),
    }
}

/// A tuple, or an object of a class without its `__init__`.
fn product(
    py: Python<'_>,
    fields: &[Field],
    class: Option<&Py<PyType>>,
    mut part: impl FnMut(usize, &Field) -> Lifted<Object>,
) -> Lifted<Object> {
    match class {
        Some(class) => {
            let made = Made::of(py, class)?;
            for (index, field) in fields.iter().enumerate() {
                made.set(py, &field.attribute, part(index, field)?)?;
            }
            Ok(made.finish())
        }
        None => {
            let tuple = objects::tuple(py, fields.len())?;
            for (index, field) in fields.iter().enumerate() {
                tuple.put(index, part(index, field)?);
            }
            Ok(tuple.finish())
        }
    }
}

/// A string, list or map.
fn sequence(py: Python<'_>, source: &mut Source<'_>, ty: &Ty, pointer: u32, length: u32) -> Lifted<Object> {
    match &ty.kind {
        Kind::List { element, view } => {
            let bytes = source.bytes(pointer, length, element.size, element.align)?;
            if matches!(element.kind, Kind::U8) {
                return Ok(objects::bytes(py, bytes)?);
            }
            if *view {
                return Ok(objects::view(py, bytes, element.codes())?);
            }
            let list = objects::list(py, length as usize)?;
            for (index, bytes) in bytes.chunks_exact(element.size.max(1) as usize).enumerate() {
                list.put(index, load(py, source, element, bytes)?);
            }
            Ok(list.finish())
        }
        Kind::Map { entry } => {
            let Kind::Tuple(fields) = &entry.kind else { return Err(bad_discriminant()) };
            let bytes = source.bytes(pointer, length, entry.size, entry.align)?;
            let map = objects::map(py)?;
            for bytes in bytes.chunks_exact(entry.size.max(1) as usize) {
                let key = load_part(py, source, &fields[0], bytes)?;
                let value = load_part(py, source, &fields[1], bytes)?;
                map.insert(py, &key, &value)?;
            }
            Ok(map.finish())
        }
        _ => string(py, source, pointer, length),
    }
}

fn string(py: Python<'_>, source: &Source<'_>, pointer: u32, length: u32) -> Lifted<Object> {
    const UTF16: u32 = 1 << 31;
    let (wide, units) = match source.encoding {
        Encoding::Utf8 => {
            let bytes = source.bytes(pointer, length, 1, 1)?;
            return objects::utf8(py, bytes);
        }
        Encoding::Utf16 => (true, length),
        Encoding::Compact => (length & UTF16 != 0, length & !UTF16),
    };
    match wide {
        true => objects::utf16(py, source.bytes(pointer, units, 2, 2)?),
        false => objects::latin1(py, source.bytes(pointer, units, 1, 2)?),
    }
}
