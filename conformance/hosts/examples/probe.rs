//! Lets a component act with the grants of a file, as `witgen run` does: `probe COMPONENT GRANTS WORD...`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program of tests")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use wasmtime::component::{Component, Linker};
use wasmtime::{Cache, Config, Engine, Result, Store};
use witgen_grants::{Grants, Guard, Monitor};
use witgen_wasi::{State, Stores};

mod bindings {
    include!(concat!(env!("OUT_DIR"), "/acting.rs"));
}

fn main() -> Result<ExitCode> {
    let mut words = std::env::args().skip(1);
    let (component, file) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let file = Path::new(&file);
    let base = file.parent().unwrap_or(Path::new(""));
    let grants = Arc::new(Grants::parse(&std::fs::read_to_string(file)?, base)?);

    let mut config = Config::new();
    Guard::configure(&grants, &mut config);
    config.cache(Some(Cache::from_file(None)?));
    let engine = Engine::new(&config)?;
    let component = Component::from_file(&engine, component)?;
    witgen_wasi::make_images(&component)?;
    let mut linker = Linker::<State>::new(&engine);
    witgen_wasi::add_to_linker(&mut linker)?;

    let monitor = Monitor::new(|what| eprintln!("witgen: {what}"));
    let state = State::new(&grants, monitor, Stores::open(&grants)?, |_| {})?;
    let mut store = Store::new(&engine, state);
    Guard::limit(&mut store);
    let _alarm = Guard::begin(&mut store)?;
    let words: Vec<String> = words.collect();
    let ended = bindings::Acting::instantiate(&mut store, &component, &linker)
        .and_then(|actor| actor.call_act(&mut store, &words));
    Ok(match ended {
        Ok(Ok(found)) => say(&format!("ok({found:?})")),
        Ok(Err(reason)) => say(&format!("err({reason:?})")),
        Err(trap) => {
            let trap = Guard::explain(trap);
            eprintln!("error[trap]: {trap:?}");
            ExitCode::FAILURE
        }
    })
}

fn say(line: &str) -> ExitCode {
    println!("{line}");
    ExitCode::SUCCESS
}
