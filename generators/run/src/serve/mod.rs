//! Serves HTTP with components that export `wasi:http/incoming-handler`.
//!
//! Connections are tasks of tokio; a request is handled by a component on a thread of its own, where it may block.
//! Each request has a fresh instance out of a pool, unless instances are used again.

mod connection;
mod handler;
mod log;
mod prepared;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use witgen_diag::{Diagnostic, Id, Result};
use witgen_grants::Grants;

use crate::Cache;
use handler::Handler;
use log::AccessLog;

/// How long requests may go on after the server was told to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How to serve a component.
#[derive(Clone)]
pub struct ServeOptions {
    /// What it may do; nothing by default. The limits are those of one request.
    pub grants: Arc<Grants>,
    /// Gets a sentence for each grant that is missed, the first time.
    pub on_denial: fn(&str),
    /// Gets what stops the component in a request.
    pub on_failure: Arc<dyn Fn(Diagnostic) + Send + Sync>,
    /// Where every use and every denial is written, one JSON object a line.
    pub audit: Option<PathBuf>,
    /// Where to listen; port 0 is any free one.
    pub address: SocketAddr,
    /// Requests that are handled at the same time; others wait.
    pub concurrency: usize,
    /// Requests that an instance handles, one after the other, before it ends.
    pub reuse: u32,
    /// Where every request is written, one JSON object a line.
    pub access_log: Option<LogTarget>,
    /// Where the compiled component is kept.
    pub cache: Cache,
}

/// Where a log goes.
#[derive(Clone, Debug)]
pub enum LogTarget {
    /// To the standard error.
    Stderr,
    /// To this file, which is made, or made longer.
    File(PathBuf),
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            grants: Arc::default(),
            on_denial: |_| {},
            on_failure: Arc::new(|_| {}),
            audit: None,
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            concurrency: 256,
            reuse: 1,
            access_log: None,
            cache: Cache::default(),
        }
    }
}

/// A server that listens.
pub struct Server {
    path: PathBuf,
    options: ServeOptions,
    /// Taken when it runs.
    listening: Mutex<Option<(Runtime, TcpListener)>>,
    address: SocketAddr,
    log: Option<AccessLog>,
    current: RwLock<Arc<Handler>>,
    end: Notify,
}

impl Server {
    /// Compiles the component in the file `path` and listens.
    ///
    /// # Errors
    ///
    /// A component that does not serve HTTP or needs what nobody provides, and an address that is taken.
    pub fn bind(path: &Path, options: ServeOptions) -> Result<Arc<Self>> {
        let current = RwLock::new(Arc::new(Handler::new(path, &options)?));
        let failed = |what: &str, reason: &std::io::Error| {
            Diagnostic::error(Id::Io, what.to_owned()).note(reason.to_string())
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(options.concurrency.max(1))
            .enable_all()
            .build()
            .map_err(|reason| failed("the server does not start", &reason))?;
        let address = options.address;
        let listener = runtime
            .block_on(TcpListener::bind(address))
            .map_err(|reason| failed(&format!("cannot listen on {address}"), &reason))?;
        let address = listener.local_addr().map_err(|reason| failed("the server has no address", &reason))?;
        let log = options.access_log.as_ref().map(AccessLog::open).transpose()?;
        let path = path.to_owned();
        let listening = Mutex::new(Some((runtime, listener)));
        Ok(Arc::new(Self { path, options, listening, address, log, current, end: Notify::new() }))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Reads the component again, for the requests to come.
    ///
    /// # Errors
    ///
    /// What is wrong with it; then the old one stays.
    pub fn reload(&self, grants: Arc<Grants>) -> Result<()> {
        let options = ServeOptions { grants, ..self.options.clone() };
        let new = Arc::new(Handler::new(&self.path, &options)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Makes [`Server::run`] return when the requests that are there are answered.
    pub fn end(&self) {
        self.end.notify_one();
    }

    /// Serves until [`Server::end`] is called or the process is told to end, by Ctrl-C or SIGTERM; once.
    pub fn run(self: &Arc<Self>) {
        let listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((runtime, listener)) = listening else { return };
        runtime.block_on(async {
            let open = GracefulShutdown::new();
            let mut ended = std::pin::pin!(self.ended());
            loop {
                tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((stream, peer)) => connection::serve(Arc::clone(self), stream, peer, &open),
                        // Too many open files, or a connection that is gone already: it may go better soon.
                        Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                    },
                    () = &mut ended => break,
                }
            }
            // From now on others may listen here.
            drop(listener);
            tokio::select! {
                () = open.shutdown() => {}
                () = tokio::time::sleep(PATIENCE) => {}
                // Whoever asks twice does not want to wait.
                () = self.ended() => {}
            }
        });
        // Nobody waits for a component that computes without end.
        runtime.shutdown_background();
    }

    fn handler(&self) -> Arc<Handler> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn ended(&self) {
        #[cfg(unix)]
        let terminated = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        #[cfg(not(unix))]
        let terminated = std::future::pending::<()>();
        tokio::select! {
            () = self.end.notified() => {}
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
    }
}
