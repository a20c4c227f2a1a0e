//! What a world uses, so that a backend is never called with a construct that it does not support.

use std::collections::BTreeSet;

use serde::Serialize;
use witgen_diag::{Diagnostic, Id, Span};

use crate::model::{Direction, Function, FunctionKind, World, WorldItem};
use crate::types::{Owner, Type, TypeDef, TypeId, TypeKind};

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $text:literal;)*) => {
        /// A construct of WIT that a language may support or not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Feature {
            $($(#[$doc])* $variant,)*
        }

        impl Feature {
            /// Every feature.
            pub const ALL: &[Feature] = &[$(Feature::$variant,)*];

            /// The name in the support tables.
            pub fn name(self) -> &'static str {
                match self { $(Feature::$variant => $name,)* }
            }

            /// The name in a sentence.
            pub fn text(self) -> &'static str {
                match self { $(Feature::$variant => $text,)* }
            }
        }
    };
}

features! {
    /// Any function.
    Functions = "functions", "functions";
    /// `u8` to `s64`.
    Integers = "integers", "integers";
    /// `f32` and `f64`.
    Floats = "floats", "floats";
    /// `bool`
    Bool = "bool", "`bool`";
    /// `char`
    Char = "char", "`char`";
    /// `string`
    String = "string", "`string`";
    /// `list<t>`
    List = "list", "`list`";
    /// `record`
    Record = "record", "`record`";
    /// `enum`
    Enum = "enum", "`enum`";
    /// `option<t>`
    Option = "option", "`option`";
    /// `result<t, e>`
    Result = "result", "`result`";
    /// `variant`
    Variant = "variant", "`variant`";
    /// `flags`
    Flags = "flags", "`flags`";
    /// `flags` with more than 32 members
    WideFlags = "wide-flags", "`flags` with more than 32 members";
    /// `tuple<...>`
    Tuple = "tuple", "`tuple`";
    /// `map<k, v>`
    Map = "map", "`map`";
    /// `type a = b`
    TypeAlias = "type-alias", "type aliases";
    /// `resource`
    Resource = "resource", "`resource`";
    /// `own<r>`
    Own = "own", "own handles";
    /// `borrow<r>`
    Borrow = "borrow", "`borrow`";
    /// `async func`
    AsyncFunc = "async-func", "`async` functions";
    /// `stream<t>`
    Stream = "stream", "`stream`";
    /// `future<t>`
    Future = "future", "`future`";
    /// `error-context`
    ErrorContext = "error-context", "`error-context`";
    /// `list<t, n>`
    FixedLengthList = "fixed-length-list", "lists of fixed length";
    /// `get` and `set`
    GetterSetter = "getter-setter", "getters and setters";
    /// Functions of the world itself.
    WorldFunctions = "world-functions", "functions of the world itself";
    /// Imported interfaces.
    InterfaceImports = "interface-imports", "imported interfaces";
    /// Exported interfaces.
    InterfaceExports = "interface-exports", "exported interfaces";
    /// `import a: ns:pkg/iface`
    Implements = "implements", "named imports and exports of an interface";
    /// More than 16 flat parameters.
    ManyParams = "many-params", "more than 16 flat parameters";
}

/// Whether a language supports a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Yes,
    /// It does not, for this reason.
    No(String),
}

/// One use of a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What is used.
    pub feature: Feature,
    /// By whom: `type ns:pkg/iface.name`, `function name`.
    pub by: String,
    /// Where that is declared.
    pub span: Option<Span>,
}

/// Every feature that `world` uses, in the order in which the world declares things.
pub fn uses(world: &World) -> Vec<Use> {
    let mut collector = Collector { world, seen: BTreeSet::new(), uses: Vec::new() };
    for item in world.imports.iter().chain(&world.exports) {
        collector.item(*item);
    }
    collector.uses
}

/// One diagnostic per construct that `support` denies, naming its place and the reason.
pub fn check_support(
    world: &World,
    language: &str,
    side: &str,
    support: impl Fn(Feature) -> Support,
) -> witgen_diag::Result<()> {
    let mut findings: Vec<Diagnostic> = Vec::new();
    for used in uses(world) {
        let Support::No(reason) = support(used.feature) else { continue };
        let message = format!("{language} {side} bindings do not support {} yet", used.feature.text());
        let mut diagnostic =
            Diagnostic::error(Id::UnsupportedType, message).note(reason).note(format!("used by {}", used.by));
        if let Some(span) = used.span {
            diagnostic = diagnostic.at(span, "");
        }
        findings.push(diagnostic);
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

struct Collector<'a> {
    world: &'a World,
    seen: BTreeSet<TypeId>,
    uses: Vec<Use>,
}

impl Collector<'_> {
    fn push(&mut self, feature: Feature, by: &str, span: Option<&Span>) {
        self.uses.push(Use { feature, by: by.to_owned(), span: span.cloned() });
    }

    fn item(&mut self, item: WorldItem) {
        match item {
            WorldItem::Interface(id) => {
                let interface = self.world.interface(id);
                let by = format!("interface `{}`", interface.key);
                let span = interface.span.as_ref();
                self.push(
                    match interface.direction {
                        Direction::Import => Feature::InterfaceImports,
                        Direction::Export => Feature::InterfaceExports,
                    },
                    &by,
                    span,
                );
                if interface.implements.is_some() {
                    self.push(Feature::Implements, &by, span);
                }
                for id in &interface.types {
                    self.type_id(*id, &by, span);
                }
                for id in &interface.functions {
                    self.function(self.world.function(*id));
                }
            }
            WorldItem::Function(id) => {
                let function = self.world.function(id);
                let by = format!("function `{}`", function.wit_name);
                self.push(Feature::WorldFunctions, &by, function.span.as_ref());
                self.function(function);
            }
            WorldItem::Type(id) => self.type_id(id, "the world", None),
        }
    }

    fn function(&mut self, function: &Function) {
        let by = format!("function `{}`", function.wit_name);
        let span = function.span.as_ref();
        self.push(Feature::Functions, &by, span);
        if function.is_async {
            self.push(Feature::AsyncFunc, &by, span);
        }
        if function.is_accessor {
            self.push(Feature::GetterSetter, &by, span);
        }
        if !matches!(function.kind, FunctionKind::Freestanding) {
            self.push(Feature::Resource, &by, span);
        }
        if function.abi.as_ref().is_some_and(|abi| abi.indirect_params) {
            self.push(Feature::ManyParams, &by, span);
        }
        for param in &function.params {
            self.ty(param.ty, &by, param.span.as_ref().or(span));
        }
        if let Some(result) = function.result {
            self.ty(result, &by, span);
        }
    }

    fn ty(&mut self, ty: Type, by: &str, span: Option<&Span>) {
        let feature = match ty {
            Type::Id(id) => return self.type_id(id, by, span),
            Type::Bool => Feature::Bool,
            Type::F32 | Type::F64 => Feature::Floats,
            Type::Char => Feature::Char,
            Type::String => Feature::String,
            Type::ErrorContext => Feature::ErrorContext,
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::S8 | Type::S16 | Type::S32 | Type::S64 => {
                Feature::Integers
            }
        };
        self.push(feature, by, span);
    }

    /// Types are reported at their own declaration, unnamed ones where they are used.
    fn type_id(&mut self, id: TypeId, by: &str, span: Option<&Span>) {
        let def = self.world.type_def(id);
        let own = def.name.as_ref().map(|_| type_text(self.world, def));
        let (by, span) = match &own {
            Some(text) => {
                if !self.seen.insert(id) {
                    return;
                }
                (text.as_str(), def.span.as_ref().or(span))
            }
            None => (by, span),
        };
        let by = by.to_owned();
        if let Some(feature) = feature_of(&def.kind) {
            self.push(feature, &by, span);
        }
        match &def.kind {
            TypeKind::Record { fields } => {
                for field in fields {
                    self.ty(field.ty, &by, field.span.as_ref().or(span));
                }
            }
            TypeKind::Variant { cases, .. } => {
                for case in cases {
                    if let Some(ty) = case.ty {
                        self.ty(ty, &by, case.span.as_ref().or(span));
                    }
                }
            }
            TypeKind::Tuple { types, .. } => {
                for ty in types {
                    self.ty(*ty, &by, span);
                }
            }
            TypeKind::Result { ok, err, .. } => {
                for ty in ok.iter().chain(err) {
                    self.ty(*ty, &by, span);
                }
            }
            TypeKind::Map(key, value) => {
                self.ty(*key, &by, span);
                self.ty(*value, &by, span);
            }
            TypeKind::Option { some: ty, .. }
            | TypeKind::List(ty)
            | TypeKind::FixedLengthList(ty, _)
            | TypeKind::Alias(ty)
            | TypeKind::Future(Some(ty))
            | TypeKind::Stream(Some(ty)) => self.ty(*ty, &by, span),
            TypeKind::Enum { .. }
            | TypeKind::Flags { .. }
            | TypeKind::Resource
            | TypeKind::Own(_)
            | TypeKind::Borrow(_)
            | TypeKind::Future(None)
            | TypeKind::Stream(None) => {}
        }
    }
}

fn feature_of(kind: &TypeKind) -> Option<Feature> {
    Some(match kind {
        TypeKind::Record { .. } => Feature::Record,
        TypeKind::Variant { .. } => Feature::Variant,
        TypeKind::Enum { .. } => Feature::Enum,
        TypeKind::Flags { flags } if flags.len() > 32 => Feature::WideFlags,
        TypeKind::Flags { .. } => Feature::Flags,
        TypeKind::Tuple { .. } => Feature::Tuple,
        TypeKind::Option { .. } => Feature::Option,
        TypeKind::Result { .. } => Feature::Result,
        TypeKind::List(_) => Feature::List,
        TypeKind::FixedLengthList(..) => Feature::FixedLengthList,
        TypeKind::Map(..) => Feature::Map,
        TypeKind::Resource => Feature::Resource,
        TypeKind::Own(_) => Feature::Own,
        TypeKind::Borrow(_) => Feature::Borrow,
        TypeKind::Future(_) => Feature::Future,
        TypeKind::Stream(_) => Feature::Stream,
        TypeKind::Alias(_) => Feature::TypeAlias,
    })
}

fn type_text(world: &World, def: &TypeDef) -> String {
    let name = def.name.as_deref().unwrap_or_default();
    match def.owner {
        Owner::Interface(id) => format!("type `{}.{name}`", world.interface(id).key),
        Owner::World | Owner::None => format!("type `{name}`"),
    }
}
