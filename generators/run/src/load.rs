//! From a file to a compiled component, with a help for every kind of wrong file.

use std::io::ErrorKind;
use std::path::Path;

use wasmtime::Engine;
use wasmtime::component::Component;
use witgen_diag::{Diagnostic, Id, Result};

const MAGIC: &[u8] = b"\0asm";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// The bytes of a file that looks like a component.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    match wrong_kind(&bytes) {
        Some(diagnostic) => Err(diagnostic.in_path(path).into()),
        None => Ok(bytes),
    }
}

/// Compiles, or takes the compiled code from the cache of `engine`.
pub(crate) fn compile(engine: &Engine, path: &Path, bytes: &[u8]) -> Result<Component> {
    Component::from_binary(engine, bytes).map_err(|error| {
        let mut diagnostic = Diagnostic::error(Id::InvalidComponent, "the file is no valid component")
            .in_path(path)
            .note(format!("{error:#}"));
        let text = format!("{error:#}");
        if text.contains("async") || text.contains("stream") || text.contains("future") {
            diagnostic = diagnostic
                .note("components with async functions, streams or futures (WASI 0.3) are not supported yet");
        }
        if text.contains("unexpected end") {
            diagnostic = diagnostic.help("the file looks truncated: build or download it again");
        }
        diagnostic.into()
    })
}

/// Makes what the memories of every instance start from.
pub(crate) fn make_images(component: &Component, path: &Path) -> Result<()> {
    Ok(witgen_wasi::make_images(component).map_err(|error| {
        Diagnostic::error(Id::Io, "the system has no room for the memory of the component")
            .in_path(path)
            .note(format!("{error:#}"))
    })?)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Vec<Diagnostic> {
    let diagnostic = match error.kind() {
        ErrorKind::NotFound => Diagnostic::error(Id::MissingInput, "there is no such file"),
        ErrorKind::IsADirectory => {
            Diagnostic::error(Id::MissingInput, "this is a directory, not a component")
                .help(format!("build it first: witgen build {} -o OUT.wasm", path.display()))
        }
        _ => Diagnostic::error(Id::Io, format!("the file cannot be read: {error}")),
    };
    diagnostic.in_path(path).into()
}

fn wrong_kind(bytes: &[u8]) -> Option<Diagnostic> {
    let wrong = |message: &str| Some(Diagnostic::error(Id::InvalidComponent, message));
    if bytes.is_empty() {
        return wrong("the file is empty");
    }
    if bytes.starts_with(MODULE) {
        return wrong("this is a core module, not a component").map(|diagnostic| {
            diagnostic.help(
                "make a component of it: `witgen build` does so for Rust, Python, JavaScript and Go projects, \
                 `wasm-tools component new` for other modules",
            )
        });
    }
    if bytes.starts_with(MAGIC) && bytes.len() >= 8 && !bytes.starts_with(COMPONENT) {
        return wrong("the file is in a version of the WebAssembly format that is not supported");
    }
    if bytes.starts_with(b"(component") || bytes.starts_with(b"(module") {
        return wrong("this is WebAssembly text, not a binary component")
            .map(|diagnostic| diagnostic.help("translate it first, for instance with `wasm-tools parse`"));
    }
    if !bytes.starts_with(&MAGIC[..bytes.len().min(4)]) {
        return wrong("this is not a WebAssembly file");
    }
    (bytes.len() < 8).then(|| {
        Diagnostic::error(Id::InvalidComponent, "the file ends within its first eight bytes")
            .help("the file looks truncated: build or download it again")
    })
}
