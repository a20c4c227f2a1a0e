//! Long runs: a component of each language serves many calls, gives back what it should and keeps its memory.
//!
//! The component is `conformance/testees/LANG/soak`; its imports are implemented here, typed, without a second guest.

mod go_host;
mod go_traffic;
mod guest;
mod memory;
mod source;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wasmtime::error::Context as _;
use wasmtime::{Result, ensure};
use witgen_languages::Language;

pub use go_host::{GoOptions, in_go};
pub use go_traffic::{Traffic, traffic};
use guest::{Guest, Session};
pub use memory::Memory;
use source::Row;

/// How many bytes a text has.
const TEXT: usize = 100_000;
/// Sessions that live at the same time.
const SESSIONS: usize = 16;
const MIB: u64 = 1 << 20;

/// How to run a component.
#[derive(Clone, Debug)]
pub struct Options {
    /// How often a text goes in and out.
    pub calls: u64,
    /// The guest's environment.
    pub environment: Vec<(String, String)>,
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Report {
    /// All calls of exports, drops among them.
    pub calls: u64,
    /// How long they took together.
    pub time: Duration,
    /// Linear memory over time.
    pub memory: Memory,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: u64| bytes as f64 / MIB as f64;
        let Memory { start, quarter, peak } = self.memory;
        write!(
            f,
            "{} calls, {:.1} s, memory {:.1} MiB at the start, {:.1} after a quarter, {:.1} at the end",
            self.calls,
            self.time.as_secs_f64(),
            mib(start),
            mib(quarter),
            mib(peak)
        )
    }
}

/// The project of `language` that is run.
pub fn project(language: Language) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testees").join(language.id()).join("soak")
}

/// Each way in which the component of `language` is run: its name, and what it finds in its environment.
pub fn ways(language: Language) -> Vec<(String, Vec<(String, String)>)> {
    let mut ways = vec![(language.id().to_owned(), Vec::new())];
    if language == Language::Go {
        // The collector then runs as often as it can.
        ways.push(("go with GOGC=1".to_owned(), vec![("GOGC".to_owned(), "1".to_owned())]));
    }
    ways
}

/// Calls the component in the file `path`.
///
/// # Errors
///
/// A trap, a wrong result, memory that grows, sessions that are left.
pub fn soak(path: &Path, options: &Options) -> Result<Report> {
    let mut guest = Guest::new(path, &options.environment)?;
    let start = guest.memory();
    let mut memory = Memory { start, quarter: start, peak: start };
    let mut work = Work::new();
    let began = Instant::now();
    for round in 0..options.calls {
        work.echo(&mut guest, round).with_context(|| format!("echo, call {round}"))?;
        if round % 10 == 9 {
            work.mix(&mut guest, round / 10).with_context(|| format!("after {round} calls"))?;
        }
        if round == options.calls / 4 {
            memory.quarter = guest.memory();
        }
    }
    for session in work.sessions.drain(..) {
        guest.drop_session(session)?;
    }
    let left = guest.live()?;
    memory.peak = guest.memory();
    let report = Report { calls: guest.calls(), time: began.elapsed(), memory };
    ensure!(left == 0, "{left} sessions are left ({report})");
    ensure!(memory.is_steady(), "the memory grows: {report}");
    Ok(report)
}

/// What goes in, and what is open.
struct Work {
    texts: [String; 2],
    sessions: Vec<Session>,
}

impl Work {
    fn new() -> Self {
        let plain: String = ('!'..='~').cycle().take(TEXT).collect();
        let wide: String = "Größe 寸法 🦀 ".chars().cycle().take(TEXT / 2).collect();
        Self { texts: [plain, wide], sessions: Vec::new() }
    }

    /// A text that differs from the one before it goes in and comes back.
    fn echo(&mut self, guest: &mut Guest, round: u64) -> Result<()> {
        let text = &mut self.texts[usize::from(round % 4 == 3)];
        if text.as_bytes()[..8].iter().all(u8::is_ascii_digit) {
            text.replace_range(..8, &format!("{round:08}"));
        } else {
            text.insert_str(0, &format!("{round:08}"));
        }
        ensure!(guest.echo(text)? == *text, "another text came back");
        Ok(())
    }

    fn mix(&mut self, guest: &mut Guest, round: u64) -> Result<()> {
        match round % 4 {
            0 => draw(guest, 1_000 + (round % 64) as u32 * 1_000),
            1 => echo_rows(guest, 1 + (round % 100) as u32),
            2 => self.session(guest, round),
            _ if round % 40 == 3 => guest.pause(200).context("pause"),
            _ => draw(guest, 0),
        }
    }

    /// Makes a session, uses it and one that is older, and drops the oldest.
    fn session(&mut self, guest: &mut Guest, round: u64) -> Result<()> {
        let name = format!("session {round}");
        let session = guest.new_session(&name).context("new session")?;
        let rows = source::rows(1 + (round % 7) as u32);
        ensure!(guest.feed(&session, &rows)? == rows.len() as u32, "the first rows were counted wrong");
        ensure!(guest.feed(&session, &rows)? == 2 * rows.len() as u32, "more rows were counted wrong");
        ensure!(guest.state(&session)? == (name, rows), "the state of a session differs");
        self.sessions.push(session);
        if let Some(older) = self.sessions.get(self.sessions.len() / 2) {
            guest.state(older).context("state of an older session")?;
        }
        if self.sessions.len() > SESSIONS {
            guest.drop_session(self.sessions.remove(0)).context("drop")?;
        }
        Ok(())
    }
}

fn draw(guest: &mut Guest, size: u32) -> Result<()> {
    let got = guest.draw(size).context("draw")?;
    let wanted = source::drawn(size);
    ensure!(got == wanted, "draw({size}): got {got}, wanted {wanted}");
    Ok(())
}

fn echo_rows(guest: &mut Guest, count: u32) -> Result<()> {
    let rows: Vec<Row> = source::rows(count);
    ensure!(guest.echo_rows(&rows).context("echo-rows")? == rows, "other rows came back");
    Ok(())
}
