//! WASI on a linker, with the functions in between that ask the guard.

use wasmtime::Result;
use wasmtime::component::Linker;
use wasmtime_wasi::p2::bindings::sync::LinkOptions;

use crate::guard::GuardView;
use crate::{clocks, deadline, files, sockets, streams};

pub(crate) const ENVIRONMENT: &str = "wasi:cli/environment@0.2.12";
pub(crate) const STDIN: &str = "wasi:cli/stdin@0.2.12";
pub(crate) const STDOUT: &str = "wasi:cli/stdout@0.2.12";
pub(crate) const STDERR: &str = "wasi:cli/stderr@0.2.12";
pub(crate) const MONOTONIC_CLOCK: &str = "wasi:clocks/monotonic-clock@0.2.12";
pub(crate) const WALL_CLOCK: &str = "wasi:clocks/wall-clock@0.2.12";
pub(crate) const FILES: &str = "wasi:filesystem/types@0.2.12";
pub(crate) const PREOPENS: &str = "wasi:filesystem/preopens@0.2.12";
pub(crate) const POLL: &str = "wasi:io/poll@0.2.12";
pub(crate) const STREAMS: &str = "wasi:io/streams@0.2.12";
pub(crate) const RANDOM: &str = "wasi:random/random@0.2.12";
pub(crate) const INSECURE: &str = "wasi:random/insecure@0.2.12";
pub(crate) const NAME_LOOKUP: &str = "wasi:sockets/ip-name-lookup@0.2.12";
pub(crate) const TCP_CREATE: &str = "wasi:sockets/tcp-create-socket@0.2.12";
pub(crate) const UDP_CREATE: &str = "wasi:sockets/udp-create-socket@0.2.12";

/// Adds WASI 0.2 to `linker`: cli, clocks, filesystem, io, random and sockets, all versions.
///
/// Every use is decided by the guard of the instance, so one linker serves instances with different grants.
pub fn add_to_linker<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut unstable = LinkOptions::default();
    unstable.network_error_code(true);
    wasmtime_wasi::p2::add_to_linker_with_options_sync(linker, &unstable)?;
    // Wasmtime gives the functions their meaning; these stand before some of them.
    linker.allow_shadowing(true);
    files::add(linker)?;
    sockets::add(linker)?;
    clocks::add(linker)?;
    streams::add(linker)?;
    deadline::add(linker)?;
    linker.allow_shadowing(false);
    Ok(())
}
