//! Host bindings of every world pass clippy and rustfmt, in a crate that warns about everything.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a skipped check says so")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{every, only_file, root};
use witgen_diag::Id;
use witgen_rust::{HostOptions, host};

/// The strictest crate that bindings must be quiet in.
const STRICT: &str =
    "#![deny(missing_docs, nonstandard_style, unsafe_code, unused)]\n#![warn(clippy::pedantic)]\n";

/// Crates that are checked side by side.
const PARTS: usize = 2;

/// What a crate needs of wasmtime: its types alone.
const DEPENDENCIES: &str = "[dependencies]\nwasmtime = { version = \"=48.0.8\", default-features = false, \
    features = [\"async\", \"component-model\", \"runtime\", \"std\"] }\n";

/// Worlds with every keyword of every language, which take minutes, and hold nothing that others do not.
const LARGE: [&str; 6] =
    ["names_keyword", "names_locals", "names_reserved", "names_docs", "names_packages", "wit_conformance"];

/// A world whose bindings are also included in a module, as a program may do.
const INCLUDED: &str = "example_wit_hello";

/// Whether a world of the testees is one of the examples, too.
fn is_double(name: &str) -> bool {
    name.starts_with("testees_")
        && !["visitor", "relay", "drawers_caller", "map_caller"].iter().any(|end| name.ends_with(end))
}

/// Crates with a module for every world that Rust hosts support.
struct Rendered {
    dir: PathBuf,
    files: Vec<PathBuf>,
}

impl Rendered {
    fn new(name: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let mut libraries: [String; PARTS] =
            std::array::from_fn(|_| format!("//! Rendered worlds.\n{STRICT}"));
        let mut files = Vec::new();
        for every::Source { name, world, .. } in every::every_world(common::OWN) {
            if LARGE.iter().any(|part| name.contains(part)) || is_double(name) {
                continue;
            }
            let made = match host(world, &HostOptions::default()) {
                Ok(made) => only_file(&made).1,
                Err(refused) => {
                    assert!(refused.iter().all(|found| found.id == Id::UnsupportedType), "{refused:?}");
                    println!("refused {name}: {}", refused[0].message);
                    continue;
                }
            };
            let part = files.len() % PARTS;
            let path = dir.join(format!("part{part}/src/{name}.rs"));
            write(&path, &made);
            files.push(path);
            libraries[part].push_str(&format!("/// Bindings.\npub mod {name};\n"));
            if name == INCLUDED {
                libraries[part].push_str(&format!(
                    "/// Included.\npub mod included {{\n    include!(\"{name}.rs\");\n}}\n"
                ));
            }
        }
        assert!(
            libraries.iter().any(|library| library.contains("pub mod included")),
            "{INCLUDED} is not there"
        );
        for (part, library) in libraries.iter().enumerate() {
            let package =
                format!("[package]\nname = \"rendered{part}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
            write(&dir.join(format!("part{part}/Cargo.toml")), &format!("{package}{DEPENDENCIES}"));
            write(&dir.join(format!("part{part}/src/lib.rs")), library);
        }
        write(&dir.join("Cargo.toml"), "[workspace]\nmembers = [\"part*\"]\nresolver = \"3\"\n");
        write(&dir.join("rustfmt.toml"), "");
        std::fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
        Self { dir, files }
    }
}

/// Leaves a file alone that is as it should be, so that the compiler does, too.
fn write(path: &Path, content: &str) {
    if std::fs::read_to_string(path).is_ok_and(|found| found == content) {
        return;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn assert_clean(command: &mut Command) {
    let output = command.output().unwrap();
    let text = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{:?}:\n{}", command.get_program(), text.join("\n"));
}

#[test]
fn rendered_worlds_are_clean_where_lints_are_strict() {
    let rendered = Rendered::new("host-clippy");
    let mut clippy = Command::new(env!("CARGO"));
    clippy
        .args(["clippy", "--quiet", "--offline", "--workspace", "--", "-D", "warnings"])
        .current_dir(&rendered.dir);
    clippy.env("CARGO_TARGET_DIR", rendered.dir.join("target")).env_remove("RUSTFLAGS");
    assert_clean(&mut clippy);
}

/// Worlds with lines in which the layout differs from that of rustfmt.
const UNFORMATTED: [&str; 9] = [
    "corpus_many_arguments",
    "corpus_resource_borrow_in_record",
    "corpus_resources_resources",
    "corpus_variants",
    "own_lints",
    "names_shapes",
    "names_stability",
    "wasi_cli",
    "wasi_sockets",
];

#[test]
fn rendered_worlds_are_formatted() {
    let rendered = Rendered::new("host-rustfmt");
    let mut rustfmt = Command::new("rustfmt");
    // A configuration of this repository must not reach the check.
    rustfmt.args(["--edition", "2024", "--check", "--config-path"]).arg(&rendered.dir);
    rustfmt.args(rendered.files.iter().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !UNFORMATTED.iter().any(|part| name.contains(part))
    }));
    assert_clean(&mut rustfmt);
}
