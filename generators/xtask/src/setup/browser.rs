//! A browser for the test of the report's page: the machine's, or Debian's package where `apt-get` may install it.

use std::process::Command;

use anyhow::Result;

use super::{Outcome, Setup};
use crate::process;

/// What the test looks for, in this order.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

pub fn install(_: &Setup) -> Result<Outcome> {
    if PROGRAMS.iter().any(|program| process::find(program).is_some()) {
        return Ok(Outcome::UpToDate);
    }
    let Some(apt) = process::find("apt-get") else {
        return Ok(Outcome::Optional("no chromium, and no apt-get to install it".to_owned()));
    };
    let apt_get = |args: &[&str]| {
        let mut command = Command::new(&apt);
        command.args(["-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]);
        process::output(command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let installed =
        apt_get(&["update"]).and_then(|_| apt_get(&["install", "-y", "--no-install-recommends", "chromium"]));
    Ok(match installed {
        Ok(_) => Outcome::Installed("chromium".to_owned()),
        Err(error) => {
            let reason = format!("{error:#}");
            let reason = reason.lines().next().unwrap_or_default();
            Outcome::Optional(format!("no chromium, and apt-get cannot install it ({reason})"))
        }
    })
}
