//! `witgen serve` for tests: its start, its end, and simple requests.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
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

    /// A connection.
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
        let mut stream = self.connect()?;
        let method = if body.is_empty() { "GET" } else { "POST" };
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n",
            self.authority
        )?;
        let mut sender = stream.try_clone()?;
        let body = body.to_vec();
        let sending = std::thread::spawn(move || sender.write_all(&body));
        let answer = read_answer(stream)?;
        // A server that answers early need not read everything.
        drop(sending.join());
        Ok(answer)
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

/// The status and the body of an answer after which the connection ends.
///
/// # Errors
///
/// What it is instead.
pub fn read_answer(mut stream: TcpStream) -> Result<(u16, String), Failed> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| format!("no answer: {text:?}"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Ok((status, if chunked { unchunked(body)? } else { body.to_owned() }))
}

fn unchunked(mut rest: &str) -> Result<String, Failed> {
    let mut all = String::new();
    loop {
        let (size, after) = rest.split_once("\r\n").ok_or("a chunk has no size")?;
        let size = usize::from_str_radix(size, 16)?;
        if size == 0 {
            return Ok(all);
        }
        all.push_str(after.get(..size).ok_or("a chunk ends early")?);
        rest = after.get(size + 2..).ok_or("a chunk does not end")?;
    }
}
