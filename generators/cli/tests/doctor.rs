//! `witgen doctor`: what is there, what is missing, what is too old.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod room;

use room::Room;

#[test]
fn everything_that_is_missing_says_how_to_get_it() {
    let room = Room::new();
    let told = room.witgen("doctor");
    assert_eq!(told.code, 1, "{}", told.stderr);
    for part in ["rust    cargo", "python  componentize-py", "js      node", "go      go", "wasm32-wasip2"] {
        assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
    }
    let missing = told.stdout.lines().filter(|line| line.trim_end().ends_with("missing")).count();
    let helps = told.stdout.lines().filter(|line| line.contains("install it: ")).count();
    assert!(missing > 5 && helps == missing, "{}", told.stdout);
}

#[cfg(unix)]
#[test]
fn an_old_tool_says_what_is_needed() {
    use std::os::unix::fs::PermissionsExt as _;

    let room = Room::new();
    for (name, version) in [("old", "go1.20.1"), ("new", "go1.30.0")] {
        room.write(name, format!("#!/bin/sh\necho go version {version} linux/amd64\n"));
        std::fs::set_permissions(room.path(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let told = room.witgen_with("doctor", &[("WITGEN_GO", room.path("old"))]);
    assert!(told.stdout.contains("  1.20.1  "), "{}", told.stdout);
    assert!(told.stdout.contains(" or newer; install it: "), "{}", told.stdout);

    let told = room.witgen_with("doctor --format json", &[("WITGEN_GO", room.path("new"))]);
    let document: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let tools = document["tools"].as_array().unwrap();
    let go = tools.iter().find(|tool| tool["tool"] == "go").unwrap();
    assert_eq!((&go["version"], &go["fine"]), (&"1.30.0".into(), &true.into()), "{go}");
    let python = tools.iter().find(|tool| tool["tool"] == "componentize-py").unwrap();
    assert_eq!(python["install"], "pip install componentize-py==0.25.1");
}
