//! Calls every function of the map provider and compares.

#[path = "../bindings/map_caller.rs"]
mod bindings;

use std::collections::BTreeMap;
use std::fmt::Debug;

use bindings::witgen::conformance::maps::{self, Scores};

struct MapCaller;

bindings::export!(MapCaller with_types_in bindings);

impl bindings::Guest for MapCaller {
    fn run() -> Vec<String> {
        let mut wrong = Vec::new();
        let scores = [("Ada", u32::MAX), ("", 0), ("naïve 😀", 7)];
        let scores: BTreeMap<String, u32> =
            scores.into_iter().map(|(name, score)| (name.to_owned(), score)).collect();
        for value in [BTreeMap::new(), scores.clone()] {
            compare(&mut wrong, "echo-map", &maps::echo_map(&value), &value);
        }
        let value = Scores { by_name: scores };
        compare(&mut wrong, "echo-scores", &maps::echo_scores(&value).by_name, &value.by_name);
        let value = BTreeMap::from([(0, vec![]), (255, vec!["a".to_owned(), String::new()])]);
        compare(&mut wrong, "echo-nested", &maps::echo_nested(&value), &value);
        wrong
    }
}

fn compare<T: Debug + PartialEq>(wrong: &mut Vec<String>, function: &str, got: &T, wanted: &T) {
    if got != wanted {
        wrong.push(format!("{function}: got {got:?}, wanted {wanted:?}"));
    }
}
