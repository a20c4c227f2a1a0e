//! Who satisfies whom, decided by names alone.

use std::path::{Path, PathBuf};

use wac_graph::types::are_semver_compatible;
use witgen_diag::{Diagnostic, Id, Result};

/// The names that an input imports and exports, except for bare types.
#[derive(Clone, Debug, Default)]
pub(super) struct Surface {
    pub(super) imports: Vec<String>,
    /// Those of the imports that nobody has to implement, since they only declare types.
    pub(super) only_types: Vec<String>,
    pub(super) exports: Vec<String>,
}

/// One satisfied import; inputs are numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) importer: usize,
    pub(super) import: String,
    pub(super) exporter: usize,
    pub(super) export: String,
}

impl Link {
    /// The same with paths.
    pub(super) fn named(&self, paths: &[PathBuf]) -> super::Link {
        super::Link {
            importer: paths[self.importer].clone(),
            import: self.import.clone(),
            exporter: paths[self.exporter].clone(),
            export: self.export.clone(),
        }
    }
}

/// All decisions.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) links: Vec<Link>,
    /// The inputs that satisfy no other one.
    pub(super) roots: Vec<usize>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Decides, or says why it cannot be decided.
pub(super) fn plan(paths: &[PathBuf], surfaces: &[Surface]) -> Result<Plan> {
    let mut links = Vec::new();
    let mut findings = Vec::new();
    let mut warnings = Vec::new();
    for (importer, surface) in surfaces.iter().enumerate() {
        for import in &surface.imports {
            match &providers(surfaces, importer, import)[..] {
                [] => warnings.extend(near_miss(paths, surfaces, importer, import)),
                [(exporter, export)] => links.push(Link {
                    importer,
                    import: import.clone(),
                    exporter: *exporter,
                    export: (*export).clone(),
                }),
                _ if surface.only_types.contains(import) => {}
                several => {
                    let exporters = several.iter().map(|(exporter, _)| *exporter);
                    findings.push(ambiguous(paths, importer, import, exporters));
                }
            }
        }
    }
    open_circles_of_types(surfaces, &mut links);
    if findings.is_empty() {
        findings.extend(cycle(paths, &links));
    }
    if findings.is_empty() {
        findings.extend(unconnected(paths, surfaces, &links, &warnings));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let roots =
        (0..surfaces.len()).filter(|&input| links.iter().all(|link| link.exporter != input)).collect();
    Ok(Plan { links, roots, warnings })
}

/// The exporters that could satisfy `import`: one when it is clear.
fn providers<'a>(surfaces: &'a [Surface], importer: usize, import: &str) -> Vec<(usize, &'a String)> {
    let all = exporters(surfaces, importer, import);
    if all.len() < 2 {
        return all;
    }
    // A wrapper stands in front of the only other exporter that it can wrap itself.
    let wrapped: Vec<usize> = all
        .iter()
        .filter(|(wrapper, _)| {
            surfaces[*wrapper].imports.iter().any(|name| are_semver_compatible(name, import))
        })
        .filter_map(|(wrapper, _)| match exporters(surfaces, *wrapper, import)[..] {
            [(inner, _)] => Some(inner),
            _ => None,
        })
        .collect();
    let outer: Vec<_> = all.iter().filter(|(input, _)| !wrapped.contains(input)).copied().collect();
    if outer.is_empty() { all } else { outer }
}

fn exporters<'a>(surfaces: &'a [Surface], importer: usize, import: &str) -> Vec<(usize, &'a String)> {
    let mut found = Vec::new();
    for (input, surface) in surfaces.iter().enumerate().filter(|(input, _)| *input != importer) {
        let exact = surface.exports.iter().find(|export| *export == import);
        let newest = || {
            let compatible = surface.exports.iter().filter(|export| are_semver_compatible(export, import));
            compatible.max_by_key(|export| version(export))
        };
        found.extend(exact.or_else(newest).map(|export| (input, export)));
    }
    if found.iter().any(|(_, export)| *export == import) {
        found.retain(|(_, export)| *export == import);
    }
    found
}

/// The parts of the version in `name`, to find the newest.
fn version(name: &str) -> Vec<u64> {
    let text = name.split_once('@').map_or("", |(_, version)| version);
    text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

fn ambiguous(
    paths: &[PathBuf],
    importer: usize,
    import: &str,
    exporters: impl Iterator<Item = usize>,
) -> Diagnostic {
    let list: Vec<String> = exporters.map(|input| shown(&paths[input])).collect();
    Diagnostic::error(Id::ComposeMismatch, format!("`{import}` is exported by {}", list.join(" and ")))
        .in_path(&paths[importer])
        .note(format!("{} imports it, and it is not clear which one is meant", shown(&paths[importer])))
        .help("leave all but one of them out, or compose in two steps")
}

/// Takes links for types alone out of circles: types fit by their shape, whoever declares them.
fn open_circles_of_types(surfaces: &[Surface], links: &mut Vec<Link>) {
    while let Some(walk) = circle(surfaces.len(), links) {
        let is_soft = |link: &&&Link| surfaces[link.importer].only_types.contains(&link.import);
        let Some(soft) = walk.iter().find(is_soft).map(|link| (*link).clone()) else { return };
        links.retain(|link| *link != soft);
    }
}

/// The links of one circle.
fn circle(inputs: usize, links: &[Link]) -> Option<Vec<&Link>> {
    (0..inputs).find_map(|start| way_back(links, start, &mut vec![start]))
}

fn cycle(paths: &[PathBuf], links: &[Link]) -> Option<Diagnostic> {
    let walk = circle(paths.len(), links)?;
    let mut diagnostic = Diagnostic::error(Id::ComposeMismatch, "the components need each other in a circle")
        .in_path(&paths[walk[0].importer]);
    for link in walk {
        diagnostic = diagnostic.note(format!(
            "{} imports `{}` from {}",
            shown(&paths[link.importer]),
            link.import,
            shown(&paths[link.exporter])
        ));
    }
    Some(diagnostic.note("a component is instantiated after everything that it imports"))
}

/// The links from the last input of `visited` back to `start`.
fn way_back<'a>(links: &'a [Link], start: usize, visited: &mut Vec<usize>) -> Option<Vec<&'a Link>> {
    let here = *visited.last()?;
    for link in links.iter().filter(|link| link.importer == here) {
        if link.exporter == start {
            return Some(vec![link]);
        }
        if visited.contains(&link.exporter) {
            continue;
        }
        visited.push(link.exporter);
        if let Some(mut rest) = way_back(links, start, visited) {
            rest.insert(0, link);
            return Some(rest);
        }
    }
    None
}

/// Every input that no chain of links connects with the first one.
fn unconnected(
    paths: &[PathBuf],
    surfaces: &[Surface],
    links: &[Link],
    near_misses: &[Diagnostic],
) -> Vec<Diagnostic> {
    let mut reached = vec![0];
    let mut next = 0;
    while let Some(&here) = reached.get(next) {
        next += 1;
        for link in links {
            let other = match here {
                _ if link.importer == here => link.exporter,
                _ if link.exporter == here => link.importer,
                _ => continue,
            };
            if !reached.contains(&other) {
                reached.push(other);
            }
        }
    }
    let alone = |input: &usize| !links.iter().any(|link| link.importer == *input || link.exporter == *input);
    (1..paths.len())
        .filter(|input| !reached.contains(input))
        .map(|input| {
            let message = if alone(&input) {
                "the component has nothing to do with the others"
            } else {
                "the component has nothing to do with the first one"
            };
            let mut diagnostic = Diagnostic::error(Id::ComposeMismatch, message)
                .in_path(&paths[input])
                .note(format!("it exports {}", list(&surfaces[input].exports)))
                .note(format!("{} imports {}", shown(&paths[0]), list(&surfaces[0].imports)));
            for near_miss in near_misses {
                diagnostic.notes.push(near_miss.message.clone());
            }
            diagnostic
        })
        .collect()
}

fn list(names: &[String]) -> String {
    let names: Vec<String> =
        names.iter().filter(|name| !name.starts_with("wasi:")).map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing but WASI".to_owned() } else { names.join(", ") }
}

/// An export of the same interface in a version that does not fit.
fn near_miss(paths: &[PathBuf], surfaces: &[Surface], importer: usize, import: &str) -> Option<Diagnostic> {
    let (wanted, _) = import.split_once('@').unwrap_or((import, ""));
    let others = surfaces.iter().enumerate().filter(|(input, _)| *input != importer);
    let (input, export) = others
        .flat_map(|(input, surface)| surface.exports.iter().map(move |export| (input, export)))
        .find(|(_, export)| wanted.contains(':') && export.split('@').next() == Some(wanted))?;
    let message = format!(
        "{} imports `{import}`, and {} exports `{export}`: these versions are not compatible",
        shown(&paths[importer]),
        shown(&paths[input])
    );
    Some(Diagnostic::warning(Id::ComposeMismatch, message).in_path(&paths[importer]))
}

/// A path for a message.
pub(super) fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}
