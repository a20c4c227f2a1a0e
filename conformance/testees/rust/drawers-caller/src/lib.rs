//! Uses both drawers.

#[path = "../bindings/drawers_caller.rs"]
mod bindings;

use bindings::{left, right};

struct DrawersCaller;

bindings::export!(DrawersCaller with_types_in bindings);

impl bindings::Guest for DrawersCaller {
    fn run() -> Vec<String> {
        let hat = left::Thing { name: "hat".to_owned(), weight: 1 };
        let anvil = right::Thing { name: "anvil".to_owned(), weight: u32::MAX };
        let is_hat = |thing: &left::Thing| thing.name == "hat" && thing.weight == 1;
        let is_anvil = |thing: &right::Thing| thing.name == "anvil" && thing.weight == u32::MAX;
        let checks = [
            ("left take: it was not empty", left::take().is_none()),
            ("left put: something was there before", left::put(&hat).is_none()),
            ("right take: it holds what is in the left one", right::take().is_none()),
            ("right put: something was there before", right::put(&anvil).is_none()),
            ("left put: what was there is gone", left::put(&hat).as_ref().is_some_and(is_hat)),
            ("left take: got something else", left::take().as_ref().is_some_and(is_hat)),
            ("left take: it is still there", left::take().is_none()),
            ("right take: got something else", right::take().as_ref().is_some_and(is_anvil)),
        ];
        checks.into_iter().filter(|(_, holds)| !holds).map(|(what, _)| what.to_owned()).collect()
    }
}
