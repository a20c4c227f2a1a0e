//! The hand-written support code, as files next to the bindings or as a package of its own module.

use witgen_backend::Runtime;
use witgen_emit::FileSet;
use witgen_languages::Side;

/// The module of the support code.
pub(crate) const MODULE: &str = "github.com/witgen/witgen/runtime-support/go";
const MODULE_VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION"));
pub(crate) const GO_VERSION: &str = "1.25.0";

macro_rules! sources {
    ($($out:literal = $file:literal),* $(,)?) => {
        &[$(($out, include_str!(concat!("../../../runtime-support/go/", $file)))),*]
    };
}

/// Files by their place below the bindings.
const SOURCES: &[(&str, &str)] = sources! {
    "internal/abi/handle.go" = "abi/handle.go",
    "internal/abi/memory.go" = "abi/memory.go",
    "internal/abi/realloc.go" = "abi/realloc.go",
    "internal/abi/realloc_wasm.go" = "abi/realloc_wasm.go",
    "internal/abi/roots.go" = "abi/roots.go",
    "internal/abi/scalar.go" = "abi/scalar.go",
    "wit/error.go" = "wit/error.go",
    "wit/result.go" = "wit/result.go",
    "wit/tuple.go" = "wit/tuple.go",
    "wit/tuple_long.go" = "wit/tuple_long.go",
};

/// The import path of package `abi` or `host`.
pub(crate) fn abi_path(root: &str, runtime: Runtime, side: Side) -> String {
    match (runtime, side) {
        (Runtime::Embed, Side::Guest) => format!("{root}/internal/abi"),
        (Runtime::Package, Side::Guest) => format!("{MODULE}/abi"),
        (Runtime::Embed, Side::Host) => format!("{root}/host"),
        (Runtime::Package, Side::Host) => format!("{MODULE}/host"),
    }
}

/// The import path of package `wit`.
pub(crate) fn wit_path(root: &str, runtime: Runtime) -> String {
    match runtime {
        Runtime::Embed => format!("{root}/wit"),
        Runtime::Package => format!("{MODULE}/wit"),
    }
}

/// Files of hosts by their place below the bindings.
const HOST_SOURCES: &[(&str, &str)] = sources! {
    "host/component.go" = "host/component.go",
    "host/dynamic.go" = "host/dynamic.go",
    "host/engine.go" = "host/engine.go",
    "host/errors.go" = "host/errors.go",
    "host/func.go" = "host/func.go",
    "host/handles.go" = "host/handles.go",
    "host/import.go" = "host/import.go",
    "host/instance.go" = "host/instance.go",
    "host/limits.go" = "host/limits.go",
    "host/linker.go" = "host/linker.go",
    "host/memory.go" = "host/memory.go",
    "host/plan.go" = "host/plan.go",
    "host/plan_check.go" = "host/plan_check.go",
    "host/pool.go" = "host/pool.go",
    "host/release.go" = "host/release.go",
    "host/release_amd64.go" = "host/release_amd64.go",
    "host/resource.go" = "host/resource.go",
    "host/rewrite.go" = "host/rewrite.go",
    "host/strings.go" = "host/strings.go",
    "host/trampolines.go" = "host/trampolines.go",
    "host/transcode.go" = "host/transcode.go",
    "host/types.go" = "host/types.go",
    "host/values.go" = "host/values.go",
    "host/values_flat.go" = "host/values_flat.go",
    "host/wazero.go" = "host/wazero.go",
    "host/wasi/address.go" = "host/wasi/address.go",
    "host/wasi/blobs.go" = "host/wasi/blobs.go",
    "host/wasi/blobstore.go" = "host/wasi/blobstore.go",
    "host/wasi/cli.go" = "host/wasi/cli.go",
    "host/wasi/clocks.go" = "host/wasi/clocks.go",
    "host/wasi/details_linux.go" = "host/wasi/details_linux.go",
    "host/wasi/details_other.go" = "host/wasi/details_other.go",
    "host/wasi/directory.go" = "host/wasi/directory.go",
    "host/wasi/files.go" = "host/wasi/files.go",
    "host/wasi/grants.go" = "host/wasi/grants.go",
    "host/wasi/guard.go" = "host/wasi/guard.go",
    "host/wasi/http_body.go" = "host/wasi/http_body.go",
    "host/wasi/http_client.go" = "host/wasi/http_client.go",
    "host/wasi/http_fields.go" = "host/wasi/http_fields.go",
    "host/wasi/http_messages.go" = "host/wasi/http_messages.go",
    "host/wasi/http_server.go" = "host/wasi/http_server.go",
    "host/wasi/keyvalue.go" = "host/wasi/keyvalue.go",
    "host/wasi/others.go" = "host/wasi/others.go",
    "host/wasi/poll.go" = "host/wasi/poll.go",
    "host/wasi/pump.go" = "host/wasi/pump.go",
    "host/wasi/random.go" = "host/wasi/random.go",
    "host/wasi/read_grants.go" = "host/wasi/read_grants.go",
    "host/wasi/sockets.go" = "host/wasi/sockets.go",
    "host/wasi/sqlite.go" = "host/wasi/sqlite.go",
    "host/wasi/streams.go" = "host/wasi/streams.go",
    "host/wasi/tcp.go" = "host/wasi/tcp.go",
    "host/wasi/udp.go" = "host/wasi/udp.go",
    "host/wasi/wasi.go" = "host/wasi/wasi.go",
    "wit/error.go" = "wit/error.go",
    "wit/result.go" = "wit/result.go",
    "wit/tuple.go" = "wit/tuple.go",
    "wit/tuple_long.go" = "wit/tuple_long.go",
};

/// Adds the sources of a host to `files`.
pub(crate) fn embed_host(files: &mut FileSet, root: &str) -> witgen_diag::Result<()> {
    let published = abi_path(root, Runtime::Package, Side::Host);
    let own = abi_path(root, Runtime::Embed, Side::Host);
    for (path, text) in HOST_SOURCES {
        files.insert(*path, format!("{}\n\n{}", crate::guest::HEADER, text.replace(&published, &own)))?;
    }
    Ok(())
}

/// The `go.mod` and `go.sum` of host bindings that are a module of their own.
pub(crate) fn host_module(files: &mut FileSet, root: &str, runtime: Runtime) -> witgen_diag::Result<()> {
    let requires = HOST_MOD.split_once("\nrequire").map_or("", |(_, requires)| requires);
    let own = match runtime {
        Runtime::Embed => String::new(),
        Runtime::Package => {
            format!("\nrequire (\n\t{MODULE} {MODULE_VERSION}\n\t{MODULE}/host {MODULE_VERSION}\n)\n")
        }
    };
    files.insert("go.mod", format!("module {root}\n\ngo {GO_VERSION}\n{own}\nrequire{requires}"))?;
    files.insert("go.sum", HOST_SUM)
}

const HOST_MOD: &str = include_str!("../../../runtime-support/go/host/go.mod");
const HOST_SUM: &str = include_str!("../../../runtime-support/go/host/go.sum");

/// Adds the sources to `files`.
pub(crate) fn embed(files: &mut FileSet) -> witgen_diag::Result<()> {
    for (path, text) in SOURCES {
        files.insert(*path, format!("{}\n\n{text}", crate::guest::HEADER))?;
    }
    Ok(())
}

/// The `go.mod` of bindings that are a module of their own.
pub(crate) fn go_mod(root: &str, runtime: Runtime) -> String {
    let require = match runtime {
        Runtime::Embed => String::new(),
        Runtime::Package => format!("\nrequire {MODULE} {MODULE_VERSION}\n"),
    };
    format!("module {root}\n\ngo {GO_VERSION}\n{require}")
}
