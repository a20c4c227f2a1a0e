//! Records the op tree of a function from `wit_bindgen_core::abi`, which alone decides the order of ops.

use wit_bindgen_core::abi::{self, AbiVariant, Bindgen, Bitcast, Instruction, LiftLower, WasmType};
use wit_parser::{Alignment, ArchitectureSize, Handle, Resolve, SizeAlign};

use crate::abi::{Access, Block, Cast, CoreType, Layout, Op, OpKind, OpTree, Value};
use crate::lower::TypeMap;
use crate::types::Type;

/// Which of the trees of a function.
#[derive(Clone, Copy)]
pub(crate) enum Tree {
    /// The wrapper of an import.
    Import,
    /// The wrapper of an export.
    Export,
    /// What runs after an export's result was read.
    PostReturn,
    /// What a host does that calls an export.
    HostCall,
    /// What a host does that implements an import.
    HostImplementation,
}

/// Records one tree of `func`.
pub(crate) fn record(
    resolve: &Resolve,
    sizes: &SizeAlign,
    types: &TypeMap,
    func: &wit_parser::Function,
    tree: Tree,
) -> OpTree {
    let mut recorder = Recorder { sizes, types, values: 0, open: vec![Vec::new()], closed: Vec::new() };
    let (variant, lift_lower) = match tree {
        Tree::Import => (AbiVariant::GuestImport, LiftLower::LowerArgsLiftResults),
        Tree::HostImplementation => (AbiVariant::GuestImport, LiftLower::LiftArgsLowerResults),
        Tree::HostCall => (AbiVariant::GuestExport, LiftLower::LowerArgsLiftResults),
        Tree::Export | Tree::PostReturn => (AbiVariant::GuestExport, LiftLower::LiftArgsLowerResults),
    };
    match tree {
        Tree::PostReturn => abi::post_return(resolve, func, &mut recorder),
        _ => abi::call(resolve, variant, lift_lower, func, &mut recorder, false),
    }
    let ops = recorder.open.pop().unwrap_or_default();
    OpTree { root: Block { ops, results: Vec::new() }, values: recorder.values }
}

/// The core type of the IR for one of wit-parser's.
pub(crate) fn core_type(ty: WasmType) -> CoreType {
    match ty {
        WasmType::I32 => CoreType::I32,
        WasmType::I64 => CoreType::I64,
        WasmType::F32 => CoreType::F32,
        WasmType::F64 => CoreType::F64,
        WasmType::Pointer => CoreType::Pointer,
        WasmType::PointerOrI64 => CoreType::PointerOrI64,
        WasmType::Length => CoreType::Length,
    }
}

/// The layout of the IR for one of wit-parser's.
pub(crate) fn layout_of(size: ArchitectureSize, align: Alignment) -> Layout {
    Layout { size: bytes(size), align: u32::try_from(align.align_wasm32()).unwrap_or(u32::MAX) }
}

fn bytes(size: ArchitectureSize) -> u32 {
    u32::try_from(size.size_wasm32()).unwrap_or(u32::MAX)
}

struct Recorder<'a> {
    sizes: &'a SizeAlign,
    types: &'a TypeMap,
    values: u32,
    /// The ops of the blocks that are being recorded, innermost last.
    open: Vec<Vec<Op>>,
    /// Recorded blocks that no op has taken yet.
    closed: Vec<Block>,
}

impl Recorder<'_> {
    fn fresh(&mut self, count: usize) -> Vec<Value> {
        (0..count)
            .map(|_| {
                let value = Value(self.values);
                self.values += 1;
                value
            })
            .collect()
    }

    fn push(&mut self, op: Op) {
        if let Some(block) = self.open.last_mut() {
            block.push(op);
        }
    }

    fn element_layout(&self, element: &wit_parser::Type) -> Layout {
        layout_of(self.sizes.size(element), self.sizes.align(element))
    }

    fn entry_layout(&self, key: &wit_parser::Type, value: &wit_parser::Type) -> Layout {
        let entry = self.sizes.record([key, value]);
        layout_of(entry.size, entry.align)
    }

    fn kind(&self, instruction: &Instruction<'_>) -> OpKind {
        self.memory(instruction)
            .or_else(|| scalar(instruction))
            .or_else(|| self.sequence(instruction))
            .or_else(|| self.aggregate(instruction))
            .or_else(|| self.free(instruction))
            .unwrap_or_else(|| OpKind::Unsupported { what: format!("{instruction:?}") })
    }

    /// Arguments, constants, loads, stores and control flow.
    fn memory(&self, instruction: &Instruction<'_>) -> Option<OpKind> {
        use Instruction as I;
        let load = |access, offset: &ArchitectureSize| OpKind::Load { access, offset: bytes(*offset) };
        let store = |access, offset: &ArchitectureSize| OpKind::Store { access, offset: bytes(*offset) };
        Some(match instruction {
            I::GetArg { nth } => OpKind::Argument { index: *nth },
            I::I32Const { val } => OpKind::ConstI32 { value: *val },
            I::ConstZero { tys } => OpKind::ConstZero { types: tys.iter().copied().map(core_type).collect() },
            I::Bitcasts { casts } => OpKind::Casts { casts: casts.iter().map(cast).collect() },
            I::I32Load { offset } => load(Access::I32, offset),
            I::I32Load8U { offset } => load(Access::I32U8, offset),
            I::I32Load8S { offset } => load(Access::I32S8, offset),
            I::I32Load16U { offset } => load(Access::I32U16, offset),
            I::I32Load16S { offset } => load(Access::I32S16, offset),
            I::I64Load { offset } => load(Access::I64, offset),
            I::F32Load { offset } => load(Access::F32, offset),
            I::F64Load { offset } => load(Access::F64, offset),
            I::PointerLoad { offset } => load(Access::Pointer, offset),
            I::LengthLoad { offset } => load(Access::Length, offset),
            I::I32Store { offset } => store(Access::I32, offset),
            I::I32Store8 { offset } => store(Access::I32U8, offset),
            I::I32Store16 { offset } => store(Access::I32U16, offset),
            I::I64Store { offset } => store(Access::I64, offset),
            I::F32Store { offset } => store(Access::F32, offset),
            I::F64Store { offset } => store(Access::F64, offset),
            I::PointerStore { offset } => store(Access::Pointer, offset),
            I::LengthStore { offset } => store(Access::Length, offset),
            I::CallWasm { .. } => OpKind::CallCore,
            I::CallInterface { .. } => OpKind::CallLanguage,
            I::Return { .. } => OpKind::Return,
            I::Malloc { size, align, .. } => OpKind::Allocate { layout: layout_of(*size, *align) },
            I::Flush { .. } => OpKind::Flush,
            _ => return None,
        })
    }

    /// Strings, lists and maps.
    fn sequence(&self, instruction: &Instruction<'_>) -> Option<OpKind> {
        use Instruction as I;
        let ty = |ty: &wit_parser::Type| self.types.ty(*ty);
        Some(match instruction {
            I::StringLower { realloc } => OpKind::StringLower { owned: realloc.is_some() },
            I::StringLift => OpKind::StringLift,
            I::ListCanonLower { element, realloc } => {
                OpKind::BulkListLower { element: ty(element), owned: realloc.is_some() }
            }
            I::ListCanonLift { element, .. } => OpKind::BulkListLift { element: ty(element) },
            I::ListLower { element, realloc } => OpKind::ListLower {
                element: ty(element),
                layout: self.element_layout(element),
                owned: realloc.is_some(),
            },
            I::ListLift { element, .. } => {
                OpKind::ListLift { element: ty(element), layout: self.element_layout(element) }
            }
            I::MapLower { key, value, realloc } => OpKind::MapLower {
                key: ty(key),
                value: ty(value),
                layout: self.entry_layout(key, value),
                owned: realloc.is_some(),
            },
            I::MapLift { key, value, .. } => {
                OpKind::MapLift { key: ty(key), value: ty(value), layout: self.entry_layout(key, value) }
            }
            I::IterElem { element } => OpKind::IterElement { element: ty(element) },
            I::IterMapKey { key } => OpKind::IterKey { key: ty(key) },
            I::IterMapValue { value } => OpKind::IterValue { value: ty(value) },
            I::IterBasePointer => OpKind::IterAddress,
            _ => return None,
        })
    }

    /// Records, tuples, cases and handles.
    fn aggregate(&self, instruction: &Instruction<'_>) -> Option<OpKind> {
        use Instruction as I;
        let id = |id: &wit_parser::TypeId| self.types.id(*id);
        let cores = |types: &[WasmType]| types.iter().copied().map(core_type).collect();
        Some(match instruction {
            I::RecordLower { ty, .. } => OpKind::RecordLower { ty: id(ty) },
            I::RecordLift { ty, .. } => OpKind::RecordLift { ty: id(ty) },
            I::TupleLower { ty, .. } => OpKind::TupleLower { ty: id(ty) },
            I::TupleLift { ty, .. } => OpKind::TupleLift { ty: id(ty) },
            I::FlagsLower { ty, .. } => OpKind::FlagsLower { ty: id(ty) },
            I::FlagsLift { ty, .. } => OpKind::FlagsLift { ty: id(ty) },
            I::EnumLower { ty, .. } => OpKind::EnumLower { ty: id(ty) },
            I::EnumLift { ty, .. } => OpKind::EnumLift { ty: id(ty) },
            I::VariantPayloadName => OpKind::CasePayload,
            I::VariantLower { ty, results, .. } => {
                OpKind::VariantLower { ty: id(ty), results: cores(results) }
            }
            I::VariantLift { ty, .. } => OpKind::VariantLift { ty: id(ty) },
            I::OptionLower { ty, results, .. } => OpKind::OptionLower { ty: id(ty), results: cores(results) },
            I::OptionLift { ty, .. } => OpKind::OptionLift { ty: id(ty) },
            I::ResultLower { ty, results, .. } => OpKind::ResultLower { ty: id(ty), results: cores(results) },
            I::ResultLift { ty, .. } => OpKind::ResultLift { ty: id(ty) },
            I::HandleLower { handle: Handle::Own(_) | Handle::Borrow(_), ty, .. } => {
                OpKind::HandleLower { ty: id(ty) }
            }
            I::HandleLift { handle: Handle::Own(_) | Handle::Borrow(_), ty, .. } => {
                OpKind::HandleLift { ty: id(ty) }
            }
            _ => return None,
        })
    }

    /// What post-return frees.
    fn free(&self, instruction: &Instruction<'_>) -> Option<OpKind> {
        use Instruction as I;
        Some(match instruction {
            I::GuestDeallocate { size, align } => OpKind::Free { layout: layout_of(*size, *align) },
            I::GuestDeallocateString => OpKind::FreeString,
            I::GuestDeallocateList { element } => {
                OpKind::FreeList { element: self.types.ty(**element), layout: self.element_layout(element) }
            }
            I::GuestDeallocateMap { key, value } => OpKind::FreeMap { layout: self.entry_layout(key, value) },
            I::GuestDeallocateVariant { .. } => OpKind::FreeVariant,
            _ => return None,
        })
    }
}

fn scalar(instruction: &Instruction<'_>) -> Option<OpKind> {
    use Instruction as I;
    let lower = |scalar| OpKind::ScalarLower { scalar };
    let lift = |scalar| OpKind::ScalarLift { scalar };
    Some(match instruction {
        I::I32FromBool => lower(Type::Bool),
        I::I32FromChar => lower(Type::Char),
        I::I32FromU8 => lower(Type::U8),
        I::I32FromS8 => lower(Type::S8),
        I::I32FromU16 => lower(Type::U16),
        I::I32FromS16 => lower(Type::S16),
        I::I32FromU32 => lower(Type::U32),
        I::I32FromS32 => lower(Type::S32),
        I::I64FromU64 => lower(Type::U64),
        I::I64FromS64 => lower(Type::S64),
        I::CoreF32FromF32 => lower(Type::F32),
        I::CoreF64FromF64 => lower(Type::F64),
        I::BoolFromI32 => lift(Type::Bool),
        I::CharFromI32 => lift(Type::Char),
        I::U8FromI32 => lift(Type::U8),
        I::S8FromI32 => lift(Type::S8),
        I::U16FromI32 => lift(Type::U16),
        I::S16FromI32 => lift(Type::S16),
        I::U32FromI32 => lift(Type::U32),
        I::S32FromI32 => lift(Type::S32),
        I::U64FromI64 => lift(Type::U64),
        I::S64FromI64 => lift(Type::S64),
        I::F32FromCoreF32 => lift(Type::F32),
        I::F64FromCoreF64 => lift(Type::F64),
        _ => return None,
    })
}

/// How many sub-blocks an instruction takes off the block stack.
fn block_count(instruction: &Instruction<'_>) -> usize {
    use Instruction as I;
    match instruction {
        I::ListLower { .. }
        | I::ListLift { .. }
        | I::MapLower { .. }
        | I::MapLift { .. }
        | I::FixedLengthListLowerToMemory { .. }
        | I::FixedLengthListLiftFromMemory { .. }
        | I::GuestDeallocateList { .. }
        | I::GuestDeallocateMap { .. } => 1,
        I::VariantLower { variant, .. } | I::VariantLift { variant, .. } => variant.cases.len(),
        I::OptionLower { .. } | I::OptionLift { .. } | I::ResultLower { .. } | I::ResultLift { .. } => 2,
        I::GuestDeallocateVariant { blocks } => *blocks,
        _ => 0,
    }
}

fn cast(bitcast: &Bitcast) -> Cast {
    use CoreType::{F32, F64, I32, I64, Length, Pointer, PointerOrI64};
    let (from, to) = match bitcast {
        Bitcast::None => return Cast::None,
        Bitcast::Sequence(pair) => return Cast::Sequence(pair.iter().map(cast).collect()),
        Bitcast::F32ToI32 => (F32, I32),
        Bitcast::F64ToI64 => (F64, I64),
        Bitcast::I32ToI64 => (I32, I64),
        Bitcast::F32ToI64 => (F32, I64),
        Bitcast::I32ToF32 => (I32, F32),
        Bitcast::I64ToF64 => (I64, F64),
        Bitcast::I64ToI32 => (I64, I32),
        Bitcast::I64ToF32 => (I64, F32),
        Bitcast::P64ToI64 => (PointerOrI64, I64),
        Bitcast::I64ToP64 => (I64, PointerOrI64),
        Bitcast::P64ToP => (PointerOrI64, Pointer),
        Bitcast::PToP64 => (Pointer, PointerOrI64),
        Bitcast::I32ToP => (I32, Pointer),
        Bitcast::PToI32 => (Pointer, I32),
        Bitcast::PToL => (Pointer, Length),
        Bitcast::LToP => (Length, Pointer),
        Bitcast::I32ToL => (I32, Length),
        Bitcast::LToI32 => (Length, I32),
        Bitcast::I64ToL => (I64, Length),
        Bitcast::LToI64 => (Length, I64),
    };
    Cast::Convert { from, to }
}

impl Bindgen for Recorder<'_> {
    type Operand = Value;

    fn emit(
        &mut self,
        _resolve: &Resolve,
        instruction: &Instruction<'_>,
        operands: &mut Vec<Value>,
        results: &mut Vec<Value>,
    ) {
        let made = self.fresh(instruction.results_len());
        let blocks = self.closed.split_off(self.closed.len().saturating_sub(block_count(instruction)));
        results.extend(&made);
        let kind = self.kind(instruction);
        self.push(Op { kind, operands: std::mem::take(operands), results: made, blocks });
    }

    fn return_pointer(&mut self, size: ArchitectureSize, align: Alignment) -> Value {
        let made = self.fresh(1);
        let value = made[0];
        self.push(Op {
            kind: OpKind::ReturnArea { layout: layout_of(size, align) },
            operands: Vec::new(),
            results: made,
            blocks: Vec::new(),
        });
        value
    }

    fn push_block(&mut self) {
        self.open.push(Vec::new());
    }

    fn finish_block(&mut self, operands: &mut Vec<Value>) {
        let ops = self.open.pop().unwrap_or_default();
        self.closed.push(Block { ops, results: std::mem::take(operands) });
    }

    fn sizes(&self) -> &SizeAlign {
        self.sizes
    }

    fn is_list_canonical(&self, _resolve: &Resolve, element: &wit_parser::Type) -> bool {
        use wit_parser::Type as T;
        // Bool and char have bit patterns that are no value; they go through their own lift.
        matches!(
            element,
            T::U8 | T::U16 | T::U32 | T::U64 | T::S8 | T::S16 | T::S32 | T::S64 | T::F32 | T::F64
        )
    }
}
