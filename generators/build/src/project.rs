//! What to build: a folder with a `witgen.toml`, or the same said on the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use witgen_diag::{Diagnostic, Id, SourceFile, Span};
use witgen_languages::Language;

/// The name of the project file.
pub const PROJECT_FILE: &str = "witgen.toml";

/// A component to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The language of the source.
    pub language: Language,
    /// The folder that holds the source.
    pub root: PathBuf,
    /// The WIT, one path or more.
    pub wit: Vec<PathBuf>,
    /// The world; none when there is only one.
    pub world: Option<String>,
    /// The source: a file, or a folder with the language's own project file.
    pub source: PathBuf,
    /// Where the bindings go.
    pub bindings: PathBuf,
    /// What Rust is compiled for.
    pub rust_target: RustTarget,
}

/// What Rust components are compiled for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum RustTarget {
    /// With WASI, which the standard library imports.
    #[default]
    #[serde(rename = "wasm32-wasip2")]
    Wasip2,
    /// Without: the component imports what its world does and nothing else.
    #[serde(rename = "wasm32-unknown-unknown")]
    Unknown,
}

impl RustTarget {
    /// Its name in cargo.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wasip2 => "wasm32-wasip2",
            Self::Unknown => "wasm32-unknown-unknown",
        }
    }
}

/// Bindings that `witgen generate` writes, from a `[[target]]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The language of the bindings.
    pub language: Language,
    /// The WIT, one path or more.
    pub wit: Vec<PathBuf>,
    /// The world; none when there is only one.
    pub world: Option<String>,
    /// With guest bindings.
    pub guest: bool,
    /// With host bindings.
    pub host: bool,
    /// Where they go.
    pub out: PathBuf,
    /// A component that is laid beside host bindings, as programs of that language load it.
    pub component: Option<PathBuf>,
    /// Whether the support code is imported from the registry package instead of written next to the bindings.
    pub package_runtime: bool,
    /// Options of Rust host bindings.
    pub rust_host: RustHost,
    /// Options of Python host bindings.
    pub python_host: PythonHost,
    /// Options of JavaScript host bindings.
    pub js_host: JsHost,
}

/// Options of Rust host bindings, from a `[target.rust-host]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct RustHost {
    /// Own modules for imported interfaces and own types for imported resources, by their names in WIT.
    pub with: BTreeMap<String, String>,
    /// What is derived besides.
    pub additional_derives: Vec<String>,
    /// Imports that can trap, by their names in WIT; `*` for all.
    pub trappable_imports: Vec<String>,
    /// Own error types of such imports, by their names in WIT.
    #[serde(rename = "trappable-error-type")]
    pub trappable_error_types: BTreeMap<String, String>,
}

/// Options of Python host bindings, from a `[target.python-host]` table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct PythonHost {
    /// Gives views of numbers.
    pub memoryviews: bool,
}

/// Options of JavaScript host bindings, from a `[target.js-host]` table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct JsHost {
    /// Takes arguments as they come.
    pub unchecked: bool,
    /// Makes TypeScript instead of JavaScript with declarations.
    pub typescript: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ProjectFile {
    component: Option<ComponentTable>,
    #[serde(default)]
    target: Vec<TargetTable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ComponentTable {
    language: Language,
    wit: OneOrMore,
    world: Option<String>,
    source: Option<PathBuf>,
    bindings: Option<PathBuf>,
    target: Option<RustTarget>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct TargetTable {
    language: Language,
    wit: OneOrMore,
    world: Option<String>,
    side: Option<SideName>,
    out: Option<PathBuf>,
    component: Option<PathBuf>,
    #[serde(default)]
    runtime: RuntimeName,
    #[serde(default)]
    rust_host: RustHost,
    #[serde(default)]
    python_host: PythonHost,
    #[serde(default)]
    js_host: JsHost,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum SideName {
    Guest,
    Host,
    Both,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum RuntimeName {
    #[default]
    Embed,
    Package,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

impl OneOrMore {
    fn under(self, dir: &Path) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![dir.join(path)],
            Self::More(paths) => paths.into_iter().map(|path| dir.join(path)).collect(),
        }
    }
}

impl Project {
    /// The `[component]` of the `witgen.toml` in `dir`.
    pub fn read(dir: &Path) -> witgen_diag::Result<Self> {
        let (file, path) = read(dir)?;
        let table = file.component.ok_or_else(|| {
            Diagnostic::error(Id::InvalidConfig, "the project file has no `[component]`").in_path(&path).help(
                "say what to build:\n[component]\nlanguage = \"python\"\nwit = \"wit\"\nworld = \"my-world\"",
            )
        })?;
        if table.target.is_some() && table.language != Language::Rust {
            return Err(Diagnostic::error(Id::InvalidConfig, "only components in Rust have a `target`")
                .in_path(&path)
                .help("remove the key `target`")
                .into());
        }
        let source = dir.join(table.source.unwrap_or_else(|| default_source(table.language)));
        Ok(Self {
            language: table.language,
            root: dir.to_owned(),
            wit: table.wit.under(dir),
            world: table.world,
            source: existing(source)?,
            bindings: dir.join(table.bindings.unwrap_or_else(|| PathBuf::from("bindings"))),
            rust_target: table.target.unwrap_or_default(),
        })
    }

    /// A project without a project file: `source` is a file or a folder, and the bindings go beside it.
    pub fn from_parts(
        language: Language,
        wit: Vec<PathBuf>,
        world: Option<String>,
        source: PathBuf,
    ) -> witgen_diag::Result<Self> {
        let source = existing(source)?;
        let root = if source.is_dir() {
            source.clone()
        } else {
            match source.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => PathBuf::from("."),
            }
        };
        let source = match source.is_dir() && matches!(language, Language::Python | Language::Js) {
            true => existing(source.join(default_source(language)))?,
            false => source,
        };
        let bindings = root.join("bindings");
        Ok(Self { language, bindings, root, wit, world, source, rust_target: RustTarget::default() })
    }
}

impl Target {
    /// The `[[target]]` tables of the `witgen.toml` in `dir`.
    pub fn read_all(dir: &Path) -> witgen_diag::Result<Vec<Self>> {
        let (file, path) = read(dir)?;
        if file.target.is_empty() {
            return Err(Diagnostic::error(Id::InvalidConfig, "the project file has no `[[target]]`")
                .in_path(&path)
                .help("say what to generate:\n[[target]]\nlanguage = \"python\"\nwit = \"wit\"\nout = \"bindings/python\"")
                .into());
        }
        let is_guest = |table: &TargetTable| table.side == Some(SideName::Guest);
        if file.target.iter().any(|table| table.component.is_some() && is_guest(table)) {
            return Err(Diagnostic::error(Id::InvalidConfig, "guest bindings load no `component`")
                .in_path(&path)
                .help("say `side = \"host\"`, or remove the key `component`")
                .into());
        }
        let targets = file.target.into_iter().map(|table| {
            let side = table.side.unwrap_or(SideName::Both);
            Self {
                language: table.language,
                wit: table.wit.under(dir),
                world: table.world,
                guest: side != SideName::Host,
                host: side != SideName::Guest,
                out: dir
                    .join(table.out.unwrap_or_else(|| PathBuf::from("bindings").join(table.language.id()))),
                component: table.component.map(|path| dir.join(path)),
                package_runtime: table.runtime == RuntimeName::Package,
                rust_host: table.rust_host,
                python_host: table.python_host,
                js_host: table.js_host,
            }
        });
        Ok(targets.collect())
    }
}

fn default_source(language: Language) -> PathBuf {
    PathBuf::from(match language {
        Language::Rust | Language::Go => ".",
        Language::Python => "app.py",
        Language::Js => "app.js",
    })
}

fn existing(path: PathBuf) -> witgen_diag::Result<PathBuf> {
    if path.exists() {
        return Ok(path);
    }
    Err(Diagnostic::error(Id::MissingInput, format!("`{}` does not exist", path.display()))
        .in_path(&path)
        .note("it is the source of the component")
        .into())
}

fn read(dir: &Path) -> witgen_diag::Result<(ProjectFile, PathBuf)> {
    let path = dir.join(PROJECT_FILE);
    let text = std::fs::read_to_string(&path).map_err(|reason| {
        if reason.kind() == std::io::ErrorKind::NotFound {
            return Diagnostic::error(
                Id::MissingInput,
                format!("`{}` has no `{PROJECT_FILE}`", dir.display()),
            )
            .in_path(&path)
            .help("add one, or give `--lang`, `--wit`, `-w` and `--src`");
        }
        Diagnostic::error(Id::Io, format!("cannot read `{}`", path.display()))
            .in_path(&path)
            .note(reason.to_string())
    })?;
    match toml::from_str(&text) {
        Ok(file) => Ok((file, path)),
        Err(reason) => Err(invalid(&path, text, &reason).into()),
    }
}

fn invalid(path: &Path, text: String, reason: &toml::de::Error) -> Diagnostic {
    let message = reason.message().lines().collect::<Vec<_>>().join(" ");
    let diagnostic = Diagnostic::error(Id::InvalidConfig, message);
    match reason.span() {
        Some(range) => {
            let file = Arc::new(SourceFile { name: path.display().to_string(), text });
            diagnostic.at(Span { file, range }, "")
        }
        None => diagnostic.in_path(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(text: &str, files: &[&str]) -> (tempfile::TempDir, witgen_diag::Result<Project>) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(PROJECT_FILE), text).unwrap();
        for file in files {
            std::fs::write(dir.path().join(file), "").unwrap();
        }
        let project = Project::read(dir.path());
        (dir, project)
    }

    #[test]
    fn defaults_are_those_of_the_language() {
        let (dir, found) = project("[component]\nlanguage = \"python\"\nwit = \"../wit\"\n", &["app.py"]);
        let found = found.unwrap();
        assert_eq!(found.source, dir.path().join("app.py"));
        assert_eq!(found.bindings, dir.path().join("bindings"));
        assert_eq!(found.wit, [dir.path().join("../wit")]);
    }

    #[test]
    fn unknown_key_is_shown_in_its_line() {
        let (_dir, found) = project("[component]\nlanguage = \"go\"\nwit = \"w\"\nworlds = \"x\"\n", &[]);
        let found = found.unwrap_err().remove(0);
        assert_eq!(found.id, Id::InvalidConfig);
        assert_eq!(found.primary.unwrap().span.line(), 4);
    }

    #[test]
    fn only_rust_has_a_target() {
        let text = |language| {
            format!(
                "[component]\nlanguage = \"{language}\"\nwit = \"w\"\ntarget = \"wasm32-unknown-unknown\"\n"
            )
        };
        let (_dir, found) = project(&text("rust"), &[]);
        assert_eq!(found.unwrap().rust_target, RustTarget::Unknown);
        let (_dir, found) = project(&text("go"), &[]);
        assert_eq!(found.unwrap_err()[0].id, Id::InvalidConfig);
    }

    #[test]
    fn guest_bindings_load_no_component() {
        let dir = tempfile::tempdir().unwrap();
        let text = "[[target]]\nlanguage = \"go\"\nwit = \"w\"\ncomponent = \"c.wasm\"\nside = ";
        std::fs::write(dir.path().join(PROJECT_FILE), format!("{text}\"guest\"\n")).unwrap();
        assert_eq!(Target::read_all(dir.path()).unwrap_err()[0].id, Id::InvalidConfig);
        std::fs::write(dir.path().join(PROJECT_FILE), format!("{text}\"host\"\n")).unwrap();
        let found = Target::read_all(dir.path()).unwrap().remove(0);
        assert_eq!(found.component, Some(dir.path().join("c.wasm")));
    }

    #[test]
    fn missing_source_is_named() {
        let (_dir, found) = project("[component]\nlanguage = \"js\"\nwit = \"w\"\n", &[]);
        assert!(found.unwrap_err()[0].message.contains("app.js"));
    }

    #[test]
    fn single_file_has_its_bindings_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("main.go");
        std::fs::write(&source, "package main").unwrap();
        let found = Project::from_parts(Language::Go, vec![], None, source.clone()).unwrap();
        assert_eq!((found.root.as_path(), found.source), (dir.path(), source));
        assert_eq!(found.bindings, dir.path().join("bindings"));
    }

    #[test]
    fn folder_of_a_script_language_means_its_app_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("app.js"), "").unwrap();
        let found = Project::from_parts(Language::Js, vec![], None, dir.path().to_owned()).unwrap();
        assert_eq!(found.source, dir.path().join("app.js"));
    }
}
