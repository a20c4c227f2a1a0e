//! A command that uses operations on text.

#[path = "../bindings/consumer.rs"]
mod bindings;

use bindings::example::stringoperations::operations::{reverse, word_count};
use bindings::exports::wasi::cli::run::Guest;

struct Consumer;

impl Guest for Consumer {
    fn run() -> Result<(), ()> {
        let text = "Hello WebAssembly Component Model";
        println!("Original: {text}");
        println!("Reversed: {}", reverse(text));
        println!("Words: {}", word_count(text));
        Ok(())
    }
}

bindings::export!(Consumer with_types_in bindings);
