//! Passes the resources of an import on.

#[path = "../bindings/middle.rs"]
mod bindings;

use bindings::exports::witgen::conformance::store_users::{Counter, Guest, Pair};

struct Middle;

bindings::export!(Middle with_types_in bindings);

impl Guest for Middle {
    fn look(counter: &Counter) -> u32 {
        counter.value()
    }

    fn look_at_all(counters: Vec<&Counter>) -> Vec<String> {
        counters.into_iter().map(|counter| counter.value().to_string()).collect()
    }

    fn exchange(counter: Counter) -> Result<Counter, Counter> {
        if counter.value().is_multiple_of(2) { Ok(counter) } else { Err(counter) }
    }

    fn unpack(pair: Pair) -> (Counter, Counter) {
        (pair.left, pair.right)
    }
}
