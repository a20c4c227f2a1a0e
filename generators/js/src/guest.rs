//! From a world to the files of guest bindings.

use witgen_backend::Scope;
use witgen_emit::FileSet;
use witgen_ir::{Direction, TypeDef, World};
use witgen_languages::{Language, Role, Side};
use witgen_templates::js::guest::{
    EntryView, ExportedFunctionView, ExportedInterfaceView, ExportedResourceView, MethodView,
};

use crate::bindings::{Bindings, finished, unchecked};
use crate::codecs::{Codecs, Place};
use crate::names::{Names, property, specifier};
use crate::pretty::{property_name, quoted};
use crate::surface::Surface;
use crate::{GuestOptions, resources, runtime};

/// All files of the bindings.
pub(crate) fn files(world: &World, options: &GuestOptions) -> witgen_diag::Result<FileSet> {
    let names = Names::new(world);
    let guest = Bindings { world, names: &names, side: Side::Guest, is_typescript: false };
    let mut files = FileSet::new();
    runtime::insert(&mut files, options.runtime)?;
    guest.add_codecs(&mut files)?;
    if world.world_types().next().is_some() || world.functions_of(Direction::Import).next().is_some() {
        guest.module(None, &mut files)?;
    }
    for interface in &world.interfaces {
        let is_needed = interface.direction == Direction::Import || !interface.types.is_empty();
        if is_needed {
            guest.module(Some(interface.id), &mut files)?;
        }
    }
    files.insert("exports.d.ts", finished(&guest.surface(Surface::exports(Side::Guest))))?;
    files.insert("entry.js", unchecked(&guest.entry()?))?;
    Ok(files)
}

impl Bindings<'_> {
    /// The interfaces, or none for the world, whose imported resources must be set up before a call.
    fn modules_of_resources(&self) -> Vec<String> {
        let is_imported =
            |ty: &&TypeDef| resources::is_resource(ty) && !self.is_exported(self.names.module_of(ty));
        let modules = self.world.types.iter().filter(is_imported).map(|ty| self.names.module_of(ty));
        let paths: std::collections::BTreeSet<String> =
            modules.map(|id| specifier("entry", &format!("{}.js", self.names.module(id).path))).collect();
        paths.into_iter().collect()
    }

    fn entry(&self) -> witgen_diag::Result<EntryView> {
        let mut codecs = Codecs::new(self.world, self.names, Place::Imported);
        let mut locals = Scope::new(Language::Js);
        let user_names = self.keys(Direction::Export);
        let functions: witgen_diag::Result<Vec<_>> = self
            .world
            .functions_of(Direction::Export)
            .map(|func| {
                Ok(ExportedFunctionView {
                    local: locals.name(Role::Func, &func.name),
                    key: quoted(&func.wit_name),
                    user_name: quoted(&property(&func.name)),
                    signature: codecs.signature("  ", func)?,
                })
            })
            .collect();
        let interfaces: witgen_diag::Result<Vec<_>> = self
            .callable_interfaces(Direction::Export)
            .map(|interface| {
                let methods: witgen_diag::Result<Vec<MethodView>> = self
                    .free_functions(interface)
                    .map(|func| {
                        Ok(MethodView {
                            name: property_name(&property(&func.name)),
                            user_name: None,
                            signature: codecs.signature("      ", func)?,
                        })
                    })
                    .collect();
                let classes: witgen_diag::Result<Vec<ExportedResourceView>> = self
                    .resources_of(interface)
                    .map(|ty| {
                        let members = self.members(&mut codecs, ty, &resources::EXPORTED)?;
                        Ok(ExportedResourceView { name: resources::engine_class(ty), members })
                    })
                    .collect();
                Ok(ExportedInterfaceView {
                    local: locals.name(Role::Module, &interface.name),
                    key: quoted(&interface.key),
                    user_name: quoted(&user_names[&interface.id]),
                    functions: methods?,
                    resources: classes?,
                })
            })
            .collect();
        let (functions, interfaces) = (functions?, interfaces?);
        Ok(EntryView {
            header: self.header(),
            modules: self.modules_of_resources(),
            uses_types: codecs.uses_types,
            is_empty: functions.is_empty() && interfaces.is_empty(),
            functions,
            interfaces,
        })
    }
}
