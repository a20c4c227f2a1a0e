//! `cargo xtask test`: setup, then every test of the repository, ending with one line of counts.
//!
//! The steps are a table: a new kind of test is a row of [`STEPS`].

mod counts;
mod slowest;

use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};
use witgen_languages::{Language, facts};

use crate::context::Context;
use crate::snapshots::References;
use crate::tidy::Tree;
use crate::{process, setup};
use counts::{Counter, Counts};
use slowest::Slowest;

/// Runs everything, or what concerns `only`. Returns whether all of it passed.
pub fn run(context: &Context, only: Option<Language>) -> Result<bool> {
    let references = References::new()?;
    let mut summary = Summary::default();
    summary.time("setup", || {
        let fine = setup::run(context, only, false, false)?;
        Ok(Counts { passed: 0, failed: u64::from(!fine) })
    })?;
    let files = Tree::files(&context.root)?;
    let (failing, slowest) = (Cell::new(false), RefCell::default());
    let suite = Suite { context, only, references: &references, files, failing, slowest };
    for step in &STEPS {
        let of_another = only.is_some_and(|only| step.language.is_some_and(|language| language != only));
        if !of_another {
            summary.time(step.name, || suite.step(step))?;
            suite.failing.set(summary.total.failed > 0);
        }
    }
    print!("\n{}", suite.slowest.borrow());
    summary.print();
    Ok(summary.total.failed == 0)
}

/// A program whose output tells how many tests passed and failed.
struct Step {
    name: &'static str,
    /// The language whose runtime support it tests; none for tests of several.
    language: Option<Language>,
    plan: fn(&Suite) -> Result<Plan>,
    counter: Counter,
}

const STEPS: [Step; 5] = [
    Step { name: "cargo test", language: None, plan: cargo_test, counter: counts::cargo },
    Step { name: "snapshots", language: None, plan: unreferenced_snapshots, counter: counts::none },
    Step { name: "pytest", language: Some(Language::Python), plan: pytest, counter: counts::pytest },
    Step { name: "node --test", language: Some(Language::Js), plan: node_test, counter: counts::tap },
    Step { name: "go test", language: Some(Language::Go), plan: go_test, counter: counts::go },
];

enum Plan {
    Run(Box<Command>),
    /// Nothing of this kind exists, or it does not concern what was asked for.
    Nothing,
    /// The toolchain is missing: a failure in CI.
    Skip(String),
    /// A check of our own with its outcome.
    Done(Counts),
}

impl From<Command> for Plan {
    fn from(command: Command) -> Plan {
        Plan::Run(Box::new(command))
    }
}

struct Suite<'a> {
    context: &'a Context,
    only: Option<Language>,
    references: &'a References,
    files: Vec<PathBuf>,
    /// Whether a step before this one failed.
    failing: Cell<bool>,
    slowest: RefCell<Slowest>,
}

impl Suite<'_> {
    fn step(&self, step: &Step) -> Result<Counts> {
        match (step.plan)(self)? {
            Plan::Nothing => Ok(Counts::default()),
            Plan::Done(counts) => Ok(counts),
            Plan::Skip(why) => {
                println!("skipped {}: {why}", step.name);
                Ok(Counts { passed: 0, failed: u64::from(self.context.ci) })
            }
            Plan::Run(mut command) => {
                println!("$ {}", process::command_line(&command));
                let mut out = std::io::stdout().lock();
                tally(&mut command, step.counter, &mut self.slowest.borrow_mut(), &mut out)
            }
        }
    }

    /// The files under `runtime-support/<language>` whose name `is_test` accepts.
    fn native_tests(&self, language: Language, is_test: impl Fn(&str) -> bool) -> Vec<PathBuf> {
        let folder = Path::new("runtime-support").join(language.id());
        // The host runtime of Python is a crate: `cargo test` runs its tests.
        let is_crate = |file: &Path| file.starts_with(folder.join("witgen-runtime"));
        let files = self.files.iter().filter(|file| file.starts_with(&folder) && !is_crate(file));
        let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.filter(|file| is_test(&name(file))).cloned().collect()
    }

    /// A tool of `language`, in the tools directory or on `PATH`.
    fn tool(&self, language: Language, name: &str) -> Option<PathBuf> {
        let tool = facts(language).toolchain.tool(name)?;
        let packaged = tool.path.as_deref().map(|path| self.context.tools.join(path));
        packaged.filter(|path| path.exists()).or_else(|| process::find(tool.program.as_deref()?))
    }
}

/// Folders of tests are new in each run, and so are clones; the go command's cache goes by paths where they are not trimmed.
const GO_FLAGS: (&str, &str) = ("GOFLAGS", "-trimpath");

fn cargo_test(suite: &Suite) -> Result<Plan> {
    let mut command = suite.context.cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).env("INSTA_UPDATE", "no");
    command.env(References::VARIABLE, suite.references.path()).env(GO_FLAGS.0, GO_FLAGS.1);
    if let Some(only) = suite.only {
        command.env("WITGEN_TEST_ONLY", only.id());
    }
    Ok(command.into())
}

/// Rejects snapshots that no test reads any more, when every test had the chance to.
fn unreferenced_snapshots(suite: &Suite) -> Result<Plan> {
    if suite.only.is_some() || suite.failing.get() {
        return Ok(Plan::Nothing);
    }
    let orphans = suite.references.orphans(suite.context)?;
    for orphan in &orphans {
        println!("{}: no test reads this snapshot; delete it, or run `cargo xtask bless`", orphan.display());
    }
    Ok(Plan::Done(Counts { passed: 0, failed: orphans.len() as u64 }))
}

fn pytest(suite: &Suite) -> Result<Plan> {
    let tests =
        suite.native_tests(Language::Python, |name| name.starts_with("test_") && name.ends_with(".py"));
    if tests.is_empty() {
        return Ok(Plan::Nothing);
    }
    let Some(python) = suite.tool(Language::Python, "python3") else {
        return Ok(Plan::Skip("python3 not found".to_owned()));
    };
    let mut command = Command::new(python);
    command.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).args(tests);
    command.current_dir(&suite.context.root).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command.into())
}

fn node_test(suite: &Suite) -> Result<Plan> {
    let tests =
        suite.native_tests(Language::Js, |name| name.ends_with(".test.js") || name.ends_with(".test.mjs"));
    if tests.is_empty() {
        return Ok(Plan::Nothing);
    }
    let Some(node) = suite.tool(Language::Js, "node") else {
        return Ok(Plan::Skip("node not found".to_owned()));
    };
    let mut command = Command::new(node);
    command.args(["--test", "--test-reporter=tap"]).args(tests).current_dir(&suite.context.root);
    Ok(command.into())
}

fn go_test(suite: &Suite) -> Result<Plan> {
    let folder = suite.context.root.join("runtime-support/go");
    if suite.native_tests(Language::Go, |name| name.ends_with("_test.go")).is_empty() {
        return Ok(Plan::Nothing);
    }
    let Some(go) = suite.tool(Language::Go, "go") else {
        return Ok(Plan::Skip("go not found".to_owned()));
    };
    let mut command = Command::new(go);
    command.args(["test", "-race", "-v", "./..."]).current_dir(folder).env(GO_FLAGS.0, GO_FLAGS.1);
    Ok(command.into())
}

/// Counts while copying the output to `out`. A failure without a failed test is one failure.
fn tally(
    command: &mut Command,
    counter: Counter,
    slowest: &mut Slowest,
    out: &mut impl Write,
) -> Result<Counts> {
    // One pipe for both, since cargo names a program in one and the program says how long it took in the other.
    let (said, stdout) = std::io::pipe()?;
    let stderr = stdout.try_clone()?;
    let name = process::command_line(command);
    let mut child =
        command.stdout(stdout).stderr(stderr).spawn().with_context(|| format!("cannot run `{name}`"))?;
    // This side must not hold the pipe open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut counts = Counts::default();
    for line in BufReader::new(said).split(b'\n') {
        let line = line?;
        out.write_all(&line)?;
        out.write_all(b"\n")?;
        let line = String::from_utf8_lossy(&line);
        counts += counter(line.trim_end());
        slowest.read(line.trim_end());
    }
    if !child.wait()?.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

#[derive(Default)]
struct Summary {
    total: Counts,
    steps: Vec<(&'static str, Counts, f64)>,
}

impl Summary {
    fn time(&mut self, name: &'static str, step: impl FnOnce() -> Result<Counts>) -> Result<()> {
        let start = Instant::now();
        let counts = step()?;
        self.total += counts;
        self.steps.push((name, counts, start.elapsed().as_secs_f64()));
        Ok(())
    }

    /// The steps, slowest first, then the line that says it all.
    fn print(&mut self) {
        self.steps.sort_by(|a, b| b.2.total_cmp(&a.2));
        println!();
        for (name, counts, seconds) in &self.steps {
            println!("{seconds:>8.1} s  {name}: {counts}");
        }
        println!("{}", self.total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Counts {
        // Not to stdout: when these tests are themselves counted, their output must not be.
        let mut slowest = Slowest::default();
        tally(Command::new("sh").args(["-c", script]), counts::cargo, &mut slowest, &mut std::io::sink())
            .unwrap()
    }

    #[test]
    fn counts_of_all_test_programs_are_added_up() {
        let counts = shell(
            "echo 'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s';
             echo 'test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured'; exit 101",
        );
        assert_eq!(counts, Counts { passed: 4, failed: 2 });
    }

    #[test]
    fn a_step_that_fails_without_a_count_is_one_failure() {
        assert_eq!(shell("echo 'error: could not compile'; exit 101"), Counts { passed: 0, failed: 1 });
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let mut summary = Summary::default();
        summary.time("a", || Ok(Counts { passed: 3, failed: 0 })).unwrap();
        summary.time("b", || Ok(Counts { passed: 4, failed: 1 })).unwrap();
        assert_eq!(summary.total.to_string(), "7 passed, 1 failed");
    }
}
