//! The page of a conformance report, opened in a headless browser: on a phone, in the dark, and by hand.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use witgen_conformance::Program;

/// The page in a frame as wide as a phone, and a script that uses it and writes down what it saw.
const HARNESS: &str = include_str!("page/harness.html");

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name))).find(|path| path.is_file())
}

/// A report with long texts, several hosts, and every way that a case can end.
fn report() -> Value {
    let names = ["rust", "python", "js", "go"];
    let failing = "records/records.wide[1].check/importer:rust/exporter:python/host:wasmtime";
    let cells = |host: &str| {
        let mut cells = Vec::new();
        for importer in names {
            for exporter in names {
                let failed = (importer, exporter, host) == ("rust", "python", "wasmtime");
                let known = (importer, exporter) == ("js", "go");
                cells.push(json!({
                    "importer": importer, "exporter": exporter, "host": host,
                    "native": (host != "wasmtime").then_some("exporter"),
                    "passed": 2, "failed": u32::from(failed), "known-failing": u32::from(known),
                    "skipped": 1, "seconds": 1.25,
                    "outcomes": if failed { "pfps" } else if known { "pkps" } else { "ppps" },
                }));
            }
        }
        cells
    };
    let case = |name: &str, vector: &str| json!({"suite": "records", "name": name, "vector": vector});
    json!({
        "version": 1,
        "summary": {"passed": 63, "failed": 1, "known-failing": 1, "skipped": 32},
        "seconds": 12.5,
        "cases": [
            case("records.wide[0].check", "{a: 1}"),
            case("records.wide[1].check", &format!("{{text: \"{}\"}}", "x".repeat(400))),
            case("records.wide[2].check", "</script><b>not markup</b>"),
            case("maps.of-lists[0].give", "[]"),
        ],
        "cells": cells("wasmtime"),
        "failures": [{
            "case": failing, "vector": format!("{{text: \"{}\"}}", "x".repeat(400)),
            "expected": "the vector", "got": format!("trap: {}", "unreachable ".repeat(60)),
            "command": format!("witgen conformance --filter '{failing}'"),
        }],
        "skipped": [{"what": "maps.of-lists in python", "reason": "no `map` yet"}],
    })
}

/// What the harness saw in the page.
fn seen(browser: &Path, html: &str, dark: bool) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let page = html.replace('&', "&amp;").replace('"', "&quot;");
    let file = dir.path().join("harness.html");
    std::fs::write(&file, HARNESS.replace("PAGE", &page)).unwrap();
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"]);
    command.arg(format!("--blink-settings=preferredColorScheme={}", i32::from(!dark)));
    command.arg(format!("--user-data-dir={}", dir.path().join("profile").display()));
    let output = command.arg(format!("file://{}", file.display())).output().unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let seen = dom.split("<pre id=\"seen\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let Some(seen) = seen else {
        panic!("the browser shows no page: {}\n{dom}", String::from_utf8_lossy(&output.stderr));
    };
    let seen = seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&seen).unwrap_or_else(|reason| panic!("{reason}: {seen}"))
}

#[test]
fn page_works_on_a_phone_and_in_the_dark() {
    let Some(browser) = browser() else {
        println!("skipped: no chromium; `cargo xtask setup` installs it where apt-get may");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.json");
    std::fs::write(&path, report().to_string()).unwrap();
    let args = ["conformance", "--merge", path.to_str().unwrap(), "--format", "html"];
    let finished = Program::locate().unwrap().run(args).unwrap();
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    let html = finished.stdout;
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!html.contains(outside), "the page is not self-contained: {outside}");
    }
    let (light, dark) = (seen(&browser, &html, false), seen(&browser, &html, true));
    for seen in [&light, &dark] {
        assert_eq!(seen["errors"], json!([]), "{seen}");
        assert_eq!(seen["width"], 360, "{seen}");
        let overflow = seen["overflow"].as_array().unwrap();
        assert!(overflow.is_empty(), "wider than the phone: {overflow:?}");
        assert_eq!(seen["rows"], 5, "{seen}");
        assert!(seen["summary"].as_str().unwrap().contains("4 cases, 16 cells, 12.5 s: 32 passed"), "{seen}");
        assert_eq!(seen["failures"], 1, "{seen}");
        let detail = seen["detail"].as_str().unwrap();
        for wanted in ["the vector", "trap: unreachable", "witgen conformance --filter"] {
            assert!(detail.contains(wanted), "{wanted}: {seen}");
        }
        assert_eq!(seen["opened"], true, "{seen}");
        assert_eq!(seen["chosen"], "rust calls rust in wasmtime show all cells", "{seen}");
        assert_eq!(seen["inCell"], 4, "{seen}");
        assert_eq!(seen["filtered"], 1, "{seen}");
        assert_eq!(seen["markup"], 0, "text of a vector became markup: {seen}");
        assert!(seen["contrast"].as_f64().unwrap() >= 4.5, "{seen}");
    }
    assert_ne!(light["background"], dark["background"]);
}
