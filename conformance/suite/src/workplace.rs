//! Where the sources of guests and host programs go, and what keeps that place from growing without end.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use witgen_emit::FileSet;

/// A folder that was not used for so long is removed.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Beyond this many bytes, the folders that were not used for the longest time are removed.
const MAX_BYTES: u64 = 2 << 30;

/// Folders used as recently as this may be those of a run that is going on.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// Changed whenever its folder is used.
const STAMP: &str = ".used";

/// Where the sources go.
#[derive(Clone, Debug)]
pub(crate) enum Workplace {
    /// A folder that the user named.
    Kept(PathBuf),
    /// A folder that toolchains find warm the next time, named by its content.
    Cache(PathBuf),
}

impl Workplace {
    /// What the user named, else witgen's cache, else a folder that is gone afterwards.
    pub(crate) fn new(keep: Option<&Path>, scratch: &Path) -> Self {
        match (keep, witgen_build::cache_dir()) {
            (Some(dir), _) => Self::Kept(dir.to_owned()),
            (None, Some(dir)) => Self::Cache(dir.join("suite")),
            (None, None) => Self::Kept(scratch.join("guests")),
        }
    }

    /// The folder for `files`.
    pub(crate) fn folder(&self, label: &str, files: &FileSet) -> PathBuf {
        match self {
            Self::Kept(dir) => dir.join(label),
            Self::Cache(dir) => {
                let mut hash = Sha256::new();
                for (path, content) in files.iter() {
                    for bytes in [path.as_bytes(), content] {
                        hash.update((bytes.len() as u64).to_le_bytes());
                        hash.update(bytes);
                    }
                }
                let hash: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                let dir = dir.join(format!("{label}-{hash}"));
                // A folder without a stamp is only removed earlier.
                let _ = std::fs::create_dir_all(&dir).and_then(|()| std::fs::write(dir.join(STAMP), ""));
                dir
            }
        }
    }

    /// Removes what nobody uses any more; a cache that cannot be tidied only costs room.
    pub(crate) fn prune(&self) {
        if let Self::Cache(dir) = self {
            prune(dir, SystemTime::now(), MAX_BYTES);
        }
    }
}

fn prune(dir: &Path, now: SystemTime, max_bytes: u64) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut folders: Vec<(Duration, u64, PathBuf)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let used = path.join(STAMP).metadata().or_else(|_| path.metadata()).ok()?.modified().ok()?;
            Some((now.duration_since(used).unwrap_or_default(), size(&path), path))
        })
        .collect();
    folders.sort();
    let mut total = 0;
    for (age, bytes, path) in folders {
        total += bytes;
        if age > FRESH && (age > MAX_AGE || total > max_bytes) {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

/// The bytes of all files below `dir`.
fn size(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let sizes = entries.filter_map(Result::ok).map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn old_folders_and_those_beyond_the_bound_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, hours, bytes) in [("now", 0, 500), ("recent", 2, 300), ("older", 3, 300), ("old", 9000, 1)]
        {
            let folder = dir.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("component.wasm"), vec![0; bytes]).unwrap();
            let stamp = std::fs::File::create(folder.join(STAMP)).unwrap();
            stamp.set_modified(now - Duration::from_secs(hours * 3600)).unwrap();
        }
        prune(dir.path(), now, 10_000);
        assert_eq!(left(dir.path()), ["now", "older", "recent"]);
        prune(dir.path(), now, 1000);
        assert_eq!(left(dir.path()), ["now", "recent"]);
        prune(dir.path(), now, 100);
        assert_eq!(left(dir.path()), ["now"]);
    }

    #[test]
    fn folder_is_named_by_its_content_and_stamped() {
        let dir = tempfile::tempdir().unwrap();
        let place = Workplace::Cache(dir.path().to_owned());
        let mut files = FileSet::new();
        let empty = place.folder("rust-exporter", &files);
        files.insert("lib.rs", "x").unwrap();
        let other = place.folder("rust-exporter", &files);
        assert!(empty != other && other.join(STAMP).is_file());
        assert_eq!(place.folder("rust-exporter", &files), other);
    }
}
