//! What surrounds a case: files, servers, and somebody who swaps files.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use libtest_mimic::Failed;
use witgen_conformance::{Finished, Workshop};
use witgen_languages::Language;

use crate::{Case, needs};

/// The folder and the servers of one case.
pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    servers: [TcpListener; 2],
    before: BTreeMap<PathBuf, Vec<u8>>,
}

impl World {
    pub(crate) fn new(case: &Case) -> Result<Self, Failed> {
        let dir = tempfile::tempdir()?;
        let at = |path: &str| dir.path().join(path);
        std::fs::create_dir_all(at("fixed/sub"))?;
        std::fs::create_dir_all(at("open"))?;
        std::fs::write(at("secret.txt"), "secret")?;
        std::fs::write(at("fixed/a.txt"), "hello")?;
        std::os::unix::fs::symlink("a.txt", at("fixed/inside"))?;
        std::os::unix::fs::symlink("../secret.txt", at("fixed/outside"))?;
        std::os::unix::fs::symlink(at("secret.txt"), at("fixed/absolute"))?;
        std::os::unix::fs::symlink("..", at("fixed/up"))?;
        let servers = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
        if case.act[0] == "request" {
            for server in &servers {
                let server = server.try_clone()?;
                std::thread::spawn(move || {
                    server.incoming().flatten().for_each(|stream| drop(answer(stream)))
                });
            }
        }
        let before = files(dir.path())?;
        Ok(Self { dir, servers, before })
    }

    pub(crate) fn act(
        &self,
        workshop: &Workshop,
        component: &Path,
        language: Language,
        case: &Case,
        words: &[String],
    ) -> Result<Finished, Failed> {
        let grants = self.dir.path().join("grants.toml");
        std::fs::write(&grants, self.filled(case.grants.as_deref().unwrap_or_default())?)?;
        let words: Result<Vec<String>, Failed> =
            words.iter().map(|word| Ok(format!("{:?}", self.filled(word)?))).collect();
        let mut command = Command::new(workshop.program().path());
        command.arg("run").arg(component).arg("--grants").arg(&grants);
        command.arg("--audit").arg(self.dir.path().join("audit"));
        command.args(["--invoke", &format!("act([{}])", words?.join(", "))]);
        if !case.bare {
            command.args(needs(language).iter().flat_map(|grant| ["--grant", grant]));
        }
        Self::finished(command)
    }

    /// A text of the table with the ports of the servers.
    pub(crate) fn filled(&self, text: &str) -> Result<String, Failed> {
        let [port, other] = &self.servers;
        let text = text.replace("{folder}", &self.dir.path().to_string_lossy());
        let text = text.replace("{port}", &port.local_addr()?.port().to_string());
        Ok(text.replace("{other}", &other.local_addr()?.port().to_string()))
    }

    /// Runs a program in the surroundings that every case has.
    pub(crate) fn finished(mut command: Command) -> Result<Finished, Failed> {
        command
            .env("WITGEN_PROBE_SECRET", "secret")
            .env("WITGEN_PROBE_PUBLIC", "public")
            .env("NO_COLOR", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A component that does not read is gone before.
            let _ = stdin.write_all(b"typed");
        }
        let output = child.wait_with_output()?;
        Ok(Finished {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Swaps a file of the case until what is returned is dropped.
    pub(crate) fn swap(&self, case: &Case) -> Option<Swapping> {
        let file = self.dir.path().join(case.swap.as_ref()?);
        let [link, copy] = ["link", "copy"].map(|name| self.dir.path().join(name));
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            let text = std::fs::read(&file)?;
            while !ended.load(Ordering::Relaxed) {
                std::os::unix::fs::symlink("../secret.txt", &link)?;
                std::fs::rename(&link, &file)?;
                std::fs::write(&copy, &text)?;
                std::fs::rename(&copy, &file)?;
            }
            Ok(())
        });
        Some(Swapping { end, thread: Some(thread) })
    }

    pub(crate) fn check_changes(&self, expected: &[String]) -> Result<(), Failed> {
        let after = files(self.dir.path())?;
        let mut changed: Vec<String> = Vec::new();
        for path in after.keys().chain(self.before.keys()) {
            let name = path.display().to_string();
            let ours = matches!(name.as_str(), "audit" | "grants.toml");
            if !ours && after.get(path) != self.before.get(path) && !changed.contains(&name) {
                changed.push(name);
            }
        }
        if changed == expected { Ok(()) } else { Err(format!("changed: {changed:?}").into()) }
    }
}

/// A file that is swapped all the time.
pub(crate) struct Swapping {
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Drop for Swapping {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(matches!(ended, Some(Ok(Ok(())))), "nothing was swapped: {ended:?}");
    }
}

/// Answers one request with its path; `/moved` leads elsewhere, and `/never` is not answered.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut line = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut line)?;
    match line.split(' ').nth(1).unwrap_or_default() {
        "/never" => std::thread::sleep(Duration::from_secs(60)),
        "/moved" => write!(
            stream,
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )?,
        path => {
            let body = format!("asked for {path}");
            let length = body.len();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")?;
        }
    }
    Ok(())
}

/// Every file and link below `dir`, with what it holds.
fn files(dir: &Path) -> std::io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.strip_prefix(dir).unwrap_or(&path).to_owned();
            if path.is_symlink() {
                found.insert(name, path.read_link()?.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                found.insert(name, b"directory".to_vec());
                open.push(path);
            } else {
                found.insert(name, std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
