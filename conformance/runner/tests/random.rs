//! Worlds that nobody wrote, through all four guest backends and the JavaScript host.
//!
//! `WITGEN_RANDOM_WORLDS` is how many, `WITGEN_RANDOM_SEED` the first seed: `WITGEN_RANDOM_WORLDS=1` with the seed
//! of a failure repeats it alone.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail, and says what it did"
)]

mod guests;

use std::panic::catch_unwind;
use std::path::Path;

use arbitrary::Unstructured;
use guests::{Made, worlds};
use wit_component::WitPrinter;
use wit_parser::decoding::decode;
use wit_smith::Config;
use witgen_conformance::in_ci;
use witgen_diag::Id;

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

/// splitmix64: the same bytes on every machine.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let words = (0..1024).flat_map(|_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    });
    words.collect()
}

/// A WIT package in binary form; none where the generator gives up.
fn package(seed: u64) -> Option<Vec<u8>> {
    let config = Config {
        max_packages: 3,
        max_files_per_package: 2,
        max_interface_items: 12,
        max_world_items: 8,
        max_pkg_items: 4,
        max_type_size: 100,
        max_type_parts: 10,
        world_include: seed.is_multiple_of(3),
        implements: seed.is_multiple_of(4),
        ..Config::default()
    };
    let bytes = bytes(seed);
    // The generator panics at some of its own texts.
    catch_unwind(|| wit_smith::smith(&config, &mut Unstructured::new(&bytes))).ok()?.ok()
}

/// Leaves the text of a package that failed, for a person to cut down.
fn leave_text(seed: u64, package: &[u8]) -> String {
    let decoded = decode(package).unwrap();
    let mut printer = WitPrinter::default();
    let nested: Vec<_> =
        decoded.resolve().packages.iter().map(|(id, _)| id).filter(|id| *id != decoded.package()).collect();
    if let Err(reason) = printer.print(decoded.resolve(), decoded.package(), &nested) {
        return reason.to_string();
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random-{seed}.wit"));
    std::fs::write(&path, printer.output.to_string()).unwrap();
    path.display().to_string()
}

#[test]
fn random_worlds_are_refused_or_parse() {
    let wanted = number("WITGEN_RANDOM_WORLDS").unwrap_or(if in_ci() { 2_000 } else { 250 });
    let first = number("WITGEN_RANDOM_SEED").unwrap_or(1);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("package.wasm");
    let mut made = Made::new();
    let (mut seed, mut count) = (first, 0);
    while count < wanted && seed < first + 20 * wanted {
        let this = seed;
        seed += 1;
        let Some(package) = package(this) else { continue };
        std::fs::write(&path, &package).unwrap();
        let before = made.failures.len();
        match catch_unwind(|| worlds(&path)) {
            Ok(Ok(worlds)) => {
                for world in worlds {
                    count += 1;
                    made.add(&format!("seed-{this}/{}", world.name), &world, false);
                }
            }
            Ok(Err(findings)) if findings[0].id == Id::UnknownWorld => {}
            Ok(Err(findings)) => made.failures.push(format!("seed-{this}: {findings:?}")),
            Err(_) => made.failures.push(format!("seed-{this}: the loader panicked")),
        }
        if made.failures.len() > before {
            made.failures.push(format!("seed-{this}: its text is {}", leave_text(this, &package)));
        }
    }
    println!("{count} worlds of seeds {first} to {}", seed - 1);
    assert!(count >= wanted, "too few worlds");
    made.finish();
}
