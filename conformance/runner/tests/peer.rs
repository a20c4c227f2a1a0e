//! Components that are written by hand, against each language in both directions.
//!
//! One op tree describes the values of all four languages: two of them could agree on the same mistake.
//! These peers know nothing of it; their offsets and bytes are worked out from the specification.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;
use witgen_conformance::{Workshop, built, languages, prints, run_trials};
use witgen_languages::Language;

fn main() -> ExitCode {
    run_trials(|workshop| {
        let mut trials = Vec::new();
        for language in languages() {
            let importing = Arc::clone(workshop);
            let exporting = Arc::clone(workshop);
            trials
                .push(Trial::test(format!("{language}::calls::peer"), move || called(&importing, language)));
            trials.push(Trial::test(format!("peer::calls::{language}"), move || calls(&exporting, language)));
        }
        trials
    })
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer")
}

/// Makes the core module `name.wat` a component of the world `name`.
fn peer(dir: &Path, name: &str) -> PathBuf {
    let mut resolve = Resolve::default();
    resolve.push_path(folder().join("../../../wit")).unwrap();
    let (package, _) = resolve.push_path(folder().join("peer.wit")).unwrap();
    let world = resolve.select_world(&[package], Some(name)).unwrap();
    let mut module = wat::parse_file(folder().join(format!("{name}.wat"))).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let component = ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap();
    let path = dir.join(format!("{name}.wasm"));
    std::fs::write(&path, component).unwrap();
    path
}

/// A guest of `language` passes native values to the peer, and gets its values.
fn called(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let peer = peer(dir.path(), "exporter");
    let (vectors, peer) = (folder().join("calls.toml"), format!("peer={}", peer.display()));
    let words = ["conformance", "--host", "wasmtime", "--importer", language.id(), "--component", &peer];
    let words = words.map(Path::new).into_iter().chain([Path::new("--vectors"), &vectors]);
    let said = workshop.program().run(words)?.success()?;
    let calls = std::fs::read_to_string(vectors)?.matches("[[call]]").count();
    // Without its toolchain, a language is skipped here and fails in CI.
    let fine =
        said.contains(&format!("{calls} passed, 0 failed")) || said.contains(&format!("skipped {language}"));
    if fine { Ok(()) } else { Err(said.into()) }
}

/// The peer passes values that it lowers by hand to the provider of `language`, and reads the bytes of what comes back.
fn calls(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let provider = folder().join("../../../testees").join(language.id()).join("provider");
    let Some(provider) = built(workshop.component(&provider))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let peer = peer(dir.path(), "importer");
    let Some(composed) = built(workshop.composition(&[&peer, &provider]))? else { return Ok(()) };
    prints(workshop, &composed, &["--invoke", "run()"], "0\n")
}
