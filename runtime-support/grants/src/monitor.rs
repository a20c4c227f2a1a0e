//! Who hears of uses and denials: the user once per grant, the audit every time.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::Serialize;
use wasmtime::{Result, format_err};

/// One use of a grant, or one that was denied; a line of the audit.
#[derive(Clone, Debug, Serialize)]
pub struct Event<'a> {
    /// What was done, such as `filesystem.open`.
    pub action: &'a str,
    /// To what: a path, an address, a name.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub target: &'a str,
    /// Whether the grants allow it.
    pub allowed: bool,
    /// The grant that allows it, or that is missing.
    pub grant: &'a str,
    /// The error code that the component got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'a str>,
}

/// Shared by everything that one instance is given.
#[derive(Clone)]
pub struct Monitor(Arc<Mutex<Inner>>);

struct Inner {
    tell: Box<dyn FnMut(&str) + Send>,
    told: BTreeSet<String>,
    audit: Option<Box<dyn Write + Send>>,
}

#[derive(Serialize)]
struct Line<'a> {
    /// Milliseconds since 1970.
    time: u64,
    #[serde(flatten)]
    event: &'a Event<'a>,
}

impl Monitor {
    /// `tell` gets a sentence for each missing grant, the first time that it is missed.
    pub fn new(tell: impl FnMut(&str) + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Inner { tell: Box::new(tell), told: BTreeSet::new(), audit: None })))
    }

    /// Writes every event to `audit`, one JSON object a line.
    #[must_use]
    pub fn with_audit(self, audit: impl Write + Send + 'static) -> Self {
        self.inner().audit = Some(Box::new(audit));
        self
    }

    /// Something that the grants allow; it must not happen when the audit cannot be written.
    ///
    /// # Errors
    ///
    /// Fails when the audit cannot be written.
    pub fn used(&self, action: &str, target: &str, grant: &str) -> Result<()> {
        self.record(&Event { action, target, allowed: true, grant, error: None })
    }

    /// Something that they do not allow; `what` completes "the component was not allowed to".
    ///
    /// # Errors
    ///
    /// Fails when the audit cannot be written.
    pub fn denied(&self, event: &Event<'_>, what: &str) -> Result<()> {
        let mut inner = self.inner();
        if inner.told.insert(event.grant.to_owned()) {
            (inner.tell)(&format!("the component was not allowed to {what}: grant `{}`", event.grant));
        }
        drop(inner);
        self.record(event)
    }

    pub(crate) fn record(&self, event: &Event<'_>) -> Result<()> {
        let mut inner = self.inner();
        let Some(audit) = &mut inner.audit else { return Ok(()) };
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let time = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        serde_json::to_writer(&mut *audit, &Line { time, event })
            .map_err(std::io::Error::from)
            .and_then(|()| audit.write_all(b"\n"))
            .and_then(|()| audit.flush())
            .map_err(|reason| format_err!("the audit cannot be written: {reason}"))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Monitor").finish_non_exhaustive()
    }
}
