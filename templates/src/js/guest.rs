//! Views of guest bindings.

use askama::Template;

use super::NamespaceImportView;

/// The module of an imported interface: a function for each of its functions, helpers for its variants.
#[derive(Debug, Template)]
#[template(path = "js/guest/module.js.jinja")]
pub struct ModuleView {
    /// The first comment.
    pub header: String,
    /// Where the component's functions come from; none when there are none.
    pub host: Option<HostView>,
    /// The quoted specifiers of the runtime and of the codecs; none when nothing needs them.
    pub support: Option<SupportView>,
    /// Constructors of variants.
    pub constructors: Vec<ConstructorsView>,
    /// Resources that are imported.
    pub resources: Vec<ImportedResourceView>,
    /// Functions that are imported.
    pub functions: Vec<ImportedFunctionView>,
}

/// A resource that the component imports.
#[derive(Debug)]
pub struct ImportedResourceView {
    /// `export const name`, or `const` with another name.
    pub declaration: String,
    /// `local as name` in the latter case.
    pub alias: Option<String>,
    /// The property that the engine gives it.
    pub host_name: String,
    /// Its codec and functions.
    pub members: MembersView,
}

/// The properties that describe a resource to the runtime.
#[derive(Debug, Template)]
#[template(path = "js/guest/members.js.jinja")]
pub struct MembersView {
    /// White space in front of every line.
    pub indent: &'static str,
    /// Its codec.
    pub codec: String,
    /// The constructor.
    pub create: Option<SignatureView>,
    /// Methods.
    pub methods: Vec<MethodView>,
    /// Static functions.
    pub statics: Vec<MethodView>,
}

/// Where the component's own functions come from.
#[derive(Debug)]
pub enum HostView {
    /// A module that the engine provides, by its quoted specifier.
    Module(String),
    /// Properties of the global object.
    Global,
}

/// The modules that all bindings share.
#[derive(Debug)]
pub struct SupportView {
    /// The quoted specifier of the runtime.
    pub runtime: String,
    /// The quoted specifier of the codecs of named types; none when no function uses one.
    pub types: Option<String>,
}

/// A function that the component imports.
#[derive(Debug)]
pub struct ImportedFunctionView {
    /// `export const name`, or `const` with another name.
    pub declaration: String,
    /// `local as name` in the latter case.
    pub alias: Option<String>,
    /// The property that the engine gives it.
    pub host_name: String,
    /// Its types.
    pub signature: SignatureView,
}

/// What the runtime must know of a function.
#[derive(Debug, Template)]
#[template(path = "js/guest/signature.js.jinja")]
pub struct SignatureView {
    /// White space in front of every line.
    pub indent: &'static str,
    /// The property with the WIT name, quoted.
    pub name: String,
    /// A property per parameter.
    pub params: Vec<String>,
    /// The property with the codec of the result.
    pub result: Option<String>,
}

/// Functions that make the values of a variant.
#[derive(Debug)]
pub struct ConstructorsView {
    /// The name of the variant.
    pub name: String,
    /// A function for each case.
    pub cases: Vec<ConstructorView>,
}

/// A function that makes a value of a case.
#[derive(Debug)]
pub struct ConstructorView {
    /// Its definition as a property.
    pub text: String,
    /// Its declaration.
    pub declaration: String,
}

/// The codecs of all named types.
#[derive(Debug, Template)]
#[template(path = "js/guest/codecs.js.jinja")]
pub struct CodecsView {
    /// The first comment.
    pub header: String,
    /// The quoted specifier of the runtime.
    pub runtime: String,
    /// One per type, each after those that it uses.
    pub codecs: Vec<CodecView>,
}

/// The codec of a named type.
#[derive(Debug)]
pub struct CodecView {
    /// The WIT name, for the comment.
    pub wit_name: String,
    /// The name of the constant.
    pub name: String,
    /// How it is made.
    pub body: CodecBody,
}

/// How a codec is made.
#[derive(Debug)]
pub enum CodecBody {
    /// By this expression.
    Expression(String),
    /// From an object with these properties.
    Object {
        /// The function that takes the object.
        function: &'static str,
        /// The properties.
        properties: Vec<String>,
    },
}

/// The module that `witgen build` starts from: it passes calls to what the user wrote.
#[derive(Debug, Template)]
#[template(path = "js/guest/entry.js.jinja")]
pub struct EntryView {
    /// The first comment.
    pub header: String,
    /// The quoted specifiers of modules that set up the resources that they import.
    pub modules: Vec<String>,
    /// Whether a codec of a named type is used.
    pub uses_types: bool,
    /// Functions of the world itself.
    pub functions: Vec<ExportedFunctionView>,
    /// Interfaces.
    pub interfaces: Vec<ExportedInterfaceView>,
    /// Whether nothing is exported.
    pub is_empty: bool,
}

/// A function that the world exports itself.
#[derive(Debug)]
pub struct ExportedFunctionView {
    /// The name of the constant.
    pub local: String,
    /// Its name in WIT, quoted.
    pub key: String,
    /// The quoted name that the user gives it.
    pub user_name: String,
    /// Its types.
    pub signature: SignatureView,
}

/// An interface that the world exports.
#[derive(Debug)]
pub struct ExportedInterfaceView {
    /// The name of the constant.
    pub local: String,
    /// Its name in WIT, quoted.
    pub key: String,
    /// The quoted name that the user gives it.
    pub user_name: String,
    /// Its functions.
    pub functions: Vec<MethodView>,
    /// Its resources.
    pub resources: Vec<ExportedResourceView>,
}

/// A resource that the user implements.
#[derive(Debug)]
pub struct ExportedResourceView {
    /// The name of the class.
    pub name: String,
    /// Its codec and functions.
    pub members: MembersView,
}

/// A function of an interface that the world exports.
#[derive(Debug)]
pub struct MethodView {
    /// Its name.
    pub name: String,
    /// What the user calls it, quoted, where that is something else.
    pub user_name: Option<String>,
    /// Its types.
    pub signature: SignatureView,
}

/// The declarations of an interface.
#[derive(Debug, Template)]
#[template(path = "js/guest/module.d.ts.jinja")]
pub struct DeclarationsView {
    /// The first comment, and the doc comment of the interface.
    pub header: String,
    /// Modules whose types are used.
    pub imports: Vec<NamespaceImportView>,
    /// The import of the generic types, such as `Result`.
    pub generics: Option<String>,
    /// Whether nothing is declared.
    pub is_empty: bool,
    /// Types, in order of declaration.
    pub types: Vec<TypeView>,
    /// Functions, in order of declaration.
    pub functions: Vec<DeclarationView>,
}

/// A type of an interface.
#[derive(Debug, Template)]
#[template(path = "js/guest/type.d.ts.jinja")]
pub enum TypeView {
    /// `record`, `flags`
    Interface(InterfaceView),
    /// `enum`, an alias
    Alias(DeclarationView),
    /// `variant`
    Variant(VariantView),
    /// A variant whose constructors are defined, too.
    Defined(DefinedVariantView),
    /// An imported `resource`
    Class(ClassView),
}

/// A class.
#[derive(Debug, Template)]
#[template(path = "js/guest/class.d.ts.jinja")]
pub struct ClassView {
    /// The doc comment with a line break at its end, or nothing.
    pub doc: String,
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: Vec<DeclarationView>,
}

/// An object type.
#[derive(Debug, Template)]
#[template(path = "js/guest/interface.d.ts.jinja")]
pub struct InterfaceView {
    /// The doc comment with a line break at its end, or nothing.
    pub doc: String,
    /// Its name.
    pub name: String,
    /// Its properties.
    pub properties: Vec<DeclarationView>,
}

/// A declaration: the final text, with its doc comment.
#[derive(Debug, Template)]
#[template(path = "js/guest/declaration.d.ts.jinja")]
pub struct DeclarationView {
    /// The doc comment with a line break at its end, or nothing.
    pub doc: String,
    /// The text, in one line or more.
    pub text: String,
}

/// A tagged union: an object type per case, their union, and constructors.
#[derive(Debug, Template)]
#[template(path = "js/guest/variant.d.ts.jinja")]
pub struct VariantView {
    /// The doc comment with a line break at its end, or nothing.
    pub doc: String,
    /// The cases.
    pub cases: Vec<InterfaceView>,
    /// The declaration of the union.
    pub union_text: String,
    /// The functions that make its values.
    pub constructors: ConstructorsView,
}

/// The same in TypeScript that runs: its constructors are there.
#[derive(Debug, Template)]
#[template(path = "js/host/variant.ts.jinja")]
pub struct DefinedVariantView {
    /// What is declared.
    pub declared: VariantView,
}

/// The declarations of everything that the world exports.
#[derive(Debug, Template)]
#[template(path = "js/guest/exports.d.ts.jinja")]
pub struct ExportsView {
    /// The first comment.
    pub header: String,
    /// Modules whose types are used.
    pub imports: Vec<NamespaceImportView>,
    /// The import of the generic types, such as `Result`.
    pub generics: Option<String>,
    /// A type per exported interface.
    pub interfaces: Vec<InterfaceView>,
    /// Everything together.
    pub exports: TypeView,
}
