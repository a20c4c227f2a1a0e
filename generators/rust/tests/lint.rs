//! Rendered worlds pass clippy and rustfmt, inside of a component, outside, and in every way of inclusion.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a skipped check says so")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{every, only_file, passed};
use witgen_diag::Id;
use witgen_rust::{GuestOptions, guest};

const TARGET: &str = "wasm32-wasip2";

fn run(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(_) => {
            skipped(&command.get_program().to_string_lossy());
            None
        }
    }
}

fn skipped(tool: &str) {
    assert!(std::env::var("CI").is_ok_and(|ci| ci == "true").eq(&false), "{tool} not found");
    println!("skipped rust: {tool} not found");
}

/// A crate with a module for every world that Rust supports.
struct Rendered {
    dir: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Rendered {
    /// Private in a component, public elsewhere: lints differ in what they look at.
    const MODULE: &str = "#[cfg(target_arch = \"wasm32\")]\nmod NAME;\n\
        #[cfg(not(target_arch = \"wasm32\"))]\n/// Bindings.\npub mod NAME;\n";
    /// The strictest crate that bindings must be quiet in.
    const STRICT: &str =
        "#![deny(missing_docs, nonstandard_style, unsafe_code, unused)]\n#![warn(clippy::pedantic)]\n";

    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("src");
        std::fs::create_dir_all(&source).unwrap();
        let mut library = format!("//! Rendered worlds.\n{}", Self::STRICT);
        let mut files = Vec::new();
        for every::Source { name, world, .. } in every::every_world(common::OWN) {
            let made = match guest(world, &GuestOptions::default()) {
                Ok(made) => only_file(&made).1,
                Err(refused) => {
                    assert!(refused.iter().all(|found| found.id == Id::UnsupportedType), "{refused:?}");
                    println!("refused {name}: {}", refused[0].message);
                    continue;
                }
            };
            let path = source.join(format!("{name}.rs"));
            std::fs::write(&path, made).unwrap();
            files.push(path);
            library.push_str(&Self::MODULE.replace("NAME", name));
        }
        // The third way besides `mod` and `#[path]`.
        library.push_str("/// Included.\npub mod included {\n    include!(\"example_wit_hello.rs\");\n}\n");
        std::fs::write(source.join("lib.rs"), library).unwrap();
        let examples: String = common::TESTEES.iter().map(|name| testee(dir.path(), name)).collect();
        std::fs::write(dir.path().join("rustfmt.toml"), "").unwrap();
        let manifest = format!(
            "[package]\nname = \"rendered\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n{examples}"
        );
        std::fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
        Self { dir, files }
    }

    /// What clippy says for a target, or for this machine.
    fn assert_clippy(&self, target: Option<&str>) {
        let name = target.unwrap_or("host");
        let mut clippy = Command::new(env!("CARGO"));
        clippy.args(["clippy", "--quiet", "--offline"]).current_dir(self.dir.path());
        let outputs = tempfile::tempdir().unwrap();
        clippy.env("CARGO_TARGET_DIR", outputs.path()).env_remove("RUSTFLAGS");
        clippy.args(target.map(|target| ["--target", target]).into_iter().flatten());
        clippy.args(["--lib", "--examples", "--", "-D", "warnings", "-D", "unsafe_code"]);
        let key = passed::version(env!("CARGO"), &["clippy", "-V"]);
        passed::once(&format!("rust-guest-{name}"), &key, &[self.dir.path()], || {
            assert_clean(&format!("clippy for {name}"), &clippy.output().unwrap());
        });
    }
}

/// Whether the standard library of a target is there.
fn is_installed(target: &str) -> bool {
    let library = passed::version("rustc", &["--print", "target-libdir", "--target", target]);
    Path::new(library.trim()).is_dir()
}

/// Puts a test guest beside the worlds, whose `export!` must be quiet, too.
fn testee(dir: &Path, name: &str) -> String {
    let home = common::root().join("conformance/testees/rust").join(name);
    let (source, bindings) = (dir.join(name).join("src"), dir.join(name).join("bindings"));
    std::fs::create_dir_all(&source).unwrap();
    std::fs::create_dir_all(&bindings).unwrap();
    for entry in std::fs::read_dir(home.join("src")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, source.join(path.file_name().unwrap())).unwrap();
    }
    let made = guest(&common::testee_world(name), &GuestOptions::default()).unwrap();
    let (file, text) = only_file(&made);
    std::fs::write(bindings.join(file), text).unwrap();
    format!("[[example]]\nname = \"{name}\"\npath = \"{name}/src/lib.rs\"\ncrate-type = [\"cdylib\"]\n")
}

fn assert_clean(what: &str, output: &Output) {
    let text = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{what}:\n{}", text.join("\n"));
}

/// Worlds in which the layout differs from that of rustfmt: types of fields and aliases that are longer than a line,
/// and calls in calls that end just behind it.
const UNFORMATTED: [&str; 5] = [
    "corpus_option_result",
    "example_wit_names_reserved_types",
    "own_lints",
    "own_long",
    "testees_wit_names_reserved_types",
];

#[test]
fn rendered_worlds_are_formatted() {
    let rendered = Rendered::new();
    let mut rustfmt = Command::new("rustfmt");
    // A configuration of this repository must not reach the check.
    rustfmt.args(["--edition", "2024", "--check", "--config-path"]);
    let files = rendered.files.iter().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !UNFORMATTED.iter().any(|start| name.starts_with(start))
    });
    rustfmt.arg(rendered.dir.path()).args(files);
    if let Some(output) = run(&mut rustfmt) {
        assert_clean("rustfmt", &output);
    }
}

#[test]
fn rendered_worlds_are_clean_where_lints_are_strict() {
    let rendered = Rendered::new();
    std::thread::scope(|scope| {
        if is_installed(TARGET) {
            scope.spawn(|| rendered.assert_clippy(Some(TARGET)));
        } else {
            skipped(TARGET);
        }
        rendered.assert_clippy(None);
    });
}
