//! Prints log messages.

#[path = "../bindings/my_logger.rs"]
mod bindings;

use bindings::exports::jacar::examples::logger::Guest;

struct Logger;

impl Guest for Logger {
    fn log(message: String) {
        println!("log: {message}");
    }
}

bindings::export!(Logger with_types_in bindings);
