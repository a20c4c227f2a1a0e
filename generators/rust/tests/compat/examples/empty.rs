//! A world without anything.

#[cfg(feature = "macro")]
wit_bindgen::generate!({ path: "wit/modules", world: "nothing" });
#[cfg(not(feature = "macro"))]
include!(concat!(env!("WITGEN_BINDINGS"), "/nothing.rs"));
