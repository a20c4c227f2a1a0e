//! Two worlds in one program, and two versions of one package.

mod left {
    #[cfg(feature = "macro")]
    wit_bindgen::generate!({ path: "wit/modules", world: "left", generate_all });
    #[cfg(not(feature = "macro"))]
    include!(concat!(env!("WITGEN_BINDINGS"), "/left.rs"));
}

mod right {
    pub mod inner {
        #[cfg(feature = "macro")]
        wit_bindgen::generate!({ path: "wit/modules", world: "right" });
        #[cfg(not(feature = "macro"))]
        include!(concat!(env!("WITGEN_BINDINGS"), "/right.rs"));
    }
}

use left::dep::{a1_0_0, a2_0_0};
use left::exports::test::modules::state::Guest;
use right::inner::Guest as RightGuest;

struct Left;
struct Right;

left::export!(Left with_types_in left);
right::inner::export!(Right with_types_in right::inner);

impl Guest for Left {
    fn get(key: String) -> Option<String> {
        let item = a1_0_0::types::get();
        let item = a2_0_0::types::get(&a2_0_0::types::Item { x: item.x.into(), y: key });
        Some(item.y)
    }
}

impl RightGuest for Right {
    fn right_run(pairs: Vec<(String, u32)>) -> u64 {
        let found = right::inner::test::modules::state::get("key");
        pairs.into_iter().map(|(_, number)| u64::from(number)).sum::<u64>()
            + found.map_or(0, |text| text.len() as u64)
    }
}
