//! Damaged components lead to a diagnostic, never to a panic.

use witgen_diag::Id;

use super::component_of;
use crate::{Options, link};

/// A generator of numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[test]
fn damaged_components_never_panic() {
    let whole = component_of("lists.wast");
    let mut numbers = Numbers(48);
    let mut accepted = 0;
    for _ in 0..1500 {
        let mut bytes = whole.clone();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(bytes.len());
            match numbers.below(3) {
                0 => bytes[at] ^= 1 << numbers.below(8),
                1 => bytes.truncate(at.max(1)),
                _ => {
                    bytes.remove(at);
                }
            }
        }
        let mut chance = || numbers.below(2) == 0;
        let options = Options {
            single_memory: chance(),
            metered: chance(),
            interruptible: chance(),
            ..Options::default()
        };
        match link(&bytes, options) {
            Ok(_) => accepted += 1,
            Err(findings) => {
                assert!(
                    !findings.is_empty() && findings.iter().all(|finding| finding.id != Id::Internal),
                    "{findings:?}"
                );
            }
        }
    }
    // Letters in names may change, so some are still components.
    assert!(accepted < 1200, "{accepted}");
}
