//! The go command that builds and tests hosts, and its race detector.

use std::path::PathBuf;
use std::process::Command;

use crate::workshop::Unbuilt;

/// The go command that `witgen build` uses.
///
/// # Errors
///
/// `MissingTool` where it is not there.
pub fn go() -> Result<PathBuf, Unbuilt> {
    let go = std::env::var_os("WITGEN_GO").map_or_else(|| PathBuf::from("go"), PathBuf::from);
    match Command::new(&go).arg("version").output() {
        Ok(output) if output.status.success() => Ok(go),
        _ => Err(Unbuilt::MissingTool("go was not found; see https://go.dev/dl".to_owned())),
    }
}

/// The flag with which the race detector watches, where there is one.
#[must_use]
pub fn race() -> &'static [&'static str] {
    let known = cfg!(all(target_os = "linux", target_arch = "x86_64"));
    let compiles =
        || Command::new("cc").arg("--version").output().is_ok_and(|output| output.status.success());
    if known && compiles() { &["-race"] } else { &[] }
}
