//! Answers requests, and writes each to the log.

#[path = "../bindings/demo.rs"]
mod bindings;

use bindings::exports::wasi::http::incoming_handler::Guest;
use bindings::wasi::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use bindings::wasi::logging::logging::{Level, log};

struct Demo;

impl Guest for Demo {
    fn handle(request: IncomingRequest, response_out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        log(Level::Info, "demo", &format!("asked for {path}"));

        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().expect("a response has one body");
        ResponseOutparam::set(response_out, Ok(response));

        let stream = body.write().expect("a body has one stream");
        let text = format!("Hello from Rust: {path}\n");
        // Who asked may be gone by now.
        let _ = stream.blocking_write_and_flush(text.as_bytes());
        drop(stream);
        let _ = OutgoingBody::finish(body, None);
    }
}

bindings::export!(Demo with_types_in bindings);
