//! Uses the packages that no standard library stands on, and answers requests.

#[path = "../bindings/packages.rs"]
mod bindings;

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};

use bindings::Guest;
use bindings::exports::wasi::http::incoming_handler;
use bindings::wasi::blobstore::blobstore::{self, ObjectId};
use bindings::wasi::blobstore::types::{IncomingValue, OutgoingValue};
use bindings::wasi::config::store as config;
use bindings::wasi::http::outgoing_handler;
use bindings::wasi::http::types::{
    Fields, IncomingBody, IncomingRequest, OutgoingBody, OutgoingRequest, OutgoingResponse, ResponseOutparam, Scheme,
};
use bindings::wasi::io::streams::{InputStream, StreamError};
use bindings::wasi::keyvalue::{atomics, batch, store};
use bindings::wasi::logging::logging::{Level, log};

struct Packages;

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Guest for Packages {
    fn act(words: Vec<String>) -> Result<String, String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        act(&words)
    }
}

fn act(words: &[&str]) -> Result<String, String> {
    match *words {
        ["request", url] => request(url),
        ["config", key] => Ok(format!("{:?}", config::get(key).map_err(told)?)),
        ["all-config"] => Ok(format!("{:?}", config::get_all().map_err(told)?)),
        ["log", text] => {
            log(Level::Warn, "testee", text);
            Ok("done".to_owned())
        }
        ["count"] => Ok((COUNT.fetch_add(1, Ordering::Relaxed) + 1).to_string()),
        ["fields"] => {
            let fields = Fields::new();
            (0..1_000_000).try_for_each(|_| fields.append("x-name", &[b'x'; 1000])).map_err(told)?;
            Ok("done".to_owned())
        }
        ["work"] => loop {
            std::hint::spin_loop();
        },
        ["allocate"] => {
            let mut kept = Vec::new();
            loop {
                kept.push(vec![1_u8; 1 << 20]);
            }
        }
        ["trap"] => panic!("as asked"),
        _ => keyvalue(words).or_else(|| blobs(words)).unwrap_or_else(|| Err("no such verb".to_owned())),
    }
}

fn told(error: impl Debug) -> String {
    format!("{error:?}")
}

fn keyvalue(words: &[&str]) -> Option<Result<String, String>> {
    let open = |bucket| store::open(bucket).map_err(told);
    let done = |()| "done".to_owned();
    let found = match *words {
        ["set", bucket, key, value] => {
            open(bucket).and_then(|bucket| bucket.set(key, value.as_bytes()).map_err(told)).map(done)
        }
        ["get", bucket, key] => open(bucket).and_then(|bucket| {
            let value = bucket.get(key).map_err(told)?;
            Ok(format!("{:?}", value.map(|value| String::from_utf8_lossy(&value).into_owned())))
        }),
        ["delete", bucket, key] => open(bucket).and_then(|bucket| bucket.delete(key).map_err(told)).map(done),
        ["keys", bucket] => open(bucket).and_then(|bucket| {
            let mut all = Vec::new();
            let mut cursor = None;
            loop {
                let part = bucket.list_keys(cursor).map_err(told)?;
                all.extend(part.keys);
                cursor = part.cursor;
                if cursor.is_none() {
                    all.sort();
                    return Ok(all.join(" "));
                }
            }
        }),
        ["increment", bucket, key, delta] => open(bucket).and_then(|bucket| {
            let delta = delta.parse().map_err(told)?;
            Ok(atomics::increment(&bucket, key, delta).map_err(told)?.to_string())
        }),
        ["many", bucket, ref keys @ ..] => open(bucket).and_then(|bucket| {
            let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
            let entries: Vec<_> = keys.iter().map(|key| (key.clone(), key.clone().into_bytes())).collect();
            batch::set_many(&bucket, &entries).map_err(told)?;
            let found = batch::get_many(&bucket, &keys).map_err(told)?.into_iter().flatten().count();
            batch::delete_many(&bucket, &keys).map_err(told)?;
            let left = batch::get_many(&bucket, &keys).map_err(told)?.into_iter().flatten().count();
            Ok(format!("{found} {left}"))
        }),
        _ => return None,
    };
    Some(found)
}

fn blobs(words: &[&str]) -> Option<Result<String, String>> {
    let done = |()| "done".to_owned();
    let id = |container: &str, object: &str| ObjectId {
        container: container.to_owned(),
        object: object.to_owned(),
    };
    let found = match *words {
        ["make", container] => blobstore::create_container(container).and_then(|container| container.name()),
        ["drop", container] => blobstore::delete_container(container).map(done),
        ["objects", container] => blobstore::get_container(container).and_then(|container| {
            let names = container.list_objects()?;
            let mut all = Vec::new();
            loop {
                let (part, ended) = names.read_stream_object_names(2)?;
                all.extend(part);
                if ended {
                    return Ok(all.join(" "));
                }
            }
        }),
        ["size", container, object] => {
            blobstore::get_container(container).and_then(|container| Ok(container.object_info(object)?.size.to_string()))
        }
        ["put", container, object, text] => blobstore::get_container(container).and_then(|container| {
            let value = OutgoingValue::new_outgoing_value();
            let stream = value.outgoing_value_write_body().map_err(told)?;
            container.write_data(object, &value)?;
            stream.blocking_write_and_flush(text.as_bytes()).map_err(told)?;
            drop(stream);
            OutgoingValue::finish(value).map(done)
        }),
        ["fetch", container, object, from, to] => blobstore::get_container(container).and_then(|container| {
            let value = container.get_data(object, from.parse().map_err(told)?, to.parse().map_err(told)?)?;
            let size = value.size();
            let stream = IncomingValue::incoming_value_consume_async(value)?;
            let bytes = read(&stream)?;
            assert_eq!(bytes.len() as u64, size);
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }),
        ["copy", from, object, to, new] => blobstore::copy_object(&id(from, object), &id(to, new)).map(done),
        ["move", from, object, to, new] => blobstore::move_object(&id(from, object), &id(to, new)).map(done),
        ["remove", container, object] => {
            blobstore::get_container(container).and_then(|container| container.delete_object(object)).map(done)
        }
        _ => return None,
    };
    Some(found)
}

/// Everything until the end of a stream.
fn read(stream: &InputStream) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    loop {
        match stream.blocking_read(1 << 16) {
            Ok(bytes) => all.extend(bytes),
            Err(StreamError::Closed) => return Ok(all),
            Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
        }
    }
}

fn request(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").ok_or("no scheme")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let request = OutgoingRequest::new(Fields::new());
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_owned()),
    };
    request.set_scheme(Some(&scheme)).map_err(|()| "wrong scheme")?;
    request.set_authority(Some(authority)).map_err(|()| "wrong authority")?;
    request.set_path_with_query(Some(path)).map_err(|()| "wrong path")?;
    let answer = outgoing_handler::handle(request, None).map_err(told)?;
    answer.subscribe().block();
    let response = answer.get().ok_or("not ready")?.map_err(|()| "taken")?.map_err(told)?;
    let body = response.consume().map_err(|()| "no body")?;
    let stream = body.stream().map_err(|()| "no stream")?;
    let bytes = read(&stream)?;
    Ok(format!("{} {}", response.status(), String::from_utf8_lossy(&bytes)))
}

impl incoming_handler::Guest for Packages {
    fn handle(request: IncomingRequest, response_out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let words: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (status, bytes) = match *words {
            ["silent"] => return,
            ["echo"] => (200, body(&request)),
            _ => match act(&words) {
                Ok(text) => (200, text.into_bytes()),
                Err(reason) => (400, reason.into_bytes()),
            },
        };
        let response = OutgoingResponse::new(Fields::new());
        response.set_status_code(status).expect("the status is one");
        let body = response.body().expect("a response has one body");
        ResponseOutparam::set(response_out, Ok(response));
        let stream = body.write().expect("a body has one stream");
        // Who asked may be gone by now.
        for chunk in bytes.chunks(4096) {
            if stream.blocking_write_and_flush(chunk).is_err() {
                return;
            }
        }
        drop(stream);
        let _ = OutgoingBody::finish(body, None);
    }
}

fn body(request: &IncomingRequest) -> Vec<u8> {
    let body: IncomingBody = request.consume().expect("a request has one body");
    let stream = body.stream().expect("a body has one stream");
    read(&stream).unwrap_or_default()
}

bindings::export!(Packages with_types_in bindings);
