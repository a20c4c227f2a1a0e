//! The WASI context of an instance: what wasmtime enforces by itself.

use std::sync::Arc;

use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::filesystem::FsPerms;

use crate::Error;
use crate::model::{Access, Grants};
use crate::monitor::Monitor;
use crate::sockets::{self, Answers};
use crate::streams::Muted;

pub(crate) fn builder(
    grants: &Arc<Grants>,
    monitor: &Monitor,
    answers: &Answers,
) -> Result<WasiCtxBuilder, Error> {
    let mut builder = WasiCtxBuilder::new();
    // One instance runs on a thread of its own, so waiting for a file holds nobody up.
    builder.allow_blocking_current_thread(true);
    for (path, directory) in &grants.filesystem {
        let perms = match directory.access {
            Access::Read => FsPerms::ReadOnly,
            Access::ReadWrite => FsPerms::ReadWrite,
        };
        builder.preopened_dir(&directory.host, path, perms).map_err(|reason| {
            Error::new(format!("`{}` cannot be opened: {reason}", directory.host.display()))
                .help(format!("it is granted as `filesystem.\"{path}\"`, and must be a directory"))
        })?;
    }
    for name in &grants.env.allow {
        if let Ok(value) = std::env::var(name) {
            builder.env(name, value);
        }
    }
    for (name, value) in &grants.env.set {
        builder.env(name, value);
    }
    let stdio = grants.stdio;
    if stdio.stdin {
        builder.inherit_stdin();
    } else {
        builder.stdin(Muted::new(monitor, "stdio.stdin", "read its standard input"));
    }
    if stdio.stdout {
        builder.inherit_stdout();
    } else {
        builder.stdout(Muted::new(monitor, "stdio.stdout", "write to its standard output"));
    }
    if stdio.stderr {
        builder.inherit_stderr();
    } else {
        builder.stderr(Muted::new(monitor, "stdio.stderr", "write to its standard error"));
    }
    let network = &grants.network;
    builder.allow_tcp(!network.tcp_connect.is_empty() || !network.tcp_listen.is_empty());
    builder.allow_udp(!network.udp.is_empty());
    // The guard decides which names; addresses that are written as numbers need no look-up.
    builder.allow_ip_name_lookup(true);
    builder.socket_addr_check(sockets::check(grants, monitor, answers));
    // Not random, so that it tells nothing of the host; the guard does the same for the other insecure functions.
    if !grants.random.allow {
        builder.insecure_random_seed(0);
    }
    Ok(builder)
}
