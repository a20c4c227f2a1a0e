//! staticcheck and revive, built from the versions and sums of `languages/go/toolchain`, and the modules of hosts.

use std::fs;
use std::process::Command;

use anyhow::Result;
use witgen_languages::{Language, facts};

use super::store::Entry;
use super::{Outcome, Setup, base};
use crate::process;

pub fn install(setup: &Setup) -> Result<Outcome> {
    let context = setup.context;
    let tool = facts(Language::Go).toolchain.tool("go");
    let (minimum, install) =
        tool.map_or(("1.25", ""), |tool| (tool.minimum.as_deref().unwrap_or("0"), &tool.install));
    let go = match base::find("go", "version", minimum, install)? {
        Ok(go) => go,
        Err(outcome) => return Ok(outcome),
    };
    // What hosts stand on, so that tests need no network.
    for module in ["runtime-support/go/host", "conformance/testees/go-host"] {
        let module = context.root.join(module);
        process::output(Command::new(&go.path).args(["mod", "download"]).current_dir(module))?;
    }
    let source = context.root.join("languages/go/toolchain");
    let (module, sums) = (fs::read(source.join("go.mod"))?, fs::read(source.join("go.sum"))?);
    let entry = Entry::new(&context.tools, "go", &[&module, &sums, format!("{:?}", go.version).as_bytes()]);
    if entry.is_current() {
        return Ok(Outcome::UpToDate);
    }
    entry.install(|folder| {
        fs::write(folder.join("go.mod"), &module)?;
        fs::write(folder.join("go.sum"), &sums)?;
        process::output(
            Command::new(&go.path)
                .args(["install", "-mod=readonly", "tool"])
                .env("GOBIN", folder.join("bin"))
                .env("GOFLAGS", "")
                .current_dir(folder),
        )?;
        Ok(())
    })?;
    Ok(Outcome::Installed("staticcheck, revive".to_owned()))
}
