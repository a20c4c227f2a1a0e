//! The standard streams and the environment.

use async_trait::async_trait;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use wasmtime::component::{Linker, Resource};
use wasmtime::{Result, StoreContextMut};
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream, WasiCliView};
use wasmtime_wasi::p2::bindings::cli::{environment, stderr, stdin, stdout};
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, InputStream, OutputStream, Pollable, StreamError, StreamResult,
};

use crate::guard::GuardView;
use crate::link::{ENVIRONMENT, STDERR, STDIN, STDOUT};
use crate::monitor::{Event, Monitor};

/// Bytes that may be written at once.
const PERMIT: usize = 64 << 10;

/// A stream that is not granted: it ends at once, and what is written to it is lost.
///
/// An error in its place would end most programs at their first line of output.
#[derive(Clone)]
pub(crate) struct Muted {
    monitor: Monitor,
    grant: &'static str,
    what: &'static str,
}

impl Muted {
    pub(crate) fn new(monitor: &Monitor, grant: &'static str, what: &'static str) -> Self {
        Self { monitor: monitor.clone(), grant, what }
    }

    fn missed(&self) -> StreamResult<()> {
        let event = Event { action: self.grant, target: "", allowed: false, grant: self.grant, error: None };
        self.monitor.denied(&event, self.what).map_err(StreamError::Trap)
    }
}

#[async_trait]
impl Pollable for Muted {
    async fn ready(&mut self) {}
}

impl InputStream for Muted {
    fn read(&mut self, _: usize) -> StreamResult<Bytes> {
        self.missed()?;
        Err(StreamError::Closed)
    }
}

impl OutputStream for Muted {
    fn write(&mut self, _: Bytes) -> StreamResult<()> {
        self.missed()
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT)
    }
}

impl IsTerminal for Muted {
    fn is_terminal(&self) -> bool {
        false
    }
}

// WASI 0.2 alone uses these, so the streams of WASI 0.3 just end.
impl StdinStream for Muted {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        Box::new(tokio::io::empty())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}

impl StdoutStream for Muted {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

/// Tells the audit who takes a stream or reads the environment.
pub(crate) fn add<T: GuardView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    linker.instance(STDIN)?.func_wrap("get-stdin", |mut store: StoreContextMut<'_, T>, (): ()| {
        let state = store.data_mut();
        used(state, |stdio| stdio.stdin, "stdio.stdin")?;
        let stream: Resource<DynInputStream> = stdin::Host::get_stdin(&mut state.cli())?;
        Ok((stream,))
    })?;
    linker.instance(STDOUT)?.func_wrap("get-stdout", |mut store: StoreContextMut<'_, T>, (): ()| {
        let state = store.data_mut();
        used(state, |stdio| stdio.stdout, "stdio.stdout")?;
        let stream: Resource<DynOutputStream> = stdout::Host::get_stdout(&mut state.cli())?;
        Ok((stream,))
    })?;
    linker.instance(STDERR)?.func_wrap("get-stderr", |mut store: StoreContextMut<'_, T>, (): ()| {
        let state = store.data_mut();
        used(state, |stdio| stdio.stderr, "stdio.stderr")?;
        let stream: Resource<DynOutputStream> = stderr::Host::get_stderr(&mut state.cli())?;
        Ok((stream,))
    })?;
    linker.instance(ENVIRONMENT)?.func_wrap("get-environment", |mut store: StoreContextMut<'_, T>, (): ()| {
        let state = store.data_mut();
        let found = environment::Host::get_environment(&mut state.cli())?;
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        state.guard().monitor.used("env.read", &names.join(" "), "env")?;
        Ok((found,))
    })
}

fn used<T: GuardView>(
    state: &mut T,
    granted: impl Fn(crate::Stdio) -> bool,
    grant: &'static str,
) -> Result<()> {
    let guard = state.guard();
    if granted(guard.grants.stdio) { guard.monitor.used(grant, "", grant) } else { Ok(()) }
}
