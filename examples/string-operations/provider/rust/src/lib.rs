//! Offers operations on text.

#[path = "../bindings/provider.rs"]
mod bindings;

use bindings::exports::example::stringoperations::operations::Guest;

struct Operations;

impl Guest for Operations {
    fn reverse(s: String) -> String {
        s.chars().rev().collect()
    }

    fn word_count(s: String) -> u32 {
        s.split_whitespace().count().try_into().unwrap_or(u32::MAX)
    }
}

bindings::export!(Operations with_types_in bindings);
