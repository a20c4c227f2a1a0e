//! The program under test.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The `witgen` binary.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
}

/// What a run of the program left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Program {
    /// The binary that cargo built with the tests: `WITGEN` if it is set, else beside the running test.
    ///
    /// # Errors
    ///
    /// The command that builds it, when it is not there.
    pub fn locate() -> Result<Self, String> {
        if let Some(path) = std::env::var_os("WITGEN") {
            return Ok(Self { path: path.into() });
        }
        let test = std::env::current_exe().map_err(|reason| reason.to_string())?;
        let dir = test.parent().ok_or("the test has no directory")?;
        // Tests lie in `target/debug/deps`, programs in `target/debug`.
        let dir = if dir.ends_with("deps") { dir.parent().unwrap_or(dir) } else { dir };
        let path = dir.join(format!("witgen{}", std::env::consts::EXE_SUFFIX));
        if path.is_file() {
            return Ok(Self { path });
        }
        Err(format!("{} is not there; run `cargo build -p witgen-cli` first", path.display()))
    }

    /// Where it is, for runs that need more than arguments.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Runs it with `args` and without input.
    ///
    /// # Errors
    ///
    /// Why it could not be started.
    pub fn run<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Result<Finished, String> {
        let mut command = Command::new(&self.path);
        // Python hosts run on the library that was built with the tests.
        if let Ok(package) = crate::python_runtime() {
            command.env("PYTHONPATH", package);
        }
        let output = command
            .args(args)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(|reason| format!("{}: {reason}", self.path.display()))?;
        Ok(Finished {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

impl Finished {
    /// The standard output of a run that must have gone well.
    ///
    /// # Errors
    ///
    /// All that the program printed, when its exit code is not 0.
    pub fn success(self) -> Result<String, String> {
        match self.code {
            Some(0) => Ok(self.stdout),
            code => Err(format!("exit code {code:?}\n{}{}", self.stderr, self.stdout)),
        }
    }
}
