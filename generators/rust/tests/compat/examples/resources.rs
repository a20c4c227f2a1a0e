//! Resources of both sides.

mod bindings {
    #[cfg(feature = "macro")]
    wit_bindgen::generate!({ path: "wit/resources.wit", world: "resources" });
    #[cfg(not(feature = "macro"))]
    include!(concat!(env!("WITGEN_BINDINGS"), "/resources.rs"));
}

use std::cell::RefCell;

use bindings::exports::test::resources::files::{
    Entry, Error, File, FileBorrow, Guest, GuestFile, GuestLock, Handle, Lock, Source,
};
use bindings::exports::test::resources::users;
use bindings::test::resources::files;

struct Component;

bindings::export!(Component with_types_in bindings);

/// Keeps the bytes, and the file of the other side that they come from.
struct MyFile {
    bytes: RefCell<Vec<u8>>,
    behind: files::File,
}

struct MyLock;

impl MyFile {
    fn size(&self) -> u64 {
        self.bytes.borrow().len() as u64
    }
}

impl GuestFile for MyFile {
    fn new(path: String) -> Self {
        let behind = files::File::new(&path);
        MyFile { bytes: RefCell::new(path.into_bytes()), behind }
    }

    fn open(path: String) -> Result<File, Error> {
        if path.is_empty() {
            return Err(Error::Io("no path".to_string()));
        }
        Ok(File::new(MyFile::new(path)))
    }

    fn read(&self, len: u32) -> Result<Vec<u8>, Error> {
        match self.behind.read(len) {
            Ok(bytes) => Ok(bytes),
            Err(files::Error::Closed) => Err(Error::Closed),
            Err(error) => Err(Error::Io(error.to_string())),
        }
    }

    fn append(&self, other: FileBorrow<'_>) -> u64 {
        let other: &MyFile = other.get();
        self.bytes.borrow_mut().extend(other.bytes.borrow().iter());
        self.behind.append(&other.behind) + self.size()
    }

    fn concat(left: File, mut right: File) -> File {
        right.get_mut::<MyFile>().bytes.get_mut().clear();
        let (left, right): (MyFile, MyFile) = (left.into_inner(), right.into_inner());
        left.bytes.borrow_mut().append(&mut right.bytes.borrow_mut());
        File::new(MyFile { behind: files::File::concat(left.behind, right.behind), bytes: left.bytes })
    }
}

impl GuestLock for MyLock {
    fn new(f: FileBorrow<'_>) -> Result<MyLock, String> {
        let lock = files::Lock::new(&f.get::<MyFile>().behind)?;
        if lock.held() { Ok(MyLock) } else { Err("free".to_string()) }
    }

    fn held(&self) -> bool {
        true
    }
}

impl Guest for Component {
    type File = MyFile;
    type Lock = MyLock;

    fn largest(files: Vec<FileBorrow<'_>>) -> Option<u32> {
        files.iter().map(|file| file.get::<MyFile>().size() as u32).max()
    }

    fn unpack(e: Entry) -> (File, String) {
        (e.content, e.name)
    }

    fn choose(s: Source) -> Option<Handle> {
        match s {
            Source::File(file) => Some(file),
            Source::Text(text) => Some(File::new(MyFile::new(text))),
            Source::Nothing => None,
        }
    }

    fn replace(f: File) -> Result<File, File> {
        if f.get::<MyFile>().size() > 0 { Ok(f) } else { Err(f) }
    }
}

impl users::Guest for Component {
    fn size_of(f: users::FileBorrow<'_>) -> Result<u64, users::FileError> {
        match f.get::<MyFile>().size() {
            0 => Err(users::FileError::Closed),
            size => Ok(size),
        }
    }

    fn keep(e: users::Entry) -> users::File {
        drop(e.name);
        e.content
    }
}

impl bindings::Guest for Component {
    fn run() -> u64 {
        let file = match files::File::open("a") {
            Ok(file) => file,
            Err(error) => return format!("{error:?}").len() as u64,
        };
        let (back, name) = files::unpack(files::Entry { name: "b".to_string(), content: file });
        let largest = files::largest(&[&back]).unwrap_or_default();
        let chosen = files::choose(files::Source::File(back));
        let replaced = match files::replace(chosen.unwrap()) {
            Ok(file) | Err(file) => file,
        };
        let lock: Result<files::Lock, String> = files::Lock::new(&replaced);
        let _unused: Option<Lock> = None;
        u64::from(largest) + name.len() as u64 + u64::from(lock.is_ok())
    }
}
