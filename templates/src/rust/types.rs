//! Types.

use askama::Template;

/// A record.
#[derive(Template)]
#[template(path = "rust/shared/record.rs.jinja")]
pub struct RecordView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// `<'a>` where it holds borrows.
    pub generics: String,
    /// Its fields.
    pub fields: Vec<FieldView>,
    /// Whether its head derives `Debug`, which is written out otherwise.
    pub derives_debug: bool,
    /// Whether it is an error of Rust.
    pub error: bool,
}

/// A field of a record.
pub struct FieldView {
    /// Docs.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_text: String,
    /// Whether its type is `Debug`.
    pub is_debug: bool,
}

/// A variant.
#[derive(Template)]
#[template(path = "rust/shared/variant.rs.jinja")]
pub struct VariantView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// `<'a>` where it holds borrows.
    pub generics: String,
    /// Its cases.
    pub cases: Vec<VariantCaseView>,
    /// Whether its head derives `Debug`, which is written out otherwise.
    pub derives_debug: bool,
    /// Whether it is an error of Rust.
    pub error: bool,
}

/// A case of a variant.
pub struct VariantCaseView {
    /// Docs.
    pub head: Vec<String>,
    /// `Circle`
    pub name: String,
    /// `Circle(f32)`
    pub text: String,
    /// Whether a value is with it.
    pub has_payload: bool,
    /// Whether that value, if any, is `Debug`.
    pub is_debug: bool,
}

/// An enum.
#[derive(Template)]
#[template(path = "rust/guest/enum.rs.jinja")]
pub struct EnumView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// What an item around it is allowed, where no module says so.
    pub allowed: Vec<String>,
    /// Its name.
    pub name: String,
    /// The integer that holds it.
    pub tag: String,
    /// The number of cases, where the tag could hold more.
    pub limit: Option<usize>,
    /// Its cases.
    pub cases: Vec<EnumCaseView>,
    /// Whether it is an error of Rust.
    pub error: bool,
}

/// A case of an enum.
pub struct EnumCaseView {
    /// Docs.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// The name in WIT, as string literal.
    pub wit_name: String,
    /// What an arm yields: its docs as string literal.
    pub message: String,
}

/// A set of flags.
#[derive(Template)]
#[template(path = "rust/guest/flags.rs.jinja")]
pub struct FlagsView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// The integer that holds it.
    pub bits: String,
    /// Its flags.
    pub flags: Vec<FlagView>,
}

/// A single flag.
pub struct FlagView {
    /// Docs.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// `1 << 0`
    pub value: String,
}

/// A type alias.
#[derive(Template)]
#[template(path = "rust/shared/alias.rs.jinja")]
pub struct AliasView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// `<'a>` where it holds borrows.
    pub generics: String,
    /// What it stands for, with the space or line break before it.
    pub target: String,
    /// The alias of the borrowed form, where it stands for an exported resource.
    pub borrowed: Option<BorrowedView>,
}

/// The alias of the borrowed form of an exported resource.
pub struct BorrowedView {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub target: String,
}

/// A resource that the component imports.
#[derive(Template)]
#[template(path = "rust/guest/imported_resource.rs.jinja")]
pub struct ImportedResourceView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// What an item around it is allowed, where no module says so.
    pub allowed: Vec<String>,
    /// Its name.
    pub name: String,
    /// The core module of its functions.
    pub module: String,
    /// Its name in WIT.
    pub wit_name: String,
}

/// A resource that the component exports.
#[derive(Template)]
#[template(path = "rust/guest/exported_resource.rs.jinja")]
pub struct ExportedResourceView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Attributes of its functions.
    pub allowed: Vec<String>,
    /// Its name.
    pub name: String,
    /// The trait that implements it.
    pub trait_name: String,
    /// Its borrowed form.
    pub borrow_name: String,
    /// The core module of its functions.
    pub module: String,
    /// Its name in WIT.
    pub wit_name: String,
}

/// What implements an exported resource.
#[derive(Template)]
#[template(path = "rust/guest/resource_trait.rs.jinja")]
pub struct ResourceTraitView {
    /// Attributes.
    pub head: Vec<String>,
    /// The resource.
    pub name: String,
    /// The trait.
    pub trait_name: String,
    /// `Sized` as it is called here.
    pub sized: String,
    /// The core module of its functions.
    pub module: String,
    /// Its name in WIT.
    pub wit_name: String,
    /// Its functions, rendered and indented.
    pub methods: Vec<String>,
}
