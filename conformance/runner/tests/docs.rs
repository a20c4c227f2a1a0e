//! Every block of code in the README and the docs: commands are run, excerpts compared, the rest is parsed.
//!
//! What follows ` ```js ` in a fence is for this test: `file=PATH` says which file a block is an excerpt of.

#[path = "docs/pages.rs"]
mod pages;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use pages::{Block, Page, pages};
use witgen_build::{Project, Target, Tools};
use witgen_conformance::{Workshop, built, go, languages, node, root, run_trials};
use witgen_languages::Language;

/// What commands begin with that are not run, and why. Their flags are looked up in the help all the same.
const NOT_RUN: [(&str, &str); 14] = [
    ("cargo install", "compiles everything once more"),
    ("cargo xtask", "runs all tests, and this is one"),
    ("cargo +nightly", "needs a compiler that is not pinned"),
    ("cargo build --manifest-path fuzz", "compiles everything once more"),
    ("fuzz/target", "goes on for ten minutes"),
    ("pip install", "the wheel is on no registry"),
    ("witgen conformance", "takes minutes; its tests run it"),
    ("witgen serve", "goes on until it is told to end; its tests run it"),
    ("curl", "asks that server"),
    ("witgen run tool.wasm", "the component is the reader's"),
    ("witgen inspect tool.wasm", "the component is the reader's"),
    ("witgen link component.wasm", "the component is the reader's"),
    ("python3 -m http.server", "goes on until it is told to end"),
    ("npm", "fetches packages; the tests of browsers do the same"),
];

/// What the first command of a newcomer compiles.
const FROM_SOURCE: &str = "cargo run --quiet -p witgen-cli --no-default-features --";

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    // They name tools of all languages.
    if languages().len() < Language::ALL.len() {
        return Vec::new();
    }
    let trial = |page: Page| {
        let workshop = Arc::clone(workshop);
        Trial::test(page.name.clone(), move || check(&workshop, &page))
    };
    pages().into_iter().map(trial).collect()
}

/// The commands of a page, in order, in a folder that looks like a clone; then everything else.
fn check(workshop: &Workshop, page: &Page) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for entry in std::fs::read_dir(root())? {
        let entry = entry?;
        if entry.file_name() != "target" && entry.file_name() != "bindings" {
            #[cfg(unix)]
            std::os::unix::fs::symlink(entry.path().canonicalize()?, dir.path().join(entry.file_name()))?;
        }
    }
    let here = dir.path().join(page.folder());
    let mut wrong = Vec::new();
    for block in &page.blocks {
        let checked = match block.language.as_str() {
            "console" | "sh" => run(workshop, block, &here),
            _ => Ok(()),
        };
        wrong.extend(checked.err().map(|reason| format!("{}:{}: {reason}", page.name, block.line)));
    }
    for block in &page.blocks {
        let checked = match &block.file {
            Some(file) => excerpt(block, &[dir.path(), &root()], file),
            None => parse(block),
        };
        wrong.extend(checked.err().map(|reason| format!("{}:{}: {reason}", page.name, block.line)));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn run(workshop: &Workshop, block: &Block, dir: &Path) -> Result<(), String> {
    for (command, shown) in block.commands() {
        // What a shell leaves out, too.
        let plain = command.split("  #").next().unwrap_or_default().trim();
        if let Some((_, _reason)) = NOT_RUN.iter().find(|(start, _)| plain.starts_with(start)) {
            known_flags(workshop, plain)?;
            continue;
        }
        let output = shell(workshop, &command.replace(FROM_SOURCE, "witgen"), dir)?;
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("`{command}` fails: {said}"));
        }
        if !shown.is_empty() && said != shown {
            return Err(format!("`{command}` prints\n{said}instead of\n{shown}"));
        }
    }
    Ok(())
}

fn shell(workshop: &Workshop, command: &str, dir: &Path) -> Result<Output, String> {
    let programs = workshop.program().path().parent().map(Path::to_owned).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&path)));
    // A command that never ends is a fault of the page.
    let mut shell = Command::new("timeout");
    shell.args(["300", "bash", "-euc", command]).current_dir(dir).stdin(Stdio::null()).env("NO_COLOR", "1");
    shell.env("PATH", path.map_err(|reason| reason.to_string())?);
    shell.output().map_err(|reason| reason.to_string())
}

/// Every flag of a command of witgen is one that its verb has.
fn known_flags(workshop: &Workshop, command: &str) -> Result<(), String> {
    let Some(rest) = command.strip_prefix("witgen ") else { return Ok(()) };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let help = workshop.program().run([words.first().copied().unwrap_or_default(), "--help"])?.success()?;
    let flags = words.iter().take_while(|word| **word != "--").filter(|word| word.starts_with("--"));
    let unknown = |flag: &&&str| {
        let name = flag.split('=').next().unwrap_or_default();
        !help.split(|c: char| c.is_whitespace() || c == ',' || c == '[').any(|word| word == name)
    };
    match flags.clone().find(unknown) {
        Some(flag) => Err(format!("`{command}`: there is no `{flag}`")),
        None => Ok(()),
    }
}

/// The block is a part of the file, wherever it is indented to.
fn excerpt(block: &Block, roots: &[&Path], file: &str) -> Result<(), String> {
    let found = roots.iter().find_map(|root| std::fs::read_to_string(root.join(file)).ok());
    let text = found.ok_or_else(|| format!("there is no `{file}`"))?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let wanted: Vec<&str> = block.text.lines().map(str::trim).collect();
    if lines.windows(wanted.len()).any(|window| window == wanted) {
        return Ok(());
    }
    Err(format!("`{file}` has no such lines"))
}

fn parse(block: &Block) -> Result<(), String> {
    let text = block.text.as_str();
    match block.language.as_str() {
        "console" | "sh" | "text" | "yaml" => Ok(()),
        "toml" => parse_toml(text),
        "rust" => {
            let statements = || syn::parse_str::<syn::Block>(&format!("{{{text}}}")).map(drop);
            syn::parse_file(text).map(drop).or_else(|_| statements()).map_err(|reason| reason.to_string())
        }
        "python" => {
            let python =
                Tools::new().find(Language::Python, "python3").map_err(|found| format!("{found:?}"))?;
            let mut command = Command::new(python.path);
            accepts(command.args(["-c", "import ast, sys; ast.parse(sys.stdin.read())"]), text)
        }
        "js" | "ts" => match built(node()).map_err(|_| "node was not found")? {
            Some(node) => {
                let mut command = Command::new(node.with_file_name("esbuild"));
                accepts(command.args(["--loader=ts", "--format=esm"]), text)
            }
            None => Ok(()),
        },
        "go" => match built(go()).map_err(|_| "go was not found")? {
            Some(go) => {
                let beside = go.with_file_name("gofmt");
                let gofmt = if beside.is_file() { beside } else { PathBuf::from("gofmt") };
                // Three dots are not Go's.
                accepts(&mut Command::new(gofmt), &text.replace("{ ... }", "{}"))
            }
            None => Ok(()),
        },
        other => Err(format!("blocks in `{other}` are not checked; add it here")),
    }
}

/// Whether a program that reads `text` ends well.
fn accepts(command: &mut Command, text: &str) -> Result<(), String> {
    let io = |reason: std::io::Error| reason.to_string();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|reason| format!("{command:?}: {reason}"))?;
    child.stdin.take().ok_or("no stdin")?.write_all(text.as_bytes()).map_err(io)?;
    let output = child.wait_with_output().map_err(io)?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// TOML is a project file, a grants file, or vectors.
fn parse_toml(text: &str) -> Result<(), String> {
    let table: toml::Table = toml::from_str(text).map_err(|reason| reason.to_string())?;
    let has = |key: &str| table.contains_key(key);
    if has("component") || has("target") {
        return parse_project(text, has("component"));
    }
    let grants = ["filesystem", "env", "network", "limits", "stdio", "clocks"];
    if grants.iter().any(|section| has(section)) {
        return witgen_grants::Grants::parse(text, Path::new(""))
            .map(drop)
            .map_err(|reason| reason.to_string());
    }
    Ok(())
}

fn parse_project(text: &str, has_component: bool) -> Result<(), String> {
    let dir = tempfile::tempdir().map_err(|reason| reason.to_string())?;
    // Options of a target stand below one.
    let text = match text.starts_with("[target.") {
        true => format!("[[target]]\nlanguage = \"rust\"\nwit = \"wit\"\n\n{text}"),
        false => text.to_owned(),
    };
    for (name, content) in [("witgen.toml", text.as_str()), ("app.py", "")] {
        std::fs::write(dir.path().join(name), content).map_err(|reason| reason.to_string())?;
    }
    let findings = |found: Vec<witgen_diag::Diagnostic>| format!("{found:?}");
    if has_component {
        Project::read(dir.path()).map_err(findings)?;
    }
    if text.contains("[[target]]") {
        Target::read_all(dir.path()).map_err(findings)?;
    }
    Ok(())
}
