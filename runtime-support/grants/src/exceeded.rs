//! A limit that ended a call.

use std::fmt;

use crate::units::{Size, Time};

/// What a component used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exceeded {
    /// The time of a call.
    Deadline(Time),
    /// The work of a call.
    Fuel(u64),
    /// The memory of the instance.
    Memory(Size),
}

impl fmt::Display for Exceeded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadline(limit) => {
                write!(formatter, "the component took longer than `limits.deadline` grants, which is {limit}")
            }
            Self::Fuel(limit) => {
                write!(formatter, "the component needs more work than `limits.fuel` grants, which is {limit}")
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
