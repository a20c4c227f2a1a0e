//! Clocks and random numbers, whose interfaces have no errors: a denial is a trap.

use wasmtime::component::{Linker, Resource};
use wasmtime::{Result, StoreContextMut};
use wasmtime_wasi::clocks::WasiClocksView;
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::clocks::{monotonic_clock, wall_clock};
use wasmtime_wasi::p2::bindings::random::{insecure, random};

use crate::guard::{Guard, GuardView};
use crate::link::{INSECURE, MONOTONIC_CLOCK, RANDOM, WALL_CLOCK};

/// As much as wasmtime gives at once.
const MOST_RANDOM_BYTES: u64 = 64 << 20;

pub(crate) fn add<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    monotonic(linker)?;
    wall(linker)?;
    secure(linker)?;
    predictable(linker)
}

fn monotonic<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut clock = linker.instance(MONOTONIC_CLOCK)?;
    clock.func_wrap("now", |mut store: StoreContextMut<'_, T>, (): ()| {
        store.data_mut().guard().may_measure("clocks.monotonic.now")?;
        Ok((monotonic_clock::Host::now(&mut store.data_mut().clocks())?,))
    })?;
    clock.func_wrap("resolution", |mut store: StoreContextMut<'_, T>, (): ()| {
        store.data_mut().guard().may_measure("clocks.monotonic.resolution")?;
        Ok((monotonic_clock::Host::resolution(&mut store.data_mut().clocks())?,))
    })?;
    clock.func_wrap("subscribe-instant", |mut store: StoreContextMut<'_, T>, (when,): (u64,)| {
        store.data_mut().guard().may_measure("clocks.monotonic.wait")?;
        let timer: Resource<DynPollable> =
            monotonic_clock::Host::subscribe_instant(&mut store.data_mut().clocks(), when)?;
        Ok((timer,))
    })?;
    clock.func_wrap("subscribe-duration", |mut store: StoreContextMut<'_, T>, (time,): (u64,)| {
        store.data_mut().guard().may_measure("clocks.monotonic.wait")?;
        let timer: Resource<DynPollable> =
            monotonic_clock::Host::subscribe_duration(&mut store.data_mut().clocks(), time)?;
        Ok((timer,))
    })
}

fn wall<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut clock = linker.instance(WALL_CLOCK)?;
    clock.func_wrap("now", |mut store: StoreContextMut<'_, T>, (): ()| {
        store.data_mut().guard().may_tell_time("clocks.wall.now")?;
        Ok((wall_clock::Host::now(&mut store.data_mut().clocks())?,))
    })?;
    clock.func_wrap("resolution", |mut store: StoreContextMut<'_, T>, (): ()| {
        store.data_mut().guard().may_tell_time("clocks.wall.resolution")?;
        Ok((wall_clock::Host::resolution(&mut store.data_mut().clocks())?,))
    })
}

fn secure<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut source = linker.instance(RANDOM)?;
    source.func_wrap("get-random-bytes", |mut store: StoreContextMut<'_, T>, (len,): (u64,)| {
        store.data_mut().guard().may_draw("random.bytes")?;
        Ok((random::Host::get_random_bytes(store.data_mut().ctx().ctx.random(), len)?,))
    })?;
    source.func_wrap("get-random-u64", |mut store: StoreContextMut<'_, T>, (): ()| {
        store.data_mut().guard().may_draw("random.number")?;
        Ok((random::Host::get_random_u64(store.data_mut().ctx().ctx.random())?,))
    })
}

/// Without the grant these give a fixed sequence: it tells nothing of the host, and hash tables work.
fn predictable<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut source = linker.instance(INSECURE)?;
    source.func_wrap("get-insecure-random-bytes", |mut store: StoreContextMut<'_, T>, (len,): (u64,)| {
        let guard = store.data_mut().guard();
        if guard.grants.random.allow {
            let random = store.data_mut().ctx().ctx.random();
            return Ok((insecure::Host::get_insecure_random_bytes(random, len)?,));
        }
        wasmtime::ensure!(len <= MOST_RANDOM_BYTES, "{len} random bytes at once are too many");
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < len {
            bytes.extend(guard.predictable().to_le_bytes());
        }
        bytes.truncate(usize::try_from(len)?);
        Ok((bytes,))
    })?;
    source.func_wrap("get-insecure-random-u64", |mut store: StoreContextMut<'_, T>, (): ()| {
        let guard = store.data_mut().guard();
        if guard.grants.random.allow {
            return Ok((insecure::Host::get_insecure_random_u64(store.data_mut().ctx().ctx.random())?,));
        }
        Ok((guard.predictable(),))
    })
}

impl Guard {
    fn may_measure(&self, action: &str) -> Result<()> {
        if self.grants.clocks.monotonic {
            return self.monitor.used(action, "", "clocks.monotonic");
        }
        Err(self.refuse(action, "clocks.monotonic", "measure time"))
    }

    fn may_tell_time(&self, action: &str) -> Result<()> {
        if self.grants.clocks.wall {
            return self.monitor.used(action, "", "clocks.wall");
        }
        Err(self.refuse(action, "clocks.wall", "read the date and the time"))
    }

    fn may_draw(&self, action: &str) -> Result<()> {
        if self.grants.random.allow {
            return self.monitor.used(action, "", "random.allow");
        }
        Err(self.refuse(action, "random.allow", "get random numbers"))
    }

    /// The next number of splitmix64 (Steele, Lea and Flood, 2014).
    fn predictable(&mut self) -> u64 {
        self.predictable = self.predictable.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.predictable ^ (self.predictable >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
