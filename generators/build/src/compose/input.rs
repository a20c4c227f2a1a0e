//! Reading the files and refusing what is no component.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use witgen_diag::{Diagnostic, Id, Result};

/// The contents of all `paths`, or everything that is wrong with them.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>> {
    let mut contents = Vec::new();
    let mut findings = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        if paths[..index].contains(path) {
            findings.push(
                Diagnostic::error(Id::Usage, "this component is given twice")
                    .in_path(path)
                    .note("each component is instantiated once and shared by all that use it"),
            );
            continue;
        }
        match read(path) {
            Ok(bytes) => contents.push(bytes),
            Err(diagnostics) => findings.extend(diagnostics),
        }
    }
    if findings.is_empty() { Ok(contents) } else { Err(findings) }
}

/// The names that a component imports.
pub(super) fn imports(component: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(|error| broken_output(&error))? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    names.push(import.map_err(|error| broken_output(&error))?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Fails with our own fault when the composed `component` is not valid.
pub(super) fn check_output(component: &[u8]) -> Result<()> {
    validate(component).map_err(|error| broken_output(&error).into())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let invalid = |message: &str| Diagnostic::error(Id::InvalidComponent, message).in_path(path);
    if bytes.is_empty() {
        return Err(invalid("the file is empty").into());
    }
    if Parser::is_core_wasm(&bytes) {
        return Err(invalid("this is a core module, not a component")
            .help(
                "make a component of it: `witgen build` does so for Rust, Python, JavaScript and Go projects",
            )
            .into());
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(invalid("this is not a WebAssembly file").into());
    }
    validate(&bytes)
        .map_err(|error| Vec::from(invalid("the file is no valid component").note(error.to_string())))?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    let diagnostic = match error.kind() {
        ErrorKind::NotFound => Diagnostic::error(Id::MissingInput, "there is no such file"),
        ErrorKind::IsADirectory => {
            Diagnostic::error(Id::MissingInput, "this is a directory, not a component")
                .help(format!("build it first: witgen build {} -o OUT.wasm", path.display()))
        }
        _ => Diagnostic::error(Id::Io, format!("the file cannot be read: {error}")),
    };
    diagnostic.in_path(path)
}

fn validate(bytes: &[u8]) -> std::result::Result<(), wasmparser::BinaryReaderError> {
    Validator::new_with_features(WasmFeatures::all()).validate_all(bytes).map(|_| ())
}

fn broken_output(error: &wasmparser::BinaryReaderError) -> Diagnostic {
    Diagnostic::error(Id::Internal, format!("the composed component is not valid: {error}"))
}
