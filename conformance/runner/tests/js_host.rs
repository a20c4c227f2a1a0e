//! JavaScript programs that run components: the example, resources in both directions, and the bindings of every world.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../worlds/every.rs"]
mod every;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{
    PROCESSED, PluginHost, Unbuilt, Workshop, built, ends_with, host_trials, languages, node, plugin_trials,
    root, run_trials,
};
use witgen_languages::Language;

const PLUGINS: PluginHost = PluginHost { command: plugin_host, linked: Some(&["--metered"]) };

/// Imports all modules of the bindings in a folder of folders, and requires them as CommonJS programs do.
const IMPORT_ALL: &str = "
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const require = createRequire(pathToFileURL(`${process.argv[1]}/`));
for (const entry of readdirSync(process.argv[1], { recursive: true, withFileTypes: true })) {
  if (entry.name.endsWith('.js')) {
    const path = `${entry.parentPath}/${entry.name}`;
    const { instantiate } = await import(pathToFileURL(path));
    if (require(path).instantiate !== instantiate) {
      throw new Error(path);
    }
    if (entry.name === 'index.js' && entry.parentPath.endsWith('bindings') && typeof instantiate !== 'function') {
      throw new Error(entry.parentPath);
    }
  }
}
console.log('done');
";

/// What the runtime may have in bytes, minified: for a world of six functions, and for one with imports and a resource.
const SIZES: [(&str, usize); 2] = [("six", 12_000), ("bench", 17_500)];

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = host_trials(workshop, Language::Js, &[], runs);
    trials.extend(plugin_trials(workshop, PLUGINS));
    trials.push(Trial::test("every_world_is_imported", check_imports));
    trials.push(Trial::test("package", check_package));
    let shop = Arc::clone(workshop);
    trials.push(Trial::test("sizes", move || check_sizes(&shop)));
    if languages().contains(&Language::Rust) {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test("bundle", move || check_bundle(&shop)));
    }
    trials
}

/// What publint and attw say of the package that `--runtime package` imports.
fn check_package() -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/package/check.js");
    let bundlers = node.ancestors().nth(4).map(|tools| tools.join("bundlers")).filter(|tools| tools.is_dir());
    let missing = || Unbuilt::MissingTool("publint was not found; run `cargo xtask setup`".to_owned());
    let Some(bundlers) = built(bundlers.ok_or_else(missing))? else { return Ok(()) };
    ends_with(Command::new(node).arg(script).arg(bundlers).arg(root().join("runtime-support/js")), "done\n")
}

fn check_imports() -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    std::fs::write(dir.path().join("package.json"), "{ \"type\": \"module\" }")?;
    for every::Source { name, world, .. } in every::every_world("generators/js/tests/wit") {
        if let Ok(files) = witgen_js::host(world, &witgen_js::HostOptions::default()) {
            let bindings = dir.path().join(name).join("bindings");
            witgen_emit::emit(&bindings, &files, witgen_emit::Mode::Write, false).unwrap();
        }
    }
    let mut command = Command::new(node);
    ends_with(command.args(["--input-type=module", "--eval", IMPORT_ALL]).arg(dir.path()), "done\n")
}

/// Bundlers leave out what a world does not need, and what `load` brings in is no part of any.
fn check_sizes(workshop: &Workshop) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let wit = root().join("conformance/bench/js/wit");
    let later =
        ["node/*", "extra.js", "strings.js", "beyond.js"].map(|module| format!("--external:./{module}"));
    let runtime = ["./runtime.js", "./_witgen/runtime.js"].map(|module| format!("--external:{module}"));
    for (world, most) in SIZES {
        let bindings = dir.path().join(world);
        let words = ["js", "--host", "-w", world, "-o"].map(Path::new);
        workshop.program().run(words.into_iter().chain([bindings.as_path(), &wit]))?.success()?;
        let minified = |without: &[String]| -> Result<usize, Failed> {
            let mut esbuild = Command::new(node.with_file_name("esbuild"));
            esbuild.args(["--bundle", "--minify", "--format=esm", "--platform=neutral"]).args(without);
            let output = esbuild.arg(bindings.join("index.js")).output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
            Ok(output.stdout.len())
        };
        let size = minified(&later)? - minified(&runtime)?;
        if !(1..=most).contains(&size) {
            return Err(format!("the runtime of `{world}` has {size} bytes, not at most {most}").into());
        }
    }
    Ok(())
}

fn plugin_host(workshop: &Workshop) -> Result<Option<Command>, Failed> {
    let Some(node) = built(node())? else { return Ok(None) };
    let host = root().join("examples/plugin-host/js");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    let mut command = Command::new(node);
    command.arg(host.join("main.js"));
    Ok(Some(command))
}

/// A bundler for browsers takes the program, and what it makes runs.
fn check_bundle(workshop: &Workshop) -> Result<(), Failed> {
    let examples = root().join("examples");
    let Some(component) = built(workshop.component(&examples.join("process-data/rust")))? else {
        return Ok(());
    };
    let Some(node) = built(node())? else { return Ok(()) };
    let host = examples.join("process-data-hosts/js");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    let dir = tempfile::tempdir()?;
    let bundle = dir.path().join("bundle.mjs");
    let output = Command::new(node.with_file_name("esbuild"))
        .args(["--bundle", "--minify", "--format=esm", "--platform=browser"])
        .arg(format!("--outfile={}", bundle.display()))
        .arg(host.join("main.js"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    links_and_runs(workshop, &bundle, &component, PROCESSED)
}

fn runs(
    workshop: &Workshop,
    folder: &Path,
    program: &str,
    component: &Path,
    printed: &str,
) -> Result<(), Failed> {
    links_and_runs(workshop, &folder.join(program).with_extension("js"), component, printed)
}

/// Links a component and runs a program on it.
fn links_and_runs(
    workshop: &Workshop,
    program: &Path,
    component: &Path,
    printed: &str,
) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let words = [Path::new("link"), component, Path::new("-o"), dir.path()];
    workshop.program().run(words)?.success()?;
    ends_with(Command::new(node).arg(program).arg(dir.path()), printed)
}
