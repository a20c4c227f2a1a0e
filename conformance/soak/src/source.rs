//! The interface `source`: large data, the same for the same size.

use wasmtime::component::{ComponentType, Lift, Linker, Lower};

/// A row.
#[derive(Clone, ComponentType, Debug, Lift, Lower, PartialEq)]
#[component(record)]
pub(crate) struct Row {
    id: u32,
    name: String,
    values: Vec<f64>,
}

/// Text of so many bytes.
pub(crate) fn text(size: u32) -> String {
    ('a'..='z').cycle().take(size as usize).collect()
}

/// So many bytes.
pub(crate) fn bytes(size: u32) -> Vec<u8> {
    (0..size).map(|index| index as u8).collect()
}

/// So many rows with three values each.
pub(crate) fn rows(count: u32) -> Vec<Row> {
    let row = |id: u32| {
        let start = f64::from(id);
        Row { id, name: format!("Zeile {id} ✓"), values: vec![start, -start / 3.0, f64::INFINITY] }
    };
    (0..count).map(row).collect()
}

/// What a guest has to find when it draws `size`.
pub(crate) fn drawn(size: u32) -> u64 {
    let text = text(size).len() as u64;
    let bytes: u64 = bytes(size).into_iter().map(u64::from).sum();
    let rows: u64 = rows(size / 100).iter().map(|row| u64::from(row.id) + row.values.len() as u64).sum();
    text + bytes + rows
}

/// Provides the interface.
pub(crate) fn link<T: 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    let mut instance = linker.instance("witgen:testees/source")?;
    instance.func_wrap("text", |_, (size,): (u32,)| Ok((text(size),)))?;
    instance.func_wrap("bytes", |_, (size,): (u32,)| Ok((bytes(size),)))?;
    instance.func_wrap("rows", |_, (count,): (u32,)| Ok((rows(count),)))
}
