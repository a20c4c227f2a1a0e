//! `cargo xtask newcomer`: how long it takes from a clone to the first bindings, and to two languages in one component.
//!
//! It types what the README says, in a clone of its own, with nothing compiled and no tools but cargo, Python and Go.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::context::Context;
use crate::process;

/// First bindings.
const BINDINGS: Duration = Duration::from_secs(3 * 60);
/// First component of two languages that runs.
const COMPONENT: Duration = Duration::from_secs(15 * 60);

/// Measures, prints, and returns whether both were soon enough.
pub fn run(context: &Context) -> Result<bool> {
    let dir = std::env::temp_dir().join(format!("witgen-newcomer-{}", std::process::id()));
    let measured = measure(context, &dir);
    std::fs::remove_dir_all(&dir)?;
    measured
}

fn measure(context: &Context, dir: &Path) -> Result<bool> {
    let clone = dir.join("witgen");
    let started = Instant::now();
    process::output(Command::new("git").args(["clone", "--quiet"]).arg(&context.root).arg(&clone))?;
    let shell = |line: &str| -> Result<String> {
        let mut bash = Command::new("bash");
        bash.args(["-euc", line]).current_dir(&clone).env("CARGO_TARGET_DIR", dir.join("target"));
        bash.env("WITGEN_TOOLS_DIR", dir.join("tools")).env("WITGEN_CACHE_DIR", dir.join("cache"));
        process::output(bash.env("GOCACHE", dir.join("go")))
    };
    shell(
        "cargo run --quiet -p witgen-cli --no-default-features -- python examples/hello/wit/hello.wit --guest",
    )?;
    ensure!(clone.join("bindings/python/exports/_world.py").is_file(), "there are no bindings");
    let bindings = started.elapsed();
    println!("first bindings: {} s, at most {} s", bindings.as_secs(), BINDINGS.as_secs());
    shell("cargo xtask setup --only python")?;
    println!("tools: {} s", started.elapsed().as_secs());
    shell("cargo build --quiet --release -p witgen-cli")?;
    println!("witgen: {} s", started.elapsed().as_secs());
    let printed = shell(
        "PATH=\"$CARGO_TARGET_DIR/release:$PATH\"
         witgen build examples/string-operations/provider/go -o provider.wasm
         witgen build examples/string-operations/consumer/python -o consumer.wasm
         witgen compose consumer.wasm provider.wasm -o both.wasm 2> open
         witgen run both.wasm",
    )?;
    ensure!(printed.contains("Words: 4"), "it prints {printed}");
    let component = started.elapsed();
    println!(
        "first component of two languages: {} s, at most {} s",
        component.as_secs(),
        COMPONENT.as_secs()
    );
    Ok(bindings <= BINDINGS && component <= COMPONENT)
}
