//! A directory of containers, each a directory of files.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::{Blob, BlobStore, ContainerInfo, ObjectInfo};
use crate::stores::StoreError;

/// Bytes of a file's name that common file systems allow.
const LONGEST: usize = 255;

#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::new(error)
    }
}

impl Folder {
    /// The directory must be there.
    pub(crate) fn open(root: &Path) -> Result<Self, StoreError> {
        let root = root.canonicalize()?;
        match root.is_dir() {
            true => Ok(Self { root }),
            false => Err(StoreError::new("it is no directory")),
        }
    }

    fn place(&self, container: &str) -> Result<PathBuf, StoreError> {
        Ok(self.root.join(file_name(container)?))
    }

    fn object_place(&self, container: &str, name: &str) -> Result<PathBuf, StoreError> {
        let place = self.place(container)?;
        if !place.is_dir() {
            return Err(no_container(container));
        }
        Ok(place.join(file_name(name)?))
    }
}

fn no_container(name: &str) -> StoreError {
    StoreError(format!("there is no container `{name}`"))
}

/// The name of the file for a name of any text: no path, not hidden, and another one for each name.
fn file_name(name: &str) -> Result<String, StoreError> {
    let mut file = String::new();
    for (index, byte) in name.bytes().enumerate() {
        let plain =
            byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || (byte == b'.' && index > 0);
        if plain {
            file.push(char::from(byte));
        } else {
            let _ = write!(file, "%{byte:02X}");
        }
    }
    // No other name is written like this.
    if file.is_empty() {
        file.push('%');
    }
    match file.len() <= LONGEST {
        true => Ok(file),
        false => Err(StoreError::new("the name is too long")),
    }
}

/// The name that a file was made for; none for one that this store did not make.
fn name_of(file: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = file.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        match (rest.next(), rest.next()) {
            (Some(high), Some(low)) => {
                let digits = [high, low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            _ if file == "%" => {}
            _ => return None,
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (file_name(&name).ok()? == file).then_some(name)
}

fn made(metadata: &fs::Metadata) -> SystemTime {
    metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// What is there at a path, which may be nothing. Links are not followed: this store makes none.
fn look(path: &Path) -> Result<Option<fs::Metadata>, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl BlobStore for Folder {
    fn create_container(&self, name: &str) -> Result<(), StoreError> {
        fs::create_dir(self.place(name)?).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => StoreError(format!("there is a container `{name}` already")),
            _ => error.into(),
        })
    }

    fn container(&self, name: &str) -> Result<Option<ContainerInfo>, StoreError> {
        let found = look(&self.place(name)?)?.filter(fs::Metadata::is_dir);
        Ok(found.map(|metadata| ContainerInfo { created: made(&metadata) }))
    }

    fn delete_container(&self, name: &str) -> Result<(), StoreError> {
        match fs::remove_dir_all(self.place(name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn objects(&self, container: &str) -> Result<Vec<String>, StoreError> {
        let entries = fs::read_dir(self.place(container)?).map_err(|error| match error.kind() {
            ErrorKind::NotFound => no_container(container),
            _ => error.into(),
        })?;
        let mut names = Vec::new();
        for entry in entries {
            names.extend(entry?.file_name().to_str().and_then(name_of));
        }
        names.sort();
        Ok(names)
    }

    fn object(&self, container: &str, name: &str) -> Result<Option<ObjectInfo>, StoreError> {
        let found = look(&self.object_place(container, name)?)?.filter(fs::Metadata::is_file);
        Ok(found.map(|metadata| ObjectInfo { created: made(&metadata), size: metadata.len() }))
    }

    fn read(&self, container: &str, name: &str, start: u64, end: u64) -> Result<Blob, StoreError> {
        let path = self.object_place(container, name)?;
        let Some(metadata) = look(&path)?.filter(fs::Metadata::is_file) else {
            return Err(StoreError(format!("there is no object `{name}` in `{container}`")));
        };
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let behind = end.saturating_add(1).min(metadata.len());
        let size = behind.saturating_sub(start);
        Ok(Blob { reader: Box::new(file.take(size)), size })
    }

    fn write(&self, container: &str, name: &str, content: NamedTempFile) -> Result<(), StoreError> {
        let path = self.object_place(container, name)?;
        content.persist(path).map(drop).map_err(|error| error.error.into())
    }

    fn delete(&self, container: &str, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.object_place(container, name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn staging(&self) -> Option<&Path> {
        Some(&self.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_file_of_its_own() {
        let names =
            ["", "%", "%25", ".", "..", ".hidden", "a/b", "a%2Fb", "../../etc", "naïve 🦀", "a.txt", "A.TXT"];
        let mut files: Vec<String> = names.iter().map(|name| file_name(name).unwrap()).collect();
        for (name, file) in names.iter().zip(&files) {
            assert!(!file.contains('/') && !file.starts_with('.') && !file.is_empty(), "{file}");
            assert_eq!(name_of(file).as_deref(), Some(*name));
        }
        files.sort();
        files.dedup();
        assert_eq!(files.len(), names.len());
        assert!(file_name(&"ä".repeat(50)).is_err());
        for foreign in [".incoming-x", "a%2fb", "a b", "%4"] {
            assert_eq!(name_of(foreign), None, "{foreign}");
        }
    }
}
