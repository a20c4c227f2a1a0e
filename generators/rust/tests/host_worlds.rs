//! What the host bindings of each world look like, and what the options change.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{CONSTRUCTS, EXAMPLES, only_file, root};
use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Options, World, load};
use witgen_rust::{HostOptions, host};

/// Worlds that look like others here, and those that wasmtime cannot take.
const LEFT_OUT: [&str; 3] = ["params-world", "tuples-world", "values"];

fn world(path: &str, name: &str) -> World {
    let options = Options { world: Some(name.to_owned()), all_features: true, ..Options::default() };
    load(&[root().join(path)], &options).unwrap_or_else(|found| panic!("{path}: {found:?}"))
}

fn wit(text: &str) -> World {
    let file = tempfile::Builder::new().suffix(".wit").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let options = Options { all_features: true, ..Options::default() };
    load(&[file.path().to_owned()], &options).unwrap_or_else(|found| panic!("{found:?}"))
}

fn rendered(world: &World, options: &HostOptions) -> String {
    only_file(&host(world, options).unwrap_or_else(|found| panic!("{found:?}"))).1
}

fn refused(world: &World, options: &HostOptions) -> Vec<Diagnostic> {
    host(world, options).err().unwrap()
}

#[test]
fn worlds_look_as_reviewed() {
    for (path, name) in EXAMPLES.into_iter().chain(CONSTRUCTS) {
        if !LEFT_OUT.contains(&name) {
            insta::assert_snapshot!(
                format!("host-{name}"),
                rendered(&world(path, name), &HostOptions::default())
            );
        }
    }
}

const STORE: &str = "package test:store@1.0.0;

interface types {
  variant failure { missing, denied(string) }
  record entry { name: string, size: u64 }
  resource blob {
    open: static func(name: string) -> result<blob, failure>;
    size: func() -> u64;
  }
  @unstable(feature = more)
  count: func() -> u32;
  touch: func(name: string);
}

interface other {
  use types.{failure, blob};
  find: func(name: string) -> result<blob, failure>;
}

world store {
  import types;
  import other;
  export run: func(blob: borrow<blob-alias>) -> result;
  use types.{blob as blob-alias};
}
";

fn pairs(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    pairs.iter().map(|(wit, path)| ((*wit).to_owned(), (*path).to_owned())).collect()
}

#[test]
fn options_change_what_they_name() {
    let options = HostOptions {
        with: pairs(&[("test:store/types.blob", "crate::store::Blob")]),
        additional_derives: vec!["PartialEq".to_owned(), "serde::Serialize".to_owned()],
        trappable_imports: vec!["*".to_owned()],
        trappable_error_types: pairs(&[("test:store/types@1.0.0.failure", "StoreError")]),
    };
    insta::assert_snapshot!("host-options", rendered(&wit(STORE), &options));
}

#[test]
fn whole_interfaces_come_from_elsewhere() {
    let text = |name: &str| {
        let options = HostOptions { with: pairs(&[(name, "crate::shared")]), ..HostOptions::default() };
        rendered(&wit(STORE), &options)
    };
    assert!(text("test:store/types").contains("pub use crate::shared::*;"));
    assert!(text("test:store@1.0.0").contains("pub use crate::shared::types::*;"));
    let all = text("test");
    assert!(all.contains("pub use crate::shared::store::types::*;"), "{all}");
    assert!(all.contains("D: test::store::types::HostWithStore<T>,"), "{all}");
    assert!(!all.contains("pub trait Host"), "{all}");
}

#[test]
fn name_that_is_not_imported_is_an_error_with_what_is_close() {
    let options = HostOptions {
        with: pairs(&[("test:store/type", "crate::a")]),
        trappable_imports: vec!["test:store/types.counts".to_owned()],
        ..HostOptions::default()
    };
    let found = refused(&wit(STORE), &options);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|found| found.id == Id::InvalidConfig));
    assert!(found[0].message.contains("`with` names `test:store/type`"), "{found:?}");
    assert!(found[0].helps.iter().any(|help| help.contains("test:store/types")), "{found:?}");
    assert!(found[1].helps.iter().any(|help| help.contains("test:store/types.count")), "{found:?}");
}

#[test]
fn what_is_no_path_is_refused() {
    for path in ["", "a b", "crate::", "1a", "a;b", "crate::a.b"] {
        let options = HostOptions { with: pairs(&[("test:store/types", path)]), ..HostOptions::default() };
        let found = refused(&wit(STORE), &options);
        assert!(found[0].message.contains("is no path of Rust"), "{path}: {found:?}");
    }
}

#[test]
fn single_function_can_trap() {
    let options = HostOptions {
        trappable_imports: vec!["test:store/types.touch".to_owned()],
        ..HostOptions::default()
    };
    let text = rendered(&wit(STORE), &options);
    assert!(text.contains("fn touch(&mut self, name: String) -> wasmtime::Result<()>;"), "{text}");
    assert!(text.contains("fn count(&mut self) -> u32;"), "{text}");
}

#[test]
fn what_is_too_long_for_wasmtime_is_refused_at_its_place() {
    let params: Vec<String> = (0..18).map(|number| format!("p{number}: u8")).collect();
    let long = params.join(", ");
    let types = vec!["u8"; 18].join(", ");
    let text = format!(
        "package test:long;\nworld long {{\n  export many: func({long});\n  export wide: func() -> tuple<{types}>;\n}}\n"
    );
    let found = refused(&wit(&text), &HostOptions::default());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].message.starts_with("`many` has 18 parameters"), "{found:?}");
    assert_eq!(found[0].primary.as_ref().unwrap().span.line(), 3);
    let fine = "package test:long;\nworld long {\n  export many: func() -> tuple<u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8>;\n}\n";
    rendered(&wit(fine), &HostOptions::default());
}

#[test]
fn crate_is_found_beside_a_package_of_its_name() {
    let text = rendered(
        &wit(
            "package wasmtime:demo;\ninterface api { f: func(); }\nworld w { import api; export g: func(); }\n",
        ),
        &HostOptions::default(),
    );
    assert!(text.contains("::wasmtime::component::TypedFunc<(), ()>"), "{text}");
}
