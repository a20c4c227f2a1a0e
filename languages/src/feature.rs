//! WIT features and whether a language's generators handle them.
//!
//! A generator is never called with a construct that its row denies, so the row is also the text of the
//! diagnostic that the user sees.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which half of the bindings: code inside a component, or the native program around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Code that is compiled into a component.
    Guest,
    /// A native program that loads a component.
    Host,
}

impl Side {
    /// Both sides, guest first.
    pub const ALL: [Side; 2] = [Side::Guest, Side::Host];

    /// `guest` or `host`.
    pub const fn name(self) -> &'static str {
        match self {
            Side::Guest => "guest",
            Side::Host => "host",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether one side of a language generates a feature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Support {
    /// It does.
    Yes,
    /// It does not, for this reason: lower case, no full stop, fit for a diagnostic's note.
    No(String),
}

impl Support {
    /// Whether the feature is generated.
    pub fn is_yes(&self) -> bool {
        matches!(self, Support::Yes)
    }

    /// Why the feature is not generated.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Support::Yes => None,
            Support::No(reason) => Some(reason),
        }
    }
}

/// Declares the features once: the enum, its names and a table that has a row for each.
macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident $field:ident $name:literal,)*) => {
        /// A WIT construct that a generator handles or refuses as a whole.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Feature {
            $($(#[$doc])* $variant,)*
        }

        impl Feature {
            /// Every feature, in the order of the support table.
            pub const ALL: &'static [Feature] = &[$(Feature::$variant,)*];

            /// The name in `language.toml` and in `witgen languages`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Feature::$variant => $name,)*
                }
            }
        }

        /// One row per feature. Reading fails on a missing and on an unknown row.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct SupportTable {
            $(#[serde(rename = $name)] $field: Support,)*
        }

        impl SupportTable {
            /// The row of `feature`.
            pub fn get(&self, feature: Feature) -> &Support {
                match feature {
                    $(Feature::$variant => &self.$field,)*
                }
            }
        }
    };
}

features! {
    /// Functions of any kind.
    Functions functions "functions",
    /// Functions that a world imports or exports directly.
    WorldFunctions world_functions "world-functions",
    /// An imported interface.
    InterfaceImports interface_imports "interface-imports",
    /// An exported interface.
    InterfaceExports interface_exports "interface-exports",
    /// An interface imported or exported under a name of its own.
    Implements implements "implements",
    /// More parameters than fit the flat form, which are passed through memory.
    ManyParams many_params "many-params",
    /// `u8` to `s64`.
    Integers integers "integers",
    /// `f32` and `f64`.
    Floats floats "floats",
    /// `bool`.
    Bool boolean "bool",
    /// `char`.
    Char character "char",
    /// `string`.
    String string "string",
    /// `list<T>`.
    List list "list",
    /// `list<T, N>`.
    FixedLengthList fixed_length_list "fixed-length-list",
    /// `tuple<...>`.
    Tuple tuple "tuple",
    /// `map<K, V>`.
    Map map "map",
    /// `record`.
    Record record "record",
    /// `variant`.
    Variant variant "variant",
    /// `enum`.
    Enum enumeration "enum",
    /// `flags`.
    Flags flags "flags",
    /// `flags` with more than 32 members.
    WideFlags wide_flags "wide-flags",
    /// `option<T>`.
    Option option "option",
    /// `result<T, E>`.
    Result result "result",
    /// `type a = b`, and `use` of a type.
    TypeAlias type_alias "type-alias",
    /// `resource`.
    Resource resource "resource",
    /// `own<R>`.
    Own own "own",
    /// `borrow<R>`.
    Borrow borrow "borrow",
    /// Functions that read or write a field of a resource.
    GetterSetter getter_setter "getter-setter",
    /// `async func`.
    AsyncFunc async_func "async-func",
    /// `stream<T>`.
    Stream stream "stream",
    /// `future<T>`.
    Future future "future",
    /// `error-context`.
    ErrorContext error_context "error-context",
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
