//! What belongs to one machine or network stays out of the repository.

use super::{File, Problem, Tree};

/// Servers of package registries. Spelled in two parts, as this file is checked as well.
const REGISTRIES: [&str; 9] = [
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("files.python", "hosted.org"),
    concat!("pypi", ".org"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("proxy.go", "lang.org"),
    concat!("sum.go", "lang.org"),
    concat!("deb.deb", "ian.org"),
];

/// Folders that exist on somebody's machine.
const FOLDERS: [&str; 5] = [
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers"),
];

/// Endings of files that a test run leaves: for somebody to look at, or beside bindings that it has generated.
const LEFTOVERS: [&str; 3] = [".snap.new", ".pending-snap", ".witgen-manifest.json"];

/// Files that were committed by accident.
pub fn leftovers(tree: &Tree) -> Vec<Problem> {
    let name = |file: &File| file.path.to_string_lossy().into_owned();
    let left = tree.files.iter().filter(|file| LEFTOVERS.iter().any(|ending| name(file).ends_with(ending)));
    left.map(|file| Problem::of(&file.path, "left by a test run; delete or ignore it")).collect()
}

/// Registry hosts and absolute paths of a machine.
pub fn machine_names(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in &tree.files {
        for (line, text) in file.lines() {
            if let Some(host) = REGISTRIES.iter().find(|host| text.contains(*host)) {
                let message = format!(
                    "names the server `{host}`; leave the choice of server to the user's own settings"
                );
                problems.push(Problem::at(&file.path, line, message));
            }
            if let Some(folder) = FOLDERS.iter().find(|folder| holds_path(text, folder)) {
                let message = format!("holds a path of one machine, `{folder}...`; use a relative path");
                problems.push(Problem::at(&file.path, line, message));
            }
        }
    }
    problems
}

/// Whether an absolute path begins with `folder`, rather than a longer path containing it.
fn holds_path(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-./~}>*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        machine_names(&Tree::of(&[("a.txt", text)])).len()
    }

    #[test]
    fn what_test_runs_leave_is_reported() {
        let left = ["a/.b.rs.pending-snap", "a/b.snap.new", "a/bindings/.witgen-manifest.json"];
        let tree: Vec<_> = left.into_iter().chain(["a/b.snap", "a/b.rs"]).map(|path| (path, "")).collect();
        assert_eq!(leftovers(&Tree::of(&tree)).len(), left.len());
    }

    #[test]
    fn registry_hosts_are_reported() {
        for host in REGISTRIES {
            assert_eq!(count(&format!("see https://{host}/a")), 1, "{host}");
        }
        assert_eq!(count("see https://docs.rs/serde and https://crates.io/crates/serde"), 0);
    }

    #[test]
    fn absolute_paths_of_a_machine_are_reported() {
        for folder in FOLDERS {
            assert_eq!(count(&format!("path = \"{folder}x\"")), 1, "{folder}");
        }
        for fine in
            [concat!("https://a.example/ho", "me/x"), concat!("out/wo", "rk/x"), "/usr/lib/x", "/data"]
        {
            assert_eq!(count(fine), 0, "{fine}");
        }
    }
}
