//! Builds Go components: a core module with stock Go, then the component around it.
//!
//! Go's own system interface is that of WASI preview 1, which the adapter turns into WASI 0.2.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::{Job, process};

/// The first release with `go:wasmexport` whose runtime survives what the support code does.
const MINIMUM: (u32, u32) = (1, 25);

pub(crate) fn build(job: &Job<'_>) -> witgen_diag::Result<Vec<u8>> {
    let go = job.tools.find(Language::Go, "go")?.path;
    let place = Place::of(job)?;
    check_version(&go, &place)?;
    let core = compile(job, &go, &place)?;
    encode(job, core)
}

/// Where the go command runs and what it builds there.
struct Place {
    dir: PathBuf,
    package: String,
    workspace: Option<PathBuf>,
}

impl Place {
    fn of(job: &Job<'_>) -> witgen_diag::Result<Self> {
        let source = absolute(&job.project.source)?;
        let (dir, package) = if source.is_dir() {
            (source.clone(), ".".to_owned())
        } else {
            let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (source.parent().map(Path::to_owned).unwrap_or_default(), format!("./{name}"))
        };
        let is_module = job.bindings.iter().any(|(path, _)| path == "go.mod");
        let workspace = if is_module { Some(workspace(job, &dir)?) } else { None };
        Ok(Self { dir, package, workspace })
    }
}

/// A workspace in the scratch directory, so that a program outside of any module finds bindings that are one.
fn workspace(job: &Job<'_>, source: &Path) -> witgen_diag::Result<PathBuf> {
    let mut text = format!("go 1.25.0\n\nuse {}\n", quoted(&absolute(&job.project.bindings)?));
    if source.join("go.mod").is_file() {
        text.push_str(&format!("use {}\n", quoted(source)));
    }
    let path = job.scratch.join("go.work");
    std::fs::write(&path, text).map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot write `{}`", path.display())).note(reason.to_string())
    })?;
    Ok(path)
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

fn absolute(path: &Path) -> witgen_diag::Result<PathBuf> {
    std::path::absolute(path).map_err(|reason| {
        Diagnostic::error(Id::Io, format!("`{}` has no absolute form", path.display()))
            .note(reason.to_string())
            .into()
    })
}

/// Asks in the program's own directory, since its `go.mod` may choose another toolchain.
fn check_version(go: &Path, place: &Place) -> witgen_diag::Result<()> {
    let mut command = Command::new(go);
    command.args(["env", "GOVERSION"]).current_dir(&place.dir);
    let output = process::run(&mut command, "go")?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match version(&text) {
        Some(found) if found < MINIMUM => {
            Err(Diagnostic::error(Id::MissingTool, format!("`go` is too old: this is {text}"))
                .note(format!("Go components need Go {}.{} or newer", MINIMUM.0, MINIMUM.1))
                .help("install a newer one: https://go.dev/dl")
                .help("if it is somewhere else, set `WITGEN_GO` to its path")
                .into())
        }
        // Development versions have other texts.
        Some(_) | None => Ok(()),
    }
}

/// `(1, 26)` of `go1.26.8`
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("go")?.split(['.', ' ', '-']);
    let major = parts.next()?.parse().ok()?;
    let minor: String = parts.next()?.chars().take_while(char::is_ascii_digit).collect();
    Some((major, minor.parse().ok()?))
}

fn compile(job: &Job<'_>, go: &Path, place: &Place) -> witgen_diag::Result<Vec<u8>> {
    let core = job.scratch.join("core.wasm");
    let mut command = Command::new(go);
    command
        .current_dir(&place.dir)
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .args(["build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o"])
        .arg(&core)
        .arg(&place.package);
    match &place.workspace {
        Some(path) => command.env("GOWORK", path),
        None => &mut command,
    };
    process::run(&mut command, "go")?;
    std::fs::read(&core).map_err(|reason| {
        Diagnostic::error(Id::ToolFailed, "`go` made no module")
            .note(reason.to_string())
            .help("the program must be a `package main`")
            .into()
    })
}

fn encode(job: &Job<'_>, mut core: Vec<u8>) -> witgen_diag::Result<Vec<u8>> {
    embed_component_metadata(&mut core, job.wit.resolve(), job.wit.world(), StringEncoding::UTF8, false)
        .map_err(|reason| not_encoded(job, &format!("{reason:#}")))?;
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).merge_imports_based_on_semver(!job.wit.has_compatible_imports());
    encoder
        .module(&core)
        .and_then(|encoder| {
            encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)
        })
        .and_then(|encoder| encoder.encode())
        .map_err(|reason| not_encoded(job, &format!("{reason:#}")))
}

/// The usual reason is that the program does not import the package of an exported interface.
fn not_encoded(job: &Job<'_>, reason: &str) -> Vec<Diagnostic> {
    let diagnostic =
        Diagnostic::error(Id::ToolFailed, "the module that Go made is no component of this world")
            .note(format!("the world is `{}`", job.wit.world_name()))
            .note(reason.to_owned());
    let missing = ["failed to find export", "missing", "does not export"];
    let diagnostic = match missing.iter().any(|words| reason.contains(words)) {
        true => diagnostic.help(
            "import the package of each exported interface, below `exports` of the bindings, and call its `Export` in an `init` function",
        ),
        false => diagnostic,
    };
    diagnostic.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(version("go1.26.8"), Some((1, 26)));
        assert_eq!(version("go1.27rc1"), Some((1, 27)));
        assert!(version("go1.9.1") < Some(MINIMUM));
        assert_eq!(version("devel +abc"), None);
    }
}
