//! The hand-written support code, as files next to the bindings or as a package of its own module.

use witgen_backend::Runtime;
use witgen_emit::FileSet;

/// The module of the support code.
pub(crate) const MODULE: &str = "github.com/witgen/witgen/runtime-support/go";
const MODULE_VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION"));
const GO_VERSION: &str = "1.25.0";

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

/// The import path of package `abi`.
pub(crate) fn abi_path(root: &str, runtime: Runtime) -> String {
    match runtime {
        Runtime::Embed => format!("{root}/internal/abi"),
        Runtime::Package => format!("{MODULE}/abi"),
    }
}

/// The import path of package `wit`.
pub(crate) fn wit_path(root: &str, runtime: Runtime) -> String {
    match runtime {
        Runtime::Embed => format!("{root}/wit"),
        Runtime::Package => format!("{MODULE}/wit"),
    }
}

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
