//! The worlds that the tests render.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "each test uses a part of it, fails by panicking and says what it skips"
)]

#[path = "../../../../conformance/worlds/every.rs"]
pub mod every;
#[path = "../../../../conformance/worlds/passed.rs"]
pub mod passed;

use std::path::{Path, PathBuf};
use std::process::Command;

use witgen_emit::FileSet;
use witgen_go::GuestOptions;

/// Worlds of Go alone.
pub const OWN: &str = "generators/go/tests/wit";

/// Name of the module, WIT below the repository, and name of the world.
pub const WORLDS: &[(&str, &[&str], Option<&str>)] = &[
    ("scalars", &["conformance/wit/scalars.wit"], None),
    ("lists", &["conformance/wit/lists.wit"], None),
    ("records", &["conformance/wit/records.wit"], None),
    ("enums", &["conformance/wit/enums.wit"], None),
    ("options", &["conformance/wit/options.wit"], None),
    ("results", &["conformance/wit/results.wit"], None),
    ("variants", &["conformance/wit/variants.wit"], None),
    ("flags", &["conformance/wit/flags.wit"], None),
    ("tuples", &["conformance/wit/tuples.wit"], None),
    ("params", &["conformance/wit"], Some("params-world")),
    ("store", &["conformance/wit"], Some("store-world")),
    ("storeusers", &["conformance/wit"], Some("store-users-world")),
    ("maps", &["conformance/wit/maps.wit"], None),
    ("drawers", &["conformance/wit/drawer.wit"], None),
    ("aliases", &["generators/go/tests/wit/constructs.wit"], Some("aliases")),
    ("inline", &["generators/go/tests/wit/constructs.wit"], Some("inline")),
    ("versions", &["generators/go/tests/wit/constructs.wit"], Some("versions")),
    ("plain", &["generators/go/tests/wit/constructs.wit"], Some("plain")),
    ("mylogger", &["examples/logger/wit"], Some("my-logger")),
    ("names", &["generators/go/tests/wit/names.wit"], None),
    ("docs", &["generators/go/tests/wit/docs.wit"], None),
    (
        "stability",
        &["conformance/wit/names-stability.wit"],
        Some("witgen:names-stability/names-stability-world"),
    ),
];

const TESTEES: &[&str] = &["conformance/testees/wit", "conformance/wit"];

/// Programs with bindings: folder below the repository, WIT, and name of the world.
pub const PROGRAMS: &[(&str, &[&str], Option<&str>)] = &[
    ("examples/hello/go", &["examples/hello/wit"], None),
    ("examples/len/go", &["examples/len/wit"], None),
    ("examples/logger/go", &["examples/logger/wit"], Some("my-app")),
    ("examples/process-data/go", &["examples/process-data/wit"], None),
    ("examples/string-operations/provider/go", &["examples/string-operations/wit"], Some("provider")),
    ("examples/string-operations/consumer/go", &["examples/string-operations/wit"], Some("consumer")),
    ("conformance/testees/go/provider", TESTEES, Some("witgen:testees/provider")),
    ("conformance/testees/go/caller", TESTEES, Some("witgen:testees/caller")),
    ("conformance/testees/go/visitor", TESTEES, Some("witgen:testees/visitor")),
    ("conformance/testees/go/middle", TESTEES, Some("witgen:testees/middle")),
    ("conformance/testees/go/relay", TESTEES, Some("witgen:testees/relay")),
    ("conformance/testees/go/map-provider", TESTEES, Some("witgen:testees/map-provider")),
    ("conformance/testees/go/map-caller", TESTEES, Some("witgen:testees/map-caller")),
    ("conformance/testees/go/drawers-provider", TESTEES, Some("witgen:testees/drawers-provider")),
    ("conformance/testees/go/drawers-caller", TESTEES, Some("witgen:testees/drawers-caller")),
    ("conformance/testees/go/soak", TESTEES, Some("witgen:testees/soak")),
];

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The bindings of a world, imported as `import_path`.
pub fn render(wit: &[&str], world: Option<&str>, import_path: Option<&str>) -> FileSet {
    let paths: Vec<PathBuf> = wit.iter().map(|path| repository().join(path)).collect();
    let options = witgen_ir::Options { world: world.map(str::to_owned), ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&paths, &options).unwrap();
    let options = GuestOptions { import_path: import_path.map(str::to_owned), ..GuestOptions::default() };
    witgen_go::guest(&world, &options).unwrap()
}

/// A tool by its variable, in the tools directory, or by its name; none is a failure in CI.
pub fn tool(variable: &str, installed: &str, program: &str) -> Option<PathBuf> {
    let tools = std::env::var_os("WITGEN_TOOLS_DIR").map(PathBuf::from).or_else(|| {
        let home = |name| std::env::var_os(name).map(PathBuf::from);
        let cache = home("XDG_CACHE_HOME").or_else(|| Some(home("HOME")?.join(".cache")))?;
        Some(cache.join("witgen/tools"))
    });
    let candidates = [
        std::env::var_os(variable).map(PathBuf::from),
        tools.map(|dir| dir.join(installed)),
        Some(program.into()),
    ];
    let found = candidates
        .into_iter()
        .flatten()
        .find(|path| Command::new(path).arg(if program == "go" { "version" } else { "-h" }).output().is_ok());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        println!("skipped go: {program} not found");
    }
    found
}

/// Which Go there is, and which linters.
pub fn versions(go: &Path, linters: &[&Option<PathBuf>]) -> String {
    let linters = linters.iter().filter_map(|tool| tool.as_ref());
    passed::version(go, &["version"])
        + &linters.map(|tool| passed::version(tool, &["-version"])).collect::<String>()
}

/// The linter of comments.
pub fn revive() -> Option<PathBuf> {
    tool("WITGEN_REVIVE", "go/bin/revive", "revive")
}

/// golint's rules of comments, also for generated files.
const COMMENTS: &str = r#"
ignoreGeneratedHeader = true
[rule.exported]
arguments = ["disableStutteringCheck"]
[rule.package-comments]
"#;

/// A file in which one comment is missing.
const BARE: &str = "// Code generated by witgen. DO NOT EDIT.

// Package bare is for the test alone.
package bare

type Bare struct{}
";

/// Looks for what is exported without a comment in packages below `dir`.
///
/// What a comment says is the business of whoever wrote it.
pub fn everything_is_documented(revive: &Path, dir: &Path, patterns: &[String]) {
    let own = tempfile::tempdir().unwrap();
    let (config, bare) = (own.path().join("revive.toml"), own.path().join("bare.go"));
    std::fs::write(&config, COMMENTS).unwrap();
    std::fs::write(&bare, BARE).unwrap();
    let mut command = Command::new(revive);
    command.arg("-config").arg(&config).args(patterns).arg(own.path()).current_dir(dir);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let found: Vec<&str> = said.lines().filter(|line| line.contains(" should have ")).collect();
    let wanted = format!("{}:6:6: exported type Bare should have comment or be unexported", bare.display());
    assert_eq!(found, [wanted], "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && output.stderr.is_empty());
}

/// The race detector is linked with one.
fn has_c_compiler() -> bool {
    Command::new("cc").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Runs the tests of a module of support code, and what looks at its sources.
pub fn support_passes(module: &str) {
    let Some(go) = tool("WITGEN_GO", "no-go", "go") else { return };
    let dir = repository().join(module);
    let has_race = cfg!(all(target_os = "linux", target_arch = "x86_64")) && has_c_compiler();
    let test: &[&str] = if has_race { &["test", "-race", "./..."] } else { &["test", "./..."] };
    for args in [test, &["vet", "./..."]] {
        let output = Command::new(&go).args(args).current_dir(&dir).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "go {args:?}:\n{}", String::from_utf8_lossy(&said));
    }
    let staticcheck = tool("WITGEN_STATICCHECK", "go/bin/staticcheck", "staticcheck");
    let gofmt = tool("WITGEN_GOFMT", "no-gofmt", "gofmt");
    for (tool, args) in [(staticcheck, ["./..."].as_slice()), (gofmt, &["-l", "."])] {
        let Some(tool) = tool else { continue };
        let output = Command::new(tool).args(args).current_dir(&dir).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
    }
    if let Some(revive) = revive() {
        everything_is_documented(&revive, &dir, &["./...".to_owned()]);
    }
}
