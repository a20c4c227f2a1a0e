//! Scripts: calls of one component, one after the other, for what a single value cannot show.
//!
//! `[[script]]` entries drive the hand-written guest `driver`, whose interface `witgen:testees/steps` has the functions:
//! resources that live from step to step, traps and what comes after them.
//! In the cells of a host language, a program by hand takes the same steps, and those of `witgen:testees/misuses`.

use serde::Deserialize;
use serde_json::{Value, json};
use wasm_wave::ast::{Node, NodeType};
use wasm_wave::untyped::UntypedFuncCall;
use wildmatch::WildMatch;
use witgen_diag::{Diagnostic, Id};

use crate::engine::Ended;

/// A script of a suite.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    pub(crate) name: String,
    /// Texts of [`Step`].
    pub(crate) steps: Vec<String>,
}

/// A call and what it has to do: `add(0, 3) -> 8`, `live()`, `crash("boom") -> trap *boom*`, `live() -> over`.
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
    /// Not be made, because the instance has trapped before.
    Over,
    /// Be refused by the host before the guest is entered.
    Refused,
    /// Be refused, or return nothing.
    RefusedOrNothing,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// It returned; the value in WAVE.
    Value(Option<String>),
    /// It trapped with this message.
    Trap(String),
    /// The instance had trapped before.
    Over(String),
    /// The host refused it.
    Refused(String),
    /// The language has no way to say it.
    Skipped(String),
    /// What should take it does not work.
    Broken(String),
}

impl std::fmt::Display for Came {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(Some(text)) => formatter.write_str(text),
            Self::Value(None) => formatter.write_str("nothing"),
            Self::Trap(text) => formatter.write_str(text),
            Self::Over(text) => write!(formatter, "over: {text}"),
            Self::Refused(text) => write!(formatter, "refused: {text}"),
            Self::Skipped(text) | Self::Broken(text) => formatter.write_str(text),
        }
    }
}

impl std::fmt::Display for Wanted<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => formatter.write_str("nothing"),
            Self::Value(text) => formatter.write_str(text),
            Self::Trap(glob) => write!(formatter, "a trap like `{glob}`"),
            Self::Over => formatter.write_str("an instance that is over"),
            Self::Refused => formatter.write_str("an error of the host"),
            Self::RefusedOrNothing => formatter.write_str("an error of the host, or nothing"),
        }
    }
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
                None => (call, Wanted::named(wanted)),
            },
            None => (text, Wanted::Nothing),
        };
        Self { other, call, wanted }
    }

    /// What comes of a step that came to this.
    pub(crate) fn judge(&self, came: &Came) -> Ended {
        let is_wanted = match (self.wanted, came) {
            (_, Came::Skipped(reason)) => return Ended::Skipped(reason.clone()),
            (_, Came::Broken(reason)) => return Ended::Broken(format!("`{}`: {reason}", self.call)),
            (Wanted::Nothing | Wanted::RefusedOrNothing, Came::Value(None)) => true,
            (Wanted::Value(wanted), Came::Value(Some(got))) => got == wanted,
            (Wanted::Trap(glob), Came::Trap(said)) => WildMatch::new(glob).matches(said),
            (Wanted::Over, Came::Over(_)) => true,
            (Wanted::Refused | Wanted::RefusedOrNothing, Came::Refused(_)) => true,
            _ => false,
        };
        if is_wanted {
            return Ended::Well;
        }
        let text = format!("`{}`: got {came}, wanted {}", self.call, self.wanted);
        if matches!(came, Came::Trap(_)) { Ended::Trap(text) } else { Ended::Different(text) }
    }

    /// What a host program is sent: `{"name": "add", "args": [0, 3], "other": false}`.
    ///
    /// # Errors
    ///
    /// Why the call is none.
    pub(crate) fn request(&self) -> Result<Value, String> {
        let call = UntypedFuncCall::parse(self.call).map_err(|reason| reason.to_string())?;
        let args = match call.params_node() {
            Some(params) => {
                let params = params.as_tuple().map_err(|reason| reason.to_string())?;
                params.map(|param| argument(param, call.source())).collect::<Result<_, _>>()?
            }
            None => Vec::new(),
        };
        Ok(json!({"name": call.name(), "args": args, "other": self.other}))
    }
}

impl<'a> Wanted<'a> {
    fn named(text: &'a str) -> Self {
        match text {
            "over" => Self::Over,
            "refused" => Self::Refused,
            "refused or nothing" => Self::RefusedOrNothing,
            value => Self::Value(value),
        }
    }
}

/// A number, a text or a list of them; steps have no other arguments.
fn argument(node: &Node, source: &str) -> Result<Value, String> {
    let text = |reason: wasm_wave::parser::ParserError| reason.to_string();
    match node.ty() {
        NodeType::Number => Ok(node.as_number::<u32>(source).map_err(text)?.into()),
        NodeType::String => Ok(node.as_str(source).map_err(text)?.into()),
        NodeType::List => node.as_list().map_err(text)?.map(|item| argument(item, source)).collect(),
        other => Err(format!("an argument is {other:?}")),
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
        assert_eq!(step("live() -> over").2, Wanted::Over);
        assert_eq!(step("value(0) -> refused").2, Wanted::Refused);
        assert_eq!(step("drop(0) -> refused or nothing").2, Wanted::RefusedOrNothing);
    }

    #[test]
    fn host_is_sent_the_call_as_json() {
        let request = |text| Step::parse(text).request().map(|request| request.to_string());
        assert_eq!(request("live() -> 0").unwrap(), r#"{"args":[],"name":"live","other":false}"#);
        let swap = r#"{"args":[0,1,"a\"b\n"],"name":"look-at","other":true}"#;
        assert_eq!(request(r#"other: look-at(0, 1, "a\"b\n")"#).unwrap(), swap);
        assert_eq!(request("total([0, 1])").unwrap(), r#"{"args":[[0,1]],"name":"total","other":false}"#);
        assert!(request("total(-1)").is_err() && request("total(").is_err() && request("total(x)").is_err());
    }

    #[test]
    fn only_what_is_wanted_is_well() {
        let came = |step, came: Came| Step::parse(step).judge(&came);
        let text = |text: &str| text.to_owned();
        let value = |text: &str| Came::Value(Some(text.to_owned()));
        assert_eq!(came("live() -> 0", value("0")), Ended::Well);
        assert_eq!(came("live() -> 0", value("1")), Ended::Different(text("`live()`: got 1, wanted 0")));
        assert_eq!(came("f()", Came::Value(None)), Ended::Well);
        assert_ne!(came("f()", value("0")), Ended::Well);
        assert_eq!(came("f() -> trap *boom*", Came::Trap(text("a boom"))), Ended::Well);
        assert!(matches!(came("f() -> trap *boom*", Came::Trap(text("bang"))), Ended::Trap(_)));
        assert_ne!(came("f() -> trap *", Came::Over(text("cannot enter"))), Ended::Well);
        assert_eq!(came("f() -> over", Came::Over(text("cannot enter"))), Ended::Well);
        assert_ne!(came("f() -> over", Came::Trap(text("cannot enter"))), Ended::Well);
        assert_ne!(came("f() -> over", Came::Refused(String::new())), Ended::Well);
        assert_eq!(came("f() -> refused", Came::Refused(String::new())), Ended::Well);
        assert_ne!(came("f() -> refused", Came::Value(None)), Ended::Well);
        assert_ne!(came("f() -> refused", Came::Trap(String::new())), Ended::Well);
        assert_eq!(came("f() -> refused or nothing", Came::Refused(String::new())), Ended::Well);
        assert_eq!(came("f() -> refused or nothing", Came::Value(None)), Ended::Well);
        assert_ne!(came("f() -> refused or nothing", value("0")), Ended::Well);
        assert_eq!(came("f() -> refused", Came::Skipped(text("no"))), Ended::Skipped(text("no")));
        assert_eq!(came("f()", Came::Broken(text("no"))), Ended::Broken(text("`f()`: no")));
    }
}
