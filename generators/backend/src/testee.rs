//! What a test guest is made from: the part of the conformance suite that backends see.
//!
//! A suite derives two worlds from the types and functions under test.
//! The *exporter* exports one interface per type with the functions `roundtrip`, `check` and `give`.
//! The *importer* imports those, and the functions of a component under test, and exports
//! `run: func(group: u32, value: u32, step: u32) -> option<string>` and
//! `call: func(index: u32) -> option<string>`: nothing when all is well, else what was got and wanted.
//! Both hold every vector as a literal of their own language.

use witgen_ir::{FunctionId, InterfaceId, Type, Value};

/// The source files of a guest and what a `[component]` table says of them.
#[derive(Clone, Debug)]
pub struct Testee {
    /// Everything but the bindings, which go to the folder `bindings` beside it.
    pub files: witgen_emit::FileSet,
    /// The source, relative to the folder: `app.py`, or `.` for a folder with a project file.
    pub source: &'static str,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Implements the interfaces of the types.
    Exporter,
    /// Calls them, and compares.
    Importer,
}

/// All vectors of a world.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// A group for each type; its index is the `group` of `run`.
    pub groups: Vec<Group>,
    /// What the function `call` of the importer does; its index is the `index` of `call`.
    pub calls: Vec<Call>,
}

/// A type under test and its values.
#[derive(Clone, Debug)]
pub struct Group {
    /// The interface with the three functions, in the world of the role.
    pub interface: InterfaceId,
    /// `roundtrip: func(value: subject) -> subject`: gives back what it gets. Step 0.
    pub roundtrip: FunctionId,
    /// `check: func(index: u32, value: subject) -> bool`: whether it is the value of that index. Step 1.
    pub check: FunctionId,
    /// `give: func(index: u32) -> subject`: the value of that index. Step 2.
    pub give: FunctionId,
    /// The type, in the world of the role.
    pub subject: Type,
    /// Its values; the index of each is the `value` of `run`.
    pub values: Vec<Value>,
}

/// A call of a function under test.
#[derive(Clone, Debug)]
pub struct Call {
    /// An imported function.
    pub function: FunctionId,
    /// Its arguments.
    pub args: Vec<Value>,
    /// What it has to return.
    pub expected: Expected,
}

/// How a call has to end.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// It returns; with this value when the function has a result.
    Value(Option<Value>),
    /// It traps, so that the importer never gets anything to compare.
    Trap,
}
