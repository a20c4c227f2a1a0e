//! The plan carried out by `wac-graph`.

use std::path::PathBuf;

use wac_graph::types::{ItemKind, Package, Type, are_semver_compatible};
use wac_graph::{
    CompositionGraph, EncodeError, EncodeOptions, ExportError, InstantiationArgumentError, NodeId, PackageId,
};
use witgen_diag::{Diagnostic, Id, Result};

use super::plan::{Link, Plan, Surface, shown};
use super::stranded::stranded;
use super::{Open, input, mismatch};

/// The inputs as instances in a graph.
pub(super) struct Graph {
    graph: CompositionGraph,
    paths: Vec<PathBuf>,
    packages: Vec<PackageId>,
    instances: Vec<NodeId>,
    surfaces: Vec<Surface>,
}

impl Graph {
    /// Reads all inputs.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self> {
        let mut this = Self {
            graph: CompositionGraph::new(),
            paths: paths.to_vec(),
            packages: Vec::new(),
            instances: Vec::new(),
            surfaces: Vec::new(),
        };
        let mut findings = Vec::new();
        for (index, bytes) in input::read_all(paths)?.into_iter().enumerate() {
            if let Err(error) = this.add(index, bytes) {
                findings.push(
                    Diagnostic::error(Id::InvalidComponent, "the component cannot be composed")
                        .in_path(&paths[index])
                        .note(error),
                );
            }
        }
        if findings.is_empty() { Ok(this) } else { Err(findings) }
    }

    fn add(&mut self, index: usize, bytes: Vec<u8>) -> std::result::Result<(), String> {
        let path = &self.paths[index];
        // The name ends up in the name section, where it helps to read backtraces; the number keeps it unique.
        let name = format!("{}-{index}", path.file_stem().unwrap_or_default().to_string_lossy());
        let package = Package::from_bytes(&name, None, bytes, self.graph.types_mut())
            .map_err(|error| format!("{error:#}"))?;
        let package = self.graph.register_package(package).map_err(|error| error.to_string())?;
        let world = &self.graph.types()[self.graph[package].ty()];
        let is_world = |kind: &ItemKind| matches!(kind, ItemKind::Type(Type::World(_)));
        if !world.exports.is_empty() && world.exports.values().all(is_world) {
            return Err("it is a WIT package in binary form, which holds types and no code".to_owned());
        }
        let linkable = |(_, kind): &(&String, &ItemKind)| !matches!(kind, ItemKind::Type(_));
        let name = |(name, _): (&String, &ItemKind)| name.clone();
        let only_types = |(_, kind): &(&String, &ItemKind)| self.declares_only_types(**kind);
        self.surfaces.push(Surface {
            imports: world.imports.iter().filter(linkable).map(name).collect(),
            only_types: world.imports.iter().filter(linkable).filter(only_types).map(name).collect(),
            exports: world.exports.iter().filter(linkable).map(name).collect(),
        });
        self.packages.push(package);
        self.instances.push(self.graph.instantiate(package));
        Ok(())
    }

    /// What each input imports and exports.
    pub(super) fn surfaces(&self) -> &[Surface] {
        &self.surfaces
    }

    /// Passes exports as imports, or shows the types that do not fit.
    pub(super) fn connect(&mut self, plan: &Plan) -> Result<()> {
        let mut findings = self.stranded(plan);
        for link in &plan.links {
            let export = self.alias(link.exporter, &link.export)?;
            let set =
                self.graph.set_instantiation_argument(self.instances[link.importer], &link.import, export);
            match set {
                Ok(()) => {}
                Err(InstantiationArgumentError::ArgumentTypeMismatch { source, .. }) => {
                    findings.push(self.mismatch(link, &format!("{source:#}")));
                }
                Err(error) => return Err(fault(&error.to_string()).into()),
            }
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }

    /// Exports what the first input and the roots export.
    pub(super) fn export(&mut self, plan: &Plan) -> Result<()> {
        let mut clashes = Vec::new();
        let mut done: Vec<(String, usize)> = Vec::new();
        // Roots come first: where the first input is none, a root that wraps it takes precedence.
        let first = (!plan.roots.contains(&0)).then_some(0);
        for input in plan.roots.iter().copied().chain(first) {
            for name in self.export_names(input) {
                match done.iter().find(|(other, _)| *other == name) {
                    Some((_, owner)) if Some(input) != first => {
                        clashes.push(clash(&name, &self.paths[*owner], &self.paths[input]))
                    }
                    Some(_) => {}
                    None => self.export_with_types(plan, input, &name, &mut done)?,
                }
            }
        }
        if clashes.is_empty() { Ok(()) } else { Err(clashes) }
    }

    /// The bytes of the whole.
    pub(super) fn finish(&self) -> Result<Vec<u8>> {
        let options = EncodeOptions { validate: false, ..EncodeOptions::default() };
        let bytes = self.graph.encode(options).map_err(|error| self.encode_error(&error))?;
        input::check_output(&bytes)?;
        Ok(bytes)
    }

    /// Who wants the import `name` of the result.
    pub(super) fn open(&self, name: String) -> Open {
        let mut wanted_by = Vec::new();
        let mut only_types = true;
        for (input, package) in self.packages.iter().enumerate() {
            let world = &self.graph.types()[self.graph[*package].ty()];
            for (import, kind) in &world.imports {
                if are_semver_compatible(import, &name) {
                    wanted_by.push(self.paths[input].clone());
                    only_types &= self.declares_only_types(*kind);
                }
            }
        }
        wanted_by.dedup();
        Open { name, wanted_by, only_types }
    }

    fn declares_only_types(&self, kind: ItemKind) -> bool {
        match kind {
            ItemKind::Type(Type::Resource(_)) => false,
            ItemKind::Type(_) => true,
            ItemKind::Instance(interface) => {
                let interface = &self.graph.types()[interface];
                interface.exports.values().all(|kind| self.declares_only_types(*kind))
            }
            _ => false,
        }
    }

    fn alias(&mut self, input: usize, export: &str) -> Result<NodeId> {
        self.graph
            .alias_instance_export(self.instances[input], export)
            .map_err(|error| fault(&error.to_string()).into())
    }

    fn export_names(&self, input: usize) -> Vec<String> {
        let world = self.graph[self.packages[input]].ty();
        self.graph.types()[world].exports.keys().cloned().collect()
    }

    /// Exports `name` after the interfaces of other inputs that its types come from.
    fn export_with_types(
        &mut self,
        plan: &Plan,
        input: usize,
        name: &str,
        done: &mut Vec<(String, usize)>,
    ) -> Result<()> {
        done.push((name.to_owned(), input));
        for used in self.used_interfaces(input, name) {
            let source = plan.links.iter().find(|link| link.importer == input && link.import == used);
            if let Some(link) = source
                && done.iter().all(|(other, _)| *other != link.export)
            {
                self.export_with_types(plan, link.exporter, &link.export, done)?;
            }
        }
        let node = self.alias(input, name)?;
        match self.graph.export(node, name) {
            // One node has one export name; the second name of the same item needs no node of its own.
            Ok(()) | Err(ExportError::ExportAlreadyExists { .. }) => Ok(()),
            Err(error) => Err(fault(&format!("{error:#}")).into()),
        }
    }

    /// The interfaces whose types the export `name` mentions.
    fn used_interfaces(&self, input: usize, name: &str) -> Vec<String> {
        let types = self.graph.types();
        let world = &types[self.graph[self.packages[input]].ty()];
        let uses = match world.exports.get(name) {
            Some(ItemKind::Instance(interface)) => &types[*interface].uses,
            _ => &world.uses,
        };
        let mut names: Vec<String> =
            uses.values().filter_map(|used| types[used.interface].id.clone()).collect();
        names.dedup();
        names
    }

    /// Every open import that takes a resource from a satisfied one.
    fn stranded(&self, plan: &Plan) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (input, surface) in self.surfaces.iter().enumerate() {
            let world = &self.graph.types()[self.graph[self.packages[input]].ty()];
            let linked: Vec<&Link> = plan.links.iter().filter(|link| link.importer == input).collect();
            let is_open = |import: &&String| linked.iter().all(|link| link.import != **import);
            for open in surface.imports.iter().filter(is_open) {
                let names = linked.iter().map(|link| link.import.as_str());
                let Some(found) = stranded(self.graph.types(), world, open, names) else { continue };
                let Some(link) = linked.iter().find(|link| link.import == found.import) else { continue };
                findings.push(
                    Diagnostic::error(Id::ComposeMismatch, format!("no component exports `{open}`"))
                        .in_path(&self.paths[input])
                        .note(format!(
                            "it cannot stay open: it takes `{}` of `{}`, which {} implements, and nobody outside \
                             can take the resources of a component inside",
                            found.resource,
                            found.import,
                            shown(&self.paths[link.exporter])
                        ))
                        .help(format!("add a component that exports `{open}`")),
                );
            }
        }
        findings
    }

    fn mismatch(&self, link: &Link, reason: &str) -> Diagnostic {
        let importer = mismatch::Party {
            path: &self.paths[link.importer],
            bytes: self.graph[self.packages[link.importer]].bytes(),
            name: &link.import,
        };
        let exporter = mismatch::Party {
            path: &self.paths[link.exporter],
            bytes: self.graph[self.packages[link.exporter]].bytes(),
            name: &link.export,
        };
        mismatch::between_import_and_export(&importer, &exporter, reason)
    }

    fn encode_error(&self, error: &EncodeError) -> Diagnostic {
        let EncodeError::ImportTypeMergeConflict { import, first, second, source } = error else {
            return fault(&format!("{error:#}"));
        };
        let party = |node: &NodeId| {
            let input = self.instances.iter().position(|instance| instance == node)?;
            let package = &self.graph[self.packages[input]];
            let world = &self.graph.types()[package.ty()];
            let name = world.imports.keys().find(|name| are_semver_compatible(name, import))?;
            Some(mismatch::Party { path: &self.paths[input], bytes: package.bytes(), name })
        };
        match (party(first), party(second)) {
            (Some(first), Some(second)) if first.path != second.path => {
                mismatch::between_imports(&first, &second, &format!("{source:#}"))
            }
            _ => Diagnostic::error(
                Id::ComposeMismatch,
                format!("the components import `{import}` with types that do not fit together"),
            )
            .note(format!("{source:#}")),
        }
    }
}

fn clash(name: &str, one: &std::path::Path, other: &std::path::Path) -> Diagnostic {
    Diagnostic::error(Id::ComposeMismatch, format!("`{name}` would be exported twice"))
        .in_path(other)
        .note(format!("{} exports it as well, and no other component uses either of them", shown(one)))
        .help("compose them one by one, or leave one out")
}

fn fault(message: &str) -> Diagnostic {
    Diagnostic::error(Id::Internal, format!("the composition cannot be written: {message}"))
}
