//! Greets somebody.

#[path = "../bindings/hello.rs"]
mod bindings;

use bindings::Guest;

struct Hello;

impl Guest for Hello {
    fn greet(name: String) -> String {
        format!("Hello, {name}!")
    }
}

bindings::export!(Hello with_types_in bindings);
