//! The support code, which is written next to the bindings or imported from the registry.

use witgen_backend::Runtime;
use witgen_emit::FileSet;

use crate::HostOptions;

/// Keeps the user's TypeScript settings away from modules: their declarations are what is checked.
pub(crate) const UNCHECKED: &str = "// @ts-nocheck\n";

macro_rules! sources {
    ($($to:literal = $from:literal,)*) => {
        &[$(($to, include_str!(concat!("../../../runtime-support/js/", $from)))),*]
    };
}

const HOST_SOURCES: &[(&str, &str)] = sources! {
    "host/beyond.js" = "host/beyond.js",
    "host/bindings.js" = "host/bindings.js",
    "host/calls.js" = "host/calls.js",
    "host/checks.js" = "host/checks.js",
    "host/compound.js" = "host/compound.js",
    "host/dynamic.js" = "host/dynamic.js",
    "host/errors.js" = "host/errors.js",
    "host/extra.js" = "host/extra.js",
    "host/functions.js" = "host/functions.js",
    "host/given.js" = "host/given.js",
    "host/handles.js" = "host/handles.js",
    "host/imports.js" = "host/imports.js",
    "host/linear.js" = "host/linear.js",
    "host/lists.js" = "host/lists.js",
    "host/memory.js" = "host/memory.js",
    "host/meter.js" = "host/meter.js",
    "host/names.js" = "host/names.js",
    "host/node.js" = "host/node.js",
    "host/node/addresses.js" = "host/node/addresses.js",
    "host/node/blobs.js" = "host/node/blobs.js",
    "host/node/bodies.js" = "host/node/bodies.js",
    "host/node/bound.js" = "host/node/bound.js",
    "host/node/builtins.js" = "host/node/builtins.js",
    "host/node/codes.js" = "host/node/codes.js",
    "host/node/connection.js" = "host/node/connection.js",
    "host/node/directory.js" = "host/node/directory.js",
    "host/node/fields.js" = "host/node/fields.js",
    "host/node/file.js" = "host/node/file.js",
    "host/node/files.js" = "host/node/files.js",
    "host/node/grants.js" = "host/node/grants.js",
    "host/node/guard.js" = "host/node/guard.js",
    "host/node/http.js" = "host/node/http.js",
    "host/node/index.js" = "host/node/index.js",
    "host/node/limits.js" = "host/node/limits.js",
    "host/node/listener.js" = "host/node/listener.js",
    "host/node/messages.js" = "host/node/messages.js",
    "host/node/monitor.js" = "host/node/monitor.js",
    "host/node/others.js" = "host/node/others.js",
    "host/node/remote.js" = "host/node/remote.js",
    "host/node/sockets.js" = "host/node/sockets.js",
    "host/node/stats.js" = "host/node/stats.js",
    "host/node/stores.js" = "host/node/stores.js",
    "host/node/tcp.js" = "host/node/tcp.js",
    "host/node/text.js" = "host/node/text.js",
    "host/node/udp.js" = "host/node/udp.js",
    "host/node/worker.js" = "host/node/worker.js",
    "host/place.js" = "host/place.js",
    "host/plan.js" = "host/plan.js",
    "host/resources.js" = "host/resources.js",
    "host/runtime.js" = "host/runtime.js",
    "host/scalars.js" = "host/scalars.js",
    "host/signature.js" = "host/signature.js",
    "host/state.js" = "host/state.js",
    "host/streams.js" = "host/streams.js",
    "host/strings.js" = "host/strings.js",
    "host/trampolines.js" = "host/trampolines.js",
    "host/transcode.js" = "host/transcode.js",
    "host/types.js" = "host/types.js",
    "host/values.js" = "host/values.js",
    "host/wasi.js" = "host/wasi.js",
    "host/wide.js" = "host/wide.js",
    "host/within.js" = "host/within.js",
    "shared/describe.js" = "shared/describe.js",
    "shared/errors.js" = "shared/errors.js",
};
const SOURCES: &[(&str, &str)] = sources! {
    "guest/codec.js" = "guest/codec.js",
    "guest/compound.js" = "guest/compound.js",
    "guest/console.js" = "guest/console.js",
    "guest/exports.js" = "guest/exports.js",
    "guest/functions.js" = "guest/functions.js",
    "guest/handles.js" = "guest/handles.js",
    "guest/index.js" = "guest/index.js",
    "guest/lists.js" = "guest/lists.js",
    "guest/mismatch.js" = "guest/mismatch.js",
    "guest/resources.js" = "guest/resources.js",
    "guest/scalars.js" = "guest/scalars.js",
    "shared/describe.js" = "shared/describe.js",
    "shared/errors.js" = "shared/errors.js",
};
const ERRORS: &str = include_str!("../../../runtime-support/js/types/errors.d.ts");
const BINDINGS: &str = include_str!("../../../runtime-support/js/types/bindings.d.ts");
const WASI: &str = include_str!("../../../runtime-support/js/types/wasi.d.ts");
/// It finds its types in the support code, which is elsewhere for each way to write it.
const NODE: &str = include_str!("../../../runtime-support/js/types/node.d.ts");
const GLUE: &str = include_str!("../../../runtime-support/js/types/glue.d.ts");
const GENERICS: &str = include_str!("../../../runtime-support/js/types/generics.d.ts");

/// Adds the support code, and `_witgen/runtime.js` and `errors.js`, which are the same to all who import them.
pub(crate) fn insert(files: &mut FileSet, runtime: Runtime) -> witgen_diag::Result<()> {
    files.insert("_witgen/generics.d.ts", GENERICS)?;
    let (guest, errors) = match runtime {
        Runtime::Embed => {
            for (path, text) in SOURCES {
                files.insert(format!("_witgen/{path}"), format!("{UNCHECKED}{text}"))?;
            }
            files.insert("errors.d.ts", ERRORS)?;
            ("./guest/index.js", "./_witgen/shared/errors.js")
        }
        Runtime::Package => {
            files.insert("errors.d.ts", "export { WitError } from \"witgen-runtime/errors\";\n")?;
            ("witgen-runtime/guest", "witgen-runtime/errors")
        }
    };
    files.insert("_witgen/runtime.js", format!("{UNCHECKED}export * from \"{guest}\";\n"))?;
    files.insert("errors.js", format!("{UNCHECKED}export {{ WitError }} from \"{errors}\";\n"))
}

/// Adds the support code of a host, `_witgen/runtime.js`, which is the same to all who import it, and `wasi.js`.
pub(crate) fn insert_host(files: &mut FileSet, options: &HostOptions) -> witgen_diag::Result<()> {
    files.insert("_witgen/generics.d.ts", GENERICS)?;
    let (host, wasi, node) = match options.runtime {
        Runtime::Embed => {
            for (path, text) in HOST_SOURCES {
                files.insert(format!("_witgen/{path}"), format!("{UNCHECKED}{text}"))?;
            }
            files.insert("_witgen/errors.d.ts", ERRORS)?;
            files.insert("_witgen/runtime.d.ts", BINDINGS)?;
            let types = if options.typescript { "_witgen/host/wasi.d.ts" } else { "wasi.d.ts" };
            files.insert(types, WASI)?;
            let (types, runtime) = if options.typescript {
                ("_witgen/host/node.d.ts", "../runtime.js")
            } else {
                ("node.d.ts", "./_witgen/runtime.js")
            };
            files.insert(types, NODE.replace("./bindings.js", runtime))?;
            ("./host/runtime.js", "./_witgen/host/wasi.js", "./_witgen/host/node.js")
        }
        Runtime::Package => {
            let types = "export * from \"witgen-runtime/host/bindings\";\n";
            files.insert("_witgen/runtime.d.ts", types)?;
            if !options.typescript {
                files.insert("wasi.d.ts", "export * from \"witgen-runtime/host/wasi\";\n")?;
                files.insert("node.d.ts", "export * from \"witgen-runtime/host/node\";\n")?;
            }
            ("witgen-runtime/host/bindings", "witgen-runtime/host/wasi", "witgen-runtime/host/node")
        }
    };
    files.insert("_witgen/runtime.js", format!("{UNCHECKED}export * from \"{host}\";\n"))?;
    if options.typescript {
        files.insert("_witgen/glue.d.ts", GLUE)?;
        files.insert("node.ts", format!("export * from \"{node}\";\n"))?;
        return files.insert("wasi.ts", format!("export * from \"{wasi}\";\n"));
    }
    files.insert(
        "node.js",
        format!("{UNCHECKED}export {{ MemoryStore, requestListener }} from \"{node}\";\n"),
    )?;
    files.insert("wasi.js", format!("{UNCHECKED}export {{ MemoryFiles, wasi }} from \"{wasi}\";\n"))
}
