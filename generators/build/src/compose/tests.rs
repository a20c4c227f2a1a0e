//! Components made from WIT, whose functions all trap: composing looks at nothing but types.

use std::path::PathBuf;

use insta::assert_snapshot;
use tempfile::TempDir;
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};
use witgen_diag::{Diagnostic, Id, Result};

use super::{Composition, compose};

const STORE: &str = "package my:store@0.1.0;
    interface types { record entry { key: string, size: u32 } }
    interface store { use types.{entry}; find: func(key: string) -> option<entry>; }
    world provider { export store; }
    world consumer { import store; export run: func() -> u32; }";

/// A folder with one component per world.
struct Fixture {
    directory: TempDir,
    paths: Vec<PathBuf>,
}

impl Fixture {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), paths: Vec::new() }
    }

    /// Adds `NAME.wasm` for the world called `name`.
    fn with(mut self, name: &str, wit: &str) -> Self {
        let mut resolve = Resolve::default();
        resolve.all_features = true;
        let package = resolve.push_str("test.wit", wit).unwrap();
        let world = resolve.select_world(&[package], Some(name)).unwrap();
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        let bytes = ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap();
        self.add(name, &bytes);
        self
    }

    fn add(&mut self, name: &str, bytes: &[u8]) {
        let path = self.directory.path().join(format!("{name}.wasm"));
        std::fs::write(&path, bytes).unwrap();
        self.paths.push(path);
    }

    fn compose(&self) -> Result<Composition> {
        compose(&self.paths)
    }

    /// The links, the open imports and the exports of the composition, a line each.
    fn outline(&self) -> String {
        let composition = self.compose().unwrap();
        let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut lines: Vec<String> = Vec::new();
        for link in &composition.links {
            lines.push(format!(
                "{} <- {} {}",
                name(&link.importer),
                name(&link.exporter),
                if link.import == link.export { link.import.clone() } else { format!("{} <- {}", link.import, link.export) }
            ));
        }
        for open in &composition.open {
            let wanted: Vec<String> = open.wanted_by.iter().map(name).collect();
            let types = if open.only_types { ", only types" } else { "" };
            lines.push(format!("open {} for {}{types}", open.name, wanted.join(", ")));
        }
        let Ok(DecodedWasm::Component(resolve, world)) = wit_component::decode(&composition.bytes) else {
            panic!("not a component");
        };
        for (key, _) in &resolve.worlds[world].exports {
            lines.push(format!("exports {}", resolve.name_world_key(key)));
        }
        lines.extend(composition.warnings.iter().map(|warning| self.shown(warning)));
        lines.join("\n")
    }

    fn failure(&self) -> Diagnostic {
        let mut findings = self.compose().unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:#?}");
        findings.remove(0)
    }

    fn mismatch(&self) -> String {
        let diagnostic = self.failure();
        assert_eq!(diagnostic.id, Id::ComposeMismatch);
        self.shown(&diagnostic)
    }

    fn shown(&self, diagnostic: &Diagnostic) -> String {
        let mut lines = vec![diagnostic.message.clone()];
        lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
        lines.extend(diagnostic.helps.iter().map(|help| format!("help: {help}")));
        lines.join("\n").replace(&format!("{}/", self.directory.path().display()), "")
    }
}

#[test]
fn an_export_satisfies_an_import() {
    let fixture = Fixture::new().with("consumer", STORE).with("provider", STORE);
    assert_snapshot!(fixture.outline(), @"");
}

#[test]
fn a_first_component_that_others_use_is_exported_too() {
    let fixture = Fixture::new().with("provider", STORE).with("consumer", STORE);
    assert_snapshot!(fixture.outline(), @"");
}

const CHAIN: &str = "package my:chain;
    interface b { f: func(); }
    interface c { f: func(); }
    world one { import b; export run: func(); }
    world two { import c; export b; }
    world three { export c; }";

#[test]
fn imports_are_satisfied_transitively_in_any_order() {
    let fixture = Fixture::new().with("one", CHAIN).with("three", CHAIN).with("two", CHAIN);
    assert_snapshot!(fixture.outline(), @"");
}

const RESOURCES: &str = "package my:res@1.0.0;
    interface types { resource handle { constructor(); value: func() -> u32; } }
    interface maker { use types.{handle}; make: func() -> handle; }
    interface taker { use types.{handle}; take: func(h: handle) -> borrowed-answer; type borrowed-answer = u32; }
    world app { import types; import maker; import taker; export run: func(); }
    world make { import types; export maker; }
    world take { import types; export taker; }
    world base { export types; }
    world show { import types; export maker; }";

#[test]
fn resources_of_a_shared_component_pass_between_its_users() {
    let fixture = Fixture::new()
        .with("app", RESOURCES)
        .with("make", RESOURCES)
        .with("take", RESOURCES)
        .with("base", RESOURCES);
    assert_snapshot!(fixture.outline(), @"");
}

#[test]
fn resources_of_an_open_import_stay_one_type() {
    let fixture = Fixture::new().with("app", RESOURCES).with("make", RESOURCES).with("take", RESOURCES);
    assert_snapshot!(fixture.outline(), @"");
}

#[test]
fn an_export_brings_the_interfaces_of_its_types() {
    let fixture = Fixture::new().with("show", RESOURCES).with("base", RESOURCES);
    assert_snapshot!(fixture.outline(), @"");
}

fn versioned(version: &str, world: &str) -> String {
    format!(
        "package my:ver@{version};
        interface api {{ f: func() -> u32; }}
        world {world}"
    )
}

#[test]
fn compatible_versions_match() {
    let mut outlines = String::new();
    for (import, export) in [("0.1.0", "0.1.3"), ("1.0.0", "1.4.0"), ("1.4.0", "1.0.0")] {
        let fixture = Fixture::new()
            .with("user", &versioned(import, "user { import api; export run: func(); }"))
            .with("lib", &versioned(export, "lib { export api; }"));
        outlines.push_str(&fixture.outline());
        outlines.push('\n');
    }
    assert_snapshot!(outlines, @"");
}

#[test]
fn incompatible_versions_are_named() {
    let fixture = Fixture::new()
        .with("user", &versioned("1.0.0", "user { import api; export run: func(); }"))
        .with("lib", &versioned("2.0.0", "lib { export api; }"));
    assert_snapshot!(fixture.mismatch(), @"");
}

const WRAP: &str = "package my:wrap;
    interface api { f: func(); }
    world app { import api; export run: func(); }
    world middle { import api; export api; }
    world base { export api; }
    world other { export api; }
    world back { import api; import more; export less; }
    interface more { f: func(); }
    interface less { f: func(); }
    world left { import less; export more; }
    world right { import more; export less; }
    world lone { export less; }
    world second { import api; export run: func(); }";

#[test]
fn a_component_that_imports_what_it_exports_wraps() {
    let fixture = Fixture::new().with("base", WRAP).with("app", WRAP).with("middle", WRAP);
    assert_snapshot!(fixture.outline(), @"");
}

#[test]
fn a_wrapper_is_exported_in_place_of_what_it_wraps() {
    let fixture = Fixture::new().with("base", WRAP).with("middle", WRAP);
    assert_snapshot!(fixture.outline(), @"");
}

#[test]
fn two_exporters_are_ambiguous() {
    let fixture = Fixture::new().with("app", WRAP).with("base", WRAP).with("other", WRAP);
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn a_circle_is_refused() {
    let fixture = Fixture::new().with("left", WRAP).with("right", WRAP);
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn a_component_without_any_connection_is_refused() {
    let fixture = Fixture::new().with("app", WRAP).with("base", WRAP).with("lone", WRAP);
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn two_roots_cannot_export_the_same() {
    let fixture = Fixture::new().with("app", WRAP).with("second", WRAP).with("base", WRAP);
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn a_mismatch_shows_both_types() {
    let other = STORE.replace("size: u32", "size: u64");
    let fixture = Fixture::new().with("consumer", STORE).with("provider", &other);
    assert_snapshot!(fixture.mismatch(), @"");
    let other = STORE.replace("find: func(key: string)", "find: func(key: string, limit: u8)");
    let fixture = Fixture::new().with("consumer", STORE).with("provider", &other);
    assert_snapshot!(fixture.mismatch(), @"");
    let other = STORE.replace("find: func", "search: func");
    let fixture = Fixture::new().with("consumer", STORE).with("provider", &other);
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn open_imports_that_disagree_show_both_types() {
    let wit = "package my:open; interface dep { f: func() -> u8; } interface api { g: func(); }
        world user { import dep; import api; export run: func(); }
        world lib { import dep; export api; }";
    let fixture = Fixture::new().with("user", wit).with("lib", &wit.replace("u8", "string"));
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn open_imports_of_compatible_versions_become_one() {
    let wit = "package my:wasi;
        interface api { g: func(); }
        world user { import wasi:io/streams@0.2.0; import wasi:cli/out@0.2.0; import api; export run: func(); }
        world lib { import wasi:io/streams@0.2.0; import wasi:cli/out@0.2.0; export api; }
        package wasi:io@0.2.0 { interface streams { resource s { write: func(); } } }
        package wasi:cli@0.2.0 { interface out { use wasi:io/streams@0.2.0.{s}; get: func() -> s; } }";
    let newer = wit.replace("@0.2.0", "@0.2.12").replace("get: func", "more: func(); get: func");
    let fixture = Fixture::new().with("user", wit).with("lib", &newer);
    assert_snapshot!(fixture.outline(), @"");
}

#[test]
fn functions_of_the_worlds_themselves_match() {
    let wit = "package my:plain;
        world user { import count: func(text: string) -> u32; export run: func(); }
        world lib { export count: func(text: string) -> u32; }";
    let fixture = Fixture::new().with("user", wit).with("lib", wit);
    assert_snapshot!(fixture.outline(), @"");
    let fixture = Fixture::new().with("user", wit).with("lib", &wit.replace("u32", "u64"));
    assert_snapshot!(fixture.mismatch(), @"");
}

#[test]
fn files_that_are_no_component_are_all_reported() {
    let mut fixture = Fixture::new().with("provider", STORE);
    fixture.add("module", b"\0asm\x01\0\0\0");
    fixture.add("empty", b"");
    fixture.add("text", b"(component)");
    fixture.add("cut", &std::fs::read(&fixture.paths[0]).unwrap()[..200]);
    fixture.paths.push(fixture.directory.path().join("missing.wasm"));
    fixture.paths.push(fixture.directory.path().to_owned());
    fixture.paths.push(fixture.paths[0].clone());
    let ids: Vec<Id> = fixture.compose().unwrap_err().iter().map(|finding| finding.id).collect();
    use Id::{InvalidComponent, MissingInput, Usage};
    assert_eq!(
        ids,
        [InvalidComponent, InvalidComponent, InvalidComponent, InvalidComponent, MissingInput, MissingInput, Usage]
    );
}

#[test]
fn one_component_is_nothing_to_compose() {
    assert_eq!(Fixture::new().with("provider", STORE).failure().id, Id::Usage);
}
