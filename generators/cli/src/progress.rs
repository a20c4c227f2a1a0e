//! A sign of life on a terminal for work that takes more than a second.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

/// Shows its message from the second second on, until it is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<String>, JoinHandle<()>)>,
}

impl Progress {
    pub(crate) fn start(message: String) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { running: None };
        }
        let (done, waiting) = channel::<String>();
        let thread = std::thread::spawn(move || {
            let mut message = message;
            let shown = Instant::now() + Duration::from_secs(1);
            loop {
                match waiting.recv_timeout(shown.saturating_duration_since(Instant::now())) {
                    Ok(next) => message = next,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let spinner = ProgressBar::new_spinner().with_message(message);
            spinner.enable_steady_tick(Duration::from_millis(120));
            // Ends when the sender is dropped.
            while let Ok(next) = waiting.recv() {
                spinner.set_message(next);
            }
            spinner.finish_and_clear();
        });
        Self { running: Some((done, thread)) }
    }
}

#[cfg(feature = "run")]
impl Progress {
    /// Shows another message.
    pub(crate) fn say(&self, message: &str) {
        if let Some((sender, _)) = &self.running {
            let _ = sender.send(message.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.running.take() {
            drop(done);
            // The line must be gone before anything else is printed.
            let _ = thread.join();
        }
    }
}
