//! A plugin: a component, what it is granted, and what becomes of a call.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Result, Store, Trap};
use wasmtime_wasi::{WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtxView, WasiHttpView};
use witgen_grants::{Exceeded, Grants, Guard, GuardView, Monitor};
use witgen_wasi::{Packages, PackagesView, State, Stores};

use crate::bindings::exports::example::plugins::filters::{FilterError, Options};
use crate::bindings::{self, PluginPre};

/// When a component and its grants were written, by which a change is noticed.
#[derive(Default, PartialEq)]
pub struct Stamp([Option<(SystemTime, u64)>; 2]);

impl Stamp {
    /// That of the plugin whose component is at `path`.
    pub fn of(path: &Path) -> Self {
        let of = |path: &Path| {
            let metadata = path.metadata().ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        Self([of(path), of(&path.with_extension("toml"))])
    }
}

/// A component that was compiled, with its grants.
pub struct Plugin {
    name: String,
    pre: PluginPre<Instance>,
    grants: Arc<Grants>,
}

impl Plugin {
    /// Compiles the component at `path`, whose grants are beside it; without a file, it is granted nothing.
    pub fn load(path: &Path) -> Result<Self> {
        let file = path.with_extension("toml");
        let text = if file.exists() { std::fs::read_to_string(&file)? } else { String::new() };
        let grants = Arc::new(Grants::parse(&text, file.parent().unwrap_or(Path::new("")))?);
        let mut config = Config::new();
        Guard::configure(&grants, &mut config);
        let engine = Engine::new(&config)?;
        let component = Component::from_file(&engine, path)?;
        let mut linker = Linker::new(&engine);
        witgen_wasi::add_to_linker(&mut linker)?;
        bindings::Plugin::add_to_linker::<Instance, HasSelf<Instance>>(&mut linker, |state| state)?;
        let pre = PluginPre::new(linker.instantiate_pre(&component)?)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, pre, grants })
    }

    /// Runs it in an instance of its own, and says what came of it.
    pub fn apply(&self, image: &[u8], options: Options) -> String {
        match self.call(image, options) {
            Ok(Ok(image)) => format!("{image:?}"),
            Ok(Err(FilterError::Ragged(pixels))) => format!("{pixels} pixels are left over"),
            Ok(Err(FilterError::Unsupported(reason))) => format!("cannot do it: {reason}"),
            Err(error) => match (Exceeded::of(&error), error.downcast_ref::<Trap>()) {
                (Some(exceeded), _) => format!("stopped: {exceeded}"),
                (None, Some(trap)) => format!("stopped: {trap}"),
                (None, None) => format!("stopped: {}", error.root_cause()),
            },
        }
    }

    fn call(&self, image: &[u8], options: Options) -> Result<Result<Vec<u8>, FilterError>> {
        // What was denied is in the outcome of the call already.
        let monitor = Monitor::new(|_| {});
        let state = State::new(&self.grants, monitor, Stores::open(&self.grants)?, |_| {})?;
        let instance = Instance { name: self.name.clone(), state };
        let mut store = Store::new(self.pre.engine(), instance);
        Guard::limit(&mut store);
        let _alarm = Guard::begin(&mut store)?;
        let plugin = self.pre.instantiate(&mut store)?;
        plugin.example_plugins_filters().call_filter(&mut store, image, options)
    }
}

/// What an instance has in the host.
pub struct Instance {
    name: String,
    state: State,
}

impl bindings::example::plugins::logger::Host for Instance {
    fn log(&mut self, message: String) {
        println!("{}: {message}", self.name);
    }
}

impl WasiView for Instance {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.state.ctx()
    }
}

impl GuardView for Instance {
    fn guard(&mut self) -> &mut Guard {
        self.state.guard()
    }
}

impl WasiHttpView for Instance {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.state.http()
    }
}

impl PackagesView for Instance {
    fn packages(&mut self) -> &mut Packages {
        self.state.packages()
    }
}
