//! Components of large and of awkward worlds, made with Go's own toolchain from programs that use everything.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::repository;
use witgen_build::{Project, Wit};
use witgen_emit::FileSet;
use witgen_go::GuestOptions;
use witgen_ir::{Direction, Options};
use witgen_languages::Language;

/// WIT below the repository, and the name of the world.
const WORLDS: [(&[&str], &str); 4] = [
    (&[], "wasi:http/proxy@0.2.12"),
    (&["conformance/wit/names-clashes.wit"], "names-clashes-world"),
    (&["conformance/wit/names-clashes.wit"], "names-clashes-exports-world"),
    (&["generators/go/tests/wit/names.wit"], "names"),
];

#[test]
fn programs_that_use_all_of_a_world_are_components_of_it() {
    if Command::new("go").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "go is not installed");
        return println!("skipped go: go not found");
    }
    for (wit, world) in WORLDS {
        check(wit, world);
    }
}

fn check(wit: &[&str], world: &str) {
    let dir = tempfile::tempdir().unwrap();
    let wit: Vec<PathBuf> = wit.iter().map(|path| repository().join(path)).collect();
    let options = Options { world: Some(world.to_owned()), ..Options::default() };
    let ir = witgen_ir::load(&wit, &options).unwrap();
    let guest = GuestOptions { import_path: Some("stub/bindings".to_owned()), ..GuestOptions::default() };
    let bindings = witgen_go::guest(&ir, &guest).unwrap();
    std::fs::write(dir.path().join("go.mod"), "module stub\n\ngo 1.25.0\n").unwrap();
    std::fs::write(dir.path().join("main.go"), program(&bindings)).unwrap();
    let project = Project {
        language: Language::Go,
        root: dir.path().to_owned(),
        wit: wit.clone(),
        world: options.world.clone(),
        source: dir.path().to_owned(),
        bindings: dir.path().join("bindings"),
        rust_target: witgen_build::RustTarget::default(),
    };
    let (resolved, id) = witgen_ir::resolve_inputs(&wit, &options).unwrap();
    let component = witgen_build::build(&project, &Wit::new(resolved.resolve, id), &bindings);
    let component = component.unwrap_or_else(|found| panic!("{world}: {found:?}"));
    for interface in ir.interfaces_of(Direction::Import).filter(|interface| !interface.functions.is_empty()) {
        let key = interface.key.as_bytes();
        assert!(component.windows(key.len()).any(|part| part == key), "{world} lacks {}", interface.key);
    }
}

/// A program that names every function of the bindings, and exports what panics.
fn program(bindings: &FileSet) -> String {
    let (mut imports, mut used, mut exports) = (String::new(), String::new(), String::new());
    let packages = bindings.iter().filter(|(path, _)| path.ends_with("bindings.go"));
    for (index, (path, content)) in packages.enumerate() {
        let text = str::from_utf8(content).unwrap();
        let functions = text.lines().filter_map(|line| line.strip_prefix("func "));
        let names = functions.filter_map(|function| reference(index, function));
        let names: String = names.map(|name| format!("\t{name},\n")).collect();
        if text.contains("\nfunc Export(") {
            exports.push_str(&format!("\tp{index}.Export(struct{{ p{index}.Exports }}{{}})\n"));
        }
        let alias = if names.is_empty() { "_".to_owned() } else { format!("p{index}") };
        let dir = Path::new("stub/bindings").join(path).parent().unwrap().display().to_string();
        imports.push_str(&format!("\t{alias} \"{dir}\"\n"));
        used.push_str(&names);
    }
    format!(
        "package main\n\nimport (\n{imports})\n\nvar used = []any{{\n{used}}}\n\n\
         func init() {{\n{exports}\tprintln(len(used))\n}}\n\nfunc main() {{}}\n"
    )
}

/// `p0.Get`, or `(*p0.File).Read` for a method; none for what other packages do not see.
fn reference(package: usize, function: &str) -> Option<String> {
    let (receiver, rest) = match function.strip_prefix('(') {
        Some(method) => method.split_once(") ").map(|(receiver, rest)| (Some(receiver), rest))?,
        None => (None, function),
    };
    let name = rest.split('(').next().filter(|name| name.starts_with(char::is_uppercase))?;
    Some(match receiver.and_then(|receiver| receiver.rsplit(' ').next()) {
        Some(ty) => match ty.strip_prefix('*') {
            Some(ty) => format!("(*p{package}.{ty}).{name}"),
            None => format!("p{package}.{ty}.{name}"),
        },
        None => format!("p{package}.{name}"),
    })
}
