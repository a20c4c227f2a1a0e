//! Facts about each target language: keywords, reserved names, casing, toolchains, support.
//!
//! Each language is one table, `<lang>/language.toml`, that is embedded here and read once.
//! This crate holds data and its types; how a name is built or a construct is printed is decided
//! by the generator of that language, which reads these tables. It knows neither the IR nor the templates.

mod feature;
mod naming;
mod toolchain;

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use feature::{Feature, Side, Support, SupportTable};
pub use naming::{Case, Casing, Escape, Reserved, Role};
pub use toolchain::{Tool, Toolchain};

/// A target language. The order of [`Language::ALL`] is the order of every list that witgen prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Rust.
    Rust,
    /// Python.
    Python,
    /// JavaScript, with TypeScript declarations.
    Js,
    /// Go.
    Go,
}

impl Language {
    /// Every language: rust, python, js, go.
    pub const ALL: [Language; 4] = [Language::Rust, Language::Python, Language::Js, Language::Go];

    /// The name on the command line and in folder names, for instance `python`.
    pub const fn id(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::Python => "python",
            Language::Js => "js",
            Language::Go => "go",
        }
    }

    /// The language called `id` on the command line.
    pub fn from_id(id: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.id() == id)
    }

    /// The text of this language's table.
    const fn table(self) -> &'static str {
        match self {
            Language::Rust => include_str!("../rust/language.toml"),
            Language::Python => include_str!("../python/language.toml"),
            Language::Js => include_str!("../js/language.toml"),
            Language::Go => include_str!("../go/language.toml"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Everything a `language.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Facts {
    /// Which language this is.
    pub id: Language,
    /// The name in prose, for instance `JavaScript`.
    pub name: String,
    /// The extension of source files, without the dot.
    pub extension: String,
    /// Words that cannot be an identifier as they stand, sorted.
    pub keywords: Vec<String>,
    /// Words that mean something in some places but are legal identifiers, sorted.
    pub soft_keywords: Vec<String>,
    /// How a keyword is made into an identifier.
    pub escape: Escape,
    /// The casing of each naming role.
    pub casing: Casing,
    /// Names that generated code must not shadow, per naming role.
    pub reserved: Reserved,
    /// Static functions that a class cannot be given by what runs the guest, as WIT calls them, sorted.
    #[serde(default)]
    pub fixed_statics: Vec<String>,
    /// Which WIT features the two sides generate.
    pub support: Sides,
    /// What `witgen build` calls.
    pub toolchain: Toolchain,
}

impl Facts {
    /// Whether `word` cannot be an identifier as it stands.
    pub fn is_keyword(&self, word: &str) -> bool {
        self.keywords.binary_search_by(|keyword| keyword.as_str().cmp(word)).is_ok()
    }

    /// Whether generated code of this `role` must not be called `word`.
    pub fn is_reserved(&self, role: Role, word: &str) -> bool {
        self.reserved.get(role).binary_search_by(|name| name.as_str().cmp(word)).is_ok()
    }

    /// Whether `side` generates `feature`, or why not.
    pub fn support(&self, side: Side, feature: Feature) -> &Support {
        match side {
            Side::Guest => self.support.guest.get(feature),
            Side::Host => self.support.host.get(feature),
        }
    }
}

/// The support tables of a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sides {
    /// Code that is compiled into a component.
    pub guest: SupportTable,
    /// A native program that loads a component.
    pub host: SupportTable,
}

/// The facts of `language`, read on first use.
pub fn facts(language: Language) -> &'static Facts {
    static RUST: LazyLock<Facts> = LazyLock::new(|| read(Language::Rust));
    static PYTHON: LazyLock<Facts> = LazyLock::new(|| read(Language::Python));
    static JS: LazyLock<Facts> = LazyLock::new(|| read(Language::Js));
    static GO: LazyLock<Facts> = LazyLock::new(|| read(Language::Go));
    match language {
        Language::Rust => &RUST,
        Language::Python => &PYTHON,
        Language::Js => &JS,
        Language::Go => &GO,
    }
}

#[expect(clippy::expect_used, reason = "the table is embedded, and a unit test reads all four")]
fn read(language: Language) -> Facts {
    toml::from_str(language.table()).expect("an embedded language.toml is malformed")
}

#[cfg(test)]
mod tests;
