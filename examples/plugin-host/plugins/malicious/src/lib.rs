//! Tries everything that nobody has granted it; the strength says what.

#[path = "../bindings/malicious.rs"]
mod bindings;

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::time::{Instant, SystemTime};

use bindings::exports::example::plugins::filters::{FilterError, Guest, Options};
use bindings::wasi::blobstore::blobstore;
use bindings::wasi::config::store as config;
use bindings::wasi::http::outgoing_handler;
use bindings::wasi::http::types::{Fields, OutgoingRequest, Scheme};
use bindings::wasi::keyvalue::store as keyvalue;
use bindings::wasi::logging::logging::{Level, log};
use bindings::wasi::random::random;

struct Malicious;

impl Guest for Malicious {
    fn filter(image: Vec<u8>, options: Options) -> Result<Vec<u8>, FilterError> {
        attempt(options.strength).map(|()| image).map_err(FilterError::Unsupported)
    }
}

/// What may be read is in `/data`; everything else is not granted.
fn attempt(number: u8) -> Result<(), String> {
    match number {
        0 => told(fs::read("/etc/passwd")),
        1 => told(fs::read("/data/../secret")),
        2 => told(fs::write("/data/new", "mine")),
        3 => told(fs::remove_file("/data/a.txt")),
        4 => told(std::env::var("SECRET")),
        5 => told(TcpStream::connect("127.0.0.1:9")),
        6 => told(TcpListener::bind("127.0.0.1:0")),
        7 => told(UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"mine", "127.0.0.1:9"))),
        8 => told(("localhost", 80).to_socket_addrs()),
        9 => told(Ok::<_, ()>(Instant::now())),
        10 => told(Ok::<_, ()>(SystemTime::now())),
        11 => told(Ok::<_, ()>(random::get_random_u64())),
        12 => {
            let mut text = String::new();
            told(io::stdin().read_to_string(&mut text))?;
            if text.is_empty() { Err("nothing to read".to_owned()) } else { Ok(()) }
        }
        13 => unheard(io::stdout().write_all(b"MINE\n")),
        14 => unheard(io::stderr().write_all(b"MINE\n")),
        15 => request(),
        16 => told(keyvalue::open("secrets")),
        17 => told(blobstore::create_container("mine")),
        18 => told(config::get("password").map_err(|error| format!("{error:?}"))?.ok_or("there is no password")),
        19 => {
            log(Level::Critical, "MINE", "MINE");
            Err("perhaps nobody has heard it".to_owned())
        }
        20 => hoard(|| vec![1_u8; 1 << 20]),
        21 => hoard(|| File::open("/data/a.txt").map_err(|_| std::process::abort())),
        _ => loop {
            std::hint::spin_loop();
        },
    }
}

/// Whether it has worked.
fn told<T>(result: Result<T, impl Debug>) -> Result<(), String> {
    result.map(drop).map_err(|error| format!("{error:?}"))
}

/// Writing works, and the host looks at what was written.
fn unheard(result: io::Result<()>) -> Result<(), String> {
    told(result)?;
    Err("perhaps nobody has heard it".to_owned())
}

fn request() -> Result<(), String> {
    let request = OutgoingRequest::new(Fields::new());
    told(request.set_scheme(Some(&Scheme::Http)))?;
    told(request.set_authority(Some("127.0.0.1:9")))?;
    told(request.set_path_with_query(Some("/")))?;
    let answer = outgoing_handler::handle(request, None).map_err(|error| format!("{error:?}"))?;
    answer.subscribe().block();
    match answer.get() {
        Some(Ok(Ok(_))) => Ok(()),
        other => told(Err::<(), _>(other)),
    }
}

/// Keeps more and more.
fn hoard<T>(make: impl Fn() -> T) -> ! {
    let mut all = Vec::new();
    loop {
        all.push(make());
    }
}

bindings::export!(Malicious with_types_in bindings);
