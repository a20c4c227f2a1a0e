//! Talks to a host program: one request a line, one line of JSON for an answer.
//!
//! The protocol is described where backends see it, in `witgen_backend::testee`.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::engine::Ended;
use crate::scripts::{Came, Step};

/// How long an answer may take: a program compiles the component before its first.
const PATIENCE: Duration = Duration::from_secs(600);

/// Bytes of stderr that are kept, the last ones.
const STDERR_BYTES: usize = 16 << 10;

/// How a host program is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    /// The component comes last.
    pub(crate) args: Vec<OsString>,
    pub(crate) env: Vec<(OsString, OsString)>,
}

/// A host program that runs, or did.
pub(crate) struct Server {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<std::io::Result<String>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    patience: Duration,
}

#[derive(Deserialize)]
#[serde(tag = "ended", rename_all = "kebab-case", deny_unknown_fields)]
enum Answer {
    Well,
    Different { text: String },
    Trap { text: String },
    Skipped { text: String },
}

/// What a driver answers.
#[derive(Deserialize)]
#[serde(tag = "ended", rename_all = "kebab-case", deny_unknown_fields)]
enum Taken {
    Well { value: Option<String> },
    Trap { text: String },
    Over { text: String },
    Refused { text: String },
    Skipped { text: String },
}

impl Server {
    /// Starts the program.
    ///
    /// # Errors
    ///
    /// Why it could not be started.
    pub(crate) fn start(launch: &Launch) -> std::io::Result<Self> {
        let mut child = Command::new(&launch.program)
            .args(&launch.args)
            .envs(launch.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let (sender, answers) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines() {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        let stderr = Arc::new(Mutex::new(Vec::new()));
        if let Some(pipe) = child.stderr.take() {
            let kept = Arc::clone(&stderr);
            std::thread::spawn(move || keep_the_end(pipe, &kept));
        }
        Ok(Self { child, requests, answers, stderr, patience: PATIENCE })
    }

    /// Sends one request and waits for what comes of it.
    pub(crate) fn ask(&mut self, request: &str) -> Ended {
        match self.answer(request) {
            Ok(Answer::Well) => Ended::Well,
            Ok(Answer::Different { text }) => Ended::Different(text),
            Ok(Answer::Trap { text }) => Ended::Trap(text),
            Ok(Answer::Skipped { text }) => Ended::Skipped(text),
            Err(reason) => Ended::Broken(reason),
        }
    }

    /// Takes the steps of a script, in instances of their own.
    pub(crate) fn play(&mut self, steps: &[Step<'_>]) -> Ended {
        if let Err(reason) = self.answer::<Taken>("begin") {
            return Ended::Broken(reason);
        }
        for step in steps {
            let taken = step.request().and_then(|request| self.answer(&format!("step {request}")));
            let ended = step.judge(&match taken {
                Ok(Taken::Well { value }) => Came::Value(value),
                Ok(Taken::Trap { text }) => Came::Trap(text),
                Ok(Taken::Over { text }) => Came::Over(text),
                Ok(Taken::Refused { text }) => Came::Refused(text),
                Ok(Taken::Skipped { text }) => Came::Skipped(text),
                Err(reason) => Came::Broken(reason),
            });
            if ended != Ended::Well {
                return ended;
            }
        }
        Ended::Well
    }

    /// The answer to a request; why there is none.
    fn answer<T: DeserializeOwned>(&mut self, request: &str) -> Result<T, String> {
        let sent = match &mut self.requests {
            Some(requests) => writeln!(requests, "{request}").and_then(|()| requests.flush()).is_ok(),
            None => false,
        };
        // A program that ended took its reasons to stderr, which the lack of an answer leads to as well.
        let answer =
            if sent { self.answers.recv_timeout(self.patience) } else { Err(RecvTimeoutError::Disconnected) };
        match answer {
            Ok(Ok(line)) => serde_json::from_str(&line)
                .map_err(|reason| self.failed(&format!("the host program answers `{line}`: {reason}"))),
            Ok(Err(reason)) => {
                Err(self.failed(&format!("the answer of the host program is no text: {reason}")))
            }
            Err(RecvTimeoutError::Timeout) => {
                Err(self.failed(&format!("the host program gave no answer in {} s", self.patience.as_secs())))
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.requests = None;
                let status = match self.child.wait() {
                    Ok(status) => status.to_string(),
                    Err(reason) => reason.to_string(),
                };
                Err(self.failed(&format!("the host program ended ({status})")))
            }
        }
    }

    /// What the cell is told, with what the program said.
    fn failed(&mut self, reason: &str) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The thread that reads stderr may be a moment behind.
        std::thread::sleep(Duration::from_millis(20));
        let said = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let said = String::from_utf8_lossy(&said);
        match said.trim() {
            "" => reason.to_owned(),
            said => format!("{reason}\n{said}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its stdin; one that does not is ended.
        drop(self.requests.take());
        for _ in 0..50 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep_the_end(mut pipe: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..count]);
        let more = kept.len().saturating_sub(STDERR_BYTES);
        kept.drain(..more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A host program that is a shell script, which sees the component as `$0`.
    fn server(script: &str) -> Server {
        let args = ["-c", script, "/tmp/component.wasm"].map(OsString::from).to_vec();
        let launch = Launch { program: "sh".into(), args, env: vec![("NAME".into(), "value".into())] };
        Server::start(&launch).unwrap()
    }

    #[test]
    fn each_answer_is_understood() {
        let mut server = server(
            r#"while read -r verb rest; do case "$verb" in
               run) echo '{"ended": "well"}';;
               call) echo '{"ended": "different", "text": "'"$0 $NAME $rest"'"}';;
               misuse) echo '{"ended": "skipped", "text": "no"}';;
               *) printf '%s\n' '{"ended": "trap", "text": "unreachable\nboom"}';;
               esac; done"#,
        );
        assert_eq!(server.ask("run 0 1 2"), Ended::Well);
        assert_eq!(server.ask("call 7"), Ended::Different("/tmp/component.wasm value 7".to_owned()));
        assert_eq!(server.ask("misuse 1"), Ended::Skipped("no".to_owned()));
        assert_eq!(server.ask("other"), Ended::Trap("unreachable\nboom".to_owned()));
        assert_eq!(server.ask("run 0 0 0"), Ended::Well);
    }

    #[test]
    fn steps_are_taken_until_one_is_not_as_it_should_be() {
        let mut server = server(
            r#"while read -r verb rest; do case "$rest" in
               "") echo '{"ended": "well"}';;
               *live*) echo '{"ended": "well", "value": "1"}';;
               *drop*) echo '{"ended": "refused", "text": "it was dropped"}';;
               *crash*) echo '{"ended": "trap", "text": "boom"}';;
               *add*) echo '{"ended": "over", "text": "cannot enter"}';;
               *give*) echo '{"ended": "skipped", "text": "the compiler refuses it"}';;
               *) exit 1;; esac; done"#,
        );
        let mut play =
            |texts: &[&str]| server.play(&texts.iter().map(|text| Step::parse(text)).collect::<Vec<_>>());
        assert_eq!(
            play(&["live() -> 1", "drop(0) -> refused", "crash(\"boom\") -> trap boom", "add(0, 1) -> over"]),
            Ended::Well
        );
        let different = Ended::Different("`live()`: got 1, wanted 0".to_owned());
        assert_eq!(play(&["live() -> 0", "value(0)"]), different);
        assert_eq!(play(&["give(0)", "value(0)"]), Ended::Skipped("the compiler refuses it".to_owned()));
        assert!(matches!(play(&["live() -> 1", "value(0)"]), Ended::Broken(_)));
    }

    #[test]
    fn program_that_ends_is_broken_with_its_words() {
        let mut server = server("echo 'no such export `run`' >&2; exit 3");
        let Ended::Broken(said) = server.ask("run 0 0 0") else { panic!() };
        assert!(said.contains("exit status: 3") && said.ends_with("no such export `run`"), "{said}");
        assert!(matches!(server.ask("run 0 0 0"), Ended::Broken(_)));
    }

    #[test]
    fn strange_and_absent_answers_are_broken() {
        let Ended::Broken(said) = server("read line; echo fine").ask("run 0 0 0") else { panic!() };
        assert!(said.contains("answers `fine`"), "{said}");
        let mut slow = server("echo thinking >&2; sleep 60");
        slow.patience = Duration::from_millis(300);
        let Ended::Broken(said) = slow.ask("run 0 0 0") else { panic!() };
        assert!(said.contains("gave no answer") && said.ends_with("thinking"), "{said}");
    }
}
