//! Which elements lie in memory in Go as they do in the component model, so that lists of them move as they are.
//!
//! Integers and floats have the size and alignment of the component model in Go for wasm, and structs follow the
//! same rules of padding. Nobody looks at the padding: whoever reads a list reads its fields.

use witgen_ir::abi::Layout;
use witgen_ir::{Type, TypeKind, World};

use crate::types::LONGEST_TUPLE;

/// Whether a Go slice of `ty` is the list in memory, so that the other side can read it there.
pub(crate) fn is_lowered_in_place(world: &World, ty: Type) -> bool {
    is_plain(world, ty, Direction::Lower)
}

/// Whether a list of `ty` in memory is a Go slice: in addition, every combination of bits must be a value in Go.
pub(crate) fn is_lifted_in_place(world: &World, ty: Type) -> bool {
    is_plain(world, ty, Direction::Lift)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Lower,
    Lift,
}

fn is_plain(world: &World, ty: Type, direction: Direction) -> bool {
    layout(world, ty, direction).is_some()
}

/// The layout in both worlds; none when they differ.
fn layout(world: &World, ty: Type, direction: Direction) -> Option<Layout> {
    let number = |size| Some(Layout { size, align: size });
    match world.resolve_alias(ty) {
        Type::U8 | Type::S8 => number(1),
        Type::U16 | Type::S16 => number(2),
        Type::U32 | Type::S32 | Type::F32 => number(4),
        Type::U64 | Type::S64 | Type::F64 => number(8),
        // A `bool` of Go is 0 or 1, but a lifted one is anything but 0. A `char` is checked on the way out.
        Type::Bool if direction == Direction::Lower => number(1),
        Type::Bool | Type::Char | Type::String | Type::ErrorContext => None,
        Type::Id(id) => {
            let def = world.type_def(id);
            let found = match &def.kind {
                TypeKind::Record { fields } => {
                    structure(world, fields.iter().map(|field| field.ty), direction)
                }
                TypeKind::Tuple { types, .. } if types.len() <= LONGEST_TUPLE => {
                    structure(world, types.iter().copied(), direction)
                }
                TypeKind::Flags { .. } => Some(def.layout),
                TypeKind::Enum { .. } if direction == Direction::Lower => Some(def.layout),
                _ => None,
            };
            found.filter(|layout| *layout == def.layout)
        }
    }
}

fn structure(world: &World, fields: impl Iterator<Item = Type>, direction: Direction) -> Option<Layout> {
    let mut whole = Layout { size: 0, align: 1 };
    for field in fields {
        let Layout { size, align } = layout(world, field, direction)?;
        whole.size = whole.size.next_multiple_of(align) + size;
        whole.align = whole.align.max(align);
    }
    whole.size = whole.size.next_multiple_of(whole.align);
    (whole.size > 0).then_some(whole)
}

/// The sizes of the numbers that a record or tuple consists of, one after the other without padding.
///
/// Such a record has the same bytes in Go on every machine whose numbers have the same order of bytes.
pub(crate) fn numbers(world: &World, ty: Type) -> Option<Vec<u32>> {
    let Type::Id(id) = world.resolve_alias(ty) else { return None };
    let def = world.type_def(id);
    let mut sizes = Vec::new();
    push_numbers(world, Type::Id(id), &mut sizes)?;
    (sizes.iter().sum::<u32>() == def.layout.size).then_some(sizes)
}

fn push_numbers(world: &World, ty: Type, sizes: &mut Vec<u32>) -> Option<()> {
    let size = match world.resolve_alias(ty) {
        Type::U8 | Type::S8 => 1,
        Type::U16 | Type::S16 => 2,
        Type::U32 | Type::S32 | Type::F32 => 4,
        Type::U64 | Type::S64 | Type::F64 => 8,
        Type::Id(id) => {
            return match &world.type_def(id).kind {
                TypeKind::Record { fields } => {
                    fields.iter().try_for_each(|field| push_numbers(world, field.ty, sizes))
                }
                TypeKind::Tuple { types, .. } if types.len() <= LONGEST_TUPLE => {
                    types.iter().try_for_each(|ty| push_numbers(world, *ty, sizes))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    sizes.push(size);
    Some(())
}
