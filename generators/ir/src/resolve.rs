//! Links packages: inputs, their `deps`, and the built-in WASI where neither has it.

use std::collections::BTreeSet;
use std::path::Path;

use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{PackageId, PackageName, ParsedUsePath, Resolve, parse_use_path};
use witgen_diag::{Diagnostic, Id};

use crate::source::{Contents, Group, Sources};
use crate::{Options, builtin, error, limits, source};

/// The version and layer of a WebAssembly binary that is no component.
const CORE_MODULE: [u8; 4] = [1, 0, 0, 0];

/// Linked packages, ready for the selection of a world.
pub struct Resolved {
    /// wit-parser's view, for tools that encode components.
    pub resolve: Resolve,
    /// The packages that were given, without their dependencies.
    pub main: Vec<PackageId>,
    pub(crate) sources: Sources,
    pub(crate) weights: limits::Weights,
    /// The world of a decoded component.
    pub(crate) component_world: Option<wit_parser::WorldId>,
}

/// Reads and links `inputs`.
pub(crate) fn resolve(inputs: &[&Path], options: &Options) -> witgen_diag::Result<Resolved> {
    let mut linker = Linker::new(options);
    let mut findings = Vec::new();
    for input in inputs {
        if let Err(found) = linker.add_input(input) {
            findings.extend(found);
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    if options.builtin_wasi {
        linker.add_builtin_world(options.world.as_deref())?;
        linker.add_builtin()?;
    }
    linker.link()
}

struct Linker {
    resolve: Resolve,
    groups: Vec<Group>,
    main: Vec<PackageName>,
    main_decoded: Vec<PackageId>,
    component_world: Option<wit_parser::WorldId>,
}

impl Linker {
    fn new(options: &Options) -> Self {
        let mut resolve = Resolve::new();
        resolve.all_features = options.all_features;
        resolve.features.extend(options.features.iter().cloned());
        Self {
            resolve,
            groups: Vec::new(),
            main: Vec::new(),
            main_decoded: Vec::new(),
            component_world: None,
        }
    }

    fn add_input(&mut self, path: &Path) -> witgen_diag::Result<()> {
        if path.is_dir() {
            return self.add_dir(path);
        }
        match source::read_file(path)? {
            Contents::Wasm(bytes) => {
                let id = self.decode(path, &bytes, true)?;
                self.main_decoded.push(id);
            }
            Contents::Texts(texts) => {
                let group = source::parse(texts)?;
                self.main.push(group.parsed.main.name.clone());
                self.add_group(group);
            }
        }
        Ok(())
    }

    fn add_dir(&mut self, dir: &Path) -> witgen_diag::Result<()> {
        let texts = source::read_package_dir(dir)?;
        let deps = dir.join("deps");
        let mut findings = Vec::new();
        if texts.is_empty() {
            return Err(no_wit(dir).into());
        }
        match source::parse(texts) {
            Ok(group) => {
                self.main.push(group.parsed.main.name.clone());
                self.add_group(group);
            }
            Err(found) => findings.extend(found),
        }
        if deps.is_dir() {
            for entry in source::entries(&deps)? {
                if let Err(found) = self.add_dependency(&entry) {
                    findings.extend(found);
                }
            }
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }

    fn add_dependency(&mut self, path: &Path) -> witgen_diag::Result<()> {
        if path.is_dir() {
            let texts = source::read_package_dir(path)?;
            if !texts.is_empty() {
                let group = source::parse(texts)?;
                self.add_group(group);
            }
            return Ok(());
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        if !matches!(extension, Some("wit" | "wat" | "wasm")) {
            return Ok(());
        }
        match source::read_file(path)? {
            Contents::Wasm(bytes) => self.decode(path, &bytes, false).map(|_| ()),
            Contents::Texts(texts) => {
                let group = source::parse(texts)?;
                self.add_group(group);
                Ok(())
            }
        }
    }

    /// The same package from two `deps` folders counts once when its texts are equal.
    fn add_group(&mut self, group: Group) {
        let same = |other: &Group| {
            other.parsed.main.name == group.parsed.main.name
                && other.files.len() == group.files.len()
                && other.files.iter().zip(&group.files).all(|(left, right)| left.text == right.text)
        };
        if !self.groups.iter().any(same) {
            self.groups.push(group);
        }
    }

    fn decode(&mut self, path: &Path, bytes: &[u8], is_input: bool) -> witgen_diag::Result<PackageId> {
        let invalid = |reason: String| {
            Diagnostic::error(
                Id::InvalidComponent,
                format!("`{}` is neither a component nor a WIT package", path.display()),
            )
            .in_path(path)
            .note(reason)
        };
        if bytes.get(4..8) == Some(&CORE_MODULE) {
            return Err(invalid("it is a core module".to_owned())
                .help("make a component of it, for instance with `wasm-tools component new`")
                .into());
        }
        // wit-parser allocates what a section claims to hold, up to 4 GiB, before it looks.
        if !sections_fit(bytes) {
            return Err(invalid("it ends in the middle of a section".to_owned()).into());
        }
        // wit-parser panics at some valid components whose exports have no form in WIT.
        let decoded = std::panic::catch_unwind(|| decode(bytes))
            .map_err(|_| invalid("its types cannot be written as WIT".to_owned()))?
            .map_err(|reason| invalid(format!("{reason:#}")))?;
        let (resolve, package, world) = match decoded {
            DecodedWasm::WitPackage(resolve, package) => (resolve, Some(package), None),
            DecodedWasm::Component(resolve, world) => {
                if !is_input {
                    return Err(invalid("a component cannot stand in `deps`".to_owned()).into());
                }
                let package = resolve.worlds[world].package;
                (resolve, package, Some(world))
            }
        };
        let remap = self.resolve.merge(resolve).map_err(|reason| invalid(format!("{reason:#}")))?;
        if let Some(world) = world {
            self.component_world = remap.worlds.get(world.index()).copied().flatten();
        }
        package
            .and_then(|package| remap.packages.get(package.index()).copied())
            .ok_or_else(|| invalid("it has no package".to_owned()).into())
    }

    /// Makes `-w wasi:http/proxy` work without any input.
    fn add_builtin_world(&mut self, world: Option<&str>) -> witgen_diag::Result<()> {
        let Some(Ok(ParsedUsePath::Package(wanted, _))) = world.map(parse_use_path) else { return Ok(()) };
        let given =
            self.groups.iter().flat_map(package_names).chain(self.resolve.package_names.keys().cloned());
        if given.into_iter().any(|name| name.namespace == wanted.namespace && name.name == wanted.name) {
            return Ok(());
        }
        let wanted = if wanted.version.is_none() {
            builtin::default_version(&wanted).unwrap_or(wanted)
        } else {
            wanted
        };
        if let Some(texts) = builtin::package(&wanted) {
            self.groups.push(source::parse(texts)?);
        }
        Ok(())
    }

    fn add_builtin(&mut self) -> witgen_diag::Result<()> {
        let mut known: BTreeSet<PackageName> = self.resolve.package_names.keys().cloned().collect();
        known.extend(self.groups.iter().flat_map(package_names));
        let mut next = 0;
        while next < self.groups.len() {
            for wanted in foreign_packages(&self.groups[next]) {
                if known.contains(&wanted) {
                    continue;
                }
                if let Some(texts) = builtin::package(&wanted) {
                    let group = source::parse(texts)?;
                    known.extend(package_names(&group));
                    self.groups.push(group);
                }
            }
            next += 1;
        }
        Ok(())
    }

    fn link(mut self) -> witgen_diag::Result<Resolved> {
        limits::check_chains(&self.groups)?;
        let mut sources = Sources::default();
        let mut parsed = Vec::new();
        for group in self.groups {
            sources.push(group.files);
            parsed.push(group.parsed);
        }
        if !parsed.is_empty() {
            let first = parsed.remove(0);
            if let Err(reason) = self.resolve.push_groups(first, parsed) {
                return Err(error::resolve(&reason, &sources).into());
            }
        }
        let weights = limits::Weights::check(self.resolve.types.iter().map(|(_, ty)| ty), &sources)?;
        let mut main = self.main_decoded;
        main.extend(self.main.iter().filter_map(|name| self.resolve.package_names.get(name).copied()));
        Ok(Resolved { resolve: self.resolve, main, sources, weights, component_world: self.component_world })
    }
}

/// Whether every section of a binary is as long as it says.
fn sections_fit(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((_, mut after)) = rest.split_first() {
        let mut size = 0;
        for shift in (0..35).step_by(7) {
            let Some((byte, tail)) = after.split_first() else { return false };
            after = tail;
            size |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let Some(tail) = usize::try_from(size).ok().and_then(|size| after.get(size..)) else { return false };
        rest = tail;
    }
    true
}

fn no_wit(dir: &Path) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(Id::MissingInput, format!("`{}` holds no `.wit` file", dir.display())).in_path(dir);
    let inner = dir.join("wit");
    if inner.is_dir() {
        return diagnostic.help(format!("did you mean `{}`?", inner.display()));
    }
    diagnostic.help("give a WIT file, or the directory that holds the files of one WIT package")
}

fn package_names(group: &Group) -> Vec<PackageName> {
    let nested = group.parsed.nested.iter().map(|package| package.name.clone());
    nested.chain([group.parsed.main.name.clone()]).collect()
}

fn foreign_packages(group: &Group) -> Vec<PackageName> {
    let packages = group.parsed.nested.iter().chain([&group.parsed.main]);
    packages.flat_map(|package| package.foreign_deps.keys().cloned()).collect()
}
