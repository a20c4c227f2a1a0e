//! Which test programs took longest, read from what cargo and the programs print.

use std::fmt;
use std::path::Path;

/// How many are named.
const SHOWN: usize = 10;

/// The programs that ran, and the seconds that each took.
#[derive(Debug, Default)]
pub struct Slowest {
    current: String,
    programs: Vec<(f64, String)>,
}

impl Slowest {
    /// Takes a line of the output of `cargo test`.
    pub fn read(&mut self, line: &str) {
        if let Some(program) = line.trim_start().strip_prefix("Running ") {
            self.current = source(program);
        } else if let Some((_, seconds)) = line.rsplit_once("; finished in ")
            && let Ok(seconds) = seconds.trim_end_matches('s').parse()
        {
            self.programs.push((seconds, std::mem::take(&mut self.current)));
        }
    }
}

impl fmt::Display for Slowest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<_> = self.programs.iter().collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (seconds, name) in sorted.iter().take(SHOWN) {
            writeln!(f, "{seconds:>8.1} s  {name}")?;
        }
        Ok(())
    }
}

/// The source of a program that cargo names as `tests/lint.rs (target/debug/deps/lint-0123)`.
///
/// Several packages have a `tests/lint.rs`; which one it is says the list of what the program was made of.
fn source(program: &str) -> String {
    let Some((name, path)) = program.trim_end_matches(')').rsplit_once(" (") else {
        return program.to_owned();
    };
    let parts = std::fs::read_to_string(Path::new(path).with_extension("d")).unwrap_or_default();
    let mut paths = parts.split_whitespace().skip(1).map(|path| path.trim_end_matches(':'));
    paths.find(|path| path.ends_with(name.trim_start_matches("unittests "))).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slowest_program_comes_first() {
        let mut slowest = Slowest::default();
        for line in [
            "     Running tests/quick.rs (nowhere/deps/quick-1)",
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.05s",
            "     Running tests/slow.rs (nowhere/deps/slow-2)",
            "test x ... ok",
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 61.50s",
        ] {
            slowest.read(line);
        }
        assert_eq!(slowest.to_string(), "    61.5 s  tests/slow.rs\n     0.1 s  tests/quick.rs\n");
    }

    #[test]
    fn program_is_named_by_its_source() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("lint-1");
        let list = format!("{}: generators/js/tests/lint.rs generators/js/src/lib.rs", program.display());
        std::fs::write(dir.path().join("lint-1.d"), list).unwrap();
        assert_eq!(source(&format!("tests/lint.rs ({})", program.display())), "generators/js/tests/lint.rs");
    }
}
