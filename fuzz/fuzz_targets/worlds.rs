//! Any bytes, read as WIT text and as a binary WIT package, through the loader and the four guest backends.
//!
//! What must hold: nothing panics, and what is refused is refused with a reason that is not our own fault.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use tempfile::TempDir;
use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Options, World, load};

/// The longest input: what is longer takes long and holds nothing new.
const LONGEST: usize = 20_000;

/// How many worlds of one input are rendered.
const WORLDS: usize = 3;

static ROOM: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if bytes.len() > LONGEST {
        return Corpus::Reject;
    }
    // The loader tells text from binary by the first bytes, and prints places of text only.
    for name in ["input.wit", "input.wasm"] {
        let path = ROOM.path().join(name);
        std::fs::write(&path, bytes).expect("a file in the temporary folder");
        for world in worlds(&path) {
            render(&world);
        }
    }
    Corpus::Keep
});

/// The worlds of `path`; none where it is refused.
fn worlds(path: &Path) -> Vec<World> {
    let options = Options { all_features: true, ..Options::default() };
    let inputs = [path.to_owned()];
    let findings = match load(&inputs, &options) {
        Ok(world) => return vec![world],
        Err(findings) => findings,
    };
    check(&findings);
    let ambiguous = findings.iter().filter(|finding| finding.id == Id::AmbiguousWorld);
    let helps = ambiguous.flat_map(|finding| &finding.helps).flat_map(|help| help.split('`'));
    let names = helps.filter_map(|word| word.strip_prefix("-w ")).take(WORLDS);
    names
        .filter_map(|name| {
            let named = Options { world: Some(name.to_owned()), ..options.clone() };
            load(&inputs, &named).inspect_err(|findings| check(findings)).ok()
        })
        .collect()
}

fn render(world: &World) {
    let results = [
        witgen_rust::guest(world, &witgen_rust::GuestOptions::default()),
        witgen_python::guest(world, &witgen_python::GuestOptions::default()),
        witgen_js::guest(world, &witgen_js::GuestOptions::default()),
        witgen_go::guest(world, &witgen_go::GuestOptions::default()),
    ];
    for findings in results.iter().filter_map(|result| result.as_ref().err()) {
        check(findings);
    }
}

fn check(findings: &[Diagnostic]) {
    assert!(!findings.is_empty(), "refused without a reason");
    let fault = findings.iter().find(|finding| finding.id == Id::Internal);
    assert!(fault.is_none(), "an internal error: {fault:#?}");
}
