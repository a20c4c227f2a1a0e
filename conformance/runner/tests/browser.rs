//! The page of `examples/browser` in headless Chromium, as it is and as Vite bundles it, and WASI there.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use witgen_conformance::{Unbuilt, Workshop, built, languages, node, run_trials};
use witgen_languages::Language;

/// How long a browser may take to start and to compile an interpreter.
const PATIENCE: Duration = Duration::from_secs(120);
/// The page around the page, which uses it and says what it saw.
const EMBEDDING: &str = include_str!("page/embedding.html");
/// A page that lets a component use WASI.
const WASI: &str = include_str!("page/wasi.html");

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    if !(languages().contains(&Language::Rust) && languages().contains(&Language::Python)) {
        return Vec::new();
    }
    let [plain, bundled, probed] = std::array::from_fn(|_| Arc::clone(workshop));
    vec![
        Trial::test("page", move || check(&plain, |_| Ok(example()))),
        Trial::test("page_by_vite", move || check(&bundled, by_vite)),
        Trial::test("wasi", move || check_wasi(&probed)),
    ]
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/browser")
}

/// The page as `make` gives it, with both components.
fn check(workshop: &Workshop, make: fn(&Path) -> Result<PathBuf, Unbuilt>) -> Result<(), Failed> {
    let Some(browser) = built(browser())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    for language in ["rust", "python"] {
        let project = example().join("../process-data").join(language);
        let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
        let out = dir.path().join("components").join(language);
        workshop.program().run([Path::new("link"), &component, Path::new("-o"), &out])?.success()?;
    }
    workshop.program().run([Path::new("generate"), &example()])?.success()?;
    let Some(page) = built(make(&dir.path().join("dist")))? else { return Ok(()) };
    let seen = seen(&browser, "embedding.html", &[page, dir.path().to_owned()])?;
    let both = |text: &str| json!([text, text]);
    let wanted = json!({
        "errors": [],
        "first": both("Processed 4 words"),
        "second": both("Processed 2 words"),
    });
    if seen == wanted { Ok(()) } else { Err(format!("the page shows {seen}").into()) }
}

/// Clocks, random numbers, streams and files in memory, of a component in Rust.
fn check_wasi(workshop: &Workshop) -> Result<(), Failed> {
    let Some(browser) = built(browser())? else { return Ok(()) };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some(component) = built(workshop.component(&root.join("testees/rust/probe")))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let (linked, bindings) = (dir.path().join("components/probe"), dir.path().join("bindings"));
    workshop.program().run([Path::new("link"), &component, Path::new("-o"), &linked])?.success()?;
    let words = ["js", "--host", "-w", "witgen:testees/probe"].map(PathBuf::from).into_iter();
    let wit = [root.join("testees/wit"), root.join("wit")];
    workshop.program().run(words.chain(wit).chain(["-o".into(), bindings]))?.success()?;
    let seen = seen(&browser, "wasi.html", &[dir.path().to_owned()])?;
    let wanted = json!({
        "env": "test",
        "input": 120_000,
        "written": { "stdout": "out", "stderr": "err" },
        "slept": true,
        "clocks": ["done", "done"],
        "random": "done",
        "read": "from the page",
        "list": "a.txt b.txt",
        "file": "written",
        "connect": "Trap",
    });
    if seen == wanted { Ok(()) } else { Err(format!("the page tells {seen}").into()) }
}

fn browser() -> Result<PathBuf, Unbuilt> {
    let missing = || Unbuilt::MissingTool("no chromium; `cargo xtask setup` installs it".to_owned());
    let path = std::env::var_os("PATH").ok_or_else(missing)?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut found = std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name)));
    found.find(|path| path.is_file()).ok_or_else(missing)
}

/// What Vite makes of the page.
fn by_vite(out: &Path) -> Result<PathBuf, Unbuilt> {
    let node = node()?;
    let vite = node.ancestors().nth(4).map(|tools| tools.join("bundlers/node_modules/vite/bin/vite.js"));
    let vite = vite
        .filter(|vite| vite.is_file())
        .ok_or_else(|| Unbuilt::MissingTool("vite was not found; run `cargo xtask setup`".to_owned()))?;
    let output = Command::new(node)
        .arg(vite)
        .args(["build", "--base", "./", "--emptyOutDir", "--logLevel", "warn", "--outDir"])
        .arg(out)
        .current_dir(example())
        .output()
        .map_err(|reason| Unbuilt::Failed(reason.to_string()))?;
    let said = [output.stdout, output.stderr].concat();
    if output.status.success() && said.is_empty() {
        return Ok(out.to_owned());
    }
    Err(Unbuilt::Failed(format!("vite: {}", String::from_utf8_lossy(&said))))
}

/// Serves the files of `folders` to a browser until the page has told what it saw.
fn seen(browser: &Path, page: &str, folders: &[PathBuf]) -> Result<Value, Failed> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (told, seen) = channel();
    let folders = folders.to_vec();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (told, folders) = (told.clone(), folders.clone());
            std::thread::spawn(move || {
                // The browser goes when it has told.
                let _ = serve(stream, &folders, &told);
            });
        }
    });
    let profile = tempfile::tempdir()?;
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.arg(format!("http://{address}/{page}"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let _running = Running(child);
    Ok(seen.recv_timeout(PATIENCE).map_err(|_| "the page says nothing")?)
}

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Answers one request.
fn serve(mut stream: TcpStream, folders: &[PathBuf], told: &Sender<Value>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let (status, kind, body) = match path.as_str() {
        "/seen" => {
            let mut body = vec![0; length];
            reader.read_exact(&mut body)?;
            let _ = told.send(serde_json::from_slice(&body).unwrap_or_default());
            ("200 OK", "text/plain", Vec::new())
        }
        "/embedding.html" => ("200 OK", "text/html", EMBEDDING.into()),
        "/wasi.html" => ("200 OK", "text/html", WASI.into()),
        path => {
            let inside = path.trim_start_matches('/');
            let found = folders.iter().find_map(|folder| std::fs::read(folder.join(inside)).ok());
            match found {
                Some(body) => ("200 OK", content_type(path), body),
                None => ("404 Not Found", "text/plain", Vec::new()),
            }
        }
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

fn content_type(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("css") => "text/css",
        _ => "application/octet-stream",
    }
}
