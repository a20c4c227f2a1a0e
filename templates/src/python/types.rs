//! One view per kind of type.

use askama::Template;

use super::CallView;

/// A type of a module.
pub enum TypeView {
    /// `record`
    Record(RecordView),
    /// `enum`
    Enum(EnumView),
    /// `flags`
    Flags(FlagsView),
    /// `variant`
    Variant(VariantView),
    /// `resource`
    Resource(ResourceView),
    /// `type a = b`
    Alias(AliasView),
}

/// A record: a dataclass.
#[derive(Template)]
#[template(path = "python/guest/record.py.jinja")]
pub struct RecordView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// A field of a record.
pub struct FieldView {
    /// The attribute.
    pub name: String,
    /// Its annotation.
    pub annotation: String,
    /// Its docstring.
    pub doc: Option<String>,
}

/// An enum.
#[derive(Template)]
#[template(path = "python/guest/enum.py.jinja")]
pub struct EnumView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// Its members.
    pub members: Vec<MemberView>,
}

/// A flags type.
#[derive(Template)]
#[template(path = "python/guest/flags.py.jinja")]
pub struct FlagsView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// Its members.
    pub members: Vec<MemberView>,
}

/// A member of an enum or of flags.
pub struct MemberView {
    /// The attribute.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its docstring.
    pub doc: Option<String>,
}

/// A variant: a dataclass per case, then their union.
#[derive(Template)]
#[template(path = "python/guest/variant.py.jinja")]
pub struct VariantView {
    /// Its cases.
    pub cases: Vec<CaseView>,
    /// `Shape: TypeAlias = ShapeCircle | ShapeNone`
    pub union: String,
    /// Its docstring.
    pub doc: Option<String>,
}

/// A case of a variant.
pub struct CaseView {
    /// The class.
    pub class: String,
    /// Its docstring.
    pub doc: String,
    /// The annotation of its payload.
    pub payload: Option<String>,
}

/// A resource: the class of its handles, or the protocol of what implements it.
#[derive(Template)]
#[template(path = "python/guest/resource.py.jinja")]
pub struct ResourceView {
    /// The class.
    pub name: String,
    /// The class that it derives from.
    pub base: String,
    /// Whether it is a protocol.
    pub is_abstract: bool,
    /// Its docstring.
    pub doc: String,
    /// Its constructor, methods and static functions.
    pub methods: Vec<ResourceMethodView>,
}

/// A function of a resource.
pub struct ResourceMethodView {
    /// `@staticmethod` and the like.
    pub decorators: Vec<String>,
    /// `def add(self, number: int) -> int:`, and ` ...` where nothing follows.
    pub signature: String,
    /// Its docstring.
    pub doc: Option<String>,
    /// Its body; none in a protocol.
    pub body: Option<CallView>,
}

/// An alias.
#[derive(Template)]
#[template(path = "python/guest/alias.py.jinja")]
pub struct AliasView {
    /// The alias.
    pub name: String,
    /// What it stands for.
    pub target: String,
    /// Its docstring.
    pub doc: Option<String>,
}

/// The exception of a function.
#[derive(Template)]
#[template(path = "python/guest/error.py.jinja")]
pub struct ErrorView {
    /// The class.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// `_witgen.WitError[str]`
    pub base: String,
    /// Whether it carries a payload.
    pub has_payload: bool,
}
