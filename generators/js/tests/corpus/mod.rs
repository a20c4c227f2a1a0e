//! Every world that there is to render beside those of the snapshots.

#[path = "../../../../conformance/worlds/every.rs"]
mod every;

use every::{Source, every_world};
use witgen_diag::Id;
use witgen_emit::FileSet;
use witgen_ir::World;
use witgen_js::{GuestOptions, HostOptions};

use crate::worlds::Side;

/// The bindings of every world, but for what the support table denies.
pub fn all(side: Side) -> Vec<(String, FileSet)> {
    let bindings =
        |Source { name, world, .. }: &Source| Some((format!("corpus/{name}"), supported(world, side)?));
    every_world("generators/js/tests/wit").iter().filter_map(bindings).collect()
}

fn supported(world: &World, side: Side) -> Option<FileSet> {
    let made = match side {
        Side::Guest => witgen_js::guest(world, &GuestOptions::default()),
        Side::Host => witgen_js::host(world, &HostOptions::default()),
        Side::TypedHost => {
            witgen_js::host(world, &HostOptions { typescript: true, ..HostOptions::default() })
        }
    };
    match made {
        Ok(mut files) => {
            if side == Side::Guest {
                let stubs = witgen_js::stubs("stubs", world).unwrap();
                let (_, text) = stubs.last().unwrap();
                files.insert("stubs.js", text.replace("\"./bindings/", "\"./")).unwrap();
            }
            Some(files)
        }
        Err(findings) => {
            let is_denied = findings.iter().all(|finding| finding.id == Id::UnsupportedType);
            assert!(is_denied, "{}: {findings:?}", world.name);
            None
        }
    }
}
