//! Core definitions, trampolines and exports.

use std::collections::BTreeMap;

use wasmtime_environ::collections::TryString;
use wasmtime_environ::component::{
    ComponentExternData, CoreDef, CoreExport, Export, ExportIndex, ExportItem, NameMap, Trampoline, TypeDef,
    TypeResourceTable,
};
use wasmtime_environ::{EntityIndex, Trap};
use witgen_diag::Result;

use super::Writer;
use crate::plan::{self, Item};
use crate::{broken, inexpressible};

impl Writer<'_> {
    /// Where a core item comes from; indices of exports become names, which is what other engines find them by.
    pub(super) fn def(&self, def: &CoreDef) -> Result<plan::CoreDef> {
        Ok(match def {
            CoreDef::Export(export) => {
                plan::CoreDef::Export(export.instance.as_u32() as usize, self.export_name(export)?)
            }
            CoreDef::InstanceFlags(instance) => plan::CoreDef::Flags(instance.as_u32() as usize),
            CoreDef::Trampoline(index) => plan::CoreDef::Trampoline(index.as_u32() as usize),
            CoreDef::UnsafeIntrinsic(intrinsic) if intrinsic.name().starts_with("context-") => {
                plan::CoreDef::Intrinsic(intrinsic.name().to_owned())
            }
            CoreDef::UnsafeIntrinsic(intrinsic) => {
                return Err(inexpressible(format!("the intrinsic `{}`", intrinsic.name())).into());
            }
            CoreDef::TaskMayBlock => return Err(inexpressible("tasks that block").into()),
        })
    }

    fn export_name(&self, export: &CoreExport<EntityIndex>) -> Result<String> {
        let index = match &export.item {
            ExportItem::Name(name) => return Ok(name.clone()),
            ExportItem::Index(index) => *index,
        };
        let module = self.instances.get(export.instance.as_u32() as usize);
        let module = &self.modules[*module.ok_or_else(|| broken("an instance is used before it is made"))?];
        let exports = &module.module.exports;
        let found = exports.iter().find(|(_, entity)| **entity == index);
        let (name, _) = found.ok_or_else(|| broken("a module does not export what is taken from it"))?;
        Ok(module.module.strings[name].to_owned())
    }

    pub(super) fn trampoline(&mut self, trampoline: &Trampoline) -> Result<plan::Trampoline> {
        Ok(match trampoline {
            Trampoline::LowerImport { index, lower_ty, options } => plan::Trampoline::Lower {
                lowered: index.as_u32() as usize,
                ty: self.types.func(*lower_ty)?,
                options: options.as_u32() as usize,
            },
            Trampoline::Transcoder { from64: true, .. } | Trampoline::Transcoder { to64: true, .. } => {
                return Err(inexpressible("memories with 64-bit addresses").into());
            }
            Trampoline::Transcoder { op, from, to, .. } => plan::Trampoline::Transcode {
                transcode: op.desc().to_owned(),
                from: from.as_u32() as usize,
                to: to.as_u32() as usize,
            },
            Trampoline::ResourceNew { instance, ty } => plan::Trampoline::ResourceNew {
                instance: instance.as_u32() as usize,
                table: ty.as_u32() as usize,
            },
            Trampoline::ResourceRep { instance, ty } => plan::Trampoline::ResourceRep {
                instance: instance.as_u32() as usize,
                table: ty.as_u32() as usize,
            },
            Trampoline::ResourceDrop { instance, ty } => plan::Trampoline::ResourceDrop {
                instance: instance.as_u32() as usize,
                table: ty.as_u32() as usize,
            },
            Trampoline::ResourceTransferOwn => plan::Trampoline::TransferOwn,
            Trampoline::ResourceTransferBorrow => plan::Trampoline::TransferBorrow,
            Trampoline::EnterSyncCall => plan::Trampoline::EnterSyncCall,
            Trampoline::ExitSyncCall => plan::Trampoline::ExitSyncCall,
            Trampoline::Trap => plan::Trampoline::Trap { messages: messages() },
            other => {
                let name = built_in(other);
                return Err(inexpressible(format!("the async built-in `{name}`"))
                    .help("build the component for sync functions only, for instance with `witgen build`")
                    .into());
            }
        })
    }

    pub(super) fn exports(
        &mut self,
        exports: &NameMap<TryString, (ExportIndex, ComponentExternData)>,
    ) -> Result<Vec<plan::Export>> {
        let mut items = Vec::new();
        for (name, (index, _)) in exports.raw_iter() {
            let name: &str = name;
            if let Some(item) = self.export(name, *index)? {
                items.push(plan::Export { name: name.to_owned(), item });
            }
        }
        Ok(items)
    }

    /// What a runtime has to make of an export; nothing of a type.
    fn export(&mut self, name: &str, index: ExportIndex) -> Result<Option<Item>> {
        let component = self.component;
        Ok(Some(match &component.export_items[index] {
            Export::LiftedFunction { ty, func, options } => Item::Func {
                func: self.def(func)?,
                ty: self.types.func(*ty)?,
                options: options.as_u32() as usize,
            },
            Export::Instance { exports, .. } => Item::Instance { instance: self.exports(exports)? },
            Export::Type(TypeDef::Resource(table)) => match &self.source[*table] {
                TypeResourceTable::Concrete { ty, .. } => Item::Resource { resource: ty.as_u32() as usize },
                TypeResourceTable::Abstract(_) => return Ok(None),
            },
            Export::Type(_) => return Ok(None),
            Export::ModuleStatic { .. } | Export::ModuleImport { .. } => {
                return Err(inexpressible(format!("the exported core module `{name}`")).into());
            }
        }))
    }
}

/// What adapters trap with.
const TRAPS: [Trap; 13] = [
    Trap::MemoryOutOfBounds,
    Trap::CannotEnterComponent,
    Trap::CannotLeaveComponent,
    Trap::CannotBlockSyncTask,
    Trap::InvalidChar,
    Trap::InvalidDiscriminant,
    Trap::StringOutOfBounds,
    Trap::ListOutOfBounds,
    Trap::UnalignedPointer,
    Trap::DebugAssertStringEncodingFinished,
    Trap::DebugAssertEqualCodeUnits,
    Trap::DebugAssertPointerAligned,
    Trap::DebugAssertUpperBitsUnset,
];

/// The codes are an order of the translation that changes from version to version, so the plan explains them.
fn messages() -> BTreeMap<u8, String> {
    let text = |trap: Trap| trap.to_string().trim_start_matches("wasm trap: ").to_owned();
    TRAPS.into_iter().map(|trap| (trap as u8, text(trap))).collect()
}

/// The name of a built-in function in the words of the component model: `WaitableSetNew` is `waitable-set-new`.
fn built_in(trampoline: &Trampoline) -> String {
    let text = format!("{trampoline:?}");
    let name = text.split([' ', '{', '(']).next().unwrap_or_default();
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}
