//! A folder of containers, and streams from and to it.

use std::io::Write as _;
use std::time::Duration;

use wasmtime_wasi::p2::{InputStream as _, OutputStream as _, StreamError};

use super::streams::{Reading, Writing, whole};
use super::*;

fn stored(store: &dyn BlobStore, container: &str, name: &str, bytes: &[u8]) {
    let mut file = temporary(store).unwrap();
    file.write_all(bytes).unwrap();
    store.write(container, name, file).unwrap();
}

fn read(store: &dyn BlobStore, name: &str, start: u64, end: u64) -> Vec<u8> {
    let Blob { reader, size } = store.read("photos", name, start, end).unwrap();
    let bytes = whole(reader, size).unwrap();
    assert_eq!(bytes.len() as u64, size);
    bytes
}

#[test]
fn a_folder_keeps_objects() {
    let dir = tempfile::tempdir().unwrap();
    let store = Folder::open(dir.path()).unwrap();
    assert_eq!(store.container("photos").unwrap(), None);
    assert!(store.objects("photos").is_err());
    store.create_container("photos").unwrap();
    assert_eq!(store.create_container("photos").unwrap_err().0, "there is a container `photos` already");
    assert!(store.container("photos").unwrap().unwrap().created.elapsed().unwrap() < Duration::from_secs(60));

    stored(&store, "photos", "../a/b", b"0123456789");
    stored(&store, "photos", "", b"");
    assert_eq!(store.objects("photos").unwrap(), ["", "../a/b"]);
    assert_eq!(store.object("photos", "../a/b").unwrap().unwrap().size, 10);
    assert_eq!(store.object("photos", "none").unwrap(), None);
    assert_eq!(read(&store, "../a/b", 0, u64::MAX), b"0123456789");
    assert_eq!(read(&store, "../a/b", 2, 4), b"234");
    assert_eq!(read(&store, "../a/b", 9, 9), b"9");
    assert_eq!(read(&store, "../a/b", 20, 30), b"");
    assert_eq!(read(&store, "", 0, 0), b"");

    store.create_container("..").unwrap();
    copy(&store, ("photos", "../a/b"), ("..", "copy")).unwrap();
    assert_eq!(store.objects("..").unwrap(), ["copy"]);
    assert!(copy(&store, ("photos", "none"), ("..", "copy")).is_err());
    assert!(copy(&store, ("photos", "../a/b"), ("nowhere", "copy")).is_err());
    store.delete("photos", "../a/b").unwrap();
    store.delete("photos", "../a/b").unwrap();
    store.delete_container("photos").unwrap();
    store.delete_container("photos").unwrap();
    // Nothing is left of what went wrong.
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    assert!(Folder::open(&dir.path().join("missing")).is_err());
}

#[test]
fn what_is_read_stays_when_it_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let store = Folder::open(dir.path()).unwrap();
    store.create_container("photos").unwrap();
    stored(&store, "photos", "a", b"old");
    let Blob { reader, size } = store.read("photos", "a", 0, u64::MAX).unwrap();
    stored(&store, "photos", "a", b"newer");
    assert_eq!(whole(reader, size).unwrap(), b"old");
    assert_eq!(read(&store, "a", 0, u64::MAX), b"newer");
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let store = Folder::open(dir.path()).unwrap();
    store.create_container("photos").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", dir.path().join("photos/link")).unwrap();
    assert_eq!(store.object("photos", "link").unwrap(), None);
    assert!(store.read("photos", "link", 0, u64::MAX).is_err());
}

#[test]
fn streams_end() {
    let mut reading = Reading(Box::new(&b"0123456789"[..]));
    assert_eq!(&*reading.read(0).unwrap(), b"");
    assert_eq!(&*reading.read(4).unwrap(), b"0123");
    assert_eq!(&*reading.read(usize::MAX).unwrap(), b"456789");
    assert!(matches!(reading.read(1), Err(StreamError::Closed)));

    let mut writing = Writing::new(tempfile::NamedTempFile::new().unwrap());
    let object = writing.clone();
    assert!(writing.check_write().unwrap() > 0);
    writing.write("text"[..].into()).unwrap();
    writing.flush().unwrap();
    let file = object.end().unwrap();
    assert_eq!(std::fs::read(file.path()).unwrap(), b"text");
    assert!(matches!(writing.write("more"[..].into()), Err(StreamError::Closed)));
    assert!(matches!(writing.check_write(), Err(StreamError::Closed)));
    assert!(object.end().is_none());
}
