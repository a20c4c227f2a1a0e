//! `wasi:logging`: lines on stderr, and events for a subscriber of `tracing`.

use std::io::Write as _;

use wasmtime::component::{ComponentType, Lift, Linker, Lower};
use wasmtime::{Result, StoreContextMut};
use witgen_grants::Event;

use crate::state::PackagesView;

pub(crate) const VERSIONS: &[&str] = &["", "0.1.0-draft"];

#[derive(Clone, Copy, Debug, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
#[allow(dead_code, reason = "a component makes them")]
enum Level {
    #[component(name = "trace")]
    Trace,
    #[component(name = "debug")]
    Debug,
    #[component(name = "info")]
    Info,
    #[component(name = "warn")]
    Warn,
    #[component(name = "error")]
    Error,
    #[component(name = "critical")]
    Critical,
}

pub(crate) fn add<T: PackagesView>(linker: &mut Linker<T>) -> Result<()> {
    for name in crate::names("wasi:logging/logging", VERSIONS) {
        linker.instance(&name)?.func_wrap(
            "log",
            |mut store: StoreContextMut<'_, T>, (level, context, message): (Level, String, String)| {
                let guard = store.data_mut().guard();
                let grant = "logging.allow";
                if !guard.grants().logging.allow {
                    // The interface has no error, and a line that is lost ends no program.
                    let event =
                        Event { action: "logging.log", target: &context, allowed: false, grant, error: None };
                    return guard.monitor().denied(&event, "write to the log");
                }
                guard.monitor().used("logging.log", &context, grant)?;
                log(level, &context, &message);
                Ok(())
            },
        )?;
    }
    Ok(())
}

fn log(level: Level, context: &str, message: &str) {
    macro_rules! event {
        ($level:ident) => {
            tracing::event!(target: "wasi_logging", tracing::Level::$level, context, "{message}")
        };
    }
    let name = match level {
        Level::Trace => (event!(TRACE), "trace").1,
        Level::Debug => (event!(DEBUG), "debug").1,
        Level::Info => (event!(INFO), "info").1,
        Level::Warn => (event!(WARN), "warn").1,
        Level::Error => (event!(ERROR), "error").1,
        Level::Critical => (event!(ERROR), "critical").1,
    };
    let text = line(name, context, message);
    // There is nobody to tell when the standard error is gone.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// One line for each message, whatever it holds: a component must not make lines that look like another's.
fn line(level: &str, context: &str, message: &str) -> String {
    let colon = if context.is_empty() { "" } else { ": " };
    let plain = |text: &str| text.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"");
    format!("[{level}] {}{colon}{}\n", plain(context), plain(message))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_message_is_one_line() {
        assert_eq!(super::line("info", "shop", "it's \"open\""), "[info] shop: it's \"open\"\n");
        assert_eq!(super::line("warn", "", "a\n[error] b\u{1b}[2J"), "[warn] a\\n[error] b\\u{1b}[2J\n");
    }
}
