//! `cargo xtask setup`: installs what the tests need into the tools directory.
//!
//! Every item is downloaded against a lock file or a hash that is committed, and has a folder of its own in
//! the `store` that is named after that lock. A folder counts only once its stamp is written, and comes into
//! use by one rename, so an interrupted run leaves what was there before. Clones with the same locks share
//! everything.

mod base;
mod debian;
mod golang;
mod node;
mod python;
mod qjs;
mod store;
mod wasm_source;
mod wasm_targets;
mod wasmtime;

pub use wasmtime::install as wasmtime;

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result};
use witgen_languages::{Language, facts};

use crate::context::Context;

/// Installs everything, or what `only` needs. Returns whether all of it is there now.
///
/// The run time of Python hosts takes minutes to compile, and tests use the one that cargo has built for them.
pub fn run(
    context: &Context,
    only: Option<Language>,
    force_fallback: bool,
    python_runtime: bool,
) -> Result<bool> {
    fs::create_dir_all(&context.tools)
        .with_context(|| format!("cannot create {}", context.tools.display()))?;
    let lock = fs::File::create(context.tools.join(".lock"))?;
    lock.lock().context("cannot lock the tools directory")?;

    println!("setup: tools in {}", context.tools.display());
    let mut fine = true;
    for item in ITEMS.iter().chain(python_runtime.then_some(&PYTHON_RUNTIME)) {
        // Rust and its targets run the build itself, so they are needed whatever is asked for.
        if only.is_some_and(|only| item.language != only && item.language != Language::Rust) {
            continue;
        }
        let start = Instant::now();
        let outcome = (item.install)(&Setup { context, force_fallback })
            .and_then(|outcome| verify(context, item, outcome))
            .unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
        fine &= report(context, item, &outcome, start.elapsed().as_secs_f64());
    }
    Ok(fine)
}

/// What an installer may look at.
struct Setup<'a> {
    context: &'a Context,
    force_fallback: bool,
}

struct Item {
    language: Language,
    name: &'static str,
    install: fn(&Setup) -> Result<Outcome>,
    /// The tools of the language's table that this item puts in place.
    tools: &'static [&'static str],
}

const ITEMS: [Item; 11] = [
    Item { language: Language::Rust, name: "rust targets", install: wasm_targets::install, tools: &[] },
    Item {
        language: Language::Python,
        name: "python packages",
        install: python::install,
        tools: &["componentize-py", "python3"],
    },
    Item { language: Language::Python, name: "wasmtime-py", install: python::install_peers, tools: &[] },
    Item { language: Language::Python, name: "pyright", install: node::install_pyright, tools: &[] },
    Item {
        language: Language::Js,
        name: "npm packages",
        install: node::install,
        tools: &["componentize-qjs"],
    },
    Item { language: Language::Js, name: "npm bundlers", install: node::install_bundlers, tools: &[] },
    Item { language: Language::Js, name: "jco", install: node::install_peers, tools: &[] },
    Item { language: Language::Js, name: "qjs runtime", install: qjs::install, tools: &["qjs-runtime"] },
    Item { language: Language::Js, name: "browser", install: debian::install_browser, tools: &[] },
    Item { language: Language::Rust, name: "redis", install: debian::install_redis, tools: &[] },
    Item { language: Language::Go, name: "go tools", install: golang::install, tools: &[] },
];

const PYTHON_RUNTIME: Item = Item {
    language: Language::Python,
    name: "python run time",
    install: python::install_runtime,
    tools: &[],
};

enum Outcome {
    /// Nothing to do.
    UpToDate,
    /// Installed; the text says what.
    Installed(String),
    /// The base toolchain is missing; the text says how to get it. A failure in CI.
    Skipped(String),
    /// Not there, and only a test that skips itself then needs it; the text says why.
    Optional(String),
    /// Did not work.
    Failed(String),
}

fn verify(context: &Context, item: &Item, outcome: Outcome) -> Result<Outcome> {
    if matches!(outcome, Outcome::Skipped(_) | Outcome::Optional(_) | Outcome::Failed(_)) {
        return Ok(outcome);
    }
    for name in item.tools {
        let tool = facts(item.language).toolchain.tool(name);
        let path = tool.and_then(|tool| tool.path.as_deref());
        let path = path.with_context(|| format!("language.toml gives no path for `{name}`"))?;
        anyhow::ensure!(context.tools.join(path).exists(), "{path} is missing after the installation");
    }
    Ok(outcome)
}

fn report(context: &Context, item: &Item, outcome: &Outcome, seconds: f64) -> bool {
    let (text, fine) = match outcome {
        Outcome::UpToDate => ("up to date".to_owned(), true),
        Outcome::Installed(what) => (format!("installed {what}"), true),
        Outcome::Skipped(why) => (format!("skipped {}: {why}", item.language), !context.ci),
        Outcome::Optional(why) => (format!("skipped: {why}"), true),
        Outcome::Failed(why) => (format!("FAILED: {why}"), false),
    };
    println!("  {:<16} {text} ({seconds:.1} s)", item.name);
    fine
}
