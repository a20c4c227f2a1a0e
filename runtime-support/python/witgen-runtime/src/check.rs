//! Compares the types that bindings were generated from with those that a component has.

use std::sync::Arc;

use wasmtime::component::ResourceType as Identity;
use wasmtime::component::types::{ComponentFunc, Type};

use crate::plan::{Field, Kind, Resource, Signature, Ty};

/// Which resource of the component each resource of the bindings is.
#[derive(Default)]
pub struct Resources(Vec<(Arc<Resource>, Identity)>);

/// What is different: words for where, and what was found.
type Outcome = Result<(), String>;

impl Resources {
    /// Compares a function.
    pub fn signature(&mut self, ours: &Signature, theirs: &ComponentFunc) -> Outcome {
        if theirs.async_() {
            return Err("it is async in the component".to_owned());
        }
        let params: Vec<_> = theirs.params().collect();
        if params.len() != ours.params.len() {
            return Err(format!("it has {} parameters, not {}", params.len(), ours.params.len()));
        }
        for (ours, (name, theirs)) in ours.params.iter().zip(params) {
            if ours.name != name {
                return Err(format!("a parameter is called `{name}`, not `{}`", ours.name));
            }
            self.ty(&ours.ty, &theirs).map_err(|what| format!("parameter `{name}`: {what}"))?;
        }
        match (&ours.result, theirs.results().next()) {
            (None, None) => Ok(()),
            (Some(ours), Some(theirs)) => self.ty(ours, &theirs).map_err(|what| format!("result: {what}")),
            (None, Some(theirs)) => Err(format!("it returns a {}", word(&theirs))),
            (Some(_), None) => Err("it returns nothing".to_owned()),
        }
    }

    fn ty(&mut self, ours: &Ty, theirs: &Type) -> Outcome {
        match (&ours.kind, theirs) {
            (Kind::Bool, Type::Bool)
            | (Kind::S8, Type::S8)
            | (Kind::U8, Type::U8)
            | (Kind::S16, Type::S16)
            | (Kind::U16, Type::U16)
            | (Kind::S32, Type::S32)
            | (Kind::U32, Type::U32)
            | (Kind::S64, Type::S64)
            | (Kind::U64, Type::U64)
            | (Kind::F32, Type::Float32)
            | (Kind::F64, Type::Float64)
            | (Kind::Char, Type::Char)
            | (Kind::String, Type::String) => Ok(()),
            (Kind::List { element, .. }, Type::List(list)) => self.ty(element, &list.ty()),
            (Kind::Map { entry }, Type::Map(map)) => self.tuple(entry, [map.key(), map.value()].into_iter()),
            (Kind::Tuple(_), Type::Tuple(tuple)) => self.tuple(ours, tuple.types()),
            (Kind::Record { fields, .. }, Type::Record(record)) => {
                names(fields.iter().map(|field| &*field.name), record.fields().map(|field| field.name))?;
                self.fields(fields, record.fields().map(|field| field.ty))
            }
            (Kind::Variant { cases, .. }, Type::Variant(variant)) => {
                names(cases.iter().map(|case| &*case.name), variant.cases().map(|case| case.name))?;
                for (ours, theirs) in cases.iter().zip(variant.cases()) {
                    let payload = ours.payload.as_ref().map(|(_, ty)| ty);
                    self.payload(payload, theirs.ty.as_ref())
                        .map_err(|what| format!("case `{}`: {what}", ours.name))?;
                }
                Ok(())
            }
            (Kind::Enum { names: ours, .. }, Type::Enum(theirs)) => {
                names(ours.iter().map(|name| &**name), theirs.names())
            }
            (Kind::Flags { names: ours, .. }, Type::Flags(theirs)) => {
                names(ours.iter().map(|name| &**name), theirs.names())
            }
            (Kind::Option { some, .. }, Type::Option(option)) => self.ty(some, &option.ty()),
            (Kind::Result { ok, err, .. }, Type::Result(result)) => {
                self.payload(ok.as_ref(), result.ok().as_ref()).map_err(|what| format!("ok: {what}"))?;
                self.payload(err.as_ref(), result.err().as_ref()).map_err(|what| format!("error: {what}"))
            }
            (Kind::Own(ours), Type::Own(theirs)) | (Kind::Borrow(ours), Type::Borrow(theirs)) => {
                self.resource(ours, *theirs)
            }
            (ours, theirs) => Err(format!("it is a {}, not a {}", word(theirs), own_word(ours))),
        }
    }

    fn tuple(&mut self, ours: &Ty, theirs: impl ExactSizeIterator<Item = Type>) -> Outcome {
        let Kind::Tuple(fields) = &ours.kind else { return Ok(()) };
        if fields.len() != theirs.len() {
            return Err(format!("a tuple has {} elements, not {}", theirs.len(), fields.len()));
        }
        self.fields(fields, theirs)
    }

    fn fields(&mut self, ours: &[Field], theirs: impl Iterator<Item = Type>) -> Outcome {
        for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            self.ty(&ours.ty, &theirs).map_err(|what| match &*ours.name {
                "" => format!("element {index}: {what}"),
                name => format!("field `{name}`: {what}"),
            })?;
        }
        Ok(())
    }

    fn payload(&mut self, ours: Option<&Arc<Ty>>, theirs: Option<&Type>) -> Outcome {
        match (ours, theirs) {
            (None, None) => Ok(()),
            (Some(ours), Some(theirs)) => self.ty(ours, theirs),
            (None, Some(theirs)) => Err(format!("it carries a {}", word(theirs))),
            (Some(_), None) => Err("it carries nothing".to_owned()),
        }
    }

    fn resource(&mut self, ours: &Arc<Resource>, theirs: Identity) -> Outcome {
        for (known, identity) in &self.0 {
            if Arc::ptr_eq(known, ours) != (*identity == theirs) {
                return Err(format!("it is another resource than `{}`", ours.name));
            }
        }
        if !self.0.iter().any(|(known, _)| Arc::ptr_eq(known, ours)) {
            self.0.push((ours.clone(), theirs));
        }
        Ok(())
    }
}

fn names<'a>(ours: impl Iterator<Item = &'a str>, theirs: impl Iterator<Item = &'a str>) -> Outcome {
    let [ours, theirs]: [Vec<&str>; 2] = [ours.collect(), theirs.collect()];
    match ours == theirs {
        true => Ok(()),
        false => Err(format!("it has {}, not {}", theirs.join(", "), ours.join(", "))),
    }
}

fn word(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::S8 => "s8",
        Type::U8 => "u8",
        Type::S16 => "s16",
        Type::U16 => "u16",
        Type::S32 => "s32",
        Type::U32 => "u32",
        Type::S64 => "s64",
        Type::U64 => "u64",
        Type::Float32 => "f32",
        Type::Float64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::List(_) => "list",
        Type::Map(_) => "map",
        Type::Record(_) => "record",
        Type::Tuple(_) => "tuple",
        Type::Variant(_) => "variant",
        Type::Enum(_) => "enum",
        Type::Option(_) => "option",
        Type::Result(_) => "result",
        Type::Flags(_) => "flags",
        Type::Own(_) => "own handle",
        Type::Borrow(_) => "borrowed handle",
        _ => "type of a newer WIT",
    }
}

fn own_word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Bool => "bool",
        Kind::S8 => "s8",
        Kind::U8 => "u8",
        Kind::S16 => "s16",
        Kind::U16 => "u16",
        Kind::S32 => "s32",
        Kind::U32 => "u32",
        Kind::S64 => "s64",
        Kind::U64 => "u64",
        Kind::F32 => "f32",
        Kind::F64 => "f64",
        Kind::Char => "char",
        Kind::String => "string",
        Kind::List { .. } => "list",
        Kind::Map { .. } => "map",
        Kind::Record { .. } => "record",
        Kind::Tuple(_) => "tuple",
        Kind::Variant { .. } => "variant",
        Kind::Enum { .. } => "enum",
        Kind::Option { .. } => "option",
        Kind::Result { .. } => "result",
        Kind::Flags { .. } => "flags",
        Kind::Own(_) => "own handle",
        Kind::Borrow(_) => "borrowed handle",
    }
}
