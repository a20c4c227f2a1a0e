//! `wasi:keyvalue`: buckets in a store that the grants name.

mod memory;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::sync::Arc;

use wasmtime::component::{ComponentType, Lift, Linker, Lower, Resource, ResourceType};
use wasmtime::{Result, StoreContextMut};
use witgen_grants::Event;

use crate::state::PackagesView;
use crate::stores::StoreError;

pub(crate) const VERSIONS: &[&str] = &["", "0.2.0-draft"];

/// Keys that a listing gives at once.
const PAGE: usize = 1000;

/// Where buckets are kept; buckets are made by their first key.
///
/// A store is used by many instances at a time, each on its own thread.
pub trait KeyValueStore: Send + Sync {
    /// The value of a key.
    ///
    /// # Errors
    ///
    /// What keeps the store from reading it.
    fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Gives a key a value, whether it has one or not.
    ///
    /// # Errors
    ///
    /// What keeps the store from writing it; then the old value is still there.
    fn set(&self, bucket: &str, key: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Removes a key, if it is there.
    ///
    /// # Errors
    ///
    /// What keeps the store from removing it.
    fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError>;

    /// Some keys, about `most`, from a place on; 0 is the start.
    ///
    /// Keys that are there during the whole listing are listed; those that come or go may be.
    ///
    /// # Errors
    ///
    /// What keeps the store from listing them.
    fn keys(&self, bucket: &str, from: u64, most: usize) -> Result<Keys, StoreError>;

    /// Adds to a number in decimal digits, which is 0 where the key is not there, at once for all who look.
    ///
    /// # Errors
    ///
    /// Also where the value is no number, or the sum is larger than 64 bits.
    fn increment(&self, bucket: &str, key: &str, delta: u64) -> Result<u64, StoreError>;

    /// Whether a key is there.
    ///
    /// # Errors
    ///
    /// See [`KeyValueStore::get`].
    fn exists(&self, bucket: &str, key: &str) -> Result<bool, StoreError> {
        Ok(self.get(bucket, key)?.is_some())
    }

    /// The values of several keys, in their order.
    ///
    /// # Errors
    ///
    /// See [`KeyValueStore::get`].
    fn get_many(&self, bucket: &str, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        keys.iter().map(|key| self.get(bucket, key)).collect()
    }

    /// Gives several keys their values; not all of them at once, unless the store does so.
    ///
    /// # Errors
    ///
    /// See [`KeyValueStore::set`].
    fn set_many(&self, bucket: &str, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        entries.iter().try_for_each(|(key, value)| self.set(bucket, key, value))
    }

    /// Removes several keys.
    ///
    /// # Errors
    ///
    /// See [`KeyValueStore::delete`].
    fn delete_many(&self, bucket: &str, keys: &[String]) -> Result<(), StoreError> {
        keys.iter().try_for_each(|key| self.delete(bucket, key))
    }
}

/// A part of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Some keys.
    pub keys: Vec<String>,
    /// Where to go on; none at the end.
    pub next: Option<u64>,
}

/// Opens what a grant names: `memory`, `file:PATH` or `redis://HOST:PORT`.
pub(crate) fn open(store: &str) -> Result<Arc<dyn KeyValueStore>, StoreError> {
    if store == "memory" {
        return Ok(Arc::new(memory::Memory::default()));
    }
    #[cfg(feature = "sqlite")]
    if let Some(path) = store.strip_prefix("file:") {
        return Ok(Arc::new(sqlite::Sqlite::open(path.as_ref())?));
    }
    #[cfg(feature = "redis")]
    if store.starts_with("redis://") {
        return Ok(Arc::new(redis::Redis::open(store)?));
    }
    Err(StoreError::new("this host has no such store"))
}

/// The value of a key that counts.
fn number(value: Option<&[u8]>) -> Result<u64, StoreError> {
    let Some(value) = value else { return Ok(0) };
    let text = std::str::from_utf8(value).ok();
    text.and_then(|text| text.parse().ok()).ok_or_else(|| StoreError::new("the value is not a number"))
}

fn sum(value: u64, delta: u64) -> Result<u64, StoreError> {
    value.checked_add(delta).ok_or_else(|| StoreError::new("the number becomes too large"))
}

#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(variant)]
enum Error {
    #[component(name = "no-such-store")]
    #[allow(dead_code, reason = "buckets are made by their first key")]
    NoSuchStore,
    #[component(name = "access-denied")]
    AccessDenied,
    #[component(name = "other")]
    Other(String),
}

impl From<StoreError> for Error {
    fn from(StoreError(reason): StoreError) -> Self {
        Self::Other(reason)
    }
}

#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
struct KeyResponse {
    keys: Vec<String>,
    cursor: Option<u64>,
}

/// An open bucket.
struct Bucket {
    store: Arc<dyn KeyValueStore>,
    name: String,
}

type Answer<R> = Result<(std::result::Result<R, Error>,)>;
type Handle = Resource<Bucket>;
type Entries = Vec<(String, Vec<u8>)>;

pub(crate) fn add<T: PackagesView>(linker: &mut Linker<T>) -> Result<()> {
    for name in crate::names("wasi:keyvalue/store", VERSIONS) {
        store(linker, &name)?;
    }
    for name in crate::names("wasi:keyvalue/atomics", VERSIONS) {
        linker.instance(&name)?.func_wrap(
            "increment",
            |store: StoreContextMut<'_, T>, (bucket, key, delta): (Handle, String, u64)| -> Answer<u64> {
                with(store, &bucket, "keyvalue.increment", &key, |bucket| {
                    bucket.store.increment(&bucket.name, &key, delta)
                })
            },
        )?;
    }
    for name in crate::names("wasi:keyvalue/batch", VERSIONS) {
        batch(linker, &name)?;
    }
    Ok(())
}

fn store<T: PackagesView>(linker: &mut Linker<T>, name: &str) -> Result<()> {
    let mut instance = linker.instance(name)?;
    instance.resource("bucket", ResourceType::host::<Bucket>(), |mut store, handle| {
        store.data_mut().ctx().table.delete::<Bucket>(Resource::new_own(handle))?;
        Ok(())
    })?;
    instance.func_wrap(
        "open",
        |mut store: StoreContextMut<'_, T>, (name,): (String,)| -> Answer<Handle> {
            let state = store.data_mut();
            let Some(found) = state.packages().stores.keyvalue.clone() else {
                let (action, grant) = ("keyvalue.open", "keyvalue.store");
                let error = Some("access-denied");
                let event = Event { action, target: &name, allowed: false, grant, error };
                state.guard().monitor().denied(&event, "keep values by keys")?;
                return Ok((Err(Error::AccessDenied),));
            };
            state.guard().monitor().used("keyvalue.open", &name, "keyvalue.store")?;
            Ok((Ok(state.ctx().table.push(Bucket { store: found, name })?),))
        },
    )?;
    instance.func_wrap(
        "[method]bucket.get",
        |store: StoreContextMut<'_, T>, (bucket, key): (Handle, String)| -> Answer<Option<Vec<u8>>> {
            with(store, &bucket, "keyvalue.get", &key, |bucket| bucket.store.get(&bucket.name, &key))
        },
    )?;
    instance.func_wrap(
        "[method]bucket.set",
        |store: StoreContextMut<'_, T>, (bucket, key, value): (Handle, String, Vec<u8>)| -> Answer<()> {
            with(store, &bucket, "keyvalue.set", &key, |bucket| bucket.store.set(&bucket.name, &key, &value))
        },
    )?;
    instance.func_wrap(
        "[method]bucket.delete",
        |store: StoreContextMut<'_, T>, (bucket, key): (Handle, String)| -> Answer<()> {
            with(store, &bucket, "keyvalue.delete", &key, |bucket| bucket.store.delete(&bucket.name, &key))
        },
    )?;
    instance.func_wrap(
        "[method]bucket.exists",
        |store: StoreContextMut<'_, T>, (bucket, key): (Handle, String)| -> Answer<bool> {
            with(store, &bucket, "keyvalue.exists", &key, |bucket| bucket.store.exists(&bucket.name, &key))
        },
    )?;
    instance.func_wrap(
        "[method]bucket.list-keys",
        |store: StoreContextMut<'_, T>, (bucket, cursor): (Handle, Option<u64>)| -> Answer<KeyResponse> {
            with(store, &bucket, "keyvalue.list-keys", "", |bucket| {
                let Keys { keys, next } = bucket.store.keys(&bucket.name, cursor.unwrap_or(0), PAGE)?;
                Ok(KeyResponse { keys, cursor: next })
            })
        },
    )
}

fn batch<T: PackagesView>(linker: &mut Linker<T>, name: &str) -> Result<()> {
    let mut instance = linker.instance(name)?;
    type Found = Vec<Option<(String, Vec<u8>)>>;
    instance.func_wrap(
        "get-many",
        |store: StoreContextMut<'_, T>, (bucket, keys): (Handle, Vec<String>)| -> Answer<Found> {
            with(store, &bucket, "keyvalue.get-many", &keys.join(" "), |bucket| {
                let values = bucket.store.get_many(&bucket.name, &keys)?;
                Ok(keys.iter().cloned().zip(values).map(|(key, value)| Some((key, value?))).collect())
            })
        },
    )?;
    instance.func_wrap(
        "set-many",
        |store: StoreContextMut<'_, T>, (bucket, entries): (Handle, Entries)| -> Answer<()> {
            let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
            with(store, &bucket, "keyvalue.set-many", &keys.join(" "), |bucket| {
                bucket.store.set_many(&bucket.name, &entries)
            })
        },
    )?;
    instance.func_wrap(
        "delete-many",
        |store: StoreContextMut<'_, T>, (bucket, keys): (Handle, Vec<String>)| -> Answer<()> {
            with(store, &bucket, "keyvalue.delete-many", &keys.join(" "), |bucket| {
                bucket.store.delete_many(&bucket.name, &keys)
            })
        },
    )
}

/// Does something with an open bucket.
fn with<T: PackagesView, R>(
    mut store: StoreContextMut<'_, T>,
    bucket: &Handle,
    action: &str,
    target: &str,
    act: impl FnOnce(&Bucket) -> std::result::Result<R, StoreError>,
) -> Answer<R> {
    let state = store.data_mut();
    state.guard().monitor().used(action, target, "keyvalue.store")?;
    let bucket = state.ctx().table.get(bucket)?;
    Ok((act(bucket).map_err(Error::from),))
}

#[cfg(test)]
mod tests;
