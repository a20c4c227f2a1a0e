//! Counters and gates, each around the one behind it.

use crate::Relay;
use crate::bindings::exports::witgen::conformance::store::{
    Counter, CounterBorrow, Either, Guest, GuestCounter, GuestGate, Handle, Pair,
};
use crate::bindings::witgen::conformance::store as behind;

impl GuestCounter for behind::Counter {
    fn new(start: u32) -> Self {
        Self::new(start)
    }

    fn add(&self, number: u32) -> u32 {
        self.add(number)
    }

    fn value(&self) -> u32 {
        self.value()
    }

    fn checked(&self, number: u32) -> Result<u32, String> {
        self.checked(number)
    }

    fn merge(left: CounterBorrow<'_>, right: Counter) -> Counter {
        Counter::new(Self::merge(left.get(), right.into_inner()))
    }

    fn parse(text: String) -> Result<Counter, String> {
        Self::parse(&text).map(Counter::new)
    }

    fn close(&self) {
        self.close();
    }

    fn list(&self) -> Vec<u32> {
        self.list()
    }
}

impl GuestGate for behind::Gate {
    fn new(key: String) -> Result<Self, String> {
        Self::new(&key)
    }

    fn enter(&self, visitor: Counter) -> Option<Counter> {
        self.enter(visitor.into_inner()).map(Counter::new)
    }
}

impl Guest for Relay {
    type Counter = behind::Counter;
    type Gate = behind::Gate;

    fn make(start: u32) -> Result<Counter, String> {
        behind::make(start).map(Counter::new)
    }

    fn total(counters: Vec<CounterBorrow<'_>>) -> u32 {
        let counters: Vec<&behind::Counter> = counters.iter().map(CounterBorrow::get).collect();
        behind::total(&counters)
    }

    fn swap(pair: Pair) -> Pair {
        let swapped = behind::swap(into_behind(pair));
        Pair { left: Counter::new(swapped.left), right: Counter::new(swapped.right), name: swapped.name }
    }

    fn pick(either: Either) -> Result<Handle, String> {
        let either = match either {
            Either::One(counter) => behind::Either::One(counter.into_inner()),
            Either::Two(pair) => behind::Either::Two(into_behind(pair)),
            Either::None => behind::Either::None,
        };
        behind::pick(either).map(Counter::new)
    }

    fn several(count: u32) -> Vec<(u32, Counter)> {
        behind::several(count).into_iter().map(|(start, counter)| (start, Counter::new(counter))).collect()
    }

    fn live() -> u32 {
        behind::live()
    }
}

fn into_behind(pair: Pair) -> behind::Pair {
    behind::Pair { left: pair.left.into_inner(), right: pair.right.into_inner(), name: pair.name }
}
