//! WIT types as the descriptors that the run time moves values by.

use witgen_ir::{Function, Type, TypeDef, TypeId, TypeKind, World};

use crate::layout::Node;
use crate::names::{Module, whole_result};
use crate::types::{Speller, denied};

impl Speller<'_> {
    /// The expression for `ty`.
    pub(crate) fn descriptor(&mut self, ty: Type) -> witgen_diag::Result<Node> {
        let id = match self.world.resolve_alias(ty) {
            Type::Id(id) => id,
            Type::ErrorContext => return Err(denied("error-context")),
            scalar => return Ok(Node::text(format!("bind.{}", scalar_word(scalar)))),
        };
        let world = self.world;
        match &world.type_def(id).kind {
            TypeKind::List(element) => Ok(made("list_of", vec![self.descriptor(*element)?])),
            TypeKind::Map(key, value) => {
                Ok(made("map_of", vec![self.descriptor(*key)?, self.descriptor(*value)?]))
            }
            TypeKind::Tuple { types, .. } => {
                let types =
                    types.iter().map(|ty| self.descriptor(*ty)).collect::<witgen_diag::Result<_>>()?;
                Ok(made("tuple_of", types))
            }
            TypeKind::Option { some, .. } => Ok(made("option_of", vec![self.descriptor(*some)?])),
            TypeKind::Result { ok, err, .. } => {
                Ok(made("result_of", vec![self.payload_descriptor(*ok)?, self.payload_descriptor(*err)?]))
            }
            TypeKind::Own(id) => Ok(made("own", vec![self.named_descriptor(*id)?])),
            TypeKind::Borrow(id) => Ok(made("borrow", vec![self.named_descriptor(*id)?])),
            TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Flags { .. } => self.named_descriptor(id),
            TypeKind::Resource => Err(denied("resource that is no handle")),
            TypeKind::Alias(_) => Err(denied("alias of itself")),
            TypeKind::FixedLengthList(..) => Err(denied("list of fixed length")),
            TypeKind::Future(_) => Err(denied("future")),
            TypeKind::Stream(_) => Err(denied("stream")),
        }
    }

    /// The expression for a payload that may be missing.
    pub(crate) fn payload_descriptor(&mut self, ty: Option<Type>) -> witgen_diag::Result<Node> {
        ty.map_or_else(|| Ok(Node::text("None")), |ty| self.descriptor(ty))
    }

    /// The expression that makes the descriptor of `def`; none for an alias, and for a resource.
    pub(crate) fn new_descriptor(
        &mut self,
        def: &TypeDef,
        class: &str,
        cases_classes: &[String],
    ) -> witgen_diag::Result<Option<Node>> {
        let names = |names: Vec<&str>| Node::list(names.into_iter().map(quoted).collect());
        Ok(Some(match &def.kind {
            TypeKind::Record { fields } => {
                let fields = fields.iter().map(|field| Ok(keyed(&field.name, self.descriptor(field.ty)?)));
                let fields = fields.collect::<witgen_diag::Result<_>>()?;
                made("record", vec![Node::text(class), Node::dict(fields)])
            }
            TypeKind::Variant { cases, .. } => {
                let cases = cases.iter().zip(cases_classes).map(|(case, class)| {
                    let payload = self.payload_descriptor(case.ty)?;
                    let pair = Node::Group {
                        head: "(".to_owned(),
                        items: vec![Node::text(class), payload],
                        close: ")",
                    };
                    Ok(keyed(&case.name, pair))
                });
                made("variant", vec![Node::dict(cases.collect::<witgen_diag::Result<_>>()?)])
            }
            TypeKind::Enum { cases, .. } => {
                let cases = cases.iter().map(|case| case.name.as_str()).collect();
                made("enumeration", vec![Node::text(class), names(cases)])
            }
            TypeKind::Flags { flags } => {
                let flags = flags.iter().map(|flag| flag.name.as_str()).collect();
                made("flags", vec![Node::text(class), names(flags)])
            }
            _ => return Ok(None),
        }))
    }

    /// The parameters of `function`, by their names in WIT.
    pub(crate) fn params_descriptor(&mut self, function: &Function) -> witgen_diag::Result<Node> {
        let params = function.params.iter().map(|param| Ok(keyed(&param.name, self.descriptor(param.ty)?)));
        Ok(Node::dict(params.collect::<witgen_diag::Result<_>>()?))
    }

    /// What `function` of `module` returns; where it is a list of numbers, maybe a view of them.
    pub(crate) fn result_descriptor(
        &mut self,
        module: &Module,
        function: &Function,
        is_view: bool,
    ) -> witgen_diag::Result<Node> {
        match (module.error(function), whole_result(self.world, function)) {
            (Some(error), Some((ok, err))) => {
                let given = self.given_descriptor(ok, is_view)?;
                Ok(made("raises", vec![given, self.payload_descriptor(err)?, Node::text(error)]))
            }
            _ => self.given_descriptor(function.result, is_view),
        }
    }

    fn given_descriptor(&mut self, ty: Option<Type>, is_view: bool) -> witgen_diag::Result<Node> {
        let mut node = self.payload_descriptor(ty)?;
        if let (Node::Group { items, .. }, true) = (&mut node, is_view) {
            items.push(Node::text("view=True"));
        }
        Ok(node)
    }

    fn named_descriptor(&mut self, id: TypeId) -> witgen_diag::Result<Node> {
        let Type::Id(id) = self.world.resolve_alias(Type::Id(id)) else {
            return Err(denied("type without a name"));
        };
        match self.names.type_name(id) {
            Some(name) => Ok(Node::text(self.import(name.module, &name.check))),
            None => Err(denied("type without a name")),
        }
    }
}

/// Text between quotes; names of WIT need no escapes.
pub(crate) fn quoted(text: &str) -> Node {
    Node::text(format!("\"{text}\""))
}

fn keyed(name: &str, value: Node) -> Node {
    Node::keyed(format!("\"{name}\": "), value)
}

fn made(name: &str, items: Vec<Node>) -> Node {
    Node::call(&format!("bind.{name}"), items)
}

/// Whether `ty` is a list of numbers that are wider than a byte.
pub(crate) fn is_list_of_numbers(world: &World, ty: Type) -> bool {
    let Type::Id(id) = world.resolve_alias(ty) else { return false };
    let TypeKind::List(element) = world.type_def(id).kind else { return false };
    match world.resolve_alias(element) {
        Type::U16 | Type::U32 | Type::U64 | Type::S8 | Type::S16 | Type::S32 | Type::S64 => true,
        Type::F32 | Type::F64 => true,
        Type::Bool | Type::U8 | Type::Char | Type::String | Type::ErrorContext | Type::Id(_) => false,
    }
}

fn scalar_word(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "BOOL",
        Type::U8 => "U8",
        Type::U16 => "U16",
        Type::U32 => "U32",
        Type::U64 => "U64",
        Type::S8 => "S8",
        Type::S16 => "S16",
        Type::S32 => "S32",
        Type::S64 => "S64",
        Type::F32 => "F32",
        Type::F64 => "F64",
        Type::Char => "CHAR",
        Type::String | Type::ErrorContext | Type::Id(_) => "STRING",
    }
}
