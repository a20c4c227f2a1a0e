//! The exports of the component, typed.

use std::path::Path;

use wasmtime::Store;
use wasmtime::component::{
    ComponentNamedList, Instance, Lift, Linker, Lower, ResourceAny, ResourceTable, TypedFunc,
};
use wasmtime::{Result, format_err};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use crate::memory::Meter;
use crate::source::{self, Row};

/// A session in the guest. It lives until it is dropped with [`Guest::drop_session`].
pub(crate) struct Session(ResourceAny);

/// A component that is running.
pub(crate) struct Guest {
    store: Store<State>,
    calls: u64,
    exports: Exports,
}

/// All exports.
struct Exports {
    echo: TypedFunc<(String,), (String,)>,
    draw: TypedFunc<(u32,), (u64,)>,
    echo_rows: TypedFunc<(Vec<Row>,), (Vec<Row>,)>,
    pause: TypedFunc<(u32,), ()>,
    new_session: TypedFunc<(String,), (ResourceAny,)>,
    feed: TypedFunc<(ResourceAny, Vec<Row>), (u32,)>,
    state: TypedFunc<(ResourceAny,), ((String, Vec<Row>),)>,
    live: TypedFunc<(), (u32,)>,
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    meter: Meter,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl Guest {
    /// Starts the component in the file `path`.
    pub(crate) fn new(path: &Path, environment: &[(String, String)]) -> Result<Self> {
        let (engine, component) = witgen_run::compile(path, &witgen_run::Cache::Default)
            .map_err(|findings| format_err!("{}: {findings:?}", path.display()))?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        source::link(&mut linker)?;
        let mut wasi = WasiCtxBuilder::new();
        wasi.inherit_stderr().envs(environment).allow_blocking_current_thread(true);
        let state = State { wasi: wasi.build(), table: ResourceTable::new(), meter: Meter::default() };
        let mut store = Store::new(&engine, state);
        store.limiter(|state| &mut state.meter);
        let instance = linker.instantiate(&mut store, &component)?;
        let exports = Exports::find(&mut store, &instance)?;
        Ok(Self { store, calls: 0, exports })
    }

    /// Bytes of linear memory.
    pub(crate) fn memory(&self) -> u64 {
        self.store.data().meter.bytes
    }

    /// How many calls there were.
    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    pub(crate) fn echo(&mut self, text: &str) -> Result<String> {
        self.calls += 1;
        Ok(self.exports.echo.call(&mut self.store, (text.to_owned(),))?.0)
    }

    pub(crate) fn draw(&mut self, size: u32) -> Result<u64> {
        self.calls += 1;
        Ok(self.exports.draw.call(&mut self.store, (size,))?.0)
    }

    pub(crate) fn echo_rows(&mut self, rows: &[Row]) -> Result<Vec<Row>> {
        self.calls += 1;
        Ok(self.exports.echo_rows.call(&mut self.store, (rows.to_vec(),))?.0)
    }

    pub(crate) fn pause(&mut self, microseconds: u32) -> Result<()> {
        self.calls += 1;
        self.exports.pause.call(&mut self.store, (microseconds,))
    }

    pub(crate) fn new_session(&mut self, name: &str) -> Result<Session> {
        self.calls += 1;
        Ok(Session(self.exports.new_session.call(&mut self.store, (name.to_owned(),))?.0))
    }

    pub(crate) fn feed(&mut self, session: &Session, rows: &[Row]) -> Result<u32> {
        self.calls += 1;
        Ok(self.exports.feed.call(&mut self.store, (session.0, rows.to_vec()))?.0)
    }

    pub(crate) fn state(&mut self, session: &Session) -> Result<(String, Vec<Row>)> {
        self.calls += 1;
        Ok(self.exports.state.call(&mut self.store, (session.0,))?.0)
    }

    pub(crate) fn drop_session(&mut self, session: Session) -> Result<()> {
        self.calls += 1;
        session.0.resource_drop(&mut self.store)
    }

    /// How many sessions there are.
    pub(crate) fn live(&mut self) -> Result<u32> {
        self.calls += 1;
        Ok(self.exports.live.call(&mut self.store, ())?.0)
    }
}

impl Exports {
    fn find(store: &mut Store<State>, instance: &Instance) -> Result<Self> {
        const SESSIONS: Option<&str> = Some("witgen:testees/sessions");
        Ok(Self {
            echo: export(store, instance, None, "echo")?,
            draw: export(store, instance, None, "draw")?,
            echo_rows: export(store, instance, None, "echo-rows")?,
            pause: export(store, instance, None, "pause")?,
            new_session: export(store, instance, SESSIONS, "[constructor]session")?,
            feed: export(store, instance, SESSIONS, "[method]session.feed")?,
            state: export(store, instance, SESSIONS, "[method]session.state")?,
            live: export(store, instance, SESSIONS, "live")?,
        })
    }
}

fn export<Params, Results>(
    store: &mut Store<State>,
    instance: &Instance,
    interface: Option<&str>,
    name: &str,
) -> Result<TypedFunc<Params, Results>>
where
    Params: ComponentNamedList + Lower,
    Results: ComponentNamedList + Lift,
{
    let lost = || format_err!("the component does not export `{name}`");
    let parent = match interface {
        Some(interface) => Some(instance.get_export_index(&mut *store, None, interface).ok_or_else(lost)?),
        None => None,
    };
    let index = instance.get_export_index(&mut *store, parent.as_ref(), name).ok_or_else(lost)?;
    instance.get_typed_func(&mut *store, index)
}
