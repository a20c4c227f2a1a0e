//! The WASI packages that come with witgen, parsed only when something uses them.

use std::sync::Arc;

use semver::Version;
use wit_parser::PackageName;
use witgen_diag::SourceFile;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// Versions of drafts whose texts are those of another version.
const SAME: &[(&str, &str)] = &[("wasi:config", "0.2.0-rc.1")];

/// A package that comes with witgen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Namespace and name, such as `wasi:cli`.
    pub package: &'static str,
    /// The versions that it can be imported with: the oldest and the newest patch version of each minor one.
    pub versions: Vec<(String, String)>,
    /// Whether it is a draft, which can be imported without a version, too.
    pub draft: bool,
}

/// Every package that comes with witgen, sorted.
#[must_use]
pub fn builtin_packages() -> Vec<Builtin> {
    let mut all: Vec<Builtin> = Vec::new();
    for (package, version, _) in TEXTS {
        let draft = is_draft(version);
        let same = SAME.iter().filter(|(id, _)| id == package).map(|(_, same)| *same);
        let mut versions: Vec<_> = same.map(|same| (same.to_owned(), same.to_owned())).collect();
        let oldest = match Version::parse(version) {
            Ok(newest) if !draft => Version::new(newest.major, newest.minor, 0).to_string(),
            _ => (*version).to_owned(),
        };
        versions.insert(0, (oldest, (*version).to_owned()));
        match all.iter_mut().find(|one| one.package == *package) {
            Some(known) => known.versions.extend(versions),
            None => all.push(Builtin { package, versions, draft }),
        }
    }
    all.sort_by_key(|one| one.package);
    all
}

/// The texts of `name`, if it is a WASI package of a known minor version, or a draft.
///
/// The texts are those of the newest patch version; for an older one, what came later is left out.
/// A draft has one version, and is often imported without any.
pub(crate) fn package(name: &PackageName) -> Option<Vec<Arc<SourceFile>>> {
    let id = format!("{}:{}", name.namespace, name.name);
    let (_, known, text) = TEXTS.iter().find(|(other, version, _)| {
        *other == id && Version::parse(version).is_ok_and(|known| serves(&id, &known, name.version.as_ref()))
    })?;
    let kept = match &name.version {
        Some(wanted) if wanted.pre.is_empty() => without_later_items(text, wanted),
        _ => (*text).to_owned(),
    };
    let version = name.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    let text = kept.replace(&format!("{id}@{known}"), &format!("{id}{version}"));
    let text = if is_draft(known) { text } else { text.replace(&format!("@{known}"), &version) };
    Some(vec![Arc::new(SourceFile { name: format!("<built-in>/{id}{version}.wit"), text })])
}

/// Whether the texts of version `known` are those of `wanted`.
fn serves(id: &str, known: &Version, wanted: Option<&Version>) -> bool {
    let Some(wanted) = wanted else { return !known.pre.is_empty() };
    if known.pre.is_empty() && wanted.pre.is_empty() {
        return (known.major, known.minor) == (wanted.major, wanted.minor) && known.patch >= wanted.patch;
    }
    known == wanted || SAME.contains(&(id, wanted.to_string().as_str()))
}

fn is_draft(version: &str) -> bool {
    version.contains('-')
}

/// The oldest minor version of a package that is named without a version: the one that all hosts run.
pub(crate) fn default_version(name: &PackageName) -> Option<PackageName> {
    let id = format!("{}:{}", name.namespace, name.name);
    let (_, version, _) = TEXTS.iter().find(|(known, ..)| *known == id)?;
    Some(PackageName { version: Version::parse(version).ok(), ..name.clone() })
}

/// Blanks the items whose `@since` is later than `version`, with their doc comments; lines keep their numbers.
///
/// wit-parser refuses a gate on a version that the package has not reached yet.
/// An alias stays, without its gate: older items are written with it in the newest text, and it changes no ABI.
fn without_later_items(text: &str, version: &Version) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut depth: Option<i32> = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if depth.is_none() && since(line).is_some_and(|since| since > *version) {
            if lines.peek().is_some_and(|next| next.trim_start().starts_with("type ")) {
                kept.push("");
                continue;
            }
            let docs = kept.iter().rev().take_while(|line| line.trim_start().starts_with("///")).count();
            let first = kept.len() - docs;
            kept[first..].fill("");
            depth = Some(0);
        }
        let Some(open) = &mut depth else {
            kept.push(line);
            continue;
        };
        kept.push("");
        let code = line.split("//").next().unwrap_or_default();
        for character in code.chars() {
            match character {
                '{' => *open += 1,
                '}' => *open -= 1,
                _ => {}
            }
        }
        if *open == 0 && (code.contains(';') || code.contains('}') || code.trim_end().ends_with(',')) {
            depth = None;
        }
    }
    kept.join("\n") + "\n"
}

fn since(line: &str) -> Option<Version> {
    let version = line.trim().strip_prefix("@since(version = ")?.split(')').next()?;
    Version::parse(version).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_patch_version_of_every_package_links() {
        for (id, newest, _) in TEXTS.iter().filter(|(_, version, _)| !is_draft(version)) {
            let newest = Version::parse(newest).unwrap();
            for patch in 0..=newest.patch {
                let version = Version::new(newest.major, newest.minor, patch);
                let (namespace, name) = id.split_once(':').unwrap();
                let package_name = PackageName {
                    namespace: namespace.to_owned(),
                    name: name.to_owned(),
                    version: Some(version.clone()),
                };
                let texts = package(&package_name).unwrap();
                assert!(texts[0].text.contains(&format!("package {id}@{version};")));
                let world = format!("{id}/imports@{version}");
                let options = crate::Options { world: Some(world.clone()), ..crate::Options::default() };
                if let Err(found) = crate::resolve_inputs(&[], &options) {
                    let allowed = found.iter().all(|finding| finding.id == witgen_diag::Id::UnknownWorld);
                    assert!(allowed, "{world}: {:?}", found[0].message);
                }
            }
        }
    }

    #[test]
    fn drafts_link_with_their_version_with_another_and_without() {
        for world in [
            "wasi:logging/imports@0.1.0-draft",
            "wasi:keyvalue/imports@0.2.0-draft",
            "wasi:blobstore/imports@0.2.0-draft",
            "wasi:config/imports@0.2.0-draft",
            "wasi:config/imports@0.2.0-rc.1",
        ] {
            let options = crate::Options { world: Some(world.to_owned()), ..crate::Options::default() };
            crate::resolve_inputs(&[], &options).unwrap_or_else(|found| panic!("{world}: {found:?}"));
        }
        let named = |name: &str, version| PackageName {
            namespace: "wasi".to_owned(),
            name: name.to_owned(),
            version,
        };
        let logging = package(&named("logging", None)).unwrap();
        assert!(logging[0].text.contains("package wasi:logging;"), "{}", logging[0].text);
        let blobs = package(&named("blobstore", None)).unwrap();
        assert!(blobs[0].text.contains("use wasi:io/streams@0.2.2."), "{}", blobs[0].text);
        assert!(package(&named("cli", None)).is_none());
        assert!(package(&named("logging", Version::parse("0.3.0").ok())).is_none());
    }

    #[test]
    fn older_version_lacks_what_came_later() {
        let at = |patch| {
            let version = Some(Version::new(0, 2, patch));
            let name = PackageName { namespace: "wasi".to_owned(), name: "cli".to_owned(), version };
            package(&name).unwrap()[0].text.clone()
        };
        assert!(at(12).contains("exit-with-code"));
        assert!(!at(11).contains("exit-with-code"));
        assert_eq!(at(12).lines().count(), at(0).lines().count());
    }
}
