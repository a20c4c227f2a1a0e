//! Components, each built once however many tests want it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::program::Program;

/// Builds components into a directory of its own.
pub struct Workshop {
    program: Program,
    out: PathBuf,
    built: Mutex<BTreeMap<PathBuf, Arc<Slot>>>,
}

type Slot = OnceLock<Result<PathBuf, Unbuilt>>;

/// Why there is no component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unbuilt {
    /// A tool is not installed.
    MissingTool(String),
    /// The build failed.
    Failed(String),
}

impl Workshop {
    /// A workshop that leaves its components in `out`.
    pub fn new(program: Program, out: PathBuf) -> Self {
        Self { program, out, built: Mutex::default() }
    }

    /// The program that it builds with.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The component of the project in `dir`.
    ///
    /// # Errors
    ///
    /// Why there is none. A second call does not build again.
    pub fn component(&self, dir: &Path) -> Result<PathBuf, Unbuilt> {
        self.once(dir, || {
            let out = self.out_path(dir);
            let args = ["build".as_ref(), dir.as_os_str(), "-o".as_ref(), out.as_os_str()];
            self.make(args, out.clone())
        })
    }

    /// `first` with its imports taken from `second`.
    ///
    /// # Errors
    ///
    /// As [`Workshop::component`].
    pub fn composition(&self, first: &Path, second: &Path) -> Result<PathBuf, Unbuilt> {
        let key = PathBuf::from(format!("{}+{}", first.display(), second.display()));
        self.once(&key, || {
            let out = self.out_path(&key);
            let args =
                ["compose".as_ref(), first.as_os_str(), second.as_os_str(), "-o".as_ref(), out.as_os_str()];
            self.make(args, out.clone())
        })
    }

    fn out_path(&self, key: &Path) -> PathBuf {
        let name: String =
            key.to_string_lossy().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        // Long keys of two components would not fit a file name.
        let tail = name.len().saturating_sub(180);
        self.out.join(format!("{}.wasm", &name[tail..]))
    }

    fn once(&self, key: &Path, make: impl FnOnce() -> Result<PathBuf, Unbuilt>) -> Result<PathBuf, Unbuilt> {
        let slot = {
            let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(built.entry(key.to_owned()).or_default())
        };
        slot.get_or_init(make).clone()
    }

    fn make<'a>(
        &self,
        args: impl IntoIterator<Item = &'a std::ffi::OsStr>,
        out: PathBuf,
    ) -> Result<PathBuf, Unbuilt> {
        let finished = self.program.run(args).map_err(Unbuilt::Failed)?;
        match finished.code {
            Some(0) => Ok(out),
            Some(2) if finished.stderr.contains("error[missing-tool]") => {
                Err(Unbuilt::MissingTool(finished.stderr))
            }
            _ => Err(Unbuilt::Failed(format!("exit code {:?}\n{}", finished.code, finished.stderr))),
        }
    }
}
