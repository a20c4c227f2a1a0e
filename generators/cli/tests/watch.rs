//! `--watch` generates once per change, and not because it read the file itself.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

#[test]
fn each_change_generates_once() {
    let dir = tempfile::tempdir().unwrap();
    let wit = dir.path().join("w.wit");
    let text = "package a:b; world w { export greet: func(); }";
    std::fs::write(&wit, text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_witgen"))
        .args(["python", "w.wit", "--guest", "-o", "out", "--watch"])
        .current_dir(dir.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (lines, received) = channel();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| lines.send(line)));
    let long = Duration::from_secs(20);
    let first = received.recv_timeout(long);
    std::fs::write(&wit, text.replace("greet", "hail")).unwrap();
    let second = received.recv_timeout(long);
    let third = received.recv_timeout(Duration::from_secs(1));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(first.unwrap(), "up to date; waiting for changes");
    assert_eq!(second.unwrap(), "up to date; waiting for changes");
    assert!(third.is_err(), "{third:?}");
    assert!(std::fs::read_to_string(dir.path().join("out/exports/_world.py")).unwrap().contains("def hail"));
}
