//! Connections and their requests.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::Server;
use super::handler::{Failure, Response, Turn, text};
use super::log::{Logged, Visit};

/// How long a client may take to send its headers.
const HEADERS: Duration = Duration::from_secs(30);

/// Serves a connection in a task of its own.
pub(super) fn serve(server: Arc<Server>, stream: TcpStream, peer: SocketAddr, open: &GracefulShutdown) {
    // Answers are small and complete; waiting for more of them only delays.
    let _ = stream.set_nodelay(true);
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.http2().timer(TokioTimer::new());
    let service = service_fn(move |request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(answer(&server, peer, request).await) }
    });
    let connection = open.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
    // A client that goes away is no matter of ours.
    tokio::spawn(async move { drop(connection.await) });
}

async fn answer(
    server: &Arc<Server>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> hyper::Response<Logged> {
    let visit = server.log.as_ref().map(|log| Visit::new(log.clone(), peer, &request));
    let started = Instant::now();
    let response = respond(server, request).await;
    let status = response.status();
    response.map(|body| Logged::new(body, status, visit, started))
}

async fn respond(server: &Arc<Server>, request: Request<Incoming>) -> Response {
    if !has_authority(&request) {
        return failed(StatusCode::BAD_REQUEST, "the request does not say which host it is for\n");
    }
    let handler = server.handler();
    let Ok(permit) = Arc::clone(&handler.permits).acquire_owned().await else {
        return failed(StatusCode::SERVICE_UNAVAILABLE, "the server ends\n");
    };
    let Some(turn) = Turn::next(&handler).await else {
        return failed(StatusCode::SERVICE_UNAVAILABLE, "the server ends\n");
    };
    let (answers, answer) = oneshot::channel();
    let handling = tokio::task::spawn_blocking(move || {
        let handled = handler.handle(request, answers, turn.clone());
        turn.end();
        drop(permit);
        handled
    });
    match answer.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => failed(StatusCode::BAD_GATEWAY, "the component answered with an error\n"),
        // The end of the sender is the end of the request.
        Err(_) => match handling.await {
            Ok(Ok(())) => failed(StatusCode::INTERNAL_SERVER_ERROR, "the component gave no answer\n"),
            Ok(Err(Failure::Late)) => failed(StatusCode::GATEWAY_TIMEOUT, "the component took too long\n"),
            Ok(Err(Failure::Trapped)) | Err(_) => {
                failed(StatusCode::INTERNAL_SERVER_ERROR, "the component was stopped\n")
            }
        },
    }
}

/// What WASI needs of a request (wasi:http, `incoming-request.authority`).
fn has_authority(request: &Request<Incoming>) -> bool {
    request.uri().authority().is_some()
        || request.headers().get(header::HOST).is_some_and(|host| host.to_str().is_ok())
}

fn failed(status: StatusCode, line: &'static str) -> Response {
    let mut response = Response::new(text(line));
    *response.status_mut() = status;
    let plain = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}
