//! Runs another program and turns its failure into a diagnostic.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

use witgen_diag::{Diagnostic, Id};

/// Runs `command` to its end without input and returns what it printed.
///
/// # Errors
///
/// `ToolFailed` with the command line and all that the program printed.
pub(crate) fn run(command: &mut Command, tool: &str) -> witgen_diag::Result<Output> {
    let output = output(command, tool)?;
    if output.status.success() {
        return Ok(output);
    }
    Err(failure(command, tool, &output).into())
}

/// Runs `command` to its end whatever its exit code.
pub(crate) fn output(command: &mut Command, tool: &str) -> witgen_diag::Result<Output> {
    command.stdin(Stdio::null()).output().map_err(|reason| {
        Diagnostic::error(Id::MissingTool, format!("`{tool}` cannot be started"))
            .note(reason.to_string())
            .note(format!("the command was `{}`", command_line(command)))
            .into()
    })
}

/// What a failed run is reported as.
pub(crate) fn failure(command: &Command, tool: &str, output: &Output) -> Diagnostic {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let text = [stderr.trim_end(), stdout.trim_end()].into_iter().filter(|text| !text.is_empty());
    Diagnostic::error(Id::ToolFailed, format!("`{tool}` failed ({})", output.status))
        .note(format!("the command was `{}`", command_line(command)))
        .output(text.collect::<Vec<_>>().join("\n"))
}

/// The command as a person would type it, with what is set for it in the environment and its directory.
pub(crate) fn command_line(command: &Command) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(dir) = command.get_current_dir() {
        words.push(format!("cd {} &&", quoted(dir.as_os_str())));
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.to_string_lossy(), quoted(value)));
        }
    }
    words.push(quoted(command.get_program()));
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_shows_the_command_and_its_own_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo 'err: it'\"'\"'s bad' >&2; exit 3"]).env("LEVEL", "a b");
        let found = run(&mut command, "sh").unwrap_err().remove(0);
        assert_eq!(found.id, Id::ToolFailed);
        assert_eq!(found.output.as_deref(), Some("err: it's bad\nout"));
        assert!(found.notes[0].contains("LEVEL='a b' sh -c "), "{:?}", found.notes);
    }

    #[test]
    fn program_that_is_not_there_is_missing() {
        let found = run(&mut Command::new("/no/such/program"), "program").unwrap_err();
        assert_eq!(found[0].id, Id::MissingTool);
    }
}
