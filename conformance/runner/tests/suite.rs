//! `witgen conformance`: every language against every other, the vectors of a user, and vectors that are wrong.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::Path;

use serde_json::Value;
use witgen_conformance::{Finished, Program, languages};

/// Checked values that each cell has at least.
const CHECKS: u64 = 1500;

fn run(args: &[&str]) -> Finished {
    Program::locate().unwrap().run(["conformance"].iter().chain(args)).unwrap()
}

/// The report of a run that found nothing.
fn report(args: &[&str]) -> Value {
    let finished = run(&[args, &["--format", "json"]].concat());
    assert_eq!(finished.code, Some(0), "{}\n{}", finished.stderr, failures(&finished.stdout));
    serde_json::from_str(&finished.stdout).unwrap()
}

fn failures(report: &str) -> String {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    serde_json::to_string_pretty(&report["failures"]).unwrap()
}

/// Chooses the languages of this run of the tests.
fn chosen() -> Vec<&'static str> {
    let chosen = languages();
    chosen.iter().flat_map(|language| ["--importer", language.id(), "--exporter", language.id()]).collect()
}

#[test]
fn every_language_understands_every_other() {
    let report = report(&chosen());
    let cells = report["cells"].as_array().unwrap();
    let guests = cells.iter().filter(|cell| cell["host"] == "wasmtime").count();
    assert_eq!(guests, languages().len().pow(2));
    for cell in cells {
        let checked = cell["passed"].as_u64().unwrap();
        let skipped = cell["skipped"].as_u64().unwrap();
        let all_skipped = checked == 0 && skipped > 0 && !witgen_conformance::in_ci();
        assert!(checked > CHECKS || all_skipped, "{cell}");
        if !all_skipped {
            check_scripts(&report, cell);
        }
    }
}

/// Guests that call take the steps of every script, and so do hosts, also of those with handles that are misused.
fn check_scripts(report: &Value, cell: &Value) {
    let outcomes = cell["outcomes"].as_str().unwrap();
    let cases = report["cases"].as_array().unwrap();
    let is_script = |case: &Value| match case["suite"].as_str().unwrap() {
        "resources" | "traps" => cell["native"] != "exporter",
        "misuse" => cell["native"] == "importer" && case["name"].as_str().unwrap().starts_with("handle."),
        _ => false,
    };
    assert_eq!(cases.len(), outcomes.len());
    for (case, outcome) in cases.iter().zip(outcomes.chars()).filter(|(case, _)| is_script(case)) {
        // Handles of another type are refused by a compiler that tells them apart.
        let is_compiled = cell["host"] == "go" && case["name"].as_str().unwrap().contains("of-another-type");
        assert!(
            matches!((outcome, is_compiled), ('p' | 'k', false) | ('s', true)),
            "{outcome}: {case} in {cell}"
        );
    }
    assert!(cases.iter().filter(|case| is_script(case)).count() >= 40 || cell["native"] == "exporter");
}

/// No language is its own judge: the engine's values stand in for the other side.
#[test]
fn every_language_understands_the_engine() {
    let report = report(&[&chosen()[..], &["--host", "oracle"]].concat());
    let cells = report["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 2 * languages().len());
    for cell in cells {
        let checked = cell["passed"].as_u64().unwrap();
        assert!(checked > CHECKS || (checked == 0 && !witgen_conformance::in_ci()), "{cell}");
    }
}

#[test]
fn shards_make_up_the_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut merge = vec!["--merge".to_owned()];
    for shard in ["1/2", "2/2"] {
        let path = dir.path().join(shard.replace('/', "-")).to_string_lossy().into_owned();
        let choice = [
            "--host",
            "wasmtime",
            "--filter",
            "scalars/*",
            "--shard",
            shard,
            "--format",
            "json",
            "-o",
            &path,
        ];
        let finished = run(&[&chosen()[..], &choice].concat());
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        merge.push(path);
    }
    let merge: Vec<&str> = merge.iter().map(String::as_str).collect();
    let merged = report(&merge);
    assert_eq!(merged["cells"].as_array().unwrap().len(), languages().len().pow(2));
    let junit = run(&[&merge[..], &["--format", "junit"]].concat()).stdout;
    assert!(
        junit.contains("<testsuite name=\"importer:") && junit.contains("scalars.truth[0].check"),
        "{junit}"
    );
    let html = run(&[&merge[..], &["--format", "html"]].concat()).stdout;
    assert!(html.starts_with("<!doctype html>") && html.contains("scalars.truth[0].check"));
}

const CALLS: &str = r#"
[[call]]
func = "witgen:conformance/results.divide"
args = ['7', '2']
result = 'ok(3)'

[[call]]
func = "witgen:conformance/results.divide"
args = ['1', '0']
result = 'err("another text")'
"#;

#[test]
fn component_of_the_user_is_called_and_what_it_gets_wrong_is_shown() {
    let language = languages()[0];
    let dir = tempfile::tempdir().unwrap();
    let vectors = dir.path().join("calls.toml");
    std::fs::write(&vectors, CALLS).unwrap();
    let provider = dir.path().join("provider.wasm");
    let project =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../testees").join(language.id()).join("provider");
    let built = Program::locate().unwrap();
    let built =
        built.run(["build".as_ref(), project.as_os_str(), "-o".as_ref(), provider.as_os_str()]).unwrap();
    if built.code != Some(0) && !witgen_conformance::in_ci() {
        return;
    }
    assert_eq!(built.code, Some(0), "{}", built.stderr);
    let component = format!("mine={}", provider.display());
    let args =
        ["--vectors", vectors.to_str().unwrap(), "--component", &component, "--importer", language.id()];
    let finished = run(&args);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    assert!(finished.stdout.contains("FAILED calls/results.divide[1]/importer:"), "{}", finished.stdout);
    assert!(finished.stdout.contains("division by zero"), "{}", finished.stdout);
    // A guest and a host of the language call it.
    assert!(finished.stdout.contains("2 passed, 2 failed"), "{}", finished.stdout);
}

const SHOP: &str = "package acme:shop; interface types { record order { id: u32, tags: list<string> } \
                    resource cart; type held = list<cart>; }";

#[test]
fn wrong_vectors_are_shown_with_their_place() {
    let dir = tempfile::tempdir().unwrap();
    let wit = dir.path().join("shop.wit");
    std::fs::write(&wit, SHOP).unwrap();
    let order =
        |value: &str| format!("[[type]]\nname = \"acme:shop/types.order\"\nvalues = [\n  '{value}',\n]\n");
    for (vectors, line, said) in [
        (order("{id: -1, tags: []}"), "4:9", "-1 is out of range"),
        (order("{id: 1, tags: [2]}"), "4:19", "the value is no string"),
        (order("{id: 1}"), "4:4", "the field `tags` is missing"),
        (order("{id: 1, tag: []}"), "4:4", "did you mean `tags`"),
        (order("{id: 1, tags: ["), "4:", "no valid WAVE"),
        ("[[type]]\nname = \"acme:shop/types.ordr\"\nvalues = ['1']\n".to_owned(), "2:8", "types.order"),
        (
            "[[type]]\nname = \"acme:shop/types.held\"\nvalues = ['[]']\n".to_owned(),
            "2:8",
            "holds a resource",
        ),
        ("[[call]]\nfunc = \"acme:shop/types.f\"\n".to_owned(), "2:8", "has no function"),
        ("[[type]]\nname = 1\n".to_owned(), "2:8", "expected a string"),
    ] {
        let path = dir.path().join("shop.toml");
        std::fs::write(&path, &vectors).unwrap();
        let args = ["--wit", wit.to_str().unwrap(), "--vectors", path.to_str().unwrap(), "--importer", "go"];
        let finished = run(&args);
        assert_eq!(finished.code, Some(1), "{vectors}\n{}", finished.stderr);
        let place = format!("shop.toml:{line}");
        assert!(line.is_empty() || finished.stderr.contains(&place), "{place}\n{}", finished.stderr);
        assert!(finished.stderr.contains(said), "{said}\n{}", finished.stderr);
    }
}

/// `witgen build` makes the same components of what `--keep` leaves.
#[test]
fn guests_that_are_kept_are_projects() {
    let language = languages()[0].id();
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("shop.wit"), SHOP).unwrap();
    let vectors = "[[type]]\nname = \"acme:shop/types.order\"\nvalues = ['{id: 1, tags: [\"a\"]}']\n";
    std::fs::write(at("shop.toml"), vectors).unwrap();
    let [wit, vectors, kept] = ["shop.wit", "shop.toml", "kept"].map(|name| at(name).display().to_string());
    let given = ["--wit", &wit, "--vectors", &vectors, "--host", "wasmtime", "--keep", &kept];
    let finished = run(&[&given[..], &["--importer", language, "--exporter", language]].concat());
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    for side in ["importer", "exporter"] {
        let project = at("kept").join(format!("{language}-{side}"));
        let component = project.join("component.wasm");
        if component.exists() || witgen_conformance::in_ci() {
            let again = at("again.wasm");
            let words = [Path::new("build"), &project, Path::new("-o"), &again];
            Program::locate().unwrap().run(words).unwrap().success().unwrap();
            assert!(std::fs::read(again).unwrap() == std::fs::read(component).unwrap());
        }
    }
}

#[test]
fn missing_parts_are_named() {
    for (args, code, said) in [
        (&["--wit", "x.wit"][..], 2, "no vectors"),
        (&["--vectors", "x.toml"], 2, "no WIT"),
        (&["--vectors", "x.toml", "--component", "a=b.wasm"], 2, "the component `a` is not there"),
        (&["--component", "b.wasm", "--vectors", "x.toml"], 2, "NAME=FILE"),
        (&["--shard", "3/2"], 2, "no shard"),
        (&["--host", "perl"], 2, "possible values: wasmtime, rust"),
        (&["--filter", "integer/*"], 2, "no case matches `integer/*`"),
        (&["--merge", "x.json"], 2, "cannot read `x.json`"),
    ] {
        let finished = run(args);
        assert_eq!(finished.code, Some(code), "{args:?}\n{}", finished.stderr);
        assert!(finished.stderr.contains(said), "{args:?}\n{}", finished.stderr);
    }
}

/// A missing tool is told before anything is built.
#[test]
fn missing_tools_of_hosts_are_told_first() {
    let cache = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(Program::locate().unwrap().path())
        .args(["conformance", "--host", "python", "--filter", "scalars/*"])
        .envs([("CI", "true"), ("WITGEN_PYTHON", "/bin/false")])
        .env("WITGEN_CACHE_DIR", cache.path())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("the Python package `witgen_runtime` is not installed"), "{stderr}");
    assert!(!cache.path().join("components").exists(), "{stderr}");
}
