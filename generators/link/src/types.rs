//! The types and signatures of a plan: each once, in the order in which functions mention them.

use std::collections::HashMap;

use wasmtime_environ::component::{ComponentTypes, InterfaceType, TypeFuncIndex};
use witgen_diag::Result;

use crate::inexpressible;
use crate::plan::{Func, Type, TypeRef};
use crate::validate::async_functions;

/// Collects the types of one component.
pub(crate) struct Types<'a> {
    source: &'a ComponentTypes,
    types: Vec<Type>,
    places: HashMap<Type, usize>,
    funcs: Vec<Func>,
    func_places: HashMap<TypeFuncIndex, usize>,
}

impl<'a> Types<'a> {
    pub(crate) fn new(source: &'a ComponentTypes) -> Self {
        Self {
            source,
            types: Vec::new(),
            places: HashMap::new(),
            funcs: Vec::new(),
            func_places: HashMap::new(),
        }
    }

    /// The place of a signature in the plan.
    pub(crate) fn func(&mut self, index: TypeFuncIndex) -> Result<usize> {
        if let Some(place) = self.func_places.get(&index) {
            return Ok(*place);
        }
        let func = &self.source[index];
        if func.async_ {
            return Err(async_functions().into());
        }
        let mut params = Vec::new();
        for (name, ty) in func.param_names.iter().zip(&self.source[func.params].types) {
            params.push((name.clone(), self.ty(ty)?));
        }
        let result = self.source[func.results].types.first().map(|ty| self.ty(ty)).transpose()?;
        let place = self.funcs.len();
        self.funcs.push(Func { params, result });
        self.func_places.insert(index, place);
        Ok(place)
    }

    pub(crate) fn finish(self) -> (Vec<Func>, Vec<Type>) {
        (self.funcs, self.types)
    }

    fn ty(&mut self, ty: &InterfaceType) -> Result<TypeRef> {
        if let Some(name) = plain(ty) {
            return Ok(TypeRef::Plain(name));
        }
        let source = self.source;
        let ty = match ty {
            InterfaceType::Record(index) => {
                let fields = source[*index].fields.iter();
                Type::Record {
                    fields: fields
                        .map(|field| Ok((field.name.clone(), self.ty(&field.ty)?)))
                        .collect::<Result<_>>()?,
                }
            }
            InterfaceType::Variant(index) => {
                let cases = source[*index].cases.iter();
                Type::Variant {
                    cases: cases
                        .map(|(name, ty)| Ok((name.clone(), self.optional(ty.as_ref())?)))
                        .collect::<Result<_>>()?,
                }
            }
            InterfaceType::List(index) => Type::List { element: self.ty(&source[*index].element)? },
            InterfaceType::Map(index) => {
                Type::Map { key: self.ty(&source[*index].key)?, value: self.ty(&source[*index].value)? }
            }
            InterfaceType::Tuple(index) => {
                let types = source[*index].types.iter();
                Type::Tuple { types: types.map(|ty| self.ty(ty)).collect::<Result<_>>()? }
            }
            InterfaceType::Flags(index) => {
                Type::Flags { names: source[*index].names.iter().cloned().collect() }
            }
            InterfaceType::Enum(index) => {
                Type::Enum { names: source[*index].names.iter().cloned().collect() }
            }
            InterfaceType::Option(index) => Type::Option { some: self.ty(&source[*index].ty)? },
            InterfaceType::Result(index) => {
                let (ok, err) = (source[*index].ok, source[*index].err);
                Type::Result { ok: self.optional(ok.as_ref())?, err: self.optional(err.as_ref())? }
            }
            InterfaceType::Own(table) => Type::Own { table: table.as_u32() as usize },
            InterfaceType::Borrow(table) => Type::Borrow { table: table.as_u32() as usize },
            InterfaceType::Future(_) => return Err(inexpressible("the type `future`").into()),
            InterfaceType::Stream(_) => return Err(inexpressible("the type `stream`").into()),
            InterfaceType::ErrorContext(_) => return Err(inexpressible("the type `error-context`").into()),
            _ => return Err(inexpressible("lists of a fixed length").into()),
        };
        Ok(TypeRef::Index(self.place(ty)))
    }

    fn optional(&mut self, ty: Option<&InterfaceType>) -> Result<Option<TypeRef>> {
        ty.map(|ty| self.ty(ty)).transpose()
    }

    fn place(&mut self, ty: Type) -> usize {
        let next = self.types.len();
        let place = *self.places.entry(ty.clone()).or_insert(next);
        if place == next {
            self.types.push(ty);
        }
        place
    }
}

fn plain(ty: &InterfaceType) -> Option<&'static str> {
    Some(match ty {
        InterfaceType::Bool => "bool",
        InterfaceType::S8 => "s8",
        InterfaceType::U8 => "u8",
        InterfaceType::S16 => "s16",
        InterfaceType::U16 => "u16",
        InterfaceType::S32 => "s32",
        InterfaceType::U32 => "u32",
        InterfaceType::S64 => "s64",
        InterfaceType::U64 => "u64",
        InterfaceType::Float32 => "f32",
        InterfaceType::Float64 => "f64",
        InterfaceType::Char => "char",
        InterfaceType::String => "string",
        _ => return None,
    })
}
