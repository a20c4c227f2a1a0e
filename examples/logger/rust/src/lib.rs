//! An application that logs.

#[path = "../bindings/my_app.rs"]
mod bindings;

use bindings::Guest;
use bindings::jacar::examples::logger;

struct App;

impl Guest for App {
    fn run() {
        logger::log("starting");
        logger::log("done");
    }
}

bindings::export!(App with_types_in bindings);
