//! A limit that ended a call.

use std::fmt;

use wasmtime::Trap;
use wasmtime::component::ResourceTableError;

use crate::units::{Size, Time};

/// What a component used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exceeded {
    /// The time of a call.
    Deadline(Time),
    /// The work of a call.
    Fuel,
    /// The handles of the instance to what the host has.
    Handles,
    /// The memory of the instance.
    Memory(Size),
}

impl Exceeded {
    /// The limit that is behind an error of a call, if any is.
    #[must_use]
    pub fn of(error: &wasmtime::Error) -> Option<Self> {
        if let Some(exceeded) = error.downcast_ref::<Self>() {
            return Some(*exceeded);
        }
        if let Some(Trap::OutOfFuel) = error.downcast_ref::<Trap>() {
            return Some(Self::Fuel);
        }
        match error.downcast_ref::<ResourceTableError>() {
            Some(ResourceTableError::Full) => Some(Self::Handles),
            _ => None,
        }
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadline(limit) => {
                write!(formatter, "the component took longer than `limits.deadline` grants, which is {limit}")
            }
            Self::Fuel => formatter.write_str("the component needs more work than `limits.fuel` grants"),
            Self::Handles => {
                formatter.write_str("the component keeps more open than `limits.handles` grants")
            }
            Self::Memory(limit) => {
                write!(
                    formatter,
                    "the component needs more memory than `limits.memory` grants, which is {limit}"
                )
            }
        }
    }
}

impl std::error::Error for Exceeded {}
