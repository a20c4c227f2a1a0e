//! Gives back what it gets.

#[path = "../bindings/map_provider.rs"]
mod bindings;

use std::collections::BTreeMap;

use bindings::exports::witgen::conformance::maps::{Guest, Scores};

struct MapProvider;

bindings::export!(MapProvider with_types_in bindings);

impl Guest for MapProvider {
    fn echo_map(value: BTreeMap<String, u32>) -> BTreeMap<String, u32> {
        value
    }

    fn echo_scores(value: Scores) -> Scores {
        value
    }

    fn echo_nested(value: BTreeMap<u8, Vec<String>>) -> BTreeMap<u8, Vec<String>> {
        value
    }
}
