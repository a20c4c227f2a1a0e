//! Worlds with a few wrong bytes: no loader and no backend panics, and what is rendered parses.
//!
//! `WITGEN_MUTATIONS` is how many, `WITGEN_RANDOM_SEED` the first seed.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail, and says what it did"
)]

mod guests;

use std::panic::catch_unwind;
use std::path::Path;

use guests::{Made, worlds};
use witgen_conformance::in_ci;

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

/// splitmix64: the same damage on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }
}

/// Cuts, flips, repeats or crosses texts.
fn damaged(random: &mut Random, texts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = texts[random.below(texts.len())].clone();
    let other = &texts[random.below(texts.len())];
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let length = random.below(60).min(bytes.len() - at);
        match random.below(6) {
            0 => bytes.truncate(at.max(30)),
            1 => drop(bytes.drain(at..at + length)),
            2 => bytes.extend_from_within(at..at + length),
            3 => {
                let from = random.below(other.len());
                let piece = other[from..other.len().min(from + length)].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            _ => {}
        }
    }
    bytes
}

#[test]
fn damaged_worlds_are_refused_or_rendered() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    // Long texts take long and hold nothing that short ones do not.
    let texts: Vec<Vec<u8>> = texts.into_iter().filter(|text| text.len() < 5_000).collect();
    let room = tempfile::tempdir().unwrap();
    let path = room.path().join("damaged.wit");
    let first = number("WITGEN_RANDOM_SEED").unwrap_or(1);
    let count = number("WITGEN_MUTATIONS").unwrap_or(if in_ci() { 3_000 } else { 500 });
    let (mut rendered, mut made) = (0, Made::new());
    for seed in first..first + count {
        std::fs::write(&path, damaged(&mut Random(seed), &texts)).unwrap();
        match catch_unwind(|| worlds(&path)) {
            Ok(Ok(worlds)) => {
                for world in worlds.iter().take(2) {
                    made.add(&format!("seed-{seed}/{}", world.name), world, true);
                    rendered += 1;
                }
            }
            Ok(Err(findings)) => {
                if findings.is_empty() {
                    made.failures.push(format!("seed-{seed}: refused without a reason"));
                }
            }
            Err(_) => made.failures.push(format!("seed-{seed}: the loader panicked")),
        }
    }
    println!("{count} texts of seed {first}, {rendered} worlds rendered");
    assert!(rendered > count / 100, "hardly any text survives: {rendered}");
    made.finish();
}
