//! The wasmtime engine and its cache of compiled components.

use std::path::PathBuf;

use wasmtime::{
    CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails,
};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_grants::{Grants, Guard};

use crate::Cache;

/// An engine that compiles once per component and machine, and can enforce the limits of `grants`.
pub(crate) fn new(cache: &Cache, grants: &Grants) -> Result<Engine> {
    with_cache(open_cache(cache), grants)
}

/// The same with an open cache.
pub(crate) fn with_cache(cache: Option<wasmtime::Cache>, grants: &Grants) -> Result<Engine> {
    let mut config = config(grants);
    config.cache(cache);
    Engine::new(&config).map_err(|error| {
        Diagnostic::error(Id::Internal, format!("the WebAssembly engine does not start: {error:#}")).into()
    })
}

/// An engine for compiled code of the others, whose instances have their memory from a pool.
pub(crate) fn pooled(grants: &Grants, pool: PoolingAllocationConfig) -> wasmtime::Result<Engine> {
    let mut config = config(grants);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

fn config(grants: &Grants) -> Config {
    let mut config = Config::new();
    config.wasm_component_model(true);
    config.wasm_component_model_map(true);
    config.wasm_component_model_implements(true);
    // A call costs a quarter without it, and guests with async functions are refused anyway.
    config.concurrency_support(false);
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    Guard::configure(grants, &mut config);
    config
}

/// A cache that cannot be opened only costs time, so it is no reason to stop.
pub(crate) fn open_cache(cache: &Cache) -> Option<wasmtime::Cache> {
    let directory = match cache {
        Cache::Default => default_directory()?,
        Cache::Directory(directory) => std::path::absolute(directory).ok()?,
        Cache::Off => return None,
    };
    let mut config = CacheConfig::new();
    config.with_directory(directory);
    wasmtime::Cache::new(config).ok()
}

fn default_directory() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("WITGEN_CACHE_DIR")
        .or_else(|| set("XDG_CACHE_HOME").map(|home| home.join("witgen/cache")))
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache/witgen/cache")))?;
    std::path::absolute(cache.join("run")).ok()
}
