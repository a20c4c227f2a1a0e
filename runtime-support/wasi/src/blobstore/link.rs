//! The functions of `wasi:blobstore`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use wasmtime::component::{ComponentType, Lift, Linker, LinkerInstance, Lower, Resource, ResourceType};
use wasmtime::{Result, StoreContextMut};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream};
use witgen_grants::Event;

use super::streams::{Reading, Writing, whole};
use super::{Blob, BlobStore, VERSIONS, copy, temporary};
use crate::state::PackagesView;
use crate::stores::StoreError;

/// Bytes that a component gets at once where nothing limits its memory, which has no room for more.
const MOST_AT_ONCE: u64 = 4 << 30;

#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
struct ContainerMetadata {
    name: String,
    #[component(name = "created-at")]
    created_at: u64,
}

#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
struct ObjectMetadata {
    name: String,
    container: String,
    #[component(name = "created-at")]
    created_at: u64,
    size: u64,
}

#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
struct ObjectId {
    container: String,
    object: String,
}

/// An open container.
struct Container {
    store: Arc<dyn BlobStore>,
    name: String,
}

/// Names that are still to be read.
struct Names(VecDeque<String>);

/// An object that is being written, and where it goes.
struct Outgoing {
    store: Arc<dyn BlobStore>,
    content: Writing,
    place: Option<(String, String)>,
}

type Answer<R> = Result<(std::result::Result<R, String>,)>;

/// Everything of the package, with each version and without.
pub(crate) fn add<T: PackagesView>(linker: &mut Linker<T>) -> Result<()> {
    for name in crate::names("wasi:blobstore/types", VERSIONS) {
        types(&mut linker.instance(&name)?)?;
    }
    for name in crate::names("wasi:blobstore/container", VERSIONS) {
        let mut instance = linker.instance(&name)?;
        container(&mut instance)?;
        objects(&mut instance)?;
        names(&mut instance)?;
    }
    for name in crate::names("wasi:blobstore/blobstore", VERSIONS) {
        blobstore(&mut linker.instance(&name)?)?;
    }
    Ok(())
}

/// The store, if it is granted; the error of the interface says so, if not.
fn granted<T: PackagesView>(
    state: &mut T,
    action: &str,
    target: &str,
) -> Result<std::result::Result<Arc<dyn BlobStore>, String>> {
    let grant = "blobstore.root";
    let Some(store) = state.packages().stores.blobs.clone() else {
        let event = Event { action, target, allowed: false, grant, error: Some("access denied") };
        state.guard().monitor().denied(&event, "keep blobs in containers")?;
        return Ok(Err("access denied".to_owned()));
    };
    state.guard().monitor().used(action, target, grant)?;
    Ok(Ok(store))
}

fn said<R>(done: std::result::Result<R, StoreError>) -> std::result::Result<R, String> {
    done.map_err(|StoreError(reason)| reason)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn blobstore<T: PackagesView>(instance: &mut LinkerInstance<'_, T>) -> Result<()> {
    type Own = Resource<Container>;
    instance.func_wrap(
        "create-container",
        |mut store: StoreContextMut<'_, T>, (name,): (String,)| -> Answer<Own> {
            let state = store.data_mut();
            let made = granted(state, "blobstore.create-container", &name)?.and_then(|store| {
                said(store.create_container(&name))?;
                Ok(Container { store, name })
            });
            push(state, made)
        },
    )?;
    instance.func_wrap(
        "get-container",
        |mut store: StoreContextMut<'_, T>, (name,): (String,)| -> Answer<Own> {
            let state = store.data_mut();
            let found = granted(state, "blobstore.get-container", &name)?.and_then(|store| {
                match said(store.container(&name))? {
                    Some(_) => Ok(Container { store, name }),
                    None => Err(format!("there is no container `{name}`")),
                }
            });
            push(state, found)
        },
    )?;
    instance.func_wrap(
        "delete-container",
        |mut store: StoreContextMut<'_, T>, (name,): (String,)| -> Answer<()> {
            let store = granted(store.data_mut(), "blobstore.delete-container", &name)?;
            Ok((store.and_then(|store| said(store.delete_container(&name))),))
        },
    )?;
    instance.func_wrap(
        "container-exists",
        |mut store: StoreContextMut<'_, T>, (name,): (String,)| -> Answer<bool> {
            let store = granted(store.data_mut(), "blobstore.container-exists", &name)?;
            Ok((store.and_then(|store| Ok(said(store.container(&name))?.is_some())),))
        },
    )?;
    instance.func_wrap(
        "copy-object",
        |mut store: StoreContextMut<'_, T>, (from, to): (ObjectId, ObjectId)| -> Answer<()> {
            let store = granted(store.data_mut(), "blobstore.copy-object", &from.object)?;
            Ok((store.and_then(|store| said(moved(&*store, &from, &to, false))),))
        },
    )?;
    instance.func_wrap(
        "move-object",
        |mut store: StoreContextMut<'_, T>, (from, to): (ObjectId, ObjectId)| -> Answer<()> {
            let store = granted(store.data_mut(), "blobstore.move-object", &from.object)?;
            Ok((store.and_then(|store| said(moved(&*store, &from, &to, true))),))
        },
    )
}

fn moved(
    store: &dyn BlobStore,
    from: &ObjectId,
    to: &ObjectId,
    away: bool,
) -> std::result::Result<(), StoreError> {
    let same = from.container == to.container && from.object == to.object;
    copy(store, (&from.container, &from.object), (&to.container, &to.object))?;
    if away && !same { store.delete(&from.container, &from.object) } else { Ok(()) }
}

/// Gives a component a handle to what was made.
fn push<T: PackagesView, R: Send + 'static>(
    state: &mut T,
    made: std::result::Result<R, String>,
) -> Answer<Resource<R>> {
    match made {
        Ok(made) => Ok((Ok(state.ctx().table.push(made)?),)),
        Err(reason) => Ok((Err(reason),)),
    }
}

fn container<T: PackagesView>(instance: &mut LinkerInstance<'_, T>) -> Result<()> {
    instance.resource("container", ResourceType::host::<Container>(), |mut store, handle| {
        store.data_mut().ctx().table.delete::<Container>(Resource::new_own(handle))?;
        Ok(())
    })?;
    type This = Resource<Container>;
    instance.func_wrap(
        "[method]container.name",
        |mut store: StoreContextMut<'_, T>, (this,): (This,)| -> Answer<String> {
            Ok((Ok(store.data_mut().ctx().table.get(&this)?.name.clone()),))
        },
    )?;
    instance.func_wrap(
        "[method]container.info",
        |store: StoreContextMut<'_, T>, (this,): (This,)| -> Answer<ContainerMetadata> {
            with(store, &this, "blobstore.info", "", |store, name| {
                let found = store.container(name)?;
                let info = found.ok_or_else(|| StoreError(format!("there is no container `{name}`")))?;
                Ok(ContainerMetadata { name: name.to_owned(), created_at: seconds(info.created) })
            })
        },
    )?;
    instance.func_wrap(
        "[method]container.clear",
        |store: StoreContextMut<'_, T>, (this,): (This,)| -> Answer<()> {
            with(store, &this, "blobstore.clear", "", |store, name| {
                store.objects(name)?.iter().try_for_each(|object| store.delete(name, object))
            })
        },
    )?;
    instance.func_wrap(
        "[method]container.list-objects",
        |mut store: StoreContextMut<'_, T>, (this,): (This,)| -> Answer<Resource<Names>> {
            let state = store.data_mut();
            let container = state.ctx().table.get(&this)?;
            let (store, name) = (Arc::clone(&container.store), container.name.clone());
            state.guard().monitor().used("blobstore.list-objects", &name, "blobstore.root")?;
            let found = said(store.objects(&name)).map(|names| Names(names.into()));
            push(state, found)
        },
    )
}

/// Does something in an open container.
fn with<T: PackagesView, R>(
    mut store: StoreContextMut<'_, T>,
    container: &Resource<Container>,
    action: &str,
    object: &str,
    act: impl FnOnce(&dyn BlobStore, &str) -> std::result::Result<R, StoreError>,
) -> Answer<R> {
    let state = store.data_mut();
    let container = state.ctx().table.get(container)?;
    let (store, name) = (Arc::clone(&container.store), container.name.clone());
    let target = if object.is_empty() { name.clone() } else { format!("{name}/{object}") };
    state.guard().monitor().used(action, &target, "blobstore.root")?;
    Ok((said(act(&*store, &name)),))
}

fn objects<T: PackagesView>(instance: &mut LinkerInstance<'_, T>) -> Result<()> {
    type This = Resource<Container>;
    instance.func_wrap(
        "[method]container.get-data",
        |mut store: StoreContextMut<'_, T>,
         (this, object, start, end): (This, String, u64, u64)|
         -> Answer<Resource<Blob>> {
            let state = store.data_mut();
            let container = state.ctx().table.get(&this)?;
            let (store, name) = (Arc::clone(&container.store), container.name.clone());
            let target = format!("{name}/{object}");
            state.guard().monitor().used("blobstore.get-data", &target, "blobstore.root")?;
            let found = match start <= end {
                true => said(store.read(&name, &object, start, end)),
                false => Err(format!("the range from {start} to {end} is empty")),
            };
            push(state, found)
        },
    )?;
    instance.func_wrap(
        "[method]container.write-data",
        |mut store: StoreContextMut<'_, T>,
         (this, object, data): (This, String, Resource<Outgoing>)|
         -> Answer<()> {
            let state = store.data_mut();
            let name = state.ctx().table.get(&this)?.name.clone();
            let target = format!("{name}/{object}");
            state.guard().monitor().used("blobstore.write-data", &target, "blobstore.root")?;
            let outgoing = state.ctx().table.get_mut(&data)?;
            if outgoing.place.is_some() {
                return Ok((Err("the value is written to another object already".to_owned()),));
            }
            outgoing.place = Some((name, object));
            Ok((Ok(()),))
        },
    )?;
    instance.func_wrap(
        "[method]container.delete-object",
        |store: StoreContextMut<'_, T>, (this, object): (This, String)| -> Answer<()> {
            with(store, &this, "blobstore.delete-object", &object, |store, name| store.delete(name, &object))
        },
    )?;
    instance.func_wrap(
        "[method]container.delete-objects",
        |store: StoreContextMut<'_, T>, (this, all): (This, Vec<String>)| -> Answer<()> {
            with(store, &this, "blobstore.delete-objects", &all.join(" "), |store, name| {
                all.iter().try_for_each(|object| store.delete(name, object))
            })
        },
    )?;
    instance.func_wrap(
        "[method]container.has-object",
        |store: StoreContextMut<'_, T>, (this, object): (This, String)| -> Answer<bool> {
            with(store, &this, "blobstore.has-object", &object, |store, name| {
                Ok(store.object(name, &object)?.is_some())
            })
        },
    )?;
    instance.func_wrap(
        "[method]container.object-info",
        |store: StoreContextMut<'_, T>, (this, object): (This, String)| -> Answer<ObjectMetadata> {
            with(store, &this, "blobstore.object-info", &object, |store, container| {
                let found = store.object(container, &object)?;
                let missing = || StoreError(format!("there is no object `{object}` in `{container}`"));
                let info = found.ok_or_else(missing)?;
                let (name, container) = (object.clone(), container.to_owned());
                let created_at = seconds(info.created);
                Ok(ObjectMetadata { name, container, created_at, size: info.size })
            })
        },
    )
}

fn names<T: PackagesView>(instance: &mut LinkerInstance<'_, T>) -> Result<()> {
    instance.resource("stream-object-names", ResourceType::host::<Names>(), |mut store, handle| {
        store.data_mut().ctx().table.delete::<Names>(Resource::new_own(handle))?;
        Ok(())
    })?;
    type This = Resource<Names>;
    type Read = (Vec<String>, bool);
    instance.func_wrap(
        "[method]stream-object-names.read-stream-object-names",
        |mut store: StoreContextMut<'_, T>, (this, count): (This, u64)| -> Answer<Read> {
            let Names(names) = store.data_mut().ctx().table.get_mut(&this)?;
            let count = usize::try_from(count).unwrap_or(usize::MAX).min(names.len());
            let read = names.drain(..count).collect();
            Ok((Ok((read, names.is_empty())),))
        },
    )?;
    instance.func_wrap(
        "[method]stream-object-names.skip-stream-object-names",
        |mut store: StoreContextMut<'_, T>, (this, count): (This, u64)| -> Answer<(u64, bool)> {
            let Names(names) = store.data_mut().ctx().table.get_mut(&this)?;
            let count = usize::try_from(count).unwrap_or(usize::MAX).min(names.len());
            names.drain(..count);
            Ok((Ok((count as u64, names.is_empty())),))
        },
    )
}

fn types<T: PackagesView>(instance: &mut LinkerInstance<'_, T>) -> Result<()> {
    outgoing(instance)?;
    instance.resource("incoming-value", ResourceType::host::<Blob>(), |mut store, handle| {
        store.data_mut().ctx().table.delete::<Blob>(Resource::new_own(handle))?;
        Ok(())
    })?;
    instance.func_wrap(
        "[static]incoming-value.incoming-value-consume-sync",
        |mut store: StoreContextMut<'_, T>, (this,): (Resource<Blob>,)| -> Answer<Vec<u8>> {
            let state = store.data_mut();
            let limit = state.guard().grants().limits.memory.map_or(MOST_AT_ONCE, |size| size.0);
            let Blob { reader, size } = state.ctx().table.delete(this)?;
            if size > limit {
                return Ok((Err(format!("{size} bytes do not fit the memory: read them as a stream")),));
            }
            Ok((whole(reader, size).map_err(|reason| reason.to_string()),))
        },
    )?;
    instance.func_wrap(
        "[static]incoming-value.incoming-value-consume-async",
        |mut store: StoreContextMut<'_, T>, (this,): (Resource<Blob>,)| -> Answer<Resource<DynInputStream>> {
            let table = store.data_mut().ctx().table;
            let blob = table.delete(this)?;
            let stream: DynInputStream = Box::new(Reading(blob.reader));
            Ok((Ok(table.push(stream)?),))
        },
    )?;
    instance.func_wrap(
        "[method]incoming-value.size",
        |mut store: StoreContextMut<'_, T>, (this,): (Resource<Blob>,)| {
            Ok((store.data_mut().ctx().table.get(&this)?.size,))
        },
    )
}

fn outgoing<T: PackagesView>(instance: &mut LinkerInstance<'_, T>) -> Result<()> {
    instance.resource("outgoing-value", ResourceType::host::<Outgoing>(), |mut store, handle| {
        store.data_mut().ctx().table.delete::<Outgoing>(Resource::new_own(handle))?;
        Ok(())
    })?;
    instance.func_wrap(
        "[static]outgoing-value.new-outgoing-value",
        |mut store: StoreContextMut<'_, T>, (): ()| {
            let state = store.data_mut();
            let action = "blobstore.new-outgoing-value";
            let Ok(store) = granted(state, action, "")? else {
                // The function has no error.
                return Err(state.guard().refuse(action, "blobstore.root", "keep blobs in containers"));
            };
            let content = temporary(&*store).map_err(|StoreError(reason)| wasmtime::Error::msg(reason))?;
            let outgoing = Outgoing { store, content: Writing::new(content), place: None };
            Ok((state.ctx().table.push(outgoing)?,))
        },
    )?;
    instance.func_wrap(
        "[method]outgoing-value.outgoing-value-write-body",
        |mut store: StoreContextMut<'_, T>, (this,): (Resource<Outgoing>,)| {
            let table = store.data_mut().ctx().table;
            let stream: DynOutputStream = Box::new(table.get(&this)?.content.clone());
            Ok((Ok::<_, ()>(table.push(stream)?),))
        },
    )?;
    instance.func_wrap(
        "[static]outgoing-value.finish",
        |mut store: StoreContextMut<'_, T>, (this,): (Resource<Outgoing>,)| -> Answer<()> {
            let Outgoing { store, content, place } = store.data_mut().ctx().table.delete(this)?;
            let (Some((container, object)), Some(file)) = (place, content.end()) else {
                return Ok((Err("the value was not written to an object".to_owned()),));
            };
            Ok((said(store.write(&container, &object, file)),))
        },
    )
}
