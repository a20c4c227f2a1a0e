//! From wit-parser's linked packages to the [`World`] of the IR.

use std::collections::{HashMap, HashSet};

use wit_bindgen_core::abi;
use wit_parser::abi::{AbiVariant, FlatTypes, WasmType};
use wit_parser::{
    LiftLowerAbi, LiveTypes, ManglingAndAbi, Resolve, SizeAlign, TypeDefKind, TypeOwner, WasmExport,
    WasmExportKind, WasmImport, WorldKey,
};
use witgen_diag::{Diagnostic, Id};

use crate::abi::{CoreType, FunctionAbi, Layout, MAX_FLAT_PARAMS};
use crate::model::{
    Direction, Function, FunctionId, FunctionKind, Interface, InterfaceId, PackageName, Param, Stability,
    World, WorldItem,
};
use crate::record::{self, Tree, core_type};
use crate::resolve::Resolved;
use crate::source::Sources;
use crate::types::{Case, EnumCase, Field, Flag, Owner, Type, TypeDef, TypeId, TypeKind};

/// The symbols are those that `wit-component` and every other toolchain understand today.
const MANGLING: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);

/// wit-parser's type ids to those of the IR.
#[derive(Default)]
pub(crate) struct TypeMap {
    ids: HashMap<wit_parser::TypeId, TypeId>,
}

impl TypeMap {
    /// The IR's id of a type that the world reaches.
    pub(crate) fn id(&self, id: wit_parser::TypeId) -> TypeId {
        // `LiveTypes` yields each type after those that it uses, so every lookup finds its id.
        self.ids.get(&id).copied().unwrap_or(TypeId(u32::MAX))
    }

    pub(crate) fn ty(&self, ty: wit_parser::Type) -> Type {
        use wit_parser::Type as T;
        match ty {
            T::Bool => Type::Bool,
            T::U8 => Type::U8,
            T::U16 => Type::U16,
            T::U32 => Type::U32,
            T::U64 => Type::U64,
            T::S8 => Type::S8,
            T::S16 => Type::S16,
            T::S32 => Type::S32,
            T::S64 => Type::S64,
            T::F32 => Type::F32,
            T::F64 => Type::F64,
            T::Char => Type::Char,
            T::String => Type::String,
            T::ErrorContext => Type::ErrorContext,
            T::Id(id) => Type::Id(self.id(id)),
        }
    }
}

/// Lowers `world`, giving each generated type an id of its own first.
pub(crate) fn lower(resolved: &mut Resolved, world: wit_parser::WorldId) -> witgen_diag::Result<World> {
    resolved.weights.check_world(&resolved.resolve, world, &resolved.sources)?;
    let component_type = wit_component::metadata::encode(
        &resolved.resolve,
        world,
        wit_component::StringEncoding::UTF8,
        None,
        false,
    )
    .map_err(|reason| {
        Diagnostic::error(Id::WitResolve, "the world has no binary form").note(format!("{reason:#}"))
    })?;
    resolved.resolve.generate_nominal_type_ids(world);
    let mut sizes = SizeAlign::default();
    sizes.fill(&resolved.resolve).map_err(|reason| {
        Diagnostic::error(Id::WitResolve, "a type has no layout").note(format!("{reason:#}"))
    })?;
    let resolve = &resolved.resolve;
    let mut live = LiveTypes::default();
    live.add_world(resolve, world);
    let mut lowering = Lowering {
        resolve,
        sources: &resolved.sources,
        sizes: &sizes,
        types: TypeMap::default(),
        interface_ids: HashMap::new(),
        async_types: HashSet::new(),
        interfaces: Vec::new(),
        functions: Vec::new(),
    };
    let live: Vec<wit_parser::TypeId> = live.iter().collect();
    lowering.number_types(&live);
    lowering.number_interfaces(world);
    let types = live.iter().map(|id| lowering.type_def(*id)).collect();
    let imports = lowering.items(world, Direction::Import);
    let exports = lowering.items(world, Direction::Export);
    let source = &resolve.worlds[world];
    Ok(World {
        name: source.name.clone(),
        package: lowering.package(source.package),
        docs: source.docs.contents.clone(),
        stability: stability(&source.stability),
        span: lowering.sources.span(source.span),
        interfaces: lowering.interfaces,
        types,
        functions: lowering.functions,
        imports,
        exports,
        component_type,
    })
}

struct Lowering<'a> {
    resolve: &'a Resolve,
    sources: &'a Sources,
    sizes: &'a SizeAlign,
    types: TypeMap,
    interface_ids: HashMap<wit_parser::InterfaceId, InterfaceId>,
    /// Types whose lifting needs what the recorder does not know.
    async_types: HashSet<wit_parser::TypeId>,
    interfaces: Vec<Interface>,
    functions: Vec<Function>,
}

impl Lowering<'_> {
    fn number_types(&mut self, live: &[wit_parser::TypeId]) {
        for (index, id) in (0u32..).zip(live) {
            self.types.ids.insert(*id, TypeId(index));
        }
    }

    fn number_interfaces(&mut self, world: wit_parser::WorldId) {
        let world = &self.resolve.worlds[world];
        for item in world.imports.values().chain(world.exports.values()) {
            if let wit_parser::WorldItem::Interface { id, .. } = item {
                let next = InterfaceId(u32::try_from(self.interface_ids.len()).unwrap_or(u32::MAX));
                self.interface_ids.entry(*id).or_insert(next);
            }
        }
    }

    fn package(&self, id: Option<wit_parser::PackageId>) -> PackageName {
        match id.map(|id| &self.resolve.packages[id].name) {
            Some(name) => PackageName {
                namespace: name.namespace.clone(),
                name: name.name.clone(),
                version: name.version.as_ref().map(ToString::to_string),
            },
            None => PackageName { namespace: "root".to_owned(), name: "component".to_owned(), version: None },
        }
    }

    fn items(&mut self, world: wit_parser::WorldId, direction: Direction) -> Vec<WorldItem> {
        let source = &self.resolve.worlds[world];
        let items = match direction {
            Direction::Import => &source.imports,
            Direction::Export => &source.exports,
        };
        items.iter().map(|(key, item)| self.item(source.package, key, item, direction)).collect()
    }

    fn item(
        &mut self,
        package: Option<wit_parser::PackageId>,
        key: &WorldKey,
        item: &wit_parser::WorldItem,
        direction: Direction,
    ) -> WorldItem {
        match item {
            wit_parser::WorldItem::Interface { id, external_id, docs, stability, .. } => {
                let interface = self.interface(package, key, *id, direction);
                let index = interface.id;
                let entry = Interface {
                    external_id: external_id.clone(),
                    implements: self
                        .resolve
                        .implements_interface(key, item)
                        .and_then(|id| self.resolve.id_of(id)),
                    docs: interface.docs.clone().or_else(|| docs.contents.clone()),
                    stability: if interface.stability.is_unknown() {
                        crate::lower::stability(stability)
                    } else {
                        interface.stability.clone()
                    },
                    ..interface
                };
                self.interfaces.push(entry);
                WorldItem::Interface(index)
            }
            wit_parser::WorldItem::Function(func) => {
                WorldItem::Function(self.function(None, func, direction))
            }
            wit_parser::WorldItem::Type { id, .. } => WorldItem::Type(self.types.id(*id)),
        }
    }

    fn interface(
        &mut self,
        world_package: Option<wit_parser::PackageId>,
        key: &WorldKey,
        id: wit_parser::InterfaceId,
        direction: Direction,
    ) -> Interface {
        let source = &self.resolve.interfaces[id];
        let name = match key {
            WorldKey::Name(name) => name.clone(),
            WorldKey::Interface(_) => source.name.clone().unwrap_or_default(),
        };
        // Interfaces are numbered in the order of the world's items, so the index is the place in the list.
        let index = self.interface_ids.get(&id).copied().unwrap_or(InterfaceId(u32::MAX));
        let functions = source
            .functions
            .values()
            .map(|func| self.function(Some((key, index)), func, direction))
            .collect();
        Interface {
            id: index,
            direction,
            name,
            key: self.resolve.name_world_key(key),
            package: self.package(source.package.or(world_package)),
            inline: matches!(key, WorldKey::Name(_)),
            implements: None,
            docs: source.docs.contents.clone(),
            stability: stability(&source.stability),
            external_id: None,
            span: self.sources.span(source.span),
            types: source.types.values().map(|id| self.types.id(*id)).collect(),
            functions,
        }
    }

    fn function(
        &mut self,
        interface: Option<(&WorldKey, InterfaceId)>,
        source: &wit_parser::Function,
        direction: Direction,
    ) -> FunctionId {
        use wit_parser::FunctionKind as K;
        let id = FunctionId(u32::try_from(self.functions.len()).unwrap_or(u32::MAX));
        let kind = match source.kind {
            K::Freestanding | K::AsyncFreestanding | K::Getter | K::Setter => FunctionKind::Freestanding,
            K::Method(id) | K::AsyncMethod(id) | K::MethodGetter(id) | K::MethodSetter(id) => {
                FunctionKind::Method(self.types.id(id))
            }
            K::Static(id) | K::AsyncStatic(id) | K::StaticGetter(id) | K::StaticSetter(id) => {
                FunctionKind::Static(self.types.id(id))
            }
            K::Constructor(id) => FunctionKind::Constructor(self.types.id(id)),
        };
        let recordable = !source.kind.is_async() && !self.uses_async_types(source);
        let params = source.params.iter().map(|param| Param {
            name: param.name.clone(),
            ty: self.types.ty(param.ty),
            span: self.sources.span(param.span),
        });
        let function = Function {
            id,
            name: match source.kind {
                K::Constructor(_) => "constructor".to_owned(),
                _ => source.item_name().to_owned(),
            },
            wit_name: source.name.clone(),
            kind,
            is_async: source.kind.is_async(),
            is_accessor: source.kind.accessor().is_some(),
            direction,
            interface: interface.map(|(_, id)| id),
            params: params.collect(),
            result: source.result.map(|ty| self.types.ty(ty)),
            docs: source.docs.contents.clone(),
            stability: stability(&source.stability),
            external_id: source.external_id.clone(),
            span: self.sources.span(source.span),
            abi: recordable.then(|| self.function_abi(interface.map(|(key, _)| key), source, direction)),
        };
        self.functions.push(function);
        id
    }

    fn function_abi(
        &self,
        interface: Option<&WorldKey>,
        func: &wit_parser::Function,
        direction: Direction,
    ) -> FunctionAbi {
        let (variant, tree, host) = match direction {
            Direction::Import => (AbiVariant::GuestImport, Tree::Import, Tree::HostImplementation),
            Direction::Export => (AbiVariant::GuestExport, Tree::Export, Tree::HostCall),
        };
        let signature = self.resolve.wasm_signature(variant, func);
        let export =
            |kind| self.resolve.wasm_export_name(MANGLING, WasmExport::Func { interface, func, kind });
        let (module, symbol) = match direction {
            Direction::Import => {
                self.resolve.wasm_import_name(MANGLING, WasmImport::Func { interface, func })
            }
            Direction::Export => (String::new(), export(WasmExportKind::Normal)),
        };
        let needs_post_return =
            direction == Direction::Export && abi::guest_export_needs_post_return(self.resolve, func);
        let record = |tree| record::record(self.resolve, self.sizes, &self.types, func, tree);
        FunctionAbi {
            module,
            symbol,
            post_return_symbol: needs_post_return.then(|| export(WasmExportKind::PostReturn)),
            params: signature.params.into_iter().map(core_type).collect(),
            results: signature.results.into_iter().map(core_type).collect(),
            indirect_params: signature.indirect_params,
            return_pointer: signature.retptr,
            call: record(tree),
            host: record(host),
            post_return: needs_post_return.then(|| record(Tree::PostReturn)),
        }
    }

    fn uses_async_types(&self, func: &wit_parser::Function) -> bool {
        func.params.iter().map(|param| param.ty).chain(func.result).any(|ty| self.is_async_type(ty))
    }

    fn is_async_type(&self, ty: wit_parser::Type) -> bool {
        match ty {
            wit_parser::Type::ErrorContext => true,
            wit_parser::Type::Id(id) => self.async_types.contains(&id),
            _ => false,
        }
    }

    fn type_def(&mut self, id: wit_parser::TypeId) -> TypeDef {
        let source = &self.resolve.types[id];
        if self.reaches_async(&source.kind) {
            self.async_types.insert(id);
        }
        let wit_type = wit_parser::Type::Id(id);
        let dealiased = wit_bindgen_core::dealias(self.resolve, id);
        let in_memory = !matches!(self.resolve.types[dealiased].kind, TypeDefKind::Resource);
        let layout = if in_memory {
            record::layout_of(self.sizes.size(&wit_type), self.sizes.align(&wit_type))
        } else {
            Layout::default()
        };
        TypeDef {
            id: self.types.id(id),
            name: source.name.clone(),
            owner: match source.owner {
                TypeOwner::World(_) => Owner::World,
                TypeOwner::Interface(id) => {
                    self.interface_ids.get(&id).map_or(Owner::None, |id| Owner::Interface(*id))
                }
                TypeOwner::None => Owner::None,
            },
            kind: self.kind(&source.kind),
            layout,
            flat: if in_memory { self.flat(&wit_type) } else { None },
            docs: source.docs.contents.clone(),
            stability: stability(&source.stability),
            external_id: source.external_id.clone(),
            span: self.sources.span(source.span),
        }
    }

    fn reaches_async(&self, kind: &TypeDefKind) -> bool {
        let any = |ty: &wit_parser::Type| self.is_async_type(*ty);
        match kind {
            TypeDefKind::Future(_) | TypeDefKind::Stream(_) | TypeDefKind::FixedLengthList(..) => true,
            TypeDefKind::Record(record) => record.fields.iter().any(|field| any(&field.ty)),
            TypeDefKind::Variant(variant) => {
                variant.cases.iter().filter_map(|case| case.ty.as_ref()).any(any)
            }
            TypeDefKind::Tuple(tuple) => tuple.types.iter().any(any),
            TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).any(any),
            TypeDefKind::Option(ty) | TypeDefKind::List(ty) | TypeDefKind::Type(ty) => any(ty),
            TypeDefKind::Map(key, value) => any(key) || any(value),
            TypeDefKind::Resource
            | TypeDefKind::Handle(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Unknown => false,
        }
    }

    fn flat(&self, ty: &wit_parser::Type) -> Option<Vec<CoreType>> {
        let mut storage = [WasmType::I32; MAX_FLAT_PARAMS];
        let mut flat = FlatTypes::new(&mut storage);
        self.resolve.push_flat(ty, &mut flat).then(|| flat.to_vec().into_iter().map(core_type).collect())
    }

    fn kind(&self, kind: &TypeDefKind) -> TypeKind {
        let ty = |ty: &wit_parser::Type| self.types.ty(*ty);
        match kind {
            TypeDefKind::Record(record) => TypeKind::Record { fields: self.fields(record) },
            TypeDefKind::Variant(variant) => {
                let payloads = || variant.cases.iter().map(|case| case.ty.as_ref());
                TypeKind::Variant {
                    cases: variant.cases.iter().map(|case| self.case(case)).collect(),
                    tag_size: tag_size(variant.tag()),
                    payload_offset: self.payload_offset(variant.tag(), payloads()),
                }
            }
            TypeDefKind::Enum(source) => TypeKind::Enum {
                cases: source
                    .cases
                    .iter()
                    .map(|case| EnumCase {
                        name: case.name.clone(),
                        docs: case.docs.contents.clone(),
                        span: self.sources.span(case.span),
                    })
                    .collect(),
                tag_size: tag_size(source.tag()),
            },
            TypeDefKind::Flags(source) => TypeKind::Flags {
                flags: source
                    .flags
                    .iter()
                    .map(|flag| Flag {
                        name: flag.name.clone(),
                        docs: flag.docs.contents.clone(),
                        span: self.sources.span(flag.span),
                    })
                    .collect(),
            },
            TypeDefKind::Tuple(tuple) => TypeKind::Tuple {
                types: tuple.types.iter().map(ty).collect(),
                offsets: self.offsets(&tuple.types),
            },
            TypeDefKind::Option(some) => TypeKind::Option {
                some: ty(some),
                payload_offset: self.payload_offset(wit_parser::Int::U8, [None, Some(some)]),
            },
            TypeDefKind::Result(result) => TypeKind::Result {
                ok: result.ok.as_ref().map(ty),
                err: result.err.as_ref().map(ty),
                payload_offset: self
                    .payload_offset(wit_parser::Int::U8, [result.ok.as_ref(), result.err.as_ref()]),
            },
            TypeDefKind::List(element) => TypeKind::List(ty(element)),
            TypeDefKind::FixedLengthList(element, length) => TypeKind::FixedLengthList(ty(element), *length),
            TypeDefKind::Map(key, value) => TypeKind::Map(ty(key), ty(value)),
            TypeDefKind::Resource | TypeDefKind::Unknown => TypeKind::Resource,
            TypeDefKind::Handle(wit_parser::Handle::Own(id)) => TypeKind::Own(self.types.id(*id)),
            TypeDefKind::Handle(wit_parser::Handle::Borrow(id)) => TypeKind::Borrow(self.types.id(*id)),
            TypeDefKind::Future(payload) => TypeKind::Future(payload.as_ref().map(ty)),
            TypeDefKind::Stream(payload) => TypeKind::Stream(payload.as_ref().map(ty)),
            TypeDefKind::Type(target) => TypeKind::Alias(ty(target)),
        }
    }

    fn fields(&self, record: &wit_parser::Record) -> Vec<Field> {
        let types: Vec<wit_parser::Type> = record.fields.iter().map(|field| field.ty).collect();
        let offsets = self.offsets(&types);
        record
            .fields
            .iter()
            .zip(offsets)
            .map(|(field, offset)| Field {
                name: field.name.clone(),
                ty: self.types.ty(field.ty),
                offset,
                docs: field.docs.contents.clone(),
                span: self.sources.span(field.span),
            })
            .collect()
    }

    fn case(&self, case: &wit_parser::Case) -> Case {
        Case {
            name: case.name.clone(),
            ty: case.ty.map(|ty| self.types.ty(ty)),
            docs: case.docs.contents.clone(),
            span: self.sources.span(case.span),
        }
    }

    fn offsets(&self, types: &[wit_parser::Type]) -> Vec<u32> {
        let offsets = self.sizes.field_offsets(types.iter());
        offsets.iter().map(|(offset, _)| u32::try_from(offset.size_wasm32()).unwrap_or(u32::MAX)).collect()
    }

    fn payload_offset<'t>(
        &self,
        tag: wit_parser::Int,
        payloads: impl IntoIterator<Item = Option<&'t wit_parser::Type>>,
    ) -> u32 {
        u32::try_from(self.sizes.payload_offset(tag, payloads).size_wasm32()).unwrap_or(u32::MAX)
    }
}

fn tag_size(tag: wit_parser::Int) -> u32 {
    match tag {
        wit_parser::Int::U8 => 1,
        wit_parser::Int::U16 => 2,
        wit_parser::Int::U32 => 4,
        wit_parser::Int::U64 => 8,
    }
}

fn stability(source: &wit_parser::Stability) -> Stability {
    let version = |version: &Option<semver::Version>| version.as_ref().map(ToString::to_string);
    match source {
        wit_parser::Stability::Unknown => Stability::default(),
        wit_parser::Stability::Stable { since, deprecated } => {
            Stability { since: Some(since.to_string()), unstable: None, deprecated: version(deprecated) }
        }
        wit_parser::Stability::Unstable { feature, deprecated } => {
            Stability { since: None, unstable: Some(feature.clone()), deprecated: version(deprecated) }
        }
    }
}
