//! A module with one memory and a function for each way to reach it.

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction as I, MemArg, MemoryType, Module, TypeSection, ValType,
};

/// A way to reach a memory. Floats travel as integers, since a host would lose the bits of a NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    Size,
    Load8,
    Load16,
    Load32,
    Load64,
    Store8,
    Store16,
    Store32,
    Store64,
}

impl Reach {
    const ALL: [Self; 9] = [
        Self::Size,
        Self::Load8,
        Self::Load16,
        Self::Load32,
        Self::Load64,
        Self::Store8,
        Self::Store16,
        Self::Store32,
        Self::Store64,
    ];

    /// The name of the function that the module exports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Load8 => "load8",
            Self::Load16 => "load16",
            Self::Load32 => "load32",
            Self::Load64 => "load64",
            Self::Store8 => "store8",
            Self::Store16 => "store16",
            Self::Store32 => "store32",
            Self::Store64 => "store64",
        }
    }

    /// The parameters and results of the function.
    pub(super) fn signature(self) -> (Vec<ValType>, Vec<ValType>) {
        use ValType::{I32, I64};
        match self {
            Self::Size => (vec![], vec![I32]),
            Self::Load8 | Self::Load16 | Self::Load32 => (vec![I32], vec![I32]),
            Self::Load64 => (vec![I32], vec![I64]),
            Self::Store8 | Self::Store16 | Self::Store32 => (vec![I32, I32], vec![]),
            Self::Store64 => (vec![I32, I64], vec![]),
        }
    }

    fn instruction(self) -> I<'static> {
        let place = MemArg { offset: 0, align: 0, memory_index: 0 };
        match self {
            Self::Size => I::MemorySize(0),
            Self::Load8 => I::I32Load8U(place),
            Self::Load16 => I::I32Load16U(place),
            Self::Load32 => I::I32Load(place),
            Self::Load64 => I::I64Load(place),
            Self::Store8 => I::I32Store8(place),
            Self::Store16 => I::I32Store16(place),
            Self::Store32 => I::I32Store(place),
            Self::Store64 => I::I64Store(place),
        }
    }
}

/// The name of the import that is the memory, as module and field.
pub(super) const MEMORY: (&str, &str) = ("memory", "memory");

/// The module; each instance reaches one memory.
pub(super) fn module() -> Vec<u8> {
    let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
    let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
    for (index, reach) in (0u32..).zip(Reach::ALL) {
        let (params, results) = reach.signature();
        let mut function = Function::new([]);
        for (local, _) in (0u32..).zip(&params) {
            function.instruction(&I::LocalGet(local));
        }
        function.instruction(&reach.instruction()).instruction(&I::End);
        types.ty().function(params, results);
        functions.function(index);
        exports.export(reach.name(), ExportKind::Func, index);
        code.function(&function);
    }
    let mut imports = ImportSection::new();
    let memory =
        MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };
    imports.import(MEMORY.0, MEMORY.1, EntityType::Memory(memory));
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
    module.finish()
}
