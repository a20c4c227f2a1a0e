//! How WIT types are spelled in TypeScript.

use std::collections::BTreeMap;

use witgen_backend::Scope;
use witgen_ir::{Function, InterfaceId, Type, TypeDef, TypeId, TypeKind, World};

use crate::names::{self, Names, specifier};
use crate::pretty::{Doc, type_import};

/// Who makes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// The user: more than one form is taken.
    User,
    /// The bindings: it has one form.
    Bindings,
}

/// The file that types are spelled in: what it must import is noted as they are.
#[derive(Clone)]
pub(crate) struct Speller<'a> {
    world: &'a World,
    names: &'a Names<'a>,
    /// The path of the file without its extension.
    path: String,
    /// The module whose types need no prefix; none in a file of its own.
    home: Option<Option<InterfaceId>>,
    scope: Scope,
    imports: BTreeMap<Option<InterfaceId>, String>,
    generics: BTreeMap<&'static str, String>,
}

impl<'a> Speller<'a> {
    /// In the module of an interface or of the world.
    pub(crate) fn module(world: &'a World, names: &'a Names<'a>, id: Option<InterfaceId>) -> Self {
        let module = names.module(id);
        Self::new(world, names, module.path.clone(), Some(id), module.scope.clone())
    }

    /// In a file that declares no WIT types, where `scope` holds what it declares.
    pub(crate) fn file(world: &'a World, names: &'a Names<'a>, path: &str, scope: Scope) -> Self {
        Self::new(world, names, path.to_owned(), None, scope)
    }

    fn new(
        world: &'a World,
        names: &'a Names<'a>,
        path: String,
        home: Option<Option<InterfaceId>>,
        scope: Scope,
    ) -> Self {
        Self { world, names, path, home, scope, imports: BTreeMap::new(), generics: BTreeMap::new() }
    }

    /// The namespace imports that the spelled types need: name and specifier, by specifier.
    pub(crate) fn imports(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = self
            .imports
            .iter()
            .map(|(id, name)| {
                let target = format!("{}.js", self.names.module(*id).path);
                (name.clone(), specifier(&self.path, &target))
            })
            .collect();
        found.sort_by(|a, b| a.1.cmp(&b.1));
        found
    }

    /// The import of `Result` and `Option`, when one is used.
    pub(crate) fn generics(&self) -> Option<String> {
        if self.generics.is_empty() {
            return None;
        }
        let items = self.generics.iter().map(|(name, local)| match name == local {
            true => local.clone(),
            false => format!("{name} as {local}"),
        });
        let from = specifier(&self.path, "_witgen/generics.js");
        Some(type_import(&items.collect::<Vec<_>>(), &from))
    }

    /// A type.
    pub(crate) fn ty(&mut self, ty: Type, maker: Maker) -> Doc {
        match ty {
            Type::Bool => Doc::text("boolean"),
            Type::U64 | Type::S64 => Doc::text("bigint"),
            Type::Char | Type::String => Doc::text("string"),
            Type::ErrorContext => Doc::text("never"),
            Type::Id(id) => self.type_id(id, maker),
            Type::U8 | Type::U16 | Type::U32 | Type::S8 | Type::S16 | Type::S32 | Type::F32 | Type::F64 => {
                Doc::text("number")
            }
        }
    }

    fn type_id(&mut self, id: TypeId, maker: Maker) -> Doc {
        let ty = self.world.type_def(id);
        match ty.name {
            Some(_) => Doc::text(self.named(ty)),
            None => self.kind(&ty.kind, maker),
        }
    }

    /// The name of a named type, with the module in front when it is another one.
    pub(crate) fn named(&mut self, ty: &TypeDef) -> String {
        let name = self.names.type_name(ty.id);
        let module = self.names.module_of(ty);
        if self.home == Some(module) {
            return name.to_owned();
        }
        if !self.imports.contains_key(&module) {
            let ident = self.scope.unique(self.names.module(module).ident.clone());
            self.imports.insert(module, ident);
        }
        format!("{}.{name}", self.imports[&module])
    }

    /// A type by what it is, without its name.
    pub(crate) fn kind(&mut self, kind: &TypeKind, maker: Maker) -> Doc {
        match kind {
            TypeKind::Alias(target) => self.ty(*target, maker),
            TypeKind::List(element) => self.list(*element, maker),
            TypeKind::Tuple { types, .. } => {
                Doc::tuple(types.iter().map(|element| self.ty(*element, maker)).collect())
            }
            TypeKind::Map(key, value) => {
                let items = vec![self.ty(*key, maker), self.ty(*value, maker)];
                Doc::generic("Map", items)
            }
            TypeKind::Option { some, .. } if self.is_option(*some) => {
                let items = vec![self.ty(*some, maker)];
                Doc::generic(&self.generic("Option"), items)
            }
            TypeKind::Option { some, .. } => Doc::Union(vec![self.ty(*some, maker), Doc::text("undefined")]),
            TypeKind::Result { ok, err, .. } => {
                let items = vec![self.payload(*ok, maker), self.payload(*err, maker)];
                Doc::generic(&self.generic("Result"), items)
            }
            TypeKind::Own(id) | TypeKind::Borrow(id) => {
                let ty = self.world.type_def(*id);
                Doc::text(self.named(ty))
            }
            // Named types are spelled by their names, and the support table denies the others.
            TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Flags { .. }
            | TypeKind::Resource
            | TypeKind::FixedLengthList(..)
            | TypeKind::Future(_)
            | TypeKind::Stream(_) => Doc::text("never"),
        }
    }

    fn list(&mut self, element: Type, maker: Maker) -> Doc {
        let array = match self.world.resolve_alias(element) {
            Type::U8 => return Doc::text("Uint8Array"),
            Type::S8 => "Int8Array",
            Type::U16 => "Uint16Array",
            Type::S16 => "Int16Array",
            Type::U32 => "Uint32Array",
            Type::S32 => "Int32Array",
            Type::U64 => "BigUint64Array",
            Type::S64 => "BigInt64Array",
            Type::F32 => "Float32Array",
            Type::F64 => "Float64Array",
            Type::Bool | Type::Char | Type::String | Type::ErrorContext | Type::Id(_) => {
                let is_union = matches!(self.anonymous(element), Some(TypeKind::Option { some, .. }) if !self.is_option(*some))
                    || (maker == Maker::User && self.is_numeric_list(element));
                let element = self.ty(element, maker);
                let (open, close) = if is_union { ("(", ")[]") } else { ("", "[]") };
                return Doc::Concat(vec![Doc::text(open), element, Doc::text(close)]);
            }
        };
        match maker {
            Maker::Bindings => Doc::text(array),
            Maker::User => {
                let element = self.ty(element, maker).flat();
                Doc::Union(vec![Doc::text(array), Doc::text(format!("{element}[]"))])
            }
        }
    }

    /// The result of a function: the `ok` type of a result.
    pub(crate) fn result(&mut self, func: &Function, maker: Maker) -> Doc {
        let Some(result) = func.result else { return Doc::text("void") };
        match self.whole_result(result) {
            Some((Some(ok), _)) => self.ty(ok, maker),
            Some((None, _)) => Doc::text("void"),
            None => self.ty(result, maker),
        }
    }

    /// The types of a result type.
    pub(crate) fn whole_result(&self, ty: Type) -> Option<(Option<Type>, Option<Type>)> {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return None };
        match self.world.type_def(id).kind {
            TypeKind::Result { ok, err, .. } => Some((ok, err)),
            _ => None,
        }
    }

    /// The parameters of a function, `name: type` each. Options at the end may be left out by a caller.
    pub(crate) fn params(&mut self, func: &Function, maker: Maker) -> Vec<Doc> {
        let names = names::param_names(func);
        let required =
            func.params.iter().rposition(|param| !self.is_plain_option(param.ty)).map_or(0, |last| last + 1);
        let pairs = names.iter().zip(&func.params).enumerate();
        pairs
            .map(|(index, (name, param))| {
                let mark = if maker == Maker::User && index >= required { "?" } else { "" };
                Doc::Concat(vec![Doc::text(format!("{name}{mark}: ")), self.ty(param.ty, maker)])
            })
            .collect()
    }

    /// Whether `ty` is an option, under whatever name.
    pub(crate) fn is_option(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Option { .. })
    }

    /// Whether `ty` is an option whose `none` is `undefined`.
    pub(crate) fn is_plain_option(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Option { some, .. } if !self.is_option(some))
    }

    fn is_numeric_list(&self, ty: Type) -> bool {
        let Some(TypeKind::List(element)) = self.anonymous(ty) else { return false };
        !matches!(
            self.world.resolve_alias(*element),
            Type::U8 | Type::Bool | Type::Char | Type::String | Type::ErrorContext | Type::Id(_)
        )
    }

    fn anonymous(&self, ty: Type) -> Option<&TypeKind> {
        let Type::Id(id) = ty else { return None };
        let ty = self.world.type_def(id);
        ty.name.is_none().then_some(&ty.kind)
    }

    fn payload(&mut self, ty: Option<Type>, maker: Maker) -> Doc {
        ty.map_or(Doc::text("undefined"), |ty| self.ty(ty, maker))
    }

    fn generic(&mut self, name: &'static str) -> String {
        if let Some(local) = self.generics.get(name) {
            return local.clone();
        }
        let local = self.scope.unique(name.to_owned());
        self.generics.insert(name, local.clone());
        local
    }
}
