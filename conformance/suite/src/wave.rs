//! Values of the IR from WAVE, checked against their type.

use wasm_wave::ast::Node;
use wasm_wave::parser::ParserError;
use wasm_wave::untyped::UntypedValue;
use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Type, TypeKind, Value, World};

use crate::vectors::{Text, Vector};

/// The value of `vector`, which has to be a `ty` of `world`.
pub(crate) fn value(world: &World, ty: Type, vector: &Vector) -> witgen_diag::Result<Value> {
    let wave = &vector.wave;
    let parsed = UntypedValue::parse(&wave.text).map_err(|error| {
        Diagnostic::error(Id::InvalidVectors, "the value is no valid WAVE")
            .at(wave.part(error.span()), error.to_string())
            .help("put strings in double quotes, and separate the fields of a record with commas")
    })?;
    let reader = Reader { world, wave };
    let value = reader.read(ty, parsed.node()).map_err(|diagnostic| vec![*diagnostic])?;
    match (vector.times, &value) {
        (1, _) => Ok(value),
        (times, Value::String(_) | Value::List(_)) => Ok(Value::Repeat { unit: Box::new(value), times }),
        _ => Err(Diagnostic::error(Id::InvalidVectors, "only a string or a list can be repeated")
            .at(wave.span(), format!("this is {}", describe(world, ty)))
            .into()),
    }
}

/// Boxed, because diagnostics are large and values are not.
type Read<T> = Result<T, Box<Diagnostic>>;

struct Reader<'a> {
    world: &'a World,
    wave: &'a Text,
}

impl Reader<'_> {
    fn read(&self, ty: Type, node: &Node) -> Read<Value> {
        let wrong = |_| self.mismatch(ty, node);
        let text = self.wave.text.as_str();
        let integer = |low: i128, high: i128| {
            let found: i128 = node.as_number(text).map_err(wrong)?;
            if (low..=high).contains(&found) {
                return Ok(Value::Integer(found));
            }
            Err(self.error(node, format!("{found} is out of range"), format!("from {low} to {high}")))
        };
        match self.world.resolve_alias(ty) {
            Type::Bool => node.as_bool().map(Value::Bool).map_err(wrong),
            Type::U8 => integer(0, u8::MAX.into()),
            Type::U16 => integer(0, u16::MAX.into()),
            Type::U32 => integer(0, u32::MAX.into()),
            Type::U64 => integer(0, u64::MAX.into()),
            Type::S8 => integer(i8::MIN.into(), i8::MAX.into()),
            Type::S16 => integer(i16::MIN.into(), i16::MAX.into()),
            Type::S32 => integer(i32::MIN.into(), i32::MAX.into()),
            Type::S64 => integer(i64::MIN.into(), i64::MAX.into()),
            Type::F32 => self.finite(ty, node, f32::is_infinite).map(Value::F32),
            Type::F64 => self.finite(ty, node, f64::is_infinite).map(Value::F64),
            Type::Char => node.as_char(text).map(Value::Char).map_err(wrong),
            Type::String => node.as_str(text).map(|text| Value::String(text.into_owned())).map_err(wrong),
            Type::ErrorContext => Err(self.untestable(ty, node)),
            Type::Id(id) => self.compound(ty, &self.world.type_def(id).kind, node),
        }
    }

    /// A float; a number that rounds to infinity is a mistake of whoever wrote it.
    fn finite<F: std::str::FromStr + Copy>(&self, ty: Type, node: &Node, infinite: fn(F) -> bool) -> Read<F> {
        let found: F = node.as_number(&self.wave.text).map_err(|_| self.mismatch(ty, node))?;
        if infinite(found) && !self.wave.text[node.span()].ends_with("inf") {
            return Err(self.error(node, "the number is out of range".to_owned(), "write `inf`".to_owned()));
        }
        Ok(found)
    }

    fn compound(&self, ty: Type, kind: &TypeKind, node: &Node) -> Read<Value> {
        let wrong = |_: ParserError| self.mismatch(ty, node);
        let text = self.wave.text.as_str();
        match kind {
            TypeKind::List(element) => {
                let elements = node.as_list().map_err(wrong)?;
                elements.map(|node| self.read(*element, node)).collect::<Read<_>>().map(Value::List)
            }
            TypeKind::Map(key, value) => self.map(ty, (*key, *value), node),
            TypeKind::Record { .. } => self.record(ty, kind, node),
            TypeKind::Tuple { types, .. } => {
                let nodes = node.as_tuple().map_err(wrong)?;
                if nodes.len() != types.len() {
                    return Err(self.mismatch(ty, node));
                }
                types
                    .iter()
                    .zip(nodes)
                    .map(|(ty, node)| self.read(*ty, node))
                    .collect::<Read<_>>()
                    .map(Value::Tuple)
            }
            TypeKind::Variant { cases, .. } => {
                let (name, payload) = node.as_variant(text).map_err(wrong)?;
                let found = cases.iter().position(|case| case.name == name);
                let index =
                    found.ok_or_else(|| self.unknown(node, name, cases.iter().map(|case| &case.name)))?;
                Ok(Value::Variant(index, self.payload(cases[index].ty, payload, node)?))
            }
            TypeKind::Enum { cases, .. } => {
                let name = node.as_enum(text).map_err(wrong)?;
                let found = cases.iter().position(|case| case.name == name);
                found
                    .map(Value::Enum)
                    .ok_or_else(|| self.unknown(node, name, cases.iter().map(|case| &case.name)))
            }
            TypeKind::Flags { flags } => {
                let mut set = Vec::new();
                for name in node.as_flags(text).map_err(wrong)? {
                    let found = flags.iter().position(|flag| flag.name == name);
                    set.push(
                        found.ok_or_else(|| self.unknown(node, name, flags.iter().map(|flag| &flag.name)))?,
                    );
                }
                set.sort_unstable();
                set.dedup();
                Ok(Value::Flags(set))
            }
            TypeKind::Option { some, .. } => match node.as_option().map_err(wrong)? {
                Some(node) => Ok(Value::Option(Some(Box::new(self.read(*some, node)?)))),
                None => Ok(Value::Option(None)),
            },
            TypeKind::Result { ok, err, .. } => match node.as_result().map_err(wrong)? {
                Ok(payload) => Ok(Value::Result(Ok(self.payload(*ok, payload, node)?))),
                Err(payload) => Ok(Value::Result(Err(self.payload(*err, payload, node)?))),
            },
            // `resolve_alias` left none.
            TypeKind::Alias(target) => self.read(*target, node),
            TypeKind::FixedLengthList(..)
            | TypeKind::Resource
            | TypeKind::Own(_)
            | TypeKind::Borrow(_)
            | TypeKind::Future(_)
            | TypeKind::Stream(_) => Err(self.untestable(ty, node)),
        }
    }

    fn record(&self, ty: Type, kind: &TypeKind, node: &Node) -> Read<Value> {
        let TypeKind::Record { fields } = kind else { return Err(self.mismatch(ty, node)) };
        let found = node.as_record(&self.wave.text).map_err(|_| self.mismatch(ty, node))?;
        let found: Vec<(&str, &Node)> = found.collect();
        if let Some((name, _)) =
            found.iter().find(|(name, _)| !fields.iter().any(|field| field.name == *name))
        {
            return Err(self.unknown(node, name, fields.iter().map(|field| &field.name)));
        }
        let values = fields.iter().map(|field| {
            match found.iter().find(|(name, _)| *name == field.name) {
                Some((_, node)) => self.read(field.ty, node),
                // WAVE leaves out options that are none.
                None if self.is_option(field.ty) => Ok(Value::Option(None)),
                None => {
                    Err(self.error(node, format!("the field `{}` is missing", field.name), String::new()))
                }
            }
        });
        values.collect::<Read<_>>().map(Value::Record)
    }

    fn map(&self, ty: Type, (key, value): (Type, Type), node: &Node) -> Read<Value> {
        let found = node.as_map().map_err(|_| self.mismatch(ty, node))?;
        let mut entries: Vec<(Value, Value)> = Vec::new();
        for (key_node, value_node) in found {
            let entry = (self.read(key, key_node)?, self.read(value, value_node)?);
            if entries.iter().any(|(key, _)| *key == entry.0) {
                return Err(self.error(key_node, "the key is there twice".to_owned(), String::new()));
            }
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }

    fn payload(&self, ty: Option<Type>, payload: Option<&Node>, node: &Node) -> Read<Option<Box<Value>>> {
        match (ty, payload) {
            (Some(ty), Some(payload)) => Ok(Some(Box::new(self.read(ty, payload)?))),
            (None, None) => Ok(None),
            (Some(ty), None) => {
                let wanted = format!("needs {}", describe(self.world, ty));
                Err(self.error(node, "the payload is missing".to_owned(), wanted))
            }
            (None, Some(payload)) => {
                Err(self.error(payload, "the case has no payload".to_owned(), "not expected".to_owned()))
            }
        }
    }

    fn is_option(&self, ty: Type) -> bool {
        match self.world.resolve_alias(ty) {
            Type::Id(id) => matches!(self.world.type_def(id).kind, TypeKind::Option { .. }),
            _ => false,
        }
    }

    fn mismatch(&self, ty: Type, node: &Node) -> Box<Diagnostic> {
        let message = format!("the value is no {}", describe(self.world, ty));
        self.error(node, message, String::new())
    }

    fn untestable(&self, ty: Type, node: &Node) -> Box<Diagnostic> {
        let message = format!("{} has no values that can be written down", describe(self.world, ty));
        self.error(node, message, String::new())
    }

    fn unknown<'a>(&self, node: &Node, name: &str, all: impl Iterator<Item = &'a String>) -> Box<Diagnostic> {
        let all: Vec<&str> = all.map(String::as_str).collect();
        let diagnostic = self.error(node, format!("there is no `{name}` in the type"), String::new());
        Box::new(diagnostic.suggest(name, all))
    }

    fn error(&self, node: &Node, message: String, label: String) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(Id::InvalidVectors, message).at(self.wave.part(node.span()), label))
    }
}

/// The type as a user would name it.
fn describe(world: &World, ty: Type) -> String {
    let named = match ty {
        Type::Id(id) => world.type_def(id).name.clone(),
        _ => None,
    };
    let resolved = world.resolve_alias(ty);
    let kind = match resolved {
        Type::Id(id) => match &world.type_def(id).kind {
            TypeKind::Record { .. } => "record",
            TypeKind::Variant { .. } => "variant",
            TypeKind::Enum { .. } => "enum",
            TypeKind::Flags { .. } => "flags",
            TypeKind::Tuple { types, .. } => return format!("tuple of {}", types.len()),
            TypeKind::Option { .. } => "option",
            TypeKind::Result { .. } => "result",
            TypeKind::List(_) => "list",
            TypeKind::FixedLengthList(..) => "list of fixed length",
            TypeKind::Map(..) => "map",
            TypeKind::Resource | TypeKind::Own(_) | TypeKind::Borrow(_) => "resource",
            TypeKind::Future(_) => "future",
            TypeKind::Stream(_) => "stream",
            TypeKind::Alias(_) => "type",
        }
        .to_owned(),
        simple => format!("{simple:?}").to_lowercase(),
    };
    match named {
        Some(name) if !matches!(resolved, Type::Id(_)) || name != kind => format!("{kind} (`{name}`)"),
        _ => kind,
    }
}
