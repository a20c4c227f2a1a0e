//! The standard library for wasm targets, built from Debian's source packages.
//!
//! For networks where the distribution server of Rust is out of reach but a Debian mirror is not. Cargo can
//! compile std when it is told to act like a nightly; the resulting libraries go into the sysroot, after which
//! a plain `cargo build --target` finds them like those of rustup. The archives are pinned by hash and come
//! from whatever mirror apt is configured for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use super::wasm_targets::Compiler;
use crate::process;

/// Marks a target's folder in the sysroot as ours.
pub const MARK: &str = ".built-by-witgen-setup";

/// How the names of folders begin that an interrupted run may leave.
const SCRATCH: &str = ".witgen-std-";
const STAGE: &str = ".witgen-stage-";

/// A Debian package: the path in the archive and the SHA-256 of the file.
struct Package {
    path: &'static str,
    sha256: &'static str,
}

/// The sources of std, per compiler release: they must be those of the compiler.
const RUST_SOURCE: [(&str, Package); 1] = [(
    "1.95.0",
    Package {
        path: "pool/main/r/rustc/rust-src_1.95.0+dfsg1-2~bpo13+1_all.deb",
        sha256: "7b76db5b880a77f9e52975d2baa6209d2f76d2c9c2789515c3088cb960e2c83b",
    },
)];

/// The C library that the WASI targets link.
const WASI_LIBC: Package = Package {
    path: "pool/main/w/wasi-libc/wasi-libc_0.0~git20260129.ec0effd-3~bpo13+1_all.deb",
    sha256: "45eb80a2d4dcf7fe54c8e5c5d6a3cd165a3682fccc124c46f7abc6255c9b1bce",
};

/// Unpacked sources in a scratch folder that goes away with this value.
pub struct Source {
    scratch: TempDir,
    /// The `library` folder of the Rust sources.
    library: PathBuf,
    /// The libraries of wasi-libc, one folder per target.
    libc: PathBuf,
}

impl Source {
    /// Downloads and unpacks the sources that fit `compiler`.
    pub fn fetch(compiler: &Compiler, tools: &Path) -> Result<Source> {
        let release = compiler.fact("release")?;
        let pinned = RUST_SOURCE.iter().find(|(pinned, _)| *pinned == release);
        let (_, package) = pinned.with_context(|| format!("no sources are pinned for rustc {release}"))?;
        let mirror = debian_mirror()?;
        remove_leftovers(tools, SCRATCH)?;
        remove_leftovers(&compiler.rustlib(), STAGE)?;
        let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(tools)?;
        let rust = unpack(&mirror, package, &scratch.path().join("rust"))?;
        let libc = unpack(&mirror, &WASI_LIBC, &scratch.path().join("libc"))?.join("usr/lib");
        let library = subfolder(&rust.join("usr/src"), "rustc-")?.join("library");
        ensure!(library.join("Cargo.lock").is_file(), "{} holds no standard library", package.path);
        Ok(Source { scratch, library, libc })
    }

    /// Compiles std for `target` and puts it into the sysroot by one rename.
    pub fn build(&self, compiler: &Compiler, target: &str, replace: bool) -> Result<()> {
        let place = compiler.target(target);
        let of_rustup = compiler.rustlib().join(format!("manifest-rust-std-{target}")).exists();
        if of_rustup && !replace {
            bail!("rustup's {target} does not work; run: rustup target remove {target}");
        }
        let libraries = self.compile(compiler, target)?;
        let stage = tempfile::Builder::new().prefix(STAGE).tempdir_in(compiler.rustlib())?;
        let lib = stage.path().join("new/lib");
        fs::create_dir_all(&lib)?;
        for file in fs::read_dir(libraries)? {
            let file = file?.path();
            let name = file.file_name().unwrap_or_default();
            if file.extension().is_some_and(|extension| extension == "rlib")
                && !name.to_string_lossy().starts_with("libseed-")
            {
                fs::copy(&file, lib.join(name))?;
            }
        }
        self.add_libc(target, &lib)?;
        fs::write(stage.path().join("new").join(MARK), &compiler.version)?;
        if place.exists() {
            fs::rename(&place, stage.path().join("old"))?;
        }
        fs::rename(stage.path().join("new"), &place)?;
        Ok(())
    }

    /// Builds an empty crate together with std; returns the folder that holds all libraries.
    fn compile(&self, compiler: &Compiler, target: &str) -> Result<PathBuf> {
        let seed = self.scratch.path().join(format!("seed-{target}"));
        fs::create_dir_all(seed.join("src"))?;
        fs::create_dir_all(seed.join(".cargo"))?;
        fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
        fs::write(seed.join("Cargo.toml"), SEED_MANIFEST)?;
        // The sources bring their dependencies along. Only for wasip2 they must come from crates.io, checked
        // against std's own lock file: Debian removes a prebuilt object that wit-bindgen cannot do without.
        let vendor = self.library.join("vendor");
        if target != "wasm32-wasip2" && vendor.is_dir() {
            let vendor = toml::Value::String(vendor.to_string_lossy().into_owned());
            let config =
                format!("source.crates-io.replace-with = 'vendored'\nsource.vendored.directory = {vendor}\n");
            fs::write(seed.join(".cargo/config.toml"), config)?;
        }
        // Panic messages get the path that rustup's libraries have, which rustc maps to the user's sources.
        let virtual_path = format!("/rustc/{}/library", compiler.fact("commit-hash")?);
        let remap = format!("--remap-path-prefix={}={virtual_path}", self.library.display());
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for variable in FOREIGN_SETTINGS {
            cargo.env_remove(variable);
        }
        cargo
            .args(["build", "--quiet", "--release", "--target", target, "--target-dir"])
            .arg(seed.join("target"))
            .arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("__CARGO_TESTS_ONLY_SRC_ROOT", &self.library)
            // Users may ask for `lto = true`, which needs the bitcode.
            .env("CARGO_ENCODED_RUSTFLAGS", format!("-Cembed-bitcode=yes\x1f{remap}"))
            .current_dir(&seed);
        process::output(&mut cargo)?;
        Ok(seed.join("target").join(target).join("release/deps"))
    }

    fn add_libc(&self, target: &str, lib: &Path) -> Result<()> {
        let folder = match target {
            "wasm32-unknown-unknown" => return Ok(()),
            "wasm32-wasip1" => "wasm32-wasi",
            other => other,
        };
        let into = lib.join("self-contained");
        fs::create_dir_all(&into)?;
        for name in ["crt1-command.o", "crt1-reactor.o", "libc.a"] {
            let from = self.libc.join(folder).join(name);
            fs::copy(&from, into.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        Ok(())
    }
}

const SEED_MANIFEST: &str = r#"[package]
name = "seed"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.release]
debug = 0
codegen-units = 1
"#;

/// Settings of the surrounding build that must not reach this one.
const FOREIGN_SETTINGS: [&str; 6] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
];

/// The Debian archive that apt uses on this machine.
fn debian_mirror() -> Result<String> {
    let mut apt = Command::new("apt-get");
    apt.args(["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
    let archives = process::output(&mut apt).context("a build from source needs Debian's apt")?;
    main_archive(&archives).context("apt has no Debian archive among its sources")
}

/// The first archive whose path ends in `debian`: not the security archive, not a third party's.
fn main_archive(archives: &str) -> Option<String> {
    let archives = archives.lines().map(|line| line.trim().trim_end_matches('/'));
    archives.filter(|archive| archive.ends_with("/debian")).map(str::to_owned).next()
}

/// Downloads `package`, checked by its hash, and unpacks it into `folder`.
fn unpack(mirror: &str, package: &Package, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let file = folder.join("package.deb");
    // apt's helper honours the proxy and the credentials that apt is configured with, and checks the sum.
    let mut helper = Command::new("/usr/lib/apt/apt-helper");
    helper.args(["-o", "APT::Sandbox::User=root", "download-file"]);
    helper.arg(format!("{mirror}/{}", package.path)).arg(&file).arg(format!("SHA256:{}", package.sha256));
    process::output(&mut helper)?;
    let found = super::store::file_digest(&file)?;
    ensure!(found == package.sha256, "{}: its SHA-256 is {found}, expected {}", package.path, package.sha256);
    process::output(Command::new("dpkg-deb").arg("--extract").arg(&file).arg(folder))?;
    fs::remove_file(&file)?;
    Ok(folder.to_path_buf())
}

/// Removes what interrupted runs left; the lock of the tools directory keeps others from being at it.
fn remove_leftovers(folder: &Path, prefix: &str) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn subfolder(folder: &Path, prefix: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    Ok(found.next().with_context(|| format!("no {prefix}* in {}", folder.display()))?.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_interrupted_run_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".witgen-stage-a1", "wasm32-wasip2"] {
            fs::create_dir_all(folder.path().join(name).join("lib")).unwrap();
        }
        remove_leftovers(folder.path(), STAGE).unwrap();
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["wasm32-wasip2"]);
    }

    #[test]
    fn the_main_archive_is_picked_among_all() {
        let archives =
            "http://a.example/debian-security/\nhttp://a.example/debian/\nhttp://b.example/debian/\n";
        assert_eq!(main_archive(archives).as_deref(), Some("http://a.example/debian"));
        assert_eq!(main_archive("http://a.example/ubuntu/\n"), None);
    }
}
