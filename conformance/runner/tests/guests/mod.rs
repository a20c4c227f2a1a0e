//! What every world must do to the four guest backends and the JavaScript host, and whether what they make parses.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;

use witgen_conformance::{in_ci, languages};
use witgen_diag::{Diagnostic, Id};
use witgen_emit::FileSet;
use witgen_ir::{Options, World, load};
use witgen_languages::Language;

/// Parses every file below the current directory with the parser of its language.
const PYTHON: &str = "
import ast, pathlib, sys
bad = 0
for path in sorted(pathlib.Path('.').rglob('*.py*')):
    try:
        ast.parse(path.read_text(encoding='utf-8'))
    except SyntaxError as reason:
        bad = 1
        print(path, reason)
sys.exit(bad)
";
const NODE: &str = "
const fs = require('node:fs'), vm = require('node:vm');
let typescript;
try { typescript = require('typescript'); } catch { /* declarations stay unread without it */ }
const declarations = (path, text) => {
  const wrong = typescript?.createSourceFile(path, text, 99).parseDiagnostics ?? [];
  if (wrong.length > 0) throw new Error(typescript.flattenDiagnosticMessageText(wrong[0].messageText, ' '));
};
for (const path of fs.readdirSync('.', { recursive: true }).sort()) {
  try {
    if (path.endsWith('.d.ts')) declarations(path, fs.readFileSync(path, 'utf8'));
    else if (path.endsWith('.js')) new vm.SourceTextModule(fs.readFileSync(path, 'utf8'));
  } catch (reason) {
    process.exitCode = 1;
    console.log(path, String(reason));
  }
}
";

/// The worlds of `path`, by name, or what its WIT is refused for.
pub fn worlds(path: &Path) -> witgen_diag::Result<Vec<World>> {
    let options = Options { all_features: true, ..Options::default() };
    let inputs = [path.to_owned()];
    let findings = match load(&inputs, &options) {
        Ok(world) => return Ok(vec![world]),
        Err(findings) => findings,
    };
    let Some(several) = findings.iter().find(|finding| finding.id == Id::AmbiguousWorld) else {
        return Err(findings);
    };
    let named =
        several.helps.iter().flat_map(|help| help.split('`')).filter_map(|word| word.strip_prefix("-w "));
    named.map(|name| load(&inputs, &Options { world: Some(name.to_owned()), ..options.clone() })).collect()
}

/// A directory with all that the backends made, one folder a language.
pub struct Made {
    dir: tempfile::TempDir,
    /// Texts that lie there already, by language: runtime support is the same for all worlds.
    seen: BTreeSet<(Language, Vec<u8>)>,
    /// All that went wrong.
    pub failures: Vec<String>,
    /// How many sets of files were made, and how many worlds were refused.
    pub made: usize,
    pub refused: usize,
}

impl Made {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { dir, seen: BTreeSet::new(), failures: Vec::new(), made: 0, refused: 0 }
    }

    /// Calls every backend with `world`. `with_text` tells whether its diagnostics have places.
    pub fn add(&mut self, name: &str, world: &World, with_text: bool) {
        for language in languages() {
            self.render(name, language, &guest, world, with_text);
        }
        if languages().contains(&Language::Js) {
            let host = |_, world: &World| witgen_js::host(world, &witgen_js::HostOptions::default());
            self.render(&format!("{name}/host"), Language::Js, &host, world, with_text);
        }
    }

    fn render(
        &mut self,
        name: &str,
        language: Language,
        backend: &dyn Fn(Language, &World) -> witgen_diag::Result<FileSet>,
        world: &World,
        with_text: bool,
    ) {
        match catch_unwind(AssertUnwindSafe(|| backend(language, world))) {
            Ok(Ok(files)) => {
                self.made += 1;
                self.keep(name, language, &files);
            }
            Ok(Err(findings)) => {
                self.refused += 1;
                let wrong = |finding: &&Diagnostic| {
                    finding.id != Id::UnsupportedType || (with_text && finding.primary.is_none())
                };
                if let Some(finding) = findings.iter().find(wrong) {
                    self.failures.push(format!("{name}: {language}: {finding:?}"));
                }
            }
            Err(_) => self.failures.push(format!("{name}: {language}: panicked")),
        }
    }

    fn keep(&mut self, name: &str, language: Language, files: &FileSet) {
        for (path, content) in files.iter() {
            if !self.seen.insert((language, content.to_vec())) {
                continue;
            }
            if language == Language::Rust {
                let parsed = std::str::from_utf8(content).map_err(|reason| reason.to_string());
                let parsed =
                    parsed.and_then(|text| syn::parse_file(text).map_err(|reason| reason.to_string()));
                if let Err(reason) = parsed {
                    self.failures.push(format!("{name}: {language}: {reason}"));
                }
                continue;
            }
            let path = self.dir.path().join(language.id()).join(name).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
    }

    /// Parses everything, one call a language, and fails with all that went wrong.
    pub fn finish(mut self) {
        self.parse(Language::Python, &["python/bin/python", "python3"], &["-c", PYTHON]);
        self.parse(
            Language::Js,
            &["node/node_modules/.bin/node", "node"],
            &["--no-warnings", "--experimental-vm-modules", "-e", NODE],
        );
        self.parse(Language::Go, &["gofmt"], &["-l", "."]);
        println!("{} made, {} refused, {} failures", self.made, self.refused, self.failures.len());
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n"));
    }

    fn parse(&mut self, language: Language, programs: &[&str], args: &[&str]) {
        let dir = self.dir.path().join(language.id());
        if !dir.is_dir() {
            return;
        }
        let tools = witgen_tools();
        let candidates = programs.iter().flat_map(|program| [tools.join(program), PathBuf::from(program)]);
        let output = candidates
            .filter_map(|path| {
                let modules = tools.join("node/node_modules");
                Command::new(path).args(args).current_dir(&dir).env("NODE_PATH", modules).output().ok()
            })
            .next();
        let Some(output) = output else {
            let program = programs[programs.len() - 1];
            assert!(!in_ci(), "{program} not found");
            println!("skipped {language}: {program} not found");
            return;
        };
        let said =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        if !output.status.success() || !said.is_empty() {
            self.failures.push(format!("{language} does not parse or is not formatted:\n{said}"));
        }
    }
}

fn witgen_tools() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = || set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    set("WITGEN_TOOLS_DIR").or_else(|| cache().map(|cache| cache.join("witgen/tools"))).unwrap_or_default()
}

fn guest(language: Language, world: &World) -> witgen_diag::Result<FileSet> {
    match language {
        Language::Rust => witgen_rust::guest(world, &witgen_rust::GuestOptions::default()),
        Language::Python => witgen_python::guest(world, &witgen_python::GuestOptions::default()),
        Language::Js => witgen_js::guest(world, &witgen_js::GuestOptions::default()),
        Language::Go => witgen_go::guest(world, &witgen_go::GuestOptions::default()),
    }
}
