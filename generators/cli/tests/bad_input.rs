//! What witgen says and does when its input is wrong: a diagnostic, exit code 1 or 2, nothing written.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod room;

use room::Room;

const HELLO: &str = "package a:b; world hello { export greet: func(name: string) -> string; }";

#[test]
fn missing_file_and_directory_without_wit() {
    let room = Room::new();
    room.check_refused("python no.wit", 2, "missing-input", "`no.wit` does not exist");
    std::fs::create_dir(room.path("empty")).unwrap();
    room.check_refused("python empty", 2, "missing-input", "`empty` holds no `.wit` file");
}

#[test]
fn unknown_world_brings_three_suggestions() {
    let room = Room::new();
    room.write(
        "w.wit",
        "package a:b; world client {} world clients {} world clientele {} world client-x {} world z {}",
    );
    let finished = room.check_refused("go w.wit -w clint", 1, "unknown-world", "there is no world `clint`");
    assert_eq!(finished.stderr.matches("`client").count(), 3, "{}", finished.stderr);
}

#[test]
fn ambiguous_world_lists_the_choices() {
    let room = Room::new();
    room.write("w.wit", "package a:b; world one {} world two {}");
    let finished = room.check_refused("js w.wit", 1, "ambiguous-world", "there are several worlds");
    assert!(finished.stderr.contains("choose one: `-w one`, `-w two`"), "{}", finished.stderr);
}

#[test]
fn syntax_error_and_unknown_package() {
    let room = Room::new();
    room.write("s.wit", "package a:b;\nworld w {\n  export f: func(\n");
    let finished = room.check_refused("rust s.wit", 1, "wit-syntax", "");
    assert!(finished.stderr.contains("s.wit:4:"), "{}", finished.stderr);
    room.write("p.wit", "package a:b;\nworld w {\n  import c:d/e;\n}\n");
    let finished = room.check_refused("rust p.wit", 1, "unknown-package", "package `c:d` is not known");
    assert!(finished.stderr.contains("p.wit:3:10"), "{}", finished.stderr);
}

#[test]
fn definition_written_as_a_field_is_shown_the_right_way_round() {
    let room = Room::new();
    room.write(
        "l.wit",
        "package jacar:examples;\ninterface logger {\n  levels: enum { debug, info, warning, error }\n}\n",
    );
    let finished = room.check_refused("python l.wit", 1, "wit-syntax", "");
    insta::assert_snapshot!(finished.stderr, @r"
    error[wit-syntax]: expected keyword `func`, found keyword `enum`
     --> l.wit:3:11
      |
    3 |   levels: enum { debug, info, warning, error }
      |           ^^^^
      |
      = help: write the name after `enum`: `enum levels { debug, info, warning, error }`
    ");
}

#[test]
fn output_path_that_is_a_file_or_below_one() {
    let room = Room::new();
    room.write("w.wit", HELLO);
    room.write("taken", "mine");
    for language in ["rust", "python", "js", "go"] {
        let line = format!("{language} w.wit --guest -o");
        room.check_refused(&format!("{line} taken"), 2, "unsafe-output", "the output path is a file");
        room.check_refused(
            &format!("{line} taken/below"),
            2,
            "unsafe-output",
            "the output path leads through a file",
        );
    }
    assert_eq!(std::fs::read_to_string(room.path("taken")).unwrap(), "mine");
}

#[test]
fn unsupported_construct_names_its_place_in_every_language() {
    let room = Room::new();
    room.write("w.wit", "package a:b;\nworld w {\n  import f: async func() -> stream<u8>;\n}\n");
    for language in ["rust", "python", "js", "go"] {
        let finished = room.check_refused(&format!("{language} w.wit --guest"), 1, "unsupported-type", "");
        assert!(finished.stderr.contains("w.wit:3:"), "{}", finished.stderr);
        assert!(finished.stderr.contains("`stream`") && finished.stderr.contains("`async` functions"));
    }
}

#[test]
fn missing_tool_is_named_with_its_install_command() {
    for (language, source, install) in [
        ("python", "app.py", "pip install componentize-py"),
        ("js", "app.js", "npm install"),
        ("go", "go.mod", "go.dev"),
        ("rust", "Cargo.toml", "rustup"),
    ] {
        let room = Room::new();
        room.write("w.wit", HELLO);
        room.write("out.wasm", "older");
        room.write(&format!("src/{source}"), "");
        let line = format!("build --lang {language} --wit w.wit --src src -o out.wasm");
        let finished = room.witgen(&line);
        assert_eq!(finished.code, 2, "{language}: {}", finished.stderr);
        assert!(finished.stderr.contains("error[missing-tool]"), "{language}: {}", finished.stderr);
        assert!(finished.stderr.contains(install), "{language}: {}", finished.stderr);
        assert_eq!(std::fs::read_to_string(room.path("out.wasm")).unwrap(), "older");
    }
}

#[test]
fn wit_is_needed_to_build_unless_the_world_comes_with_witgen() {
    let room = Room::new();
    room.write("src/app.py", "");
    let without = room.witgen("build --lang python --src src -o out.wasm");
    assert_eq!(without.code, 2, "{}", without.stderr);
    assert!(without.stderr.contains("no WIT was given"), "{}", without.stderr);
    // The first thing that is missing is the tool, not the WIT.
    let builtin = room.witgen("build --lang python -w wasi:http/proxy@0.2.12 --src src -o out.wasm");
    assert!(builtin.stderr.contains("error[missing-tool]"), "{}", builtin.stderr);
}

#[cfg(unix)]
#[test]
fn failing_tool_shows_its_own_words_and_keeps_the_previous_output() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    room.write("w.wit", HELLO);
    room.write("src/app.py", "");
    room.write("out.wasm", "older");
    room.write("tool", "#!/bin/sh\necho 'the tool is unwell' >&2\nexit 3\n");
    std::fs::set_permissions(room.path("tool"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let tools = [("WITGEN_COMPONENTIZE_PY", room.path("tool"))];
    let finished = room.witgen_with("build --lang python --wit w.wit --src src -o out.wasm", &tools);
    assert_eq!(finished.code, 1, "{}", finished.stderr);
    for part in ["error[tool-failed]", "the tool is unwell", "the command was `", "tool "] {
        assert!(finished.stderr.contains(part), "{part}: {}", finished.stderr);
    }
    assert_eq!(std::fs::read_to_string(room.path("out.wasm")).unwrap(), "older");
}

#[test]
fn project_file_is_checked() {
    let room = Room::new();
    room.check_refused("build . -o out.wasm", 2, "missing-input", "`.` has no `witgen.toml`");
    room.write("witgen.toml", "[component]\nlanguage = \"pyhton\"\nwit = \"w\"\n");
    let finished = room.check_refused("build . -o out.wasm", 1, "invalid-config", "unknown variant `pyhton`");
    assert!(finished.stderr.contains("witgen.toml:2:12"), "{}", finished.stderr);
}

#[test]
fn stale_output_fails_the_check_and_names_the_command() {
    let room = Room::new();
    room.write("w.wit", HELLO);
    assert_eq!(room.witgen("python w.wit --guest -o out").code, 0);
    assert_eq!(room.witgen("python w.wit --guest -o out --check").code, 0);
    room.write("w.wit", HELLO.replace("greet", "hail"));
    let finished = room.check_refused("python w.wit --guest -o out --check", 1, "stale-output", "");
    assert!(finished.stderr.contains("witgen python w.wit --guest -o out"), "{}", finished.stderr);
    assert!(!finished.stderr.contains("out --check"), "{}", finished.stderr);
}

#[test]
fn machine_formats_carry_file_line_and_column() {
    let room = Room::new();
    room.write("s.wit", "package a:b;\nworld w {\n  export f func();\n}\n");
    let concise = room.witgen("rust s.wit --format concise");
    assert!(concise.stderr.starts_with("s.wit:3:12: error[wit-syntax]:"), "{}", concise.stderr);
    let json: serde_json::Value =
        serde_json::from_str(&room.witgen("rust s.wit --format json").stderr).unwrap();
    assert_eq!((json["version"].as_u64(), json["diagnostics"][0]["line"].as_u64()), (Some(1), Some(3)));
    let github = room.witgen("rust s.wit --format github");
    assert!(github.stderr.starts_with("::error file=s.wit,line=3,"), "{}", github.stderr);
}

#[test]
fn usage_errors_exit_with_two() {
    let room = Room::new();
    for line in ["", "rust", "frobnicate", "rust w.wit --check --dry-run", "build", "explain no-such-id"] {
        let finished = room.witgen(line);
        assert_eq!(finished.code, 2, "{line}: {}", finished.stderr);
    }
    assert_eq!(room.witgen("--help").code, 0);
}

#[test]
fn color_is_as_wanted_in_usage_errors_and_findings() {
    let room = Room::new();
    for line in ["frobnicate", "explain no-such-id"] {
        for (color, expected) in [("--color always", true), ("--color=never", false), ("--color auto", false)]
        {
            let finished = room.witgen(&format!("{line} {color}"));
            assert_eq!(finished.stderr.contains('\u{1b}'), expected, "{line} {color}: {}", finished.stderr);
        }
    }
}

#[test]
fn same_input_gives_the_same_bytes() {
    let room = Room::new();
    room.write("w.wit", HELLO);
    for language in ["rust", "python", "js", "go"] {
        let read = |out: &str| {
            assert_eq!(room.witgen(&format!("{language} w.wit --guest -o {out}/{language}/x")).code, 0);
            let files =
                room.files().into_iter().filter(|file| file.starts_with(&format!("{out}/{language}")));
            files.map(|file| std::fs::read(room.path(&file)).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(read("one"), read("two"), "{language}");
    }
}

#[test]
fn dry_run_lists_and_writes_nothing() {
    let room = Room::new();
    room.write("w.wit", HELLO);
    let before = room.files();
    let finished = room.witgen("rust w.wit --guest --dry-run");
    assert_eq!((finished.code, room.files()), (0, before));
    assert!(finished.stdout.contains("created   bindings/rust/hello.rs"), "{}", finished.stdout);
}

#[test]
fn components_that_cannot_be_linked() {
    let room = Room::new();
    room.check_refused("link no.wasm -o out", 2, "missing-input", "there is no such file");
    std::fs::create_dir(room.path("project")).unwrap();
    room.check_refused("link project -o out", 2, "missing-input", "this is a directory");
    room.write("module.wasm", wat::parse_str("(module)").unwrap());
    room.check_refused("link module.wasm -o out", 1, "invalid-component", "this is a core module");
    let component = wat::parse_str("(component (core module $m) (core instance (instantiate $m)))").unwrap();
    room.write("cut.wasm", &component[..component.len() - 2]);
    let finished = room.check_refused("link cut.wasm -o out", 1, "invalid-component", "the file is no valid");
    assert!(finished.stderr.contains("cut.wasm"), "{}", finished.stderr);
    room.write("whole.wasm", &component);
    room.write("out/plan.json", "mine");
    room.check_refused("link whole.wasm -o out", 2, "unsafe-output", "a file that witgen did not write");
}

#[test]
fn a_linked_component_is_written_and_checked() {
    let room = Room::new();
    room.write(
        "c.wasm",
        wat::parse_str("(component (core module $m) (core instance (instantiate $m)))").unwrap(),
    );
    assert_eq!(room.witgen("link c.wasm -o out").code, 0);
    assert_eq!(room.files(), ["c.wasm", "out/.witgen-manifest.json", "out/0.core.wasm", "out/plan.json"]);
    assert_eq!(room.witgen("link c.wasm -o out --check").code, 0);
    room.write("out/plan.json", "{}");
    assert_eq!(room.witgen("link c.wasm -o out --check").code, 1);
}
