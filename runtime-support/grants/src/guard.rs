//! The grants of one instance at work.

use std::collections::HashMap;
use std::sync::Arc;

use wasmtime::{Config, Result, Store, UpdateDeadline, format_err};
use wasmtime_wasi::{WasiCtxBuilder, WasiView};

use crate::deadline::{Deadline, Listener};
use crate::exceeded::Exceeded;
use crate::files::Place;
use crate::memory::MemoryLimit;
use crate::model::Grants;
use crate::monitor::{Event, Monitor};
use crate::sockets::Answers;
use crate::{Error, context};

/// What an instance may keep open where nothing is said: more than any needs, and few enough that the host does not
/// run out of memory by them, since a set of headers may take 128 KiB.
const HANDLES: u32 = 10_000;

/// What the state of a store has so that [`add_to_linker`](crate::add_to_linker) can enforce its grants.
pub trait GuardView: WasiView {
    /// The guard of the instance.
    fn guard(&mut self) -> &mut Guard;
}

/// Decides what one instance may do, and remembers what it needs for that.
#[derive(Debug)]
pub struct Guard {
    pub(crate) grants: Arc<Grants>,
    pub(crate) monitor: Monitor,
    /// Open directories, by the numbers of their handles.
    pub(crate) places: HashMap<u32, Place>,
    /// Names that are being looked up, by the numbers of the streams of answers.
    pub(crate) lookups: HashMap<u32, String>,
    pub(crate) answers: Answers,
    pub(crate) deadline: Deadline,
    pub(crate) listener: Listener,
    pub(crate) memory: MemoryLimit,
    /// The state of the numbers that a component gets instead of random ones.
    pub(crate) predictable: u64,
}

impl Guard {
    /// A guard, and a WASI context with what `grants` allow and nothing else.
    ///
    /// Only the arguments are left to be added.
    /// It fails when a granted directory is not there.
    pub fn new(grants: Arc<Grants>, monitor: Monitor) -> std::result::Result<(Self, WasiCtxBuilder), Error> {
        let answers = Answers::default();
        let builder = context::builder(&grants, &monitor, &answers)?;
        let guard = Self {
            deadline: Deadline::new(grants.limits.deadline),
            listener: Listener::default(),
            memory: MemoryLimit::new(grants.limits.memory),
            grants,
            monitor,
            places: HashMap::new(),
            lookups: HashMap::new(),
            answers,
            predictable: 0,
        };
        Ok((guard, builder))
    }

    /// What the instance may do.
    #[must_use]
    pub fn grants(&self) -> &Arc<Grants> {
        &self.grants
    }

    /// Who hears of what it does.
    #[must_use]
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// What code must be compiled with so that the limits can be enforced.
    pub fn configure(grants: &Grants, config: &mut Config) {
        config.epoch_interruption(grants.limits.deadline.is_some());
        config.consume_fuel(grants.limits.fuel.is_some());
    }

    /// Puts the limits on a new store.
    pub fn limit<T: GuardView>(store: &mut Store<T>) {
        store.limiter(|state| &mut state.guard().memory);
        let handles = store.data_mut().guard().grants.limits.handles.unwrap_or(HANDLES);
        store.data_mut().ctx().table.set_max_capacity(usize::try_from(handles).unwrap_or(usize::MAX));
        // Other instances of the engine have times of their own.
        store.epoch_deadline_callback(|mut store| {
            store.data_mut().guard().check_time()?;
            Ok(UpdateDeadline::Continue(1))
        });
    }

    /// The error of a call that was ended by a limit says so; others are as they were.
    #[must_use]
    pub fn explain(error: wasmtime::Error) -> wasmtime::Error {
        match Exceeded::of(&error) {
            Some(exceeded @ (Exceeded::Fuel | Exceeded::Handles)) => error.context(exceeded),
            _ => error,
        }
    }

    /// Gives a call its fuel and its time; to be called before each.
    ///
    /// The time ends with what is returned.
    pub fn begin<T: GuardView>(store: &mut Store<T>) -> Result<crate::deadline::Alarm> {
        let fuel = store.data_mut().guard().grants.limits.fuel;
        if let Some(fuel) = fuel {
            store.set_fuel(fuel)?;
        }
        let time = store.data_mut().guard().deadline.begin();
        if time.is_some() {
            store.set_epoch_deadline(1);
        }
        Ok(crate::deadline::Alarm::after(time, store.engine()))
    }

    /// Calls `listener` whenever the instance begins to wait for something.
    pub fn on_wait(&mut self, listener: impl Fn() + Send + Sync + 'static) {
        self.listener = Listener(Some(Arc::new(listener)));
    }

    /// Starts the time of a call, for hosts that stop compiled code themselves; waiting ends with it anyway.
    pub fn begin_time(&mut self) {
        self.deadline.begin();
    }

    /// Fails when the time of the call is over; for the same hosts.
    pub fn check_time(&self) -> std::result::Result<(), Exceeded> {
        self.deadline.check()
    }

    /// Ends the component: its interface has no error for a denial; `what` completes "the component was not allowed to".
    pub fn refuse(&self, action: &str, grant: &str, what: &str) -> wasmtime::Error {
        let event = Event { action, target: "", allowed: false, grant, error: Some("trap") };
        // The user hears of it by the trap.
        match self.monitor.record(&event) {
            Ok(()) => format_err!("the component was not allowed to {what}: grant `{grant}`"),
            Err(error) => error,
        }
    }
}
