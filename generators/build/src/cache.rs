//! Components by the hash of everything that they are made from, for toolchains that take seconds.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use witgen_diag::{Diagnostic, Id};

use crate::tools::cache_dir;

/// The oldest components are removed beyond this many bytes.
const MAX_BYTES: u64 = 2 << 30;

/// A directory of components, or nothing where there is no place for one.
pub(crate) struct Cache {
    dir: Option<PathBuf>,
}

/// What a component is made from.
pub(crate) struct Key {
    hash: Sha256,
}

impl Key {
    /// A key for the components of one driver; `version` changes when the driver builds differently.
    pub(crate) fn new(driver: &str, version: u32) -> Self {
        Self { hash: Sha256::new() }.part("driver", driver.as_bytes()).part("version", &version.to_le_bytes())
    }

    /// Adds one part.
    #[must_use]
    pub(crate) fn part(mut self, name: &str, content: &[u8]) -> Self {
        for bytes in [name.as_bytes(), content] {
            self.hash.update((bytes.len() as u64).to_le_bytes());
            self.hash.update(bytes);
        }
        self
    }

    /// Adds every file below `root`, without folders that `skip` names and without hidden ones.
    pub(crate) fn tree(mut self, root: &Path, skip: &[&str]) -> witgen_diag::Result<Self> {
        let mut pending = vec![root.to_owned()];
        let mut files = Vec::new();
        while let Some(dir) = pending.pop() {
            for path in entries(&dir)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.starts_with('.') || skip.contains(&name.as_str()) {
                    continue;
                }
                if path.is_dir() {
                    pending.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files.sort();
        for path in files {
            let content = std::fs::read(&path).map_err(|reason| unreadable(&path, &reason))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            self = self.part(&name, &content);
        }
        Ok(self)
    }

    fn name(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Cache {
    /// The cache of this user.
    pub(crate) fn new() -> Self {
        Self { dir: cache_dir().map(|dir| dir.join("components")) }
    }

    /// The component of `key`, made by `build` unless it is there.
    ///
    /// A cache that cannot be read or written only costs time.
    pub(crate) fn get_or_build(
        &self,
        key: Key,
        build: impl FnOnce() -> witgen_diag::Result<Vec<u8>>,
    ) -> witgen_diag::Result<Vec<u8>> {
        let Some(dir) = &self.dir else { return build() };
        let path = dir.join(format!("{}.wasm", key.name()));
        if let Ok(component) = std::fs::read(&path) {
            return Ok(component);
        }
        let component = build()?;
        if store(dir, &path, &component).is_ok() {
            prune(dir);
        }
        Ok(component)
    }
}

fn store(dir: &Path, path: &Path, component: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    std::io::Write::write_all(&mut file, component)?;
    file.persist(path)?;
    Ok(())
}

fn prune(dir: &Path) {
    let Ok(paths) = entries(dir) else { return };
    let mut files: Vec<(SystemTime, u64, PathBuf)> = paths
        .into_iter()
        .filter_map(|path| {
            let metadata = path.metadata().ok()?;
            Some((metadata.modified().ok()?, metadata.len(), path))
        })
        .collect();
    files.sort();
    let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (_, size, path) in files {
        if total <= MAX_BYTES {
            break;
        }
        if std::fs::remove_file(path).is_ok() {
            total -= size;
        }
    }
}

fn entries(dir: &Path) -> witgen_diag::Result<Vec<PathBuf>> {
    std::fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|reason| unreadable(dir, &reason).into())
}

fn unreadable(path: &Path, reason: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Id::Io, format!("cannot read `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(dir: &Path) -> String {
        Key::new("test", 1).tree(dir, &["target"]).unwrap().name()
    }

    #[test]
    fn key_changes_with_a_file_and_not_with_a_skipped_one() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("target")).unwrap();
        std::fs::write(dir.path().join("app.py"), "a").unwrap();
        let first = key(dir.path());
        std::fs::write(dir.path().join("target/x"), "x").unwrap();
        assert_eq!(key(dir.path()), first);
        std::fs::write(dir.path().join("app.py"), "b").unwrap();
        assert_ne!(key(dir.path()), first);
    }

    #[test]
    fn second_build_comes_from_the_cache() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache { dir: Some(dir.path().join("components")) };
        let first = cache.get_or_build(Key::new("test", 1), || Ok(vec![1])).unwrap();
        let second = cache.get_or_build(Key::new("test", 1), || Ok(vec![2])).unwrap();
        assert_eq!((first, second), (vec![1], vec![1]));
    }

    #[test]
    fn failed_build_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache { dir: Some(dir.path().to_owned()) };
        let failed =
            cache.get_or_build(Key::new("test", 1), || Err(Diagnostic::error(Id::ToolFailed, "no").into()));
        assert!(failed.is_err());
        assert_eq!(cache.get_or_build(Key::new("test", 1), || Ok(vec![2])).unwrap(), [2]);
    }
}
