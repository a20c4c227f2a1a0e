//! Builds Rust components with cargo, whose target `wasm32-wasip2` makes components itself.
//!
//! The source is a folder with a `Cargo.toml`, or a single file, for which a crate is made in the scratch directory;
//! such a file says `#[path = "bindings/<world>.rs"] mod bindings;` and has a `main` when it is a command.
//! The target directory is one per project in witgen's cache, unless the user has chosen one.
//! For a world with `import a: ns:pkg/iface`, which rustc's linker does not know, the component is made here; so it is
//! for `wasm32-unknown-unknown`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sha2::{Digest, Sha256};
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wit_component::{ComponentEncoder, DecodedWasm};
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::{Job, RustTarget, process, tools};

pub(crate) fn build(job: &Job<'_>) -> witgen_diag::Result<Vec<u8>> {
    let cargo = job.tools.find(Language::Rust, "cargo")?.path;
    let target = job.project.rust_target;
    let mut place = Place::of(job)?;
    let named = has_named_interfaces(job.wit.resolve(), job.wit.world());
    let core = named || target == RustTarget::Unknown;
    if target == RustTarget::Unknown {
        // Its linker makes core modules anyway.
    } else if named {
        place.link("--skip-wit-component");
    } else if job.wit.has_compatible_imports() {
        place.link("--merge-imports-based-on-semver=false");
    }
    let mut command = Command::new(cargo);
    // Only `cargo rustc` takes options for the compiler, and it wants a single target.
    command.arg(if place.rustc_args.is_empty() { "build" } else { "rustc" });
    command.args(["--release", "--target", target.name(), "--message-format=json-render-diagnostics"]);
    command.env("CARGO_TERM_COLOR", "never").current_dir(&place.dir);
    if let Some(dir) = &place.target_dir {
        command.env("CARGO_TARGET_DIR", dir);
    }
    command.args(&place.rustc_args);
    let output = process::output(&mut command, "cargo")?;
    if !output.status.success() {
        return Err(failure(&command, output, target).into());
    }
    let path = artifact(&place, &String::from_utf8_lossy(&output.stdout))?;
    let mut component = std::fs::read(&path).map_err(|reason| io("read", &path, &reason))?;
    if core {
        component = encode(job, &component)?;
    }
    check_world(job, &component)?;
    Ok(component)
}

/// Where cargo runs.
struct Place {
    dir: PathBuf,
    target_dir: Option<PathBuf>,
    rustc_args: Vec<String>,
}

impl Place {
    /// Has the linker get `arg`.
    fn link(&mut self, arg: &str) {
        if self.rustc_args.is_empty() {
            self.rustc_args.push("--".to_owned());
        }
        self.rustc_args.extend(["-C".to_owned(), format!("link-arg={arg}")]);
    }

    fn of(job: &Job<'_>) -> witgen_diag::Result<Self> {
        let source = std::path::absolute(&job.project.source)
            .map_err(|reason| io("find", &job.project.source, &reason))?;
        if source.is_file() && source.extension().is_some_and(|extension| extension == "rs") {
            return Self::of_file(job, &source);
        }
        let manifest = source.join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Diagnostic::error(
                Id::MissingInput,
                format!("`{}` has no `Cargo.toml`", job.project.source.display()),
            )
            .in_path(&manifest)
            .help("make it a crate with `cargo init --lib`, or give a single `.rs` file as the source")
            .into());
        }
        let target_dir = if chooses_target_dir(&source) { None } else { target_dir(&source) };
        Ok(Self { dir: source, target_dir, rustc_args: Vec::new() })
    }

    /// A crate around a single file, which stays where it is.
    fn of_file(job: &Job<'_>, source: &Path) -> witgen_diag::Result<Self> {
        let text = std::fs::read_to_string(source).map_err(|reason| io("read", source, &reason))?;
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let name: String = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let path = toml::Value::String(source.display().to_string());
        let kind = match has_main(&text) {
            true => format!("[[bin]]\nname = \"component\"\npath = {path}\n"),
            false => format!("[lib]\nname = \"component\"\npath = {path}\ncrate-type = [\"cdylib\"]\n"),
        };
        let manifest = job.scratch.join("Cargo.toml");
        let text = format!(
            "[package]\nname = \"witgen-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{kind}\n\
             [profile.release]\nopt-level = \"s\"\nlto = true\nstrip = true\n\n[workspace]\n"
        );
        std::fs::write(&manifest, text).map_err(|reason| io("write", &manifest, &reason))?;
        // Panics name the file; where it lies must not change the component.
        let root = source.parent().unwrap_or(Path::new("."));
        let rustc_args = vec!["--".to_owned(), format!("--remap-path-prefix={}=.", root.display())];
        Ok(Self { dir: job.scratch.to_owned(), target_dir: Some(job.scratch.join("target")), rustc_args })
    }
}

fn has_main(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().trim_start_matches("pub ").starts_with("fn main("))
}

/// Whether the user has said where cargo builds, in the environment or in a configuration file of cargo.
fn chooses_target_dir(source: &Path) -> bool {
    let set = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];
    if set.iter().any(|variable| std::env::var_os(variable).is_some()) {
        return true;
    }
    source.ancestors().any(|dir| {
        ["config.toml", "config"].iter().any(|name| {
            std::fs::read_to_string(dir.join(".cargo").join(name))
                .is_ok_and(|text| text.contains("target-dir"))
        })
    })
}

fn target_dir(source: &Path) -> Option<PathBuf> {
    let mut name = String::new();
    for byte in Sha256::digest(source.display().to_string().as_bytes()).iter().take(8) {
        let _ = write!(name, "{byte:02x}");
    }
    Some(tools::cache_dir()?.join("rust").join(name))
}

fn failure(command: &Command, output: Output, target: RustTarget) -> Diagnostic {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    // The standard output holds cargo's messages for programs.
    let output = Output { stdout: Vec::new(), ..output };
    let diagnostic = process::failure(command, "cargo", &output);
    if text.contains("can't find crate for `core`") || text.contains("can't find crate for `std`") {
        let name = target.name();
        return diagnostic.help(format!("the target `{name}` is not installed: `rustup target add {name}`"));
    }
    if text.contains("failed to encode component") || text.contains("failed to find export") {
        return diagnostic.help(EXPORT_HELP);
    }
    if text.contains("no library targets found") || text.contains("extra arguments to `rustc`") {
        return diagnostic.help(CRATE_TYPE_HELP);
    }
    diagnostic
}

const EXPORT_HELP: &str =
    "export a type that implements the world: `bindings::export!(MyType with_types_in bindings);`";
const CRATE_TYPE_HELP: &str =
    "a component is a `cdylib` or a program; add to `Cargo.toml`:\n[lib]\ncrate-type = [\"cdylib\"]";

/// The component among what cargo says that it made.
fn artifact(place: &Place, messages: &str) -> witgen_diag::Result<PathBuf> {
    let manifest = place.dir.join("Cargo.toml");
    let mut found: Vec<(bool, PathBuf)> = Vec::new();
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if message["reason"] != "compiler-artifact" || !same_file(&message["manifest_path"], &manifest) {
            continue;
        }
        let kinds = message["target"]["kind"].as_array().cloned().unwrap_or_default();
        let is_library = kinds.iter().any(|kind| kind == "cdylib");
        if !is_library && !kinds.iter().any(|kind| kind == "bin") {
            continue;
        }
        let files = message["filenames"].as_array().cloned().unwrap_or_default();
        let files = files.iter().filter_map(Value::as_str).filter(|file| file.ends_with(".wasm"));
        found.extend(files.map(|file| (is_library, PathBuf::from(file))));
    }
    found.sort_by_key(|(is_library, _)| !is_library);
    match found.as_slice() {
        [] => Err(Diagnostic::error(Id::InvalidComponent, "the crate makes no component")
            .in_path(&manifest)
            .note("it has neither a library of the crate type `cdylib` nor a program")
            .help(CRATE_TYPE_HELP)
            .into()),
        [(_, path)] | [(true, path), (false, _), ..] => Ok(path.clone()),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(_, path)| format!("`{}`", path.file_stem().unwrap_or_default().to_string_lossy()))
                .collect();
            Err(Diagnostic::error(Id::InvalidComponent, "the crate makes more than one component")
                .in_path(&manifest)
                .note(format!("they are {}", names.join(", ")))
                .into())
        }
    }
}

fn same_file(path: &Value, manifest: &Path) -> bool {
    let Some(path) = path.as_str().map(Path::new) else { return false };
    path == manifest
        || std::fs::canonicalize(path)
            .ok()
            .zip(std::fs::canonicalize(manifest).ok())
            .is_some_and(|(a, b)| a == b)
}

/// Checks that the component exports what the world does; a crate that forgets `export!` links without a word.
fn check_world(job: &Job<'_>, component: &[u8]) -> witgen_diag::Result<()> {
    let decoded = wit_component::decode(component).map_err(|reason| {
        Diagnostic::error(Id::InvalidComponent, "cargo made something that is no component")
            .note(format!("{reason:#}"))
    })?;
    let DecodedWasm::Component(resolve, world) = decoded else {
        return Err(Diagnostic::error(Id::InvalidComponent, "cargo made a WIT package").into());
    };
    let made = exports(&resolve, world);
    let missing: Vec<String> = exports(job.wit.resolve(), job.wit.world())
        .into_iter()
        .filter(|name| !made.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(
        Id::InvalidComponent,
        format!("the component does not export {}", missing.join(", ")),
    )
    .note(format!("the world `{}` does", job.wit.world_name()))
    .help(EXPORT_HELP)
    .into())
}

fn exports(resolve: &Resolve, world: WorldId) -> Vec<String> {
    resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key)).collect()
}

/// Whether the world has `import a: ns:pkg/iface`, which the linker of Rust 1.95 cannot decode.
fn has_named_interfaces(resolve: &Resolve, world: WorldId) -> bool {
    let world = &resolve.worlds[world];
    world.imports.iter().chain(&world.exports).any(|(key, item)| match (key, item) {
        (WorldKey::Name(_), WorldItem::Interface { id, .. }) => resolve.interfaces[*id].name.is_some(),
        _ => false,
    })
}

/// Makes the component of a core module, as the linker does.
fn encode(job: &Job<'_>, core: &[u8]) -> witgen_diag::Result<Vec<u8>> {
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).merge_imports_based_on_semver(!job.wit.has_compatible_imports());
    let encoded = encoder.module(core).and_then(|encoder| {
        encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)?.encode()
    });
    encoded.map_err(|reason| {
        Diagnostic::error(Id::InvalidComponent, "the core module cannot become a component")
            .note(format!("{reason:#}"))
            .help(EXPORT_HELP)
            .into()
    })
}

fn io(verb: &str, path: &Path, reason: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Id::Io, format!("cannot {verb} `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { dir: PathBuf::from("/p"), target_dir: None, rustc_args: Vec::new() }
    }

    fn message(kind: &str, file: &str, manifest: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","manifest_path":"{manifest}","target":{{"kind":["{kind}"]}},"filenames":["{file}"]}}"#
        )
    }

    #[test]
    fn library_of_the_crate_itself_is_the_component() {
        let messages = [
            message("cdylib", "/t/other.wasm", "/other/Cargo.toml"),
            message("bin", "/t/tool.wasm", "/p/Cargo.toml"),
            message("cdylib", "/t/app.wasm", "/p/Cargo.toml"),
        ];
        assert_eq!(artifact(&place(), &messages.join("\n")).unwrap(), Path::new("/t/app.wasm"));
    }

    #[test]
    fn crate_without_a_component_is_told_the_crate_type() {
        let found = artifact(&place(), &message("lib", "/t/libapp.rlib", "/p/Cargo.toml")).unwrap_err();
        assert_eq!(found[0].id, Id::InvalidComponent);
        assert!(found[0].helps[0].contains("cdylib"));
    }

    #[test]
    fn two_programs_are_named() {
        let messages =
            [message("bin", "/t/a.wasm", "/p/Cargo.toml"), message("bin", "/t/b.wasm", "/p/Cargo.toml")];
        let found = artifact(&place(), &messages.join("\n")).unwrap_err();
        assert_eq!(found[0].notes, ["they are `a`, `b`"]);
    }

    #[test]
    fn main_makes_a_file_a_program() {
        assert!(has_main("mod x;\nfn main() {}\n"));
        assert!(!has_main("// fn main()\nfn main_loop() {}\n"));
    }
}
