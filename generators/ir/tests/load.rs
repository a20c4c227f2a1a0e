//! Loading, selecting and lowering WIT.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::PathBuf;

use witgen_diag::{Diagnostic, Id};
use witgen_ir::abi::OpKind;
use witgen_ir::{
    Direction, Feature, InspectOptions, Options, Support, TypeKind, World, check_support, inspect, load,
};

fn write(dir: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

fn load_text(text: &str) -> witgen_diag::Result<World> {
    let dir = tempfile::tempdir().unwrap();
    let path = write(&dir, "world.wit", text);
    load(&[path], &Options::default())
}

fn only_error(text: &str) -> Diagnostic {
    let mut found = load_text(text).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn function_of_a_world_keeps_names_types_and_symbols() {
    let world =
        load_text("package example:hello; world hello { export greet: func(name: string) -> string; }")
            .unwrap();
    assert_eq!(world.qualified_name(), "example:hello/hello");
    let greet = world.functions_of(Direction::Export).next().unwrap();
    let abi = greet.abi.as_ref().unwrap();
    assert_eq!((greet.name.as_str(), abi.symbol.as_str()), ("greet", "greet"));
    assert_eq!(abi.post_return_symbol.as_deref(), Some("cabi_post_greet"));
    let ops: Vec<String> = abi.call.root.ops.iter().map(|op| format!("{:?}", op.kind)).collect();
    insta::assert_snapshot!(ops.join("\n"), @r"
    Argument { index: 0 }
    Argument { index: 1 }
    StringLift
    CallLanguage
    ReturnArea { layout: Layout { size: 8, align: 4 } }
    StringLower { owned: true }
    Store { access: Length, offset: 4 }
    Store { access: Pointer, offset: 0 }
    Return
    ");
}

#[test]
fn list_of_records_has_a_block_for_its_element() {
    let world =
        load_text("package a:b; world w { record p { x: u8, y: string } import f: func(ps: list<p>); }")
            .unwrap();
    let function = world.functions_of(Direction::Import).next().unwrap();
    let ops = &function.abi.as_ref().unwrap().call.root.ops;
    let list = ops.iter().find(|op| matches!(op.kind, OpKind::ListLower { .. })).unwrap();
    let OpKind::ListLower { layout, owned, .. } = &list.kind else { unreachable!() };
    assert_eq!((layout.size, layout.align, *owned), (12, 4, false));
    assert!(list.blocks[0].ops.iter().any(|op| matches!(op.kind, OpKind::StringLower { owned: false })));
}

#[test]
fn interface_that_is_imported_and_exported_stands_twice() {
    let world = load_text(
        "package a:b; interface i { record r { x: u32 } f: func() -> r; } world w { import i; export i; }",
    )
    .unwrap();
    let directions: Vec<Direction> = world.interfaces.iter().map(|interface| interface.direction).collect();
    assert_eq!(directions, [Direction::Import, Direction::Export]);
    assert_eq!(world.interfaces[0].key, "a:b/i");
    assert!(matches!(world.type_def(world.interfaces[1].types[0]).kind, TypeKind::Record { .. }));
    for (index, interface) in world.interfaces.iter().enumerate() {
        assert_eq!(world.interface(interface.id).key, world.interfaces[index].key);
    }
}

#[test]
fn wasi_is_built_in_at_every_patch_version() {
    for version in ["0.2.0", "0.2.3", "0.2.12"] {
        let world =
            load_text(&format!("package a:b; world w {{ import wasi:cli/stdout@{version}; }}")).unwrap();
        assert!(
            world.interfaces.iter().any(|interface| interface.key == format!("wasi:cli/stdout@{version}"))
        );
    }
    let proxy = Options { world: Some("wasi:http/proxy@0.2.12".to_owned()), ..Options::default() };
    assert!(load(&[], &proxy).unwrap().interfaces.len() > 10);
}

#[test]
fn wasi_is_unknown_when_it_is_turned_off() {
    let dir = tempfile::tempdir().unwrap();
    let path = write(&dir, "world.wit", "package a:b; world w { import wasi:cli/stdout@0.2.0; }");
    let found = load(&[path], &Options { builtin_wasi: false, ..Options::default() }).unwrap_err();
    assert_eq!(found[0].id, Id::UnknownPackage);
    assert_eq!(found[0].primary.as_ref().unwrap().span.text(), "wasi:cli");
}

#[test]
fn definition_in_the_form_of_a_field_is_shown_the_right_way_round() {
    let found = only_error(
        "package jacar:examples;\ninterface logger {\n  log: func(message: string);\n  levels: enum { debug, info, warning, error }\n}\n",
    );
    let place = found.primary.clone().unwrap().span;
    assert_eq!((found.id, place.line(), place.text()), (Id::WitSyntax, 4, "enum"));
    assert_eq!(found.helps, ["write the name after `enum`: `enum levels { debug, info, warning, error }`"]);
}

#[test]
fn missing_semicolon_and_keyword_get_help() {
    let semicolon = only_error("package a:b;\ninterface i {\n  f: func()\n  g: func();\n}\n");
    assert_eq!(semicolon.helps, ["end the line before with a semicolon: `f: func();`"]);
    let keyword = only_error("package a:b;\ninterface i {\n  f: func(type: u32);\n}\n");
    assert_eq!(keyword.helps, ["`type` is a keyword; write `%type` to use it as a name"]);
}

#[test]
fn unknown_type_brings_names_of_the_file() {
    let found =
        only_error("package a:b;\ninterface i {\n  record person { x: u32 }\n  f: func(p: persn);\n}\n");
    assert_eq!(
        (found.id, found.helps.as_slice()),
        (Id::WitResolve, &["did you mean `person`?".to_owned()][..])
    );
}

#[test]
fn worlds_are_chosen_by_name_and_never_guessed() {
    let dir = tempfile::tempdir().unwrap();
    let path = write(&dir, "w.wit", "package a:b; world client {} world server {} world service {}");
    let with = |world: Option<&str>| {
        load(std::slice::from_ref(&path), &Options { world: world.map(str::to_owned), ..Options::default() })
    };
    assert_eq!(with(Some("client")).unwrap().name, "client");
    assert_eq!(with(Some("a:b/server")).unwrap().name, "server");
    let ambiguous = &with(None).unwrap_err()[0];
    assert_eq!((ambiguous.id, ambiguous.secondary.len()), (Id::AmbiguousWorld, 2));
    let unknown = &with(Some("servr")).unwrap_err()[0];
    assert_eq!(unknown.helps, ["did you mean `server`, `service`?"]);
}

#[test]
fn directory_has_dependencies_and_an_empty_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "wit/a.wit", "package a:b; world w { import c:d/i; }");
    write(&dir, "wit/deps/d.wit", "package c:d; interface i { f: func(); }");
    let world = load(&[dir.path().join("wit")], &Options::default()).unwrap();
    assert_eq!(world.interfaces[0].key, "c:d/i");
    let found = load(&[dir.path().to_path_buf()], &Options::default()).unwrap_err();
    assert_eq!(found[0].id, Id::MissingInput);
    assert!(found[0].helps[0].contains("wit`"), "{:?}", found[0].helps);
}

#[test]
fn errors_of_several_files_are_reported_together() {
    let dir = tempfile::tempdir().unwrap();
    let first = write(&dir, "a.wit", "package a:a; interface i {");
    let second = write(&dir, "b.wit", "package b:b; world {");
    let missing = dir.path().join("c.wit");
    let found = load(&[first, second, missing], &Options::default()).unwrap_err();
    let ids: Vec<Id> = found.iter().map(|diagnostic| diagnostic.id).collect();
    assert_eq!(ids, [Id::WitSyntax, Id::WitSyntax, Id::MissingInput]);
}

#[test]
fn stability_and_docs_are_kept() {
    let world = load_text(
        "package a:b@1.2.0;\n/// Talks.\ninterface i {\n  /// Says it.\n  @since(version = 1.1.0) @deprecated(version = 1.2.0)\n  say: func();\n  @unstable(feature = shout)\n  shout: func();\n}\nworld w { import i; }",
    )
    .unwrap();
    let names: Vec<&str> = world.functions.iter().map(|function| function.name.as_str()).collect();
    assert_eq!(names, ["say"]);
    assert_eq!(world.functions[0].docs.as_deref(), Some("Says it."));
    assert_eq!(world.functions[0].stability.deprecated.as_deref(), Some("1.2.0"));
    assert_eq!(world.interfaces[0].docs.as_deref(), Some("Talks."));
}

#[test]
fn unsupported_construct_is_named_with_its_place() {
    let world = load_text(
        "package a:b;\nworld w {\n  record r {\n    s: stream<u8>,\n  }\n  import f: func(x: r);\n}\n",
    )
    .unwrap();
    let found = check_support(&world, "Go", "guest", |feature| match feature {
        Feature::Stream => Support::No("streams need the async ABI".to_owned()),
        _ => Support::Yes,
    })
    .unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "Go guest bindings do not support `stream` yet");
    assert_eq!(found[0].primary.as_ref().unwrap().span.line(), 4);
}

#[test]
fn inspection_is_versioned_json_that_filters() {
    let world =
        load_text("package a:b; interface i { f: func(); g: func(); } world w { import i; }").unwrap();
    let text = |options: &InspectOptions| inspect(&world, options).unwrap();
    let all: serde_json::Value = serde_json::from_str(&text(&InspectOptions::default())).unwrap();
    assert_eq!((all["version"].as_u64(), all["world"]["functions"].as_array().unwrap().len()), (Some(1), 2));
    let filter = InspectOptions { filter: Some("a:b/i.g".to_owned()), pass: Some("lower".to_owned()) };
    let one: serde_json::Value = serde_json::from_str(&text(&filter)).unwrap();
    assert_eq!(one["world"]["functions"][0]["name"], "g");
    assert!(one["world"]["functions"][0].get("abi").is_none());
}

#[test]
fn every_world_of_the_corpus_lowers() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/wit");
    if !corpus.is_dir() {
        return;
    }
    let options = Options { all_features: true, ..Options::default() };
    for entry in std::fs::read_dir(corpus).unwrap() {
        let mut path = entry.unwrap().path();
        if path.join("wit").is_dir() {
            path = path.join("wit");
        }
        if let Err(found) = load(std::slice::from_ref(&path), &options) {
            assert!(
                found.iter().all(|finding| finding.id == Id::AmbiguousWorld),
                "{}: {found:?}",
                path.display()
            );
        }
    }
}
