//! Moves counters between numbered slots, step by step.

#[path = "../bindings/driver.rs"]
mod bindings;

use std::cell::RefCell;
use std::collections::BTreeMap;

use bindings::exports::witgen::testees::steps::Guest;
use bindings::witgen::conformance::store::{self, Counter, Either, Gate, Pair};
use bindings::witgen::conformance::store_users as users;

struct Driver;

bindings::export!(Driver with_types_in bindings);

thread_local! {
    static SLOTS: RefCell<BTreeMap<u32, Counter>> = const { RefCell::new(BTreeMap::new()) };
}

fn put(slot: u32, counter: Counter) {
    SLOTS.with_borrow_mut(|slots| slots.insert(slot, counter));
}

fn take(slot: u32) -> Counter {
    SLOTS.with_borrow_mut(|slots| slots.remove(&slot)).expect("the slot holds a counter")
}

fn with<T>(slot: u32, use_it: impl FnOnce(&Counter) -> T) -> T {
    SLOTS.with_borrow(|slots| use_it(&slots[&slot]))
}

fn with_all<T>(wanted: &[u32], use_them: impl FnOnce(&[&Counter]) -> T) -> T {
    SLOTS.with_borrow(|slots| use_them(&wanted.iter().map(|slot| &slots[slot]).collect::<Vec<_>>()))
}

impl Guest for Driver {
    fn create(slot: u32, start: u32) {
        put(slot, Counter::new(start));
    }

    fn add(slot: u32, number: u32) -> u32 {
        with(slot, |counter| counter.add(number))
    }

    fn value(slot: u32) -> u32 {
        with(slot, Counter::value)
    }

    fn checked(slot: u32, number: u32) -> Result<u32, String> {
        with(slot, |counter| counter.checked(number))
    }

    fn close(slot: u32) {
        with(slot, Counter::close);
    }

    fn history(slot: u32) -> Vec<u32> {
        with(slot, Counter::list)
    }

    fn merge(left: u32, right: u32, to: u32) {
        let right = take(right);
        let merged = with(left, |left| Counter::merge(left, right));
        put(to, merged);
    }

    fn parse(text: String, to: u32) -> Result<(), String> {
        Counter::parse(&text).map(|counter| put(to, counter))
    }

    fn enter(key: String, slot: u32) -> Result<bool, String> {
        let gate = Gate::new(&key)?;
        let back = gate.enter(take(slot));
        let came_back = back.is_some();
        if let Some(counter) = back {
            put(slot, counter);
        }
        Ok(came_back)
    }

    fn make(start: u32, to: u32) -> Result<(), String> {
        store::make(start).map(|counter| put(to, counter))
    }

    fn total(slots: Vec<u32>) -> u32 {
        with_all(&slots, store::total)
    }

    fn swap(left: u32, right: u32, name: String) -> String {
        let pair = store::swap(Pair { left: take(left), right: take(right), name });
        put(left, pair.left);
        put(right, pair.right);
        pair.name
    }

    fn pick_one(slot: u32) -> Result<(), String> {
        store::pick(Either::One(take(slot))).map(|counter| put(slot, counter))
    }

    fn pick_two(left: u32, right: u32) -> Result<(), String> {
        let pair = Pair { left: take(left), right: take(right), name: String::new() };
        store::pick(Either::Two(pair)).map(|counter| put(left, counter))
    }

    fn pick_none() -> Result<(), String> {
        store::pick(Either::None).map(drop)
    }

    fn several(count: u32, first: u32) -> Vec<u32> {
        let made = store::several(count).into_iter().zip(first..);
        made.map(|((number, counter), slot)| {
            put(slot, counter);
            number
        })
        .collect()
    }

    fn look(slot: u32) -> u32 {
        with(slot, users::look)
    }

    fn look_at_all(slots: Vec<u32>) -> Vec<String> {
        with_all(&slots, users::look_at_all)
    }

    fn exchange(slot: u32) -> bool {
        let (fine, counter) = match users::exchange(take(slot)) {
            Ok(counter) => (true, counter),
            Err(counter) => (false, counter),
        };
        put(slot, counter);
        fine
    }

    fn unpack(left: u32, right: u32) {
        let pair = Pair { left: take(left), right: take(right), name: String::new() };
        let unpacked = users::unpack(pair);
        put(left, unpacked.0);
        put(right, unpacked.1);
    }

    fn release(slot: u32) {
        drop(take(slot));
    }

    fn live() -> u32 {
        store::live()
    }

    fn crash(message: String) {
        bindings::fail(&message);
    }
}
