//! A folder per set of pinned files, complete or absent.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

/// Written last: a folder without it is what an interrupted run left.
const STAMP: &str = ".complete";

/// The folder of one item in the store, in use as `<tools>/<name>`.
pub struct Entry {
    folder: PathBuf,
    link: PathBuf,
}

impl Entry {
    /// The entry of `name` for exactly these `inputs`: lock files, versions.
    pub fn new(tools: &Path, name: &str, inputs: &[&[u8]]) -> Entry {
        let store = tools.join("store");
        Entry { folder: store.join(format!("{name}-{}", &digest(inputs)[..16])), link: tools.join(name) }
    }

    /// Whether the folder is complete and in use.
    pub fn is_current(&self) -> bool {
        self.folder.join(STAMP).is_file()
            && fs::read_link(&self.link).is_ok_and(|target| target == self.target())
    }

    /// Fills the folder with `fill` unless it is complete, then puts it into use.
    pub fn install(&self, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        if !self.folder.join(STAMP).is_file() {
            if self.folder.exists() {
                fs::remove_dir_all(&self.folder)?;
            }
            fs::create_dir_all(&self.folder)?;
            fill(&self.folder)?;
            fs::write(self.folder.join(STAMP), "")?;
        }
        self.put_into_use()
    }

    fn put_into_use(&self) -> Result<()> {
        let previous = fs::read_link(&self.link).ok();
        if previous.is_none() && self.link.exists() {
            anyhow::bail!("{} is in the way: setup puts a link there; move it away", self.link.display());
        }
        let fresh = self.link.with_extension("new-link");
        let _ = fs::remove_file(&fresh);
        link(&self.target(), &fresh)?;
        fs::rename(&fresh, &self.link)?;
        self.forget_all_but(previous.as_deref())
    }

    /// Removes older folders, except the one that was in use until now: a test of another clone may run in it.
    fn forget_all_but(&self, previous: Option<&Path>) -> Result<()> {
        let keep = [self.folder.file_name(), previous.and_then(Path::file_name)];
        let store = self.folder.parent().context("an entry lies in the store")?;
        let name = self.link.file_name().unwrap_or_default().to_string_lossy();
        for entry in fs::read_dir(store)? {
            let entry = entry?;
            let file_name = entry.file_name();
            let of_this_item =
                file_name.to_string_lossy().rsplit_once('-').is_some_and(|(item, _)| item == name);
            if of_this_item && !keep.contains(&Some(&file_name)) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// What the link says: relative, so that the tools directory can be moved.
    fn target(&self) -> PathBuf {
        Path::new("store").join(self.folder.file_name().unwrap_or_default())
    }
}

/// The SHA-256 of `parts`, in hexadecimal. Where one part ends matters.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of the file at `path`, in hexadecimal.
pub fn file_digest(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(target, at)?)
}

#[cfg(not(unix))]
fn link(_target: &Path, _at: &Path) -> Result<()> {
    anyhow::bail!("setup needs a Unix machine; on Windows use WSL")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, text: &str) -> Result<()> {
        Ok(fs::write(folder.join("file"), text)?)
    }

    #[test]
    fn an_entry_is_filled_once_and_used_through_its_name() {
        let tools = tempfile::tempdir().unwrap();
        let entry = Entry::new(tools.path(), "python", &[b"lock 1"]);
        assert!(!entry.is_current());
        entry.install(|folder| write(folder, "one")).unwrap();
        assert!(entry.is_current());
        entry.install(|_| panic!("must not be filled again")).unwrap();
        assert_eq!(fs::read_to_string(tools.path().join("python/file")).unwrap(), "one");
    }

    #[test]
    fn a_failed_fill_leaves_the_previous_entry_in_use() {
        let tools = tempfile::tempdir().unwrap();
        Entry::new(tools.path(), "python", &[b"lock 1"]).install(|folder| write(folder, "one")).unwrap();
        let next = Entry::new(tools.path(), "python", &[b"lock 2"]);
        next.install(|folder| {
            write(folder, "half")?;
            anyhow::bail!("interrupted")
        })
        .unwrap_err();
        assert_eq!(fs::read_to_string(tools.path().join("python/file")).unwrap(), "one");
        assert!(!next.is_current());
        next.install(|folder| {
            assert!(!folder.join("file").exists(), "what was half done is gone");
            write(folder, "two")
        })
        .unwrap();
        assert_eq!(fs::read_to_string(tools.path().join("python/file")).unwrap(), "two");
    }

    #[test]
    fn only_the_last_two_entries_of_an_item_are_kept() {
        let tools = tempfile::tempdir().unwrap();
        for (name, lock) in [("node", "a"), ("python", "a"), ("python", "b"), ("python", "c")] {
            Entry::new(tools.path(), name, &[lock.as_bytes()]).install(|folder| write(folder, lock)).unwrap();
        }
        assert_eq!(fs::read_dir(tools.path().join("store")).unwrap().count(), 3);
        assert!(Entry::new(tools.path(), "node", &[b"a"]).is_current());
    }

    #[test]
    fn the_digest_tells_parts_apart() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
