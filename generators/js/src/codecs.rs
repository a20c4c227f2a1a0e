//! How values cross the boundary: expressions of the runtime's codecs.

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Function, Type, TypeDef, TypeId, TypeKind, World};
use witgen_templates::js::guest::{CodecBody, CodecView, SignatureView};

use crate::names::{self, Names, property};
use crate::pretty::{Doc, WIDTH, assignment, property_name, quoted};

/// Where codecs of named types are, as seen from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the same file.
    Here,
    /// In a module that the file imports.
    Imported,
}

/// A value never stands on a line of its own behind a shorter key.
const SHORT_KEY: usize = 5;

/// Makes codec expressions.
pub(crate) struct Codecs<'a> {
    world: &'a World,
    names: &'a Names<'a>,
    place: Place,
    /// Whether a codec of a named type was used.
    pub(crate) uses_types: bool,
}

impl<'a> Codecs<'a> {
    pub(crate) fn new(world: &'a World, names: &'a Names<'a>, place: Place) -> Self {
        Self { world, names, place, uses_types: false }
    }

    /// The codec of `ty`.
    pub(crate) fn ty(&mut self, ty: Type) -> witgen_diag::Result<Doc> {
        let name = match ty {
            Type::Bool => "bool",
            Type::U8 => "u8",
            Type::U16 => "u16",
            Type::U32 => "u32",
            Type::U64 => "u64",
            Type::S8 => "s8",
            Type::S16 => "s16",
            Type::S32 => "s32",
            Type::S64 => "s64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::Char => "char",
            Type::String => "string",
            Type::ErrorContext => return Err(denied("an error context")),
            Type::Id(id) => {
                let def = self.world.type_def(id);
                return match (&def.kind, &def.name) {
                    (TypeKind::Alias(target), _) => self.ty(*target),
                    (_, Some(_)) => Ok(self.named(def)),
                    (kind, None) => self.anonymous(kind),
                };
            }
        };
        Ok(Doc::text(format!("_witgen.{name}")))
    }

    pub(crate) fn named(&mut self, ty: &TypeDef) -> Doc {
        self.uses_types = true;
        let name = self.names.codec_name(ty.id);
        Doc::text(match self.place {
            Place::Here => name.to_owned(),
            Place::Imported => format!("_witgenTypes.{name}"),
        })
    }

    fn anonymous(&mut self, kind: &TypeKind) -> witgen_diag::Result<Doc> {
        let (function, types): (_, Vec<Option<Type>>) = match kind {
            TypeKind::List(element) => ("list", vec![Some(*element)]),
            TypeKind::Tuple { types, .. } => ("tuple", types.iter().copied().map(Some).collect()),
            TypeKind::Map(key, value) => ("map", vec![Some(*key), Some(*value)]),
            TypeKind::Option { some, .. } => ("option", vec![Some(*some)]),
            TypeKind::Result { ok, err, .. } => ("result", vec![*ok, *err]),
            TypeKind::Own(id) => return self.handle(*id, "own"),
            TypeKind::Borrow(id) => return self.handle(*id, "borrow"),
            TypeKind::FixedLengthList(..) => return Err(denied("a list of fixed length")),
            TypeKind::Future(_) | TypeKind::Stream(_) => return Err(denied("a stream or future")),
            TypeKind::Alias(target) => return self.ty(*target),
            TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Flags { .. }
            | TypeKind::Resource => return Err(denied("a type without a name")),
        };
        let items: witgen_diag::Result<Vec<Doc>> = types
            .into_iter()
            .map(|ty| match ty {
                Some(ty) => self.ty(ty),
                None => Ok(Doc::text("undefined")),
            })
            .collect();
        Ok(Doc::call(format!("_witgen.{function}"), items?))
    }

    fn handle(&mut self, id: TypeId, kind: &str) -> witgen_diag::Result<Doc> {
        let Type::Id(id) = self.world.resolve_alias(Type::Id(id)) else { return Err(denied("a handle")) };
        let codec = self.named(self.world.type_def(id));
        Ok(Doc::text(format!("{}.{kind}", codec.flat())))
    }

    /// The definition of the codec of a named type; none for an alias, which has none.
    pub(crate) fn definition(&mut self, ty: &TypeDef) -> witgen_diag::Result<Option<CodecView>> {
        let name = self.names.codec_name(ty.id).to_owned();
        let strings =
            |names: Vec<String>| names.iter().map(|name| Doc::text(quoted(name))).collect::<Vec<_>>();
        let body = match &ty.kind {
            TypeKind::Alias(_) => return Ok(None),
            TypeKind::Resource => {
                let class = format!("name: {}", quoted(self.names.type_name(ty.id)));
                CodecBody::Object { function: "resource", properties: vec![class] }
            }
            TypeKind::Record { fields } => {
                let properties: witgen_diag::Result<Vec<String>> = fields
                    .iter()
                    .map(|field| self.property(2, &property(&field.name), Some(field.ty)))
                    .collect();
                CodecBody::Object { function: "record", properties: properties? }
            }
            TypeKind::Variant { cases, .. } => {
                let properties: witgen_diag::Result<Vec<String>> =
                    cases.iter().map(|case| self.property(2, &case.name, case.ty)).collect();
                CodecBody::Object { function: "variant", properties: properties? }
            }
            TypeKind::Enum { cases, .. } => {
                let items = strings(cases.iter().map(|case| case.name.clone()).collect());
                self.constant(&name, Doc::call("_witgen.enumeration", items))
            }
            TypeKind::Flags { flags } => {
                let items = strings(flags.iter().map(|flag| property(&flag.name)).collect());
                self.constant(&name, Doc::call("_witgen.flags", items))
            }
            kind => {
                let doc = self.anonymous(kind)?;
                self.constant(&name, doc)
            }
        };
        let wit_name = self.wit_name(ty);
        Ok(Some(CodecView { wit_name, name, body }))
    }

    fn wit_name(&self, ty: &TypeDef) -> String {
        let name = ty.name.as_deref().unwrap_or_default();
        match self.names.module_of(ty) {
            Some(id) => format!("`{name}` of `{}`", self.world.interface(id).key),
            None => format!("`{name}`"),
        }
    }

    fn constant(&self, name: &str, doc: Doc) -> CodecBody {
        CodecBody::Expression(assignment(&format!("export const {name}"), doc))
    }

    /// `name: codec`, behind `indent` spaces that are not printed.
    fn property(&mut self, indent: usize, name: &str, ty: Option<Type>) -> witgen_diag::Result<String> {
        let codec = match ty {
            Some(ty) => self.ty(ty)?,
            None => Doc::text("undefined"),
        };
        let name = property_name(name);
        // A comma stands behind it, so the line is one shorter.
        let is_long = indent + name.len() + 2 + codec.flat().len() + 1 > WIDTH;
        if is_long && matches!(codec, Doc::Text(_)) && name.len() >= SHORT_KEY {
            return Ok(format!("{name}:\n{}{}", " ".repeat(indent + 2), codec.flat()));
        }
        let doc = Doc::Concat(vec![Doc::text(format!("{name}: ")), codec, Doc::text(",")]);
        let text = doc.lines(indent);
        Ok(text.trim_start().strip_suffix(',').unwrap_or_default().to_owned())
    }

    /// What the runtime must know of a function.
    pub(crate) fn signature(
        &mut self,
        indent: &'static str,
        func: &Function,
    ) -> witgen_diag::Result<SignatureView> {
        let wit = match func.interface {
            Some(id) => format!("{}#{}", self.world.interface(id).key, func.wit_name),
            None => func.wit_name.clone(),
        };
        let names = names::param_names(func);
        let params: witgen_diag::Result<Vec<String>> = names
            .iter()
            .zip(&func.params)
            .map(|(name, param)| self.property(indent.len() + 2, name, Some(param.ty)))
            .collect();
        let result = match func.result {
            Some(ty) => Some(self.property(indent.len(), "result", Some(ty))?),
            None => None,
        };
        Ok(SignatureView { indent, name: format!("name: {}", quoted(&wit)), params: params?, result })
    }
}

/// The support table keeps these from coming here.
fn denied(what: &str) -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, format!("the JavaScript backend was given {what}")).into()
}
