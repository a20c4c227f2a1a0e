//! Takes the steps of scripts: moves counters between numbered slots, in two instances of one component.
//!
//! `witgen conformance` builds it as a program of its own, beside the same two modules.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display};
use std::io::Write as _;

use serde_json::{Value, json};
use wasmtime::component::ResourceAny;
use wasmtime::{Error, Result, Store, Trap, WasmBacktrace};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

use super::bindings::exports::witgen::conformance::store::{Either, Guest, Pair};
use super::bindings::{Driven, DrivenPre};
use super::instance::{self, State};

/// Answers every request.
///
/// # Errors
///
/// When the component does not fit, or the requests are none.
pub fn serve() -> Result<()> {
    let (component, linker) = instance::load()?;
    let pre = DrivenPre::new(linker.instantiate_pre(&component)?)?;
    let mut sessions = [None, None];
    for request in std::io::stdin().lines() {
        let answer = match request?.strip_prefix("step ") {
            Some(step) => take(&pre, &mut sessions, &serde_json::from_str(step)?)?,
            None => {
                sessions = [None, None];
                json!({"ended": "well"})
            }
        };
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn take(pre: &DrivenPre<State>, sessions: &mut [Option<Session>; 2], step: &Value) -> Result<Value> {
    let [first, second] = sessions;
    let (session, other) = if step["other"] == true { (second, first) } else { (first, second) };
    let started = match session.take() {
        Some(started) => started,
        None => Session::start(pre)?,
    };
    let session = session.insert(started);
    let name = step["name"].as_str().unwrap_or_default();
    let args = Args { values: &step["args"], other: other.as_ref() };
    let came = match session.step(name, &args) {
        Ok(came) => came,
        Err(error) => return answer(error, &session.stderr),
    };
    Ok(match came {
        Some(value) => json!({"ended": "well", "value": value}),
        None => json!({"ended": "well"}),
    })
}

/// How a step failed; what is no error of the bindings ends the program.
fn answer(error: Error, stderr: &MemoryOutputPipe) -> Result<Value> {
    let is_of_guest = error.is::<Trap>() || error.is::<WasmBacktrace>();
    Ok(match error.downcast_ref::<Trap>() {
        Some(Trap::CannotEnterComponent) => json!({"ended": "over", "text": format!("{error:#}")}),
        _ if is_of_guest => json!({"ended": "trap", "text": instance::trap_text(&error, stderr)}),
        _ if error.is::<Wrong>() => return Err(error),
        _ => json!({"ended": "refused", "text": format!("{error:#}")}),
    })
}

/// The request is none.
#[derive(Debug)]
struct Wrong(String);

impl Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

fn wrong(what: impl Display) -> Error {
    Error::new(Wrong(what.to_string()))
}

/// The arguments of a step, and the instance that it is not taken in.
struct Args<'a> {
    values: &'a Value,
    other: Option<&'a Session>,
}

impl Args<'_> {
    fn number(&self, index: usize) -> Result<u32> {
        number(&self.values[index])
    }

    fn numbers(&self, index: usize) -> Result<Vec<u32>> {
        let values = self.values[index].as_array().ok_or_else(|| wrong(self.values))?;
        values.iter().map(number).collect()
    }

    fn text(&self, index: usize) -> Result<&str> {
        self.values[index].as_str().ok_or_else(|| wrong(self.values))
    }
}

fn number(value: &Value) -> Result<u32> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| wrong(value))
}

/// An instance and what it has in its slots.
struct Session {
    app: Driven,
    store: Store<State>,
    stderr: MemoryOutputPipe,
    slots: Slots,
}

/// Counters by the numbers of their slots.
#[derive(Default)]
struct Slots(BTreeMap<u32, ResourceAny>);

impl Slots {
    fn at(&self, slot: u32) -> Result<ResourceAny> {
        self.0.get(&slot).copied().ok_or_else(|| wrong(format!("slot {slot} is empty")))
    }

    /// In the slot that is the first argument.
    fn first(&self, args: &Args<'_>) -> Result<ResourceAny> {
        self.at(args.number(0)?)
    }

    fn all(&self, slots: &[u32]) -> Result<Vec<ResourceAny>> {
        slots.iter().map(|slot| self.at(*slot)).collect()
    }

    fn take(&mut self, slot: u32) -> Result<ResourceAny> {
        let counter = self.at(slot)?;
        self.0.remove(&slot);
        Ok(counter)
    }

    fn take_pair(&mut self, left: u32, right: u32, name: &str) -> Result<Pair> {
        Ok(Pair { left: self.take(left)?, right: self.take(right)?, name: name.to_owned() })
    }
}

impl Session {
    fn start(pre: &DrivenPre<State>) -> Result<Self> {
        let (mut store, stderr) = instance::store(pre.engine());
        let app = pre.instantiate(&mut store)?;
        Ok(Self { app, store, stderr, slots: Slots::default() })
    }

    fn put(&mut self, slot: u32, counter: ResourceAny) -> Result<()> {
        match self.slots.0.insert(slot, counter) {
            Some(before) => before.resource_drop(&mut self.store),
            None => Ok(()),
        }
    }

    fn api(&self) -> Guest {
        self.app.witgen_conformance_store().clone()
    }

    /// Takes a step, and gives its value in WAVE.
    fn step(&mut self, name: &str, args: &Args<'_>) -> Result<Option<String>> {
        let api = self.api();
        let counter = api.counter();
        Ok(match name {
            "create" => {
                let made = counter.call_constructor(&mut self.store, args.number(1)?)?;
                self.put(args.number(0)?, made)?;
                None
            }
            "add" => shown(counter.call_add(&mut self.store, self.slots.first(args)?, args.number(1)?)?),
            "value" => shown(counter.call_value(&mut self.store, self.slots.first(args)?)?),
            "checked" => {
                let came = counter.call_checked(&mut self.store, self.slots.first(args)?, args.number(1)?)?;
                result(came.map(shown))
            }
            "close" => {
                counter.call_close(&mut self.store, self.slots.first(args)?)?;
                None
            }
            "history" => shown(counter.call_list(&mut self.store, self.slots.first(args)?)?),
            "merge" => {
                let (left, right) = (self.slots.first(args)?, self.slots.take(args.number(1)?)?);
                let merged = counter.call_merge(&mut self.store, left, right)?;
                self.put(args.number(2)?, merged)?;
                None
            }
            "parse" => {
                let came = counter.call_parse(&mut self.store, args.text(0)?)?;
                self.keep(args.number(1)?, came)?
            }
            "release" => {
                let counter = self.slots.take(args.number(0)?)?;
                counter.resource_drop(&mut self.store)?;
                None
            }
            "crash" => {
                self.app.call_fail(&mut self.store, args.text(0)?)?;
                None
            }
            _ => return self.step_with_functions(name, args),
        })
    }

    /// Steps with functions that are no methods.
    fn step_with_functions(&mut self, name: &str, args: &Args<'_>) -> Result<Option<String>> {
        let api = self.api();
        Ok(match name {
            "enter" => result(self.enter(args.text(0)?, args.number(1)?)?),
            "make" => {
                let came = api.call_make(&mut self.store, args.number(0)?)?;
                self.keep(args.number(1)?, came)?
            }
            "total" => shown(api.call_total(&mut self.store, &self.slots.all(&args.numbers(0)?)?)?),
            "swap" => {
                let (left, right) = (args.number(0)?, args.number(1)?);
                let pair = self.slots.take_pair(left, right, args.text(2)?)?;
                let pair = api.call_swap(&mut self.store, &pair)?;
                self.put(left, pair.left)?;
                self.put(right, pair.right)?;
                shown(pair.name)
            }
            "pick-one" => {
                let either = Either::One(self.slots.take(args.number(0)?)?);
                self.pick(args.number(0)?, &either)?
            }
            "pick-two" => {
                let either = Either::Two(self.slots.take_pair(args.number(0)?, args.number(1)?, "")?);
                self.pick(args.number(0)?, &either)?
            }
            "pick-none" => self.pick(0, &Either::None)?,
            "several" => {
                let made = api.call_several(&mut self.store, args.number(0)?)?;
                let numbers: Vec<u32> = made.iter().map(|(number, _)| *number).collect();
                for ((_, counter), slot) in made.into_iter().zip(args.number(1)?..) {
                    self.put(slot, counter)?;
                }
                shown(numbers)
            }
            "live" => shown(api.call_live(&mut self.store)?),
            _ => return self.step_with_users(name, args),
        })
    }

    /// Steps with functions of the third component.
    fn step_with_users(&mut self, name: &str, args: &Args<'_>) -> Result<Option<String>> {
        let users = self.app.witgen_conformance_store_users().clone();
        Ok(match name {
            "look" => shown(users.call_look(&mut self.store, self.slots.first(args)?)?),
            "look-at-all" => {
                shown(users.call_look_at_all(&mut self.store, &self.slots.all(&args.numbers(0)?)?)?)
            }
            "exchange" => {
                let slot = args.number(0)?;
                let counter = self.slots.take(slot)?;
                let came = users.call_exchange(&mut self.store, counter)?;
                let is_ok = came.is_ok();
                let (Ok(counter) | Err(counter)) = came;
                self.put(slot, counter)?;
                shown(is_ok)
            }
            "unpack" => {
                let pair = self.slots.take_pair(args.number(0)?, args.number(1)?, "")?;
                let (left, right) = users.call_unpack(&mut self.store, &pair)?;
                self.put(args.number(0)?, left)?;
                self.put(args.number(1)?, right)?;
                None
            }
            _ => {
                self.misuse(name, args)?;
                None
            }
        })
    }

    fn misuse(&mut self, name: &str, args: &Args<'_>) -> Result<()> {
        let api = self.api();
        let of_other = || match args.other {
            Some(other) => other.slots.at(args.number(0)?),
            None => Err(wrong("there is no other instance")),
        };
        match name {
            "drop" => self.slots.first(args)?.resource_drop(&mut self.store),
            "give" => self.give(self.slots.first(args)?),
            "give-twice" => {
                let counter = self.slots.first(args)?;
                let pair = Pair { left: counter, right: counter, name: String::new() };
                api.call_swap(&mut self.store, &pair).map(drop)
            }
            "lend-and-give" => {
                let counter = self.slots.first(args)?;
                api.counter().call_merge(&mut self.store, counter, counter).map(drop)
            }
            "lend-of-other" => api.call_total(&mut self.store, &[of_other()?]).map(drop),
            "give-of-other" => self.give(of_other()?),
            "lend-gate" => {
                let gate = self.gate("open")?.map_err(wrong)?;
                let came = api.call_total(&mut self.store, &[gate]);
                let dropped = gate.resource_drop(&mut self.store);
                came.and(dropped)
            }
            "give-gate" => {
                let gate = self.gate("open")?.map_err(wrong)?;
                let came = self.give(gate);
                let dropped = gate.resource_drop(&mut self.store);
                came.and(dropped)
            }
            _ => Err(wrong(format!("there is no step `{name}`"))),
        }
    }

    fn keep(&mut self, slot: u32, came: Result<ResourceAny, String>) -> Result<Option<String>> {
        let kept = match came {
            Ok(counter) => Ok(self.put(slot, counter)?),
            Err(message) => Err(message),
        };
        Ok(result(kept.map(|()| None)))
    }

    fn pick(&mut self, slot: u32, either: &Either) -> Result<Option<String>> {
        let came = self.api().call_pick(&mut self.store, either)?;
        self.keep(slot, came)
    }

    fn gate(&mut self, key: &str) -> Result<Result<ResourceAny, String>> {
        self.api().gate().call_constructor(&mut self.store, key)
    }

    fn enter(&mut self, key: &str, slot: u32) -> Result<Result<Option<String>, String>> {
        let gate = match self.gate(key)? {
            Ok(gate) => gate,
            Err(message) => return Ok(Err(message)),
        };
        let counter = self.slots.take(slot)?;
        let back = self.api().gate().call_enter(&mut self.store, gate, counter)?;
        gate.resource_drop(&mut self.store)?;
        if let Some(counter) = back {
            self.put(slot, counter)?;
        }
        Ok(Ok(shown(back.is_some())))
    }

    /// Gives a counter away, and drops what comes back.
    fn give(&mut self, counter: ResourceAny) -> Result<()> {
        let gate = self.gate("open")?.map_err(wrong)?;
        let back = self.api().gate().call_enter(&mut self.store, gate, counter);
        let dropped = gate.resource_drop(&mut self.store);
        let back = back?;
        dropped?;
        match back {
            Some(counter) => counter.resource_drop(&mut self.store),
            None => Ok(()),
        }
    }
}

/// WAVE writes numbers, texts and lists of them as Rust does.
fn shown(value: impl Debug) -> Option<String> {
    Some(format!("{value:?}"))
}

fn result(value: Result<Option<String>, String>) -> Option<String> {
    Some(match value {
        Ok(None) => "ok".to_owned(),
        Ok(Some(value)) => format!("ok({value})"),
        Err(message) => format!("err({message:?})"),
    })
}
