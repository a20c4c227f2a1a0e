//! Counters, and how many there are.

use std::cell::{Cell, RefCell};

use crate::Provider;
use crate::bindings::exports::witgen::conformance::store::{
    Counter, CounterBorrow, Either, Guest, GuestCounter, GuestGate, Handle, Pair,
};

thread_local! {
    static LIVE: Cell<u32> = const { Cell::new(0) };
}

/// Every value since the start; the last one counts.
pub struct History(RefCell<Vec<u32>>);

impl History {
    fn change(&self, value: u32) -> u32 {
        self.0.borrow_mut().push(value);
        value
    }
}

impl Drop for History {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

impl GuestCounter for History {
    fn new(start: u32) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self(RefCell::new(vec![start]))
    }

    fn add(&self, number: u32) -> u32 {
        self.change(self.value() + number)
    }

    fn value(&self) -> u32 {
        self.0.borrow().last().copied().unwrap_or_default()
    }

    fn checked(&self, number: u32) -> Result<u32, String> {
        if number > 100 { Err(format!("too large: {number}")) } else { Ok(self.add(number)) }
    }

    fn merge(left: CounterBorrow<'_>, right: Counter) -> Counter {
        Counter::new(Self::new(left.get::<Self>().value() + right.get::<Self>().value()))
    }

    fn parse(text: String) -> Result<Counter, String> {
        match text.parse() {
            Ok(start) => Ok(Counter::new(Self::new(start))),
            Err(_) => Err(format!("not a number: {text}")),
        }
    }

    fn close(&self) {
        self.change(0);
    }

    fn list(&self) -> Vec<u32> {
        self.0.borrow().clone()
    }
}

/// Lets even counters through.
pub struct EvenGate;

impl GuestGate for EvenGate {
    fn new(key: String) -> Result<Self, String> {
        if key == "open" { Ok(Self) } else { Err(format!("wrong key: {key}")) }
    }

    fn enter(&self, visitor: Counter) -> Option<Counter> {
        visitor.get::<History>().value().is_multiple_of(2).then_some(visitor)
    }
}

impl Guest for Provider {
    type Counter = History;
    type Gate = EvenGate;

    fn make(start: u32) -> Result<Counter, String> {
        if start > 1000 {
            return Err(format!("too large: {start}"));
        }
        Ok(Counter::new(History::new(start)))
    }

    fn total(counters: Vec<CounterBorrow<'_>>) -> u32 {
        counters.iter().map(|counter| counter.get::<History>().value()).sum()
    }

    fn swap(pair: Pair) -> Pair {
        Pair { left: pair.right, right: pair.left, name: pair.name }
    }

    fn pick(either: Either) -> Result<Handle, String> {
        match either {
            Either::One(counter) => Ok(counter),
            Either::Two(pair) => Ok(pair.left),
            Either::None => Err("nothing to pick".to_owned()),
        }
    }

    fn several(count: u32) -> Vec<(u32, Counter)> {
        (0..count).map(|start| (start, Counter::new(History::new(start)))).collect()
    }

    fn live() -> u32 {
        LIVE.get()
    }
}
