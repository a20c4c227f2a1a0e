//! Tries things that need grants.

#[path = "../bindings/probe.rs"]
mod bindings;

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

struct Probe;

impl bindings::Guest for Probe {
    fn act(words: Vec<String>) -> Result<String, String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        act(&words).map_err(|error| error.to_string())
    }
}

fn act(words: &[&str]) -> io::Result<String> {
    match *words {
        ["read", path] => fs::read_to_string(path),
        ["write", path] => fs::write(path, "written").map(done),
        ["truncate", path] => OpenOptions::new().write(true).truncate(true).open(path).map(done),
        ["append", path] => OpenOptions::new().append(true).open(path)?.write_all(b"more").map(done),
        ["reread", path, text, times] => reread(path, text, number(times)?),
        ["list", path] => list(path),
        ["remove", path] => fs::remove_file(path).map(done),
        ["mkdir", path] => fs::create_dir(path).map(done),
        ["link", old, new] => fs::hard_link(old, new).map(done),
        ["rename", old, new] => fs::rename(old, new).map(done),
        ["env", name] => std::env::var(name).map_err(io::Error::other),
        ["variables"] => Ok(std::env::vars().map(|(name, _)| name).collect::<Vec<_>>().join(" ")),
        ["connect", host, port] => TcpStream::connect((host, number(port)?)).map(done),
        ["listen", host, port] => TcpListener::bind((host, number(port)?)).map(done),
        ["resolve", name] => (name, 80).to_socket_addrs().map(done),
        ["measure"] => Ok(done(Instant::now())),
        ["sleep", time] => Ok(done(thread::sleep(Duration::from_millis(number(time)?)))),
        ["date"] => SystemTime::now().duration_since(UNIX_EPOCH).map(done).map_err(io::Error::other),
        ["random"] => read_random(),
        ["input"] => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        }
        ["output", text] => {
            print!("{text}");
            io::stdout().flush().map(done)
        }
        ["complain", text] => io::stderr().write_all(text.as_bytes()).map(done),
        ["work"] => loop {
            std::hint::black_box(());
        },
        ["allocate"] => {
            let mut all = Vec::new();
            loop {
                all.push(vec![1_u8; 1 << 20]);
            }
        }
        ["hoard", path] => {
            let mut all = Vec::new();
            loop {
                all.push(fs::File::open(path)?);
            }
        }
        _ => Err(io::Error::other("no such verb")),
    }
}

fn done<T>(_: T) -> String {
    "done".to_owned()
}

fn number<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(text: &str) -> io::Result<T> {
    text.parse().map_err(io::Error::other)
}

fn reread(path: &str, text: &str, times: u32) -> io::Result<String> {
    for _ in 0..times {
        match fs::read_to_string(path) {
            Ok(other) if other != text => return Err(io::Error::other(other)),
            _ => {}
        }
    }
    Ok(done(()))
}

fn list(path: &str) -> io::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names.join(" "))
}

/// The standard library has no random numbers, but its C library has.
fn read_random() -> io::Result<String> {
    unsafe extern "C" {
        fn getentropy(buffer: *mut u8, length: usize) -> i32;
    }
    let mut bytes = [0_u8; 8];
    // SAFETY: the buffer is as long as is said.
    match unsafe { getentropy(bytes.as_mut_ptr(), bytes.len()) } {
        0 => Ok("done".to_owned()),
        _ => Err(io::Error::last_os_error()),
    }
}

bindings::export!(Probe with_types_in bindings);
