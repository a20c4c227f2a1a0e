//! Views of the Go bindings.
//!
//! Comments are lines that start with `//`; types, parameters and bodies are Go text.

mod glue;
mod host;
mod package;
pub mod testee;
mod types;

pub use glue::{CallView, GlueView, GoExportView, RawExportView, RawImportView, StubView, StubsView};
pub use host::{
    ComponentResourceView, GivenFunctionView, GivenGlueView, GivenResourceView, GivenView, HostCallView,
    HostExampleCallView, HostExampleView, HostExportsView, HostFieldView, HostGlueView, HostMethodView,
    HostPackageView, HostWorldView,
};
pub use package::{ExportsView, FunctionView, ImportView, MethodView, PackageView};
pub use types::{
    AliasView, CaseView, ConstantView, EnumView, ExportedResourceView, FieldView, FlagsView,
    ImportedResourceView, RecordView, TypeView, VariantView,
};
