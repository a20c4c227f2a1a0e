//! Scripts in the text format of the component model's own tests: components, calls, and what must come of them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wast::component::WastVal;
use wast::core::{NanPattern, WastArgCore, WastRetCore};
use wast::parser::{ParseBuffer, parse};
use wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet};

/// A file.
pub struct Script {
    pub name: String,
    pub cases: Vec<Case>,
}

/// An instance of a component, and what is called on it.
pub struct Case {
    pub component: Vec<u8>,
    pub calls: Vec<Call>,
}

/// A call.
pub struct Call {
    pub line: usize,
    pub name: String,
    /// The arguments for the JavaScript side.
    pub args: Vec<Value>,
    /// The expected result for the JavaScript side.
    pub value: Value,
    /// The call as `witgen run --invoke` takes it.
    pub wave: String,
    pub expected: Expected,
    /// Whether it means the same on an instance of its own.
    pub stateless: bool,
}

/// What must come of a call.
#[derive(Debug)]
pub enum Expected {
    /// A value in WAVE, or none.
    Value(Option<String>),
    /// A trap with this in its message.
    Trap(String),
}

/// All scripts.
pub fn paths() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../link");
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wast"));
    paths.sort();
    paths
}

impl Script {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|reason| reason.to_string())?;
        let located = |mut error: wast::Error| {
            error.set_text(&text);
            error.set_path(path);
            error.to_string()
        };
        let buffer = ParseBuffer::new(&text).map_err(located)?;
        let script: Wast<'_> = parse(&buffer).map_err(located)?;
        let mut cases: Vec<Case> = Vec::new();
        let mut definition = Vec::new();
        for directive in script.directives {
            let line = directive.span().linecol_in(&text).0 + 1;
            match directive {
                WastDirective::ModuleDefinition(mut module) => definition = encoded(&mut module)?,
                WastDirective::Module(mut module) => {
                    cases.push(Case { component: encoded(&mut module)?, calls: Vec::new() });
                }
                WastDirective::ModuleInstance { .. } => {
                    cases.push(Case { component: definition.clone(), calls: Vec::new() });
                }
                directive => {
                    let case = cases.last_mut().ok_or("a call comes before the first component")?;
                    let stateless = case.calls.is_empty() || !path.ends_with(STATE);
                    case.calls.push(Call { line, stateless, ..call(directive)? });
                }
            }
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, cases })
    }
}

/// The only script whose components remember anything from call to call.
const STATE: &str = "state.wast";

fn encoded(module: &mut QuoteWat<'_>) -> Result<Vec<u8>, String> {
    module.encode().map_err(|error| error.to_string())
}

fn call(directive: WastDirective<'_>) -> Result<Call, String> {
    match directive {
        WastDirective::AssertReturn { exec: WastExecute::Invoke(invoke), results, .. } => {
            let result = match results.into_iter().next() {
                None => None,
                Some(WastRet::Component(value)) => Some(value),
                // Floats look the same to the parser in core and component values.
                Some(WastRet::Core(WastRetCore::F32(NanPattern::Value(value)))) => Some(WastVal::F32(value)),
                Some(WastRet::Core(WastRetCore::F64(NanPattern::Value(value)))) => Some(WastVal::F64(value)),
                Some(_) => return Err("a core value is expected of a component".to_owned()),
            };
            let expected = Expected::Value(result.as_ref().map(wave));
            Ok(Call { value: result.as_ref().map_or(Value::Null, json), ..invoked(invoke, expected)? })
        }
        WastDirective::AssertTrap { exec: WastExecute::Invoke(invoke), message, .. } => {
            invoked(invoke, Expected::Trap(message.to_owned()))
        }
        _ => Err("scripts have components, `assert_return` and `assert_trap` only".to_owned()),
    }
}

fn invoked(invoke: WastInvoke<'_>, expected: Expected) -> Result<Call, String> {
    let argument = |arg| match arg {
        WastArg::Component(value) => Ok(value),
        WastArg::Core(WastArgCore::F32(value)) => Ok(WastVal::F32(value)),
        WastArg::Core(WastArgCore::F64(value)) => Ok(WastVal::F64(value)),
        _ => Err("a core value is given to a component".to_owned()),
    };
    let values = invoke.args.into_iter().map(argument).collect::<Result<Vec<_>, _>>()?;
    let words: Vec<String> = values.iter().map(wave).collect();
    Ok(Call {
        line: 0,
        name: invoke.name.to_owned(),
        args: values.iter().map(json).collect(),
        value: Value::Null,
        wave: format!("{}({})", invoke.name, words.join(", ")),
        expected,
        stateless: true,
    })
}

/// A value as the JavaScript side reads it: an object whose key is the type.
fn json(value: &WastVal<'_>) -> Value {
    let all = |values: &[WastVal<'_>]| values.iter().map(json).collect::<Vec<_>>();
    let optional = |value: &Option<Box<WastVal<'_>>>| value.as_deref().map_or(Value::Null, json);
    match value {
        WastVal::Bool(value) => json!({ "plain": value }),
        WastVal::U8(value) => json!({ "plain": value }),
        WastVal::S8(value) => json!({ "plain": value }),
        WastVal::U16(value) => json!({ "plain": value }),
        WastVal::S16(value) => json!({ "plain": value }),
        WastVal::U32(value) => json!({ "plain": value }),
        WastVal::S32(value) => json!({ "plain": value }),
        WastVal::U64(value) => json!({ "bigint": value.to_string() }),
        WastVal::S64(value) => json!({ "bigint": value.to_string() }),
        WastVal::F32(value) => json!({ "float": float32(value.bits) }),
        WastVal::F64(value) => json!({ "float": float64(value.bits) }),
        WastVal::Char(value) => json!({ "plain": value }),
        WastVal::String(value) => json!({ "plain": value }),
        WastVal::List(values) | WastVal::Tuple(values) => json!({ "list": all(values) }),
        WastVal::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| json!([json(key), json(value)])).collect();
            json!({ "map": entries })
        }
        WastVal::Record(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| json!([name, json(value)])).collect();
            json!({ "record": fields })
        }
        WastVal::Variant(tag, payload) => json!({ "tag": tag, "val": optional(payload) }),
        WastVal::Enum(name) => json!({ "plain": name }),
        WastVal::Option(value) => json!({ "option": optional(value) }),
        WastVal::Result(Ok(value)) => json!({ "tag": "ok", "val": optional(value) }),
        WastVal::Result(Err(value)) => json!({ "tag": "err", "val": optional(value) }),
        WastVal::Flags(names) => json!({ "flags": names }),
    }
}

/// A value in WAVE, as `witgen run` prints it.
fn wave(value: &WastVal<'_>) -> String {
    let joined = |values: &[WastVal<'_>]| values.iter().map(wave).collect::<Vec<_>>().join(", ");
    let payload = |value: &Option<Box<WastVal<'_>>>| {
        value.as_deref().map_or(String::new(), |value| format!("({})", wave(value)))
    };
    match value {
        WastVal::Bool(value) => value.to_string(),
        WastVal::U8(value) => value.to_string(),
        WastVal::S8(value) => value.to_string(),
        WastVal::U16(value) => value.to_string(),
        WastVal::S16(value) => value.to_string(),
        WastVal::U32(value) => value.to_string(),
        WastVal::S32(value) => value.to_string(),
        WastVal::U64(value) => value.to_string(),
        WastVal::S64(value) => value.to_string(),
        WastVal::F32(value) => float32(value.bits),
        WastVal::F64(value) => float64(value.bits),
        WastVal::Char(value) => format!("'{value}'"),
        WastVal::String(value) => format!("\"{value}\""),
        WastVal::List(values) => format!("[{}]", joined(values)),
        WastVal::Tuple(values) => format!("({})", joined(values)),
        WastVal::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("({}, {})", wave(key), wave(value))).collect();
            format!("[{}]", entries.join(", "))
        }
        WastVal::Record(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| format!("{name}: {}", wave(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        WastVal::Variant(tag, value) => format!("{tag}{}", payload(value)),
        WastVal::Enum(name) => (*name).to_owned(),
        WastVal::Option(None) => "none".to_owned(),
        WastVal::Option(Some(value)) => format!("some({})", wave(value)),
        WastVal::Result(Ok(value)) => format!("ok{}", payload(value)),
        WastVal::Result(Err(value)) => format!("err{}", payload(value)),
        WastVal::Flags(names) => format!("{{{}}}", names.join(", ")),
    }
}

fn float32(bits: u32) -> String {
    let value = f32::from_bits(bits);
    if value.is_nan() { "nan".to_owned() } else { value.to_string() }
}

fn float64(bits: u64) -> String {
    let value = f64::from_bits(bits);
    if value.is_nan() { "nan".to_owned() } else { value.to_string() }
}
