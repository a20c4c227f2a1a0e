//! How host programs of the conformance suite answer requests: one a line, each with a line of JSON.

use std::io::Write;

use serde_json::json;
use wasmtime::Store;
use wasmtime::component::{Component, Linker};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

use crate::instance::{self, State};

/// What a program does with its bindings.
pub trait Program {
    /// A component that runs.
    type Instance;

    /// Gives the component its imports.
    fn link(linker: &mut Linker<State>) -> wasmtime::Result<()>;

    /// Makes an instance.
    fn instantiate(
        store: &mut Store<State>,
        component: &Component,
        linker: &Linker<State>,
    ) -> wasmtime::Result<Self::Instance>;

    /// One step with one value of one type.
    fn run(
        app: &Self::Instance,
        store: &mut Store<State>,
        group: u32,
        value: u32,
        step: u32,
    ) -> wasmtime::Result<Option<String>>;

    /// One call of a function under test.
    fn call(app: &Self::Instance, store: &mut Store<State>, index: u32) -> wasmtime::Result<Option<String>>;
}

struct Live<I> {
    app: I,
    store: Store<State>,
    stderr: MemoryOutputPipe,
}

/// Answers every request.
pub fn serve<P: Program>() -> wasmtime::Result<()> {
    let (component, mut linker) = instance::load()?;
    P::link(&mut linker)?;
    let mut live = None;
    for request in std::io::stdin().lines() {
        let answer = answer::<P>(&request?, &component, &linker, &mut live)?;
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn answer<P: Program>(
    request: &str,
    component: &Component,
    linker: &Linker<State>,
    live: &mut Option<Live<P::Instance>>,
) -> wasmtime::Result<serde_json::Value> {
    let words: Vec<&str> = request.split_whitespace().collect();
    let numbers = words.iter().skip(1).map(|word| word.parse()).collect::<Result<Vec<u32>, _>>()?;
    if words.first() == Some(&"misuse") {
        return Ok(json!({"ended": "skipped", "text": "the compiler refuses it"}));
    }
    let mut started = match live.take() {
        Some(started) => started,
        None => match start::<P>(component, linker) {
            Ok(started) => started,
            Err(error) => {
                let text = format!("the component does not start: {error:#}");
                return Ok(json!({"ended": "trap", "text": text}));
            }
        },
    };
    let Live { app, store, stderr } = &mut started;
    let ended = match (words.first().copied(), numbers.as_slice()) {
        (Some("run"), &[group, value, step]) => P::run(app, store, group, value, step),
        (Some("call"), &[index]) => P::call(app, store, index),
        _ => wasmtime::bail!("no request: {request}"),
    };
    Ok(match ended {
        Ok(None) => {
            *live = Some(started);
            json!({"ended": "well"})
        }
        Ok(Some(text)) => {
            *live = Some(started);
            json!({"ended": "different", "text": text})
        }
        // The instance is lost; the next request gets another.
        Err(error) => json!({"ended": "trap", "text": instance::trap_text(&error, stderr)}),
    })
}

fn start<P: Program>(
    component: &Component,
    linker: &Linker<State>,
) -> wasmtime::Result<Live<P::Instance>> {
    let (mut store, stderr) = instance::store(component.engine());
    let app = P::instantiate(&mut store, component, linker)?;
    Ok(Live { app, store, stderr })
}
