//! The WASI packages that come with witgen, parsed only when something uses them.

use std::sync::Arc;

use semver::Version;
use wit_parser::PackageName;
use witgen_diag::SourceFile;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The texts of `name`, if it is a WASI package of a known minor version.
///
/// The texts are those of the newest patch version; for an older one, what came later is left out.
pub(crate) fn package(name: &PackageName) -> Option<Vec<Arc<SourceFile>>> {
    let wanted = name.version.as_ref().filter(|version| version.pre.is_empty())?;
    let id = format!("{}:{}", name.namespace, name.name);
    let (_, newest, text) = TEXTS.iter().find(|(known, version, _)| {
        *known == id
            && Version::parse(version).is_ok_and(|known| {
                (known.major, known.minor) == (wanted.major, wanted.minor) && known.patch >= wanted.patch
            })
    })?;
    let text = without_later_items(text, wanted).replace(&format!("@{newest}"), &format!("@{wanted}"));
    Some(vec![Arc::new(SourceFile { name: format!("<built-in>/{id}@{wanted}.wit"), text })])
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
        for (id, newest, _) in TEXTS {
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
