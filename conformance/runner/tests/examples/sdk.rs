//! `examples/sdk`: one component as a crate, a wheel, an npm package and a Go module, each installed in a fresh project.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_build::Tools;
use witgen_conformance::{Unbuilt, Workshop, built, copy, ends_with, go, languages, node, python_host, root};
use witgen_languages::Language;

/// What the program of every language prints.
const PRINTED: &str = "grüße-welt 2\n";

/// What is compiled for another example is used again, so the versions and the features are the same.
const CARGO_TOML: &str = r#"
[package]
name = "process-data-host"
version = "0.1.0"
edition = "2024"

[dependencies]
textkit = { path = "textkit-1.0.0" }
wasmtime-wasi = { version = "48", default-features = false, features = ["p2"] }

[workspace]
"#;

const GO_MOD: &str = "module program\n\ngo 1.25.0\n\nrequire example.com/textkit v1.0.0\n\nrequire (\n\
                      \tgithub.com/tetratelabs/wazero v1.12.0 // indirect\n\
                      \tgolang.org/x/sys v0.44.0 // indirect\n)\n\n\
                      replace example.com/textkit => ../sdk/go\n";

pub(crate) fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let trial = |language: Language| {
        let workshop = Arc::clone(workshop);
        Trial::test(format!("{language}::sdk"), move || check(&workshop, language))
    };
    languages().into_iter().map(trial).collect()
}

fn check(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let example = root().join("examples/sdk");
    let Some(component) = built(workshop.component(&example))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let sdk = dir.path().join("sdk");
    copy(&example, &sdk)?;
    std::fs::copy(component, sdk.join("textkit.wasm"))?;
    workshop.program().run([Path::new("generate"), &sdk])?.success()?;
    let project = dir.path().join("project");
    std::fs::create_dir(&project)?;
    match language {
        Language::Rust => rust(&sdk, &project),
        Language::Python => python(&sdk, &project),
        Language::Js => js(&sdk, &project),
        Language::Go => golang(&sdk, &project),
    }
}

fn rust(sdk: &Path, project: &Path) -> Result<(), Failed> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--quiet", "--no-verify", "--target-dir"]).arg(project.join("packages"));
    ends_with(cargo.current_dir(sdk.join("rust")), "")?;
    let package = project.join("packages/package/textkit-1.0.0.crate");
    ends_with(Command::new("tar").arg("-xzf").arg(package).arg("-C").arg(project), "")?;
    std::fs::create_dir(project.join("src"))?;
    std::fs::copy(sdk.join("programs/main.rs"), project.join("src/main.rs"))?;
    std::fs::write(project.join("Cargo.toml"), CARGO_TOML)?;
    let lock = root().join("examples/process-data-hosts/rust/Cargo.lock");
    std::fs::copy(lock, project.join("Cargo.lock"))?;
    let target = root().join("examples/process-data-hosts/rust/target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet"]).current_dir(project);
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        cargo.env("CARGO_TARGET_DIR", target);
    }
    ends_with(&mut cargo, PRINTED)
}

fn python(sdk: &Path, project: &Path) -> Result<(), Failed> {
    let Some(mut program) = python_host(&project.join("site"))? else { return Ok(()) };
    let python = Tools::new().find(Language::Python, "python3").map_err(|missing| format!("{missing:?}"))?;
    let pip = |words: &[&str], paths: &[PathBuf]| {
        let mut command = Command::new(&python.path);
        command.args(["-m", "pip", "--quiet", "--disable-pip-version-check"]).args(words).args(paths);
        ends_with(&mut command, "")
    };
    let wheels = project.join("wheels");
    pip(&["wheel", "--no-deps", "--no-build-isolation", "-w"], &[wheels.clone(), sdk.join("python")])?;
    let wheel = wheels.join("textkit-1.0.0-py3-none-any.whl");
    pip(&["install", "--no-deps", "--no-index", "--target"], &[project.join("site"), wheel])?;
    ends_with(program.arg(sdk.join("programs/main.py")), PRINTED)
}

fn js(sdk: &Path, project: &Path) -> Result<(), Failed> {
    let Some(node) = built(node())? else { return Ok(()) };
    let npm = |words: &[&str], dir: &Path| {
        let output = Command::new("npm").args(words).current_dir(dir).output();
        let missing = |_| Unbuilt::MissingTool("npm was not found; it comes with Node".to_owned());
        output.map_err(missing).and_then(|output| match output.status.success() {
            true => Ok(PathBuf::new()),
            false => Err(Unbuilt::Failed(String::from_utf8_lossy(&output.stderr).into_owned())),
        })
    };
    let Some(_) = built(npm(&["pack", "--silent"], &sdk.join("js")))? else { return Ok(()) };
    std::fs::write(project.join("package.json"), "{ \"type\": \"module\" }\n")?;
    let words = ["install", "--offline", "--no-audit", "--no-fund", "../sdk/js/textkit-1.0.0.tgz"];
    built(npm(&words, project))?;
    std::fs::copy(sdk.join("programs/main.js"), project.join("main.js"))?;
    ends_with(Command::new(node).arg("main.js").current_dir(project), PRINTED)
}

fn golang(sdk: &Path, project: &Path) -> Result<(), Failed> {
    let Some(go) = built(go())? else { return Ok(()) };
    let plan = std::fs::read(sdk.join("go/bindings/component/plan.json"))?;
    let plan: serde_json::Value = serde_json::from_slice(&plan)?;
    if plan["interruptible"] != true {
        return Err("the component is not linked as its target says".into());
    }
    ends_with(Command::new(&go).args(["build", "./..."]).current_dir(sdk.join("go")), "")?;
    std::fs::write(project.join("go.mod"), GO_MOD)?;
    std::fs::copy(sdk.join("go/go.sum"), project.join("go.sum"))?;
    std::fs::copy(sdk.join("programs/main.go"), project.join("main.go"))?;
    ends_with(Command::new(go).args(["run", "."]).current_dir(project), PRINTED)
}
