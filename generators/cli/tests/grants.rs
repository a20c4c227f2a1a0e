//! Grants on the command line: mistakes in them, and what a component asks for.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod room;

use room::Room;

#[test]
fn a_misspelt_key_is_shown_in_its_line() {
    let room = Room::new();
    room.write("g.toml", "[network]\ntcp_connect = []\n");
    let refused =
        room.check_refused("run c.wasm --grants g.toml", 1, "invalid-grants", "unknown field `tcp_connect`");
    for part in ["g.toml:2:1", "did you mean `tcp-connect`?"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
}

#[test]
fn every_wrong_grant_is_reported() {
    let room = Room::new();
    let refused = room.check_refused(
        "run c.wasm --grant clock.wall --grant env.allow",
        1,
        "invalid-grants",
        "`clock.wall` cannot be granted",
    );
    for part in ["did you mean `clocks.wall`?", "`env.allow` needs a value"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
}

#[test]
fn a_grants_file_must_be_there() {
    let room = Room::new();
    room.check_refused("run c.wasm --grants no.toml", 2, "missing-input", "`no.toml` does not exist");
}

#[test]
fn a_granted_directory_must_be_there() {
    let room = Room::new();
    let command = "(component
        (core module $m (func (export \"run\") (result i32) i32.const 0))
        (core instance $i (instantiate $m))
        (func $run (result (result)) (canon lift (core func $i \"run\")))
        (instance $command (export \"run\" (func $run)))
        (export \"wasi:cli/run@0.2.3\" (instance $command)))";
    room.write("c.wasm", wat::parse_str(command).unwrap());
    room.check_refused(
        "run c.wasm --grant filesystem./d=nowhere",
        1,
        "invalid-grants",
        "`nowhere` cannot be opened",
    );
    room.check_refused(
        "run c.wasm --audit no/where.jsonl",
        2,
        "io",
        "cannot write the audit to `no/where.jsonl`",
    );
}

#[test]
fn needs_are_what_a_world_imports() {
    let room = Room::new();
    room.write(
        "w.wit",
        "package a:b; world w { import wasi:clocks/wall-clock@0.2.6; import wasi:cli/stdout@0.2.6; }",
    );
    let text = room.witgen("inspect w.wit --needs");
    assert_eq!(
        text.stdout,
        "clocks.wall   read the date and the time\nstdio.stdout  write to its standard output\n"
    );
    let toml = room.witgen("inspect w.wit --needs --format toml");
    assert_eq!(toml.stdout, "[clocks]\nwall = true\n\n[stdio]\nstdout = true\n");
    room.check_refused(
        "inspect w.wit --format toml",
        2,
        "usage",
        "only `witgen inspect --needs` prints this format",
    );
}

#[test]
fn packages_that_come_along_are_listed() {
    let listed = Room::new().witgen("inspect --builtin").stdout;
    for line in [
        "wasi:cli         0.2.0 to 0.2.12,",
        "wasi:config      0.2.0-draft, 0.2.0-rc.1, no version\n",
        "wasi:keyvalue    0.2.0-draft, no version\n",
        "wasi:logging     0.1.0-draft, no version\n",
    ] {
        assert!(listed.contains(line), "{line}\n{listed}");
    }
}
