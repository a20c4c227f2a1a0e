//! The facts behind names: casing, escapes and reserved names, per naming role.

use serde::{Deserialize, Serialize};

/// What a name names. Every generator has one function per role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A record, variant, enum, flags, alias or resource.
    Type,
    /// A function or method.
    Func,
    /// A parameter of a function.
    Param,
    /// A field of a record.
    Field,
    /// A case of a variant.
    Case,
    /// A case of an enum.
    EnumCase,
    /// A single flag.
    Flag,
    /// A module, namespace or package made for an interface or world.
    Module,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] = [
        Role::Type,
        Role::Func,
        Role::Param,
        Role::Field,
        Role::Case,
        Role::EnumCase,
        Role::Flag,
        Role::Module,
    ];
}

/// How the words of a kebab-case WIT name are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Case {
    /// `HttpRequest`
    UpperCamel,
    /// `httpRequest`
    #[serde(rename = "lowerCamel")]
    LowerCamel,
    /// `http_request`
    #[serde(rename = "snake")]
    Snake,
    /// `HTTP_REQUEST`
    #[serde(rename = "UPPER_SNAKE")]
    UpperSnake,
    /// `http-request`, the WIT name as it stands
    #[serde(rename = "kebab")]
    Kebab,
    /// `httprequest`
    #[serde(rename = "flat")]
    Flat,
}

/// The casing of each role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Casing {
    /// Types.
    #[serde(rename = "type")]
    pub ty: Case,
    /// Functions and methods.
    pub func: Case,
    /// Parameters.
    pub param: Case,
    /// Fields of records.
    pub field: Case,
    /// Cases of variants.
    pub case: Case,
    /// Cases of enums.
    pub enum_case: Case,
    /// Single flags.
    pub flag: Case,
    /// Modules, namespaces, packages.
    pub module: Case,
}

impl Casing {
    /// The casing of `role`.
    pub const fn get(&self, role: Role) -> Case {
        match role {
            Role::Type => self.ty,
            Role::Func => self.func,
            Role::Param => self.param,
            Role::Field => self.field,
            Role::Case => self.case,
            Role::EnumCase => self.enum_case,
            Role::Flag => self.flag,
            Role::Module => self.module,
        }
    }
}

/// How a keyword or reserved name is made usable: text put around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escape {
    /// Text in front of the name.
    #[serde(default)]
    pub prefix: String,
    /// Text behind the name.
    #[serde(default)]
    pub suffix: String,
}

impl Escape {
    /// `word` with the prefix and the suffix.
    pub fn apply(&self, word: &str) -> String {
        format!("{}{word}{}", self.prefix, self.suffix)
    }
}

/// Names that generated code must not shadow, sorted, per role. Written in the role's casing.
///
/// A role that the table leaves out reserves nothing: a name of that role cannot shadow anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Reserved {
    /// Types.
    #[serde(rename = "type")]
    pub ty: Vec<String>,
    /// Functions and methods.
    pub func: Vec<String>,
    /// Parameters.
    pub param: Vec<String>,
    /// Fields of records.
    pub field: Vec<String>,
    /// Cases of variants.
    pub case: Vec<String>,
    /// Cases of enums.
    pub enum_case: Vec<String>,
    /// Single flags.
    pub flag: Vec<String>,
    /// Modules, namespaces, packages.
    pub module: Vec<String>,
}

impl Reserved {
    /// The names that `role` must not use.
    pub fn get(&self, role: Role) -> &[String] {
        match role {
            Role::Type => &self.ty,
            Role::Func => &self.func,
            Role::Param => &self.param,
            Role::Field => &self.field,
            Role::Case => &self.case,
            Role::EnumCase => &self.enum_case,
            Role::Flag => &self.flag,
            Role::Module => &self.module,
        }
    }
}
