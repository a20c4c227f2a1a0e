//! Single declarations as WIT text; wit-component prints only whole packages.

use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, TypeId};

/// A function with its name.
pub(super) fn function(resolve: &Resolve, func: &Function) -> String {
    let params: Vec<String> =
        func.params.iter().map(|param| format!("{}: {}", param.name, ty(resolve, param.ty))).collect();
    let result = func.result.map(|result| format!(" -> {}", ty(resolve, result))).unwrap_or_default();
    let marker = match func.kind {
        FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_) => {
            "async "
        }
        _ => "",
    };
    format!("`{}: {marker}func({}){result}`", func.name, params.join(", "))
}

/// A named type with its definition.
pub(super) fn type_definition(resolve: &Resolve, id: TypeId) -> String {
    let definition = &resolve.types[id];
    let name = definition.name.as_deref().unwrap_or("_");
    let text = match &definition.kind {
        TypeDefKind::Record(record) => {
            let fields =
                record.fields.iter().map(|field| format!("{}: {}", field.name, ty(resolve, field.ty)));
            block("record", name, fields)
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|case| match case.ty {
                Some(payload) => format!("{}({})", case.name, ty(resolve, payload)),
                None => case.name.clone(),
            });
            block("variant", name, cases)
        }
        TypeDefKind::Enum(cases) => block("enum", name, cases.cases.iter().map(|case| case.name.clone())),
        TypeDefKind::Flags(flags) => block("flags", name, flags.flags.iter().map(|flag| flag.name.clone())),
        TypeDefKind::Resource => format!("resource {name}"),
        // Where a name only stands for another one, the definition tells more than the name.
        TypeDefKind::Type(Type::Id(target)) if is_block(resolve, *target) => {
            return type_definition(resolve, root(resolve, *target));
        }
        _ => format!("type {name} = {}", anonymous(resolve, id)),
    };
    format!("`{text}`")
}

fn block(keyword: &str, name: &str, members: impl Iterator<Item = String>) -> String {
    format!("{keyword} {name} {{ {} }}", members.collect::<Vec<_>>().join(", "))
}

fn is_block(resolve: &Resolve, id: TypeId) -> bool {
    matches!(
        resolve.types[root(resolve, id)].kind,
        TypeDefKind::Record(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Resource
    )
}

/// What a chain of aliases ends in.
fn root(resolve: &Resolve, mut id: TypeId) -> TypeId {
    while let TypeDefKind::Type(Type::Id(target)) = resolve.types[id].kind {
        id = target;
    }
    id
}

fn ty(resolve: &Resolve, ty: Type) -> String {
    let text = match ty {
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
        Type::ErrorContext => "error-context",
        Type::Id(id) => {
            return match &resolve.types[id].name {
                Some(name) => name.clone(),
                None => anonymous(resolve, id),
            };
        }
    };
    text.to_owned()
}

fn anonymous(resolve: &Resolve, id: TypeId) -> String {
    let inner = |part: &Type| ty(resolve, *part);
    let optional = |part: &Option<Type>| part.as_ref().map_or("_".to_owned(), inner);
    match &resolve.types[id].kind {
        TypeDefKind::Handle(Handle::Own(resource)) => ty(resolve, Type::Id(*resource)),
        TypeDefKind::Handle(Handle::Borrow(resource)) => {
            format!("borrow<{}>", ty(resolve, Type::Id(*resource)))
        }
        TypeDefKind::Tuple(tuple) => {
            format!("tuple<{}>", tuple.types.iter().map(inner).collect::<Vec<_>>().join(", "))
        }
        TypeDefKind::Option(some) => format!("option<{}>", inner(some)),
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (None, None) => "result".to_owned(),
            (ok, None) => format!("result<{}>", optional(ok)),
            (ok, err) => format!("result<{}, {}>", optional(ok), optional(err)),
        },
        TypeDefKind::List(element) => format!("list<{}>", inner(element)),
        TypeDefKind::FixedLengthList(element, length) => format!("list<{}, {length}>", inner(element)),
        TypeDefKind::Map(key, value) => format!("map<{}, {}>", inner(key), inner(value)),
        TypeDefKind::Future(payload) => wrapped("future", resolve, *payload),
        TypeDefKind::Stream(payload) => wrapped("stream", resolve, *payload),
        TypeDefKind::Type(target) => inner(target),
        other => other.as_str().to_owned(),
    }
}

fn wrapped(keyword: &str, resolve: &Resolve, payload: Option<Type>) -> String {
    match payload {
        Some(payload) => format!("{keyword}<{}>", ty(resolve, payload)),
        None => keyword.to_owned(),
    }
}
