//! The shape of the loops that copy lists.
//!
//! For a `list<u16>` the translation writes, with the locals `s` (source), `d` (destination) and `r` (remaining):
//!
//! ```wat
//! (block
//!   local.get $length  local.tee $r  i32.eqz  br_if 0
//!   local.get $from  local.set $s  local.get $to  local.set $d
//!   (loop
//!     local.get $d  local.get $s  i32.load16_u $a  i32.store16 $b    ;; once for each scalar
//!     local.get $s  i32.const 2  i32.add  local.set $s
//!     local.get $d  i32.const 2  i32.add  local.set $d
//!     local.get $r  i32.const -1  i32.add  local.tee $r  br_if 0))
//! ```
//!
//! Nothing else is touched: not `bool`, `char` and enums, whose values are checked, and not records with padding, whose stale bytes must not cross over.

use wasmparser::{BlockType, MemArg, Operator as O};

/// A loop that copies elements without looking at them.
pub(super) struct Copying {
    /// The local that points to the source.
    pub source: u32,
    /// The local that points to the destination.
    pub destination: u32,
    /// The local that counts the elements left; not zero at the start.
    pub remaining: u32,
    /// The size of an element in bytes.
    pub stride: u32,
    /// The memory of the source.
    pub from: u32,
    /// The memory of the destination.
    pub to: u32,
    /// The position of its `end`.
    pub end: usize,
}

/// The copying loop that starts at `operators[start]`, if there is one.
pub(super) fn copying(operators: &[O<'_>], start: usize) -> Option<Copying> {
    let [O::Loop { blockty: BlockType::Empty }, body @ ..] = operators.get(start..)? else { return None };
    let (elements, rest) = Elements::read(body)?;
    let (found, tail) = counting(&elements, rest)?;
    let copies_everything =
        elements.covered.len() == found.stride as usize && elements.covered.iter().all(|byte| *byte);
    (copies_everything && is_entered_when_not_empty(operators, start, &found))
        .then(|| Copying { end: start + 1 + (body.len() - tail) - 1, ..found })
}

/// The moves of one element's scalars.
struct Elements {
    source: u32,
    destination: u32,
    from: u32,
    to: u32,
    /// Which bytes of the element are copied.
    covered: Vec<bool>,
}

impl Elements {
    fn read<'a, 'o>(mut operators: &'a [O<'o>]) -> Option<(Self, &'a [O<'o>])> {
        let mut elements: Option<Self> = None;
        while let [
            O::LocalGet { local_index: destination },
            O::LocalGet { local_index: source },
            read,
            write,
            rest @ ..,
        ] = operators
        {
            let (Some(load), Some(store)) = (load(read), store(write)) else { break };
            let same_place = load.offset == store.offset && load.memory != store.memory;
            if !same_place || load.width != store.width {
                return None;
            }
            let elements = elements.get_or_insert_with(|| Self {
                source: *source,
                destination: *destination,
                from: load.memory,
                to: store.memory,
                covered: Vec::new(),
            });
            let same_locals = (elements.source, elements.destination) == (*source, *destination);
            if !same_locals || (elements.from, elements.to) != (load.memory, store.memory) {
                return None;
            }
            elements.cover(load.offset, load.width)?;
            operators = rest;
        }
        Some((elements?, operators))
    }

    fn cover(&mut self, offset: u64, width: u8) -> Option<()> {
        const LARGEST: usize = 1 << 16;
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(width.into()).filter(|end| *end <= LARGEST)?;
        if self.covered.len() < end {
            self.covered.resize(end, false);
        }
        self.covered[start..end].fill(true);
        Some(())
    }
}

/// What moves the loop on to the next element; also says how many operators are left after its `end`.
fn counting(elements: &Elements, operators: &[O<'_>]) -> Option<(Copying, usize)> {
    let [
        O::LocalGet { local_index: source },
        O::I32Const { value: stride },
        O::I32Add,
        O::LocalSet { local_index: source_after },
        O::LocalGet { local_index: destination },
        O::I32Const { value: stride_too },
        O::I32Add,
        O::LocalSet { local_index: destination_after },
        O::LocalGet { local_index: remaining },
        O::I32Const { value: -1 },
        O::I32Add,
        O::LocalTee { local_index: remaining_after },
        O::BrIf { relative_depth: 0 },
        O::End,
        rest @ ..,
    ] = operators
    else {
        return None;
    };
    let locals = [*source, *source_after, *destination, *destination_after, *remaining_after];
    let expected = [elements.source, elements.source, elements.destination, elements.destination, *remaining];
    let distinct = source != destination && source != remaining && destination != remaining;
    let stride =
        u32::try_from(*stride).ok().filter(|stride| *stride > 0 && stride_too == &(*stride as i32))?;
    (locals == expected && distinct).then_some((
        Copying {
            source: *source,
            destination: *destination,
            remaining: *remaining,
            stride,
            from: elements.from,
            to: elements.to,
            end: 0,
        },
        rest.len(),
    ))
}

/// Whether the loop is skipped for an empty list and starts at what its locals say.
fn is_entered_when_not_empty(operators: &[O<'_>], start: usize, found: &Copying) -> bool {
    let before = start.checked_sub(8).and_then(|from| operators.get(from..start));
    let Some(
        [
            O::LocalGet { .. },
            O::LocalTee { local_index: remaining },
            O::I32Eqz,
            O::BrIf { relative_depth: 0 },
            O::LocalGet { .. },
            O::LocalSet { local_index: source },
            O::LocalGet { .. },
            O::LocalSet { local_index: destination },
        ],
    ) = before
    else {
        return false;
    };
    (*remaining, *source, *destination) == (found.remaining, found.source, found.destination)
}

/// An access to a memory.
struct Access {
    memory: u32,
    offset: u64,
    /// In bytes, with the kind of the value: loads and stores must agree.
    width: u8,
}

fn access(place: &MemArg, width: u8) -> Option<Access> {
    Some(Access { memory: place.memory, offset: place.offset, width })
}

fn load(operator: &O<'_>) -> Option<Access> {
    match operator {
        O::I32Load8U { memarg } | O::I32Load8S { memarg } => access(memarg, 1),
        O::I32Load16U { memarg } | O::I32Load16S { memarg } => access(memarg, 2),
        O::I32Load { memarg } | O::F32Load { memarg } => access(memarg, 4),
        O::I64Load { memarg } | O::F64Load { memarg } => access(memarg, 8),
        _ => None,
    }
}

/// Validation makes sure that the value is of the kind that was loaded.
fn store(operator: &O<'_>) -> Option<Access> {
    match operator {
        O::I32Store8 { memarg } => access(memarg, 1),
        O::I32Store16 { memarg } => access(memarg, 2),
        O::I32Store { memarg } | O::F32Store { memarg } => access(memarg, 4),
        O::I64Store { memarg } | O::F64Store { memarg } => access(memarg, 8),
        _ => None,
    }
}
