//! Files: wasmtime keeps a component inside its directories, this tells which grant was missing.

use wasmtime::component::{Linker, Resource};
use wasmtime::{Result, StoreContextMut};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemView};
use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::bindings::filesystem::preopens;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DescriptorFlags, DescriptorStat, ErrorCode, Host as _, HostDescriptor as _, NewTimestamp, OpenFlags,
    PathFlags,
};

use crate::guard::{Guard, GuardView};
use crate::link::{FILES, PREOPENS};
use crate::model::Access;
use crate::monitor::Event;

/// Where an open directory or file is.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The granted directory that it was reached through, as the component knows it.
    root: String,
    /// Its own path.
    path: String,
}

type Fd = Resource<Descriptor>;

/// Something that a component does to a path.
struct Deed<'a> {
    action: &'static str,
    fd: u32,
    path: &'a str,
    /// Whether it needs more than `read`.
    changes: bool,
}

pub(crate) fn add<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    linker.instance(PREOPENS)?.func_wrap(
        "get-directories",
        |mut store: StoreContextMut<'_, T>, (): ()| {
            let state = store.data_mut();
            let found = preopens::Host::get_directories(&mut state.filesystem())?;
            for (fd, path) in &found {
                let place = Place { root: path.clone(), path: path.clone() };
                state.guard().places.insert(fd.rep(), place);
            }
            Ok((found,))
        },
    )?;
    opening(linker)?;
    changing(linker)?;
    moving(linker)?;
    setting(linker)
}

fn opening<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut files = linker.instance(FILES)?;
    type Open = (Fd, PathFlags, String, OpenFlags, DescriptorFlags);
    files.func_wrap(
        "[method]descriptor.open-at",
        |mut store: StoreContextMut<'_, T>, (fd, follow, path, how, mode): Open| {
            let state = store.data_mut();
            let changes = how.intersects(OpenFlags::CREATE | OpenFlags::EXCLUSIVE | OpenFlags::TRUNCATE)
                || mode.contains(DescriptorFlags::WRITE);
            let number = fd.rep();
            let opened = state.filesystem().open_at(fd, follow, path.clone(), how, mode);
            let opened = coded(state, opened)?;
            let guard = state.guard();
            let deed = Deed { action: "filesystem.open", fd: number, path: &path, changes };
            guard.judge(&deed, opened.as_ref().err().copied())?;
            if let Ok(opened) = &opened {
                guard.reached(number, &path, opened.rep());
            }
            Ok((opened,))
        },
    )?;
    files.func_wrap(
        "[method]descriptor.stat-at",
        |mut store: StoreContextMut<'_, T>, (fd, follow, path): (Fd, PathFlags, String)| {
            let state = store.data_mut();
            let number = fd.rep();
            let found = state.filesystem().stat_at(fd, follow, path.clone());
            let found: std::result::Result<DescriptorStat, _> = coded(state, found)?;
            let deed = Deed { action: "filesystem.stat", fd: number, path: &path, changes: false };
            state.guard().judge(&deed, found.as_ref().err().copied())?;
            Ok((found,))
        },
    )?;
    files.func_wrap(
        "[method]descriptor.readlink-at",
        |mut store: StoreContextMut<'_, T>, (fd, path): (Fd, String)| {
            let state = store.data_mut();
            let number = fd.rep();
            let found = state.filesystem().readlink_at(fd, path.clone());
            let found = coded(state, found)?;
            let deed = Deed { action: "filesystem.read-link", fd: number, path: &path, changes: false };
            state.guard().judge(&deed, found.as_ref().err().copied())?;
            Ok((found,))
        },
    )
}

/// Functions that take a directory and a path in it.
fn changing<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut files = linker.instance(FILES)?;
    files.func_wrap(
        "[method]descriptor.create-directory-at",
        |mut store: StoreContextMut<'_, T>, (fd, path): (Fd, String)| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().create_directory_at(fd, path.clone());
            changed(state, "filesystem.create-directory", number, &path, done)
        },
    )?;
    files.func_wrap(
        "[method]descriptor.remove-directory-at",
        |mut store: StoreContextMut<'_, T>, (fd, path): (Fd, String)| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().remove_directory_at(fd, path.clone());
            changed(state, "filesystem.remove-directory", number, &path, done)
        },
    )?;
    files.func_wrap(
        "[method]descriptor.unlink-file-at",
        |mut store: StoreContextMut<'_, T>, (fd, path): (Fd, String)| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().unlink_file_at(fd, path.clone());
            changed(state, "filesystem.remove", number, &path, done)
        },
    )?;
    files.func_wrap(
        "[method]descriptor.symlink-at",
        |mut store: StoreContextMut<'_, T>, (fd, target, path): (Fd, String, String)| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().symlink_at(fd, target, path.clone());
            changed(state, "filesystem.symlink", number, &path, done)
        },
    )
}

/// Functions with two directories.
fn moving<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut files = linker.instance(FILES)?;
    files.func_wrap(
        "[method]descriptor.rename-at",
        |mut store: StoreContextMut<'_, T>, (fd, old, to, new): (Fd, String, Fd, String)| {
            let (state, from, into) = (store.data_mut(), fd.rep(), to.rep());
            let done = state.filesystem().rename_at(fd, old.clone(), to, new.clone());
            moved(state, "filesystem.rename", (from, &old), (into, &new), done)
        },
    )?;
    files.func_wrap(
        "[method]descriptor.link-at",
        |mut store: StoreContextMut<'_, T>,
         (fd, follow, old, to, new): (Fd, PathFlags, String, Fd, String)| {
            let (state, from, into) = (store.data_mut(), fd.rep(), to.rep());
            let done = state.filesystem().link_at(fd, follow, old.clone(), to, new.clone());
            moved(state, "filesystem.link", (from, &old), (into, &new), done)
        },
    )
}

/// Functions that change what is known of a file.
fn setting<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut files = linker.instance(FILES)?;
    files.func_wrap(
        "[method]descriptor.set-size",
        |mut store: StoreContextMut<'_, T>, (fd, size): (Fd, u64)| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().set_size(fd, size);
            changed(state, "filesystem.set-size", number, "", done)
        },
    )?;
    files.func_wrap(
        "[method]descriptor.set-times",
        |mut store: StoreContextMut<'_, T>, (fd, read, written): (Fd, NewTimestamp, NewTimestamp)| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().set_times(fd, read, written);
            changed(state, "filesystem.set-times", number, "", done)
        },
    )?;
    type SetTimesAt = (Fd, PathFlags, String, NewTimestamp, NewTimestamp);
    files.func_wrap(
        "[method]descriptor.set-times-at",
        |mut store: StoreContextMut<'_, T>, (fd, follow, path, read, written): SetTimesAt| {
            let (state, number) = (store.data_mut(), fd.rep());
            let done = state.filesystem().set_times_at(fd, follow, path.clone(), read, written);
            changed(state, "filesystem.set-times", number, &path, done)
        },
    )
}

type Done = std::result::Result<(), ErrorCode>;

fn changed<T: GuardView>(
    state: &mut T,
    action: &'static str,
    fd: u32,
    path: &str,
    done: std::result::Result<(), FsError>,
) -> Result<(Done,)> {
    let done = coded(state, done)?;
    state.guard().judge(&Deed { action, fd, path, changes: true }, done.err())?;
    Ok((done,))
}

/// Both ends must be writable; the one that is not is the one to name.
fn moved<T: GuardView>(
    state: &mut T,
    action: &'static str,
    from: (u32, &str),
    into: (u32, &str),
    done: std::result::Result<(), FsError>,
) -> Result<(Done,)> {
    let done = coded(state, done)?;
    let guard = state.guard();
    let (fd, path) = if guard.may_change(from.0) { into } else { from };
    guard.judge(&Deed { action, fd, path, changes: true }, done.err())?;
    Ok((done,))
}

/// An error as the component gets it; some are traps.
fn coded<T: GuardView, R>(
    state: &mut T,
    done: std::result::Result<R, FsError>,
) -> Result<std::result::Result<R, ErrorCode>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(error) => Ok(Err(state.filesystem().convert_error_code(error)?)),
    }
}

impl Guard {
    fn may_change(&self, fd: u32) -> bool {
        self.places
            .get(&fd)
            .and_then(|place| self.grants.filesystem.get(&place.root))
            .is_some_and(|directory| directory.access == Access::ReadWrite)
    }

    /// Remembers where a directory or file was opened.
    fn reached(&mut self, from: u32, path: &str, opened: u32) {
        if let Some(place) = self.places.get(&from) {
            let place = Place { root: place.root.clone(), path: joined(&place.path, path) };
            self.places.insert(opened, place);
        }
    }

    /// Tells a denial from a failure, and writes down either.
    fn judge(&self, deed: &Deed<'_>, error: Option<ErrorCode>) -> Result<()> {
        let Some(place) = self.places.get(&deed.fd) else { return Ok(()) };
        let target = joined(&place.path, deed.path);
        let grant = format!("filesystem.\"{}\"", place.root);
        let forbidden =
            matches!(error, Some(ErrorCode::NotPermitted | ErrorCode::Access | ErrorCode::ReadOnly));
        let code = error.map(|code| code.name().to_owned());
        let event = |allowed, grant| Event {
            action: deed.action,
            target: &target,
            allowed,
            grant,
            error: code.as_deref(),
        };
        if forbidden && deed.changes && !self.may_change(deed.fd) {
            let grant = format!("{grant}.access = \"read-write\"");
            return self.monitor.denied(&event(false, &grant), &format!("change `{target}`"));
        }
        // Inside of the directory the operating system may object, too; that is no matter of grants.
        if forbidden && error == Some(ErrorCode::NotPermitted) {
            let what = format!("reach `{target}`, which leads out of `{}`", place.root);
            // A link inside of the directory leads to a place that only the host knows.
            let missing = match parent(&target) {
                inside
                    if format!("{inside}/")
                        .starts_with(&format!("{}/", place.root.trim_end_matches('/'))) =>
                {
                    "filesystem".to_owned()
                }
                outside => format!("filesystem.\"{outside}\""),
            };
            return self.monitor.denied(&event(false, &missing), &what);
        }
        self.monitor.record(&event(true, &grant))
    }
}

fn joined(directory: &str, path: &str) -> String {
    match path {
        "" | "." => directory.to_owned(),
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        relative => format!("{}/{relative}", directory.trim_end_matches('/')),
    }
}

/// The directory of a path, with its `..` resolved as text.
fn parent(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.pop();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_text() {
        assert_eq!(joined("/data", "a/b"), "/data/a/b");
        assert_eq!(joined("/", "a"), "/a");
        assert_eq!(joined("/data", "."), "/data");
        assert_eq!(joined("/data", "/etc/passwd"), "/etc/passwd");
        assert_eq!(parent("/data/../etc/passwd"), "/etc");
        assert_eq!(parent("/data/../../../x"), "/");
    }
}
