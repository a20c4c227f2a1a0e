//! Every diagnostic id: its name, its exit code, and its page for `witgen explain`.

/// Which exit code a diagnostic leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Exit 1: the input is at fault.
    Finding,
    /// Exit 2: the run could not take place.
    CannotRun,
}

macro_rules! catalog {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $class:ident;)*) => {
        /// The kind of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Id {
            $($(#[$doc])* $variant,)*
        }

        impl Id {
            /// Every id, in the order of the catalog.
            pub const ALL: &[Id] = &[$(Id::$variant,)*];

            /// The name that is printed, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $(Id::$variant => $name,)* }
            }

            /// The exit code it leads to.
            pub fn class(self) -> Class {
                match self { $(Id::$variant => Class::$class,)* }
            }

            /// The page that `witgen explain` prints.
            pub fn explanation(self) -> &'static str {
                match self { $(Id::$variant => include_str!(concat!("explain/", $name, ".md")),)* }
            }
        }
    };
}

impl Id {
    /// The id that is printed as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|id| id.name() == name)
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}

catalog! {
    /// WIT text that does not parse.
    WitSyntax = "wit-syntax", Finding;
    /// WIT that parses and does not resolve: unknown names, cycles, clashes.
    WitResolve = "wit-resolve", Finding;
    /// A package that is used and was not given.
    UnknownPackage = "unknown-package", Finding;
    /// A world that the WIT does not have.
    UnknownWorld = "unknown-world", Finding;
    /// Several worlds and none was chosen.
    AmbiguousWorld = "ambiguous-world", Finding;
    /// A construct that a language does not support yet.
    UnsupportedType = "unsupported-type", Finding;
    /// Files on disk differ from what would be generated.
    StaleOutput = "stale-output", Finding;
    /// Components whose types do not fit.
    ComposeMismatch = "compose-mismatch", Finding;
    /// A file that is no valid component.
    InvalidComponent = "invalid-component", Finding;
    /// A call that does not fit the component's exports.
    InvalidInvoke = "invalid-invoke", Finding;
    /// A component that trapped or ended with an error.
    Trap = "trap", Finding;
    /// A component that needs an import nobody provides.
    MissingImport = "missing-import", Finding;
    /// A project file with an error in it.
    InvalidConfig = "invalid-config", Finding;
    /// Grants with an error in them.
    InvalidGrants = "invalid-grants", Finding;
    /// Test vectors that do not fit the WIT.
    InvalidVectors = "invalid-vectors", Finding;
    /// A toolchain that ran and failed.
    ToolFailed = "tool-failed", Finding;
    /// A toolchain that is not installed.
    MissingTool = "missing-tool", CannotRun;
    /// A file or directory that is not there.
    MissingInput = "missing-input", CannotRun;
    /// A file system operation that failed.
    Io = "io", CannotRun;
    /// Output that would overwrite what witgen did not write.
    UnsafeOutput = "unsafe-output", CannotRun;
    /// A command line that makes no sense.
    Usage = "usage", CannotRun;
    /// A fault of witgen itself.
    Internal = "internal", CannotRun;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Id;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let names: BTreeSet<&str> = Id::ALL.iter().map(|id| id.name()).collect();
        assert_eq!(names.len(), Id::ALL.len());
        for name in names {
            let words = name.split('-');
            let fine =
                words.clone().all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
            assert!(fine, "`{name}` is not kebab case");
        }
    }

    #[test]
    fn a_name_leads_back_to_its_id() {
        for id in Id::ALL {
            assert_eq!(Id::from_name(id.name()), Some(*id));
        }
        assert_eq!(Id::from_name("wit-sintax"), None);
    }

    #[test]
    fn every_id_has_a_page_under_its_own_heading() {
        for id in Id::ALL {
            let page = id.explanation();
            assert_eq!(page.lines().next(), Some(format!("# {id}").as_str()));
            assert!(page.contains("\n## How to fix it\n"), "the page of `{id}` does not say how to fix it");
            assert!(page.contains("\n```"), "the page of `{id}` has no example");
            assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "the page of `{id}` ends badly");
        }
    }

    #[test]
    fn every_page_belongs_to_an_id() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/explain");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let id = name.strip_suffix(".md").and_then(Id::from_name);
            assert!(id.is_some(), "`{name}` explains no id");
        }
    }
}
