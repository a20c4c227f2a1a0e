//! JavaScript programs that run components: the example, resources in both directions, and the bindings of every world.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../worlds/every.rs"]
mod every;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Unbuilt, Workshop, built, languages, node, run_trials};
use witgen_languages::Language;

const PROCESSED: &str = "Processed 4 words\nProcessed 0 words\nProcessed 2 words\n";

/// A program of `testees/js-host`, the world and the guest that it runs, and what it prints.
const STORES: [(&str, &str, &str, &str); 2] = [
    ("visited", "witgen:testees/visitor", "visitor", "[]\n[]\n0\n"),
    ("visiting", "witgen:testees/provider", "provider", "done\n"),
];

/// What the plugin of a language prints.
const PLUGINS: [(Language, &str); 4] = [
    (
        Language::Rust,
        "rust: negative of 6 pixels in rows of 3\nrust: [255, 205, 155, 105, 55, 5]\n\
         rust: negative of 6 pixels in rows of 4\nrust: [255, 205, 155, 105, 55, 5]\n",
    ),
    (
        Language::Python,
        "python: brighter by 100\npython: [100, 150, 200, 250, 255, 255]\n\
         python: brighter by 0\npython: [0, 50, 100, 150, 200, 250]\n",
    ),
    (Language::Js, "js: mirrored 2 rows\njs: [100, 50, 0, 250, 200, 150]\njs: 2 pixels are left over\n"),
    (
        Language::Go,
        "go: white from 100 on\ngo: [0, 0, 255, 255, 255, 255]\ngo: cannot do it: a strength of 0\n",
    ),
];
/// What one prints that panics first, and computes for ever then.
const NAUGHTY: &str = "naughty: stopped (unreachable)\nnaughty: stopped (deadline)\n";

/// Imports all modules of the bindings in a folder of folders.
const IMPORT_ALL: &str = "
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
for (const entry of readdirSync(process.argv[1], { recursive: true, withFileTypes: true })) {
  if (entry.name.endsWith('.js')) {
    const { instantiate } = await import(pathToFileURL(`${entry.parentPath}/${entry.name}`));
    if (entry.name === 'index.js' && entry.parentPath.endsWith('bindings') && typeof instantiate !== 'function') {
      throw new Error(entry.parentPath);
    }
  }
}
console.log('done');
";

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for language in languages() {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test(format!("process_data::{language}"), move || {
            check_process_data(&shop, language)
        }));
        for (program, world, guest, printed) in STORES {
            let shop = Arc::clone(workshop);
            let check = move || check_store(&shop, language, program, world, guest, printed);
            trials.push(Trial::test(format!("{program}::{language}"), check));
        }
    }
    for (language, printed) in PLUGINS.into_iter().filter(|(language, _)| languages().contains(language)) {
        let shop = Arc::clone(workshop);
        let check = move || check_plugins(&shop, language.id(), printed);
        trials.push(Trial::test(format!("plugin_host::{language}"), check));
    }
    if languages().contains(&Language::Rust) {
        let shop = Arc::clone(workshop);
        trials.push(Trial::test("plugin_host::naughty", move || check_plugins(&shop, "naughty", NAUGHTY)));
    }
    trials.push(Trial::test("every_world_is_imported", check_imports));
    trials.push(Trial::test("package", check_package));
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
    prints(Command::new(node).arg(script).arg(bundlers).arg(root().join("runtime-support/js")), "done\n")
}

fn check_imports() -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    std::fs::write(dir.path().join("package.json"), "{ \"type\": \"module\" }")?;
    for every::Source { name, world, .. } in every::every_world("generators/js/tests/wit") {
        if let Ok(files) = witgen_js::host(&world, &witgen_js::HostOptions::default()) {
            let bindings = dir.path().join(name).join("bindings");
            witgen_emit::emit(&bindings, &files, witgen_emit::Mode::Write, false).unwrap();
        }
    }
    let mut command = Command::new(node);
    prints(command.args(["--input-type=module", "--eval", IMPORT_ALL]).arg(dir.path()), "done\n")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn check_process_data(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let examples = root().join("examples");
    let project = examples.join("process-data").join(language.id());
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    let host = examples.join("process-data-hosts/js");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    runs(workshop, &host.join("main.js"), &component, PROCESSED)
}

fn check_plugins(workshop: &Workshop, name: &str, printed: &str) -> Result<(), Failed> {
    let examples = root().join("examples/plugin-host");
    let Some(component) = built(workshop.component(&examples.join("plugins").join(name)))? else {
        return Ok(());
    };
    let Some(node) = built(node())? else { return Ok(()) };
    let host = examples.join("js");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    // A plugin goes by the name of its folder.
    let dir = tempfile::tempdir()?;
    let folder = dir.path().join(name);
    workshop.program().run([Path::new("link"), &component, Path::new("-o"), &folder])?.success()?;
    prints(Command::new(node).arg(host.join("main.js")).arg(folder), printed)
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
    runs(workshop, &bundle, &component, PROCESSED)
}

fn check_store(
    workshop: &Workshop,
    language: Language,
    program: &str,
    world: &str,
    guest: &str,
    printed: &str,
) -> Result<(), Failed> {
    let testees = root().join("conformance/testees");
    let Some(component) = built(workshop.component(&testees.join(language.id()).join(guest)))? else {
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let bindings = dir.path().join("bindings");
    let wit = [testees.join("wit"), root().join("conformance/wit")];
    let words = ["js", "--host", "-w", world].map(PathBuf::from).into_iter();
    workshop.program().run(words.chain(wit).chain(["-o".into(), bindings]))?.success()?;
    let source = format!("{program}.js");
    for file in [source.as_str(), "package.json"] {
        std::fs::copy(testees.join("js-host").join(file), dir.path().join(file))?;
    }
    runs(workshop, &dir.path().join(source), &component, printed)
}

/// Links a component and runs a program on it.
fn runs(workshop: &Workshop, program: &Path, component: &Path, printed: &str) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let words = [Path::new("link"), component, Path::new("-o"), dir.path()];
    workshop.program().run(words)?.success()?;
    prints(Command::new(node).arg(program).arg(dir.path()), printed)
}

fn prints(command: &mut Command, printed: &str) -> Result<(), Failed> {
    let output = command.output()?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && stdout == printed {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{stderr}\nprinted {stdout:?}, wanted {printed:?}", output.status).into())
}
