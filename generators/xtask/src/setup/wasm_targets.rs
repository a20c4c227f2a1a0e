//! The wasm targets of the Rust compiler in use: left alone when they work, else from rustup, else from source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::wasm_source::Source;
use super::{Outcome, Setup, store};
use crate::process;

const TARGETS: [&str; 3] = ["wasm32-wasip2", "wasm32-unknown-unknown", "wasm32-wasip1"];

/// A network that swallows requests must not hold up the fallback for long.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

pub fn install(setup: &Setup) -> Result<Outcome> {
    let compiler = Compiler::in_use()?;
    let stamp = setup.context.tools.join("rust-targets.stamp");
    let identity =
        store::digest(&[compiler.version.as_bytes(), compiler.sysroot.as_os_str().as_encoded_bytes()]);
    let stamped = fs::read_to_string(&stamp).is_ok_and(|text| text == identity);
    if !setup.force_fallback
        && stamped
        && TARGETS.iter().all(|target| compiler.target(target).join("lib").is_dir())
    {
        return Ok(Outcome::UpToDate);
    }
    let mut source = None;
    let mut done = Vec::new();
    for target in TARGETS {
        if let Some(how) = ensure_target(setup, &compiler, target, &mut source)? {
            done.push(format!("{target} {how}"));
        }
    }
    fs::write(&stamp, identity)?;
    Ok(if done.is_empty() { Outcome::UpToDate } else { Outcome::Installed(done.join(", ")) })
}

/// Makes `target` work. Returns how, or nothing when it worked already.
fn ensure_target(
    setup: &Setup,
    compiler: &Compiler,
    target: &str,
    source: &mut Option<Source>,
) -> Result<Option<&'static str>> {
    let mut rustup_said = None;
    if !setup.force_fallback {
        if probe(compiler, target).is_ok() {
            return Ok(None);
        }
        match add_by_rustup(compiler, target).and_then(|()| probe(compiler, target)) {
            Ok(()) => return Ok(Some("by rustup")),
            Err(error) => rustup_said = Some(error),
        }
    }
    let mut build = || -> Result<()> {
        if source.is_none() {
            *source = Some(Source::fetch(compiler, &setup.context.tools)?);
        }
        source.as_ref().context("just fetched")?.build(compiler, target, setup.force_fallback)?;
        probe(compiler, target).with_context(|| format!("{target} was built but does not compile a program"))
    };
    build().map_err(|error| match rustup_said {
        Some(rustup) => error.context(format!(
            "{target}: rustup could not add it ({rustup:#}) and neither could a build from source"
        )),
        None => error,
    })?;
    Ok(Some("from source"))
}

fn add_by_rustup(compiler: &Compiler, target: &str) -> Result<()> {
    let rustup = process::find("rustup").context("rustup not found")?;
    // rustup refuses to write over a set that it did not install itself.
    if compiler.target(target).join(super::wasm_source::MARK).exists() {
        fs::remove_dir_all(compiler.target(target))?;
    }
    let toolchain = compiler.sysroot.file_name().context("the sysroot has a name")?;
    let mut command = Command::new(rustup);
    command.args(["target", "add", "--toolchain"]).arg(toolchain).arg(target);
    process::output_within(&mut command, RUSTUP_LIMIT)
}

/// Compiles and links a program that uses std.
fn probe(compiler: &Compiler, target: &str) -> Result<()> {
    const COMMAND: &str = r#"fn main() { println!("{}", std::env::args().count()); }"#;
    const LIBRARY: &str =
        r#"#[unsafe(no_mangle)] pub extern "C" fn length(n: usize) -> usize { vec![n; n].len() }"#;
    let (kind, program) = if target.contains("unknown") { ("cdylib", LIBRARY) } else { ("bin", COMMAND) };
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("probe.rs");
    fs::write(&file, program)?;
    let mut command = Command::new(&compiler.rustc);
    command.args(["--edition", "2024", "--target", target, "--crate-type", kind, "-o"]);
    process::output(command.arg(scratch.path().join("probe.wasm")).arg(&file)).map(drop)
}

/// The compiler that cargo uses at the root of the repository.
pub struct Compiler {
    pub rustc: PathBuf,
    pub sysroot: PathBuf,
    /// What `rustc -vV` prints.
    pub version: String,
}

impl Compiler {
    fn in_use() -> Result<Compiler> {
        let rustc = std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from);
        let sysroot = process::output(Command::new(&rustc).args(["--print", "sysroot"]))?;
        let version = process::output(Command::new(&rustc).arg("-vV"))?;
        Ok(Compiler { rustc, sysroot: PathBuf::from(sysroot.trim_end()), version })
    }

    /// Where the sysroot keeps everything of `target`.
    pub fn target(&self, target: &str) -> PathBuf {
        self.rustlib().join(target)
    }

    pub fn rustlib(&self) -> PathBuf {
        Path::new(&self.sysroot).join("lib/rustlib")
    }

    /// A line of `rustc -vV`, for instance `release`.
    pub fn fact(&self, name: &str) -> Result<&str> {
        let mut lines = self.version.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.with_context(|| format!("`rustc -vV` does not say {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_the_compiler_are_read_by_name() {
        let version = "rustc 1.95.0\nbinary: rustc\nrelease: 1.95.0\n".to_owned();
        let compiler = Compiler { rustc: "rustc".into(), sysroot: "/s".into(), version };
        assert_eq!(compiler.fact("release").unwrap(), "1.95.0");
        assert!(compiler.fact("host").is_err());
    }

    #[test]
    fn a_target_that_does_not_exist_fails_the_probe() {
        assert!(probe(&Compiler::in_use().unwrap(), "wasm32-unknown-nowhere").is_err());
    }
}
