//! `witgen serve` for tests: its start, its end, and simple requests.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;

use crate::Workshop;

/// What a server has to do within; most take a few milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What it has to start within: it compiles the component, which takes long for an interpreter.
const COMPILING: Duration = Duration::from_secs(300);

/// A `witgen serve` that runs, and ends with the test.
pub struct Server {
    /// The program.
    pub child: Child,
    /// Its host and port.
    pub authority: String,
    lines: Mutex<Receiver<String>>,
}

impl Server {
    /// Serves a component on any free port, with more `words` for the command line.
    ///
    /// # Errors
    ///
    /// What it said instead of its address.
    pub fn start(workshop: &Workshop, component: &Path, words: &[&str]) -> Result<Self, Failed> {
        let mut command = Command::new(workshop.program().path());
        command.args(["serve", "--addr", "127.0.0.1:0"]).arg(component).args(words);
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let stderr = child.stderr.take().ok_or("no stderr")?;
        let (say, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).all(|line| say.send(line).is_ok())
        });
        let mut server = Self { child, authority: String::new(), lines: Mutex::new(lines) };
        let line = server.line_within("listening on", COMPILING)?;
        server.authority = line.rsplit("http://").next().unwrap_or_default().to_owned();
        Ok(server)
    }

    /// Waits for a line that has `part`.
    ///
    /// # Errors
    ///
    /// The lines that came instead.
    pub fn line(&self, part: &str) -> Result<String, Failed> {
        self.line_within(part, PATIENCE)
    }

    fn line_within(&self, part: &str, time: Duration) -> Result<String, Failed> {
        let end = Instant::now() + time;
        let mut seen = Vec::new();
        let lines = self.lines.lock().map_err(|_| "panicked")?;
        while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if line.contains(part) {
                return Ok(line);
            }
            seen.push(line);
        }
        Err(format!("it does not say `{part}`: {seen:#?}").into())
    }

    /// Every line since the last one that was waited for.
    pub fn rest(&self) -> Vec<String> {
        self.lines.lock().map(|lines| lines.try_iter().collect()).unwrap_or_default()
    }

    /// The memory that it holds, in KiB, as Linux counts it.
    ///
    /// # Errors
    ///
    /// Why that is not known.
    pub fn memory(&self) -> Result<u64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Asks it to end.
    ///
    /// # Errors
    ///
    /// Why it could not be asked.
    pub fn terminate(&self) -> Result<(), Failed> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        Ok(())
    }

    /// A connection, for what is no simple request.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn connect(&self) -> Result<TcpStream, Failed> {
        let stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Sends a request, and gives the status and the body of the answer.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    pub fn ask(&self, path: &str, body: &[u8]) -> Result<(u16, String), Failed> {
        let url = format!("http://{}{path}", self.authority);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        let mut answer = if body.is_empty() { agent.get(url).call()? } else { agent.post(url).send(body)? };
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }

    /// [`Server::ask`] without a body.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn get(&self, path: &str) -> Result<(u16, String), Failed> {
        self.ask(path, b"")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
