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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// How the component is linked, in JavaScript and Go.
    pub link: Link,
}

/// Options of Rust host bindings, from a `[target.rust-host]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct PythonHost {
    /// Gives views of numbers.
    pub memoryviews: bool,
}

/// Options of JavaScript host bindings, from a `[target.js-host]` table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct JsHost {
    /// Takes arguments as they come.
    pub unchecked: bool,
    /// Makes TypeScript instead of JavaScript with declarations.
    pub typescript: bool,
}

/// How the component of host bindings is linked, from a `[target.link]` table: flags of `witgen link`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Link {
    /// Gives every module one memory at most, which Go always needs.
    pub single_memory: bool,
    /// Lets hosts end the component at a deadline.
    pub interruptible: bool,
    /// Lets hosts limit the work and the memory of the component.
    pub metered: bool,
}

/// What `witgen build` builds and `witgen generate` generates. Paths count from the folder of the file.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ProjectFile {
    /// What `witgen build` builds.
    component: Option<ComponentTable>,
    /// What `witgen generate` generates.
    #[serde(default)]
    target: Vec<TargetTable>,
}

/// A component.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ComponentTable {
    /// The language of the source.
    #[cfg_attr(test, schemars(schema_with = "tests::language"))]
    language: Language,
    /// The WIT.
    wit: OneOrMore,
    /// The world; it may be left out when the package has one.
    world: Option<String>,
    /// The source; by default Rust `.`, Python `app.py`, JavaScript `app.js`, Go `.`.
    source: Option<PathBuf>,
    /// Where the guest bindings are written; `bindings` by default.
    bindings: Option<PathBuf>,
    /// What Rust is compiled for.
    target: Option<RustTarget>,
}

/// Bindings.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct TargetTable {
    /// The language of the bindings.
    #[cfg_attr(test, schemars(schema_with = "tests::language"))]
    language: Language,
    /// The WIT.
    wit: OneOrMore,
    /// The world; it may be left out when the package has one.
    world: Option<String>,
    /// Which bindings; both by default.
    side: Option<SideName>,
    /// Where they are written; `bindings/LANGUAGE` by default.
    out: Option<PathBuf>,
    /// A component that is laid beside host bindings, as programs of that language load it.
    component: Option<PathBuf>,
    /// Where the support code comes from.
    #[serde(default)]
    runtime: RuntimeName,
    /// Options of Rust host bindings.
    #[serde(default)]
    rust_host: RustHost,
    /// Options of Python host bindings.
    #[serde(default)]
    python_host: PythonHost,
    /// Options of JavaScript host bindings.
    #[serde(default)]
    js_host: JsHost,
    /// How the component is linked, in JavaScript and Go.
    link: Option<Link>,
}

/// A side of a component.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum SideName {
    /// For code that is compiled into a component.
    Guest,
    /// For programs that run components.
    Host,
    /// Both, in folders of their own.
    Both,
}

/// Where support code comes from.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum RuntimeName {
    /// It is written next to the bindings.
    #[default]
    Embed,
    /// It is imported from the package of the registry.
    Package,
}

/// Files and folders of WIT.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum OneOrMore {
    /// A file or a folder.
    One(PathBuf),
    /// Several.
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
        let is_linked = |table: &TargetTable| {
            table.component.is_some() && matches!(table.language, Language::Js | Language::Go)
        };
        if file.target.iter().any(|table| table.link.is_some() && !is_linked(table)) {
            return Err(Diagnostic::error(Id::InvalidConfig, "there is nothing to link for `[target.link]`")
                .in_path(&path)
                .help("remove the table: it is for the `component` of targets in JavaScript and Go")
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
                link: table.link.unwrap_or_default(),
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

    /// The schema of a language.
    pub(super) fn language(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": Language::ALL.map(Language::id) })
    }

    #[test]
    fn published_schema_is_current() {
        let published = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/witgen.schema.json");
        let schema = schemars::schema_for!(ProjectFile).to_value();
        let current = format!("{schema:#}\n");
        if std::env::var_os("WITGEN_BLESS").is_some() {
            std::fs::write(published, &current).unwrap();
        }
        let told = "write it anew with WITGEN_BLESS=1";
        assert_eq!(std::fs::read_to_string(published).unwrap_or_default(), current, "{told}");
    }

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

    #[test]
    fn components_are_linked_as_their_target_says() {
        let targets = |text: &str| {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join(PROJECT_FILE), text).unwrap();
            Target::read_all(dir.path())
        };
        let table = |language: &str, rest: &str| {
            format!("[[target]]\nlanguage = \"{language}\"\nwit = \"wit\"\nside = \"host\"\n{rest}")
        };
        let linked = "component = \"a.wasm\"\n[target.link]\ninterruptible = true\n";
        let read = targets(&table("go", linked)).unwrap();
        assert_eq!(read[0].link, Link { interruptible: true, ..Link::default() });
        for wrong in [table("rust", linked), table("js", "[target.link]\nmetered = true\n")] {
            let found = targets(&wrong).unwrap_err();
            assert_eq!(found[0].message, "there is nothing to link for `[target.link]`");
        }
    }
}
