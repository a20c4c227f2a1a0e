//! Instances of a component, and what they do with a request.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use bytes::Bytes;
use hyper::Request;
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Scheme};
use wasmtime_wasi_http::p2::bindings::sync::{Proxy, ProxyPre};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use witgen_diag::{Diagnostic, Result};
use witgen_grants::{Exceeded, Grants, Guard, GuardView as _, Monitor};
use witgen_wasi::{State, Stores};

use super::{ServeOptions, prepared};
use crate::{grants_error, monitor, trap};

/// How often the time of requests is looked at.
const TICK: Duration = Duration::from_millis(5);

/// How long a request may keep others from computing.
const TURN: Duration = Duration::from_millis(10);

pub(super) type Response = hyper::Response<HyperOutgoingBody>;
pub(super) type Answer = std::result::Result<Response, ErrorCode>;

/// One component, as it was read.
pub(super) struct Handler {
    ready: ProxyPre<State>,
    grants: Arc<Grants>,
    monitor: Monitor,
    stores: Stores,
    /// How many requests an instance handles.
    reuse: u32,
    /// Instances that handle another request.
    idle: Mutex<Vec<Instance>>,
    on_failure: Arc<dyn Fn(Diagnostic) + Send + Sync>,
    /// Requests that may be handled at the same time.
    pub(super) permits: Arc<Semaphore>,
    /// Those of them that may compute.
    pub(super) turns: Arc<Semaphore>,
}

/// The right of a request to compute, until it waits, ends, or has had [`TURN`].
///
/// More threads that compute than processors only take time from each other, and from those that read requests.
#[derive(Clone)]
pub(super) struct Turn(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl Turn {
    /// The next one; none when the handler ends.
    pub(super) async fn next(handler: &Handler) -> Option<Self> {
        let permit = Arc::clone(&handler.turns).acquire_owned().await.ok()?;
        let turn = Self(Arc::new(Mutex::new(Some(permit))));
        let late = turn.clone();
        tokio::spawn(async move {
            tokio::time::sleep(TURN).await;
            late.end();
        });
        Some(turn)
    }

    /// Lets another request have it.
    pub(super) fn end(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

struct Instance {
    store: Store<State>,
    proxy: Proxy,
    /// Requests that it still handles.
    left: u32,
}

/// Why there was no answer.
pub(super) enum Failure {
    /// The component trapped.
    Trapped,
    /// It took longer than its grants allow.
    Late,
}

impl Handler {
    pub(super) fn new(path: &Path, options: &ServeOptions) -> Result<Self> {
        let ready = prepared::prepare(path, options)?;
        if options.grants.limits.deadline.is_some() {
            tick(ready.engine());
        }
        let stores = Stores::open(&options.grants).map_err(|error| grants_error(&error))?;
        let handler = Self {
            ready,
            grants: Arc::clone(&options.grants),
            monitor: monitor(options.on_denial, options.audit.as_deref())?,
            stores,
            reuse: options.reuse.max(1),
            idle: Mutex::default(),
            on_failure: Arc::clone(&options.on_failure),
            permits: Arc::new(Semaphore::new(options.concurrency.max(1))),
            turns: Arc::new(Semaphore::new(2 * available_parallelism().map_or(1, usize::from))),
        };
        // What keeps it from starting is better told now than with the first request.
        let first = handler.instance().map_err(|error| {
            let message = "the component cannot be started";
            error.downcast::<witgen_grants::Error>().map_or_else(
                |error| trap::diagnostic(&error, message).in_path(path),
                |error| grants_error(&error),
            )
        })?;
        handler.put_back(first);
        Ok(handler)
    }

    /// Handles a request on this thread; the answer goes to `answers` before its body ends.
    pub(super) fn handle(
        &self,
        request: Request<Incoming>,
        answers: oneshot::Sender<Answer>,
        turn: Turn,
    ) -> std::result::Result<(), Failure> {
        self.try_handle(request, answers, turn).map_err(|error| {
            let late = matches!(error.downcast_ref::<Exceeded>(), Some(Exceeded::Deadline(_)));
            (self.on_failure)(trap::diagnostic(&error, "the component was stopped in a request"));
            if late { Failure::Late } else { Failure::Trapped }
        })
    }

    fn try_handle(
        &self,
        request: Request<Incoming>,
        answers: oneshot::Sender<Answer>,
        turn: Turn,
    ) -> wasmtime::Result<()> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = match idle {
            Some(instance) => instance,
            None => self.instance()?,
        };
        let store = &mut instance.store;
        self.begin(store)?;
        store.data_mut().guard().on_wait(move || turn.end());
        let mut http = store.data_mut().http();
        let request = http.new_incoming_request(Scheme::Http, request)?;
        let answer = http.new_response_outparam(answers)?;
        instance.proxy.wasi_http_incoming_handler().call_handle(store, request, answer)?;
        instance.left -= 1;
        self.put_back(instance);
        Ok(())
    }

    fn put_back(&self, instance: Instance) {
        if instance.left > 0 {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        }
    }

    /// Makes an instance; starting is part of its first request.
    fn instance(&self) -> wasmtime::Result<Instance> {
        let state = State::new(&self.grants, self.monitor.clone(), self.stores.clone(), |_| {})?;
        let mut store = Store::new(self.ready.engine(), state);
        Guard::limit(&mut store);
        self.begin(&mut store)?;
        let proxy = self.ready.instantiate(&mut store)?;
        Ok(Instance { store, proxy, left: self.reuse })
    }

    /// Gives a request its fuel and its time.
    fn begin(&self, store: &mut Store<State>) -> wasmtime::Result<()> {
        if let Some(fuel) = self.grants.limits.fuel {
            store.set_fuel(fuel)?;
        }
        if self.grants.limits.deadline.is_some() {
            store.set_epoch_deadline(1);
            store.data_mut().guard().begin_time();
        }
        Ok(())
    }
}

/// Advances the epoch of an engine as long as it is there.
fn tick(engine: &Engine) {
    let engine = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
}

/// A body that is a line of text.
pub(super) fn text(line: &'static str) -> HyperOutgoingBody {
    use http_body_util::BodyExt as _;
    http_body_util::Full::new(Bytes::from_static(line.as_bytes()))
        .map_err(|never| match never {})
        .boxed_unsync()
}
