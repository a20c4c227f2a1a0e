//! The canonical ABI of functions as data: core signatures and op trees.
//!
//! An op tree is in SSA form: each op takes numbered values and makes new ones, and a sub-block is the body of
//! a list loop or of one case. Ops stand in the order in which they must run. A printer of a language turns
//! each op into lines; it needs no other knowledge of the ABI.
//! See the `CanonicalABI` page of the component model for the meaning of lift, lower and flatten.

use serde::Serialize;

use crate::types::{Type, TypeId};

/// More flat parameters than this are passed in memory (`MAX_FLAT_PARAMS`).
pub const MAX_FLAT_PARAMS: usize = 16;
/// More flat results than this are returned in memory (`MAX_FLAT_RESULTS`).
pub const MAX_FLAT_RESULTS: usize = 1;

/// A core WebAssembly type, with pointers and lengths told apart from plain integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoreType {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// An address, `i32` in memory.
    Pointer,
    /// An address or an `i64`, whichever case is active.
    PointerOrI64,
    /// A count of elements, `i32` in memory.
    Length,
}

/// Size and alignment in bytes on a 32-bit memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// Size, a multiple of the alignment.
    pub size: u32,
    /// Alignment: 1, 2, 4 or 8; 0 for what is never in memory.
    pub align: u32,
}

/// How a function crosses the boundary; names and core types are those of the guest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunctionAbi {
    /// The core module name of an import; empty for an export.
    pub module: String,
    /// The core import or export name.
    pub symbol: String,
    /// The core export name of the post-return function, where the result needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_return_symbol: Option<String>,
    /// Core parameters.
    pub params: Vec<CoreType>,
    /// Core results, one at most.
    pub results: Vec<CoreType>,
    /// Whether all parameters are passed by one pointer.
    pub indirect_params: bool,
    /// Whether the result is returned through a pointer: the last parameter of an import, the result of an export.
    pub return_pointer: bool,
    /// Import: lower the arguments, call, lift the result. Export: lift, call, lower.
    pub call: OpTree,
    /// The other side of it, in a host. Import: lift the arguments, call, lower the result. Export: lower, call, lift.
    #[serde(skip)]
    pub host: OpTree,
    /// Frees what the result of an export owns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_return: Option<OpTree>,
}

/// A value of an op tree, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Value(pub u32);

/// The ops of one function and direction.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OpTree {
    /// The body.
    pub root: Block,
    /// How many values there are.
    pub values: u32,
}

/// Ops that run in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Block {
    /// The ops.
    pub ops: Vec<Op>,
    /// What the block yields to the op that owns it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Value>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Op {
    /// What it does.
    #[serde(flatten)]
    pub kind: OpKind,
    /// What it takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operands: Vec<Value>,
    /// What it makes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Value>,
    /// Its sub-blocks: one for a list's element, one per case for a variant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
}

/// The width of a memory access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// 8 bits; a load extends with zeros.
    I32U8,
    /// 8 bits; a load extends the sign.
    I32S8,
    /// 16 bits; a load extends with zeros.
    I32U16,
    /// 16 bits; a load extends the sign.
    I32S16,
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
    /// A 32-bit float.
    F32,
    /// A 64-bit float.
    F64,
    /// An address.
    Pointer,
    /// A count of elements.
    Length,
}

/// How a core value changes between the types that two cases of a variant share a slot with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cast {
    /// No change.
    None,
    /// From one core type to another; floats keep their bits, integers are extended with zeros or wrapped.
    Convert {
        /// Before.
        from: CoreType,
        /// After.
        to: CoreType,
    },
    /// Two casts in a row.
    Sequence(Vec<Cast>),
}

/// What an op does. `Lower` turns a value of the language into core values, `Lift` does the reverse.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "op")]
pub enum OpKind {
    /// The nth argument: of the language function for an import, of the core function for an export.
    Argument {
        /// From 0.
        index: usize,
    },
    /// A constant `i32`.
    ConstI32 {
        /// Its value.
        value: i32,
    },
    /// A zero per type, for the slots that a case leaves unused.
    ConstZero {
        /// One result each.
        types: Vec<CoreType>,
    },
    /// One cast per operand.
    Casts {
        /// In order of the operands.
        casts: Vec<Cast>,
    },
    /// Address to value.
    Load {
        /// How wide.
        access: Access,
        /// Added to the address.
        offset: u32,
    },
    /// Value and address to nothing, in this order.
    Store {
        /// How wide.
        access: Access,
        /// Added to the address.
        offset: u32,
    },
    /// A number, bool or char of the language to its core value.
    ScalarLower {
        /// Its type; never a [`Type::Id`] or a string.
        scalar: Type,
    },
    /// A core value to a number, bool or char.
    ScalarLift {
        /// Its type; never a [`Type::Id`] or a string.
        scalar: Type,
    },
    /// String to pointer and byte length.
    StringLower {
        /// Whether the receiver gets memory of its own; otherwise it only looks.
        owned: bool,
    },
    /// Pointer and byte length to string.
    StringLift,
    /// List of plain numbers to pointer and length.
    BulkListLower {
        /// Of its elements.
        element: Type,
        /// As for strings.
        owned: bool,
    },
    /// Pointer and length to a list of plain numbers.
    BulkListLift {
        /// Of its elements.
        element: Type,
    },
    /// List to pointer and length; the block stores one element.
    ListLower {
        /// Of its elements.
        element: Type,
        /// Of one element.
        layout: Layout,
        /// As for strings.
        owned: bool,
    },
    /// Pointer and length to list; the block loads one element.
    ListLift {
        /// Of its elements.
        element: Type,
        /// Of one element.
        layout: Layout,
    },
    /// Map to pointer and length; the block stores one entry.
    MapLower {
        /// Of the keys.
        key: Type,
        /// Of the values.
        value: Type,
        /// Of one entry, a tuple of both.
        layout: Layout,
        /// As for strings.
        owned: bool,
    },
    /// Pointer and length to map; the block loads one entry.
    MapLift {
        /// Of the keys.
        key: Type,
        /// Of the values.
        value: Type,
        /// Of one entry, a tuple of both.
        layout: Layout,
    },
    /// In the block of a list's lowering: the element.
    IterElement {
        /// Its type.
        element: Type,
    },
    /// In the block of a map's lowering: the key.
    IterKey {
        /// Its type.
        key: Type,
    },
    /// In the block of a map's lowering: the value.
    IterValue {
        /// Its type.
        value: Type,
    },
    /// In the block of a list or map: the address of the element.
    IterAddress,
    /// Record to its fields.
    RecordLower {
        /// The record.
        ty: TypeId,
    },
    /// Fields to record.
    RecordLift {
        /// The record.
        ty: TypeId,
    },
    /// Tuple to its elements.
    TupleLower {
        /// The tuple.
        ty: TypeId,
    },
    /// Elements to tuple.
    TupleLift {
        /// The tuple.
        ty: TypeId,
    },
    /// Flags to one `i32` per 32 of them.
    FlagsLower {
        /// The flags.
        ty: TypeId,
    },
    /// One `i32` per 32 flags to flags.
    FlagsLift {
        /// The flags.
        ty: TypeId,
    },
    /// Enum to discriminant.
    EnumLower {
        /// The enum.
        ty: TypeId,
    },
    /// Discriminant to enum.
    EnumLift {
        /// The enum.
        ty: TypeId,
    },
    /// In a block of a case's lowering: the payload.
    CasePayload,
    /// Variant to core values; a block per case.
    VariantLower {
        /// The variant.
        ty: TypeId,
        /// What each block yields.
        results: Vec<CoreType>,
    },
    /// Discriminant to variant; a block per case yields the payload.
    VariantLift {
        /// The variant.
        ty: TypeId,
    },
    /// Option to core values; blocks for none and some.
    OptionLower {
        /// The option.
        ty: TypeId,
        /// What each block yields.
        results: Vec<CoreType>,
    },
    /// Discriminant to option; blocks for none and some.
    OptionLift {
        /// The option.
        ty: TypeId,
    },
    /// Result to core values; blocks for ok and err.
    ResultLower {
        /// The result.
        ty: TypeId,
        /// What each block yields.
        results: Vec<CoreType>,
    },
    /// Discriminant to result; blocks for ok and err.
    ResultLift {
        /// The result.
        ty: TypeId,
    },
    /// Handle of the language to its number.
    HandleLower {
        /// The [`Own`](crate::TypeKind::Own) or [`Borrow`](crate::TypeKind::Borrow) type.
        ty: TypeId,
    },
    /// Number to handle of the language.
    HandleLift {
        /// The [`Own`](crate::TypeKind::Own) or [`Borrow`](crate::TypeKind::Borrow) type.
        ty: TypeId,
    },
    /// Calls the core function.
    CallCore,
    /// Calls the function of the language.
    CallLanguage,
    /// Returns the operands; always last.
    Return,
    /// Address of a static area of this layout for parameters or results in memory.
    ReturnArea {
        /// At least this.
        layout: Layout,
    },
    /// Address of new memory that the other side will own.
    Allocate {
        /// Its size and alignment.
        layout: Layout,
    },
    /// Frees memory at an address.
    Free {
        /// As it was allocated.
        layout: Layout,
    },
    /// Frees a string: pointer and byte length.
    FreeString,
    /// Frees a list: pointer and length; the block frees what one element owns.
    FreeList {
        /// Of its elements.
        element: Type,
        /// Of one element.
        layout: Layout,
    },
    /// Frees a map: pointer and length; the block frees what one entry owns.
    FreeMap {
        /// Of one entry, a tuple of key and value.
        layout: Layout,
    },
    /// Frees what the active case owns: discriminant; a block per case.
    FreeVariant,
    /// Evaluates its operands before what follows; yields them unchanged.
    Flush,
    /// A construct that no printer has yet; only in functions that the support check refuses.
    Unsupported {
        /// What, for people.
        what: String,
    },
}
