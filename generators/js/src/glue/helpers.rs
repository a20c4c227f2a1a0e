//! What the functions of a module share: what they import, constants, and checks of types.

use std::collections::{BTreeMap, BTreeSet};

use witgen_backend::{Scope, cased};
use witgen_ir::{Type, TypeDef, TypeId, TypeKind, World};
use witgen_languages::{Case, Language, Role};
use witgen_templates::js::host::HelperView;

use super::checks::Checker;
use crate::names::{Names, property};
use crate::pretty::{Doc, quoted};

/// The longest name of something that functions share.
const LONGEST: usize = 36;

/// What `runtime-support/js/host/runtime.js` has for generated code, and what its functions call their own things.
const RESERVED: [&str; 82] = [
    "ArgumentError",
    "Imports",
    "LinkError",
    "ResourceType",
    "Trap",
    "WitError",
    "Array",
    "Map",
    "BigInt",
    "Number",
    "Uint8Array",
    "beginBorrows",
    "beginChecks",
    "bindings",
    "call",
    "caseOf",
    "checkBool",
    "checkBorrow",
    "checkCase",
    "checkChar",
    "checkFlags",
    "checkFloat",
    "checkLent",
    "checkList",
    "checkMap",
    "checkNumbers",
    "checkObject",
    "checkOptional",
    "checkOwn",
    "checkS16",
    "checkS32",
    "checkS64",
    "checkS8",
    "checkString",
    "checkTag",
    "checkTuple",
    "checkU16",
    "checkU32",
    "checkU64",
    "checkU8",
    "core",
    "endBorrows",
    "error",
    "f32Bits",
    "f32OfBits",
    "f64Bits",
    "f64OfBits",
    "failed",
    "func",
    "liftBorrow",
    "liftChar",
    "liftFlags",
    "liftOwn",
    "load",
    "lowerBorrow",
    "lowerFlags",
    "lowerOwn",
    "memory",
    "narrowed",
    "oneOf",
    "outer",
    "own",
    "raw",
    "resourceClass",
    "resultTags",
    "optionTags",
    "payload",
    "payloadOf",
    "step",
    "undefined",
    "unknownCase",
    "value",
    "widened",
    "within",
    "world",
    "globalThis",
    "Object",
    "Promise",
    "Reflect",
    "Symbol",
    "NaN",
    "Infinity",
];

/// The module of all functions.
pub(crate) struct Module<'a> {
    pub(super) world: &'a World,
    pub(super) names: &'a Names<'a>,
    /// Names at the top.
    scope: Scope,
    /// Names that functions have for their own things: the top must not get them later.
    locals: BTreeSet<String>,
    imports: BTreeSet<&'static str>,
    constants: Vec<String>,
    helpers: Vec<HelperView>,
    resources: BTreeMap<TypeId, String>,
    lists: BTreeMap<TypeId, String>,
    /// Constants by what they were to be called and what is in them.
    texts: BTreeMap<(String, Vec<String>), String>,
    tags: BTreeMap<&'static str, ()>,
    checks: BTreeMap<Type, String>,
}

impl<'a> Module<'a> {
    pub(crate) fn new(world: &'a World, names: &'a Names<'a>) -> Self {
        let mut scope = Scope::new(Language::Js);
        for name in RESERVED {
            scope.reserve(name);
        }
        Self {
            world,
            names,
            scope,
            locals: BTreeSet::new(),
            imports: BTreeSet::new(),
            constants: Vec::new(),
            helpers: Vec::new(),
            resources: BTreeMap::new(),
            lists: BTreeMap::new(),
            texts: BTreeMap::new(),
            tags: BTreeMap::new(),
            checks: BTreeMap::new(),
        }
    }

    /// What the module imports, its constants and its shared functions.
    pub(crate) fn finish(self) -> (Vec<&'static str>, String, Vec<HelperView>) {
        (self.imports.into_iter().collect(), self.constants.join("\n"), self.helpers)
    }

    /// The names that a function cannot have for its own.
    pub(super) fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// A new name at the top.
    pub(crate) fn name(&mut self, wit: &str) -> String {
        let short: String = wit.chars().take(LONGEST).collect();
        loop {
            let name = self.scope.name(Role::Func, short.trim_end_matches('-'));
            if !self.locals.contains(&name) {
                return name;
            }
        }
    }

    /// A new name in a function, whose other names are in `scope`.
    pub(super) fn local(&mut self, scope: &mut Scope, name: &str) -> String {
        loop {
            let name = scope.unique(name.to_owned());
            if !self.scope.is_taken(&name) {
                self.locals.insert(name.clone());
                return name;
            }
        }
    }

    /// A function or class of the runtime.
    pub(crate) fn runtime(&mut self, name: &'static str) -> &'static str {
        self.imports.insert(name);
        name
    }

    /// The constant of a resource.
    pub(crate) fn resource(&mut self, id: TypeId) -> String {
        let ty = self.resolved(id);
        if let Some(name) = self.resources.get(&ty.id) {
            return name.clone();
        }
        let name = self.name(ty.name.as_deref().unwrap_or_default());
        let class = self.runtime("ResourceType");
        let class_name = quoted(self.names.type_name(ty.id));
        let value = Doc::call(format!("new {class}"), vec![Doc::text(class_name)]);
        self.constant(&name, value);
        self.resources.insert(ty.id, name.clone());
        name
    }

    fn resolved(&self, id: TypeId) -> &'a TypeDef {
        match self.world.resolve_alias(Type::Id(id)) {
            Type::Id(id) => self.world.type_def(id),
            _ => self.world.type_def(id),
        }
    }

    /// The constant with the names of an enum's or a variant's cases, or of flags.
    pub(super) fn list(&mut self, ty: &TypeDef) -> String {
        if let Some(name) = self.lists.get(&ty.id) {
            return name.clone();
        }
        let (suffix, items): (_, Vec<String>) = match &ty.kind {
            TypeKind::Enum { cases, .. } => ("cases", cases.iter().map(|case| case.name.clone()).collect()),
            TypeKind::Variant { cases, .. } => ("tags", cases.iter().map(|case| case.name.clone()).collect()),
            TypeKind::Flags { flags } => ("names", flags.iter().map(|flag| property(&flag.name)).collect()),
            _ => ("names", Vec::new()),
        };
        let stem = format!("{}-{suffix}", ty.name.as_deref().unwrap_or_default());
        let key = (stem, items);
        let name = match self.texts.get(&key) {
            Some(name) => name.clone(),
            None => {
                let name = self.name(&key.0);
                self.strings(&name, &key.1);
                self.texts.insert(key, name.clone());
                name
            }
        };
        self.lists.insert(ty.id, name.clone());
        name
    }

    /// The constant with the tags of what has cases, but no name.
    pub(super) fn tags(&mut self, name: &'static str, items: [&str; 2]) -> &'static str {
        if self.tags.insert(name, ()).is_none() {
            self.strings(name, &items.map(str::to_owned));
        }
        name
    }

    fn strings(&mut self, name: &str, items: &[String]) {
        let items = items.iter().map(|item| Doc::text(quoted(item))).collect();
        self.constant(name, super::text::group("[", items, "]"));
    }

    fn constant(&mut self, name: &str, value: Doc) {
        let mut lines = super::text::Lines::default();
        lines.assign(&format!("const {name}"), value);
        self.constants.extend(lines.lines);
    }

    /// The function that checks values of a type, to be handed on.
    pub(super) fn check(&mut self, ty: Type) -> witgen_diag::Result<String> {
        let ty = self.world.resolve_alias(ty);
        if let Some(name) = primitive_check(ty) {
            return Ok(self.runtime(name).to_owned());
        }
        if let Some(name) = self.checks.get(&ty) {
            return Ok(name.clone());
        }
        let shown = self.shown(ty);
        let lines = Checker::helper(self, ty)?;
        let doc = match ty {
            Type::Id(id) => self.names_of(self.world.type_def(id)),
            _ => shown.clone(),
        };
        // An interface that is imported and exported has its types twice.
        let known = self.helpers.iter().find(|known| known.doc == doc && known.lines == lines);
        let name = match known {
            Some(known) => known.name.clone(),
            None => {
                let name = self.name(&format!("check-{shown}"));
                self.helpers.push(HelperView { doc, name: name.clone(), lines });
                name
            }
        };
        self.checks.insert(ty, name.clone());
        Ok(name)
    }

    /// A type in comments.
    fn names_of(&self, ty: &TypeDef) -> String {
        match &ty.name {
            Some(name) => match self.names.module_of(ty) {
                Some(id) => format!("`{name}` of `{}`", self.world.interface(id).key),
                None => format!("`{name}`"),
            },
            None => format!("`{}`", self.shown(Type::Id(ty.id)).replace('-', " ")),
        }
    }

    /// A type as a part of names, with hyphens.
    fn shown(&self, ty: Type) -> String {
        let Type::Id(id) = self.world.resolve_alias(ty) else {
            return format!("{ty:?}").to_lowercase();
        };
        let def = self.world.type_def(id);
        if let Some(name) = &def.name {
            return name.clone();
        }
        let or_nothing = |ty: Option<Type>| ty.map_or_else(|| "nothing".to_owned(), |ty| self.shown(ty));
        match &def.kind {
            TypeKind::List(element) => format!("{}-list", self.shown(*element)),
            TypeKind::Option { some, .. } => format!("{}-option", self.shown(*some)),
            TypeKind::Tuple { types, .. } => {
                let parts: Vec<String> = types.iter().map(|ty| self.shown(*ty)).collect();
                format!("{}-tuple", parts.join("-"))
            }
            TypeKind::Map(key, value) => format!("{}-{}-map", self.shown(*key), self.shown(*value)),
            TypeKind::Result { ok, err, .. } => format!("{}-{}-result", or_nothing(*ok), or_nothing(*err)),
            TypeKind::Own(id) => format!("own-{}", self.shown(Type::Id(*id))),
            TypeKind::Borrow(id) => format!("borrowed-{}", self.shown(Type::Id(*id))),
            _ => "value".to_owned(),
        }
    }

    /// What a value of a type is called where nothing else gives it a name.
    pub(super) fn stem(&self, ty: TypeId) -> String {
        let def = self.world.type_def(ty);
        let name = match (&def.name, &def.kind) {
            (Some(name), _) => name.clone(),
            (None, TypeKind::Tuple { .. }) => "tuple".to_owned(),
            (None, TypeKind::Map(..)) => "map".to_owned(),
            (None, TypeKind::Result { .. }) => "result".to_owned(),
            (None, TypeKind::Option { .. }) => "option".to_owned(),
            (None, _) => "item".to_owned(),
        };
        cased(Case::LowerCamel, &name)
    }

    /// Whether a value of a type has handles inside, or borrowed handles.
    pub(super) fn has_handles(&self, ty: Type, borrowed: bool) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        let any = |types: &[Type]| types.iter().any(|ty| self.has_handles(*ty, borrowed));
        match &self.world.type_def(id).kind {
            TypeKind::Own(_) => !borrowed,
            TypeKind::Borrow(_) => true,
            TypeKind::Record { fields } => fields.iter().any(|field| self.has_handles(field.ty, borrowed)),
            TypeKind::Variant { cases, .. } => {
                cases.iter().filter_map(|case| case.ty).any(|ty| self.has_handles(ty, borrowed))
            }
            TypeKind::Tuple { types, .. } => any(types),
            TypeKind::List(ty) | TypeKind::Option { some: ty, .. } => self.has_handles(*ty, borrowed),
            TypeKind::Result { ok, err, .. } => {
                ok.iter().chain(err).any(|ty| self.has_handles(*ty, borrowed))
            }
            TypeKind::Map(key, value) => any(&[*key, *value]),
            _ => false,
        }
    }

    /// The resource that a handle borrows.
    pub(super) fn lent(&self, ty: Type) -> Option<TypeId> {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return None };
        match self.world.type_def(id).kind {
            TypeKind::Borrow(resource) => Some(resource),
            _ => None,
        }
    }

    /// Whether a type is an option.
    pub(super) fn is_option(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Option { .. })
    }
}

/// The runtime's function that checks numbers, bools, chars and strings.
fn primitive_check(ty: Type) -> Option<&'static str> {
    Some(match ty {
        Type::Bool => "checkBool",
        Type::U8 => "checkU8",
        Type::U16 => "checkU16",
        Type::U32 => "checkU32",
        Type::U64 => "checkU64",
        Type::S8 => "checkS8",
        Type::S16 => "checkS16",
        Type::S32 => "checkS32",
        Type::S64 => "checkS64",
        Type::F32 | Type::F64 => "checkFloat",
        Type::Char => "checkChar",
        Type::String => "checkString",
        Type::ErrorContext | Type::Id(_) => return None,
    })
}

/// The typed array of a list of plain numbers.
pub(super) fn typed_array(element: Type) -> Option<&'static str> {
    Some(match element {
        Type::U8 => "Uint8Array",
        Type::S8 => "Int8Array",
        Type::U16 => "Uint16Array",
        Type::S16 => "Int16Array",
        Type::U32 => "Uint32Array",
        Type::S32 => "Int32Array",
        Type::U64 => "BigUint64Array",
        Type::S64 => "BigInt64Array",
        Type::F32 => "Float32Array",
        Type::F64 => "Float64Array",
        Type::Bool | Type::Char | Type::String | Type::ErrorContext | Type::Id(_) => return None,
    })
}
