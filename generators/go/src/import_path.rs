//! How Go programs import a directory: the module above it and the way down.

use std::path::{Component, Path, PathBuf};

/// How Go programs import `out_dir`: the module of the nearest `go.mod` above it, and the way down from there.
///
/// The directory need not exist.
/// A `go.mod` in `out_dir` itself does not count, since an earlier run may have written it.
/// None when there is no module, or when its `go.mod` names none.
pub fn import_path(out_dir: &Path) -> Option<String> {
    let out_dir = normalized(&std::path::absolute(out_dir).ok()?);
    for module_dir in out_dir.ancestors().skip(1) {
        let Ok(text) = std::fs::read_to_string(module_dir.join("go.mod")) else { continue };
        let module = module_name(&text)?;
        let way = out_dir.strip_prefix(module_dir).ok()?;
        let parts = way.components().map(|part| part.as_os_str().to_str()).collect::<Option<Vec<_>>>()?;
        return Some(format!("{module}/{}", parts.join("/")));
    }
    None
}

/// Without `..`, which an import path cannot have.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

/// The path after `module`, quoted or not.
fn module_name(go_mod: &str) -> Option<String> {
    let named = go_mod.lines().find_map(|line| {
        let line = line.split("//").next().unwrap_or_default().trim();
        let rest = line.strip_prefix("module")?;
        rest.starts_with([' ', '\t', '"', '`']).then(|| rest.trim().trim_matches(['"', '`']).to_owned())
    })?;
    (!named.is_empty()).then_some(named)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn check(go_mod: &str, out: &str, expected: Option<&str>) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("go.mod"), go_mod).unwrap();
        let found = import_path(&dir.path().join(out));
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn way_down_from_the_module_is_appended() {
        check("// about\nmodule example.com/app // here\n\ngo 1.26\n", "a/b", Some("example.com/app/a/b"));
        check("module \"quoted\"\n", "x/../bindings", Some("quoted/bindings"));
    }

    #[test]
    fn nearest_module_wins_and_the_output_itself_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let (near, out) = (dir.path().join("near"), dir.path().join("near/out"));
        std::fs::create_dir_all(&out).unwrap();
        for (place, name) in [(dir.path(), "far"), (&near, "near"), (&out, "out")] {
            std::fs::write(place.join("go.mod"), format!("module {name}\n")).unwrap();
        }
        assert_eq!(import_path(&out).as_deref(), Some("near/out"));
    }

    #[test]
    fn go_mod_without_a_name_is_no_module() {
        check("go 1.26\nmodules x\n", "out", None);
    }
}
