//! Measures calls of the component `bench` with witgen's bindings and with those of `bindgen!`, in this one process.
//!
//! Its argument is the component, which `cargo xtask bench rust-host` makes; it prints JSON: the operations with
//! nanoseconds of CPU for each way, medians of several rounds, in which the two take turns.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use wasmtime::component::Component;
use wasmtime::{Config, Engine, Result};

/// With the bindings of `witgen rust --host`.
mod ours {
    mod bindings {
        include!(concat!(env!("OUT_DIR"), "/bench.rs"));
    }
    include!("operations.rs");
}

/// With those of wasmtime's macro.
mod theirs {
    mod bindings {
        wasmtime::component::bindgen!({ path: "../bench/js/wit", world: "bench" });
    }
    include!("operations.rs");
}

/// How long a round takes, in seconds.
const ROUND: f64 = 0.02;

/// What an operation is called, and what does it a number of times.
type Operation = (&'static str, Box<dyn FnMut(u32)>);

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let path = words.next().unwrap();
    let rounds = words.next().map_or(21, |word| word.parse().unwrap());
    let mut config = Config::new();
    // As the host for Python has it, which is compared with the same figures.
    config.concurrency_support(false).signals_based_traps(false);
    let engine = Engine::new(&config)?;
    let component = Component::from_file(&engine, path)?;
    let mut times = Vec::new();
    for (ours, theirs) in ours::operations(&component)?.into_iter().zip(theirs::operations(&component)?) {
        let (title, mut ours) = ours;
        let (_, mut theirs) = theirs;
        let [ours, theirs] = measure([&mut *ours, &mut *theirs], rounds);
        times.push(serde_json::json!([title, { "witgen": ours, "bindgen": theirs }]));
    }
    println!("{}", serde_json::Value::Array(times));
    Ok(())
}

/// Nanoseconds of a call: medians of rounds that take turns.
fn measure(ways: [&mut dyn FnMut(u32); 2], rounds: usize) -> [f64; 2] {
    let mut count = 1_u32;
    loop {
        let start = now();
        ways[0](count);
        if now() - start > ROUND {
            break;
        }
        count *= 2;
    }
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds * 2 {
        // What runs first in one round is second in the next.
        for way in [round % 2, (round + 1) % 2] {
            let start = now();
            ways[way](count);
            times[way].push((now() - start) / f64::from(count) * 1e9);
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    })
}

/// Seconds that this thread has computed, which other programs disturb less than the clock.
fn now() -> f64 {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap();
    Duration::from(time).as_secs_f64()
}
