//! Uses stores, configuration, the log and datagrams.

#[path = "../bindings/datagrams.rs"]
mod bindings;

use std::fmt::Debug;

use bindings::Guest;
use bindings::wasi::config::store as config;
use bindings::wasi::keyvalue::{atomics, batch, store};
use bindings::wasi::logging::logging::{Level, log};
use bindings::wasi::sockets::instance_network::instance_network;
use bindings::wasi::sockets::network::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Network};
use bindings::wasi::sockets::udp::{OutgoingDatagram, UdpSocket};
use bindings::wasi::sockets::udp_create_socket::create_udp_socket;

struct Stores;

impl Guest for Stores {
    fn act(words: Vec<String>) -> Result<String, String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match *words {
            ["keep", bucket, key, value] => keep(bucket, key, value).map_err(named),
            ["count", bucket, key, first, second] => count(bucket, key, number(first)?, number(second)?).map_err(named),
            ["many", bucket, ref keys @ ..] => many(bucket, keys).map_err(named),
            ["config", key] => Ok(config::get(key).map_err(told)?.unwrap_or_default()),
            ["log", text] => {
                log(Level::Warn, "testee", text);
                Ok("done".to_owned())
            }
            ["datagram", text] => datagram(text).map_err(told),
            _ => Err("no such verb".to_owned()),
        }
    }
}

fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(told)
}

fn told(error: impl Debug) -> String {
    format!("{error:?}")
}

fn named(error: store::Error) -> String {
    match error {
        store::Error::NoSuchStore => "no-such-store".to_owned(),
        store::Error::AccessDenied => "access-denied".to_owned(),
        store::Error::Other(reason) => reason,
    }
}

fn keep(bucket: &str, key: &str, value: &str) -> Result<String, store::Error> {
    let bucket = store::open(bucket)?;
    bucket.set(key, value.as_bytes())?;
    let found = bucket.get(key)?.unwrap_or_default();
    let before = bucket.exists(key)?;
    let keys = bucket.list_keys(None)?.keys.join(" ");
    bucket.delete(key)?;
    let after = bucket.exists(key)?;
    Ok(format!("{}, {before}, {after}, {keys}", String::from_utf8_lossy(&found)))
}

fn count(bucket: &str, key: &str, first: u64, second: u64) -> Result<String, store::Error> {
    let bucket = store::open(bucket)?;
    atomics::increment(&bucket, key, first)?;
    Ok(atomics::increment(&bucket, key, second)?.to_string())
}

fn many(bucket: &str, keys: &[&str]) -> Result<String, store::Error> {
    let bucket = store::open(bucket)?;
    let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
    let entries: Vec<_> = keys.iter().map(|key| (key.clone(), key.clone().into_bytes())).collect();
    let there = || Ok(batch::get_many(&bucket, &keys)?.into_iter().flatten().count());
    batch::set_many(&bucket, &entries)?;
    let found = there()?;
    batch::delete_many(&bucket, &keys)?;
    Ok(format!("{found} {}", there()?))
}

fn datagram(text: &str) -> Result<String, Debugged> {
    let network = instance_network();
    let (receiver, sender) = (bound(&network)?, bound(&network)?);
    let address = receiver.local_address()?;
    let (incoming, _unused) = receiver.stream(None)?;
    let (_idle, outgoing) = sender.stream(None)?;
    outgoing.check_send()?;
    outgoing.send(&[OutgoingDatagram { data: text.as_bytes().to_vec(), remote_address: Some(address) }])?;
    incoming.subscribe().block();
    let found = incoming.receive(1)?;
    Ok(found.iter().map(|one| String::from_utf8_lossy(&one.data).into_owned()).collect())
}

/// What a socket says that cannot.
type Debugged = bindings::wasi::sockets::network::ErrorCode;

fn bound(network: &Network) -> Result<UdpSocket, Debugged> {
    let socket = create_udp_socket(IpAddressFamily::Ipv4)?;
    socket.start_bind(network, IpSocketAddress::Ipv4(Ipv4SocketAddress { port: 0, address: (127, 0, 0, 1) }))?;
    socket.subscribe().block();
    socket.finish_bind()?;
    Ok(socket)
}

bindings::export!(Stores with_types_in bindings);
