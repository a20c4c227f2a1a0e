//! A store in a Redis server: each bucket is a hash.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::{Client, Connection, ConnectionLike as _, RedisError, Script};

use super::{KeyValueStore, Keys, number, sum};
use crate::stores::StoreError;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sets a field to a value if it still has the old one, which an empty list says that it lacks.
const SWAP: &str = "local old = redis.call('HGET', KEYS[1], ARGV[1])
if old == (ARGV[3] or false) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) return 1 end
return 0";

pub(crate) struct Redis {
    client: Client,
    /// The connections that nobody uses.
    idle: Mutex<Vec<Connection>>,
}

impl From<RedisError> for StoreError {
    fn from(error: RedisError) -> Self {
        Self::new(error)
    }
}

impl Redis {
    /// Connects to the server of a URL.
    pub(crate) fn open(url: &str) -> Result<Self, StoreError> {
        let redis = Self { client: Client::open(url)?, idle: Mutex::default() };
        redis.with(|connection| Ok(redis::cmd("PING").query::<()>(connection)?))?;
        Ok(redis)
    }

    /// Does something on a connection, which is kept if it works.
    fn with<R>(&self, act: impl Fn(&mut Connection) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle_one = idle.pop();
        drop(idle);
        let mut connection = match idle_one {
            Some(connection) if connection.is_open() => connection,
            _ => {
                let connection = self.client.get_connection_with_timeout(PATIENCE)?;
                connection.set_read_timeout(Some(PATIENCE))?;
                connection.set_write_timeout(Some(PATIENCE))?;
                connection
            }
        };
        let done = act(&mut connection)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(done)
    }
}

/// The key of a bucket's hash; other programs may have keys of their own in the database.
fn hash(bucket: &str) -> String {
    format!("wasi:keyvalue:{bucket}")
}

impl KeyValueStore for Redis {
    fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|connection| Ok(redis::cmd("HGET").arg(hash(bucket)).arg(key).query(connection)?))
    }

    fn set(&self, bucket: &str, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.with(|connection| {
            Ok(redis::cmd("HSET").arg(hash(bucket)).arg(key).arg(value).query::<()>(connection)?)
        })
    }

    fn delete(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        self.with(|connection| Ok(redis::cmd("HDEL").arg(hash(bucket)).arg(key).query::<()>(connection)?))
    }

    fn exists(&self, bucket: &str, key: &str) -> Result<bool, StoreError> {
        self.with(|connection| Ok(redis::cmd("HEXISTS").arg(hash(bucket)).arg(key).query(connection)?))
    }

    fn keys(&self, bucket: &str, from: u64, most: usize) -> Result<Keys, StoreError> {
        self.with(|connection| {
            let mut command = redis::cmd("HSCAN");
            // The values come along: servers older than 7.4 cannot leave them out.
            command.arg(hash(bucket)).arg(from).arg("COUNT").arg(most);
            let (next, entries): (u64, Vec<(String, Vec<u8>)>) = command.query(connection)?;
            let keys = entries.into_iter().map(|(key, _)| key).collect();
            Ok(Keys { keys, next: (next != 0).then_some(next) })
        })
    }

    fn increment(&self, bucket: &str, key: &str, delta: u64) -> Result<u64, StoreError> {
        // Its own increment has numbers with a sign, which are half as large.
        let swap = Script::new(SWAP);
        self.with(|connection| {
            loop {
                let old: Option<Vec<u8>> = redis::cmd("HGET").arg(hash(bucket)).arg(key).query(connection)?;
                let sum = sum(number(old.as_deref())?, delta)?;
                let mut call = swap.key(hash(bucket));
                call.arg(key).arg(sum);
                if let Some(old) = &old {
                    call.arg(old.as_slice());
                }
                if call.invoke::<bool>(connection)? {
                    return Ok(sum);
                }
            }
        })
    }

    fn get_many(&self, bucket: &str, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.with(|connection| Ok(redis::cmd("HMGET").arg(hash(bucket)).arg(keys).query(connection)?))
    }

    fn set_many(&self, bucket: &str, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.with(|connection| {
            let mut command = redis::cmd("HSET");
            command.arg(hash(bucket));
            for (key, value) in entries {
                command.arg(key).arg(value.as_slice());
            }
            Ok(command.query::<()>(connection)?)
        })
    }

    fn delete_many(&self, bucket: &str, keys: &[String]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.with(|connection| Ok(redis::cmd("HDEL").arg(hash(bucket)).arg(keys).query::<()>(connection)?))
    }
}
