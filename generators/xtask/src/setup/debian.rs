//! Programs that a few tests start: the machine's, or Debian's packages where `apt-get` may install them.

use std::process::Command;

use anyhow::{Result, bail};

use super::{Outcome, Setup};
use crate::process;

/// For the test of the report's page and of the example for browsers, which look for these in this order.
pub fn install_browser(_: &Setup) -> Result<Outcome> {
    Ok(package("chromium", &["chromium", "chromium-browser", "google-chrome"]))
}

/// For the test of a store of keys and values.
pub fn install_redis(_: &Setup) -> Result<Outcome> {
    Ok(package("redis-server", &["redis-server"]))
}

/// A program that has the name of its package, and without which nothing can be done.
pub fn require(program: &str) -> Result<()> {
    match package(program, &[program]) {
        Outcome::Optional(reason) => bail!(reason),
        _ => Ok(()),
    }
}

/// Installs a package unless one of its programs is there.
fn package(package: &str, programs: &[&str]) -> Outcome {
    if programs.iter().any(|program| process::find(program).is_some()) {
        return Outcome::UpToDate;
    }
    let Some(apt) = process::find("apt-get") else {
        return Outcome::Optional(format!("no {package}, and no apt-get to install it"));
    };
    let apt_get = |args: &[&str]| {
        let mut command = Command::new(&apt);
        command.args(["-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]);
        process::output(command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let installed =
        apt_get(&["update"]).and_then(|_| apt_get(&["install", "-y", "--no-install-recommends", package]));
    match installed {
        Ok(_) => Outcome::Installed(package.to_owned()),
        Err(error) => {
            let reason = format!("{error:#}");
            let reason = reason.lines().next().unwrap_or_default();
            Outcome::Optional(format!("no {package}, and apt-get cannot install it ({reason})"))
        }
    }
}
