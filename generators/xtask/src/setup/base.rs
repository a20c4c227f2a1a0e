//! The toolchains that a machine must bring along, and their versions.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::Outcome;
use crate::process;

/// A program of the machine and the version it says it has.
pub struct Found {
    pub path: PathBuf,
    pub version: Vec<u32>,
}

/// Looks for `program` on `PATH`, at least of version `minimum`. The inner error is a skip that says what to do.
pub fn find(
    program: &str,
    version_argument: &str,
    minimum: &str,
    install: &str,
) -> Result<Result<Found, Outcome>> {
    let Some(path) = process::find(program) else {
        return Ok(Err(Outcome::Skipped(format!("{program} not found (install: {install})"))));
    };
    let text = process::output(Command::new(&path).arg(version_argument))?;
    let version = version_in(&text);
    if version < numbers(minimum) {
        let found = text.trim();
        return Ok(Err(Outcome::Skipped(format!("{found} is older than {minimum} (install: {install})"))));
    }
    Ok(Ok(Found { path, version }))
}

/// The first run of numbers with dots: `go version go1.26.8 linux/amd64` gives 1, 26, 8.
fn version_in(text: &str) -> Vec<u32> {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    numbers(&rest[..end])
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_tools_print() {
        assert_eq!(version_in("go version go1.26.8 linux/amd64"), [1, 26, 8]);
        assert_eq!(version_in("v22.3.0\n"), [22, 3, 0]);
        assert_eq!(version_in("Python 3.14.0rc2"), [3, 14, 0]);
        assert!(version_in("no number").is_empty());
        assert!(numbers("1.9") < numbers("1.25"));
    }

    #[test]
    fn a_missing_tool_says_how_to_get_it() {
        let Ok(Err(Outcome::Skipped(why))) = find("witgen-no-such", "--version", "1", "see the manual")
        else {
            panic!("a missing tool must be skipped");
        };
        assert_eq!(why, "witgen-no-such not found (install: see the manual)");
    }

    #[test]
    fn a_tool_that_is_too_old_says_so() {
        let Ok(Err(Outcome::Skipped(why))) = find("cargo", "--version", "1000", "see the manual") else {
            panic!("an old tool must be skipped");
        };
        assert!(why.contains("is older than 1000"), "{why}");
    }
}
