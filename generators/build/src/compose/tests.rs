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
        let package = resolve.push_str("test.wit", wit).unwrap();
        let world = resolve.select_world(&[package], Some(name)).unwrap();
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
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
                if link.import == link.export {
                    link.import.clone()
                } else {
                    format!("{} <- {}", link.import, link.export)
                }
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
    assert_snapshot!(fixture.outline(), @r"
    consumer <- provider my:store/store@0.1.0
    open my:store/types@0.1.0 for consumer, provider, only types
    exports run
    ");
}

#[test]
fn a_first_component_that_others_use_is_exported_too() {
    let fixture = Fixture::new().with("provider", STORE).with("consumer", STORE);
    assert_snapshot!(fixture.outline(), @r"
    consumer <- provider my:store/store@0.1.0
    open my:store/types@0.1.0 for provider, consumer, only types
    exports run
    exports my:store/store@0.1.0
    ");
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
    assert_snapshot!(fixture.outline(), @r"
    one <- two my:chain/b
    two <- three my:chain/c
    exports run
    ");
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
    assert_snapshot!(fixture.outline(), @r"
    app <- base my:res/types@1.0.0
    app <- make my:res/maker@1.0.0
    app <- take my:res/taker@1.0.0
    make <- base my:res/types@1.0.0
    take <- base my:res/types@1.0.0
    exports run
    ");
}

#[test]
fn resources_of_an_open_import_stay_one_type() {
    let fixture = Fixture::new().with("app", RESOURCES).with("make", RESOURCES).with("take", RESOURCES);
    assert_snapshot!(fixture.outline(), @r"
    app <- make my:res/maker@1.0.0
    app <- take my:res/taker@1.0.0
    open my:res/types@1.0.0 for app, make, take
    exports run
    ");
}

#[test]
fn resources_of_a_component_inside_do_not_reach_an_open_import() {
    let fixture = Fixture::new().with("app", RESOURCES).with("base", RESOURCES).with("make", RESOURCES);
    assert_snapshot!(fixture.mismatch(), @r"
    no component exports `my:res/taker@1.0.0`
    note: it cannot stay open: it takes `handle` of `my:res/types@1.0.0`, which `base.wasm` implements, and nobody outside can take the resources of a component inside
    help: add a component that exports `my:res/taker@1.0.0`
    ");
}

#[test]
fn resources_inside_other_types_do_not_reach_an_open_import_either() {
    let wit = "package my:held;
        interface types { resource handle; record held { parts: list<option<own<handle>>> } }
        interface maker { use types.{held}; make: func() -> held; }
        world app { use types.{held}; import maker; import keep: func(what: held); export run: func(); }
        world base { export types; }";
    let fixture = Fixture::new().with("app", wit).with("base", wit);
    let findings = fixture.compose().unwrap_err();
    let shown: Vec<String> = findings.iter().map(|finding| fixture.shown(finding)).collect();
    assert_snapshot!(shown.join("\n"), @r"
    no component exports `my:held/maker`
    note: it cannot stay open: it takes `handle` of `my:held/types`, which `base.wasm` implements, and nobody outside can take the resources of a component inside
    help: add a component that exports `my:held/maker`
    no component exports `keep`
    note: it cannot stay open: it takes `handle` of `my:held/types`, which `base.wasm` implements, and nobody outside can take the resources of a component inside
    help: add a component that exports `keep`
    ");
}

#[test]
fn an_export_brings_the_interfaces_of_its_types() {
    let fixture = Fixture::new().with("show", RESOURCES).with("base", RESOURCES);
    assert_snapshot!(fixture.outline(), @r"
    show <- base my:res/types@1.0.0
    exports my:res/types@1.0.0
    exports my:res/maker@1.0.0
    ");
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
    assert_snapshot!(outlines, @r"
    user <- lib my:ver/api@0.1.0 <- my:ver/api@0.1.3
    exports run
    user <- lib my:ver/api@1.0.0 <- my:ver/api@1.4.0
    exports run
    user <- lib my:ver/api@1.4.0 <- my:ver/api@1.0.0
    exports run
    ");
}

#[test]
fn incompatible_versions_are_named() {
    let fixture = Fixture::new()
        .with("user", &versioned("1.0.0", "user { import api; export run: func(); }"))
        .with("lib", &versioned("2.0.0", "lib { export api; }"));
    assert_snapshot!(fixture.mismatch(), @r"
    the component has nothing to do with the others
    note: it exports `my:ver/api@2.0.0`
    note: `user.wasm` imports `my:ver/api@1.0.0`
    note: `user.wasm` imports `my:ver/api@1.0.0`, and `lib.wasm` exports `my:ver/api@2.0.0`: these versions are not compatible
    ");
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
    assert_snapshot!(fixture.outline(), @r"
    app <- middle my:wrap/api
    middle <- base my:wrap/api
    exports run
    exports my:wrap/api
    ");
}

#[test]
fn a_wrapper_is_exported_in_place_of_what_it_wraps() {
    let fixture = Fixture::new().with("base", WRAP).with("middle", WRAP);
    assert_snapshot!(fixture.outline(), @r"
    middle <- base my:wrap/api
    exports my:wrap/api
    ");
}

#[test]
fn two_exporters_are_ambiguous() {
    let fixture = Fixture::new().with("app", WRAP).with("base", WRAP).with("other", WRAP);
    assert_snapshot!(fixture.mismatch(), @r"
    `my:wrap/api` is exported by `base.wasm` and `other.wasm`
    note: `app.wasm` imports it, and it is not clear which one is meant
    help: leave all but one of them out, or compose in two steps
    ");
}

#[test]
fn a_circle_is_refused() {
    let fixture = Fixture::new().with("left", WRAP).with("right", WRAP);
    assert_snapshot!(fixture.mismatch(), @r"
    the components need each other in a circle
    note: `left.wasm` imports `my:wrap/less` from `right.wasm`
    note: `right.wasm` imports `my:wrap/more` from `left.wasm`
    note: a component is instantiated after everything that it imports
    ");
}

#[test]
fn a_circle_of_types_alone_is_opened() {
    let wit = "package my:circle;
        interface shapes { record point { x: u32 } }
        interface moves { use shapes.{point}; move: func(value: point) -> point; }
        world provider { use shapes.{point}; export shapes; export moves; export near: func(value: point); }
        world relay { import moves; export shapes; export moves; }
        world consumer { import moves; export run: func(); }";
    let fixture = Fixture::new().with("relay", wit).with("provider", wit);
    assert_snapshot!(fixture.outline(), @r"
    relay <- provider my:circle/moves
    open my:circle/shapes for relay, provider, only types
    open point for provider, only types
    exports my:circle/shapes
    exports my:circle/moves
    ");
    let fixture = Fixture::new().with("consumer", wit).with("relay", wit).with("provider", wit);
    assert_snapshot!(fixture.outline(), @r"
    consumer <- relay my:circle/moves
    relay <- provider my:circle/moves
    open my:circle/shapes for consumer, relay, provider, only types
    open point for provider, only types
    exports run
    ");
}

#[test]
fn a_component_without_any_connection_is_refused() {
    let fixture = Fixture::new().with("app", WRAP).with("base", WRAP).with("lone", WRAP);
    assert_snapshot!(fixture.mismatch(), @r"
    the component has nothing to do with the others
    note: it exports `my:wrap/less`
    note: `app.wasm` imports `my:wrap/api`
    ");
}

#[test]
fn two_roots_cannot_export_the_same() {
    let fixture = Fixture::new().with("app", WRAP).with("second", WRAP).with("base", WRAP);
    assert_snapshot!(fixture.mismatch(), @r"
    `run` would be exported twice
    note: `app.wasm` exports it as well, and no other component uses either of them
    help: compose them one by one, or leave one out
    ");
}

#[test]
fn a_mismatch_shows_both_types() {
    let other = STORE.replace("size: u32", "size: u64");
    let fixture = Fixture::new().with("consumer", STORE).with("provider", &other);
    assert_snapshot!(fixture.mismatch(), @r"
    `my:store/store@0.1.0` of `provider.wasm` does not fit what `consumer.wasm` imports
    note: `entry` in `my:store/store@0.1.0` differs:
    `consumer.wasm` imports `record entry { key: string, size: u32 }`
    `provider.wasm` exports `record entry { key: string, size: u64 }`
    ");
    let other = STORE.replace("find: func(key: string)", "find: func(key: string, limit: u8)");
    let fixture = Fixture::new().with("consumer", STORE).with("provider", &other);
    assert_snapshot!(fixture.mismatch(), @r"
    `my:store/store@0.1.0` of `provider.wasm` does not fit what `consumer.wasm` imports
    note: `find` in `my:store/store@0.1.0` differs:
    `consumer.wasm` imports `find: func(key: string) -> option<entry>`
    `provider.wasm` exports `find: func(key: string, limit: u8) -> option<entry>`
    ");
    let other = STORE.replace("find: func", "search: func");
    let fixture = Fixture::new().with("consumer", STORE).with("provider", &other);
    assert_snapshot!(fixture.mismatch(), @r"
    `my:store/store@0.1.0` of `provider.wasm` does not fit what `consumer.wasm` imports
    note: `find` in `my:store/store@0.1.0` differs:
    `consumer.wasm` imports `find: func(key: string) -> option<entry>`
    `provider.wasm` exports no such thing
    ");
}

#[test]
fn open_imports_that_disagree_show_both_types() {
    let wit = "package my:open; interface dep { f: func() -> u8; } interface api { g: func(); }
        world user { import dep; import api; export run: func(); }
        world lib { import dep; export api; }";
    let fixture = Fixture::new().with("user", wit).with("lib", &wit.replace("u8", "string"));
    assert_snapshot!(fixture.mismatch(), @r"
    `user.wasm` and `lib.wasm` import `my:open/dep` with different types
    note: `f` in `my:open/dep` differs:
    `user.wasm` imports `f: func() -> u8`
    `lib.wasm` imports `f: func() -> string`
    ");
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
    assert_snapshot!(fixture.outline(), @r"
    user <- lib my:wasi/api
    open wasi:io/streams@0.2.12 for user, lib
    open wasi:cli/out@0.2.12 for user, lib
    exports run
    ");
}

#[test]
fn functions_of_the_worlds_themselves_match() {
    let wit = "package my:plain;
        world user { import count: func(text: string) -> u32; export run: func(); }
        world lib { export count: func(text: string) -> u32; }";
    let fixture = Fixture::new().with("user", wit).with("lib", wit);
    assert_snapshot!(fixture.outline(), @r"
    user <- lib count
    exports run
    ");
    let fixture = Fixture::new().with("user", wit).with("lib", &wit.replace("u32", "u64"));
    assert_snapshot!(fixture.mismatch(), @r"
    `count` of `lib.wasm` does not fit what `user.wasm` imports
    note: `count` differs:
    `user.wasm` imports `count: func(text: string) -> u32`
    `lib.wasm` exports `count: func(text: string) -> u64`
    ");
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
        [
            InvalidComponent,
            InvalidComponent,
            InvalidComponent,
            InvalidComponent,
            MissingInput,
            MissingInput,
            Usage
        ]
    );
}

#[test]
fn a_wit_package_is_no_component() {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("test.wit", STORE).unwrap();
    let mut fixture = Fixture::new().with("provider", STORE);
    fixture.add("package", &wit_component::encode(&resolve, package, false).unwrap());
    assert_eq!(fixture.failure().id, Id::InvalidComponent);
}

#[test]
fn one_component_is_nothing_to_compose() {
    assert_eq!(Fixture::new().with("provider", STORE).failure().id, Id::Usage);
}
