//! Every world that other projects test with, through all four guest backends.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail, and says what it skips"
)]

mod guests;

use std::path::{Path, PathBuf};

use guests::{Made, worlds};
use witgen_diag::Id;

/// Files and packages directly in `dir`, in the order of their names.
fn inputs(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let package = |path: PathBuf| if path.join("wit").is_dir() { path.join("wit") } else { path };
    paths.into_iter().map(package).collect()
}

fn add_all(made: &mut Made, dir: &Path) {
    for path in inputs(dir) {
        let name = path.strip_prefix(dir).unwrap().with_extension("").display().to_string();
        match worlds(&path) {
            Ok(worlds) => {
                for world in worlds {
                    made.add(&format!("{name}/{}", world.name), &world, true);
                }
            }
            Err(findings) => made.failures.push(format!("{}: {findings:?}", path.display())),
        }
    }
}

#[test]
fn worlds_of_the_corpus_are_refused_or_parse() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/wit");
    if !corpus.is_dir() {
        println!("skipped: no corpus beside the repository");
        return;
    }
    let mut made = Made::new();
    add_all(&mut made, &corpus);
    made.finish();
}

/// What is said of a file that needs others.
const PARTIAL: [Id; 2] = [Id::UnknownWorld, Id::WitResolve];

#[test]
fn worlds_of_the_torture_set_are_refused_or_parse() {
    let mut made = Made::new();
    for dir in ["wit", "wit/torture"] {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(dir);
        if dir.is_dir() {
            for path in inputs(&dir).into_iter().filter(|path| path.is_file()) {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                let found = match worlds(&path) {
                    Ok(found) => found,
                    // One of several files of its package, which the lint tests render as a whole.
                    Err(findings) if findings.iter().all(|finding| PARTIAL.contains(&finding.id)) => continue,
                    Err(findings) => panic!("{}: {findings:?}", path.display()),
                };
                for world in found {
                    made.add(&format!("{name}/{}", world.name), &world, true);
                }
            }
        }
    }
    made.finish();
}
