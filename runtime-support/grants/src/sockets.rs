//! Sockets and name look-up.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::component::{Linker, Resource};
use wasmtime::{Result, StoreContextMut};
use wasmtime_wasi::p2::bindings::sockets::ip_name_lookup::{
    Host as _, HostResolveAddressStream as _, ResolveAddressStream,
};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, Host as _, IpAddress, Network as Handle};
use wasmtime_wasi::p2::bindings::sockets::tcp_create_socket::{self, IpAddressFamily};
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket;
use wasmtime_wasi::p2::{SocketError, TcpSocket, UdpSocket};
use wasmtime_wasi::sockets::{SocketAddrUse, WasiSocketsView};

use crate::guard::{Guard, GuardView};
use crate::link::{NAME_LOOKUP, TCP_CREATE, UDP_CREATE};
use crate::model::{Grants, Network};
use crate::monitor::{Event, Monitor};
use crate::network::{Address, host_name};

/// The names that led an instance to an address.
///
/// A connection to a granted name may go to these and nowhere else, whatever other resolvers say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers(Arc<Mutex<HashMap<IpAddr, Vec<String>>>>);

impl Answers {
    fn names(&self, ip: IpAddr) -> Vec<String> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&ip.to_canonical()).cloned().unwrap_or_default()
    }

    fn add(&self, ip: IpAddr, name: &str) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = answers.entry(ip.to_canonical()).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
}

type Decision = Pin<Box<dyn Future<Output = bool> + Send + Sync>>;

/// What wasmtime asks before each use of an address.
pub(crate) fn check(
    grants: &Arc<Grants>,
    monitor: &Monitor,
    answers: &Answers,
) -> impl Fn(SocketAddr, SocketAddrUse) -> Decision + Send + Sync + 'static {
    let (grants, monitor, answers) = (Arc::clone(grants), monitor.clone(), answers.clone());
    move |address, purpose| {
        let allowed = decide(&grants.network, &monitor, &answers.names(address.ip()), address, purpose);
        Box::pin(std::future::ready(allowed))
    }
}

fn decide(
    network: &Network,
    monitor: &Monitor,
    names: &[String],
    address: SocketAddr,
    purpose: SocketAddrUse,
) -> bool {
    // The operating system chooses the local end of a connection.
    let chosen = address.ip().is_unspecified() && address.port() == 0;
    let covered = |list: &[Address]| list.iter().any(|entry| entry.covers(address, names));
    let local = |list: &[Address]| {
        let any_port = |entry: &&Address| entry.port == Some(0);
        covered(list)
            || list
                .iter()
                .filter(any_port)
                .any(|entry| Address { host: entry.host.clone(), port: None }.covers(address, names))
    };
    let (action, grant, what, allowed) = match purpose {
        SocketAddrUse::TcpConnect => {
            ("network.connect", "network.tcp-connect", "connect to", covered(&network.tcp_connect))
        }
        SocketAddrUse::TcpBind => {
            let allowed = local(&network.tcp_listen) || (chosen && !network.tcp_connect.is_empty());
            ("network.bind", "network.tcp-listen", "bind", allowed)
        }
        SocketAddrUse::TcpListen => {
            ("network.listen", "network.tcp-listen", "listen at", local(&network.tcp_listen))
        }
        // Whoever may listen may be called.
        SocketAddrUse::TcpAccept => ("network.accept", "network.tcp-listen", "accept", true),
        SocketAddrUse::UdpBind => {
            let allowed = local(&network.udp) || (chosen && !network.udp.is_empty());
            ("network.bind", "network.udp", "bind", allowed)
        }
        SocketAddrUse::UdpSend => ("network.send", "network.udp", "send to", covered(&network.udp)),
        SocketAddrUse::UdpReceive => {
            ("network.receive", "network.udp", "receive from", covered(&network.udp))
        }
    };
    let target = address.to_string();
    if allowed {
        // Nothing happens that the audit does not hold.
        return chosen || monitor.used(action, &target, grant).is_ok();
    }
    let error = Some("access-denied");
    let event = Event { action, target: &target, allowed, grant, error };
    let _ = monitor.denied(&event, &format!("{what} `{target}`"));
    false
}

/// Name look-up, and sockets where none are granted.
pub(crate) fn add<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut lookup = linker.instance(NAME_LOOKUP)?;
    lookup.func_wrap(
        "resolve-addresses",
        |mut store: StoreContextMut<'_, T>, (network, name): (Resource<Handle>, String)| {
            let state = store.data_mut();
            if !state.guard().may_resolve(&name)? {
                return Ok((Err(ErrorCode::AccessDenied),));
            }
            let found = state.sockets().resolve_addresses(network, name.clone());
            let found: std::result::Result<Resource<ResolveAddressStream>, _> = coded(state, found)?;
            if let (Ok(stream), Some(name)) = (&found, host_name(&name)) {
                state.guard().lookups.insert(stream.rep(), name);
            }
            Ok((found,))
        },
    )?;
    lookup.func_wrap(
        "[method]resolve-address-stream.resolve-next-address",
        |mut store: StoreContextMut<'_, T>, (stream,): (Resource<ResolveAddressStream>,)| {
            let state = store.data_mut();
            let number = stream.rep();
            let next = state.sockets().resolve_next_address(stream);
            let next = coded(state, next)?;
            if let Ok(Some(address)) = &next {
                let guard = state.guard();
                if let Some(name) = guard.lookups.get(&number) {
                    guard.answers.add(ip(*address), name);
                }
            }
            Ok((next,))
        },
    )?;
    linker.instance(TCP_CREATE)?.func_wrap(
        "create-tcp-socket",
        |mut store: StoreContextMut<'_, T>, (family,): (IpAddressFamily,)| {
            let state = store.data_mut();
            let guard = state.guard();
            let network = &guard.grants.network;
            if network.tcp_connect.is_empty() && network.tcp_listen.is_empty() {
                guard.no_sockets("network.tcp-connect", "use TCP")?;
            }
            let made = tcp_create_socket::Host::create_tcp_socket(&mut state.sockets(), family);
            let made: std::result::Result<Resource<TcpSocket>, _> = coded(state, made)?;
            Ok((made,))
        },
    )?;
    linker.instance(UDP_CREATE)?.func_wrap(
        "create-udp-socket",
        |mut store: StoreContextMut<'_, T>, (family,): (IpAddressFamily,)| {
            let state = store.data_mut();
            let guard = state.guard();
            if guard.grants.network.udp.is_empty() {
                guard.no_sockets("network.udp", "use UDP")?;
            }
            let made = udp_create_socket::Host::create_udp_socket(&mut state.sockets(), family);
            let made: std::result::Result<Resource<UdpSocket>, _> = coded(state, made)?;
            Ok((made,))
        },
    )
}

/// An error as the component gets it; some are traps.
fn coded<T: GuardView, R>(
    state: &mut T,
    done: std::result::Result<R, SocketError>,
) -> Result<std::result::Result<R, ErrorCode>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(error) => Ok(Err(state.sockets().convert_error_code(error)?)),
    }
}

fn ip(address: IpAddress) -> IpAddr {
    match address {
        IpAddress::Ipv4((a, b, c, d)) => IpAddr::from([a, b, c, d]),
        IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => IpAddr::from([a, b, c, d, e, f, g, h]),
    }
}

impl Guard {
    /// Names that are granted; addresses written as numbers lead only to themselves.
    fn may_resolve(&self, name: &str) -> Result<bool> {
        let number = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        let granted = host_name(name).is_some_and(|wanted| {
            self.grants.network.resolve.iter().any(|known| host_name(known).as_ref() == Some(&wanted))
        });
        if number || granted {
            self.monitor.used("network.resolve", name, "network.resolve")?;
            return Ok(true);
        }
        let event = Event {
            action: "network.resolve",
            target: name,
            allowed: false,
            grant: "network.resolve",
            error: Some("access-denied"),
        };
        self.monitor.denied(&event, &format!("look up `{name}`"))?;
        Ok(false)
    }

    fn no_sockets(&self, grant: &str, what: &str) -> Result<()> {
        let event = Event {
            action: "network.socket",
            target: "",
            allowed: false,
            grant,
            error: Some("access-denied"),
        };
        self.monitor.denied(&event, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_where_the_host_was_told() {
        let network = Network { tcp_connect: vec!["db.internal:80".parse().unwrap()], ..Network::default() };
        let (monitor, answers) = (Monitor::new(|_| {}), Answers::default());
        let connects = |address: &str| {
            let address: SocketAddr = address.parse().unwrap();
            let names = answers.names(address.ip());
            decide(&network, &monitor, &names, address, SocketAddrUse::TcpConnect)
        };
        assert!(!connects("10.0.0.1:80"));
        answers.add("10.0.0.1".parse().unwrap(), "db.internal");
        answers.add("10.0.0.3".parse().unwrap(), "other.internal");
        assert!(connects("10.0.0.1:80") && connects("[::ffff:10.0.0.1]:80"));
        assert!(!connects("10.0.0.1:81") && !connects("10.0.0.2:80") && !connects("10.0.0.3:80"));
        // The answer to the same question has changed.
        answers.add("10.0.0.2".parse().unwrap(), "db.internal");
        assert!(connects("10.0.0.2:80"));
    }
}
