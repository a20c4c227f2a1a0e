//! The access log: a JSON object for each request, when its answer is sent or given up.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::{Request, StatusCode};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use witgen_diag::{Diagnostic, Id, Result};

use super::LogTarget;

#[derive(Clone)]
pub(super) struct AccessLog(Arc<Mutex<Box<dyn Write + Send>>>);

impl AccessLog {
    pub(super) fn open(target: &LogTarget) -> Result<Self> {
        let writer: Box<dyn Write + Send> = match target {
            LogTarget::Stderr => Box::new(std::io::stderr()),
            LogTarget::File(path) => {
                let file = OpenOptions::new().create(true).append(true).open(path).map_err(|reason| {
                    Diagnostic::error(Id::Io, format!("cannot write the access log to `{}`", path.display()))
                        .in_path(path)
                        .note(reason.to_string())
                })?;
                Box::new(file)
            }
        };
        Ok(Self(Arc::new(Mutex::new(writer))))
    }

    fn write(&self, line: &serde_json::Value) {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A server goes on when its log is full.
        let _ = writer.write_all(format!("{line}\n").as_bytes()).and_then(|()| writer.flush());
    }
}

/// What is known of a request before it is answered.
pub(super) struct Visit {
    log: AccessLog,
    peer: SocketAddr,
    method: String,
    path: String,
}

impl Visit {
    pub(super) fn new<B>(log: AccessLog, peer: SocketAddr, request: &Request<B>) -> Self {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self { log, peer, method: request.method().to_string(), path }
    }
}

/// The body of an answer, which writes the line when it is gone.
pub(super) struct Logged {
    body: HyperOutgoingBody,
    visit: Option<Visit>,
    started: Instant,
    status: StatusCode,
    bytes: u64,
}

impl Logged {
    pub(super) fn new(
        body: HyperOutgoingBody,
        status: StatusCode,
        visit: Option<Visit>,
        started: Instant,
    ) -> Self {
        Self { body, visit, started, status, bytes: 0 }
    }
}

impl Body for Logged {
    type Data = Bytes;
    type Error = wasmtime_wasi_http::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.bytes += data.len() as u64;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let Some(Visit { log, peer, method, path }) = self.visit.take() else { return };
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        log.write(&serde_json::json!({
            "time": u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            "peer": peer.to_string(),
            "method": method,
            "path": path,
            "status": self.status.as_u16(),
            "bytes": self.bytes,
            "milliseconds": (self.started.elapsed().as_secs_f64() * 1e5).round() / 1e2,
        }));
    }
}
