//! From a component to a plan, by way of wasmtime's translation.

mod items;

use std::collections::HashMap;

use wasmtime_environ::component::{
    CanonicalOptionsDataModel, Component, ComponentTranslation, ComponentTypes, ComponentTypesBuilder,
    GlobalInitializer, ImportIndex, InstantiateModule, StringEncoding, Translator, TypeDef,
    TypeResourceTable, TypeResourceTableIndex,
};
use wasmtime_environ::wasmparser::Validator;
use wasmtime_environ::{
    EntityType, ModuleTranslation, PrimaryMap, ScopeVec, StaticModuleIndex, Tunables, WasmValType,
};
use witgen_diag::{Diagnostic, Id, Result};

use crate::plan::{self, CoreKind, Encoding, Import, Module, Options, Plan, ResourceTable, Step, VERSION};
use crate::types::Types;
use crate::{inexpressible, validate};

type Modules<'a> = PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>;

/// The plan of the valid component `bytes`, and its modules.
pub(crate) fn translate(bytes: &[u8]) -> Result<(Plan, Vec<Vec<u8>>)> {
    let mut tunables = Tunables::default_u64();
    tunables.concurrency_support = false;
    let mut validator = Validator::new_with_features(validate::accepted());
    let mut types = ComponentTypesBuilder::new(&validator);
    let scope = ScopeVec::new();
    let (translation, modules) = Translator::new(&tunables, &mut validator, &mut types, &scope)
        .translate(bytes)
        .map_err(|error| refusal(&format!("{error:#}")))?;
    let tables = types.num_resource_tables();
    let (types, _) = types.finish(&translation.component);
    Writer::new(&translation, &modules, &types, bytes).plan(tables)
}

fn refusal(reason: &str) -> Diagnostic {
    Diagnostic::error(Id::UnsupportedType, "the component cannot be translated").note(reason)
}

struct Writer<'a> {
    component: &'a Component,
    translation: &'a ComponentTranslation,
    modules: &'a Modules<'a>,
    source: &'a ComponentTypes,
    bytes: &'a [u8],
    types: Types<'a>,
    /// The modules that are instantiated, in the order of the plan.
    used: Vec<StaticModuleIndex>,
    places: HashMap<StaticModuleIndex, usize>,
    /// The module of each core instance.
    instances: Vec<StaticModuleIndex>,
}

impl<'a> Writer<'a> {
    fn new(
        translation: &'a ComponentTranslation,
        modules: &'a Modules<'a>,
        source: &'a ComponentTypes,
        bytes: &'a [u8],
    ) -> Self {
        Self {
            component: &translation.component,
            translation,
            modules,
            source,
            bytes,
            types: Types::new(source),
            used: Vec::new(),
            places: HashMap::new(),
            instances: Vec::new(),
        }
    }

    fn plan(mut self, tables: usize) -> Result<(Plan, Vec<Vec<u8>>)> {
        let component = self.component;
        let init = component.initializers.iter().map(|step| self.step(step)).collect::<Result<_>>()?;
        let translation = self.translation;
        let trampolines =
            translation.trampolines.values().map(|item| self.trampoline(item)).collect::<Result<_>>()?;
        let options = component.options.values().map(options).collect::<Result<_>>()?;
        let exports = self.exports(&component.exports)?;
        let place = |index: u32| index as usize;
        let plan = Plan {
            version: VERSION,
            modules: self.used.iter().enumerate().map(|(at, index)| self.module(at, *index)).collect(),
            imports: self.imports(),
            init,
            trampolines,
            options,
            exports,
            resource_tables: (0..tables).map(|table| self.resource_table(table)).collect(),
            imported_resources: component.imported_resources.values().map(|i| place(i.as_u32())).collect(),
            defined_resource_instances: component
                .defined_resource_instances
                .values()
                .map(|i| place(i.as_u32()))
                .collect(),
            component_instances: place(component.num_runtime_component_instances),
            interruptible: false,
            meter: None,
            funcs: Vec::new(),
            types: Vec::new(),
        };
        let modules = self.used.iter().map(|index| self.modules[*index].wasm.to_vec()).collect();
        let (funcs, types) = self.types.finish();
        Ok((Plan { funcs, types, ..plan }, modules))
    }

    /// What is used, in the order that numbers mean, and then the functions that a host has to have all the same.
    fn imports(&self) -> Vec<Import> {
        let component = self.component;
        let import = |(index, path): &(ImportIndex, Vec<String>)| Import {
            name: component.import_types[*index].0.clone(),
            path: path.clone(),
        };
        let used: Vec<Import> = component.imports.values().map(import).collect();
        let mut functions = Vec::new();
        for (name, item) in component.import_types.values() {
            self.functions(&item.ty, &Import { name: name.clone(), path: Vec::new() }, &mut functions);
        }
        functions.retain(|function| !used.contains(function));
        [used, functions].concat()
    }

    /// Collects the functions of an import.
    fn functions(&self, ty: &TypeDef, import: &Import, functions: &mut Vec<Import>) {
        match ty {
            TypeDef::ComponentFunc(_) => functions.push(import.clone()),
            TypeDef::ComponentInstance(index) => {
                for (name, item) in &self.source[*index].exports {
                    let mut inner = import.clone();
                    inner.path.push(name.clone());
                    self.functions(&item.ty, &inner, functions);
                }
            }
            _ => {}
        }
    }

    /// Everything about a module but its size and features, which later passes change.
    fn module(&self, place: usize, index: StaticModuleIndex) -> Module {
        let module = &self.modules[index];
        let adapter = !self.bytes.as_ptr_range().contains(&module.wasm.as_ptr());
        let kind = |ty: &EntityType| match ty {
            EntityType::Function(_) => CoreKind::Func,
            EntityType::Memory(_) => CoreKind::Memory,
            EntityType::Table(_) => CoreKind::Table,
            EntityType::Global(_) => CoreKind::Global,
            EntityType::Tag(_) => CoreKind::Tag,
        };
        let imports = module.module.imports();
        let memories = module.module.memories.as_values_slice();
        let own = &memories[module.module.num_imported_memories..];
        Module {
            file: plan::file(place),
            size: 0,
            adapter,
            features: Vec::new(),
            imports: imports.map(|(from, name, ty)| (from.to_owned(), name.to_owned(), kind(&ty))).collect(),
            pages: own.iter().map(|memory| memory.limits.min).fold(0, u64::saturating_add),
        }
    }

    fn resource_table(&self, table: usize) -> Option<ResourceTable> {
        match &self.source[TypeResourceTableIndex::from_u32(table as u32)] {
            TypeResourceTable::Concrete { ty, instance } => {
                Some(ResourceTable { resource: ty.as_u32() as usize, instance: instance.as_u32() as usize })
            }
            TypeResourceTable::Abstract(_) => None,
        }
    }

    fn step(&mut self, step: &GlobalInitializer) -> Result<Step> {
        Ok(match step {
            GlobalInitializer::InstantiateModule(InstantiateModule::Static(module, args), instance) => {
                let args = args.iter().map(|def| self.def(def)).collect::<Result<_>>()?;
                let place = *self.places.entry(*module).or_insert_with(|| {
                    self.used.push(*module);
                    self.used.len() - 1
                });
                self.instances.push(*module);
                Step::Instantiate {
                    module: place,
                    args,
                    instance: instance.map(|instance| instance.as_u32() as usize),
                }
            }
            GlobalInitializer::InstantiateModule(InstantiateModule::Import(import, _), _) => {
                let (import, path) = &self.component.imports[*import];
                let name = &self.component.import_types[*import].0;
                return Err(imported_module(name, path).into());
            }
            GlobalInitializer::LowerImport { index, import } => {
                Step::Lower { lowered: index.as_u32() as usize, import: import.as_u32() as usize }
            }
            GlobalInitializer::ExtractMemory(memory) => Step::Memory {
                index: memory.index.as_u32() as usize,
                def: self.def(&memory.export.clone().into())?,
            },
            GlobalInitializer::ExtractRealloc(realloc) => {
                Step::Realloc { index: realloc.index.as_u32() as usize, def: self.def(&realloc.def)? }
            }
            GlobalInitializer::ExtractPostReturn(post) => {
                Step::PostReturn { index: post.index.as_u32() as usize, def: self.def(&post.def)? }
            }
            GlobalInitializer::Resource(resource) => {
                if resource.rep != WasmValType::I32 {
                    return Err(inexpressible("resources that are not represented by an `i32`").into());
                }
                Step::Resource {
                    index: resource.index.as_u32() as usize,
                    dtor: resource.dtor.as_ref().map(|def| self.def(def)).transpose()?,
                    instance: resource.instance.as_u32() as usize,
                }
            }
            GlobalInitializer::ExtractCallback(_) => return Err(inexpressible("async callbacks").into()),
            GlobalInitializer::ExtractTable(_) => {
                return Err(inexpressible("threads that start from a table").into());
            }
        })
    }
}

fn imported_module(name: &str, path: &[String]) -> Diagnostic {
    let path: String = path.iter().map(|part| format!("/{part}")).collect();
    inexpressible(format!("the imported core module `{name}{path}`"))
        .note("a host gives functions and resources to a component, not modules")
}

fn options(options: &wasmtime_environ::component::CanonicalOptions) -> Result<Options> {
    if options.async_ || options.callback.is_some() {
        return Err(validate::async_functions().into());
    }
    let CanonicalOptionsDataModel::LinearMemory(memory) = options.data_model else {
        return Err(inexpressible("values in garbage-collected objects").into());
    };
    Ok(Options {
        instance: options.instance.as_u32() as usize,
        encoding: match options.string_encoding {
            StringEncoding::Utf8 => Encoding::Utf8,
            StringEncoding::Utf16 => Encoding::Utf16,
            StringEncoding::CompactUtf16 => Encoding::CompactUtf16,
        },
        memory: memory.memory.map(|index| index.as_u32() as usize),
        realloc: memory.realloc.map(|index| index.as_u32() as usize),
        post_return: options.post_return.map(|index| index.as_u32() as usize),
    })
}
