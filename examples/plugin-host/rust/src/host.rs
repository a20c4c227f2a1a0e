//! The application: reads lines, and gives each to all plugins.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use wasmtime::Result;

use crate::bindings::exports::example::plugins::filters::Options;
use crate::plugin::{Plugin, Stamp};

const IMAGE: [u8; 6] = [0, 50, 100, 150, 200, 250];

/// Runs until there is nothing more to read.
pub fn run() -> Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        wasmtime::bail!("usage: plugin-host FOLDER");
    };
    let mut plugins = BTreeMap::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let Some(options) = options(&line) else {
            println!("give a width and a strength, not `{line}`");
            continue;
        };
        refresh(&folder, &mut plugins)?;
        for (name, (_, plugin)) in &plugins {
            if let Some(plugin) = plugin {
                println!("{name}: {}", plugin.apply(&IMAGE, options));
            }
        }
    }
    Ok(())
}

fn options(line: &str) -> Option<Options> {
    let (width, strength) = line.split_once(' ')?;
    Some(Options { width: width.parse().ok()?, strength: strength.parse().ok()? })
}

/// Loads what is new or has changed; a version that cannot be loaded leaves the one before it.
fn refresh(folder: &Path, plugins: &mut BTreeMap<String, (Stamp, Option<Plugin>)>) -> Result<()> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            found.push(path);
        }
    }
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    plugins.retain(|known, _| found.iter().any(|path| name(path) == *known));
    for path in found {
        let stamp = Stamp::of(&path);
        let (known, plugin) = plugins.entry(name(&path)).or_default();
        if *known == stamp {
            continue;
        }
        *known = stamp;
        match Plugin::load(&path) {
            Ok(loaded) => *plugin = Some(loaded),
            Err(reason) => println!("{}: not loaded: {reason}", name(&path)),
        }
    }
    Ok(())
}
