//! How types are spelled, per place and per way of passing.
//!
//! Parameters of imports borrow what can be borrowed at the top level (`&str`, `&[T]`, `&Record`), everything
//! else is owned: the default of wit-bindgen.

use std::collections::BTreeMap;

use witgen_ir::{InterfaceId, Type, TypeDef, TypeId, TypeKind, World};

use crate::facts::{self, Facts};
use crate::names::{self, Names};

/// What every printer reads.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) world: &'a World,
    pub(crate) names: &'a Names,
    pub(crate) facts: &'a Facts,
    /// The module that is printed; none for the root.
    pub(crate) place: Option<InterfaceId>,
    /// For code outside of the bindings: what it writes before the types of each exported interface.
    pub(crate) outside: Option<&'a BTreeMap<InterfaceId, String>>,
}

/// How a value is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mode {
    /// The lifetime of borrows, where there are any.
    lifetime: Option<&'static str>,
    /// Whether the outermost layer is borrowed.
    top: bool,
}

impl Mode {
    pub(crate) const OWNED: Mode = Mode { lifetime: None, top: false };

    /// Whether lists, strings and named types show up as references.
    pub(crate) fn borrows(self) -> bool {
        self.top && self.lifetime.is_some()
    }
}

impl<'a> Context<'a> {
    /// The root of the bindings.
    pub(crate) fn root(world: &'a World, names: &'a Names, facts: &'a Facts) -> Self {
        Self { world, names, facts, place: None, outside: None }
    }
}

impl Context<'_> {
    /// How a parameter of an import is passed.
    pub(crate) fn borrowed_mode(&self, ty: Type) -> Mode {
        self.mode(ty, true, "'_")
    }

    /// How an owned value is passed; `lifetime` is used where it holds borrow handles.
    pub(crate) fn owned_mode(&self, ty: Type, lifetime: &'static str) -> Mode {
        self.mode(ty, false, lifetime)
    }

    fn mode(&self, ty: Type, top: bool, lifetime: &'static str) -> Mode {
        let holds = self.facts.holds(ty);
        let borrows = holds.borrow || (top && !holds.own && holds.list);
        Mode { lifetime: borrows.then_some(lifetime), top: top && !holds.own }
    }

    /// The mode of an element of a list, map or record that is passed in `mode`.
    fn inner(&self, ty: Type, mode: Mode) -> Mode {
        match mode.lifetime {
            Some(lifetime) => self.mode(ty, false, lifetime),
            None => Mode::OWNED,
        }
    }

    /// The mode of the payload of an option, result or tuple that is passed in `mode`.
    pub(crate) fn payload(&self, ty: Type, mode: Mode) -> Mode {
        if mode.top { mode } else { self.inner(ty, mode) }
    }

    /// How the content of `ty` is spelled: a named type borrows as a whole, what it holds is owned.
    pub(crate) fn inside(&self, ty: Type, mode: Mode) -> Mode {
        match ty {
            Type::Id(id) if self.world.type_def(id).name.is_some() => Mode::OWNED,
            _ => mode,
        }
    }

    /// The owned form of `ty`.
    pub(crate) fn owned(&self, ty: Type) -> String {
        self.text(ty, self.owned_mode(ty, "'_"))
    }

    /// The result of a function: `()` for none.
    pub(crate) fn optional(&self, ty: Option<Type>, mode: Mode) -> String {
        match ty {
            Some(ty) => self.text(ty, self.payload(ty, mode)),
            None => "()".to_owned(),
        }
    }

    /// `ty` as it is passed in `mode`.
    pub(crate) fn text(&self, ty: Type, mode: Mode) -> String {
        if mode.lifetime.is_some() {
            match self.world.resolve_alias(ty) {
                Type::String if mode.borrows() => return format!("{}str", reference(mode)),
                Type::Id(id) => match self.world.type_def(id).kind {
                    TypeKind::List(element) => return self.list(element, mode),
                    TypeKind::Map(key, value) => return self.map(key, value, mode),
                    _ => {}
                },
                _ => {}
            }
        }
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
            Type::String => self.prelude("String"),
            Type::ErrorContext => "()".to_owned(),
            Type::Id(id) => self.type_id(id, mode),
        }
    }

    fn type_id(&self, id: TypeId, mode: Mode) -> String {
        let def = self.world.type_def(id);
        if def.name.is_some() {
            let generics = match mode.lifetime {
                Some(lifetime) if self.facts.holds(Type::Id(id)).borrow => format!("<{lifetime}>"),
                _ => String::new(),
            };
            let reference = if mode.borrows() { reference(mode) } else { String::new() };
            return format!("{reference}{}{generics}", self.path(id));
        }
        self.unnamed_in(def, mode)
    }

    /// What an alias of an unnamed type (`type t = list<u8>`) stands for.
    pub(crate) fn unnamed(&self, def: &TypeDef, lifetime: &'static str) -> String {
        self.unnamed_in(def, self.owned_mode(Type::Id(def.id), lifetime))
    }

    fn unnamed_in(&self, def: &TypeDef, mode: Mode) -> String {
        match &def.kind {
            TypeKind::Tuple { types, .. } => {
                let types: Vec<String> =
                    types.iter().map(|ty| self.text(*ty, self.payload(*ty, mode))).collect();
                match types.as_slice() {
                    [only] => format!("({only},)"),
                    types => format!("({})", types.join(", ")),
                }
            }
            TypeKind::Option { some, .. } => {
                format!("{}<{}>", self.prelude("Option"), self.text(*some, self.payload(*some, mode)))
            }
            TypeKind::Result { ok, err, .. } => {
                let (ok, err) = (self.optional(*ok, mode), self.optional(*err, mode));
                format!("{}<{ok}, {err}>", self.prelude("Result"))
            }
            TypeKind::List(element) => self.list(*element, mode),
            TypeKind::Map(key, value) => self.map(*key, *value, mode),
            TypeKind::Own(resource) => self.path(*resource),
            TypeKind::Borrow(resource) => self.borrow(*resource, mode.lifetime.unwrap_or("'_")),
            TypeKind::Alias(ty) => self.text(*ty, mode),
            // The support table denies these, and the others have a name.
            TypeKind::FixedLengthList(..)
            | TypeKind::Future(_)
            | TypeKind::Stream(_)
            | TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Flags { .. }
            | TypeKind::Resource => "()".to_owned(),
        }
    }

    fn list(&self, element: Type, mode: Mode) -> String {
        let inner = self.text(element, self.inner(element, mode));
        match mode.borrows() {
            true => format!("{}[{inner}]", reference(mode)),
            false => format!("{}<{inner}>", self.prelude("Vec")),
        }
    }

    fn map(&self, key: Type, value: Type, mode: Mode) -> String {
        let key = self.text(key, self.inner(key, mode));
        let value = self.text(value, self.inner(value, mode));
        let reference = if mode.borrows() { reference(mode) } else { String::new() };
        let name = if self.outside.is_some() { "BTreeMap" } else { "_rt::Map" };
        format!("{reference}{name}<{key}, {value}>")
    }

    fn borrow(&self, resource: TypeId, lifetime: &str) -> String {
        if facts::is_exported_resource(self.world, resource) {
            return format!("{}<{lifetime}>", self.qualified(resource, self.names.borrow(resource)));
        }
        match lifetime {
            "'_" => format!("&{}", self.path(resource)),
            lifetime => format!("&{lifetime} {}", self.path(resource)),
        }
    }

    /// A named type as it is called from here.
    pub(crate) fn path(&self, id: TypeId) -> String {
        self.qualified(id, self.names.ty(id))
    }

    /// The borrowed form of an exported resource as it is called from here.
    pub(crate) fn borrow_path(&self, id: TypeId) -> String {
        self.qualified(id, self.names.borrow(id))
    }

    fn qualified(&self, id: TypeId, name: &str) -> String {
        let home = names::home(self.world, id);
        if let Some(prefixes) = self.outside {
            let module = || home.map_or(String::new(), |home| self.names.module(home).join("::") + "::");
            let prefix = home.and_then(|home| prefixes.get(&home)).cloned();
            return prefix.unwrap_or_else(|| format!("bindings::{}", module())) + name;
        }
        if home == self.place {
            return name.to_owned();
        }
        let here = self.place.map_or(&[][..], |place| self.names.module(place));
        let there = home.map_or(&[][..], |home| self.names.module(home));
        let common = here.iter().zip(there).take_while(|(a, b)| a == b).count();
        let mut path = "super::".repeat(here.len() - common);
        for module in &there[common..] {
            path.push_str(module);
            path.push_str("::");
        }
        path + name
    }

    /// A type of the prelude. At the root, where users may have types of that name, and in a module that has one
    /// itself, by its path.
    pub(crate) fn prelude(&self, name: &str) -> String {
        if self.outside.is_some() {
            return name.to_owned();
        }
        if let Some(place) = self.place {
            let types = &self.world.interface(place).types;
            if types.iter().all(|id| self.names.ty(*id) != name) {
                return name.to_owned();
            }
        }
        match name {
            "Option" => "::core::option::Option".to_owned(),
            "Result" => "::core::result::Result".to_owned(),
            "Sized" => "::core::marker::Sized".to_owned(),
            name => format!("_rt::{name}"),
        }
    }

    /// The path from here to the root, with `::` at its end.
    pub(crate) fn root_path(&self) -> String {
        "super::".repeat(self.place.map_or(0, |place| self.names.module(place).len()))
    }
}

fn reference(mode: Mode) -> String {
    match mode.lifetime {
        Some("'_") | None => "&".to_owned(),
        Some(lifetime) => format!("&{lifetime} "),
    }
}
