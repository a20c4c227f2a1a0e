//! Types as trees with their layout in linear memory, and the Python classes that stand for them.
//!
//! A tree is made once, when a generated module is imported, and then serves every component,
//! instance and thread. It knows nothing of wasmtime: `check` compares it with a component.

use std::sync::{Arc, OnceLock};

use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::attribute::Attribute;

/// A type of WIT: its layout, and how Python sees it.
pub struct Ty {
    /// Bytes in linear memory.
    pub size: u32,
    /// Alignment in linear memory.
    pub align: u32,
    /// Core values when it is passed without memory; saturates.
    pub flat: u32,
    /// Whether a handle is somewhere inside, which only wasmtime can lift and lower.
    pub handles: bool,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of types.
pub enum Kind {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    /// `view`: a list of numbers that Python gets as a memoryview.
    List {
        element: Arc<Ty>,
        view: bool,
    },
    /// A list of entries, each a tuple of key and value.
    Map {
        entry: Arc<Ty>,
    },
    Tuple(Box<[Field]>),
    Record {
        class: Py<PyType>,
        fields: Box<[Field]>,
    },
    Variant {
        sum: Sum,
        cases: Box<[Case]>,
        by_class: Addresses,
    },
    Enum {
        sum: Sum,
        class: Py<PyType>,
        names: Box<[String]>,
        members: Box<[Py<PyAny>]>,
        by_member: Addresses,
    },
    Flags {
        class: Py<PyType>,
        names: Box<[String]>,
        members: FlagCache,
    },
    /// `nested`: the payload is an option too, so the present case is wrapped.
    Option {
        sum: Sum,
        some: Arc<Ty>,
        nested: bool,
    },
    /// `raises`: the whole result of a function, whose failure is raised.
    Result {
        sum: Sum,
        ok: Option<Arc<Ty>>,
        err: Option<Arc<Ty>>,
        raises: Option<Py<PyType>>,
    },
    Own(Arc<Resource>),
    Borrow(Arc<Resource>),
}

/// A part of a record or tuple.
pub struct Field {
    /// The name in WIT; empty in a tuple.
    pub name: String,
    /// The attribute of the class; none in a tuple.
    pub attribute: Attribute,
    /// Where it starts.
    pub offset: u32,
    /// Its type.
    pub ty: Arc<Ty>,
}

/// A case of a variant.
pub struct Case {
    /// The name in WIT.
    pub name: String,
    /// The class that stands for it.
    pub class: Py<PyType>,
    /// Payload and the attribute that holds it.
    pub payload: Option<(Attribute, Arc<Ty>)>,
}

/// The layout that variants, options, results and enums share.
#[derive(Clone, Copy)]
pub struct Sum {
    /// Bytes of the discriminant.
    pub width: u32,
    /// Where the payload starts.
    pub payload: u32,
}

/// Objects that live as long as the plan, by address, with their position.
pub struct Addresses(Box<[(usize, u32)]>);

impl Addresses {
    /// Positions in the order that is given.
    pub fn new(addresses: impl Iterator<Item = usize>) -> Addresses {
        let mut sorted: Vec<(usize, u32)> = addresses.zip(0..).collect();
        sorted.sort_unstable();
        Addresses(sorted.into())
    }

    /// Where the object at `address` stands.
    pub fn position(&self, address: usize) -> Option<u32> {
        let found = self.0.binary_search_by_key(&address, |entry| entry.0).ok()?;
        Some(self.0[found].1)
    }
}

/// Members of a flags class that were needed before: making one runs much Python.
#[derive(Default)]
pub struct FlagCache(pub std::sync::Mutex<std::collections::BTreeMap<u32, Py<PyAny>>>);

/// A resource type of one side of a world.
pub struct Resource {
    /// The name in WIT, for messages.
    pub name: String,
    /// Who implements it.
    pub side: Side,
}

/// Who implements a resource.
pub enum Side {
    /// The component: Python holds handles of this class.
    Guest { class: Py<PyType> },
    /// Python: the component holds handles to objects.
    Host {
        /// The attribute of the implementation that has constructor and static functions.
        attribute: Option<String>,
        /// Tells it from the other resources of its world; set by the world.
        id: OnceLock<u32>,
    },
}

/// The lower bound for lists and strings that the component model sets.
pub const MAX_BYTES: usize = (1 << 28) - 1;

/// Flags beyond this number have no class of the canonical ABI.
pub const MAX_FLAGS: usize = 32;

impl Ty {
    /// A type without parts.
    pub const fn scalar(size: u32, kind: Kind) -> Ty {
        Ty { size, align: size, flat: 1, handles: false, kind }
    }

    /// A handle.
    pub const fn handle(kind: Kind) -> Ty {
        Ty { size: 4, align: 4, flat: 1, handles: true, kind }
    }

    /// Something that is a pointer and a length: strings, lists, maps.
    pub const fn sequence(handles: bool, kind: Kind) -> Ty {
        Ty { size: 8, align: 4, flat: 2, handles, kind }
    }

    /// One of several payloads behind a discriminant.
    pub fn sum<'a>(
        cases: impl ExactSizeIterator<Item = Option<&'a Arc<Ty>>>,
        kind: impl FnOnce(Sum) -> Kind,
    ) -> Ty {
        let width = match cases.len() {
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        };
        let (mut size, mut align, mut flat, mut handles) = (0, width, 0, false);
        for payload in cases.flatten() {
            size = size.max(payload.size);
            align = align.max(payload.align);
            flat = flat.max(payload.flat);
            handles |= payload.handles;
        }
        let payload = align_to(width, align);
        let size = align_to(payload + size, align);
        Ty { size, align, flat: flat.saturating_add(1), handles, kind: kind(Sum { width, payload }) }
    }

    /// `list<u8>`, which is bytes in Python.
    pub fn is_bytes(&self) -> bool {
        matches!(&self.kind, Kind::List { element, .. } if matches!(element.kind, Kind::U8))
    }

    /// Whether lifting it from flat values reads memory.
    pub fn needs_memory(&self) -> bool {
        self.flat > 1 || self.handles
    }

    /// The codes of `array`, `struct` and the buffer protocol for numbers of this type, best one first.
    pub fn codes(&self) -> &'static [u8] {
        match self.kind {
            Kind::U8 => b"B",
            Kind::S8 => b"b",
            Kind::S16 => b"h",
            Kind::U16 => b"H",
            Kind::S32 => b"il",
            Kind::U32 => b"IL",
            Kind::S64 => b"ql",
            Kind::U64 => b"QL",
            Kind::F32 => b"f",
            Kind::F64 => b"d",
            _ => b"",
        }
    }
}

/// The layout of parts after each other.
pub struct Shape {
    pub size: u32,
    pub align: u32,
    pub flat: u32,
    pub handles: bool,
}

impl Shape {
    /// Lays `fields` out and sets their offsets.
    pub fn of(fields: &mut [Field]) -> Shape {
        let mut shape = Shape { size: 0, align: 1, flat: 0, handles: false };
        for field in fields {
            field.offset = align_to(shape.size, field.ty.align);
            shape.size = field.offset + field.ty.size;
            shape.align = shape.align.max(field.ty.align);
            shape.flat = shape.flat.saturating_add(field.ty.flat);
            shape.handles |= field.ty.handles;
        }
        shape.size = align_to(shape.size, shape.align);
        shape
    }

    /// A type of this layout.
    pub fn ty(&self, kind: Kind) -> Ty {
        Ty { size: self.size, align: self.align, flat: self.flat, handles: self.handles, kind }
    }
}

fn align_to(offset: u32, align: u32) -> u32 {
    offset.next_multiple_of(align)
}

/// A function: what goes in and what comes out.
pub struct Signature {
    /// `ns:pkg/iface.name`, for messages.
    pub display: String,
    /// The parameters, with their offsets in memory.
    pub params: Box<[Field]>,
    /// The layout of all parameters.
    pub shape: Shape,
    /// What it returns, if anything.
    pub result: Option<Arc<Ty>>,
}

impl Signature {
    /// Lays out the parameters.
    pub fn new(display: String, mut params: Vec<Field>, result: Option<Arc<Ty>>) -> Signature {
        let shape = Shape::of(&mut params);
        Signature { display, params: params.into(), shape, result }
    }
}
