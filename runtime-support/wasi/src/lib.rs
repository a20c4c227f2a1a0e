//! WASI packages under grants, beside those that wasmtime-wasi has: http, keyvalue, blobstore, logging and config.
//!
//! [`add_to_linker`] links all of them, and those of [`witgen_grants`]; [`State`] is what a store needs for that, alone or in a state of your own with [`PackagesView`].
//! What is not granted is denied as `docs/grants.md` says.
//! [`make_images`] gets the memory of a component ready, with patience where memory is short.
//! [`KeyValueStore`] and [`BlobStore`] are what other backends implement.

mod blobstore;
mod config;
mod http;
mod image;
mod keyvalue;
mod logging;
mod state;
mod stores;

pub use blobstore::{Blob, BlobStore, ContainerInfo, ObjectInfo};
pub use image::make_images;
pub use keyvalue::{KeyValueStore, Keys};
pub use state::{Packages, PackagesView, State};
pub use stores::{StoreError, Stores};

use wasmtime::Result;
use wasmtime::component::Linker;

/// The packages that [`add_to_linker`] provides, with the versions of each, as they stand in imports.
pub const PROVIDED: &[(&str, &[&str])] = &[
    ("wasi:cli", &["0.2"]),
    ("wasi:clocks", &["0.2"]),
    ("wasi:filesystem", &["0.2"]),
    ("wasi:http", &["0.2"]),
    ("wasi:io", &["0.2"]),
    ("wasi:random", &["0.2"]),
    ("wasi:sockets", &["0.2"]),
    ("wasi:blobstore", blobstore::VERSIONS),
    ("wasi:config", config::VERSIONS),
    ("wasi:keyvalue", keyvalue::VERSIONS),
    ("wasi:logging", logging::VERSIONS),
];

/// Whether an import such as `wasi:io/streams@0.2.3` is provided.
#[must_use]
pub fn provides(import: &str) -> bool {
    let (name, version) = import.split_once('@').unwrap_or((import, ""));
    let Some((package, _)) = name.split_once('/') else { return false };
    let known = PROVIDED.iter().find(|(known, _)| *known == package);
    known.is_some_and(|(_, versions)| {
        versions.iter().any(|known| {
            *known == version || version.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'))
        })
    })
}

/// Adds every package that is provided, in all versions; the guard of an instance decides what it may use.
///
/// # Errors
///
/// Fails when the linker already has something of one of the names.
pub fn add_to_linker<T: PackagesView>(linker: &mut Linker<T>) -> Result<()> {
    witgen_grants::add_to_linker(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_sync(linker)?;
    keyvalue::add(linker)?;
    blobstore::add(linker)?;
    logging::add(linker)?;
    config::add(linker)
}

/// The names of an interface of a draft: with each of its versions, and without any.
fn names(interface: &str, versions: &[&str]) -> Vec<String> {
    let with = |version: &&str| match *version {
        "" => interface.to_owned(),
        version => format!("{interface}@{version}"),
    };
    versions.iter().map(with).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_told_apart() {
        for import in ["wasi:io/streams@0.2.0", "wasi:logging/logging", "wasi:config/store@0.2.0-rc.1"] {
            assert!(super::provides(import), "{import}");
        }
        for import in
            ["wasi:io/streams@0.3.0", "wasi:io/streams", "wasi:logging/logging@1.0.0", "a:b/c", "run"]
        {
            assert!(!super::provides(import), "{import}");
        }
    }
}
