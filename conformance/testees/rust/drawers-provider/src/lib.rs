//! Two drawers behind one interface.

#[path = "../bindings/drawers_provider.rs"]
mod bindings;

use std::cell::RefCell;

use bindings::exports::{left, right};

thread_local! {
    static LEFT: RefCell<Option<left::Thing>> = const { RefCell::new(None) };
    static RIGHT: RefCell<Option<right::Thing>> = const { RefCell::new(None) };
}

struct Drawers;

bindings::export!(Drawers with_types_in bindings);

impl left::Guest for Drawers {
    fn put(thing: left::Thing) -> Option<left::Thing> {
        LEFT.replace(Some(thing))
    }

    fn take() -> Option<left::Thing> {
        LEFT.take()
    }
}

impl right::Guest for Drawers {
    fn put(thing: right::Thing) -> Option<right::Thing> {
        RIGHT.replace(Some(thing))
    }

    fn take() -> Option<right::Thing> {
        RIGHT.take()
    }
}
