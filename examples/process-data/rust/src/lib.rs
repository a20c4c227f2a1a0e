//! Counts words for a host program.

#[path = "../bindings/process_data.rs"]
mod bindings;

use bindings::Guest;

struct Processor;

impl Guest for Processor {
    fn process_data(input: String) -> String {
        format!("Processed {} words", input.split_whitespace().count())
    }
}

bindings::export!(Processor with_types_in bindings);
