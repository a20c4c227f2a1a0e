//! `witgen serve`: requests, limits, reuse, the log, the end, and reloading.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "serve/pipeline.rs"]
mod pipeline;

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{PATIENCE, Server, Workshop, built, languages, root, run_trials};
use witgen_languages::Language;

type Check = fn(&Workshop, &Path) -> Result<(), Failed>;

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let checks: [(&str, Check); 10] = [
        ("answers", answers),
        ("instances_are_fresh_unless_they_are_used_again", reuse),
        ("a_trap_ends_one_request", traps),
        ("limits_are_those_of_a_request", limits),
        ("requests_are_logged", logs),
        ("stores_are_shared", stores),
        ("wrong_requests_reach_no_component", wrong_requests),
        ("ends_when_what_is_asked_is_answered", ends),
        ("ends_at_once_when_told_twice", ends_at_once),
        ("reads_the_component_again", reloads),
    ];
    let mut trials = Vec::new();
    if languages().contains(&Language::Rust) {
        for (name, check) in checks {
            let workshop = Arc::clone(workshop);
            trials.push(Trial::test(name, move || {
                let project = root().join("conformance/testees/rust/packages");
                match built(workshop.component(&project))? {
                    Some(component) => check(&workshop, &component),
                    None => Ok(()),
                }
            }));
        }
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test("mistakes_are_told", move || mistakes(&workshop)));
    }
    for language in languages() {
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test(format!("demo::{language}"), move || demo(&workshop, language)));
    }
    trials.extend(pipeline::trials(workshop));
    trials
}

fn expect(found: (u16, String), status: u16, body: &str) -> Result<(), Failed> {
    if found.0 == status && found.1 == body { Ok(()) } else { Err(format!("{found:?}").into()) }
}

fn answers(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let server = Server::start(workshop, component, &["--grant", "config.set.name=Ada"])?;
    expect(server.get("/config/name")?, 200, "Some(\"Ada\")")?;
    expect(server.get("/nonsense")?, 400, "no such verb")?;
    let body = "0123456789".repeat(200_000);
    let (status, echoed) = server.ask("/echo", body.as_bytes())?;
    if status != 200 || echoed != body {
        return Err(format!("{status}, {} bytes", echoed.len()).into());
    }
    // One connection, several requests.
    let mut stream = server.connect()?;
    for end in ["keep-alive", "keep-alive", "close"] {
        write!(stream, "GET /config/name HTTP/1.1\r\nhost: a\r\nconnection: {end}\r\n\r\n")?;
    }
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    match text.matches("Some(\"Ada\")").count() {
        3 => Ok(()),
        _ => Err(text.into()),
    }
}

fn reuse(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let server = Server::start(workshop, component, &[])?;
    for _ in 0..3 {
        expect(server.get("/count")?, 200, "1")?;
    }
    let server = Server::start(workshop, component, &["--reuse", "2"])?;
    let end = Instant::now() + PATIENCE;
    let mut twice = 0;
    while twice < 5 {
        match server.get("/count")?.1.as_str() {
            "1" => {}
            "2" => twice += 1,
            other => return Err(format!("an instance was used again: {other}").into()),
        }
        // An instance is free shortly after its answer was sent.
        std::thread::sleep(Duration::from_millis(5));
        if Instant::now() > end {
            return Err("no instance is used again".into());
        }
    }
    Ok(())
}

fn traps(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let server = Server::start(workshop, component, &["--reuse", "100", "--grant", "stdio.stderr"])?;
    expect(server.get("/count")?, 200, "1")?;
    expect(server.get("/trap")?, 500, "the component was stopped\n")?;
    server.line("as asked")?;
    server.line("error[trap]: the component was stopped in a request")?;
    expect(server.get("/count")?, 200, "1")?;
    expect(server.get("/silent")?, 500, "the component gave no answer\n")?;
    expect(server.get("/count")?, 200, "2")
}

fn limits(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let words = ["--grant", "limits.deadline=500ms", "--grant", "limits.memory=32MiB"];
    let server = Server::start(workshop, component, &words)?;
    let started = Instant::now();
    // More than may compute before others get their turn.
    let many = 3 * std::thread::available_parallelism()?.get();
    std::thread::scope(|scope| {
        let late: Vec<_> = (0..many).map(|_| scope.spawn(|| server.get("/work"))).collect();
        // Others have time of their own, and are not held up.
        while started.elapsed() < Duration::from_millis(800) {
            expect(server.get("/count")?, 200, "1")?;
        }
        for one in late {
            let answer = one.join().map_err(|_| "panicked")??;
            expect(answer, 504, "the component took too long\n")?;
        }
        Ok::<_, Failed>(())
    })?;
    expect(server.get("/allocate")?, 500, "the component was stopped\n")?;
    server.line("more memory than `limits.memory` grants")?;
    let server = Server::start(workshop, component, &["--grant", "limits.fuel=1000000"])?;
    expect(server.get("/work")?, 500, "the component was stopped\n")?;
    expect(server.get("/count")?, 200, "1")
}

fn logs(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let (log, audit) = (dir.path().join("log"), dir.path().join("audit"));
    let option = format!("--access-log={}", log.display());
    let audit_path = audit.to_string_lossy();
    let words = [&option, "--audit", &audit_path, "--grant", "keyvalue.store=memory"];
    let server = Server::start(workshop, component, &words)?;
    server.get("/set/b/k/v")?;
    server.get("/put/c/o/text")?;
    server.get("/nonsense")?;
    server.line("not allowed to keep blobs in containers: grant `blobstore.root`")?;
    let end = Instant::now() + PATIENCE;
    let text = loop {
        let text = std::fs::read_to_string(&log)?;
        if text.lines().count() == 3 || Instant::now() > end {
            break text;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let lines: Vec<serde_json::Value> =
        text.lines().map(serde_json::from_str).collect::<Result<_, serde_json::Error>>()?;
    let found: Vec<_> = lines
        .iter()
        .map(|line| (line["path"].as_str(), line["status"].as_u64(), line["bytes"].as_u64()))
        .collect();
    let expected = [
        (Some("/set/b/k/v"), Some(200), Some(4)),
        (Some("/put/c/o/text"), Some(400), Some(13)),
        (Some("/nonsense"), Some(400), Some(12)),
    ];
    let audit = std::fs::read_to_string(audit)?;
    let is_written = audit.contains(r#""action":"keyvalue.set","target":"k","allowed":true"#);
    if found == expected && is_written { Ok(()) } else { Err(format!("{text}\n{audit}").into()) }
}

fn stores(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let server = Server::start(workshop, component, &["--grant", "keyvalue.store=memory"])?;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..20).map(|_| scope.spawn(|| server.get("/increment/visits/count/1"))).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| "panicked")?.map(drop))
    })?;
    expect(server.get("/get/visits/count")?, 200, "Some(\"20\")")
}

fn wrong_requests(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let server = Server::start(workshop, component, &[])?;
    for (request, status) in [
        ("GET /count HTTP/1.1\r\nconnection: close\r\n\r\n", "400"),
        ("GET /count HTTP/1.0\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        let mut stream = server.connect()?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.split(' ').nth(1) != Some(status) {
            return Err(format!("{request:?}: {answer}").into());
        }
    }
    expect(server.get("/count")?, 200, "1")
}

fn ends(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let mut server = Server::start(workshop, component, &[])?;
    // Half a request, whose answer is still to come.
    let mut stream = server.connect()?;
    write!(stream, "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\nconnection: close\r\n\r\n01234")?;
    // Only what the server has read is answered.
    std::thread::sleep(Duration::from_millis(300));
    server.terminate()?;
    let end = Instant::now() + PATIENCE;
    while server.connect().is_ok() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
    }
    stream.write_all(b"56789")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if !answer.starts_with("HTTP/1.1 200 ") || !["01234", "56789"].iter().all(|part| answer.contains(part)) {
        return Err(answer.into());
    }
    let status = server.child.wait()?;
    if status.success() { Ok(()) } else { Err(format!("{status}").into()) }
}

/// A component that never ends does not keep the server from ending.
fn ends_at_once(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let mut server = Server::start(workshop, component, &[])?;
    let mut stream = server.connect()?;
    write!(stream, "GET /work HTTP/1.1\r\nhost: a\r\n\r\n")?;
    std::thread::sleep(Duration::from_millis(300));
    let asked = Instant::now();
    while server.child.try_wait()?.is_none() {
        server.terminate()?;
        std::thread::sleep(Duration::from_millis(100));
        if asked.elapsed() > Duration::from_secs(5) {
            return Err("it does not end".into());
        }
    }
    Ok(())
}

fn reloads(workshop: &Workshop, component: &Path) -> Result<(), Failed> {
    let Some(demo) = built(workshop.component(&root().join("examples/demo/rust")))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let served = dir.path().join("served.wasm");
    std::fs::copy(component, &served)?;
    let server = Server::start(workshop, &served, &["--watch"])?;
    expect(server.get("/count")?, 200, "1")?;
    std::fs::write(&served, "no component")?;
    server.line("this is not a WebAssembly file")?;
    expect(server.get("/count")?, 200, "1")?;
    std::fs::copy(demo, &served)?;
    server.line("reloaded")?;
    expect(server.get("/count")?, 200, "Hello from Rust: /count\n")
}

fn mistakes(workshop: &Workshop) -> Result<(), Failed> {
    let hello = root().join("examples/hello/rust");
    let Some(hello) = built(workshop.component(&hello))? else { return Ok(()) };
    let demo = root().join("examples/demo/rust");
    let Some(demo) = built(workshop.component(&demo))? else { return Ok(()) };
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    for (component, words, code, said) in [
        (&hello, vec![], 1, "the component serves no HTTP"),
        (&demo, vec!["--addr", address.as_str()], 2, "cannot listen on"),
        (&demo, vec!["--addr", "nowhere"], 2, "invalid socket address"),
        (&demo, vec!["--reuse", "0"], 2, "0 is not in 1.."),
        (&demo, vec!["--grant", "filesystem./d=nowhere"], 1, "`nowhere` cannot be opened"),
        (&demo, vec!["--access-log=no/where"], 2, "cannot write the access log"),
    ] {
        let words = ["serve".as_ref(), component.as_os_str()]
            .into_iter()
            .chain(words.iter().map(|word| word.as_ref()));
        let finished = workshop.program().run(words)?;
        if finished.code != Some(code) || !finished.stderr.contains(said) {
            return Err(format!("{said}: {finished:?}").into());
        }
    }
    Ok(())
}

/// The example answers, and writes to the log, in every language.
fn demo(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let project = root().join("examples/demo").join(language.id());
    let Some(component) = built(workshop.component(&project))? else { return Ok(()) };
    let needs = ["logging.allow", "random.allow", "clocks.monotonic", "clocks.wall", "stdio.stderr"];
    let words: Vec<&str> = needs.iter().flat_map(|need| ["--grant", need]).collect();
    let server = Server::start(workshop, &component, &words)?;
    let name = witgen_languages::facts(language).name.as_str();
    expect(server.get("/a?b")?, 200, &format!("Hello from {name}: /a?b\n"))?;
    server.line("[info] demo: asked for /a?b").map(drop)
}
