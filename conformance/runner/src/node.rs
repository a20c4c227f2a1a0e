//! The Node that runs hosts.

use std::path::PathBuf;

use crate::workshop::Unbuilt;

/// The Node that `cargo xtask setup` installs.
///
/// # Errors
///
/// `MissingTool` where it is not there.
pub fn node() -> Result<PathBuf, Unbuilt> {
    let tools = std::env::var_os("WITGEN_TOOLS_DIR").map(PathBuf::from).or_else(|| {
        let home = std::env::home_dir()?;
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
        Some(cache.join("witgen/tools"))
    });
    let node = tools.map(|tools| tools.join("node/node_modules/.bin/node")).filter(|node| node.is_file());
    node.ok_or_else(|| Unbuilt::MissingTool("node was not found; run `cargo xtask setup`".to_owned()))
}
