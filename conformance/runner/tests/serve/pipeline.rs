//! `examples/pipeline`: three components in three languages, joined and served; one of them is swapped.

use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use libtest_mimic::{Failed, Trial};
use tokio::net::TcpStream;
use witgen_conformance::{Server, Workshop, built, languages, root};
use witgen_languages::Language;

const READINGS: &str = "Hamburg;12.5\nKöln;8\n\nHamburg;-3.5\n";
const SUMMARIES: &str = concat!(
    r#"[{"station":"Hamburg","count":2,"min":-3.5,"mean":4.5,"max":12.5},"#,
    r#"{"station":"Köln","count":1,"min":8,"mean":8,"max":8}]"#,
    "\n"
);

const CONNECTIONS: usize = 16;
/// What allocators and instances of different ages may take and give back between two looks.
const MOST_GROWTH: f64 = 0.25;

pub(crate) fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (analyst, requests) in [(Language::Python, 2000), (Language::Go, 400)] {
        if languages().contains(&analyst) {
            let workshop = Arc::clone(workshop);
            let check = move || pipeline(&workshop, analyst, requests);
            trials.push(Trial::test(format!("pipeline::{analyst}"), check));
        }
    }
    trials
}

fn pipeline(workshop: &Workshop, analyst: Language, requests: usize) -> Result<(), Failed> {
    let example = root().join("examples/pipeline");
    let parts = ["handler", "parser", &format!("analyst/{analyst}")];
    let parts: Result<Vec<_>, _> =
        parts.iter().map(|part| built(workshop.component(&example.join(part)))).collect();
    let Some(parts) = parts?.into_iter().collect::<Option<Vec<_>>>() else { return Ok(()) };
    let parts: Vec<_> = parts.iter().map(|part| part.as_path()).collect();
    let Some(service) = built(workshop.composition(&parts))? else { return Ok(()) };
    // Few instances, so that all there will be are there after the first half.
    let server = Server::start(workshop, &service, &["--reuse", "100", "--concurrency", "4"])?;
    for (body, status, answer) in [
        (READINGS.as_bytes(), 200, SUMMARIES),
        (b"Hamburg;12.5\nKiel", 400, "line 2: there is no `;`\n"),
        (b"Kiel;\xff", 400, "this is not UTF-8\n"),
        (b"", 405, "post lines such as Hamburg;12.5\n"),
    ] {
        let found = server.ask("/", body)?;
        if found != (status, answer.to_owned()) {
            return Err(format!("{found:?} instead of {status} and {answer:?}").into());
        }
    }
    load(&server.authority, requests / 2)?;
    let before = server.memory()?;
    load(&server.authority, requests)?;
    let after = server.memory()?;
    if after as f64 > before as f64 * (1.0 + MOST_GROWTH) {
        return Err(format!("it holds {after} KiB after {requests} requests, and {before} before").into());
    }
    let said = server.rest();
    if said.is_empty() { Ok(()) } else { Err(format!("it says {said:#?}").into()) }
}

/// Sends requests over all connections at once; each has to get the right answer.
fn load(authority: &str, requests: usize) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut connections = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            connections.spawn(connection(authority.to_owned(), requests / CONNECTIONS));
        }
        while let Some(ended) = connections.join_next().await {
            ended??;
        }
        Ok(())
    })
}

async fn connection(authority: String, requests: usize) -> Result<(), Failed> {
    let stream = TcpStream::connect(&authority).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    for _ in 0..requests {
        let body = Full::new(Bytes::from_static(READINGS.as_bytes()));
        let request = Request::post("/").header("host", &authority).body(body)?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let answer = response.into_body().collect().await?.to_bytes();
        if status != StatusCode::OK || answer != SUMMARIES {
            return Err(format!("{status}: {answer:?}").into());
        }
    }
    Ok(())
}
