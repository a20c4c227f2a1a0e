//! How types are spelled in host bindings.
//!
//! Arguments of exports borrow what can be borrowed at the top level (`&str`, `&[T]`, `&Record`), everything else is
//! owned: the default of `bindgen!`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use witgen_ir::{Function, Type, TypeId, TypeKind};

use super::layout::{MAX_WIDTH, filled};
use super::options::{Mapping, ROOTED};
use crate::code::{broken_tuple, indent};
use crate::facts;
use crate::types::Context;

/// What every part of the bindings reads.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub(super) ctx: Context<'a>,
    /// What the options say of this world.
    pub(super) mapping: &'a Mapping,
    /// `wasmtime`, by a path that nothing at the root can shadow.
    pub(super) wasmtime: &'a str,
    /// What the module brings into scope from `wasmtime::component`; nothing at the root, where it could clash with
    /// what the program around an included file brings into scope.
    pub(super) used: Option<&'a RefCell<BTreeSet<&'static str>>>,
}

/// How a value is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    Owned,
    /// As an argument of an export.
    Borrowed,
    /// The same where a type cannot leave lifetimes out.
    Static,
}

impl Host<'_> {
    /// An item of `wasmtime::component`, as it is called from here.
    pub(super) fn component(&self, name: &'static str) -> String {
        match self.used {
            Some(used) if !self.is_declared(name) => {
                used.borrow_mut().insert(name);
                name.to_owned()
            }
            _ => format!("{}::component::{name}", self.wasmtime),
        }
    }

    /// The line that brings what is used into scope, in the layout of rustfmt.
    pub(super) fn use_line(&self, column: usize) -> Option<String> {
        let used = self.used?.borrow();
        let names: Vec<&str> = used.iter().copied().collect();
        let line = match names.as_slice() {
            [] => return None,
            [only] => format!("use {}::component::{only};", self.wasmtime),
            names => format!("use {}::component::{{{}}};", self.wasmtime, names.join(", ")),
        };
        if column + line.len() <= MAX_WIDTH - 2 {
            return Some(line);
        }
        Some(format!("use {}::component::{{\n{}\n}};", self.wasmtime, filled(&names, column)))
    }

    /// A path of the options, as it is written here.
    pub(super) fn reach(&self, path: &str) -> String {
        match path.strip_prefix(ROOTED) {
            Some(rooted) => format!("{}{rooted}", self.ctx.root_path()),
            None => path.to_owned(),
        }
    }

    /// A name for a generic parameter that no type of this place has.
    pub(super) fn generic(&self, name: &str) -> String {
        if self.is_declared(name) { format!("_{name}") } else { name.to_owned() }
    }

    fn is_declared(&self, name: &str) -> bool {
        match self.ctx.place {
            Some(place) => {
                self.ctx.world.interface(place).types.iter().any(|id| self.ctx.names.ty(*id) == name)
            }
            None => self.ctx.world.world_types().any(|def| self.ctx.names.ty(def.id) == name),
        }
    }

    /// A type of the prelude, by its path where this place has a type of its name.
    fn prelude(&self, name: &str) -> String {
        if !self.is_declared(name) {
            return name.to_owned();
        }
        format!("std::{}::{name}", name.to_lowercase())
    }

    /// The column at which items start, `nested` braces deep inside of the module.
    pub(super) fn column(&self, nested: usize) -> usize {
        4 * (self.ctx.place.map_or(0, |place| self.ctx.names.module(place).len()) + nested)
    }

    /// `ty`, or `()` for none.
    pub(super) fn optional(&self, ty: Option<Type>, passing: Passing) -> String {
        ty.map_or_else(|| "()".to_owned(), |ty| self.text(ty, passing))
    }

    /// `ty` as it is passed.
    pub(super) fn text(&self, ty: Type, passing: Passing) -> String {
        match ty {
            Type::Bool => "bool".to_owned(),
            Type::U8 => "u8".to_owned(),
            Type::U16 => "u16".to_owned(),
            Type::U32 => "u32".to_owned(),
            Type::U64 => "u64".to_owned(),
            Type::S8 => "i8".to_owned(),
            Type::S16 => "i16".to_owned(),
            Type::S32 => "i32".to_owned(),
            Type::S64 => "i64".to_owned(),
            Type::F32 => "f32".to_owned(),
            Type::F64 => "f64".to_owned(),
            Type::Char => "char".to_owned(),
            Type::String => match passing {
                Passing::Owned => self.prelude("String"),
                passing => format!("{}str", reference(passing)),
            },
            // The support table denies it.
            Type::ErrorContext => "()".to_owned(),
            Type::Id(id) => self.type_id(id, passing),
        }
    }

    fn type_id(&self, id: TypeId, passing: Passing) -> String {
        let def = self.ctx.world.type_def(id);
        if def.name.is_none() {
            return self.unnamed(id, passing);
        }
        let path = self.ctx.path(id);
        match passing {
            Passing::Owned => path,
            _ if !self.ctx.facts.holds(Type::Id(id)).list => path,
            passing => format!("{}{path}", reference(passing)),
        }
    }

    /// What a type is made of; also of a named one, for its declaration.
    pub(super) fn unnamed(&self, id: TypeId, passing: Passing) -> String {
        match &self.ctx.world.type_def(id).kind {
            TypeKind::Tuple { types, .. } => self.tuple(types.iter().map(|ty| self.text(*ty, passing))),
            TypeKind::Option { some, .. } => {
                format!("{}<{}>", self.prelude("Option"), self.text(*some, passing))
            }
            TypeKind::Result { ok, err, .. } => {
                let (ok, err) = (self.optional(*ok, passing), self.optional(*err, passing));
                format!("{}<{ok}, {err}>", self.prelude("Result"))
            }
            TypeKind::List(element) => {
                let element = self.text(*element, Passing::Owned);
                match passing {
                    Passing::Owned => format!("{}<{element}>", self.prelude("Vec")),
                    passing => format!("{}[{element}]", reference(passing)),
                }
            }
            TypeKind::FixedLengthList(element, length) => {
                format!("[{}; {length}]", self.text(*element, passing))
            }
            TypeKind::Map(key, value) => {
                let (key, value) = (self.text(*key, passing), self.text(*value, passing));
                format!("std::collections::HashMap<{key}, {value}>")
            }
            TypeKind::Own(resource) | TypeKind::Borrow(resource) => self.handle(*resource),
            TypeKind::Alias(ty) => self.text(*ty, passing),
            // The support table denies the first two, and the others have a name.
            TypeKind::Future(_)
            | TypeKind::Stream(_)
            | TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Flags { .. }
            | TypeKind::Resource => "()".to_owned(),
        }
    }

    /// A handle, own or borrowed: hosts tell the two apart when they run.
    pub(super) fn handle(&self, resource: TypeId) -> String {
        if facts::is_exported_resource(self.ctx.world, resource) {
            return self.component("ResourceAny");
        }
        format!("{}<{}>", self.component("Resource"), self.ctx.path(resource))
    }

    fn tuple(&self, types: impl Iterator<Item = String>) -> String {
        match types.collect::<Vec<_>>().as_slice() {
            [only] => format!("({only},)"),
            types => format!("({})", types.join(", ")),
        }
    }

    /// The typed form of an export: on one line, and over several.
    pub(super) fn typed_func(&self, function: &Function, passing: Passing) -> (String, String) {
        let params = self.tuple(function.params.iter().map(|param| self.text(param.ty, passing)));
        let results = self.tuple(function.result.iter().map(|ty| self.text(*ty, Passing::Owned)));
        let name = self.component("TypedFunc");
        let line = format!("{name}<{params}, {results}>");
        let inner = results.strip_prefix('(').and_then(|inner| inner.strip_suffix(",)")).map(broken_tuple);
        let results = match inner {
            Some(inner) if inner.starts_with("(\n") => format!("({inner},)"),
            _ => broken_tuple(&results),
        };
        let params = broken_tuple(&params);
        (line, format!("{name}<\n{},\n{},\n>", indent(&params, 4), indent(&results, 4)))
    }
}

fn reference(passing: Passing) -> &'static str {
    match passing {
        Passing::Owned => "",
        Passing::Borrowed => "&",
        Passing::Static => "&'static ",
    }
}
