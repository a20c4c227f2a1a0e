//! Streams of a component from and to objects.

use std::io::{Read, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tempfile::NamedTempFile;
use wasmtime::format_err;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

/// Bytes that are moved at once.
const CHUNK: usize = 64 << 10;

/// An object that is read.
pub(crate) struct Reading(pub(crate) Box<dyn Read + Send + Sync>);

/// A file that becomes an object; none when it did.
#[derive(Clone)]
pub(crate) struct Writing(Arc<Mutex<Option<NamedTempFile>>>);

impl Writing {
    pub(crate) fn new(file: NamedTempFile) -> Self {
        Self(Arc::new(Mutex::new(Some(file))))
    }

    /// The file, after which nothing is written any more.
    pub(crate) fn end(&self) -> Option<NamedTempFile> {
        self.file().take()
    }

    fn file(&self) -> MutexGuard<'_, Option<NamedTempFile>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// A disk is always ready.
#[async_trait]
impl Pollable for Reading {
    async fn ready(&mut self) {}
}

#[async_trait]
impl Pollable for Writing {
    async fn ready(&mut self) {}
}

impl InputStream for Reading {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let mut bytes = BytesMut::zeroed(size.min(CHUNK));
        if bytes.is_empty() {
            return Ok(Bytes::new());
        }
        match self.0.read(&mut bytes) {
            Ok(0) => Err(StreamError::Closed),
            Ok(count) => {
                bytes.truncate(count);
                Ok(bytes.freeze())
            }
            Err(reason) => Err(StreamError::LastOperationFailed(reason.into())),
        }
    }
}

impl OutputStream for Writing {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut file = self.file();
        let file = file.as_mut().ok_or(StreamError::Closed)?;
        file.write_all(&bytes).map_err(|reason| StreamError::LastOperationFailed(reason.into()))
    }

    fn flush(&mut self) -> StreamResult<()> {
        match self.file().as_ref() {
            Some(_) => Ok(()),
            None => Err(StreamError::Closed),
        }
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        match self.file().as_ref() {
            Some(_) => Ok(CHUNK),
            None => Err(StreamError::Closed),
        }
    }
}

/// All of an object at once.
pub(crate) fn whole(mut reader: Box<dyn Read + Send + Sync>, size: u64) -> wasmtime::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(usize::try_from(size)?)
        .map_err(|_| format_err!("{size} bytes are too many at once"))?;
    reader.read_to_end(&mut bytes)?;
    Ok(bytes)
}
