//! What outlives an instance: the stores of keys and of blobs.

use std::fmt;
use std::sync::Arc;

use witgen_grants::{Error, Grants};

use crate::blobstore::{BlobStore, Folder};
use crate::keyvalue::{self, KeyValueStore};

/// Why a store could not do something; the component gets the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(pub String);

impl StoreError {
    pub(crate) fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// The stores that instances share.
#[derive(Clone, Default)]
pub struct Stores {
    /// None: `wasi:keyvalue` is denied.
    pub keyvalue: Option<Arc<dyn KeyValueStore>>,
    /// None: `wasi:blobstore` is denied.
    pub blobs: Option<Arc<dyn BlobStore>>,
}

impl Stores {
    /// Opens what `grants` name.
    ///
    /// # Errors
    ///
    /// Fails when a store cannot be opened.
    pub fn open(grants: &Grants) -> Result<Self, Error> {
        let keyvalue = grants.keyvalue.store.as_deref().map(|store| {
            keyvalue::open(store).map_err(|reason| {
                Error::new(format!("`{store}` cannot be opened: {reason}"))
                    .help("it is granted as `keyvalue.store`".to_owned())
            })
        });
        let blobs = grants.blobstore.root.as_deref().map(|root| {
            Folder::open(root).map_err(|reason| {
                Error::new(format!("`{}` cannot be opened: {reason}", root.display()))
                    .help("it is granted as `blobstore.root`, and must be a directory".to_owned())
            })
        });
        let blobs = blobs.transpose()?.map(|folder| Arc::new(folder) as Arc<dyn BlobStore>);
        Ok(Self { keyvalue: keyvalue.transpose()?, blobs })
    }
}

impl fmt::Debug for Stores {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Stores")
            .field("keyvalue", &self.keyvalue.is_some())
            .field("blobs", &self.blobs.is_some())
            .finish()
    }
}
