//! `wasi:blobstore`: containers of objects in a store that the grants name.

mod folder;
mod link;
mod streams;

use std::io::Read;
use std::path::Path;
use std::time::SystemTime;

use tempfile::NamedTempFile;

pub(crate) use folder::Folder;
pub(crate) use link::add;

use crate::stores::StoreError;

pub(crate) const VERSIONS: &[&str] = &["", "0.2.0-draft"];

/// Where containers are kept.
///
/// Names are any text.
/// A store is used by many instances at a time, each on its own thread.
pub trait BlobStore: Send + Sync {
    /// Makes an empty container.
    ///
    /// # Errors
    ///
    /// Where there is one already.
    fn create_container(&self, name: &str) -> Result<(), StoreError>;

    /// What is known of a container; none where it is not there.
    ///
    /// # Errors
    ///
    /// What keeps the store from looking.
    fn container(&self, name: &str) -> Result<Option<ContainerInfo>, StoreError>;

    /// Removes a container with all its objects, if it is there.
    ///
    /// # Errors
    ///
    /// What keeps the store from removing it.
    fn delete_container(&self, name: &str) -> Result<(), StoreError>;

    /// The names of all objects, in any order.
    ///
    /// # Errors
    ///
    /// Also where there is no such container.
    fn objects(&self, container: &str) -> Result<Vec<String>, StoreError>;

    /// What is known of an object; none where it is not there.
    ///
    /// # Errors
    ///
    /// What keeps the store from looking.
    fn object(&self, container: &str, name: &str) -> Result<Option<ObjectInfo>, StoreError>;

    /// The bytes of an object from `start` to `end`, both included; an end behind the last byte is the last byte.
    ///
    /// They can be read although the object is replaced or removed meanwhile.
    ///
    /// # Errors
    ///
    /// Also where there is no such object.
    fn read(&self, container: &str, name: &str, start: u64, end: u64) -> Result<Blob, StoreError>;

    /// Makes an object of a file, or replaces it, at once for all who look.
    ///
    /// # Errors
    ///
    /// Also where there is no such container.
    fn write(&self, container: &str, name: &str, content: NamedTempFile) -> Result<(), StoreError>;

    /// Removes an object, if it is there.
    ///
    /// # Errors
    ///
    /// What keeps the store from removing it.
    fn delete(&self, container: &str, name: &str) -> Result<(), StoreError>;

    /// Where files that become objects are made; none: where the system has its temporary files.
    fn staging(&self) -> Option<&Path> {
        None
    }
}

/// Bytes to read.
pub struct Blob {
    /// They come from here.
    pub reader: Box<dyn Read + Send + Sync>,
    /// How many there are.
    pub size: u64,
}

/// What is known of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerInfo {
    /// When it was made.
    pub created: SystemTime,
}

/// What is known of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectInfo {
    /// When it was written.
    pub created: SystemTime,
    /// Its bytes.
    pub size: u64,
}

/// Copies an object, which may be there already.
pub(crate) fn copy(
    store: &dyn BlobStore,
    (from, name): (&str, &str),
    (to, new): (&str, &str),
) -> Result<(), StoreError> {
    let mut blob = store.read(from, name, 0, u64::MAX)?;
    let mut file = temporary(store)?;
    std::io::copy(&mut blob.reader, file.as_file_mut()).map_err(StoreError::new)?;
    store.write(to, new, file)
}

/// A file that becomes an object.
pub(crate) fn temporary(store: &dyn BlobStore) -> Result<NamedTempFile, StoreError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".incoming-");
    let made = store.staging().map_or_else(|| builder.tempfile(), |folder| builder.tempfile_in(folder));
    made.map_err(StoreError::new)
}

#[cfg(test)]
mod tests;
