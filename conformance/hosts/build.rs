//! Makes the bindings that the program is compiled against.

use std::path::{Path, PathBuf};

use witgen_ir::{Options, load};
use witgen_rust::{HostOptions, host};

fn main() -> Result<(), String> {
    let home = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let out = std::env::var("OUT_DIR").map_err(|reason| reason.to_string())?;
    let folders = ["../wit", "../testees/wit", "../bench/js/wit", "../../examples/plugin-host/wit", "wit"];
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
    }
    for (world, options) in [
        ("witgen:hosts/called", HostOptions::default()),
        ("witgen:hosts/visited", visited()),
        ("witgen:testees/driven", HostOptions::default()),
        ("witgen:bench/bench", HostOptions::default()),
        ("witgen:hosts/acting", HostOptions::default()),
        ("example:plugins/plugin", HostOptions::default()),
    ] {
        let text = |found: Vec<_>| format!("{found:?}");
        let choice = Options { world: Some(world.to_owned()), ..Options::default() };
        let ir = load(&folders.map(|folder| home.join(folder)), &choice).map_err(text)?;
        for (name, content) in host(&ir, &options).map_err(text)?.iter() {
            std::fs::write(Path::new(&out).join(name), content).map_err(|reason| reason.to_string())?;
        }
    }
    Ok(())
}

/// What `bindgen!` is told for the same world.
fn visited() -> HostOptions {
    let resource =
        |name: &str, ty: &str| (format!("witgen:conformance/store.{name}"), format!("crate::store::{ty}"));
    HostOptions {
        with: [resource("counter", "Counter"), resource("gate", "Gate")].into_iter().collect(),
        trappable_imports: vec!["*".to_owned()],
        ..HostOptions::default()
    }
}
