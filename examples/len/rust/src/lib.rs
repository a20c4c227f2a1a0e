//! Counts characters.

#[path = "../bindings/len_provider.rs"]
mod bindings;

use bindings::exports::example::string_operations::len::Guest;

struct Len;

impl Guest for Len {
    fn len(s: String) -> u32 {
        s.chars().count().try_into().unwrap_or(u32::MAX)
    }
}

bindings::export!(Len with_types_in bindings);
