//! The time of a call: compiled code is stopped by an epoch, waiting by a timer.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::Poll;
use std::time::{Duration, Instant};

use wasmtime::component::{Linker, Resource, ResourceTable};
use wasmtime::{Engine, Result, StoreContextMut};
use wasmtime_wasi::p2::bindings::sync::io::streams::StreamError as Code;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, StreamError};
use wasmtime_wasi::runtime::in_tokio;
use wasmtime_wasi_io::bindings::wasi::io::poll::{Host as _, HostPollable as _};
use wasmtime_wasi_io::bindings::wasi::io::streams::{Host as _, HostInputStream as _, HostOutputStream as _};

use crate::exceeded::Exceeded;
use crate::guard::GuardView;
use crate::link::{POLL, STREAMS};
use crate::units::Time;

/// When the current call has to end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    limit: Option<Time>,
    end: Option<Instant>,
}

impl Deadline {
    pub(crate) fn new(limit: Option<Time>) -> Self {
        Self { limit, end: None }
    }

    /// Starts the time of a call, and says how long it is.
    pub(crate) fn begin(&mut self) -> Option<Duration> {
        let time = self.limit?.0;
        self.end = Instant::now().checked_add(time);
        Some(time)
    }

    /// Fails when there is no time left.
    pub(crate) fn check(self) -> std::result::Result<(), Exceeded> {
        match (self.limit, self.end) {
            (Some(limit), Some(end)) if Instant::now() >= end => Err(Exceeded::Deadline(limit)),
            _ => Ok(()),
        }
    }

    async fn wait<R>(self, work: impl Future<Output = R>) -> Result<R> {
        let (Some(limit), Some(end)) = (self.limit, self.end) else { return Ok(work.await) };
        let left = end.saturating_duration_since(Instant::now());
        tokio::time::timeout(left, work).await.map_err(|_| Exceeded::Deadline(limit).into())
    }
}

/// Hears when a component begins to wait.
#[derive(Clone, Default)]
pub(crate) struct Listener(pub(crate) Option<Arc<dyn Fn() + Send + Sync>>);

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Listener").field(&self.0.is_some()).finish()
    }
}

/// What a function that may wait needs.
struct Wait {
    deadline: Deadline,
    listener: Listener,
}

impl Wait {
    /// Waits for `work` as long as there is time.
    fn until<R>(self, work: impl Future<Output = R>) -> Result<R> {
        in_tokio(async {
            let mut work = pin!(work);
            let first = poll_fn(|context| Poll::Ready(work.as_mut().poll(context)));
            if let Poll::Ready(done) = first.await {
                return Ok(done);
            }
            if let Some(listener) = self.listener.0 {
                listener();
            }
            self.deadline.wait(work).await
        })
    }
}

/// Replaces every function of `wasi:io` that may wait.
pub(crate) fn add<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut io = linker.instance(POLL)?;
    io.func_wrap("poll", |mut store: StoreContextMut<'_, T>, (list,): (Vec<Resource<DynPollable>>,)| {
        let (wait, table) = waiting(store.data_mut());
        Ok((wait.until(table.poll(list))??,))
    })?;
    io.func_wrap(
        "[method]pollable.block",
        |mut store: StoreContextMut<'_, T>, (one,): (Resource<DynPollable>,)| {
            let (wait, table) = waiting(store.data_mut());
            wait.until(table.block(one))?
        },
    )?;
    let mut io = linker.instance(STREAMS)?;
    type In = Resource<DynInputStream>;
    type Out = Resource<DynOutputStream>;
    io.func_wrap(
        "[method]input-stream.blocking-read",
        |mut store: StoreContextMut<'_, T>, (stream, len): (In, u64)| {
            let (wait, table) = waiting(store.data_mut());
            let done = wait.until(table.blocking_read(stream, len))?;
            Ok((coded(table, done)?,))
        },
    )?;
    io.func_wrap(
        "[method]input-stream.blocking-skip",
        |mut store: StoreContextMut<'_, T>, (stream, len): (In, u64)| {
            let (wait, table) = waiting(store.data_mut());
            let done = wait.until(table.blocking_skip(stream, len))?;
            Ok((coded(table, done)?,))
        },
    )?;
    io.func_wrap(
        "[method]output-stream.blocking-write-and-flush",
        |mut store: StoreContextMut<'_, T>, (stream, bytes): (Out, Vec<u8>)| {
            let (wait, table) = waiting(store.data_mut());
            let done = wait.until(table.blocking_write_and_flush(stream, bytes))?;
            Ok((coded(table, done)?,))
        },
    )?;
    io.func_wrap(
        "[method]output-stream.blocking-write-zeroes-and-flush",
        |mut store: StoreContextMut<'_, T>, (stream, len): (Out, u64)| {
            let (wait, table) = waiting(store.data_mut());
            let done = wait.until(table.blocking_write_zeroes_and_flush(stream, len))?;
            Ok((coded(table, done)?,))
        },
    )?;
    io.func_wrap(
        "[method]output-stream.blocking-flush",
        |mut store: StoreContextMut<'_, T>, (stream,): (Out,)| {
            let (wait, table) = waiting(store.data_mut());
            let done = wait.until(table.blocking_flush(stream))?;
            Ok((coded(table, done)?,))
        },
    )?;
    io.func_wrap(
        "[method]output-stream.blocking-splice",
        |mut store: StoreContextMut<'_, T>, (stream, from, len): (Out, In, u64)| {
            let (wait, table) = waiting(store.data_mut());
            let done = wait.until(table.blocking_splice(stream, from, len))?;
            Ok((coded(table, done)?,))
        },
    )
}

fn waiting<T: GuardView>(state: &mut T) -> (Wait, &mut ResourceTable) {
    let guard = state.guard();
    let wait = Wait { deadline: guard.deadline, listener: guard.listener.clone() };
    (wait, state.ctx().table)
}

/// An error as the component gets it; some are traps.
fn coded<R>(table: &mut ResourceTable, done: Result<R, StreamError>) -> Result<Result<R, Code>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(error) => Ok(Err(table.convert_stream_error(error)?.into())),
    }
}

/// Stops compiled code after a time, unless it is dropped before.
#[derive(Debug)]
pub struct Alarm {
    _stop: Option<Sender<()>>,
}

impl Alarm {
    pub(crate) fn after(time: Option<Duration>, engine: &Engine) -> Self {
        let stop = time.map(|time| {
            let (stop, stopped) = channel();
            let engine = engine.clone();
            std::thread::spawn(move || {
                // The end of the sender means that the call is over.
                if stopped.recv_timeout(time) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    engine.increment_epoch();
                }
            });
            stop
        });
        Self { _stop: stop }
    }
}
