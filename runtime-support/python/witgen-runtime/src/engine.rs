//! Engines: one per mode, made when a component first needs it, with a cache on disk.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use wasmtime::{Cache, CacheConfig, Config, Engine, WasmBacktraceDetails};

use crate::scope::lock;

/// How often a guest that can be interrupted looks up.
const TICK: Duration = Duration::from_millis(10);

/// What compiled code can do; the code of one mode does not run in another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// Whether Ctrl-C and deadlines stop it.
    pub interruptible: bool,
    /// Whether it uses up fuel.
    pub metered: bool,
}

impl Mode {
    /// A small number that stands for it.
    pub fn index(self) -> usize {
        usize::from(self.interruptible) | usize::from(self.metered) << 1
    }

    /// The mode of a number, if it is one.
    pub fn from_index(index: u8) -> Option<Mode> {
        (index < 4).then_some(Mode { interruptible: index & 1 != 0, metered: index & 2 != 0 })
    }
}

/// What holds for all engines of the process.
struct Settings {
    /// None when nothing is cached.
    cache: Option<PathBuf>,
    cache_bytes: u64,
    signals: bool,
}

static SETTINGS: Mutex<Option<Settings>> = Mutex::new(None);
static ENGINES: [OnceLock<Engine>; 4] = [const { OnceLock::new() }; 4];

/// Compiled components take at most about so many bytes on disk.
const CACHE_BYTES: u64 = 512 << 20;

/// Changes what holds for all components; only before the first one is loaded.
#[pyfunction]
#[pyo3(signature = (*, cache = None, cache_bytes = CACHE_BYTES, cache_enabled = true, signals_based_traps = false))]
pub fn configure(
    cache: Option<PathBuf>,
    cache_bytes: u64,
    cache_enabled: bool,
    signals_based_traps: bool,
) -> PyResult<()> {
    if ENGINES.iter().any(|engine| engine.get().is_some()) {
        return Err(PyRuntimeError::new_err(
            "a component was loaded before, so nothing can be configured any more",
        ));
    }
    let cache = if cache_enabled { cache.or_else(default_cache) } else { None };
    *lock(&SETTINGS) = Some(Settings { cache, cache_bytes, signals: signals_based_traps });
    Ok(())
}

/// The engine of a mode.
pub fn engine(mode: Mode) -> wasmtime::Result<&'static Engine> {
    let cell = &ENGINES[mode.index()];
    if let Some(engine) = cell.get() {
        return Ok(engine);
    }
    // The lock also keeps two threads from making the same engine.
    let mut settings = lock(&SETTINGS);
    if let Some(engine) = cell.get() {
        return Ok(engine);
    }
    let settings = settings.get_or_insert_with(|| Settings {
        cache: default_cache(),
        cache_bytes: CACHE_BYTES,
        signals: false,
    });
    let engine = make(mode, settings)?;
    if mode.interruptible {
        tick(engine.clone());
    }
    Ok(cell.get_or_init(|| engine))
}

fn make(mode: Mode, settings: &Settings) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.wasm_component_model(true);
    config.wasm_component_model_map(true);
    config.wasm_component_model_implements(true);
    config.concurrency_support(false);
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config.epoch_interruption(mode.interruptible);
    config.consume_fuel(mode.metered);
    // `faulthandler.enable()` after the engine exists would take the signals away, and every trap
    // would end the process. Without signals, memory accesses are checked by code.
    config.signals_based_traps(settings.signals);
    config.cache(settings.cache.as_ref().and_then(|directory| open(directory, settings.cache_bytes)));
    Engine::new(&config)
}

/// A cache that cannot be opened only costs time.
fn open(directory: &std::path::Path, bytes: u64) -> Option<Cache> {
    let mut config = CacheConfig::new();
    config.with_directory(std::path::absolute(directory).ok()?);
    config.with_files_total_size_soft_limit(bytes);
    Cache::new(config).ok()
}

fn default_cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("WITGEN_CACHE_DIR")
        .or_else(|| set("XDG_CACHE_HOME").map(|home| home.join("witgen/cache")))
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache/witgen/cache")))?;
    Some(cache.join("host"))
}

/// Lets guests of `engine` look up now and then.
fn tick(engine: Engine) {
    let ticker = std::thread::Builder::new().name("witgen-ticker".to_owned());
    // Without the thread nothing is interrupted; calls still work.
    let _ = ticker.spawn(move || {
        loop {
            std::thread::sleep(TICK);
            engine.increment_epoch();
        }
    });
}
