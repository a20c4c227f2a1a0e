//! What a store needs.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};
use witgen_grants::{Error, Grants, Guard, GuardView, Monitor};

use crate::http::Hooks;
use crate::stores::Stores;

/// What the packages of this crate keep for one instance.
#[derive(Debug)]
pub struct Packages {
    http: WasiHttpCtx,
    hooks: Hooks,
    pub(crate) stores: Stores,
}

impl Packages {
    /// For an instance with this guard; instances that share data share `stores`.
    #[must_use]
    pub fn new(guard: &Guard, stores: Stores) -> Self {
        Self { http: WasiHttpCtx::new(), hooks: Hooks::new(guard), stores }
    }

    /// For the implementation of [`WasiHttpView`].
    pub fn http<'a>(&'a mut self, table: &'a mut ResourceTable) -> WasiHttpCtxView<'a> {
        WasiHttpCtxView { ctx: &mut self.http, table, hooks: &mut self.hooks }
    }
}

/// What the state of a store has so that [`add_to_linker`](crate::add_to_linker) can link it.
pub trait PackagesView: GuardView + WasiHttpView + 'static {
    /// What the packages keep.
    fn packages(&mut self) -> &mut Packages;
}

/// The state of a store for programs that need nothing else in it.
pub struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    guard: Guard,
    packages: Packages,
}

impl State {
    /// What `grants` allow; `adjust` adds arguments and the like.
    ///
    /// # Errors
    ///
    /// Fails when a granted directory is not there.
    pub fn new(
        grants: &Arc<Grants>,
        monitor: Monitor,
        stores: Stores,
        adjust: impl FnOnce(&mut WasiCtxBuilder),
    ) -> Result<Self, Error> {
        let (guard, mut wasi) = Guard::new(Arc::clone(grants), monitor)?;
        adjust(&mut wasi);
        let packages = Packages::new(&guard, stores);
        Ok(Self { wasi: wasi.build(), table: ResourceTable::new(), guard, packages })
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl GuardView for State {
    fn guard(&mut self) -> &mut Guard {
        &mut self.guard
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.packages.http(&mut self.table)
    }
}

impl PackagesView for State {
    fn packages(&mut self) -> &mut Packages {
        &mut self.packages
    }
}
