use std::path::Path;

use witgen_diag::{Diagnostic, Id};

use crate::{Cache, RunOptions, engine, load, run};

fn finding(path: &Path) -> Diagnostic {
    let options = RunOptions { cache: Cache::Off, ..RunOptions::default() };
    let mut findings = run(path, &options).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].path.as_deref(), Some(path));
    findings.remove(0)
}

fn finding_of(bytes: &[u8]) -> Diagnostic {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    finding(file.path())
}

#[test]
fn files_that_are_no_component_are_named_for_what_they_are() {
    let cases: [(&[u8], &str); 7] = [
        (b"", "the file is empty"),
        (b"\0asm\x01\0\0\0", "this is a core module, not a component"),
        (b"\0asm\x02\0\0\0", "the file is in a version of the WebAssembly format that is not supported"),
        (b"\0asm", "the file ends within its first eight bytes"),
        (b"(component)", "this is WebAssembly text, not a binary component"),
        (b"#!/bin/sh", "this is not a WebAssembly file"),
        (b"\0asm\x0d\0\x01\0\x07\xff", "the file is no valid component"),
    ];
    for (bytes, message) in cases {
        let diagnostic = finding_of(bytes);
        assert_eq!((diagnostic.id, diagnostic.message.as_str()), (Id::InvalidComponent, message));
    }
}

#[test]
fn a_wit_package_is_told_from_a_component() {
    let package = wat::parse_str(
        r#"(component
            (type (component (type (instance (export "f" (func)))) (export "a:b/c" (instance (type 0)))))
            (export "c" (type 0)))"#,
    );
    let diagnostic = finding_of(&package.unwrap());
    assert_eq!(diagnostic.id, Id::InvalidComponent);
    assert!(diagnostic.message.contains("WIT package"), "{diagnostic:#?}");
}

#[test]
fn a_core_module_brings_the_way_to_a_component() {
    assert!(finding_of(b"\0asm\x01\0\0\0").helps[0].contains("witgen build"));
}

#[test]
fn every_truncation_of_a_component_is_a_finding() {
    let whole = wat::parse_str(include_str!("values.wat")).unwrap();
    for end in (0..whole.len()).step_by(97) {
        assert!(matches!(finding_of(&whole[..end]).id, Id::InvalidComponent | Id::InvalidInvoke), "{end}");
    }
}

#[test]
fn missing_files_and_directories_are_missing_input() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(finding(directory.path()).id, Id::MissingInput);
    assert_eq!(finding(&directory.path().join("no.wasm")).id, Id::MissingInput);
}

#[test]
fn the_second_run_takes_the_compiled_component_from_the_cache() {
    let directory = tempfile::tempdir().unwrap();
    let bytes = wat::parse_str(include_str!("values.wat")).unwrap();
    let mut counts = Vec::new();
    for _ in 0..2 {
        let cache = engine::open_cache(&Cache::Directory(directory.path().join("cache"))).unwrap();
        let engine = engine::with_cache(Some(cache.clone()), &witgen_grants::Grants::default()).unwrap();
        load::compile(&engine, Path::new("values.wasm"), &bytes).unwrap();
        counts.push((cache.cache_hits(), cache.cache_misses()));
    }
    assert_eq!(counts, [(0, 1), (1, 0)]);
}

#[test]
fn a_cache_that_cannot_be_written_does_not_stop_a_run() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), wat::parse_str(include_str!("values.wat")).unwrap()).unwrap();
    let options = RunOptions {
        invoke: Some("add(1, 2)".to_owned()),
        cache: Cache::Directory(file.path().join("below-a-file")),
        ..RunOptions::default()
    };
    run(file.path(), &options).unwrap();
}
