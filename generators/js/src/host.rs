//! From a world to the files of host bindings.

use witgen_backend::signature;
use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, FunctionKind, Interface, TypeDef, World};
use witgen_languages::Side;
use witgen_templates::js::host::{
    GlueFunctionView, GlueView, IndexTypesView, IndexView, PartFunctionView, PartView, ResourceView,
    TypedIndexView,
};

use crate::bindings::{Bindings, finished, unchecked};
use crate::glue::{self, Module};
use crate::names::{Names, of_host};
use crate::pretty::quoted;
use crate::surface::Surface;
use crate::{HostOptions, resources, runtime};

/// All files of the bindings.
pub(crate) fn files(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    let names = Names::new(world);
    let host = Bindings { world, names: &names, side: Side::Host, is_typescript: options.typescript };
    let mut files = FileSet::new();
    runtime::insert_host(&mut files, options)?;
    if world.world_types().next().is_some() {
        host.module(None, &mut files)?;
    }
    for interface in world.interfaces.iter().filter(|interface| !interface.types.is_empty()) {
        host.module(Some(interface.id), &mut files)?;
    }
    let types = if options.typescript { "ts" } else { "d.ts" };
    files.insert(format!("imports.{types}"), finished(&host.surface(Surface::imports())))?;
    files.insert(format!("exports.{types}"), finished(&host.surface(Surface::exports(Side::Host))))?;
    files.insert("_witgen/glue.js", unchecked(&host.glue(options)?))?;
    if options.typescript {
        let IndexTypesView { header, first, optional } = host.index_types();
        files.insert("index.ts", finished(&TypedIndexView { header, first, optional }))?;
        return Ok(files);
    }
    files.insert("index.js", unchecked(&IndexView { header: host.header() }))?;
    files.insert("index.d.ts", finished(&host.index_types()))?;
    Ok(files)
}

/// What the module of the glue gets besides its parts.
struct Parts<'a> {
    module: Module<'a>,
    functions: Vec<GlueFunctionView>,
    is_unchecked: bool,
}

impl<'a> Bindings<'a> {
    fn glue(&self, options: &HostOptions) -> witgen_diag::Result<GlueView> {
        let mut parts = Parts {
            module: Module::new(self.world, self.names),
            functions: Vec::new(),
            is_unchecked: options.unchecked,
        };
        let imported = self.parts(&mut parts, Direction::Import)?;
        let exported = self.parts(&mut parts, Direction::Export)?;
        // Worlds without imports come without the code for them.
        if !imported.is_empty() {
            parts.module.runtime("Imports");
        }
        if exported.iter().any(|part| !part.resources.is_empty()) {
            parts.module.runtime("resourceClass");
        }
        let Parts { module, functions, .. } = parts;
        let (names, constants, helpers) = module.finish();
        let imports = glue::import(&names, "\"./runtime.js\"");
        let name = quoted(&self.world.qualified_name());
        let header = self.header();
        Ok(GlueView { header, imports, constants, helpers, functions, name, imported, exported })
    }

    fn index_types(&self) -> IndexTypesView {
        let direction = Direction::Import;
        let imports = Surface::imports();
        let has_imports =
            self.callable_interfaces(direction).any(|interface| !imports.is_optional(interface))
                || self.world_functions(direction).next().is_some()
                || self.world_resources(direction).next().is_some();
        IndexTypesView {
            header: self.header(),
            first: format!(
                "Makes an instance of a component of the world `{}`.",
                self.world.qualified_name()
            ),
            optional: if has_imports { "" } else { "?" },
        }
    }

    /// What the world itself has, and each interface.
    fn parts(&self, parts: &mut Parts<'a>, direction: Direction) -> witgen_diag::Result<Vec<PartView>> {
        let mut found = Vec::new();
        let own = self.part(
            parts,
            None,
            self.world_resources(direction).collect(),
            self.world.functions_of(direction).collect(),
        )?;
        if !own.resources.is_empty() || !own.functions.is_empty() {
            found.push(own);
        }
        let keys = self.keys(direction);
        for interface in self.callable_interfaces(direction) {
            let functions = interface.functions.iter().map(|id| self.world.function(*id)).collect();
            let resources = self.resources_of(interface).collect();
            let mut part = self.part(parts, Some(interface), resources, functions)?;
            part.interface = Some((quoted(&interface.key), quoted(&keys[&interface.id])));
            found.push(part);
        }
        Ok(found)
    }

    fn part(
        &self,
        parts: &mut Parts<'a>,
        interface: Option<&Interface>,
        resources: Vec<&'a TypeDef>,
        functions: Vec<&'a Function>,
    ) -> witgen_diag::Result<PartView> {
        let is_defined = interface.is_some_and(|interface| interface.direction == Direction::Export);
        let resources = resources.into_iter().map(|ty| ResourceView {
            wit: quoted(ty.name.as_deref().unwrap_or_default()),
            class: quoted(&resources::engine_class(ty)),
            constant: parts.module.resource(ty.id),
            is_defined,
        });
        let resources = resources.collect();
        let mut views = Vec::new();
        for func in functions {
            let class = func.kind.resource().map(|id| self.world.type_def(id));
            let name = glue_name(interface, class, func);
            let make = parts.module.name(&name);
            parts.functions.push(glue::function(&mut parts.module, func, make.clone(), parts.is_unchecked)?);
            views.push(PartFunctionView {
                wit: quoted(&func.wit_name),
                name: quoted(&of_host(func)),
                class: class.map(|class| quoted(&resources::engine_class(class))),
                types: quoted(&signature::text(self.world, func)?),
                make,
            });
        }
        Ok(PartView { interface: None, resources, functions: views })
    }
}

/// The words for the name of the function that makes one of the world's.
fn glue_name(interface: Option<&Interface>, class: Option<&TypeDef>, func: &Function) -> String {
    let class = class.and_then(|class| class.name.as_deref());
    let words = match (class, func.kind) {
        (Some(class), FunctionKind::Constructor(_)) => format!("new-{class}"),
        (Some(class), _) => format!("{class}-{}", func.name),
        (None, _) => func.name.clone(),
    };
    match interface {
        Some(interface) if class.is_none() => format!("{}-{words}", interface.name),
        _ => words,
    }
}
