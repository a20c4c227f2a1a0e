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
