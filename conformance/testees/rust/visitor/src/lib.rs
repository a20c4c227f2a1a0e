//! Uses every function of the store and of its users.

#[path = "../bindings/visitor.rs"]
mod bindings;

use std::fmt::Debug;

use bindings::witgen::conformance::store::{self, Counter, Either, Gate, Pair};
use bindings::witgen::conformance::store_users as users;

struct Visitor;

bindings::export!(Visitor with_types_in bindings);

impl bindings::Guest for Visitor {
    fn run(drops: bool) -> Vec<String> {
        let mut report = Report { lines: Vec::new(), drops };
        report.live("the start", 0);
        counters(&mut report);
        report.live("counters", 0);
        gates(&mut report);
        report.live("gates", 0);
        aggregates(&mut report);
        report.live("aggregates", 0);
        passed_on(&mut report);
        report.live("users", 0);
        report.lines
    }
}

/// What was wrong.
struct Report {
    lines: Vec<String>,
    /// Whether the store learns of drops.
    drops: bool,
}

impl Report {
    fn equal<T: Debug + PartialEq>(&mut self, what: &str, got: T, wanted: T) {
        if got != wanted {
            self.lines.push(format!("{what}: got {got:?}, wanted {wanted:?}"));
        }
    }

    /// Compares the number of counters after `what`.
    fn live(&mut self, what: &str, wanted: u32) {
        if self.drops {
            self.equal(&format!("live after {what}"), store::live(), wanted);
        }
    }

    /// The text of a failure; a success is wrong.
    fn failure<T, E: Debug + PartialEq>(&mut self, what: &str, got: Result<T, E>, wanted: E) {
        self.equal(what, got.err(), Some(wanted));
    }
}

/// Constructors, methods, statics. A counter that was moved cannot be used: the compiler refuses.
fn counters(report: &mut Report) {
    let counter = Counter::new(5);
    report.equal("value", counter.value(), 5);
    report.equal("add", counter.add(3), 8);
    report.equal("checked", counter.checked(100), Ok(108));
    report.failure("checked", counter.checked(101), "too large: 101".to_owned());
    report.equal("list", counter.list(), vec![5, 8, 108]);
    let other = Counter::new(u32::MAX - 200);
    report.live("two", 2);
    let merged = Counter::merge(&counter, other);
    report.equal("merge", merged.value(), u32::MAX - 92);
    report.live("merge", 2);
    drop(merged);
    report.live("a drop", 1);
    counter.close();
    report.equal("close", counter.value(), 0);
    report.equal("list", counter.list(), vec![5, 8, 108, 0]);
    report.equal("parse", Counter::parse("17").map(|parsed| parsed.value()), Ok(17));
    report.failure("parse", Counter::parse("many"), "not a number: many".to_owned());
    report.equal("make", store::make(1000).map(|made| made.value()), Ok(1000));
    report.failure("make", store::make(1001), "too large: 1001".to_owned());
    report.live("failures", 1);
}

/// Constructors that fail, and own handles that come back or do not.
fn gates(report: &mut Report) {
    report.failure("gate", Gate::new("key"), "wrong key: key".to_owned());
    let gate = match Gate::new("open") {
        Ok(gate) => gate,
        Err(reason) => return report.lines.push(format!("gate: {reason}")),
    };
    let back = gate.enter(Counter::new(2));
    report.equal("enter", back.as_ref().map(Counter::value), Some(2));
    report.live("an even visitor", 1);
    report.equal("enter", gate.enter(Counter::new(3)).is_none(), true);
    report.live("an odd visitor", 1);
}

/// Handles in lists, records, variants and tuples.
fn aggregates(report: &mut Report) {
    let (one, two) = (Counter::new(1), Counter::new(2));
    report.equal("total", store::total(&[&one, &two, &one]), 4);
    report.equal("total", store::total(&[]), 0);
    let swapped = store::swap(Pair { left: one, right: two, name: "both".to_owned() });
    let values = (swapped.left.value(), swapped.right.value(), swapped.name.as_str());
    report.equal("swap", values, (2, 1, "both"));
    report.live("swap", 2);
    report.equal("pick", store::pick(Either::Two(swapped)).map(|left| left.value()), Ok(2));
    report.live("pick", 0);
    report.equal("pick", store::pick(Either::One(Counter::new(9))).map(|one| one.value()), Ok(9));
    report.failure("pick", store::pick(Either::None), "nothing to pick".to_owned());
    let several = store::several(3);
    report.live("several", 3);
    let values: Vec<_> = several.iter().map(|(start, counter)| (*start, counter.value())).collect();
    report.equal("several", values, vec![(0, 0), (1, 1), (2, 2)]);
    report.equal("several", store::several(0).len(), 0);
}

/// The functions of another component.
fn passed_on(report: &mut Report) {
    let (even, odd) = (Counter::new(4), Counter::new(7));
    report.equal("look", users::look(&even), 4);
    report.equal("look-at-all", users::look_at_all(&[&odd, &even]), vec!["7".to_owned(), "4".to_owned()]);
    let even = match users::exchange(even) {
        Ok(even) => even,
        Err(other) => return report.lines.push(format!("exchange: {} is not even", other.value())),
    };
    let odd = match users::exchange(odd) {
        Err(odd) => odd,
        Ok(other) => return report.lines.push(format!("exchange: {} is not odd", other.value())),
    };
    report.live("exchange", 2);
    let (left, right) = users::unpack(Pair { left: even, right: odd, name: String::new() });
    report.equal("unpack", (left.value(), right.value()), (4, 7));
    report.live("unpack", 2);
}
