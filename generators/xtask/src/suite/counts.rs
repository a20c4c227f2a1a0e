//! How many tests passed and failed, read from what each test program prints.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed and failed. Skipped ones count as neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// What one line of output adds.
pub type Counter = fn(&str) -> Counts;

/// Nothing is counted.
pub fn none(_: &str) -> Counts {
    Counts::default()
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; ...`, of libtest and of libtest-mimic.
pub fn cargo(line: &str) -> Counts {
    match line.strip_prefix("test result: ") {
        Some(rest) => Counts { passed: before(rest, " passed"), failed: before(rest, " failed") },
        None => Counts::default(),
    }
}

/// `3 failed, 12 passed, 1 error in 0.05s`, perhaps between `=` signs.
pub fn pytest(line: &str) -> Counts {
    let line = line.trim_matches(['=', ' ']);
    let is_summary =
        line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" in ") && line.ends_with(['s', ')']);
    if !is_summary {
        return Counts::default();
    }
    Counts { passed: before(line, " passed"), failed: before(line, " failed") + before(line, " error") }
}

/// `# pass 12` and `# fail 0` at the end of what `node --test` prints as TAP.
pub fn tap(line: &str) -> Counts {
    let number = |prefix: &str| line.strip_prefix(prefix).and_then(|rest| rest.parse().ok()).unwrap_or(0);
    Counts { passed: number("# pass "), failed: number("# fail ") + number("# cancelled ") }
}

/// `--- PASS: TestName (0.00s)` of `go test -v`; subtests are indented and belong to their test.
pub fn go(line: &str) -> Counts {
    let one = |prefix: &str| u64::from(line.starts_with(prefix));
    Counts { passed: one("--- PASS: "), failed: one("--- FAIL: ") }
}

/// The number that ends right before `word`.
fn before(text: &str, word: &str) -> u64 {
    let head = text.find(word).map_or("", |at| &text[..at]);
    let digits = head.rfind(|c: char| !c.is_ascii_digit()).map_or(head, |at| &head[at + 1..]);
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counter: Counter, line: &str, passed: u64, failed: u64) {
        assert_eq!(counter(line), Counts { passed, failed }, "{line}");
    }

    #[test]
    fn cargo_results_are_read() {
        check(cargo, "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out", 12, 0);
        check(cargo, "test result: FAILED. 3 passed; 10 failed; 0 ignored", 3, 10);
        check(cargo, "test result_is_kept ... ok", 0, 0);
        check(cargo, "12 passed; 3 failed", 0, 0);
    }

    #[test]
    fn pytest_results_are_read() {
        check(pytest, "12 passed in 0.05s", 12, 0);
        check(pytest, "=== 3 failed, 12 passed, 2 warnings, 1 error in 61.05s (0:01:01) ===", 12, 4);
        check(pytest, "2 errors in 0.10s", 0, 2);
        check(pytest, "3 passed the gate", 0, 0);
    }

    #[test]
    fn tap_results_are_read() {
        check(tap, "# pass 7", 7, 0);
        check(tap, "# fail 2", 0, 2);
        check(tap, "# Subtest: pass 3", 0, 0);
        check(tap, "ok 1 - adds", 0, 0);
    }

    #[test]
    fn go_results_are_read_without_subtests() {
        check(go, "--- PASS: TestRealloc (0.00s)", 1, 0);
        check(go, "--- FAIL: TestRealloc (0.00s)", 0, 1);
        check(go, "    --- PASS: TestRealloc/small (0.00s)", 0, 0);
    }
}
