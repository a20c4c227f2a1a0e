// What both ways run; included twice.

use std::hint::black_box;

use bindings::exports::witgen::bench::calls::{Row, Shape};
use bindings::{Bench, BenchPre};
use wasmtime::Store;
use wasmtime::component::{Component, HasSelf, Linker};

struct Host;

impl bindings::witgen::bench::host::Host for Host {
    fn scalar(&mut self, left: u32, right: u32) -> u32 {
        left.wrapping_add(right)
    }

    fn text(&mut self, value: String) -> String {
        value
    }

    fn swap(&mut self, text: String, data: Vec<u8>) -> (String, Vec<u8>) {
        (text, data)
    }
}

/// The operations, each on an instance of its own.
pub fn operations(component: &Component) -> wasmtime::Result<Vec<crate::Operation>> {
    let mut linker = Linker::<Host>::new(component.engine());
    Bench::add_to_linker::<_, HasSelf<_>>(&mut linker, |host| host)?;
    let pre = BenchPre::new(linker.instantiate_pre(component)?)?;
    let mut found: Vec<crate::Operation> = Vec::new();
    macro_rules! operation {
        ($title:literal, |$calls:ident, $store:ident| $call:expr) => {{
            let mut $store = Store::new(component.engine(), Host);
            let instance = pre.instantiate(&mut $store)?;
            found.push((
                $title,
                Box::new(move |count| {
                    let $calls = instance.witgen_bench_calls();
                    for _ in 0..count {
                        let $store = &mut $store;
                        let _ = black_box($call);
                    }
                }),
            ));
        }};
    }
    let text: &str = "x".repeat(100_000).leak();
    let data: &[u8] = vec![0_u8; 1 << 20].leak();
    let numbers: &[u32] = (0..100_000).collect::<Vec<u32>>().leak();
    let row = |id| Row { id, name: format!("name-{id}"), score: f64::from(id) * 0.5 };
    let rows: &[Row] = (0..1000).map(row).collect::<Vec<_>>().leak();
    operation!("nop", |calls, store| calls.call_nop(store).unwrap());
    operation!("add", |calls, store| calls.call_add(store, 1, 2).unwrap());
    operation!("string 10 B", |calls, store| calls.call_echo_string(store, &text[..10]).unwrap());
    operation!("string 1 kB", |calls, store| calls.call_echo_string(store, &text[..1000]).unwrap());
    operation!("string 100 kB", |calls, store| calls.call_echo_string(store, text).unwrap());
    operation!("bytes 1 MiB", |calls, store| calls.call_echo_bytes(store, data).unwrap());
    operation!("list<u32> 100k", |calls, store| calls.call_echo_numbers(store, numbers).unwrap());
    operation!("1000 records", |calls, store| calls.call_echo_rows(store, rows).unwrap());
    operation!("variant", |calls, store| calls.call_echo_shape(store, Shape::Circle(0.5)).unwrap());
    operation!("option", |calls, store| calls.call_echo_option(store, Some(5)).unwrap());
    operation!("option<option>", |calls, store| calls.call_echo_nested(store, Some(Some(5))).unwrap());
    operation!("result ok", |calls, store| calls.call_divide(store, 7, 2).unwrap());
    operation!("result raised", |calls, store| calls.call_divide(store, 7, 0).unwrap());
    operation!("import scalar", |calls, store| calls.call_call_scalar(store, 1, 2).unwrap());
    operation!("import string + bytes 10 B", |calls, store| {
        calls.call_call_swap(store, &text[..10], &data[..10]).unwrap()
    });
    operation!("import string + bytes 1 MiB", |calls, store| {
        calls.call_call_swap(store, &text[..10], data).unwrap()
    });
    operation!("resource new, call, drop", |calls, store| {
        let counters = calls.counter();
        let counter = counters.call_constructor(&mut *store, 7).unwrap();
        black_box(counters.call_value(&mut *store, counter).unwrap());
        counter.resource_drop(store).unwrap();
    });
    let mut store = Store::new(component.engine(), Host);
    let instance = pre.instantiate(&mut store)?;
    let counter = instance.witgen_bench_calls().counter().call_constructor(&mut store, 7)?;
    found.push((
        "method call",
        Box::new(move |count| {
            let counters = instance.witgen_bench_calls().counter();
            for _ in 0..count {
                black_box(counters.call_value(&mut store, counter).unwrap());
            }
        }),
    ));
    let engine = component.engine().clone();
    found.push((
        "instantiate",
        Box::new(move |count| {
            for _ in 0..count {
                black_box(pre.instantiate(&mut Store::new(&engine, Host)).unwrap());
            }
        }),
    ));
    Ok(found)
}
