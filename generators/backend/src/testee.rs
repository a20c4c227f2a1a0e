//! What a test guest is made from: the part of the conformance suite that backends see.
//!
//! A suite derives two worlds from the types and functions under test.
//! The *exporter* exports one interface per type with the functions `roundtrip`, `check` and `give`.
//! The *importer* imports those, and the functions of a component under test, and exports
//! `run: func(group: u32, value: u32, step: u32) -> option<string>` and
//! `call: func(index: u32) -> option<string>`: nothing when all is well, else what was got and wanted.
//! Both hold every vector as a literal of their own language.
//!
//! # Host testees
//!
//! A host takes either role: it is a *program* of the language, made from the host bindings of the world that the
//! guest implements, with the same native literals as a guest. A backend makes it with
//! `host_testee(world, cases, role) -> Result<Testee>`:
//!
//! - [`Role::Importer`]: the host calls. `world` is `exporter`; the program loads a guest of it, and does itself what
//!   the importing guest does for a step of a value, or for a call.
//! - [`Role::Exporter`]: the host is called. `world` is `importer`; the program implements the interfaces of the types
//!   natively, loads a guest of that world, and hands each request to its `run` or `call`.
//!
//! [`Testee::files`] of a host hold its bindings too. [`Testee::source`] is what is started: a script, or `.` for a
//! cargo project with one program.
//!
//! The program gets the path of the component (for JavaScript: of the folder that `witgen link` makes of it) as its
//! only argument. It reads one request a line from stdin, answers each with one line of JSON on stdout, and ends
//! when stdin does:
//!
//! ```text
//! run GROUP VALUE STEP     the numbers that `run` of the importer takes
//! call INDEX               the number that `call` of the importer takes
//! misuse INDEX             an entry of `Cases::misuses`, in the role of the importer alone
//! ```
//! ```json
//! {"ended": "well"}
//! {"ended": "different", "text": "got 5, wanted 6"}
//! {"ended": "trap", "text": "the message of the trap, and what the guest wrote to stderr"}
//! {"ended": "skipped", "text": "the compiler refuses it"}
//! ```
//!
//! After a trap the program makes a new instance for the next request.
//!
//! # Drivers
//!
//! What takes more than one call is a script of steps. A hand-written program of each language takes them, on the
//! bindings of the world `witgen:testees/driven`; a backend adds what its programs need with
//! `host_driver(world, source) -> Result<Testee>`. It is started like a host testee, and its requests are:
//!
//! ```text
//! begin                    what instances and slots there are is forgotten
//! step {"name": "add", "args": [0, 3], "other": false}
//! ```
//!
//! A step is a function of `witgen:testees/steps` or `witgen:testees/misuses`; arguments are numbers, texts and lists of
//! numbers. It is taken in the first instance of the component, or in the other one; each is made by its first step.
//!
//! ```json
//! {"ended": "well"}
//! {"ended": "well", "value": "the result in WAVE, where there is one"}
//! {"ended": "trap", "text": "as above"}
//! {"ended": "over", "text": "the call was not made, since the instance has trapped before"}
//! {"ended": "refused", "text": "the error that the host has for bad arguments"}
//! {"ended": "skipped", "text": "the compiler refuses it"}
//! ```
//!
//! # Both
//!
//! Whatever keeps it from answering is an error of the set-up: it writes the reason to stderr and ends.
//! What the component writes to stderr goes to the stderr of the program.

use witgen_ir::{FunctionId, InterfaceId, Type, Value};

/// The source files of a guest and what a `[component]` table says of them; or those of a host program.
#[derive(Clone, Debug)]
pub struct Testee {
    /// Everything but the bindings of a guest, which go to the folder `bindings` beside it.
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
    /// Wrong arguments that a calling host has to refuse; guests have none.
    pub misuses: Vec<Misuse>,
}

/// A call of `roundtrip` with an argument that is no value of the type.
///
/// All is well when it is refused with the error that the host has for bad arguments, before the guest is entered,
/// and when the same instance takes the first value of the group afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// An index of [`Cases::groups`].
    pub group: usize,
    /// What is wrong with the argument.
    pub kind: MisuseKind,
}

/// What can be wrong with an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisuseKind {
    /// One more than the largest integer of the type.
    Above,
    /// One less than the smallest.
    Below,
    /// A text where an integer, a list of bytes, or a record is wanted; a number where a text is.
    WrongType,
    /// A case that the enum or variant does not have.
    UnknownCase,
    /// A string with half of a surrogate pair.
    LoneSurrogate,
}

impl MisuseKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Above, Self::Below, Self::WrongType, Self::UnknownCase, Self::LoneSurrogate];

    /// `above`, `wrong-type`: the name of the case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::WrongType => "wrong-type",
            Self::UnknownCase => "unknown-case",
            Self::LoneSurrogate => "lone-surrogate",
        }
    }
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
