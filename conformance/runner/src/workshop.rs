//! Components, each built once however many tests want it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::iter;
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

    /// The first of `parts` with its imports taken from the others.
    ///
    /// # Errors
    ///
    /// As [`Workshop::component`].
    pub fn composition(&self, parts: &[&Path]) -> Result<PathBuf, Unbuilt> {
        let names: Vec<String> = parts.iter().map(|part| part.display().to_string()).collect();
        let key = PathBuf::from(names.join("+"));
        self.once(&key, || {
            let out = self.out_path(&key);
            let args = iter::once(OsStr::new("compose"))
                .chain(parts.iter().map(|part| part.as_os_str()))
                .chain([OsStr::new("-o"), out.as_os_str()]);
            self.make(args, out.clone())
        })
    }

    /// A new directory for the files of one test.
    ///
    /// # Errors
    ///
    /// Why it cannot be made.
    pub fn folder(&self, name: &str) -> std::io::Result<PathBuf> {
        let folder = self.out.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn out_path(&self, key: &Path) -> PathBuf {
        let name: String =
            key.to_string_lossy().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        // Long keys of several components would not fit a file name, and their tails may be alike.
        let tail = name.len().saturating_sub(150);
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.out.join(format!("{}-{:016x}.wasm", &name[tail..], hasher.finish()))
    }

    fn once(&self, key: &Path, make: impl FnOnce() -> Result<PathBuf, Unbuilt>) -> Result<PathBuf, Unbuilt> {
        let slot = {
            let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(built.entry(key.to_owned()).or_default())
        };
        slot.get_or_init(make).clone()
    }

    fn make<'a>(&self, args: impl IntoIterator<Item = &'a OsStr>, out: PathBuf) -> Result<PathBuf, Unbuilt> {
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
