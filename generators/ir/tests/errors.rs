//! Every kind of error that wit-parser knows is a diagnostic with a place, and with help where a user could guess wrong.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Options, load};

/// What a wrong text leads to.
struct Wrong {
    text: &'static str,
    id: Id,
    /// Where the caret is: the line and the text that is underlined.
    place: (usize, &'static str),
    message: &'static str,
    /// Part of the help; empty where the message says it all.
    help: &'static str,
}

fn first_finding(path: &Path) -> Diagnostic {
    match load(&[path.to_owned()], &Options::default()) {
        Ok(_) => panic!("{} loads", path.display()),
        Err(findings) => findings.into_iter().next().unwrap(),
    }
}

fn check(wrong: &Wrong) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("w.wit");
    std::fs::write(&path, wrong.text).unwrap();
    let finding = first_finding(&path);
    let label = finding.primary.as_ref().unwrap_or_else(|| panic!("{}: no place: {finding:?}", wrong.text));
    let marked = &label.span.file.text[label.span.range.clone()];
    assert_eq!(
        (finding.id, finding.message.as_str(), label.span.line(), marked),
        (wrong.id, wrong.message, wrong.place.0, wrong.place.1),
        "{}",
        wrong.text
    );
    let help = finding.helps.join("\n");
    assert!(help.contains(wrong.help) && help.is_empty() == wrong.help.is_empty(), "{}: {help}", wrong.text);
}

macro_rules! wrong {
    ($($test:ident: $id:ident at $line:literal $marked:literal, $message:literal, $help:literal, $text:literal;)*) => {$(
        #[test]
        fn $test() {
            check(&Wrong {
                text: $text, id: Id::$id, place: ($line, $marked), message: $message, help: $help,
            });
        }
    )*};
}

wrong! {
    a_wrong_character: WitSyntax at 2 "$", "unexpected character '$'", "", "package a:b;\nworld w { import f: func($x: u8); }\n";
    a_control_character: WitSyntax at 2 "\u{7}", "the text holds a control character, U+0007", "", "package a:b;\nworld w {} // \u{7}\n";
    a_character_of_direction: WitSyntax at 2 "\u{202e}", "the text holds a character that changes the direction of the text, U+202E", "", "package a:b;\nworld w {} // \u{202e}\n";
    a_discouraged_character: WitSyntax at 2 "ŉ", "the text holds a character that Unicode advises against, U+0149", "", "package a:b;\nworld w {} // \u{149}\n";
    an_open_comment: WitSyntax at 3 "/", "unterminated block comment", "", "package a:b;\nworld w {}\n/* no end\n";
    an_empty_part_of_a_name: WitSyntax at 2 "f--g", "identifiers must have characters between '-'s", "", "package a:b;\nworld w { import f--g: func(); }\n";
    a_capital_among_small_letters: WitSyntax at 2 "myFunc", "invalid character in identifier 'F'", "names are words with hyphens between them: `my-func`", "package a:b;\nworld w { import myFunc: func(); }\n";
    an_underscore_in_a_name: WitSyntax at 2 "my", "invalid character in identifier '_'", "names are words with hyphens between them: `my-func`", "package a:b;\nworld w { import my_func: func(); }\n";
    no_package: WitSyntax at 1 "interface i {", "no `package` header was found in any WIT file for this package", "begin the file with the name of its package, such as `package my:app;`", "interface i {\n  f: func();\n}\n";
    a_missing_semicolon: WitSyntax at 4 "g", "expected ';', found an identifier", "end the line before with a semicolon: `f: func();`", "package a:b;\ninterface i {\n  f: func()\n  g: func();\n}\n";
    a_missing_semicolon_after_the_package: WitSyntax at 2 "world", "expected '{', found keyword `world`", "end the line before with a semicolon: `package a:b;`", "package a:b\nworld w {}\n";
    a_missing_colon: WitSyntax at 3 "func", "expected ':', found keyword `func`", "write a colon after the name: `f: func`", "package a:b;\ninterface i {\n  f func();\n}\n";
    a_missing_name_of_a_parameter: WitSyntax at 2 "string", "expected an identifier or string, found keyword `string`", "give the parameter a name: `value: string`", "package a:b;\nworld w { import f: func(string); }\n";
    a_keyword_as_a_function: WitSyntax at 3 "list", "expected `type`, `resource` or `func`, found keyword `list`", "`list` is a keyword; write `%list` to use it as a name", "package a:b;\ninterface i {\n  list: func();\n}\n";
    a_keyword_as_a_case: WitSyntax at 3 "from", "expected an identifier or string, found keyword `from`", "`from` is a keyword; write `%from` to use it as a name", "package a:b;\ninterface i {\n  enum e { a, from }\n}\n";
    a_keyword_as_a_case_with_a_value: WitSyntax at 3 "string", "expected an identifier or string, found keyword `string`", "`string` is a keyword; write `%string` to use it as a name", "package a:b;\ninterface i {\n  variant e { string(u8), b }\n}\n";
    a_keyword_as_a_type: WitSyntax at 3 "record", "expected an identifier or string, found keyword `record`", "`record` is a keyword; write `%record` to use it as a name", "package a:b;\ninterface i {\n  record record { x: u8 }\n}\n";
    a_definition_like_a_field: WitSyntax at 3 "enum", "expected keyword `func`, found keyword `enum`", "write the name after `enum`: `enum levels { debug, info }`", "package a:b;\ninterface i {\n  levels: enum { debug, info }\n}\n";
    a_float_of_early_drafts: WitResolve at 2 "float32", "name `float32` does not exist", "WIT calls this type `f32`", "package a:b;\nworld w { import f: func(x: float32); }\n";
    a_type_that_is_not_there: WitResolve at 4 "pont", "name `pont` does not exist", "did you mean `point`?", "package a:b;\ninterface i {\n  record point { x: u8 }\n  f: func(p: pont);\n}\n";
    an_interface_that_is_not_there: WitResolve at 3 "loger", "interface or world `loger` does not exist", "did you mean `logger`?", "package a:b;\ninterface logger {}\nworld w { import loger; }\n";
    a_type_of_an_interface_that_is_not_there: WitResolve at 3 "t", "name `t` does not exist", "", "package a:b;\ninterface i {}\ninterface j { use i.{t}; }\n";
    a_type_of_itself: WitResolve at 3 "r", "type `r` depends on itself", "", "package a:b;\ninterface i {\n  record r { next: option<r> }\n}\n";
    an_interface_of_itself: WitResolve at 3 "j", "interface or world `j` depends on itself", "", "package a:b;\ninterface i { use j.{t}; }\ninterface j { use i.{t}; }\n";
    a_world_of_itself: WitResolve at 3 "w", "interface or world `w` depends on itself", "", "package a:b;\nworld v { include w; }\nworld w { include v; }\n";
    two_types_of_one_name: WitSyntax at 4 "t", "name `t` is defined more than once", "", "package a:b;\ninterface i {\n  type t = u8;\n  type t = u16;\n}\n";
    two_names_that_differ_in_hyphens: WitSyntax at 4 "ab", "name `ab` conflicts with previous name `a-b`", "", "package a:b;\ninterface i {\n  a-b: func();\n  ab: func();\n}\n";
    a_method_like_its_resource: WitSyntax at 3 "r", "name `r.r` conflicts with previous name `r`", "", "package a:b;\ninterface i {\n  resource r { r: func(); }\n}\n";
    two_constructors: WitSyntax at 5 "constructor", "duplicate name `constructor of r`", "", "package a:b;\ninterface i {\n  resource r {\n    constructor();\n    constructor();\n  }\n}\n";
    a_setter_alone: WitSyntax at 3 "size", "setter `set size` has no corresponding getter `get size`", "", "package a:b;\ninterface i {\n  size: set(value: u8);\n}\n";
    two_parameters_of_one_name: WitSyntax at 2 "a", "param `a` is defined more than once", "", "package a:b;\nworld w { import f: func(a: u8, a: u8); }\n";
    no_cases: WitSyntax at 3 "e", "empty enum", "", "package a:b;\ninterface i {\n  enum e {}\n}\n";
    no_elements: WitSyntax at 2 "tuple", "empty tuple", "", "package a:b;\nworld w { import f: func(a: tuple<>); }\n";
    too_many_flags: WitSyntax at 3 "n32", "cannot have more than 32 flags", "", "package a:b;\ninterface i {\n  flags f { n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20, n21, n22, n23, n24, n25, n26, n27, n28, n29, n30, n31, n32 }\n}\n";
    a_key_that_is_no_scalar: WitSyntax at 2 "map", "invalid map key type: map keys must be bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string", "", "package a:b;\nworld w { import f: func(a: map<list<u8>, u8>); }\n";
    a_handle_of_no_resource: WitSyntax at 4 "t", "type `t` used in a handle must be a resource", "", "package a:b;\ninterface i {\n  type t = u8;\n  f: func(t: borrow<t>);\n}\n";
    a_borrow_that_is_returned: WitResolve at 4 "f", "function `f` returns a type which contains a `borrow<T>` which is not supported", "", "package a:b;\ninterface i {\n  resource r;\n  f: func() -> borrow<r>;\n}\n";
    a_world_in_the_place_of_an_interface: WitSyntax at 3 "v", "name `v` is defined as a world, not an interface", "", "package a:b;\nworld v {}\nworld w { import v; }\n";
    an_interface_in_the_place_of_a_world: WitSyntax at 3 "i", "name `i` is defined as an interface, not a world", "", "package a:b;\ninterface i {}\nworld w { include i; }\n";
    an_import_twice: WitSyntax at 3 "i", "interface cannot be imported more than once", "", "package a:b;\ninterface i {}\nworld w { import i; import i; }\n";
    one_name_for_two_imports: WitSyntax at 2 "f", "import `f` conflicts with prior func of same name", "", "package a:b;\nworld w { import f: func(); import f: interface {} }\n";
    a_gate_without_a_version: WitResolve at 3 "i", "package `a:b` contains a feature gate with a version specifier, so it must have a version", "", "package a:b;\n@since(version = 1.0.0)\ninterface i {}\nworld w { import i; }\n";
    a_gate_of_a_later_version: WitResolve at 3 "i", "feature gate cannot reference unreleased version 2.0.0 of package `a:b@1.0.0` (current version 1.0.0)", "", "package a:b@1.0.0;\n@since(version = 2.0.0)\ninterface i {}\nworld w { import i; }\n";
    a_gate_that_is_none: WitSyntax at 2 "later", "unknown attribute `later`", "", "package a:b@1.0.0;\n@later(version = 2.0.0)\ninterface i {}\nworld w { import i; }\n";
    a_deprecation_alone: WitSyntax at 2 "deprecated", "cannot specify `@deprecated` without @since or @unstable", "`@since(version = 1.0.0)`", "package a:b@1.0.0;\n@deprecated(version = 1.0.0)\ninterface i {}\nworld w { import i; }\n";
    a_feature_that_is_off: WitResolve at 3 "t", "found a reference to a interface which is excluded due to its feature not being activated; this type is not gated by a feature but its interface is", "turn the feature on with `--features NAME`, or all with `--all-features`", "package a:b@1.0.0;\n@unstable(feature = x)\ninterface i { type t = u8; }\ninterface j { use i.{t}; }\nworld w { import j; }\n";
    a_version_that_is_none: WitSyntax at 1 ";", "expected '.', found ';'", "a version has three numbers, such as `1.0.0`", "package a:b@1.0;\nworld w {}\n";
    a_package_that_is_not_there: UnknownPackage at 2 "c:d", "package `c:d` is not known", "put the package in a `deps` folder beside the WIT (`deps/c-d.wit`), or give its file on the command line", "package a:b;\nworld w { import c:d/e; }\n";
    an_interface_of_a_package_that_is_not_there: WitResolve at 3 "f", "interface `f` does not exist in package `c:d`", "", "package a:b;\npackage c:d { interface e {} }\nworld w { import c:d/f; }\n";
    a_world_of_a_package_that_is_not_there: WitResolve at 3 "f", "world `f` does not exist in package `c:d`", "", "package a:b;\npackage c:d { world e {} }\nworld w { include c:d/f; }\n";
    a_package_twice: WitResolve at 3 "c:d", "package `c:d` is defined twice", "", "package a:b;\npackage c:d { }\npackage c:d { }\nworld w {}\n";
    packages_of_each_other: WitResolve at 2 "e:f", "package `e:f` depends on itself", "", "package a:b;\npackage c:d { interface i { use e:f/j.{t}; } }\npackage e:f { interface j { use c:d/i.{t}; } }\n";
    a_name_that_include_does_not_find: WitResolve at 3 "v", "no import or export `g`; only plain names can be renamed", "", "package a:b;\nworld v { import f: func(); }\nworld w { include v with { g as h } }\n";
    names_of_includes_that_meet: WitResolve at 3 "w", "import `f-g` in world `w` conflicts with import `fg` (names must be strongly unique)", "", "package a:b;\nworld v { import f-g: func(); }\nworld w { import fg: func(); include v; }\n";
    an_import_that_would_come_back: WitResolve at 5 "w", "interface `a:b/c` transitively depends on an interface in incompatible ways", "", "package a:b;\ninterface a { resource r; }\ninterface b { use a.{r}; }\ninterface c { use a.{r}; use b.{r as s}; f: func(r: r, s: s); }\nworld w { export a; export c; }\n";
    one_item_included_twice: WitResolve at 3 "v", "import of `f` shadows previously imported items", "", "package a:b;\nworld v { import f: func(); }\nworld w { include v; import f: func(); }\n";
    nested_too_deep: WitSyntax at 2 "list", "type nesting too deep", "", "package a:b;\nworld w { import f: func(a: list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<u8>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>); }\n";
}

/// Where the sources of wit-parser are, with the failing inputs of its own tests.
fn inputs_of_wit_parser() -> PathBuf {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .exec()
        .unwrap();
    let graph = metadata.resolve.as_ref().unwrap();
    let here = metadata.packages.iter().find(|package| package.name.as_str() == "witgen-ir").unwrap();
    let node = graph.nodes.iter().find(|node| node.id == here.id).unwrap();
    let used = node.deps.iter().find(|dependency| dependency.name == "wit_parser").unwrap();
    let package = metadata.packages.iter().find(|package| package.id == used.pkg).unwrap();
    package.manifest_path.parent().unwrap().join("tests/ui/parse-fail").into()
}

#[test]
fn the_failing_inputs_of_wit_parser_have_places() {
    let mut inputs: Vec<PathBuf> =
        std::fs::read_dir(inputs_of_wit_parser()).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "wit"));
    assert!(inputs.len() > 150, "{} inputs", inputs.len());
    let mut wrong = String::new();
    for path in &inputs {
        let finding = first_finding(path);
        let known = matches!(finding.id, Id::WitSyntax | Id::WitResolve | Id::UnknownPackage);
        // What Rust prints for itself has no place in a message.
        let readable = !finding.message.contains(['[', '\n']);
        if !known || finding.primary.is_none() || !readable {
            writeln!(wrong, "{}: {:?} {}", path.display(), finding.id, finding.message).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
