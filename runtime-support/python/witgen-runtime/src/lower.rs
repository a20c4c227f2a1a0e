//! Phase B: the tape goes into linear memory. No Python runs here, and other threads may.

use std::mem::MaybeUninit;

use wasmtime::{Result, ValRaw, format_err};

use crate::handles::Lent;
use crate::plan::{Field, Kind, Ty};
use crate::tape::{RAW, Tape};

/// A guest that values are written to.
pub trait Guest {
    /// What wasmtime calls a type; only looked at where handles are.
    type Ref: Copy;

    /// Memory of the guest, which it allocates.
    fn allocate(&mut self, align: u32, size: usize) -> Result<usize>;
    /// Its whole memory.
    fn memory(&mut self) -> &mut [u8];
    /// A string in the guest's encoding: pointer and length.
    fn text(&mut self, text: &str) -> Result<(u32, u32)>;
    /// A handle in the guest's table.
    fn handle(&mut self, lent: &Lent, ty: Self::Ref) -> Result<u32>;
    /// The type of a part: field, element, case, or 0 and 1 for `ok` and `err`.
    fn part(&self, ty: Self::Ref, index: usize) -> Self::Ref;
}

/// Reads a tape.
pub struct Reader<'t> {
    words: std::slice::Iter<'t, u64>,
    handles: &'t [Lent],
}

impl<'t> Reader<'t> {
    /// From the start.
    pub fn new(tape: &'t Tape) -> Reader<'t> {
        Reader { words: tape.words.iter(), handles: &tape.handles }
    }

    #[inline]
    fn word(&mut self) -> Result<u64> {
        self.words.next().copied().ok_or_else(short)
    }

    #[inline]
    fn index(&mut self) -> Result<usize> {
        Ok(usize::try_from(self.word()?)?)
    }

    /// Bytes that the tape keeps.
    #[inline]
    fn bytes(&mut self) -> Result<&'t [u8]> {
        let pointer = self.word()?;
        let length = self.index()?;
        Ok(slice(pointer, length))
    }
}

/// Bytes at an address that phase A wrote, with a length that it checked.
fn slice<'t>(pointer: u64, length: usize) -> &'t [u8] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the tape holds the object or buffer that these bytes are of.
    unsafe { std::slice::from_raw_parts(pointer as *const u8, length) }
}

#[cold]
fn short() -> wasmtime::Error {
    format_err!("the tape ends too early")
}

/// The words of a fixed number of bytes.
#[inline]
fn put<const N: usize>(guest: &mut impl Guest, offset: usize, value: u64) -> Result<()> {
    let bytes = value.to_le_bytes();
    let target = guest.memory().get_mut(offset..).and_then(|memory| memory.first_chunk_mut::<N>());
    match (target, bytes.first_chunk::<N>()) {
        (Some(target), Some(bytes)) => *target = *bytes,
        _ => return Err(format_err!("a value reaches beyond the memory of the guest")),
    }
    Ok(())
}

fn put_pair(guest: &mut impl Guest, offset: usize, (pointer, length): (u32, u32)) -> Result<()> {
    put::<8>(guest, offset, u64::from(pointer) | u64::from(length) << 32)
}

fn put_discriminant(guest: &mut impl Guest, width: u32, offset: usize, value: u64) -> Result<()> {
    match width {
        1 => put::<1>(guest, offset, value),
        2 => put::<2>(guest, offset, value),
        _ => put::<4>(guest, offset, value),
    }
}

/// Writes the next value to memory at `offset`.
pub fn store<G: Guest>(
    guest: &mut G,
    ty: &Ty,
    ty_ref: G::Ref,
    reader: &mut Reader<'_>,
    offset: usize,
) -> Result<()> {
    match &ty.kind {
        Kind::Bool | Kind::S8 | Kind::U8 => put::<1>(guest, offset, reader.word()?),
        Kind::S16 | Kind::U16 => put::<2>(guest, offset, reader.word()?),
        Kind::S32 | Kind::U32 | Kind::F32 | Kind::Char => put::<4>(guest, offset, reader.word()?),
        Kind::S64 | Kind::U64 | Kind::F64 => put::<8>(guest, offset, reader.word()?),
        Kind::String | Kind::List { .. } | Kind::Map { .. } => {
            let pair = sequence(guest, ty, ty_ref, reader)?;
            put_pair(guest, offset, pair)
        }
        Kind::Tuple(fields) | Kind::Record { fields, .. } => {
            store_fields(guest, fields, ty, ty_ref, reader, offset)
        }
        Kind::Enum { sum, .. } => put_discriminant(guest, sum.width, offset, reader.word()?),
        Kind::Flags { .. } => put_discriminant(guest, ty.size, offset, reader.word()?),
        Kind::Variant { sum, .. } | Kind::Option { sum, .. } | Kind::Result { sum, .. } => {
            let case = reader.word()?;
            put_discriminant(guest, sum.width, offset, case)?;
            match payload(ty, usize::try_from(case)?)? {
                Some((payload, part)) => {
                    let ty_ref = part_of(guest, ty, ty_ref, part);
                    store(guest, payload, ty_ref, reader, offset + sum.payload as usize)
                }
                None => Ok(()),
            }
        }
        Kind::Own(_) | Kind::Borrow(_) => {
            let index = handle(guest, ty_ref, reader)?;
            put::<4>(guest, offset, index.into())
        }
    }
}

/// Writes parts after each other; also the parameters of a function.
pub fn store_fields<G: Guest>(
    guest: &mut G,
    fields: &[Field],
    ty: &Ty,
    ty_ref: G::Ref,
    reader: &mut Reader<'_>,
    offset: usize,
) -> Result<()> {
    for (index, field) in fields.iter().enumerate() {
        let part = part_of(guest, ty, ty_ref, index);
        store(guest, &field.ty, part, reader, offset + field.offset as usize)?;
    }
    Ok(())
}

/// Writes the next value as core values; `slots` has as many as the type.
pub fn flatten<G: Guest>(
    guest: &mut G,
    ty: &Ty,
    ty_ref: G::Ref,
    reader: &mut Reader<'_>,
    slots: &mut [MaybeUninit<ValRaw>],
) -> Result<()> {
    match &ty.kind {
        Kind::S64 | Kind::U64 | Kind::F64 => {
            slots[0].write(ValRaw::u64(reader.word()?));
        }
        Kind::Bool
        | Kind::S8
        | Kind::U8
        | Kind::S16
        | Kind::U16
        | Kind::S32
        | Kind::U32
        | Kind::F32
        | Kind::Char
        | Kind::Enum { .. }
        | Kind::Flags { .. } => {
            // Narrow numbers are sign-extended on the tape, so the low half is the i32.
            slots[0].write(low_half(reader.word()?));
        }
        Kind::String | Kind::List { .. } | Kind::Map { .. } => {
            let (pointer, length) = sequence(guest, ty, ty_ref, reader)?;
            slots[0].write(ValRaw::u64(pointer.into()));
            slots[1].write(ValRaw::u64(length.into()));
        }
        Kind::Tuple(fields) | Kind::Record { fields, .. } => {
            let mut rest = slots;
            for (index, field) in fields.iter().enumerate() {
                let (own, after) = rest.split_at_mut(field.ty.flat as usize);
                let part = part_of(guest, ty, ty_ref, index);
                flatten(guest, &field.ty, part, reader, own)?;
                rest = after;
            }
        }
        Kind::Variant { .. } | Kind::Option { .. } | Kind::Result { .. } => {
            let case = reader.word()?;
            slots[0].write(low_half(case));
            let mut unused = &mut slots[1..];
            if let Some((payload, part)) = payload(ty, usize::try_from(case)?)? {
                let (own, rest) = unused.split_at_mut(payload.flat as usize);
                let part = part_of(guest, ty, ty_ref, part);
                flatten(guest, payload, part, reader, own)?;
                unused = rest;
            }
            for slot in unused {
                slot.write(ValRaw::u64(0));
            }
        }
        Kind::Own(_) | Kind::Borrow(_) => {
            let index = handle(guest, ty_ref, reader)?;
            slots[0].write(ValRaw::u32(index));
        }
    }
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "the upper half is only the sign")]
fn low_half(word: u64) -> ValRaw {
    ValRaw::u32(word as u32)
}

/// The payload of a case, and which part of the type it is.
fn payload(ty: &Ty, case: usize) -> Result<Option<(&Ty, usize)>> {
    Ok(match &ty.kind {
        Kind::Variant { cases, .. } => {
            let case_ = cases.get(case).ok_or_else(short)?;
            case_.payload.as_ref().map(|(_, payload)| (&**payload, case))
        }
        Kind::Option { some, .. } => (case == 1).then_some((&**some, 0)),
        Kind::Result { ok, err, .. } => {
            let payload = if case == 0 { ok } else { err };
            payload.as_deref().map(|payload| (payload, case))
        }
        _ => None,
    })
}

#[inline]
fn part_of<G: Guest>(guest: &G, ty: &Ty, ty_ref: G::Ref, index: usize) -> G::Ref {
    if ty.handles { guest.part(ty_ref, index) } else { ty_ref }
}

fn handle<G: Guest>(guest: &mut G, ty_ref: G::Ref, reader: &mut Reader<'_>) -> Result<u32> {
    let index = reader.index()?;
    let lent = reader.handles.get(index).ok_or_else(short)?;
    guest.handle(lent, ty_ref)
}

/// Writes a string, list or map: pointer and length.
fn sequence<G: Guest>(guest: &mut G, ty: &Ty, ty_ref: G::Ref, reader: &mut Reader<'_>) -> Result<(u32, u32)> {
    match &ty.kind {
        Kind::List { element, .. } if matches!(element.kind, Kind::U8) => {
            let bytes = reader.bytes()?;
            let pointer = plain(guest, 1, bytes)?;
            Ok((pointer, u32::try_from(bytes.len())?))
        }
        Kind::List { element, .. } => {
            let part = part_of(guest, ty, ty_ref, 0);
            list(guest, element, part, reader)
        }
        // To wasmtime a map has two parts, and so has an entry of ours.
        Kind::Map { entry } => list(guest, entry, ty_ref, reader),
        _ => {
            let bytes = reader.bytes()?;
            // SAFETY: Python gave these bytes as UTF-8.
            guest.text(unsafe { std::str::from_utf8_unchecked(bytes) })
        }
    }
}

fn list<G: Guest>(
    guest: &mut G,
    element: &Ty,
    ty_ref: G::Ref,
    reader: &mut Reader<'_>,
) -> Result<(u32, u32)> {
    let word = reader.word()?;
    let count = usize::try_from(word & !RAW)?;
    let stride = element.size as usize;
    let size = count * stride;
    if word & RAW != 0 {
        let pointer = plain(guest, element.align, slice(reader.word()?, size))?;
        return Ok((pointer, u32::try_from(count)?));
    }
    let start = guest.allocate(element.align, size)?;
    match stride {
        _ if !is_word(&element.kind) => {
            for index in 0..count {
                store(guest, element, ty_ref, reader, start + index * stride)?;
            }
        }
        1 => words::<1>(guest, start, count, reader)?,
        2 => words::<2>(guest, start, count, reader)?,
        4 => words::<4>(guest, start, count, reader)?,
        _ => words::<8>(guest, start, count, reader)?,
    }
    Ok((u32::try_from(start)?, u32::try_from(count)?))
}

/// Whether a value is one word of the tape, of which memory gets the low bytes.
fn is_word(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::S8
            | Kind::S16
            | Kind::U16
            | Kind::S32
            | Kind::U32
            | Kind::S64
            | Kind::U64
            | Kind::F32
            | Kind::F64
            | Kind::Char
            | Kind::Enum { .. }
            | Kind::Flags { .. }
    )
}

/// Elements of one word each, with one look at the memory for all of them.
fn words<const N: usize>(
    guest: &mut impl Guest,
    start: usize,
    count: usize,
    reader: &mut Reader<'_>,
) -> Result<()> {
    let memory = guest.memory().get_mut(start..start + count * N).ok_or_else(short)?;
    let (targets, _) = memory.as_chunks_mut::<N>();
    for (target, word) in targets.iter_mut().zip(reader.words.by_ref().take(count)) {
        let bytes = word.to_le_bytes();
        target.copy_from_slice(&bytes[..N]);
    }
    Ok(())
}

/// Bytes that go as they are.
fn plain(guest: &mut impl Guest, align: u32, bytes: &[u8]) -> Result<u32> {
    let start = guest.allocate(align, bytes.len())?;
    let target = guest.memory().get_mut(start..start + bytes.len()).ok_or_else(short)?;
    target.copy_from_slice(bytes);
    Ok(u32::try_from(start)?)
}
