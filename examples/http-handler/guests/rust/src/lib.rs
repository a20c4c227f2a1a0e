//! Answers requests.

#[path = "../bindings/handler.rs"]
mod bindings;

use bindings::exports::wasi::http::incoming_handler::Guest;
use bindings::wasi::http::outgoing_handler;
use bindings::wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingRequest, IncomingResponse, Method, OutgoingBody, OutgoingRequest,
    OutgoingResponse, ResponseOutparam, Scheme,
};

/// What streams take at once.
const CHUNK: usize = 4096;

struct Handler;

impl Guest for Handler {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let answer = match path.strip_prefix("/fetch/") {
            Some(authority) => fetch(authority),
            None => {
                let mut answer = format!("rust: {} {path}\n", verb(&request.method())).into_bytes();
                answer.extend(request.consume().map(read).unwrap_or_default());
                Ok(answer)
            }
        };
        match answer {
            Ok(answer) => respond(out, &answer),
            Err(code) => ResponseOutparam::set(out, Err(code)),
        }
    }
}

/// Sends a response.
fn respond(out: ResponseOutparam, text: &[u8]) {
    let headers = Fields::new();
    headers.append("content-type", b"text/plain").expect("the header may be sent");
    let response = OutgoingResponse::new(headers);
    let body = response.body().expect("nobody has taken it");
    ResponseOutparam::set(out, Ok(response));
    let stream = body.write().expect("nobody has taken it");
    for chunk in text.chunks(CHUNK) {
        if stream.blocking_write_and_flush(chunk).is_err() {
            // The client has gone.
            return;
        }
    }
    drop(stream);
    // It fails when the client has gone.
    let _ = OutgoingBody::finish(body, None);
}

/// Asks a server for `/`.
fn fetch(authority: &str) -> Result<Vec<u8>, ErrorCode> {
    let invalid = |()| ErrorCode::HttpRequestUriInvalid;
    let request = OutgoingRequest::new(Fields::new());
    request.set_scheme(Some(&Scheme::Http)).map_err(invalid)?;
    request.set_authority(Some(authority)).map_err(invalid)?;
    request.set_path_with_query(Some("/")).map_err(invalid)?;
    let future = outgoing_handler::handle(request, None)?;
    future.subscribe().block();
    let response: IncomingResponse = future.get().expect("it is there").expect("nobody has taken it")?;
    let mut answer = format!("rust: fetched {}\n", response.status()).into_bytes();
    answer.extend(response.consume().map(read).unwrap_or_default());
    Ok(answer)
}

/// Reads a body to its end.
fn read(body: IncomingBody) -> Vec<u8> {
    let stream = body.stream().expect("nobody has taken it");
    let mut all = Vec::new();
    while let Ok(bytes) = stream.blocking_read(CHUNK as u64) {
        all.extend(bytes);
    }
    all
}

fn verb(method: &Method) -> &str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Other(name) => name,
        _ => "?",
    }
}

bindings::export!(Handler with_types_in bindings);
