//! Types.

use serde::Serialize;
use witgen_diag::Span;

use crate::abi::{CoreType, Layout};
use crate::model::{Docs, InterfaceId, Stability};

/// The index of a type in [`World::types`](crate::World::types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct TypeId(pub(crate) u32);

/// A reference to a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// `bool`
    Bool,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `s8`
    S8,
    /// `s16`
    S16,
    /// `s32`
    S32,
    /// `s64`
    S64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `char`
    Char,
    /// `string`
    String,
    /// `error-context`
    ErrorContext,
    /// Any other.
    Id(TypeId),
}

/// Where a type is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// In the world itself.
    World,
    /// In an interface.
    Interface(InterfaceId),
    /// Nowhere: an unnamed type such as `list<u8>`.
    None,
}

/// A type with its layout.
#[derive(Clone, Debug, Serialize)]
pub struct TypeDef {
    /// Its own index.
    pub id: TypeId,
    /// The name in WIT; none for unnamed types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is declared.
    pub owner: Owner,
    /// What it is.
    pub kind: TypeKind,
    /// Size and alignment in linear memory; zero for a resource, which is never in memory itself.
    pub layout: Layout,
    /// The core types that it is flattened to; none when there are more than 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat: Option<Vec<CoreType>>,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Its stability.
    #[serde(skip_serializing_if = "Stability::is_unknown")]
    pub stability: Stability,
    /// The `@external-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// The kinds of types. Offsets count in bytes from the start of the value.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypeKind {
    /// `record r { ... }`
    Record {
        /// In order of declaration.
        fields: Vec<Field>,
    },
    /// `variant v { ... }`
    Variant {
        /// In order of declaration.
        cases: Vec<Case>,
        /// Bytes of the discriminant: 1, 2 or 4.
        tag_size: u32,
        /// Where payloads start.
        payload_offset: u32,
    },
    /// `enum e { ... }`
    Enum {
        /// In order of declaration.
        cases: Vec<EnumCase>,
        /// Bytes of the discriminant: 1, 2 or 4.
        tag_size: u32,
    },
    /// `flags f { ... }`
    Flags {
        /// From the lowest bit.
        flags: Vec<Flag>,
    },
    /// `tuple<a, b>`
    Tuple {
        /// Its elements.
        types: Vec<Type>,
        /// Where each starts.
        offsets: Vec<u32>,
    },
    /// `option<t>`
    Option {
        /// The type of `some`.
        some: Type,
        /// Where the payload starts.
        payload_offset: u32,
    },
    /// `result<t, e>`
    Result {
        /// The type of `ok`.
        ok: Option<Type>,
        /// The type of `err`.
        err: Option<Type>,
        /// Where payloads start.
        payload_offset: u32,
    },
    /// `list<t>`
    List(Type),
    /// `list<t, n>`
    FixedLengthList(Type, u32),
    /// `map<k, v>`
    Map(Type, Type),
    /// `resource r`
    Resource,
    /// `own<r>`, or `r` alone
    Own(TypeId),
    /// `borrow<r>`
    Borrow(TypeId),
    /// `future<t>`
    Future(Option<Type>),
    /// `stream<t>`
    Stream(Option<Type>),
    /// `type a = b`, and every `use`.
    Alias(Type),
}

/// A field of a record.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// The name in WIT.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Where it starts.
    pub offset: u32,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A case of a variant.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// The name in WIT.
    pub name: String,
    /// Its payload.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<Type>,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A case of an enum.
#[derive(Clone, Debug, Serialize)]
pub struct EnumCase {
    /// The name in WIT.
    pub name: String,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A flag of a flags type.
#[derive(Clone, Debug, Serialize)]
pub struct Flag {
    /// The name in WIT.
    pub name: String,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Docs,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Option<Span>,
}
