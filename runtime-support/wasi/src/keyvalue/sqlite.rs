//! A store in a file of SQLite, which several processes may share.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::{KeyValueStore, Keys, number, sum};
use crate::stores::StoreError;

/// How long a process waits for another one that writes.
const PATIENCE: Duration = Duration::from_secs(5);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS entries (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    UNIQUE (bucket, key)
)";
const SET: &str = "INSERT INTO entries (bucket, key, value) VALUES (?1, ?2, ?3)
    ON CONFLICT (bucket, key) DO UPDATE SET value = excluded.value";

#[derive(Debug)]
pub(crate) struct Sqlite(Mutex<Connection>);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(error)
    }
}

impl Sqlite {
    /// Opens a file, and makes it where it is not there.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        // Readers do not wait for a writer, and a crash of the host loses no value that was told to be written.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute(TABLE, [])?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn get(connection: &Connection, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT value FROM entries WHERE bucket = ?1 AND key = ?2")?;
    Ok(statement.query_row(params![bucket, key], |row| row.get(0)).optional()?)
}

fn set(connection: &Connection, bucket: &str, key: &str, value: &[u8]) -> Result<(), StoreError> {
    connection.prepare_cached(SET)?.execute(params![bucket, key, value])?;
    Ok(())
}

impl KeyValueStore for Sqlite {
    fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        get(&self.connection(), bucket, key)
    }

    fn set(&self, bucket: &str, key: &str, value: &[u8]) -> Result<(), StoreError> {
        set(&self.connection(), bucket, key, value)
    }

    fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("DELETE FROM entries WHERE bucket = ?1 AND key = ?2")?;
        statement.execute(params![bucket, key])?;
        Ok(())
    }

    fn keys(&self, bucket: &str, from: u64, most: usize) -> Result<Keys, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT place, key FROM entries WHERE bucket = ?1 AND place > ?2 ORDER BY place LIMIT ?3",
        )?;
        // One more, to see whether there is one.
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![bucket, from, limit], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut found = rows.collect::<Result<Vec<_>, _>>()?;
        let more = found.len() > most;
        found.truncate(most);
        let last = found.last().and_then(|(place, _)| u64::try_from(*place).ok());
        Ok(Keys { keys: found.into_iter().map(|(_, key)| key).collect(), next: last.filter(|_| more) })
    }

    fn increment(&self, bucket: &str, key: &str, delta: u64) -> Result<u64, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sum = sum(number(get(&transaction, bucket, key)?.as_deref())?, delta)?;
        set(&transaction, bucket, key, sum.to_string().as_bytes())?;
        transaction.commit()?;
        Ok(sum)
    }

    fn set_many(&self, bucket: &str, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        entries.iter().try_for_each(|(key, value)| set(&transaction, bucket, key, value))?;
        Ok(transaction.commit()?)
    }
}
