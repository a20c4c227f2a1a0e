//! What the bindings of each world look like.
#![allow(clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::{CONSTRUCTS, EXAMPLES, only_file, render};
use witgen_backend::Runtime;
use witgen_rust::GuestOptions;

#[test]
fn worlds_look_as_reviewed() {
    for (path, world) in EXAMPLES.into_iter().chain(CONSTRUCTS) {
        // The support code is reviewed where it is written.
        let options = GuestOptions { runtime: Runtime::Package, ..GuestOptions::default() };
        let (name, text) = only_file(&render(path, world, &options));
        assert_eq!(name, format!("{}.rs", world.replace('-', "_")));
        insta::assert_snapshot!(world, text);
    }
}

#[test]
fn stability_looks_as_reviewed() {
    let options = GuestOptions { runtime: Runtime::Package, ..GuestOptions::default() };
    let world = "witgen:names-stability/names-stability-world";
    let (_, text) = only_file(&render("conformance/wit/names-stability.wit", world, &options));
    insta::assert_snapshot!("stability", text);
}

#[test]
fn file_can_be_included() {
    let options = GuestOptions::default();
    let (_, text) = only_file(&render("examples/hello/wit", "hello", &options));
    assert!(!text.lines().any(|line| line.starts_with("//!") || line.starts_with("#!")), "{text}");
    assert!(text.contains("\nmod _rt {\n"));
}

#[test]
fn support_code_comes_only_as_far_as_it_is_needed() {
    let of = |path, world| only_file(&render(path, world, &GuestOptions::default())).1;
    let hello = of("examples/hello/wit", "hello");
    assert!(
        !hello.contains("mod resource {") && !hello.contains("mod flags {") && !hello.contains("mod casts {")
    );
    let everything = of("generators/rust/tests/wit/everything.wit", "everything");
    assert!(everything.contains("mod resource {") && everything.contains("mod flags {"));
}

#[test]
fn other_crates_can_export_when_asked() {
    let options = GuestOptions { pub_export_macro: true, ..GuestOptions::default() };
    let (_, text) = only_file(&render("examples/hello/wit", "hello", &options));
    assert!(text.contains("#[macro_export]\nmacro_rules! _witgen_export_hello {"));
    assert!(text.contains("\npub use _witgen_export_hello as export;"));
}

/// The text of the function whose first line contains `start`.
fn function(text: &str, start: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.contains(start));
    let first = lines.next().unwrap_or_else(|| panic!("{start} is not there"));
    let end = format!("{:1$}}}", "", first.len() - first.trim_start().len());
    lines.take_while(|line| *line != end).collect::<Vec<_>>().join("\n")
}

#[test]
fn lists_of_plain_elements_move_as_a_whole() {
    let wit = "generators/rust/tests/compat/wit/values.wit";
    let (_, text) = only_file(&render(wit, "values", &GuestOptions::default()));
    let (import, export) = (function(&text, "pub fn sums("), function(&text, "pub unsafe fn _export_sums<"));
    for list in ["bytes", "words", "points"] {
        assert!(import.contains(&format!("{list}.as_ptr()")), "{import}");
    }
    assert_eq!(export.matches("_rt::lift_list(").count(), 3, "{export}");
    for body in [import, export] {
        assert!(!["for ", "Scratch", "push"].iter().any(|loops| body.contains(loops)), "{body}");
    }
}
