//! Declarations of types.

use std::fmt;

use askama::Template;

use super::host::{ComponentResourceView, GivenResourceView};
use super::package::MethodView;

/// The declaration of a type.
#[derive(Clone, Debug)]
pub enum TypeView {
    /// A struct.
    Record(RecordView),
    /// A sealed interface with a struct per case.
    Variant(VariantView),
    /// An unsigned type with constants.
    Enum(EnumView),
    /// An unsigned type with a bit per flag.
    Flags(FlagsView),
    /// Another name for a type.
    Alias(AliasView),
    /// A struct that holds a handle.
    ImportedResource(ImportedResourceView),
    /// An interface that the program implements.
    ExportedResource(ExportedResourceView),
    /// An interface that a program implements that runs components.
    GivenResource(GivenResourceView),
    /// A struct that such a program has for a resource of a component.
    ComponentResource(ComponentResourceView),
}

impl fmt::Display for TypeView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(view) => view.fmt(formatter),
            Self::Variant(view) => view.fmt(formatter),
            Self::Enum(view) => view.fmt(formatter),
            Self::Flags(view) => view.fmt(formatter),
            Self::Alias(view) => view.fmt(formatter),
            Self::ImportedResource(view) => view.fmt(formatter),
            Self::ExportedResource(view) => view.fmt(formatter),
            Self::GivenResource(view) => view.fmt(formatter),
            Self::ComponentResource(view) => view.fmt(formatter),
        }
    }
}

/// A record.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/record.go.jinja")]
pub struct RecordView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// In order of declaration.
    pub fields: Vec<FieldView>,
}

/// A field of a record.
#[derive(Clone, Debug)]
pub struct FieldView {
    /// Whether a blank line comes before it.
    pub gap: bool,
    /// Its own.
    pub comment: Vec<String>,
    /// Padded to the width of its neighbours.
    pub name: String,
    /// Its type.
    pub ty: String,
}

/// A variant.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/variant.go.jinja")]
pub struct VariantView {
    /// Its own, which lists the cases.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// The method that seals it.
    pub private: String,
    /// In order of declaration.
    pub cases: Vec<CaseView>,
}

/// A case of a variant.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Its own.
    pub comment: String,
    /// The name of its struct.
    pub name: String,
    /// The type of its payload.
    pub payload: Option<String>,
    /// The method that makes it a case.
    pub seal: String,
}

/// An enum.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/enum.go.jinja")]
pub struct EnumView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// `uint8`
    pub base: &'static str,
    /// In order of declaration.
    pub cases: Vec<ConstantView>,
}

/// Flags.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/flags.go.jinja")]
pub struct FlagsView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// `uint8`
    pub base: &'static str,
    /// From the lowest bit.
    pub flags: Vec<ConstantView>,
}

/// A case of an enum, or a flag.
#[derive(Clone, Debug)]
pub struct ConstantView {
    /// Its own.
    pub comment: Vec<String>,
    /// The name of its constant.
    pub name: String,
    /// ` Color = iota` for the first one.
    pub value: String,
    /// Its name in WIT.
    pub wit: String,
}

/// A resource that the component imports.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/imported_resource.go.jinja")]
pub struct ImportedResourceView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// The function that takes an own handle.
    pub from_handle: String,
    /// The function that takes a borrowed handle.
    pub from_borrow: String,
}

/// A resource that the component exports.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/exported_resource.go.jinja")]
pub struct ExportedResourceView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// What the program implements.
    pub methods: Vec<MethodView>,
    /// The function that takes an own handle.
    pub from_handle: String,
    /// The function that takes the number of a value.
    pub from_borrow: String,
    /// The function that makes an own handle.
    pub to_handle: String,
}

/// An alias.
#[derive(Clone, Debug, Template)]
#[template(path = "go/guest/alias.go.jinja")]
pub struct AliasView {
    /// Its own.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub target: String,
}
