//! Scripts: calls of one component, one after the other, for what a single value cannot show.
//!
//! `[[script]]` entries drive the hand-written guest `driver`, whose interface `witgen:testees/steps` has the functions:
//! resources that live from step to step, traps and what comes after them.

use serde::Deserialize;
use witgen_diag::{Diagnostic, Id};

/// A script of a suite.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    pub(crate) name: String,
    /// Texts of [`Step`].
    pub(crate) steps: Vec<String>,
}

/// A call and what it has to do: `add(0, 3) -> 8`, `live()`, `crash("boom") -> trap *boom*`.
///
/// With `other: ` before it, it is made in a second instance of the same component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    pub(crate) other: bool,
    pub(crate) call: &'a str,
    pub(crate) wanted: Wanted<'a>,
}

/// What a step has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted<'a> {
    /// Return nothing.
    Nothing,
    /// Return this, in WAVE.
    Value(&'a str),
    /// Trap with a message that this glob matches.
    Trap(&'a str),
}

impl<'a> Step<'a> {
    /// Takes the text apart.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (other, text) = match text.strip_prefix("other: ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (call, wanted) = match text.rsplit_once(" -> ") {
            Some((call, wanted)) => match wanted.strip_prefix("trap ") {
                Some(glob) => (call, Wanted::Trap(glob)),
                None => (call, Wanted::Value(wanted)),
            },
            None => (text, Wanted::Nothing),
        };
        Self { other, call, wanted }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    script: Vec<Script>,
}

/// Reads a file of scripts.
pub(crate) fn parse(name: &str, text: &str) -> witgen_diag::Result<Vec<Script>> {
    let file: File = toml::from_str(text).map_err(|reason| {
        Diagnostic::error(Id::InvalidVectors, format!("`{name}` holds no scripts")).note(reason.to_string())
    })?;
    Ok(file.script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_say_where_they_run_and_what_they_want() {
        let step = |text| {
            let step = Step::parse(text);
            (step.other, step.call, step.wanted)
        };
        assert_eq!(step("live()"), (false, "live()", Wanted::Nothing));
        assert_eq!(step("add(0, 3) -> 8"), (false, "add(0, 3)", Wanted::Value("8")));
        assert_eq!(step("other: f(\"a -> b\") -> trap *x*"), (true, "f(\"a -> b\")", Wanted::Trap("*x*")));
    }
}
