//! Builds JavaScript components: bundles the source with the bindings, then embeds them into QuickJS.
//!
//! 1. esbuild makes one module of the user's source, its packages and the bindings; TypeScript needs no step of its own.
//! 2. The runtime of the engine is repaired where it takes handles.
//! 3. componentize-qjs runs that module once, takes a snapshot of the engine and makes a component of it.
//! 4. What the tool leaks into the world is taken out again.

mod handles;
mod world;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::cache::Key;
use crate::renaming::{self, Changes};
use crate::tools::Found;
use crate::wit::Wit;
use crate::{Job, process};
use world::{ADDED_EXPORT, ENGINE_WASI, ToolWorld};

/// Counts the ways in which this driver has built components, for the cache.
const VERSION: u32 = 7;
/// The world that the tool is given: the user's, and the streams of the console.
const TOOL_WORLD: &str = "witgen-tool-world";

pub(crate) fn build(job: &Job<'_>) -> witgen_diag::Result<Vec<u8>> {
    let tools = Toolchain::find(job)?;
    let world = ToolWorld::new(job.wit);
    let bundle = bundle(job, &tools, &world)?;
    let wit_dir = write_wit(job, &world, &bundle.imports)?;
    let key = Key::new("js", VERSION)
        .part("bundle", &read(&bundle.path)?)
        .part("names", format!("{:?}", (&world.imports, &world.exports, &world.functions)).as_bytes())
        .part("runtime", &read(&tools.runtime.path)?)
        .part("componentize-qjs", &tools.componentize_version())
        .tree(&wit_dir, &[])?;
    job.cache.get_or_build(key, || {
        let component = componentize(job, &tools, &wit_dir, &bundle.path)?;
        let changes = Changes {
            removed: world.leaked(),
            added: &[],
            imports: &world.imports,
            exports: &world.exports,
            functions: &world.functions,
        };
        renaming::changed(&component, &changes)
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
fn write_wit(job: &Job<'_>, world: &ToolWorld, used: &BTreeSet<String>) -> witgen_diag::Result<PathBuf> {
    let added = match world.leaked().contains(&ADDED_EXPORT) {
        true => format!("  export {ADDED_EXPORT}: func();\n"),
        false => String::new(),
    };
    let wit = world.wit(used);
    let plain = job.scratch.join("wit");
    wit.write_dir(&plain)?;
    let world = &wit.resolve().worlds[wit.world()];
    let package = world.package.map(|id| wit.resolve().packages[id].name.to_string());
    let text = format!(
        "package {};\nworld {TOOL_WORLD} {{\n  include %{};\n  import wasi:cli/stdout@{ENGINE_WASI};\n  import wasi:cli/stderr@{ENGINE_WASI};\n{added}}}\n",
        package.unwrap_or_default(),
        world.name
    );
    let path = plain.join("witgen-tool-world.wit");
    std::fs::write(&path, text).map_err(|reason| cannot_write(&path, &reason))?;
    let options = witgen_ir::Options { world: Some(TOOL_WORLD.to_owned()), ..witgen_ir::Options::default() };
    let (resolved, world) = witgen_ir::resolve_inputs(&[plain], &options)?;
    let dir = job.scratch.join("tool-wit");
    Wit::new(resolved.resolve, world).alone().write_dir(&dir)?;
    Ok(dir)
}

/// The program as one module.
struct Bundle {
    path: PathBuf,
    /// What it imports: interfaces by their keys in WIT.
    imports: BTreeSet<String>,
}

/// Makes one module of everything; what the engine provides stays an import.
fn bundle(job: &Job<'_>, tools: &Toolchain, world: &ToolWorld) -> witgen_diag::Result<Bundle> {
    let bindings = absolute(&job.project.bindings)?;
    let source = absolute(&job.project.source)?;
    let main = write_main(job.scratch, &bindings, world)?;
    let bundle = job.scratch.join("bundle").join("app.js");
    let mut command = tools.command(&tools.esbuild);
    command.arg(main);
    command.args(["--bundle", "--format=esm", "--platform=neutral", "--target=es2023", "--charset=utf8"]);
    command.args(["--main-fields=module,main", "--log-level=warning", "--legal-comments=none"]);
    command.arg(format!("--alias:witgen:app={}", source.display()));
    command.arg(format!("--outfile={}", bundle.display()));
    let metafile = job.scratch.join("bundle.json");
    command.arg(format!("--metafile={}", metafile.display()));
    for item in &world.imports {
        command.arg(format!("--external:{}", item.tool_key));
        if item.key != item.tool_key {
            command.arg(format!("--alias:{}={}", item.key, item.tool_key));
        }
    }
    for name in ["stdout", "stderr"] {
        command.arg(format!("--external:wasi:cli/{name}@{ENGINE_WASI}"));
    }
    process::run(command.current_dir(&job.project.root), &tools.esbuild.name)?;
    let text = without_scratch(&read(&bundle)?, job.scratch);
    std::fs::write(&bundle, text).map_err(|reason| cannot_write(&bundle, &reason))?;
    Ok(Bundle { path: bundle, imports: imported(&metafile)? })
}

/// The bundle without the comments that name a file of `scratch`, whose name is another in every build: the same program
/// is found in the cache, and makes the same component.
fn without_scratch(bundle: &[u8], scratch: &Path) -> String {
    let name = scratch.file_name().unwrap_or_default().to_string_lossy();
    let bundle = String::from_utf8_lossy(bundle);
    let is_comment = |line: &&str| line.starts_with("// ") && line.contains(&*name);
    bundle.split_inclusive('\n').filter(|line| !is_comment(line)).collect()
}

/// The modules that the bundle imports, from the tool's own account of what it did.
fn imported(metafile: &Path) -> witgen_diag::Result<BTreeSet<String>> {
    let account: serde_json::Value = serde_json::from_slice(&read(metafile)?).map_err(|reason| {
        Diagnostic::error(Id::ToolFailed, "the account of esbuild cannot be read").note(reason.to_string())
    })?;
    let outputs = account["outputs"].as_object().into_iter().flat_map(|outputs| outputs.values());
    let imports = outputs.flat_map(|output| output["imports"].as_array().into_iter().flatten());
    Ok(imports.filter_map(|import| import["path"].as_str().map(str::to_owned)).collect())
}

/// Writes the module that esbuild starts from. The console must be there before the user's module is evaluated.
fn write_main(scratch: &Path, bindings: &Path, world: &ToolWorld) -> witgen_diag::Result<PathBuf> {
    let runtime = quoted(&bindings.join("_witgen").join("runtime.js"));
    let entry = quoted(&bindings.join("entry.js"));
    let console = format!(
        "import stdout from \"wasi:cli/stdout@{ENGINE_WASI}\";\nimport stderr from \"wasi:cli/stderr@{ENGINE_WASI}\";\nimport {{ installConsole }} from {runtime};\n\ninstallConsole(stdout, stderr);\n"
    );
    let mut main = format!("import \"./console.js\";\nimport {entry};\n");
    for item in world.exports.iter().filter(|item| item.is_visible) {
        main.push_str(&format!(
            "export {{ \"{}\" as {} }} from {entry};\n",
            item.key,
            world::engine_name(item)
        ));
    }
    if world.leaked().contains(&ADDED_EXPORT) {
        main.push_str("export const witgenAdded = () => {};\n");
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundle_does_not_depend_on_the_scratch_folder() {
        let bundle = |name: &str| {
            let text = format!("// ../../tmp/{name}/console.js\nlog(1);\n// app.js\nrun();\n");
            without_scratch(text.as_bytes(), &Path::new("/tmp").join(name))
        };
        assert_eq!(bundle(".tmpA"), "log(1);\n// app.js\nrun();\n");
        assert_eq!(bundle(".tmpA"), bundle(".tmpB"));
    }
}
