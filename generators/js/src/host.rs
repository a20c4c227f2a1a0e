//! From a world to the files of host bindings.

use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, Interface, TypeDef, World};
use witgen_languages::Side;
use witgen_templates::js::guest::MethodView;
use witgen_templates::js::host::{
    IndexTypesView, IndexView, InterfaceMembersView, ResourceView, SurfaceView,
};

use crate::bindings::{Bindings, finished, unchecked};
use crate::codecs::{Codecs, Place};
use crate::names::{Names, property};
use crate::pretty::{property_name, quoted};
use crate::resources::{self, Indents};
use crate::surface::Surface;
use crate::{HostOptions, runtime};

/// How far what the world itself has is indented.
const OF_WORLD: Depth = Depth { members: "    ", signature: "        ", resource: &resources::HOST_WORLD };
/// How far what an interface has is indented.
const OF_INTERFACE: Depth =
    Depth { members: "        ", signature: "            ", resource: &resources::HOST_INTERFACE };

struct Depth {
    members: &'static str,
    signature: &'static str,
    resource: &'static Indents,
}

/// All files of the bindings.
pub(crate) fn files(world: &World, options: &HostOptions) -> witgen_diag::Result<FileSet> {
    let names = Names::new(world);
    let host = Bindings { world, names: &names, side: Side::Host };
    let mut files = FileSet::new();
    runtime::insert_host(&mut files, options.runtime)?;
    host.add_codecs(&mut files)?;
    if world.world_types().next().is_some() {
        host.module(None, &mut files)?;
    }
    for interface in world.interfaces.iter().filter(|interface| !interface.types.is_empty()) {
        host.module(Some(interface.id), &mut files)?;
    }
    files.insert("imports.d.ts", finished(&host.surface(Surface::imports())))?;
    files.insert("exports.d.ts", finished(&host.surface(Surface::exports(Side::Host))))?;
    files.insert("index.js", unchecked(&host.index(options)?))?;
    files.insert("index.d.ts", finished(&host.index_types()))?;
    Ok(files)
}

impl Bindings<'_> {
    fn index(&self, options: &HostOptions) -> witgen_diag::Result<IndexView> {
        let mut codecs = Codecs::new(self.world, self.names, Place::Imported);
        let imports = self.described(&mut codecs, Direction::Import)?;
        let exports = self.described(&mut codecs, Direction::Export)?;
        Ok(IndexView {
            header: self.header(),
            uses_types: codecs.uses_types,
            name: format!("name: {}", quoted(&self.world.qualified_name())),
            is_unchecked: options.unchecked,
            imports,
            exports,
        })
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

    fn described(&self, codecs: &mut Codecs<'_>, direction: Direction) -> witgen_diag::Result<SurfaceView> {
        let keys = self.keys(direction);
        let functions = self.world_functions(direction);
        let resources = self.world_resources(direction);
        let mut view = described_members(self, codecs, &OF_WORLD, None, (functions, resources))?;
        for interface in self.callable_interfaces(direction) {
            let parts = (self.free_functions(interface), self.resources_of(interface));
            view.interfaces.push(InterfaceMembersView {
                key: property_name(&keys[&interface.id]),
                members: described_members(self, codecs, &OF_INTERFACE, Some(interface), parts)?,
            });
        }
        Ok(view)
    }
}

fn described_members<'w>(
    host: &Bindings<'w>,
    codecs: &mut Codecs<'_>,
    depth: &Depth,
    interface: Option<&Interface>,
    (functions, resources): (impl Iterator<Item = &'w Function>, impl Iterator<Item = &'w TypeDef>),
) -> witgen_diag::Result<SurfaceView> {
    let functions = functions.map(|func| {
        Ok(MethodView {
            name: property_name(&property(&func.name)),
            user_name: None,
            signature: codecs.signature(depth.signature, func)?,
        })
    });
    let functions = functions.collect::<witgen_diag::Result<_>>()?;
    let resources = resources.map(|ty| {
        let name = ty.name.as_deref().unwrap_or_default();
        let wit = interface.map_or_else(|| name.to_owned(), |interface| format!("{}#{name}", interface.key));
        Ok(ResourceView {
            class: resources::engine_class(ty),
            name: format!("name: {}", quoted(&wit)),
            members: host.members(codecs, ty, depth.resource)?,
        })
    });
    let resources = resources.collect::<witgen_diag::Result<_>>()?;
    Ok(SurfaceView { indent: depth.members, functions, resources, interfaces: Vec::new() })
}
