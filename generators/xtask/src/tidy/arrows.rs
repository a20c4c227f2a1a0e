//! Which crate may use which: the arrows of the architecture, as a table.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use cargo_metadata::{DependencyKind, MetadataCommand};

use super::Problem;
use crate::context::Context;

/// The crates of this repository that each crate may use. What is not here is not allowed.
const ARROWS: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("ir", &["diag"]),
    ("emit", &["diag"]),
    ("languages", &[]),
    ("templates", &[]),
    ("backend", &["diag", "ir", "emit", "languages"]),
    ("rust", BACKEND),
    ("python", BACKEND),
    ("js", BACKEND),
    ("go", BACKEND),
    ("link", &["diag"]),
    ("build", &["diag", "ir", "emit", "languages"]),
    ("grants", &[]),
    ("wasi", &["grants"]),
    ("run", &["diag", "grants", "wasi"]),
    ("python-runtime", &["grants", "wasi"]),
    ("cli", EVERYTHING),
    ("suite", EVERYTHING),
    ("conformance", EVERYTHING),
    ("soak", EVERYTHING),
    ("hosts", EVERYTHING),
    ("bench", EVERYTHING),
    ("xtask", &["languages"]),
];

const BACKEND: &[&str] = &["diag", "ir", "emit", "languages", "templates", "backend"];

#[rustfmt::skip]
const EVERYTHING: &[&str] = &[
    "diag", "ir", "emit", "languages", "backend", "rust", "python", "js", "go", "link", "build", "run", "conformance",
    "suite", "grants", "wasi", "templates",
];

/// What only tests of a crate may use beyond its row.
const TEST_ARROWS: &[(&str, &[&str])] = &[("python", &["build"]), ("js", &["build"]), ("go", &["build"])];

/// Outside crates that only the crates named here may use.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("wasmtime-environ", &["link"], "it has no stable API"),
    (
        "wasmtime",
        &["run", "grants", "wasi", "suite", "conformance", "soak", "hosts", "bench", "cli", "python-runtime"],
        "generators must build without an engine",
    ),
    (
        "wasmtime-wasi",
        &["run", "grants", "wasi", "suite", "conformance", "soak", "hosts", "bench", "cli", "python-runtime"],
        "generators must build without an engine",
    ),
    (
        "wasmtime-wasi-http",
        &["run", "wasi", "python-runtime", "hosts"],
        "generators must build without an engine",
    ),
    ("wasmtime-wasi-io", &["grants"], "generators must build without an engine"),
    ("pyo3", &["python-runtime"], "only the Python host is a module of Python"),
    ("askama", &["templates"], "what is laid out is laid out there"),
];

/// The only outside crates that these crates may use.
const CONFINED: &[(&str, &[&str])] = &[("templates", &["askama"])];

const PREFIX: &str = "witgen-";

/// One dependency of a crate of the workspace.
pub struct Arrow {
    manifest: PathBuf,
    from: String,
    to: String,
    test_only: bool,
}

/// All dependencies of all crates of the workspace, from cargo.
pub fn workspace(context: &Context) -> Result<Vec<Arrow>> {
    let metadata = MetadataCommand::new().current_dir(&context.root).no_deps().exec()?;
    let mut arrows = Vec::new();
    for package in &metadata.packages {
        let manifest = Path::new(package.manifest_path.as_str());
        let manifest = manifest.strip_prefix(&context.root).unwrap_or(manifest);
        for dependency in &package.dependencies {
            arrows.push(Arrow {
                manifest: manifest.to_path_buf(),
                from: package.name.to_string(),
                to: dependency.name.clone(),
                test_only: dependency.kind == DependencyKind::Development,
            });
        }
    }
    Ok(arrows)
}

/// The arrows that the tables do not allow.
pub fn check(arrows: &[Arrow]) -> Vec<Problem> {
    let mut messages = BTreeSet::new();
    for arrow in arrows {
        if let Some(message) = objection(arrow) {
            messages.insert((&arrow.manifest, message));
        }
    }
    messages.into_iter().map(|(manifest, message)| Problem::of(manifest, message)).collect()
}

fn objection(arrow: &Arrow) -> Option<String> {
    let from = arrow.from.strip_prefix(PREFIX).unwrap_or(&arrow.from);
    let Some(to) = arrow.to.strip_prefix(PREFIX) else {
        return outside(from, arrow);
    };
    let Some(allowed) = row(ARROWS, from) else {
        return Some(format!(
            "crate `{}` has no row; add it to ARROWS in xtask's tidy/arrows.rs",
            arrow.from
        ));
    };
    let for_tests = row(TEST_ARROWS, from).unwrap_or_default();
    if allowed.contains(&to) || (arrow.test_only && for_tests.contains(&to)) {
        return None;
    }
    Some(format!("`{}` must not use `{}`; see the arrows in docs/architecture.md", arrow.from, arrow.to))
}

fn outside(from: &str, arrow: &Arrow) -> Option<String> {
    if let Some((name, users, why)) = RESERVED.iter().find(|(name, ..)| *name == arrow.to)
        && !users.contains(&from)
    {
        let users = users.join(", ");
        return Some(format!("`{}` must not use `{name}`, which is for {users} only: {why}", arrow.from));
    }
    let confined = row(CONFINED, from)?;
    if confined.contains(&arrow.to.as_str()) || arrow.test_only {
        return None;
    }
    Some(format!("`{}` may use no outside crate but {}, not `{}`", arrow.from, confined.join(", "), arrow.to))
}

fn row<'a>(table: &'a [(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table.iter().find(|(crate_name, _)| *crate_name == name).map(|(_, allowed)| *allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(arrows: &[(&str, &str)]) -> Vec<String> {
        let arrow = |(from, to): &(&str, &str)| Arrow {
            manifest: "Cargo.toml".into(),
            from: (*from).to_owned(),
            to: (*to).to_owned(),
            test_only: false,
        };
        check(&arrows.iter().map(arrow).collect::<Vec<_>>())
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn allowed_arrows_are_silent() {
        assert!(
            problems(&[
                ("witgen-python", "witgen-templates"),
                ("witgen-cli", "witgen-run"),
                ("witgen-ir", "serde")
            ])
            .is_empty()
        );
    }

    #[test]
    fn ir_languages_and_templates_know_nothing_of_each_other() {
        for (from, to) in
            [("ir", "languages"), ("ir", "templates"), ("languages", "ir"), ("templates", "languages")]
        {
            assert_eq!(
                problems(&[(&format!("witgen-{from}"), &format!("witgen-{to}"))]).len(),
                1,
                "{from} {to}"
            );
        }
    }

    #[test]
    fn diag_is_at_the_bottom() {
        assert_eq!(problems(&[("witgen-diag", "witgen-ir")]).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_told_where_to_add_it() {
        assert!(problems(&[("witgen-new", "witgen-ir")])[0].contains("ARROWS"));
    }

    #[test]
    fn outside_crates_with_a_home_stay_there() {
        assert_eq!(problems(&[("witgen-ir", "wasmtime-environ"), ("witgen-templates", "heck")]).len(), 2);
        assert!(problems(&[("witgen-link", "wasmtime-environ"), ("witgen-templates", "askama")]).is_empty());
    }

    #[test]
    fn rows_name_only_crates_that_have_rows() {
        for (name, allowed) in ARROWS {
            for to in *allowed {
                assert!(row(ARROWS, to).is_some(), "{name} -> {to}");
            }
        }
    }
}
