//! Builds JavaScript components: bundles the source with the bindings, then embeds them into QuickJS.
//!
//! 1. esbuild makes one module of the user's source, its packages and the bindings; TypeScript needs no step of its own.
//! 2. The runtime of the engine is repaired where it takes handles.
//! 3. componentize-qjs runs that module once, takes a snapshot of the engine and makes a component of it.
//! 4. What the tool leaks into the world is taken out again.

mod exports;
mod handles;

use std::path::{Path, PathBuf};
use std::process::Command;

use wit_parser::{WorldItem, WorldKey};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::cache::Key;
use crate::tools::Found;
use crate::wit::Wit;
use crate::{Job, process};

/// Counts the ways in which this driver has built components, for the cache.
const VERSION: u32 = 3;
/// The version of WASI that the engine itself imports: with it, the console adds no import to the component.
const ENGINE_WASI: &str = "0.2.12";
/// What the tool adds to the exports of the world.
const ENGINE_EXPORT: &str = "init";
/// What an export of that name is called until the component is done; the bindings know it as `witgenInit`.
const STAND_IN: &str = "witgen-init";
/// The world that the tool is given: the user's, and the streams of the console.
const TOOL_WORLD: &str = "witgen-tool-world";

pub(crate) fn build(job: &Job<'_>) -> witgen_diag::Result<Vec<u8>> {
    let tools = Toolchain::find(job)?;
    let wit_dir = write_wit(job)?;
    let bundle = bundle(job, &tools)?;
    let key = Key::new("js", VERSION)
        .part("bundle", &read(&bundle)?)
        .part("runtime", &read(&tools.runtime.path)?)
        .part("componentize-qjs", &tools.componentize_version())
        .tree(&wit_dir, &[])?;
    job.cache.get_or_build(key, || {
        let component = componentize(job, &tools, &wit_dir, &bundle)?;
        exports::replaced(&component, ENGINE_EXPORT, STAND_IN)
    })
}

/// What is called.
struct Toolchain {
    node: Found,
    esbuild: Found,
    componentize: Found,
    runtime: Found,
}

impl Toolchain {
    /// Finds all tools, or names all that are missing.
    fn find(job: &Job<'_>) -> witgen_diag::Result<Self> {
        let mut missing = Vec::new();
        let mut find = |name| match job.tools.find(Language::Js, name) {
            Ok(found) => Some(found),
            Err(found) => {
                missing.extend(found);
                None
            }
        };
        let found = (find("node"), find("esbuild"), find("componentize-qjs"), find("qjs-runtime"));
        match found {
            (Some(node), Some(esbuild), Some(componentize), Some(runtime)) => {
                Ok(Self { node, esbuild: without_wrapper(esbuild), componentize, runtime })
            }
            _ => Err(missing),
        }
    }

    /// A command for `tool`. A script is given to the node that was found, whatever node is on `PATH`.
    fn command(&self, tool: &Found) -> Command {
        let is_script = std::fs::File::open(&tool.path).is_ok_and(|mut file| {
            let mut start = [0; 2];
            std::io::Read::read_exact(&mut file, &mut start).is_ok() && start == *b"#!"
        });
        if !is_script {
            return Command::new(&tool.path);
        }
        let mut command = Command::new(&self.node.path);
        command.arg(&tool.path);
        command
    }

    /// What changes when another version is installed: the package's own description, or the program.
    fn componentize_version(&self) -> Vec<u8> {
        let program =
            self.componentize.path.canonicalize().unwrap_or_else(|_| self.componentize.path.clone());
        let package = program.ancestors().skip(1).take(2).map(|dir| dir.join("package.json"));
        let described = package.into_iter().find_map(|path| std::fs::read(path).ok());
        described.or_else(|| std::fs::read(&program).ok()).unwrap_or_default()
    }
}

/// The program of this platform behind the script that npm installs: the script adds a stack trace of its own to
/// every message.
fn without_wrapper(esbuild: Found) -> Found {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let script = esbuild.path.canonicalize().unwrap_or_else(|_| esbuild.path.clone());
    // `node_modules/esbuild/bin/esbuild` and `node_modules/@esbuild/linux-x64/bin/esbuild`.
    let program =
        script.ancestors().nth(3).map(|modules| modules.join(format!("@esbuild/{os}-{arch}/bin/esbuild")));
    match program.filter(|program| program.is_file()) {
        Some(path) => Found { path, ..esbuild },
        None => esbuild,
    }
}

/// Writes the WIT that the tool reads: the user's world with the standard streams for the console.
fn write_wit(job: &Job<'_>) -> witgen_diag::Result<PathBuf> {
    let plain = job.scratch.join("wit");
    with_stand_in(job.wit).write_dir(&plain)?;
    let world = &job.wit.resolve().worlds[job.wit.world()];
    let package = world.package.map(|id| job.wit.resolve().packages[id].name.to_string());
    let text = format!(
        "package {};\nworld {TOOL_WORLD} {{\n  include %{};\n  import wasi:cli/stdout@{ENGINE_WASI};\n  import wasi:cli/stderr@{ENGINE_WASI};\n}}\n",
        package.unwrap_or_default(),
        world.name
    );
    let path = plain.join("witgen-tool-world.wit");
    std::fs::write(&path, text).map_err(|reason| cannot_write(&path, &reason))?;
    let options = witgen_ir::Options { world: Some(TOOL_WORLD.to_owned()), ..witgen_ir::Options::default() };
    let (resolved, world) = witgen_ir::resolve_inputs(&[plain], &options)?;
    let dir = job.scratch.join("tool-wit");
    Wit::new(resolved.resolve, world).write_dir(&dir)?;
    Ok(dir)
}

/// The world with another name for the export that the tool would clash with.
fn with_stand_in(wit: &Wit) -> Wit {
    let mut resolve = wit.resolve().clone();
    let exports = &mut resolve.worlds[wit.world()].exports;
    *exports = std::mem::take(exports)
        .into_iter()
        .map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Function(mut func)) if name == ENGINE_EXPORT => {
                func.name = STAND_IN.to_owned();
                (WorldKey::Name(STAND_IN.to_owned()), WorldItem::Function(func))
            }
            other => other,
        })
        .collect();
    Wit::new(resolve, wit.world())
}

/// Makes one module of everything; what the engine provides stays an import.
fn bundle(job: &Job<'_>, tools: &Toolchain) -> witgen_diag::Result<PathBuf> {
    let bindings = absolute(&job.project.bindings)?;
    let source = absolute(&job.project.source)?;
    let main = write_main(job.scratch, &bindings)?;
    let bundle = job.scratch.join("bundle").join("app.js");
    let mut command = tools.command(&tools.esbuild);
    command.arg(main);
    command.args(["--bundle", "--format=esm", "--platform=neutral", "--target=es2023", "--charset=utf8"]);
    command.args(["--main-fields=module,main", "--log-level=warning", "--legal-comments=none"]);
    command.arg(format!("--alias:witgen:app={}", source.display()));
    command.arg(format!("--outfile={}", bundle.display()));
    for key in provided(job.wit) {
        command.arg(format!("--external:{key}"));
    }
    process::run(command.current_dir(&job.project.root), &tools.esbuild.name)?;
    Ok(bundle)
}

/// The modules that the engine provides: the interfaces that the world imports, and those of the console.
fn provided(wit: &Wit) -> Vec<String> {
    let world = &wit.resolve().worlds[wit.world()];
    let interfaces = world.imports.iter().filter(|(_, item)| matches!(item, WorldItem::Interface { .. }));
    let imported = interfaces.map(|(key, _)| wit.resolve().name_world_key(key));
    let console = ["stdout", "stderr"].map(|name| format!("wasi:cli/{name}@{ENGINE_WASI}"));
    imported.chain(console).collect()
}

/// Writes the module that esbuild starts from. The console must be there before the user's module is evaluated.
fn write_main(scratch: &Path, bindings: &Path) -> witgen_diag::Result<PathBuf> {
    let runtime = quoted(&bindings.join("_witgen").join("runtime.js"));
    let entry = quoted(&bindings.join("entry.js"));
    let console = format!(
        "import stdout from \"wasi:cli/stdout@{ENGINE_WASI}\";\nimport stderr from \"wasi:cli/stderr@{ENGINE_WASI}\";\nimport {{ installConsole }} from {runtime};\n\ninstallConsole(stdout, stderr);\n"
    );
    let main = format!("import \"./console.js\";\n\nexport * from {entry};\n");
    let path = scratch.join("main.js");
    for (path, text) in [(&scratch.join("console.js"), console), (&path, main)] {
        std::fs::write(path, text).map_err(|reason| cannot_write(path, &reason))?;
    }
    Ok(path)
}

fn componentize(
    job: &Job<'_>,
    tools: &Toolchain,
    wit_dir: &Path,
    bundle: &Path,
) -> witgen_diag::Result<Vec<u8>> {
    let component = job.scratch.join("component.wasm");
    let runtime = job.scratch.join("runtime.wasm");
    std::fs::write(&runtime, handles::repaired(&read(&tools.runtime.path)?)?)
        .map_err(|reason| cannot_write(&runtime, &reason))?;
    let mut command = tools.command(&tools.componentize);
    command.arg("--wit").arg(wit_dir).args(["--world", TOOL_WORLD]);
    command.arg("--js").arg(bundle).arg("--runtime").arg(&runtime);
    command.arg("--output").arg(&component);
    process::run(command.current_dir(job.scratch), &tools.componentize.name)?;
    read(&component)
}

/// A path as a string literal of JavaScript.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    format!("\"{}\"", text.replace('"', "\\\""))
}

fn absolute(path: &Path) -> witgen_diag::Result<PathBuf> {
    path.canonicalize().map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot find `{}`", path.display()))
            .in_path(path)
            .note(reason.to_string())
            .into()
    })
}

fn read(path: &Path) -> witgen_diag::Result<Vec<u8>> {
    std::fs::read(path).map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot read `{}`", path.display()))
            .in_path(path)
            .note(reason.to_string())
            .into()
    })
}

fn cannot_write(path: &Path, reason: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Id::Io, format!("cannot write `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}
