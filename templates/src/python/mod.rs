//! Views of the Python bindings.
//!
//! Texts that span lines are indented for the place where their template prints them.

mod entry;
mod exports;
mod function;
pub mod host;
mod module;
mod package;
pub mod testee;
mod types;

pub use entry::{BindingView, EntryView, ExportView};
pub use exports::{ExportsView, MethodView, ProtocolView};
pub use function::{CallView, FunctionView};
pub use module::ModuleView;
pub use package::PackageView;
pub use types::{
    AliasView, CaseView, EnumView, ErrorView, FieldView, FlagsView, MemberView, RecordView,
    ResourceMethodView, ResourceView, TypeView, VariantView,
};
