//! Typed calls in Rust on `conformance/bench/python/calls.wat`, with the engine that the Python
//! host has: what the benchmarks of that compare with. Prints nanoseconds per call as JSON.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Instant;

use wasmtime::component::{Component, ComponentType, Lift, Linker, Lower, ResourceAny};
use wasmtime::{Config, Engine, Result, Store};

#[derive(ComponentType, Lift, Lower, Clone)]
#[component(record)]
struct Row {
    id: u32,
    name: String,
    score: f64,
}

#[derive(ComponentType, Lift, Lower, Clone)]
#[component(variant)]
#[allow(dead_code, reason = "the component has these cases")]
enum Shape {
    #[component(name = "circle")]
    Circle(f64),
    #[component(name = "square")]
    Square(u32),
    #[component(name = "none")]
    None,
}

/// Seconds that this thread has computed, which other programs disturb less than the clock.
fn now() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let computed = stat.and_then(|stat| stat.split(' ').next()?.parse::<f64>().ok());
    computed.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The median of several rounds.
fn measure(mut call: impl FnMut()) -> f64 {
    let mut count = 1_u32;
    loop {
        let start = now();
        (0..count).for_each(|_| call());
        if now() - start > 0.01 {
            break;
        }
        count *= 2;
    }
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let start = now();
            (0..count).for_each(|_| call());
            (now() - start) / f64::from(count) * 1e9
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.concurrency_support(false);
    config.signals_based_traps(false);
    Engine::new(&config)
}

fn main() -> Result<()> {
    let path = std::env::args().nth(1).unwrap();
    let engine = engine()?;
    let wasm = wat::parse_file(path)?;
    let component = Component::new(&engine, wasm)?;
    let mut linker = Linker::<()>::new(&engine);
    let mut root = linker.root();
    root.func_wrap("scalar", |_, (left, right): (u32, u32)| Ok((left.wrapping_add(right),)))?;
    root.func_wrap("swap", |_, pair: (String, Vec<u8>)| Ok((pair,)))?;
    let pre = linker.instantiate_pre(&component)?;
    let mut store = Store::new(&engine, ());
    let instance = pre.instantiate(&mut store)?;

    let mut rows = Vec::new();
    macro_rules! row {
        ($title:expr, $name:literal, $params:ty, $result:ty, $arguments:expr) => {{
            let function = instance.get_typed_func::<$params, $result>(&mut store, $name)?;
            let time = measure(|| {
                let _ = black_box(function.call(&mut store, $arguments).unwrap());
            });
            rows.push(($title, time));
        }};
    }
    let text = "x".repeat(100_000);
    let data = vec![0_u8; 1 << 20];
    let numbers: Vec<u32> = (0..100_000).collect();
    let records: Vec<Row> =
        (0..1000).map(|id| Row { id, name: format!("name-{id}"), score: f64::from(id) * 0.5 }).collect();
    row!("nop", "nop", (), (), ());
    row!("add", "add", (u32, u32), (u32,), (1, 2));
    row!("string 10 B", "echo-string", (&str,), (String,), (&text[..10],));
    row!("string 1 kB", "echo-string", (&str,), (String,), (&text[..1000],));
    row!("string 100 kB", "echo-string", (&str,), (String,), (&text,));
    row!("bytes 1 MiB", "echo-bytes", (&[u8],), (Vec<u8>,), (&data,));
    row!("list<u32> 100k", "echo-numbers", (&[u32],), (Vec<u32>,), (&numbers,));
    row!("list<u32> 100k, array to view", "echo-numbers", (&[u32],), (Vec<u32>,), (&numbers,));
    row!("1000 records", "echo-rows", (&[Row],), (Vec<Row>,), (&records,));
    row!("variant", "echo-shape", (&Shape,), (Shape,), (&Shape::Circle(0.5),));
    row!("option<option>", "echo-option", (Option<Option<u32>>,), (Option<Option<u32>>,), (Some(Some(5)),));
    row!("result ok", "divide", (u32, u32), (Result<u32, String>,), (7, 2));
    row!("result raised", "divide", (u32, u32), (Result<u32, String>,), (7, 0));
    row!("import scalar", "call-scalar", (u32, u32), (u32,), (1, 2));
    row!(
        "import string + bytes 10 B",
        "call-swap",
        (&str, &[u8]),
        ((String, Vec<u8>),),
        (&text[..10], &data[..10])
    );
    row!(
        "import string + bytes 1 MiB",
        "call-swap",
        (&str, &[u8]),
        ((String, Vec<u8>),),
        (&text[..10], &data)
    );

    let make = instance.get_typed_func::<(u32,), (ResourceAny,)>(&mut store, "[constructor]counter")?;
    let value = instance.get_typed_func::<(ResourceAny,), (u32,)>(&mut store, "[method]counter.value")?;
    let time = measure(|| {
        let (counter,) = make.call(&mut store, (7,)).unwrap();
        black_box(value.call(&mut store, (counter,)).unwrap());
        counter.resource_drop(&mut store).unwrap();
    });
    rows.push(("resource new, call, drop", time));
    let (counter,) = make.call(&mut store, (7,))?;
    let time = measure(|| {
        black_box(value.call(&mut store, (counter,)).unwrap());
    });
    rows.push(("method call", time));
    let time = measure(|| {
        let mut store = Store::new(&engine, ());
        black_box(pre.instantiate(&mut store).unwrap());
    });
    rows.push(("instantiate", time));
    let rows: Vec<String> = rows.iter().map(|(title, time)| format!("\"{title}\": {time:.1}")).collect();
    println!("{{{}}}", rows.join(", "));
    Ok(())
}
