//! Serves the long runs.

#[path = "../bindings/soak.rs"]
mod bindings;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use bindings::SourceRow;
use bindings::exports::witgen::testees::sessions::{self, GuestSession, Row};
use bindings::witgen::testees::source;

struct Soak;

bindings::export!(Soak with_types_in bindings);

impl bindings::Guest for Soak {
    fn echo(text: String) -> String {
        text
    }

    fn draw(size: u32) -> u64 {
        let text = source::text(size);
        let bytes: u64 = source::bytes(size).into_iter().map(u64::from).sum();
        let rows = source::rows(size / 100);
        let ids: u64 = rows.iter().map(|row| u64::from(row.id)).sum();
        let values: usize = rows.iter().map(|row| row.values.len()).sum();
        text.len() as u64 + bytes + ids + values as u64
    }

    fn echo_rows(rows: Vec<SourceRow>) -> Vec<SourceRow> {
        rows
    }

    fn pause(microseconds: u32) {
        std::thread::sleep(Duration::from_micros(microseconds.into()));
    }
}

thread_local! {
    static LIVE: Cell<u32> = const { Cell::new(0) };
}

/// What stays between calls.
struct Session {
    name: String,
    kept: RefCell<Vec<Row>>,
    fed: Cell<u32>,
}

impl GuestSession for Session {
    fn new(name: String) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self { name, kept: RefCell::default(), fed: Cell::default() }
    }

    fn feed(&self, rows: Vec<Row>) -> u32 {
        self.fed.set(self.fed.get() + rows.len() as u32);
        self.kept.replace(rows);
        self.fed.get()
    }

    fn state(&self) -> (String, Vec<Row>) {
        (self.name.clone(), self.kept.borrow().clone())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

impl sessions::Guest for Soak {
    type Session = Session;

    fn live() -> u32 {
        LIVE.get()
    }
}
