//! A component, compiled and linked, with room for as many instances as run at a time.

use std::path::Path;

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, PoolingAllocationConfig};
use wasmtime_wasi_http::p2::bindings::sync::ProxyPre;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_wasi::State;

use super::ServeOptions;
use crate::{engine, guest, load};

const HANDLER: &str = "wasi:http/incoming-handler@0.2.";

/// Bytes of each memory that stay with a slot of the pool, so that the next instance does not fault them in.
const RESIDENT: usize = 256 << 10;

/// Elements of a table, which components of common languages do not exceed.
const ELEMENTS: usize = 20_000;

/// What every instance is made of.
pub(super) fn prepare(path: &Path, options: &ServeOptions) -> Result<ProxyPre<State>> {
    let bytes = load::read(path)?;
    let engine = engine::new(&options.cache, &options.grants)?;
    let component = load::compile(&engine, path, &bytes)?;
    require_handler(&engine, &component, path)?;
    match pooled(&component, options) {
        Some(component) => link(&component, path),
        None => link(&component, path),
    }
}

/// The component for an engine with a pool; none where it does not fit one.
fn pooled(component: &Component, options: &ServeOptions) -> Option<Component> {
    let needs = component.resources_required()?;
    let many = |each: u32| u32::try_from(options.concurrency).ok()?.checked_mul(each);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_memories(many(needs.num_memories)?);
    pool.total_tables(many(needs.num_tables)?);
    pool.total_component_instances(many(1)?);
    // Nothing is kept for them, and there is no count of those that a composed component has.
    pool.total_core_instances(u32::MAX);
    pool.table_elements(needs.max_initial_table_size.map_or(0, |size| size as usize * 2).max(ELEMENTS));
    pool.linear_memory_keep_resident(RESIDENT);
    pool.table_keep_resident(RESIDENT);
    let engine = engine::pooled(&options.grants, pool).ok()?;
    let code = component.serialize().ok()?;
    deserialize(&engine, &code)
}

#[expect(unsafe_code, reason = "the code was compiled here a moment ago")]
fn deserialize(engine: &Engine, code: &[u8]) -> Option<Component> {
    // SAFETY: `code` comes from `Component::serialize` in this process.
    unsafe { Component::deserialize(engine, code) }.ok()
}

fn link(component: &Component, path: &Path) -> Result<ProxyPre<State>> {
    let linker: Linker<State> = guest::linker(component, path)?;
    let invalid = |error: wasmtime::Error| {
        Diagnostic::error(Id::MissingImport, "an import or export of the component is not as it should be")
            .in_path(path)
            .note(format!("{error:#}"))
    };
    let ready = linker.instantiate_pre(component).map_err(invalid)?;
    load::make_images(component, path)?;
    Ok(ProxyPre::new(ready).map_err(invalid)?)
}

fn require_handler(engine: &Engine, component: &Component, path: &Path) -> Result<()> {
    let ty = component.component_type();
    if ty.exports(engine).any(|(name, _)| name.starts_with(HANDLER)) {
        return Ok(());
    }
    let mut diagnostic = Diagnostic::error(
        Id::InvalidInvoke,
        "the component serves no HTTP: it does not export `wasi:http/incoming-handler@0.2.0`",
    )
    .in_path(path);
    if ty.exports(engine).any(|(name, _)| name.starts_with("wasi:cli/run@0.2.")) {
        diagnostic = diagnostic.help(format!("it is a command: witgen run {}", path.display()));
    }
    Err(diagnostic.into())
}
