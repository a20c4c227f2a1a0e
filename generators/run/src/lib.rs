//! Runs components on wasmtime with WASI and without any grant.
