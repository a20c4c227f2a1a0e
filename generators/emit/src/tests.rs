#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use tempfile::TempDir;
use witgen_diag::{Diagnostic, Format, Id, RenderOptions, render};

use crate::transaction::Step;
use crate::{Change, FileSet, MANIFEST_NAME, Mode, Report, emit, emit_observed};

/// An output directory with what was in it before a run.
struct Output {
    _root: TempDir,
    dir: PathBuf,
}

impl Output {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        let dir = root.path().join("out");
        Self { _root: root, dir }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let output = Self::new();
        output.write(files).unwrap();
        output
    }

    fn write(&self, files: &[(&str, &str)]) -> witgen_diag::Result<Report> {
        emit(&self.dir, &set(files), Mode::Write, false)
    }

    fn clean(&self, files: &[(&str, &str)]) -> witgen_diag::Result<Report> {
        emit(&self.dir, &set(files), Mode::Write, true)
    }

    fn check(&self, files: &[(&str, &str)]) -> witgen_diag::Result<Report> {
        let command = Some("witgen rust wit -o out".to_owned());
        emit(&self.dir, &set(files), Mode::Check { command }, false)
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.dir.join(path)).unwrap()
    }

    /// All that is below the directory, the manifest aside.
    fn names(&self) -> Vec<String> {
        let paths = tree(&self.dir).into_keys();
        let names = paths.map(|path| path.to_str().unwrap().to_owned());
        names.filter(|name| !name.is_empty() && name != MANIFEST_NAME).collect()
    }

    /// Diagnostics with the changing part of their paths left out.
    fn text(&self, diagnostics: &[Diagnostic]) -> String {
        let text = render(diagnostics, RenderOptions { format: Format::Text, color: false });
        text.replace(self.dir.parent().unwrap().to_str().unwrap(), "")
    }
}

fn set(files: &[(&str, &str)]) -> FileSet {
    let mut set = FileSet::new();
    for (path, content) in files {
        set.insert(*path, *content).unwrap();
    }
    set
}

/// Everything below `dir`: content, inode, time stamp, mode.
fn tree(dir: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u64, i64, i64, u32)> {
    fn walk(root: &Path, dir: &Path, found: &mut BTreeMap<PathBuf, (Vec<u8>, u64, i64, i64, u32)>) {
        let metadata = fs::symlink_metadata(dir).unwrap();
        let content = if metadata.is_file() { fs::read(dir).unwrap() } else { Vec::new() };
        // The time stamp of a directory changes when something in it is put back.
        let (seconds, nanos) =
            if metadata.is_dir() { (0, 0) } else { (metadata.mtime(), metadata.mtime_nsec()) };
        // A directory that is put back is another one.
        let inode = if metadata.is_dir() { 0 } else { metadata.ino() };
        let relative = dir.strip_prefix(root).unwrap().to_owned();
        found.insert(relative, (content, inode, seconds, nanos, metadata.mode()));
        if metadata.is_dir() {
            for entry in fs::read_dir(dir).unwrap() {
                walk(root, &entry.unwrap().path(), found);
            }
        }
    }
    let mut found = BTreeMap::new();
    if dir.exists() {
        walk(dir, dir, &mut found);
    }
    found
}

fn changes(report: &Report) -> Vec<(&str, Change)> {
    report.files.iter().map(|(path, change)| (path.as_str(), *change)).collect()
}

#[test]
fn files_and_their_directories_are_created() {
    let output = Output::new();
    let report = output.write(&[("a.rs", "one"), ("deep/er/b.rs", "two")]).unwrap();
    assert_eq!(changes(&report), [("a.rs", Change::Created), ("deep/er/b.rs", Change::Created)]);
    assert_eq!(output.read("deep/er/b.rs"), "two");
    assert_eq!(output.names(), ["a.rs", "deep", "deep/er", "deep/er/b.rs"]);
    assert_snapshot!(output.read(MANIFEST_NAME), @r#"
    {
      "version": 1,
      "files": {
        "a.rs": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        "deep/er/b.rs": "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
      }
    }
    "#);
}

#[test]
fn unchanged_files_are_not_touched() {
    let output = Output::with(&[("a", "one"), ("b", "two")]);
    let before = tree(&output.dir);
    let report = output.write(&[("a", "one"), ("b", "two")]).unwrap();
    assert!(report.is_unchanged());
    assert_eq!(tree(&output.dir), before);
    let report = output.write(&[("a", "one"), ("b", "new")]).unwrap();
    assert_eq!(changes(&report), [("a", Change::Unchanged), ("b", Change::Changed)]);
    let after = tree(&output.dir);
    assert_eq!(after[Path::new("a")], before[Path::new("a")]);
    assert_eq!(output.read("b"), "new");
}

#[test]
fn files_get_the_usual_mode_and_keep_one_that_was_chosen() {
    let output = Output::with(&[("a", "one")]);
    let mode = |path: &str| fs::metadata(output.dir.join(path)).unwrap().permissions().mode() & 0o777;
    output.put("mine", "");
    assert_eq!(mode("a"), mode("mine"));
    fs::set_permissions(output.dir.join("a"), fs::Permissions::from_mode(0o600)).unwrap();
    output.write(&[("a", "two")]).unwrap();
    assert_eq!(mode("a"), 0o600);
}

#[test]
fn a_file_that_is_no_longer_generated_is_removed_with_its_directory() {
    let output = Output::with(&[("a", "one"), ("x/y/b", "two"), ("x/c", "three")]);
    let report = output.write(&[("a", "one"), ("x/c", "three")]).unwrap();
    assert_eq!(report.files["x/y/b"], Change::Removed);
    assert_eq!(output.names(), ["a", "x", "x/c"]);
    assert!(!output.read(MANIFEST_NAME).contains("x/y/b"));
}

#[test]
fn a_stale_file_that_was_edited_is_kept_once_with_a_warning() {
    let output = Output::with(&[("a", "one"), ("x/b", "two")]);
    output.put("x/b", "mine");
    let report = output.write(&[("a", "one")]).unwrap();
    assert_eq!(changes(&report), [("a", Change::Unchanged)]);
    assert_snapshot!(output.text(&report.warnings), @r"
    warning[unsafe-output]: a file that is no longer generated was kept
    --> /out/x/b
     |
     = note: it was edited after witgen wrote it
     = help: remove it if you do not need it; witgen will not touch it again
    ");
    assert_eq!(output.read("x/b"), "mine");
    assert_eq!(output.write(&[("a", "one")]).unwrap().warnings, []);
}

#[test]
fn a_stale_file_that_is_gone_already_is_no_matter() {
    let output = Output::with(&[("a", "one"), ("b", "two")]);
    fs::remove_file(output.dir.join("b")).unwrap();
    assert_eq!(changes(&output.write(&[("a", "one")]).unwrap()), [("a", Change::Unchanged)]);
    assert!(!output.read(MANIFEST_NAME).contains("\"b\""));
}

#[test]
fn an_edited_generated_file_is_overwritten() {
    let output = Output::with(&[("a", "one")]);
    output.put("a", "edited");
    assert_eq!(changes(&output.write(&[("a", "one")]).unwrap()), [("a", Change::Changed)]);
    assert_eq!(output.read("a"), "one");
}

#[test]
fn a_file_of_the_users_is_never_overwritten() {
    let output = Output::with(&[("a", "one")]);
    output.put("b", "mine");
    let before = tree(&output.dir);
    let error = output.write(&[("a", "new"), ("b", "two")]).unwrap_err();
    assert_snapshot!(output.text(&error), @r"
    error[unsafe-output]: a file that witgen did not write is in the way
    --> /out/b
     |
     = note: it has another content and is not listed in `.witgen-manifest.json`
     = help: choose another directory with `-o`, or remove the file
    ");
    assert_eq!(tree(&output.dir), before);
    assert!(output.clean(&[("a", "new"), ("b", "two")]).is_err());
    assert_eq!(output.read("b"), "mine");
}

#[test]
fn a_file_with_the_right_content_is_adopted() {
    let output = Output::new();
    output.put("a", "one");
    assert_eq!(changes(&output.write(&[("a", "one")]).unwrap()), [("a", Change::Unchanged)]);
    assert_eq!(changes(&output.write(&[("a", "two")]).unwrap()), [("a", Change::Changed)]);
}

#[test]
fn clean_removes_edited_stale_files_and_writes_the_rest() {
    let output = Output::with(&[("a", "one"), ("x/b", "two")]);
    output.put("x/b", "mine");
    output.put("other", "not listed");
    let report = output.clean(&[("a", "one")]).unwrap();
    assert_eq!(changes(&report), [("a", Change::Unchanged), ("x/b", Change::Removed)]);
    assert_eq!(output.names(), ["a", "other"]);
}

#[test]
fn clean_with_no_files_leaves_nothing_but_what_is_the_users() {
    let output = Output::with(&[("a", "one"), ("x/b", "two")]);
    output.clean(&[]).unwrap();
    assert!(!output.dir.exists());
    let output = Output::with(&[("a", "one"), ("x/b", "two")]);
    output.put("x/mine", "");
    output.clean(&[]).unwrap();
    assert_eq!(output.names(), ["x", "x/mine"]);
    assert!(!output.dir.join(MANIFEST_NAME).exists());
}

#[test]
fn a_file_may_become_a_directory_and_the_other_way_round() {
    let output = Output::with(&[("a", "one"), ("b/c/d", "two")]);
    output.write(&[("a/x", "one"), ("b", "two")]).unwrap();
    assert_eq!(output.names(), ["a", "a/x", "b"]);
    output.write(&[("a", "one"), ("b/c/d", "two")]).unwrap();
    assert_eq!(output.names(), ["a", "b", "b/c", "b/c/d"]);
}

#[test]
fn a_name_may_change_its_case() {
    let output = Output::with(&[("Foo.py", "one")]);
    output.write(&[("foo.py", "one")]).unwrap();
    assert_eq!(output.names(), ["foo.py"]);
}

#[test]
fn what_is_no_file_is_in_the_way() {
    let output = Output::new();
    output.put("a/mine", "");
    output.put("b", "mine");
    symlink("/etc/hostname", output.dir.join("c")).unwrap();
    symlink("/tmp", output.dir.join("d")).unwrap();
    let before = tree(&output.dir);
    let files = [("a", "1"), ("b/x", "2"), ("c", "3"), ("d/witgen-must-not-write-this", "4")];
    let error = output.write(&files).unwrap_err();
    assert_snapshot!(output.text(&error), @r"
    error[unsafe-output]: a generated file is a directory
    --> /out/a
     |
     = help: choose another directory with `-o`, or remove what is in the way

    error[unsafe-output]: a generated file needs a directory where the file `b` is
    --> /out/b/x
     |
     = help: choose another directory with `-o`, or remove what is in the way

    error[unsafe-output]: a generated file is a symbolic link
    --> /out/c
     |
     = help: choose another directory with `-o`, or remove what is in the way

    error[unsafe-output]: a generated file lies behind the symbolic link `d`
    --> /out/d/witgen-must-not-write-this
     |
     = help: choose another directory with `-o`, or remove what is in the way
    ");
    assert_eq!(tree(&output.dir), before);
    assert_eq!(output.check(&files).unwrap_err().len(), 4);
}

#[test]
fn removal_does_not_follow_links() {
    let output = Output::with(&[("a", "one"), ("x/b", "two"), ("c", "three")]);
    let elsewhere = TempDir::new().unwrap();
    fs::write(elsewhere.path().join("b"), "two").unwrap();
    fs::remove_dir_all(output.dir.join("x")).unwrap();
    symlink(elsewhere.path(), output.dir.join("x")).unwrap();
    fs::remove_file(output.dir.join("c")).unwrap();
    symlink(elsewhere.path().join("b"), output.dir.join("c")).unwrap();
    let report = output.clean(&[("a", "one")]).unwrap();
    assert_eq!(report.warnings.len(), 1);
    assert!(elsewhere.path().join("b").exists());
    assert_eq!(output.names(), ["a", "x"]);
}

#[test]
fn the_directory_itself_may_be_a_link() {
    let output = Output::new();
    let elsewhere = TempDir::new().unwrap();
    symlink(elsewhere.path(), &output.dir).unwrap();
    output.write(&[("a", "one")]).unwrap();
    assert!(elsewhere.path().join("a").exists());
}

#[test]
fn a_damaged_manifest_stops_the_run() {
    let output = Output::with(&[("a", "one")]);
    for manifest in [
        "<<<<<<< HEAD",
        r#"{"version": 2, "files": [], "more": 1}"#,
        r#"{"version": 1, "files": {"../../etc/passwd": "0"}}"#,
    ] {
        output.put(MANIFEST_NAME, manifest);
        let before = tree(&output.dir);
        let error = output.write(&[("a", "two")]).unwrap_err();
        assert_eq!((error.len(), error[0].id), (1, Id::UnsafeOutput));
        assert_eq!(tree(&output.dir), before);
    }
    assert_snapshot!(output.text(&output.write(&[("a", "two")]).unwrap_err()), @r"
    error[unsafe-output]: the manifest of the output directory cannot be read
    --> /out/.witgen-manifest.json
     |
     = note: without it, witgen cannot tell its own files from yours
     = note: the path `../../etc/passwd` leads out of the output directory
     = help: restore it, or remove it together with the generated files and run the command again
    ");
}

#[test]
fn an_output_path_that_is_no_directory_is_refused() {
    let output = Output::new();
    fs::write(&output.dir, "a file").unwrap();
    let through = emit(&output.dir.join("x/y"), &set(&[("a", "")]), Mode::Write, false).unwrap_err();
    let mut error = output.write(&[("a", "")]).unwrap_err();
    error.extend(through);
    fs::remove_file(&output.dir).unwrap();
    symlink("nowhere", &output.dir).unwrap();
    error.extend(output.write(&[("a", "")]).unwrap_err());
    assert_snapshot!(output.text(&error), @r"
    error[unsafe-output]: the output path is a file
    --> /out
     |
     = help: choose a directory with `-o`

    error[unsafe-output]: the output path leads through a file
    --> /out
     |
     = help: choose a directory with `-o`

    error[unsafe-output]: the output path is a symbolic link that leads nowhere
    --> /out
     |
     = help: choose a directory with `-o`
    ");
}

#[test]
#[cfg(target_os = "linux")]
fn the_operating_systems_refusals_are_reported() {
    let files = set(&[("a", "one")]);
    let mut errors = emit(Path::new("/proc/witgen/deep"), &files, Mode::Write, false).unwrap_err();
    errors.extend(emit(Path::new("/proc/self"), &files, Mode::Write, false).unwrap_err());
    errors.extend(emit(Path::new("/dev/full/x"), &files, Mode::DryRun, false).unwrap_err());
    // The reason is another one for root, and must not name the random scratch directory.
    assert!(errors.iter().all(|error| error.notes.iter().all(|note| note.contains("(os error"))));
    assert!(errors.iter().all(|error| error.notes.iter().all(|note| !note.contains("scratch"))));
    let text = render(&errors, RenderOptions { format: Format::Concise, color: false });
    assert_snapshot!(text, @r"
    /proc/witgen: error[io]: cannot make the output directory
    /proc/self: error[io]: cannot write to the directory
    /dev/full: error[unsafe-output]: the output path leads through a file
    ");
    let output = Output::with(&[("a", "one")]);
    let before = tree(&output.dir);
    let long = "x".repeat(300);
    let error = output.write(&[("a", "two"), (&long, "")]).unwrap_err();
    assert_eq!((error.len(), error[0].id), (1, Id::Io));
    assert_eq!(tree(&output.dir), before);
}

#[test]
fn dry_run_reports_and_changes_nothing() {
    let output = Output::with(&[("a", "one"), ("b", "two")]);
    let before = tree(&output.dir);
    let report = emit(&output.dir, &set(&[("a", "new"), ("c", "")]), Mode::DryRun, false).unwrap();
    assert_eq!(changes(&report), [("a", Change::Changed), ("b", Change::Removed), ("c", Change::Created)]);
    assert_eq!(tree(&output.dir), before);
    let fresh = Output::new();
    emit(&fresh.dir, &set(&[("a", "new")]), Mode::DryRun, false).unwrap();
    assert!(!fresh.dir.exists());
    output.put("c", "mine");
    let error = emit(&output.dir, &set(&[("c", "")]), Mode::DryRun, false).unwrap_err();
    assert_eq!(error[0].id, Id::UnsafeOutput);
}

#[test]
fn check_passes_on_what_write_wrote_even_without_the_manifest() {
    let files = [("a", "one"), ("x/b", "two")];
    let output = Output::with(&files);
    assert!(output.check(&files).unwrap().is_unchanged());
    fs::remove_file(output.dir.join(MANIFEST_NAME)).unwrap();
    assert!(output.check(&files).unwrap().is_unchanged());
}

#[test]
fn check_reports_every_difference_and_changes_nothing() {
    let lines: String = (0..100).map(|line| format!("line {line}\n")).collect();
    let edited = lines.replace("line 7\n", "edited\n");
    let output = Output::with(&[("changed", &edited), ("crlf", "a\r\nb\r\n"), ("same", ""), ("stale", "")]);
    fs::write(output.dir.join("binary"), [0xff, 0xfe]).unwrap();
    let before = tree(&output.dir);
    let files =
        [("binary", "b"), ("changed", lines.as_str()), ("crlf", "a\nb\n"), ("missing", ""), ("same", "")];
    let error = output.check(&files).unwrap_err();
    assert_snapshot!(output.text(&error), @r"
    error[stale-output]: a generated file is out of date
    --> /out/binary

        binary files differ

    help: run `witgen rust wit -o out`

    error[stale-output]: a generated file is out of date
    --> /out/changed

        --- changed (on disk)
        +++ changed (generated)
        @@ -5,7 +5,7 @@
         line 4
         line 5
         line 6
        -edited
        +line 7
         line 8
         line 9
         line 10

    help: run `witgen rust wit -o out`

    error[stale-output]: a generated file is out of date
    --> /out/crlf
     |
     = note: only the line endings differ
     = help: run `witgen rust wit -o out`

    error[stale-output]: a generated file is missing
    --> /out/missing
     |
     = help: run `witgen rust wit -o out`

    error[stale-output]: a file is no longer generated
    --> /out/stale
     |
     = help: run `witgen rust wit -o out`
    ");
    assert_eq!(tree(&output.dir), before);
    assert_eq!(witgen_diag::exit_code(&error), 1);
}

#[test]
fn a_long_diff_is_cut() {
    let old: String = (0..1000).map(|line| format!("old {line}\n")).collect();
    let new = format!("{}\n{}", "y".repeat(100_000), old.replace("old", "new"));
    let output = Output::with(&[("a", &old)]);
    let error = output.check(&[("a", &new)]).unwrap_err();
    let diff = error[0].output.clone().unwrap();
    assert_eq!(diff.lines().count(), 41);
    assert!(diff.lines().all(|line| line.len() < 210));
    assert!(diff.ends_with(" more lines\n"), "{diff}");
}

#[test]
fn a_failure_at_any_step_leaves_everything_as_it_was() {
    let old = [("a", "one"), ("file", ""), ("gone/deep/x", "stale"), ("turns/into/file", ""), ("z", "one")];
    let new = [("a", "two"), ("file/now/dir", ""), ("new/deep/b", ""), ("turns", "file"), ("z", "two")];
    let mut failures = 0;
    loop {
        let output = Output::with(&old);
        output.put("mine", "mine");
        let before = tree(&output.dir);
        let mut steps = 0;
        let result = emit_observed(&output.dir, &set(&new), Mode::Write, false, &mut |_, _| {
            steps += 1;
            if steps > failures { Err(io::Error::other("injected")) } else { Ok(()) }
        });
        let Err(error) = result else {
            assert_eq!(output.read("turns"), "file");
            break;
        };
        assert_eq!(
            (error.len(), error[0].id, error[0].notes.as_slice()),
            (1, Id::Io, &["injected".into()][..])
        );
        assert_eq!(tree(&output.dir), before, "after {failures} steps");
        failures += 1;
    }
    // Six contents with the manifest's are staged and placed, three files are removed.
    assert_eq!(failures, 15);
}

#[test]
fn a_failure_leaves_no_new_directory_behind() {
    for fail_at in [Step::Stage, Step::Place] {
        let output = Output::new();
        let deep = output.dir.join("deep/er");
        let result = emit_observed(&deep, &set(&[("x/a", "")]), Mode::Write, false, &mut |step, path| {
            if step == fail_at && path == MANIFEST_NAME { Err(io::Error::other("injected")) } else { Ok(()) }
        });
        assert!(result.is_err());
        assert!(!output.dir.exists());
    }
}

#[test]
fn a_refusal_while_files_are_switched_is_rolled_back() {
    let output = Output::with(&[("a", "one"), ("b", "one")]);
    let blocked = output.dir.join("c");
    let result = emit_observed(
        &output.dir,
        &set(&[("a", "two"), ("b", "two"), ("c", "two")]),
        Mode::Write,
        false,
        &mut |step, path| {
            if step == Step::Place && path == "c" {
                fs::create_dir_all(blocked.join("filled"))?;
            }
            Ok(())
        },
    );
    assert_eq!(result.unwrap_err()[0].id, Id::Io);
    assert_eq!((output.read("a"), output.read("b")), ("one".to_owned(), "one".to_owned()));
    assert_eq!(output.names(), ["a", "b", "c", "c/filled"]);
}

#[test]
fn what_cannot_be_put_back_is_named() {
    let output = Output::with(&[("a", "one"), ("b", "one")]);
    let dir = output.dir.clone();
    let result = emit_observed(&output.dir, &set(&[("a", "two")]), Mode::Write, false, &mut |step, _| {
        if step == Step::Place {
            // Somebody removes the scratch directory with the stale file in it.
            for entry in fs::read_dir(&dir)? {
                let path = entry?.path();
                if path.is_dir() {
                    fs::remove_dir_all(path)?;
                }
            }
        }
        Ok(())
    });
    let error = result.unwrap_err();
    assert!(error[0].notes.iter().any(|note| note.contains("out/b` could not be put back")), "{error:?}");
    assert!(error[0].notes.iter().any(|note| note.starts_with("the old files are in")), "{error:?}");
}
