//! Finds the WIT texts of WASI in the crates that carry them, so that the repository holds no copies.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Crates, and which packages of theirs are taken; none: all of them.
const CARRIERS: &[(&str, &[&str])] = &[
    ("wasip2", &[]),
    ("wasip3", &[]),
    ("wasmcloud-component", &["blobstore", "config", "keyvalue", "logging"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=wasi");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let manifest = lay_out_manifest(&out.join("wasi"))?;
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(&manifest)
        .other_options(["--locked".to_owned()])
        .exec()?;

    let mut entries = String::new();
    for (carrier, packages) in CARRIERS {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == *carrier);
        let package =
            package.ok_or_else(|| format!("`{carrier}` is not in the manifest of the WASI texts"))?;
        let dir = package.manifest_path.parent().ok_or("a manifest has no parent")?.join("wit/deps");
        for path in sorted(dir.as_std_path())? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            if !packages.is_empty() && !packages.contains(&&*stem) {
                continue;
            }
            let text = text(&path)?;
            let name =
                package_name(&text).ok_or_else(|| format!("{} declares no package", path.display()))?;
            let (id, version) = name.split_once('@').ok_or_else(|| format!("`{name}` has no version"))?;
            let copy = format!("{}-{version}.wit", id.replace(':', "-"));
            fs::write(out.join(&copy), &text)?;
            entries.push_str(&format!(
                "    ({id:?}, {version:?}, include_str!(concat!(env!(\"OUT_DIR\"), \"/{copy}\"))),\n"
            ));
        }
    }
    fs::write(out.join("texts.rs"), format!("const TEXTS: &[(&str, &str, &str)] = &[\n{entries}];\n"))?;
    Ok(())
}

/// The text of a package: a file, or the files of a folder one after the other, the one that names it first.
fn text(path: &Path) -> Result<String, Box<dyn Error>> {
    if path.is_file() {
        return Ok(fs::read_to_string(path)?);
    }
    let mut texts = sorted(path)?.iter().map(fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    texts.sort_by_key(|text| package_name(text).is_none());
    Ok(texts.join("\n"))
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Box<dyn Error>>>()?;
    paths.sort();
    Ok(paths)
}

/// A package of its own, outside any workspace, whose lock file pins the crates by hash.
fn lay_out_manifest(dir: &Path) -> Result<PathBuf, Box<dyn Error>> {
    fs::create_dir_all(dir)?;
    fs::copy("wasi/manifest.toml", dir.join("Cargo.toml"))?;
    fs::copy("wasi/manifest.lock", dir.join("Cargo.lock"))?;
    fs::write(dir.join("lib.rs"), "")?;
    Ok(dir.join("Cargo.toml"))
}

fn package_name(text: &str) -> Option<&str> {
    let line = text.lines().find(|line| line.starts_with("package "))?;
    Some(line.strip_prefix("package ")?.trim_end().trim_end_matches(';'))
}
