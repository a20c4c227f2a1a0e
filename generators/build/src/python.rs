//! Builds Python components with componentize-py.
//!
//! It is pointed at a small module of ours, written to the scratch directory, which joins the application with
//! the bindings. It imports the application, so whatever that does at import happens at build time.

mod drops;
mod maps;
mod world;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use witgen_diag::{Diagnostic, Id};

use crate::cache::Key;
use crate::renaming::{self, Changes};
use crate::{Job, process};
use world::ToolWorld;

/// The table's name of the tool.
const TOOL: &str = "componentize-py";

/// The module that componentize-py imports.
const ENTRY: &str = "_witgen_app";

/// The module with the names of stand-ins, which the bindings import.
const NAMES: &str = "_witgen_names";

/// Changes when the same inputs would give another component.
const VERSION: u32 = 9;

/// Folders of a project that no component is made from.
const SKIPPED: [&str; 4] = ["__pycache__", "node_modules", "target", "venv"];

/// Where the modules of a component are.
struct Layout {
    /// The module of the application.
    app: String,
    /// The folder that holds it.
    source: PathBuf,
    /// The package of the bindings.
    bindings: String,
    /// The folder that holds that.
    bindings_parent: PathBuf,
}

pub(crate) fn build(job: &Job<'_>) -> witgen_diag::Result<Vec<u8>> {
    let tool = job.tools.find(job.project.language, TOOL)?;
    let layout = Layout::of(job)?;
    let site = site_packages(job.scratch)?;
    let key = key(job, &layout, &tool.path, &site)?;
    job.cache.get_or_build(key, || componentize(job, &layout, &tool.path, &site))
}

/// What the component depends on, down to the tool and the packages that it may import.
fn key(job: &Job<'_>, layout: &Layout, tool: &Path, site: &Path) -> witgen_diag::Result<Key> {
    let mut version = Command::new(tool);
    version.arg("--version");
    let version = process::run(&mut version, TOOL)?;
    let mut key = Key::new("python", VERSION)
        .part("tool", &version.stdout)
        .part("world", job.wit.world_name().as_bytes())
        .part("wit", &job.wit.component_type()?)
        .part("names", format!("{} {}", layout.app, layout.bindings).as_bytes());
    for (path, content) in job.bindings.iter() {
        key = key.part(path, content);
    }
    for (name, content) in files(&layout.source, &[&job.project.bindings])? {
        key = key.part(&name, &content);
    }
    for installed in installed(site) {
        key = key.part("package", installed.as_bytes());
    }
    Ok(key)
}

fn componentize(job: &Job<'_>, layout: &Layout, tool: &Path, site: &Path) -> witgen_diag::Result<Vec<u8>> {
    let wit = job.scratch.join("wit");
    let entry = job.scratch.join("entry");
    let output = job.scratch.join("component.wasm");
    let shown = ToolWorld::new(job.wit, &mentioned(job, layout)?);
    shown.wit.alone().write_dir(&wit)?;
    strip_docs(&wit)?;
    std::fs::create_dir_all(&entry).map_err(|reason| io(&entry, &reason))?;
    let module = entry.join(format!("{ENTRY}.py"));
    let names = entry.join(format!("{NAMES}.py"));
    for (path, text) in [(&module, entry_text(layout)), (&names, shown.names())] {
        std::fs::write(path, text).map_err(|reason| io(path, &reason))?;
    }

    let mut command = Command::new(tool);
    command.arg("--wit-path").arg(&wit).arg("--world").arg(job.wit.world_name());
    command.args(["--full-names", "componentize", ENTRY, "--output"]).arg(&output);
    let mut paths = vec![entry.as_path(), &layout.source, &layout.bindings_parent];
    paths.dedup();
    for path in &paths {
        command.arg("--python-path").arg(path);
    }
    // Without it componentize-py would put the packages that it is installed with into every component.
    command.env("VIRTUAL_ENV", site);
    let found = process::output(&mut command, TOOL)?;
    if !found.status.success() {
        return Err(explained(process::failure(&command, TOOL, &found), &paths).into());
    }
    let component = std::fs::read(&output).map_err(|reason| io(&output, &reason))?;
    let component = drops::repaired(&component)?;
    let component = maps::restored(&component, shown.map_depth)?;
    let changes = Changes {
        removed: &[world::TOOL_EXPORT],
        added: &shown.empty_exports,
        imports: &shown.imports,
        exports: &shown.exports,
        functions: &[],
    };
    renaming::changed(&component, &changes)
}

/// The words of the program, which tell the imported functions that it may call.
fn mentioned(job: &Job<'_>, layout: &Layout) -> witgen_diag::Result<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    for (name, content) in files(&layout.source, &[&job.project.bindings])? {
        if name.ends_with(".py") {
            world::words(&String::from_utf8_lossy(&content), &mut words);
        }
    }
    Ok(words)
}

/// Takes the doc comments out of the WIT in `dir`: componentize-py copies them into its own modules as they are,
/// and one with three quotes would be a syntax error there.
fn strip_docs(dir: &Path) -> witgen_diag::Result<()> {
    for (name, content) in files(dir, &[])? {
        let path = dir.join(name);
        let text = String::from_utf8_lossy(&content);
        let kept: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("///"))
            .flat_map(|line| [line, "\n"])
            .collect();
        std::fs::write(&path, kept).map_err(|reason| io(&path, &reason))?;
    }
    Ok(())
}

/// The module that componentize-py imports: it hands the application over to the bindings.
fn entry_text(layout: &Layout) -> String {
    let Layout { app, bindings, .. } = layout;
    format!(
        "import {app}\n\
         from {bindings}._entry import adapt\n\
         from {NAMES} import CLASSES\n\
         \n\
         for _name, _made in adapt({app}).items():\n    \
             globals()[CLASSES.get(_name, _name)] = _made\n"
    )
}

impl Layout {
    fn of(job: &Job<'_>) -> witgen_diag::Result<Self> {
        let project = job.project;
        let app = module_name(&project.source, "the source")?;
        let bindings = module_name(&project.bindings, "the folder of the bindings")?;
        if app == bindings {
            return Err(Diagnostic::error(
                Id::InvalidConfig,
                format!("the application and its bindings are both called `{app}`"),
            )
            .in_path(&project.source)
            .help("rename the source, or set `bindings` in `witgen.toml` to another folder")
            .into());
        }
        Ok(Self {
            app,
            source: parent(&project.source),
            bindings,
            bindings_parent: parent(&project.bindings),
        })
    }
}

/// The module or package at `path`, which Python can import.
fn module_name(path: &Path, what: &str) -> witgen_diag::Result<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut letters = stem.chars();
    let starts_well = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    if starts_well && letters.all(|letter| letter.is_alphanumeric() || letter == '_') {
        return Ok(stem);
    }
    Err(Diagnostic::error(
        Id::InvalidConfig,
        format!("{what} is called `{stem}`, which Python cannot import"),
    )
    .in_path(path)
    .help("use letters, digits and underscores")
    .into())
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The virtual environment whose packages the component may import: the active one, or an empty one.
fn site_packages(scratch: &Path) -> witgen_diag::Result<PathBuf> {
    if let Some(active) = std::env::var_os("VIRTUAL_ENV").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(active));
    }
    let site = scratch.join("venv");
    let packages = site.join("lib").join("python3").join("site-packages");
    std::fs::create_dir_all(&packages).map_err(|reason| io(&packages, &reason))?;
    Ok(site)
}

/// The files of the packages in the environment `site`, each with its size and time: their content may be large.
fn installed(site: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![site.join("lib")];
    while let Some(dir) = pending.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if entry.file_name() == "__pycache__" {
                continue;
            }
            match entry.metadata() {
                Ok(data) if data.is_dir() => pending.push(path),
                Ok(data) => {
                    found.push(format!("{} {} {:?}", path.display(), data.len(), data.modified().ok()))
                }
                Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

/// The files that the application may read at build time, by relative path.
///
/// Components lie beside the source of some projects and would change their own key.
fn files(root: &Path, skip: &[&Path]) -> witgen_diag::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(dir) = pending.pop() {
        let entries = std::fs::read_dir(&dir).map_err(|reason| io(&dir, &reason))?;
        for entry in entries {
            let path = entry.map_err(|reason| io(&dir, &reason))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || SKIPPED.contains(&name.as_str()) || skip.contains(&path.as_path()) {
                continue;
            }
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_none_or(|extension| extension != "wasm") {
                let content = std::fs::read(&path).map_err(|reason| io(&path, &reason))?;
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                found.push((name, content));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Cuts what componentize-py prints about itself, and helps where the cause is known.
fn explained(mut failure: Diagnostic, paths: &[&Path]) -> Diagnostic {
    let output = failure.output.take().unwrap_or_default();
    let mut text = python_part(&output);
    // Inside the component, each folder of the Python path is called by its number.
    for (index, path) in paths.iter().enumerate() {
        text = text.replace(&format!("File \"/{index}/"), &format!("File \"{}/", path.display()));
    }
    let known = [
        ("has no class `", "the component implements each export with a class of that name"),
        ("` lacks `", "each function of an export is a method of its class"),
        ("SyntaxError", "components run on Python 3.14"),
        (
            "ModuleNotFoundError",
            "a module is found beside the source, or in the active virtual environment; \
             packages with native code do not work in components",
        ),
    ];
    let help = known.iter().find(|(sign, _)| text.contains(sign)).map(|(_, help)| *help);
    failure = failure.output(text);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// The Python traceback of the application in `output`, without the frames of the tool around it.
fn python_part(output: &str) -> String {
    let text = output.split("\nStack backtrace:").next().unwrap_or(output);
    let start = match text.find("AssertionError: ") {
        Some(start) => start + "AssertionError: ".len(),
        None => 0,
    };
    let text = text.get(start..).unwrap_or(text);
    let text = text.split("\nCaused by:\n").next().filter(|text| text.contains("Traceback")).unwrap_or(text);
    text.trim().to_owned()
}

fn io(path: &Path, reason: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Id::Io, format!("cannot use `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traceback_of_the_application_is_what_remains() {
        let output = "Traceback (most recent call last):\n  File \"/x/componentize-py\", line 8\nAssertionError: \
                      Traceback (most recent call last):\n  File \"/1/app.py\", line 1\nValueError: no\n\n\n\
                      Caused by:\n    ValueError: no\n\nStack backtrace:\n   0: x";
        assert_eq!(
            python_part(output),
            "Traceback (most recent call last):\n  File \"/1/app.py\", line 1\nValueError: no"
        );
    }

    #[test]
    fn folders_have_their_own_names_in_what_is_shown() {
        let failure =
            Diagnostic::error(Id::ToolFailed, "x").output("  File \"/1/app.py\", line 2\nSyntaxError: x");
        let shown = explained(failure, &[Path::new("entry"), Path::new("my/src")]);
        assert_eq!(shown.output.as_deref(), Some("File \"my/src/app.py\", line 2\nSyntaxError: x"));
        assert_eq!(shown.helps, ["components run on Python 3.14"]);
    }

    #[test]
    fn docs_are_taken_out_of_the_wit() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("deps")).unwrap();
        let path = dir.path().join("deps/a.wit");
        std::fs::write(&path, "package a:b;\n/// \"\"\"\nworld w {\n  /// b\n}\n").unwrap();
        strip_docs(dir.path()).unwrap();
        assert_eq!(std::fs::read_to_string(path).unwrap(), "package a:b;\nworld w {\n}\n");
    }

    #[test]
    fn other_output_stays_as_it_is() {
        assert_eq!(python_part("no space left on device\n"), "no space left on device");
    }

    #[test]
    fn name_that_python_cannot_import_is_refused() {
        assert!(module_name(Path::new("a/my-app.py"), "the source").is_err());
        assert!(module_name(Path::new("a/1app.py"), "the source").is_err());
        assert_eq!(module_name(Path::new("a/app.py"), "the source").unwrap(), "app");
    }

    #[test]
    fn files_leave_out_components_and_bindings() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["app.py", "out.wasm", ".hidden", "bindings/x.py", "__pycache__/app.pyc", "lib/a.py"] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = files(dir.path(), &[&dir.path().join("bindings")]).unwrap();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["app.py", "lib/a.py"]);
    }
}
