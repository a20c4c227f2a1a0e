//! A store that ends with the host.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{KeyValueStore, Keys, number, sum};
use crate::stores::StoreError;

/// Values by bucket and key.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    values: BTreeMap<(String, String), Value>,
    /// The number of the last key that was made.
    last: u64,
    /// Keys by their numbers, which are the places of a listing.
    order: BTreeMap<u64, (String, String)>,
}

#[derive(Debug)]
struct Value {
    bytes: Vec<u8>,
    number: u64,
}

impl Memory {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn set(&mut self, bucket: &str, key: &str, bytes: Vec<u8>) {
        let place = (bucket.to_owned(), key.to_owned());
        if let Some(value) = self.values.get_mut(&place) {
            value.bytes = bytes;
            return;
        }
        self.last += 1;
        self.order.insert(self.last, place.clone());
        self.values.insert(place, Value { bytes, number: self.last });
    }

    fn get(&self, bucket: &str, key: &str) -> Option<&[u8]> {
        let value = self.values.get(&(bucket.to_owned(), key.to_owned()));
        value.map(|value| value.bytes.as_slice())
    }
}

impl KeyValueStore for Memory {
    fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.inner().get(bucket, key).map(<[u8]>::to_vec))
    }

    fn set(&self, bucket: &str, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.inner().set(bucket, key, value.to_vec());
        Ok(())
    }

    fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        let mut inner = self.inner();
        if let Some(value) = inner.values.remove(&(bucket.to_owned(), key.to_owned())) {
            inner.order.remove(&value.number);
        }
        Ok(())
    }

    fn keys(&self, bucket: &str, from: u64, most: usize) -> Result<Keys, StoreError> {
        let inner = self.inner();
        let rest = inner.order.range((Bound::Excluded(from), Bound::Unbounded));
        let mut rest = rest.filter(|(_, (own, _))| own == bucket).peekable();
        let mut keys = Vec::new();
        let mut last = from;
        while keys.len() < most
            && let Some((number, (_, key))) = rest.next()
        {
            keys.push(key.clone());
            last = *number;
        }
        Ok(Keys { keys, next: rest.peek().map(|_| last) })
    }

    fn increment(&self, bucket: &str, key: &str, delta: u64) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        let sum = sum(number(inner.get(bucket, key))?, delta)?;
        inner.set(bucket, key, sum.to_string().into_bytes());
        Ok(sum)
    }

    fn set_many(&self, bucket: &str, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut inner = self.inner();
        entries.iter().for_each(|(key, value)| inner.set(bucket, key, value.clone()));
        Ok(())
    }
}
