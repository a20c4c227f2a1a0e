//! The command line as types.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use witgen_diag::Id;
use witgen_languages::Language;

/// Bindings for WebAssembly components in Rust, Python, JavaScript and Go
#[derive(Debug, Parser)]
#[command(name = "witgen", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How witgen talks.
#[derive(Clone, Debug, Args)]
pub(crate) struct Output {
    /// How diagnostics are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(crate) format: Format,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: When,
    /// List the files that are written
    #[arg(short, long, global = true, help_heading = "Output")]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With source and caret
    Text,
    /// A line each
    Concise,
    /// A JSON document
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML, of `conformance` alone
    Junit,
    /// A page, of `conformance` alone
    Html,
    /// A grants file, of `inspect --needs` alone
    Toml,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Generate Rust bindings
    Rust(RustBindings),
    /// Generate Python bindings
    Python(PythonBindings),
    /// Generate JavaScript bindings with TypeScript declarations
    Js(JsBindings),
    /// Generate Go bindings
    Go(Bindings),
    /// Generate every target of a witgen.toml
    Generate(Generate),
    /// Start a project that `witgen build` builds as it stands
    New(New),
    /// Build a component from source with its language's toolchain
    Build(Build),
    /// Join components: the exports of one satisfy the imports of another
    Compose(Compose),
    /// Translate a component into core modules and a plan, for hosts without a component engine
    Link(Link),
    /// Run a component under grants
    Run(Run),
    /// Answer HTTP requests with a component that exports wasi:http/incoming-handler
    Serve(Serve),
    /// Test every language against every other
    Conformance(Conformance),
    /// Print the IR of a world as JSON
    Inspect(Inspect),
    /// Print what each language supports
    Languages(Languages),
    /// Look for the tools that components are built with
    Doctor(Doctor),
    /// Explain a diagnostic
    Explain(Explain),
    /// Print shell completions
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page, or write them all
    Man(Man),
}

/// Which WIT, and which world of it.
#[derive(Clone, Debug, Args)]
pub(crate) struct World {
    /// The world; needed when there are several
    #[arg(short, long)]
    pub(crate) world: Option<String>,
    /// Keep the @unstable items of these features
    #[arg(long, value_delimiter = ',', value_name = "A,B", conflicts_with = "all_features")]
    pub(crate) features: Vec<String>,
    /// Keep all @unstable items
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Do not fall back to the WASI packages that come with witgen
    #[arg(long)]
    pub(crate) no_builtin_wasi: bool,
}

impl World {
    /// The options of the IR.
    pub(crate) fn options(&self) -> witgen_ir::Options {
        witgen_ir::Options {
            world: self.world.clone(),
            features: self.features.clone(),
            all_features: self.all_features,
            builtin_wasi: !self.no_builtin_wasi,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Bindings {
    /// WIT files, directories with a WIT package and its deps, or components
    pub(crate) wit: Vec<PathBuf>,
    /// Only guest bindings: code that is compiled into a component
    #[arg(long)]
    pub(crate) guest: bool,
    /// Only host bindings: a program that loads a component
    #[arg(long)]
    pub(crate) host: bool,
    #[command(flatten)]
    pub(crate) world: World,
    /// Where to write [default: bindings/LANGUAGE]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Where the support code of the bindings comes from
    #[arg(long, value_enum, default_value_t = Runtime::Embed)]
    pub(crate) runtime: Runtime,
    #[command(flatten)]
    pub(crate) mode: Mode,
    /// Stay, and generate again whenever the WIT changes
    #[arg(long, conflicts_with_all = ["check", "dry_run"])]
    pub(crate) watch: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct RustBindings {
    #[command(flatten)]
    pub(crate) bindings: Bindings,
    #[command(flatten)]
    pub(crate) host: RustHost,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct PythonBindings {
    #[command(flatten)]
    pub(crate) bindings: Bindings,
    /// Give a `memoryview` where a function gives a list of numbers
    #[arg(long, help_heading = "Python host")]
    pub(crate) memoryviews: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct JsBindings {
    #[command(flatten)]
    pub(crate) bindings: Bindings,
    /// Take arguments as they come, for callers that are sure of them
    #[arg(long, help_heading = "JavaScript host")]
    pub(crate) unchecked: bool,
    /// Write TypeScript instead of JavaScript with declarations
    #[arg(long, help_heading = "JavaScript host")]
    pub(crate) typescript: bool,
}

/// Options of Rust host bindings, which `bindgen!` of wasmtime has, too.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RustHost {
    /// Use the bindings of a module for an imported interface, or a type for a resource
    #[arg(long, value_name = "WIT=PATH", help_heading = "Rust host", value_parser = pair)]
    pub(crate) with: Vec<(String, String)>,
    /// Derive more for records, variants and enums
    #[arg(long, value_name = "PATH,...", value_delimiter = ',', help_heading = "Rust host")]
    pub(crate) additional_derives: Vec<String>,
    /// Let implementations of these imports trap; all without names
    #[arg(long, value_name = "WIT,...", value_delimiter = ',', num_args = 0.., require_equals = true, default_missing_value = "*", help_heading = "Rust host")]
    pub(crate) trappable_imports: Vec<String>,
    /// Let imports that can trap return a type of the program as error
    #[arg(long, value_name = "WIT=PATH", help_heading = "Rust host", value_parser = pair)]
    pub(crate) trappable_error_type: Vec<(String, String)>,
}

impl RustHost {
    /// The options of the backend.
    pub(crate) fn options(&self) -> witgen_rust::HostOptions {
        witgen_rust::HostOptions {
            with: self.with.iter().cloned().collect(),
            additional_derives: self.additional_derives.clone(),
            trappable_imports: self.trappable_imports.clone(),
            trappable_error_types: self.trappable_error_type.iter().cloned().collect(),
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((wit, path)) if !wit.is_empty() && !path.is_empty() => Ok((wit.to_owned(), path.to_owned())),
        _ => Err("write a name in WIT and a path in Rust: ns:pkg/iface=crate::module".to_owned()),
    }
}

/// What to do with the files.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Mode {
    /// Fail when the files on disk are not up to date, without writing
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) check: bool,
    /// List what would be written, without writing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Also remove files of an earlier run that were edited since
    #[arg(long)]
    pub(crate) clean: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Runtime {
    /// Sources next to the bindings
    Embed,
    /// The package of the registry
    Package,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The directory of the witgen.toml
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) mode: Mode,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make, which is the name of the project, too
    pub(crate) name: String,
    /// The language of the source
    #[arg(long, value_parser = language())]
    pub(crate) lang: String,
    /// WIT of your own: the source gets a stub for everything that its world exports
    #[arg(long)]
    pub(crate) wit: Vec<PathBuf>,
    /// The world; needed when the WIT has several, and enough for one that comes with witgen
    #[arg(short, long)]
    pub(crate) world: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// A project: a directory with a witgen.toml
    #[arg(required_unless_present = "src", conflicts_with_all = ["lang", "wit", "src", "world"])]
    pub(crate) dir: Option<PathBuf>,
    /// The language of the source
    #[arg(long, requires = "src", required_unless_present = "dir", value_parser = language())]
    pub(crate) lang: Option<String>,
    /// WIT files or directories; not needed for a world that comes with witgen, such as wasi:http/proxy@0.2.12
    #[arg(long, requires = "src")]
    pub(crate) wit: Vec<PathBuf>,
    /// The source: a file, or a directory with the language's own project file
    #[arg(long, requires = "lang", value_name = "PATH")]
    pub(crate) src: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) world: World,
    /// The component to write
    #[arg(short, long, value_name = "OUT.wasm")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Compose {
    /// The components; what the first one exports is exported again
    #[arg(required = true, num_args = 1.., value_name = "COMPONENT")]
    pub(crate) components: Vec<PathBuf>,
    /// The component to write
    #[arg(short, long, value_name = "OUT.wasm")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The component
    pub(crate) component: PathBuf,
    /// Where to write the modules and `plan.json`
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Give every module one memory at most, for engines without multi-memory
    #[arg(long)]
    pub(crate) single_memory: bool,
    /// Let hosts end the component while it computes, at the end of a deadline
    #[arg(long)]
    pub(crate) interruptible: bool,
    /// Let hosts limit the work of calls and the memory of the component
    #[arg(long)]
    pub(crate) metered: bool,
    #[command(flatten)]
    pub(crate) mode: Mode,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The component
    pub(crate) component: PathBuf,
    /// Call this function instead of the command, with arguments in WAVE: 'ns:pkg/iface.func(1, "a")'
    #[arg(long, value_name = "CALL")]
    pub(crate) invoke: Option<String>,
    #[command(flatten)]
    pub(crate) grants: Grants,
    /// Arguments of the command
    #[arg(last = true)]
    pub(crate) args: Vec<String>,
}

/// What a component may do.
#[derive(Clone, Debug, Args)]
pub(crate) struct Grants {
    /// What the component may do; without any grant, it has its standard streams, clocks and random numbers
    #[arg(long, value_name = "FILE", help_heading = "Grants")]
    pub(crate) grants: Option<PathBuf>,
    /// One more grant, for instance 'filesystem./data=./data:read' or 'clocks.monotonic'
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Grants")]
    pub(crate) grant: Vec<String>,
    /// Write every use of a grant and every denial to a file, one JSON object a line
    #[arg(long, value_name = "FILE", help_heading = "Grants")]
    pub(crate) audit: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The component
    pub(crate) component: PathBuf,
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) addr: SocketAddr,
    /// Requests that are handled at the same time; others wait
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) concurrency: u16,
    /// Requests that an instance handles before it ends; with more than one, requests see what others left behind
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) reuse: u32,
    /// Write every request to a file, one JSON object a line; without a file, to stderr
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub(crate) access_log: Option<Option<PathBuf>>,
    /// Read the component and the grants again when they change
    #[arg(long)]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) grants: Grants,
}

#[derive(Debug, Args)]
pub(crate) struct Conformance {
    /// The WIT under test; without it, the suites that come with witgen are run
    #[arg(long)]
    pub(crate) wit: Vec<PathBuf>,
    /// Test vectors for it
    #[arg(long, value_name = "FILE")]
    pub(crate) vectors: Vec<PathBuf>,
    /// A component under test, which is called from every language
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) component: Vec<String>,
    /// Only this language calls
    #[arg(long, value_name = "LANG", value_parser = language())]
    pub(crate) importer: Vec<String>,
    /// Only this language is called
    #[arg(long, value_name = "LANG", value_parser = language())]
    pub(crate) exporter: Vec<String>,
    /// Only what this runs: wasmtime for components with each other, a host language, or oracle for the engine's own values
    #[arg(long, value_name = "HOST", value_parser = host())]
    pub(crate) host: Vec<String>,
    /// Only what matches, for instance 'integers/*/importer:go/*'
    #[arg(long, value_name = "GLOB")]
    pub(crate) filter: Option<String>,
    /// Only a part of the cells, for instance 2/4
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,
    /// Join the JSON reports of shards instead of running anything
    #[arg(long, value_name = "REPORT", num_args = 1.., conflicts_with_all = ["wit", "vectors", "component", "importer", "exporter", "host", "filter", "shard", "keep"])]
    pub(crate) merge: Vec<PathBuf>,
    /// Leave the sources and components of the test guests here
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// WIT files, directories with a WIT package, or components
    pub(crate) wit: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) world: World,
    /// Stop after a pass: lower or record
    #[arg(long, value_name = "NAME")]
    pub(crate) pass: Option<String>,
    /// Keep what matches, for instance 'ns:pkg/iface.*'
    #[arg(long, value_name = "GLOB")]
    pub(crate) filter: Option<String>,
    /// List the grants that a component asks for; with --format toml, as a grants file
    #[arg(long, conflicts_with_all = ["pass", "filter"])]
    pub(crate) needs: bool,
    /// List the WASI packages that come with witgen
    #[arg(long, conflicts_with_all = ["wit", "pass", "filter", "needs"])]
    pub(crate) builtin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Languages {}

#[derive(Debug, Args)]
pub(crate) struct Doctor {}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The id, as in error[unsupported-type]; none lists them all
    #[arg(value_parser = AnyId, hide_possible_values = true)]
    pub(crate) id: Option<String>,
}

/// Any text, so that a wrong one is told of like everything else; shells complete the ids.
#[derive(Clone, Debug)]
struct AnyId;

impl TypedValueParser for AnyId {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        clap::builder::StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Id::ALL.iter().map(|id| PossibleValue::new(id.name()))))
    }
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command it is about; none is witgen itself
    pub(crate) command: Option<String>,
    /// Write the pages of all commands to a folder
    #[arg(short, long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) out: Option<PathBuf>,
}

fn language() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Language::ALL.map(Language::id))
}

fn host() -> clap::builder::PossibleValuesParser {
    let languages = Language::ALL.into_iter().map(Language::id);
    clap::builder::PossibleValuesParser::new(["wasmtime"].into_iter().chain(languages).chain(["oracle"]))
}
