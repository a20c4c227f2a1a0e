//! Host programs.
//!
//! One is compiled against what `witgen rust --host` makes and against `bindgen!`: the source is the same.
//! [`driver`] is what `witgen conformance` takes the steps of scripts with; here it is compiled with the workspace.

/// With the bindings of `witgen rust --host`.
pub mod ours {
    mod bindings {
        pub mod called {
            include!(concat!(env!("OUT_DIR"), "/called.rs"));
        }
        pub mod visited {
            include!(concat!(env!("OUT_DIR"), "/visited.rs"));
        }
    }
    include!("program.rs");
}

/// With those of wasmtime's macro.
#[allow(missing_docs, reason = "code of a macro")]
pub mod theirs {
    mod bindings {
        pub mod called {
            wasmtime::component::bindgen!({
                path: ["../wit", "wit"],
                world: "witgen:hosts/called",
            });
        }
        pub mod visited {
            wasmtime::component::bindgen!({
                path: ["../wit", "wit"],
                world: "witgen:hosts/visited",
                imports: { default: trappable },
                with: {
                    "witgen:conformance/store.counter": crate::store::Counter,
                    "witgen:conformance/store.gate": crate::store::Gate,
                },
            });
        }
    }
    include!("program.rs");
}

pub mod driver;
pub mod store;

mod bindings {
    include!(concat!(env!("OUT_DIR"), "/driven.rs"));
}
#[allow(unsafe_code, reason = "a program loads what witgen has compiled for it")]
#[path = "../../../runtime-support/rust/testee/instance.rs"]
mod instance;
