//! A folder to run the program in.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder.
pub struct Room {
    pub dir: tempfile::TempDir,
}

/// What a run left behind.
pub struct Finished {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Room {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Runs witgen in the room with the words of `line` as arguments.
    pub fn witgen(&self, line: &str) -> Finished {
        self.witgen_with(line, &[])
    }

    pub fn witgen_with(&self, line: &str, variables: &[(&str, PathBuf)]) -> Finished {
        let output = Command::new(env!("CARGO_BIN_EXE_witgen"))
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .args(line.split_whitespace())
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .env("PATH", "/nonexistent")
            .env("WITGEN_TOOLS_DIR", self.path("no-tools"))
            .env("WITGEN_CACHE_DIR", self.path("cache"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Finished {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Every file of the room, so that a test sees what was written.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut pending = vec![self.dir.path().to_owned()];
        while let Some(dir) = pending.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    files.push(name_in(self.dir.path(), &path));
                }
            }
        }
        files.sort();
        files
    }

    /// `line` must fail with `code`, say `message` under `id` and leave the room as it was.
    pub fn check_refused(&self, line: &str, code: i32, id: &str, message: &str) -> Finished {
        let before = self.files();
        let finished = self.witgen(line);
        let said = &finished.stderr;
        assert_eq!(finished.code, code, "{said}");
        assert!(said.contains(&format!("error[{id}]: {message}")), "{line}: {said}");
        assert_eq!(finished.stdout, "");
        assert_eq!(self.files(), before);
        finished
    }
}

fn name_in(dir: &Path, path: &Path) -> String {
    path.strip_prefix(dir).unwrap().display().to_string()
}
