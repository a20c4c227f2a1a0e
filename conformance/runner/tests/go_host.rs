//! Go programs that run components: the examples, resources in both directions, and components of two languages.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{
    PluginHost, Workshop, bind, built, ends_with, go, host_trials, languages, plugin_trials, race, root,
    run_trials,
};
use witgen_languages::Language;

const REPORT: &str = "Original: Hello WebAssembly Component Model\n\
                      Reversed: ledoM tnenopmoC ylbmessAbeW olleH\n\
                      Words: 4\n";

const PLUGINS: PluginHost =
    PluginHost { command: plugin_host, linked: Some(&["--single-memory", "--interruptible", "--metered"]) };

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = host_trials(workshop, Language::Go, &[], runs);
    trials.extend(plugin_trials(workshop, PLUGINS));
    for language in languages() {
        let shop = Arc::clone(workshop);
        let check = move || check_http(&shop, language);
        trials.push(Trial::test(format!("http_handler::{language}"), check));
    }
    for (consumer, provider) in [(Language::Rust, Language::Python), (Language::Js, Language::Go)] {
        if languages().contains(&consumer) || languages().contains(&provider) {
            let shop = Arc::clone(workshop);
            let name = format!("composed::{consumer}-{provider}");
            trials.push(Trial::test(name, move || check_composed(&shop, consumer, provider)));
        }
    }
    trials
}

/// Two components of different languages, which may have different versions of WASI.
fn check_composed(workshop: &Workshop, consumer: Language, provider: Language) -> Result<(), Failed> {
    let example = root().join("examples/string-operations");
    let project = |part: &str, language: Language| example.join(part).join(language.id());
    let Some(consumer) = built(workshop.component(&project("consumer", consumer)))? else { return Ok(()) };
    let Some(provider) = built(workshop.component(&project("provider", provider)))? else { return Ok(()) };
    let Some(both) = built(workshop.composition(&[&consumer, &provider]))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    bind(workshop, Language::Go, dir.path(), &["-w", "consumer"], &[example.join("wit")])?;
    runs(workshop, dir.path(), "command", &both, REPORT)
}

fn plugin_host(workshop: &Workshop) -> Result<Option<Command>, Failed> {
    let Some(go) = built(go())? else { return Ok(None) };
    let host = root().join("examples/plugin-host/go");
    workshop.program().run([Path::new("generate"), &host])?.success()?;
    let program = workshop.folder("plugin-host")?.join("program");
    let mut build = Command::new(go);
    ends_with(build.args(["build", "-o"]).arg(&program).current_dir(host), "")?;
    Ok(Some(Command::new(program)))
}

/// A component answers requests, and sends those that it may send.
fn check_http(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let example = root().join("examples/http-handler");
    let component = built(workshop.component(&example.join("guests").join(language.id())))?;
    let (Some(component), Some(go)) = (component, built(go())?) else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let (folder, program) = (dir.path().join("app"), dir.path().join("server"));
    link(workshop, &component, &folder)?;
    workshop.program().run([Path::new("generate"), &example.join("go")])?.success()?;
    let mut build = Command::new(go);
    build.arg("build").args(watching(&component)?).arg("-o").arg(&program).arg(".");
    ends_with(build.current_dir(example.join("go")), "")?;
    // The server is the one that it may send requests to, too.
    let authority = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let origin = format!("http://{authority}");
    let mut command = Command::new(program);
    command.args(["-addr", &authority, "-allow", &origin]).arg(folder).env("GORACE", "halt_on_error=1");
    let mut server = Server(command.stdout(Stdio::piped()).spawn()?);
    let mut ready = String::new();
    BufReader::new(server.0.stdout.take().ok_or("no output")?).read_line(&mut ready)?;
    if ready.trim() != origin {
        return Err(format!("the server says {ready:?}").into());
    }
    // Longer than what a component reads or writes at once, and than what a Go guest keeps between collections.
    let body = "naïve 🦀\n".repeat(300_000);
    let expected = format!("{language}: POST /some/path?query\n{body}");
    let answers = [
        ("POST", "/app/some/path?query".to_owned(), body.as_str(), "200", expected.as_str()),
        ("GET", format!("/app/fetch/{authority}"), "", "200", "fetched 404\n404 page not found\n"),
        ("GET", "/app/fetch/127.0.0.1:1".to_owned(), "", "500", "Internal Server Error\n"),
    ];
    for (method, path, body, status, expected) in answers {
        let answer = ask(&authority, method, &path, body)?;
        let (head, text) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let right =
            if status == "200" && method == "GET" { text.ends_with(expected) } else { text == expected };
        if !right || !head.contains(&format!(" {status} ")) {
            let text: String = text.chars().take(200).collect();
            return Err(format!("{method} {path}: {head}\n{text}").into());
        }
    }
    Ok(())
}

/// Sends a request, and gives the whole answer.
fn ask(authority: &str, method: &str, path: &str, body: &str) -> Result<String, Failed> {
    let mut stream = TcpStream::connect(authority)?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: {authority}\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A server that ends with its test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn link(workshop: &Workshop, component: &Path, folder: &Path) -> Result<(), Failed> {
    let words = ["link", "--single-memory", "--interruptible"].map(Path::new);
    workshop.program().run(words.into_iter().chain([component, Path::new("-o"), folder]))?.success()?;
    Ok(())
}

/// Links a component and runs a program on it: a folder of that name, or all there is.
fn runs(
    workshop: &Workshop,
    folder: &Path,
    name: &str,
    component: &Path,
    printed: &str,
) -> Result<(), Failed> {
    let Some(go) = built(go())? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    link(workshop, component, dir.path())?;
    let program = if folder.join(name).is_dir() { format!("./{name}") } else { ".".to_owned() };
    let mut run = Command::new(go);
    run.arg("run").args(watching(component)?).arg(program).arg(dir.path());
    ends_with(run.current_dir(folder), printed)
}

/// What makes the race detector watch, which slows the engine's compiler down: not for a whole Python.
fn watching(component: &Path) -> Result<&'static [&'static str], Failed> {
    Ok(if component.metadata()?.len() < 1 << 22 { race() } else { &[] })
}
