//! The bindings of all worlds and the example apps, in the eyes of the real tools.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and says what it skips"
)]

mod corpus;
#[path = "../../../conformance/worlds/passed.rs"]
mod passed;
mod worlds;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use passed::{Passed, hash};

/// What the compiler must accept: bindings without errors, and apps that use them.
const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true,
    "checkJs": true,
    "noEmit": true,
    "target": "es2022",
    "lib": ["es2022"],
    "module": "nodenext",
    "types": []
  },
  "exclude": ["node_modules", "eslint.config.js"]
}
"#;

const ESLINT: &str = r#"import js from "@eslint/js";
import tseslint from "typescript-eslint";

const names = [
  "Buffer", "clearTimeout", "console", "crypto", "fetch", "performance", "process", "setTimeout", "TextDecoder",
  "TextEncoder", "URL", "WebAssembly",
];
const globals = Object.fromEntries(names.map((name) => [name, "readonly"]));
export default [
  { ignores: ["eslint.config.js"] },
  {
    files: ["**/*.js"],
    ...js.configs.recommended,
    languageOptions: { globals, ecmaVersion: 2026 },
  },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ["**/*.ts"] })),
  // The parser takes the folder of any configuration it has seen for its root, and there are several.
  { files: ["**/*.ts"], languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } } },
];
"#;

/// The guests of the conformance tests whose worlds are all in one place.
const TESTEES: [&str; 13] = [
    "provider",
    "driver",
    "caller",
    "visitor",
    "middle",
    "relay",
    "map-provider",
    "misfits-provider",
    "map-caller",
    "drawers-provider",
    "drawers-caller",
    "soak",
    "stores",
];

/// The folder with the npm packages that `cargo xtask setup` installs.
fn node_modules() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = || set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    let tools = set("WITGEN_TOOLS_DIR").or_else(|| cache().map(|cache| cache.join("witgen/tools")))?;
    let found = tools.join("node/node_modules");
    ["tsc", "prettier", "eslint"].iter().all(|tool| found.join(".bin").join(tool).exists()).then_some(found)
}

/// The programs of the conformance tests that run components, and their worlds.
const PROGRAMS: [(&str, &str); 4] = [
    ("visited", "witgen:testees/visitor"),
    ("visiting", "witgen:testees/provider"),
    ("probe", "witgen:testees/probe"),
    ("serving", "witgen:testees/packages"),
];

/// The packages, or none where the machine has none and may do without.
fn tools() -> Option<PathBuf> {
    let found = node_modules();
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none_or(|value| value != "true"),
            "tsc, prettier or eslint not found"
        );
        println!("skipped js: tsc, prettier or eslint not found");
    }
    found
}

/// The folder of the projects: guests, and hosts.
const PROJECTS: [&str; 2] = ["guests", "hosts"];

/// Both projects in a folder; to render them takes longer than some tools do.
fn projects(node_modules: &Path) -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = FOLDER.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let [guests, hosts] = PROJECTS.map(|project| dir.path().join(project));
        examples(&guests, node_modules);
        add_corpus(&guests);
        add_testees(&guests);
        add_hosts(&hosts, node_modules);
        settings(dir.path(), node_modules);
        dir
    });
    made.path()
}

/// The bindings of every other world; the support code is the same for all.
fn add_corpus(dir: &Path) {
    let is_support = |path: &str| path.contains("_witgen/guest/") || path.contains("_witgen/shared/");
    for (name, files) in corpus::all(worlds::Side::Guest) {
        for (path, content) in files.iter().filter(|(path, _)| !is_support(path)) {
            write(&dir.join(&name).join(path), content);
        }
    }
}

/// Host bindings stand on what browsers and Node declare, such as `WebAssembly`.
fn add_hosts(dir: &Path, node_modules: &Path) {
    let is_support = |path: &str| path.contains("_witgen/host/") || path.contains("_witgen/shared/");
    for (name, files) in worlds::hosts().into_iter().chain(corpus::all(worlds::Side::Host)) {
        for (path, content) in files.iter().filter(|(path, _)| name == "hello" || !is_support(path)) {
            write(&dir.join(&name).join("bindings").join(path), content);
        }
    }
    add_typed(dir);
    write(
        &dir.join("tsconfig.json"),
        TSCONFIG
            .replace("[\"es2022\"]", "[\"es2022\", \"dom\"]")
            .replace("\"types\": []", "\"types\": [\"node\"]")
            .as_bytes(),
    );
    add_programs(dir);
    settings(dir, node_modules);
}

/// The same in TypeScript, of the worlds that the snapshots have; what is not TypeScript there is as it was.
fn add_typed(dir: &Path) {
    for (name, files) in worlds::typed_hosts() {
        let is_typed = |path: &str| path.ends_with(".ts") && !path.starts_with("_witgen/host/");
        for (path, content) in files.iter().filter(|(path, _)| is_typed(path)) {
            write(&dir.join("typed").join(&name).join(path), content);
        }
        for types in ["_witgen/host/node.d.ts", "_witgen/host/wasi.d.ts"] {
            write(&dir.join("typed").join(&name).join(types), files.get(types).unwrap());
        }
    }
}

/// Programs that run components, beside their bindings.
fn add_programs(dir: &Path) {
    let example = worlds::root().join("examples/process-data-hosts/js/main.js");
    write(&dir.join("process-data/main.js"), &std::fs::read(example).unwrap());
    for (program, world) in PROGRAMS {
        let files =
            worlds::render(&["conformance/testees/wit", "conformance/wit"], world, worlds::Side::Host);
        for (path, content) in files.iter() {
            write(&dir.join("programs").join(program).join("bindings").join(path), content);
        }
        let source = format!("{program}.js");
        let text = std::fs::read(worlds::root().join("conformance/testees/js-host").join(&source)).unwrap();
        write(&dir.join("programs").join(program).join(source), &text);
    }
    let text = worlds::root().join("conformance/testees/js-host/driver.js");
    let world = worlds::load_world(&["conformance/testees/wit", "conformance/wit"], "witgen:testees/driven");
    let driver = witgen_js::host_driver(&world, &std::fs::read_to_string(text).unwrap()).unwrap();
    for (path, content) in driver.files.iter().filter(|(path, _)| *path != "package.json") {
        write(&dir.join("programs/driver").join(path), content);
    }
}

/// What the tools besides the compiler want to know.
fn settings(dir: &Path, node_modules: &Path) {
    write(&dir.join("eslint.config.js"), ESLINT.as_bytes());
    write(&dir.join("package.json"), b"{ \"type\": \"module\", \"private\": true }\n");
    write(&dir.join(".prettierignore"), b"/*.*\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(node_modules, dir.join("node_modules")).unwrap();
}

/// The guests of the conformance tests beside their bindings.
fn add_testees(dir: &Path) {
    let source = worlds::root().join("conformance/testees/js");
    let target = dir.join("testees");
    write(&target.join("report.js"), &std::fs::read(source.join("report.js")).unwrap());
    add_apps(&source, &target, &["conformance/testees/wit", "conformance/wit"], &TESTEES);
    add_apps(&source, &target, &["conformance/testees/js/probe/wit"], &["probe"]);
    let source = worlds::root().join("generators/js/tests/torture");
    add_apps(
        &source,
        &dir.join("statics"),
        &["generators/js/tests/torture/wit"],
        &["consumer", "relay", "provider"],
    );
}

/// The apps in folders of `source`, which are called like their worlds.
fn add_apps(source: &Path, target: &Path, wit: &[&str], names: &[&str]) {
    for testee in names {
        let files = worlds::render_all(wit, testee);
        for (path, content) in files.iter() {
            write(&target.join(testee).join("bindings").join(path), content);
        }
        for path in std::fs::read_dir(source.join(testee)).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "js") {
                let copy = target.join(testee).join(path.file_name().unwrap());
                write(&copy, &std::fs::read(&path).unwrap());
            }
        }
    }
}

/// A project with the bindings of every example and construct, and the apps of the examples beside theirs.
fn examples(dir: &Path, node_modules: &Path) {
    for (name, files) in worlds::all() {
        for (path, content) in files.iter() {
            write(&dir.join(&name).join("bindings").join(path), content);
        }
    }
    for (name, wit, _) in worlds::EXAMPLES {
        let folder = worlds::root().join(wit).join("..");
        for app in ["js", "provider/js", "consumer/js"].map(|part| folder.join(part).join("app.js")) {
            let is_of_world = |path: &Path| {
                let manifest = std::fs::read_to_string(path.with_file_name("witgen.toml")).unwrap();
                manifest.contains(&format!("world = \"{name}\""))
            };
            if app.exists() && is_of_world(&app) {
                write(&dir.join(name).join("app.js"), &std::fs::read(&app).unwrap());
            }
        }
    }
    write(&dir.join("tsconfig.json"), TSCONFIG.as_bytes());
    write(&dir.join("console.d.ts"), b"declare const console: { log(...values: unknown[]): void };\n");
    settings(dir, node_modules);
}

fn write(path: &Path, content: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// Runs a tool in the project; what it complains about, or nothing.
fn complaints(node_modules: &Path, dir: &Path, tool: &str, args: &[&str]) -> String {
    let output =
        Command::new(node_modules.join(".bin").join(tool)).args(args).current_dir(dir).output().unwrap();
    if output.status.success() {
        return String::new();
    }
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Which packages are installed.
fn versions(node_modules: &Path) -> String {
    std::fs::read_to_string(node_modules.with_file_name("package-lock.json")).unwrap_or_default()
}

/// Every file of the projects that is for a tool, and what it holds.
fn sources(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = PROJECTS.iter().map(|project| dir.join(project)).collect();
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_symlink() || path.ends_with("eslint.config.js") {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|kind| ["js", "ts"].iter().any(|known| kind == *known)) {
                let content = std::fs::read(&path).unwrap();
                found.push((path.strip_prefix(dir).unwrap().to_owned(), content));
            }
        }
    }
    found.sort();
    found
}

/// A tool that looks at each file for itself: it sees each text once, and none that it has accepted before.
fn check_files(tool: &str, args: &[&str]) {
    let Some(node_modules) = tools() else { return };
    let dir = projects(&node_modules);
    let mut passed =
        Passed::read(&format!("js-{tool}"), &format!("{}{args:?}{ESLINT}", versions(&node_modules)));
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for (path, content) in sources(dir) {
        // Stubs use no parameter yet.
        if tool == "eslint" && path.ends_with("stubs.js") {
            continue;
        }
        let number = hash(&content);
        if seen.insert(number) && !passed.has(number) {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    if !files.is_empty() {
        let words: Vec<&str> = args.iter().copied().chain(files.iter().map(String::as_str)).collect();
        let found = complaints(&node_modules, dir, tool, &words);
        assert!(found.is_empty(), "{tool}:\n{found}");
    }
    passed.write(seen);
}

/// Of modules that are not to be checked, the compiler reads the declarations alone, as it does in a user's project.
#[test]
fn tsc_accepts_bindings_and_apps() {
    let Some(node_modules) = tools() else { return };
    let (all, dir) = (projects(&node_modules), tempfile::tempdir().unwrap());
    for project in PROJECTS {
        let target = dir.path().join(project);
        write(
            &target.join("tsconfig.json"),
            &std::fs::read(all.join(project).join("tsconfig.json")).unwrap(),
        );
        settings(&target, &node_modules);
    }
    for (path, content) in sources(all) {
        if path.extension().is_some_and(|kind| kind == "js") && content.starts_with(b"// @ts-nocheck") {
            continue;
        }
        write(&dir.path().join(&path), &content);
    }
    passed::once("js-tsc", &versions(&node_modules), &[dir.path()], || {
        for project in PROJECTS {
            let found = complaints(&node_modules, &dir.path().join(project), "tsc", &["--project", "."]);
            assert!(found.is_empty(), "tsc:\n{found}");
        }
    });
}

#[test]
fn prettier_would_not_change_a_byte() {
    check_files("prettier", &["--check"]);
}

#[test]
fn eslint_has_nothing_to_say() {
    check_files("eslint", &["--max-warnings", "0"]);
}

#[test]
fn tsc_finds_a_missing_and_a_wrong_export() {
    let Some(node_modules) = tools() else { return };
    let dir = tempfile::tempdir().unwrap();
    examples(dir.path(), &node_modules);
    let apps = [
        ("provider", "operations: { reverse: (s) => s }", "wordCount"),
        ("provider", "", "operations"),
        ("hello", "greet: (name) => name.length", "number"),
        ("hello", "greet: (name) => name, great: () => 1", "great"),
    ];
    for (number, (world, body, _)) in apps.iter().enumerate() {
        let text = format!(
            "/** @type {{import(\"./bindings/exports.js\").Exports}} */\nexport default {{ {body} }};\n"
        );
        write(&dir.path().join(world).join(format!("wrong{number}.js")), text.as_bytes());
    }
    let found = complaints(&node_modules, dir.path(), "tsc", &["--project", ".", "--pretty", "false"]);
    for (number, (_, _, named)) in apps.iter().enumerate() {
        let place = format!("wrong{number}.js");
        let is_named =
            found.lines().skip_while(|line| !line.contains(&place)).take(3).any(|line| line.contains(named));
        assert!(is_named, "`{named}` is not named for {place}:\n{found}");
    }
}
