//! The plan: what a runtime does to make an instance of a component out of core modules.
//!
//! This is the Rust side of `docs/link-plan.md`, which says what each part means.
//! All indices are positions in one of the lists of the plan.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// The version of the format. A runtime refuses a plan of a newer one.
pub const VERSION: u32 = 1;

/// How to instantiate and call one component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Plan {
    /// [`VERSION`].
    pub version: u32,
    /// The core modules.
    pub modules: Vec<Module>,
    /// The functions and resources that the component imports.
    pub imports: Vec<Import>,
    /// What to do, in this order.
    pub init: Vec<Step>,
    /// Functions of the runtime that modules import.
    pub trampolines: Vec<Trampoline>,
    /// The canonical options of functions.
    pub options: Vec<Options>,
    /// What the component exports, in its order.
    pub exports: Vec<Export>,
    /// The signatures of functions.
    pub funcs: Vec<Func>,
    /// The types that are not plain.
    pub types: Vec<Type>,
    /// A table for each resource type and component instance that knows it; none where nobody can hold a handle.
    pub resource_tables: Vec<Option<ResourceTable>>,
    /// The imports that are resources; the first resources are these.
    pub imported_resources: Vec<usize>,
    /// The component instances that define the resources after the imported ones.
    pub defined_resource_instances: Vec<usize>,
    /// How many component instances there are.
    pub component_instances: usize,
    /// Whether modules ask before they compute on, so that a host can end them.
    pub interruptible: bool,
    /// The core instance that has what is left of work and memory, in a metered plan.
    pub meter: Option<usize>,
}

impl Plan {
    /// Step and module of each core instance.
    pub(crate) fn instances(&self) -> impl Iterator<Item = (usize, usize)> {
        self.init.iter().enumerate().filter_map(|(at, step)| match step {
            Step::Instantiate { module, .. } => Some((at, *module)),
            _ => None,
        })
    }

    /// Visits every definition.
    pub(crate) fn each_definition(&mut self, visit: &mut impl FnMut(Place, &mut CoreDef)) {
        for (at, step) in self.init.iter_mut().enumerate() {
            step.each_definition(at, visit);
        }
        for trampoline in &mut self.trampolines {
            if let Trampoline::MemoryCopy { from, to } = trampoline {
                [from, to].into_iter().for_each(|def| visit(Place::Later, def));
            }
        }
        self.exports.iter_mut().for_each(|export| export.item.each_definition(visit));
    }

    /// Gives core instances other numbers.
    pub(crate) fn renumber_instances(&mut self, new: impl Fn(usize) -> usize) {
        self.each_definition(&mut |_, def| def.renumber_instance(&new));
    }

    /// Leaves out core instances that nobody else needs.
    pub(crate) fn remove_instances(&mut self, unused: &BTreeSet<usize>) {
        let mut instances = 0..;
        self.init.retain(|step| match step {
            Step::Instantiate { .. } => !instances.next().is_some_and(|instance| unused.contains(&instance)),
            _ => true,
        });
        self.renumber_instances(|instance| instance - unused.range(..instance).count());
    }

    /// Leaves out modules that nobody instantiates.
    pub(crate) fn remove_modules(&mut self, modules: &mut Vec<Vec<u8>>) {
        let used: BTreeSet<usize> = self.instances().map(|(_, module)| module).collect();
        let mut places = 0..;
        modules.retain(|_| places.next().is_some_and(|place| used.contains(&place)));
        let mut places = 0..;
        self.modules.retain(|_| places.next().is_some_and(|place| used.contains(&place)));
        for (place, module) in self.modules.iter_mut().enumerate() {
            module.file = file(place);
        }
        for step in &mut self.init {
            if let Step::Instantiate { module, .. } = step {
                *module = used.range(..*module).count();
            }
        }
    }
}

/// Where a definition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the step of this number, which needs it.
    Step(usize),
    /// In the step of this number, where only the destruction of a resource needs it.
    Destructor(usize),
    /// In what is called later.
    Later,
}

/// The name of a module's file.
pub(crate) fn file(place: usize) -> String {
    format!("{place}.core.wasm")
}

/// A core module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Module {
    /// Its file beside the plan.
    pub file: String,
    /// Its size in bytes.
    pub size: usize,
    /// Whether it comes from the translation and not from the component.
    pub adapter: bool,
    /// The proposals it needs that an engine may lack, such as `multi-memory`.
    pub features: Vec<String>,
    /// Module, name and kind of each import; an `instantiate` step has an argument for each.
    pub imports: Vec<(String, String, CoreKind)>,
    /// How many pages its own memories have at first.
    pub pages: u64,
}

/// What a module imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoreKind {
    /// A function.
    Func,
    /// A memory.
    Memory,
    /// A table.
    Table,
    /// A global.
    Global,
    /// An exception tag.
    Tag,
}

/// A function or resource that the component imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The name of the component's import.
    pub name: String,
    /// The names that lead from an imported instance to the item; empty when the import is the item.
    pub path: Vec<String>,
}

/// One step of the instantiation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Step {
    /// Instantiates a module; the n-th of these steps makes the core instance n.
    Instantiate {
        /// The module.
        module: usize,
        /// An argument for each of its imports.
        args: Vec<CoreDef>,
        /// The component instance it belongs to; none for adapters.
        instance: Option<usize>,
    },
    /// Makes the trampoline of kind `lower` that has this number.
    Lower {
        /// The number.
        lowered: usize,
        /// The import that it calls.
        import: usize,
    },
    /// Keeps a memory for options and trampolines.
    Memory {
        /// Its number.
        index: usize,
        /// Where it is.
        def: CoreDef,
    },
    /// Keeps a function that allocates.
    Realloc {
        /// Its number.
        index: usize,
        /// Where it is.
        def: CoreDef,
    },
    /// Keeps a function to call once results were read.
    PostReturn {
        /// Its number.
        index: usize,
        /// Where it is.
        def: CoreDef,
    },
    /// Defines a resource.
    Resource {
        /// Its number among the defined ones.
        index: usize,
        /// What destroys it.
        dtor: Option<CoreDef>,
        /// The component instance that defines it.
        instance: usize,
    },
}

impl Step {
    /// Visits the definitions of the step number `at`.
    fn each_definition(&mut self, at: usize, visit: &mut impl FnMut(Place, &mut CoreDef)) {
        match self {
            Self::Instantiate { args, .. } => args.iter_mut().for_each(|def| visit(Place::Step(at), def)),
            Self::Memory { def, .. } | Self::Realloc { def, .. } | Self::PostReturn { def, .. } => {
                visit(Place::Step(at), def);
            }
            Self::Resource { dtor, .. } => dtor.iter_mut().for_each(|def| visit(Place::Destructor(at), def)),
            Self::Lower { .. } => {}
        }
    }

    /// Gives core instances other numbers.
    pub(crate) fn renumber_instances(&mut self, new: &impl Fn(usize) -> usize) {
        self.each_definition(0, &mut |_, def| def.renumber_instance(new));
    }
}

/// Where an item of core WebAssembly comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoreDef {
    /// An export of a core instance.
    Export(usize, String),
    /// A function of the runtime.
    Trampoline(usize),
    /// The flags of a component instance: a mutable `i32` global that is 1 while it may call out.
    Flags(usize),
    /// A built-in function of the runtime.
    Intrinsic(String),
}

impl CoreDef {
    fn renumber_instance(&mut self, new: &impl Fn(usize) -> usize) {
        if let Self::Export(instance, _) = self {
            *instance = new(*instance);
        }
    }
}

impl Serialize for CoreDef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Export(instance, name) => ("export", instance, name).serialize(serializer),
            Self::Trampoline(index) => ("trampoline", index).serialize(serializer),
            Self::Flags(instance) => ("flags", instance).serialize(serializer),
            Self::Intrinsic(name) => ("intrinsic", name).serialize(serializer),
        }
    }
}

/// A function of the runtime that core modules import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Trampoline {
    /// Calls an import of the component.
    Lower {
        /// The number by which the step of kind `lower` finds it.
        lowered: usize,
        /// The signature.
        #[serde(rename = "type")]
        ty: usize,
        /// The options of the caller.
        options: usize,
    },
    /// Copies a string from one memory to another.
    Transcode {
        /// From which encoding to which.
        transcode: String,
        /// The memory of the source.
        from: usize,
        /// The memory of the destination.
        to: usize,
    },
    /// Makes a handle of a representation.
    ResourceNew {
        /// The component instance that calls.
        instance: usize,
        /// The resource table.
        table: usize,
    },
    /// The representation of a handle.
    ResourceRep {
        /// The component instance that calls.
        instance: usize,
        /// The resource table.
        table: usize,
    },
    /// Drops a handle.
    ResourceDrop {
        /// The component instance that calls.
        instance: usize,
        /// The resource table.
        table: usize,
    },
    /// Moves an own handle from one table to another.
    TransferOwn,
    /// Lends a handle of one table to another.
    TransferBorrow,
    /// A component calls another.
    EnterSyncCall,
    /// Such a call ends.
    ExitSyncCall,
    /// Traps with a code.
    Trap {
        /// What each code means.
        messages: BTreeMap<u8, String>,
    },
    /// Copies bytes between two memories, for engines that allow a module one memory only.
    MemoryCopy {
        /// The memory that is read.
        from: CoreDef,
        /// The memory that is written.
        to: CoreDef,
    },
}

/// The canonical options of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Options {
    /// The component instance that lifts or lowers.
    pub instance: usize,
    /// The encoding of its strings.
    pub encoding: Encoding,
    /// The memory.
    pub memory: Option<usize>,
    /// What allocates in it.
    pub realloc: Option<usize>,
    /// What to call once results were read.
    pub post_return: Option<usize>,
}

/// The encoding of strings in a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little endian.
    Utf16,
    /// Latin-1 or UTF-16, as a bit of the length says.
    CompactUtf16,
}

/// Something that the component exports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
}

/// What is exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Item {
    /// A function.
    Func {
        /// The core function that is lifted.
        func: CoreDef,
        /// The signature.
        #[serde(rename = "type")]
        ty: usize,
        /// The options.
        options: usize,
    },
    /// An instance.
    Instance {
        /// What it exports.
        instance: Vec<Export>,
    },
    /// A resource.
    Resource {
        /// Its number.
        resource: usize,
    },
}

impl Item {
    fn each_definition(&mut self, visit: &mut impl FnMut(Place, &mut CoreDef)) {
        match self {
            Self::Func { func, .. } => visit(Place::Later, func),
            Self::Instance { instance } => {
                instance.iter_mut().for_each(|export| export.item.each_definition(visit));
            }
            Self::Resource { .. } => {}
        }
    }

    /// Gives core instances other numbers.
    pub(crate) fn renumber_instances(&mut self, new: &impl Fn(usize) -> usize) {
        self.each_definition(&mut |_, def| def.renumber_instance(new));
    }
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Func {
    /// Name and type of each parameter.
    pub params: Vec<(String, TypeRef)>,
    /// The type of the result, if there is one.
    pub result: Option<TypeRef>,
}

/// A plain type by its name, or another one by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum TypeRef {
    /// `bool`, `u32`, `string` and so on.
    Plain(&'static str),
    /// A type in the list of the plan.
    Index(usize),
}

/// A type that is not plain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Type {
    /// Named fields.
    Record {
        /// Name and type of each field.
        fields: Vec<(String, TypeRef)>,
    },
    /// One of several cases.
    Variant {
        /// Name and payload of each case.
        cases: Vec<(String, Option<TypeRef>)>,
    },
    /// A sequence.
    List {
        /// The type of its elements.
        element: TypeRef,
    },
    /// Pairs of keys and values.
    Map {
        /// The type of the keys.
        key: TypeRef,
        /// The type of the values.
        value: TypeRef,
    },
    /// Fields without names.
    Tuple {
        /// Their types.
        types: Vec<TypeRef>,
    },
    /// A set of flags.
    Flags {
        /// Their names.
        names: Vec<String>,
    },
    /// A choice of names.
    Enum {
        /// The names.
        names: Vec<String>,
    },
    /// Something or nothing.
    Option {
        /// The type of something.
        some: TypeRef,
    },
    /// A success or an error.
    Result {
        /// The payload of a success.
        ok: Option<TypeRef>,
        /// The payload of an error.
        err: Option<TypeRef>,
    },
    /// A handle that owns.
    Own {
        /// The resource table.
        table: usize,
    },
    /// A handle that borrows.
    Borrow {
        /// The resource table.
        table: usize,
    },
}

/// The handles of one resource type in one component instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceTable {
    /// The resource.
    pub resource: usize,
    /// The component instance.
    pub instance: usize,
}
