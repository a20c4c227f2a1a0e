//! Takes the handles out of a value that is lifted.
//!
//! Only wasmtime can do that, and only while it lifts. So they are collected first, in the
//! order in which the objects around them are made afterwards.

use std::collections::VecDeque;

use wasmtime::component::__internal::{ComponentTypes, InterfaceType, LiftContext};
use wasmtime::component::{Lift, ResourceAny, ResourceDynamic};
use wasmtime::{Result, ValRaw, bail, format_err};

use super::{is_host_type, memory, part};
use crate::handles::Arrived;

/// Takes the handles out of a value, in order. Only wasmtime can do it, and only while it lifts.
pub struct Handles<'c, 'a> {
    context: &'c mut LiftContext<'a>,
    /// What was found so far.
    pub found: VecDeque<Arrived>,
}

impl<'c, 'a> Handles<'c, 'a> {
    /// Before any was found.
    pub fn new(context: &'c mut LiftContext<'a>) -> Self {
        Handles { context, found: VecDeque::new() }
    }

    /// Whether a type has a handle anywhere.
    pub fn has_any(types: &ComponentTypes, ty: InterfaceType) -> bool {
        match ty {
            InterfaceType::Own(_) | InterfaceType::Borrow(_) => true,
            InterfaceType::Tuple(ty) => types[ty].types.iter().any(|ty| Self::has_any(types, *ty)),
            InterfaceType::Record(ty) => types[ty].fields.iter().any(|field| Self::has_any(types, field.ty)),
            InterfaceType::List(ty) => Self::has_any(types, types[ty].element),
            InterfaceType::Map(ty) => Self::has_any(types, types[ty].value),
            InterfaceType::Option(ty) => Self::has_any(types, types[ty].ty),
            InterfaceType::Result(ty) => {
                [types[ty].ok, types[ty].err].into_iter().flatten().any(|ty| Self::has_any(types, ty))
            }
            InterfaceType::Variant(ty) => {
                types[ty].cases.values().flatten().any(|ty| Self::has_any(types, *ty))
            }
            _ => false,
        }
    }

    fn take(&mut self, ty: InterfaceType, slot: ValRaw) -> Result<()> {
        let (InterfaceType::Own(table) | InterfaceType::Borrow(table)) = ty else {
            bail!("a handle was expected");
        };
        self.found.push_back(if is_host_type(self.context.resource_type(table)) {
            let handle = ResourceDynamic::linear_lift_from_flat(self.context, ty, &slot)?;
            Arrived::Host { rep: handle.rep(), owned: handle.owned() }
        } else {
            Arrived::Guest(ResourceAny::linear_lift_from_flat(self.context, ty, &slot)?)
        });
        Ok(())
    }

    /// In a value of so many core values.
    pub fn in_slots(&mut self, ty: InterfaceType, slots: &[ValRaw]) -> Result<()> {
        let types = self.context.types.clone();
        if !Self::has_any(&types, ty) {
            return Ok(());
        }
        match ty {
            InterfaceType::Own(_) | InterfaceType::Borrow(_) => self.take(ty, slots[0]),
            InterfaceType::Tuple(_) | InterfaceType::Record(_) => {
                let mut rest = slots;
                for ty in parts(&types, ty) {
                    let (own, after) = rest.split_at(flat_count(&types, ty).min(rest.len()));
                    self.in_slots(ty, own)?;
                    rest = after;
                }
                Ok(())
            }
            InterfaceType::List(_) | InterfaceType::Map(_) => {
                self.in_list(ty, slots[0].get_u32(), slots[1].get_u32())
            }
            _ => match payload(&types, ty, slots[0].get_u32()) {
                Some(ty) => self.in_slots(ty, &slots[1..][..flat_count(&types, ty)]),
                None => Ok(()),
            },
        }
    }

    /// In a value at an address that was checked.
    pub fn in_memory(&mut self, ty: InterfaceType, offset: usize) -> Result<()> {
        let types = self.context.types.clone();
        if !Self::has_any(&types, ty) {
            return Ok(());
        }
        match ty {
            InterfaceType::Own(_) | InterfaceType::Borrow(_) => {
                let index = self.word(offset, 4)?;
                self.take(ty, ValRaw::u32(index))
            }
            InterfaceType::Tuple(_) | InterfaceType::Record(_) => {
                let mut next = offset;
                for ty in parts(&types, ty) {
                    let start = types.canonical_abi(&ty).next_field32_size(&mut next);
                    self.in_memory(ty, start)?;
                }
                Ok(())
            }
            InterfaceType::List(_) | InterfaceType::Map(_) => {
                let (pointer, length) = (self.word(offset, 4)?, self.word(offset + 4, 4)?);
                self.in_list(ty, pointer, length)
            }
            _ => {
                let (width, start) = sum(&types, ty);
                let case = self.word(offset, width)?;
                match payload(&types, ty, case) {
                    Some(ty) => self.in_memory(ty, offset + start),
                    None => Ok(()),
                }
            }
        }
    }

    fn in_list(&mut self, ty: InterfaceType, pointer: u32, length: u32) -> Result<()> {
        let types = self.context.types.clone();
        let (stride, value, ty) = match ty {
            InterfaceType::Map(map) => {
                let map = &types[map];
                (map.entry_abi.size32, map.value_offset32 as usize, map.value)
            }
            list => {
                let element = part(&types, list, 0);
                (types.canonical_abi(&element).size32, 0, element)
            }
        };
        for index in 0..length as usize {
            self.in_memory(ty, pointer as usize + index * stride as usize + value)?;
        }
        Ok(())
    }

    fn word(&self, offset: usize, width: usize) -> Result<u32> {
        let bytes = memory(self.context).get(offset..).and_then(|memory| memory.get(..width));
        let bytes = bytes.ok_or_else(|| format_err!("the guest gave a pointer that is out of bounds"))?;
        Ok(bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)))
    }
}

fn parts(types: &ComponentTypes, ty: InterfaceType) -> Vec<InterfaceType> {
    match ty {
        InterfaceType::Tuple(ty) => types[ty].types.to_vec(),
        InterfaceType::Record(ty) => types[ty].fields.iter().map(|field| field.ty).collect(),
        _ => Vec::new(),
    }
}

fn flat_count(types: &ComponentTypes, ty: InterfaceType) -> usize {
    types.canonical_abi(&ty).flat_count.unwrap_or(0).into()
}

/// Width of the discriminant and start of the payload.
fn sum(types: &ComponentTypes, ty: InterfaceType) -> (usize, usize) {
    let info = match ty {
        InterfaceType::Variant(ty) => &types[ty].info,
        InterfaceType::Option(ty) => &types[ty].info,
        InterfaceType::Result(ty) => &types[ty].info,
        _ => return (1, 1),
    };
    (usize::from(info.size), info.payload_offset32 as usize)
}

fn payload(types: &ComponentTypes, ty: InterfaceType, case: u32) -> Option<InterfaceType> {
    match ty {
        InterfaceType::Option(ty) => (case == 1).then(|| types[ty].ty),
        InterfaceType::Result(ty) if case == 0 => types[ty].ok,
        InterfaceType::Result(ty) if case == 1 => types[ty].err,
        InterfaceType::Variant(ty) => {
            types[ty].cases.get_index(case as usize).and_then(|(_, payload)| *payload)
        }
        _ => None,
    }
}
