//! Host bindings.

use askama::Template;

/// An enum.
#[derive(Template)]
#[template(path = "rust/host/enum.rs.jinja")]
pub struct HostEnumView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its cases.
    pub cases: Vec<super::EnumCaseView>,
    /// Whether it is an error of Rust.
    pub error: bool,
    /// Attributes of the function with the descriptions, of which several may be the same.
    pub message_lints: Vec<String>,
}

/// A set of flags.
#[derive(Template)]
#[template(path = "rust/host/flags.rs.jinja")]
pub struct HostFlagsView {
    /// Comments.
    pub head: Vec<String>,
    /// The module of the macro that declares it.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its flags.
    pub flags: Vec<HostFlagView>,
}

/// A single flag.
pub struct HostFlagView {
    /// Docs and attributes.
    pub head: Vec<String>,
    /// Its name.
    pub name: String,
}

/// What a program implements.
#[derive(Template)]
#[template(path = "rust/host/host_trait.rs.jinja")]
pub struct HostTraitView {
    /// One line.
    pub doc: String,
    /// Attributes.
    pub head: Vec<String>,
    /// `pub trait Host: HostBlob {`
    pub declaration: String,
    /// Its functions, indented.
    pub methods: Vec<String>,
    /// `impl<T: Host + ?Sized> Host for &mut T`, with its attributes.
    pub forwarding: String,
    /// The functions of a reference, indented.
    pub forwards: Vec<String>,
}

/// Where an implementation may come from.
#[derive(Template)]
#[template(path = "rust/host/with_store.rs.jinja")]
pub struct WithStoreView {
    /// The generic parameter for the data of a store.
    pub store: String,
    /// The one for what finds an implementation in it.
    pub data: String,
    /// wasmtime's trait.
    pub has_data: String,
}

/// Which unstable parts are added to a linker.
#[derive(Template)]
#[template(path = "rust/host/link_options.rs.jinja")]
pub struct LinkOptionsView {
    /// Attributes.
    pub head: Vec<String>,
    /// The features.
    pub features: Vec<LinkFeatureView>,
    /// The options of interfaces from these, rendered.
    pub conversions: Vec<String>,
}

/// A feature of `@unstable`.
pub struct LinkFeatureView {
    /// Its name in WIT.
    pub wit: String,
    /// Its name here.
    pub name: String,
}

/// The options of an interface from those of the world.
#[derive(Template)]
#[template(path = "rust/host/link_conversion.rs.jinja")]
pub struct LinkConversionView {
    /// The module of the interface.
    pub path: String,
    /// The features of the interface.
    pub features: Vec<String>,
}

/// Gives the implementation of an interface to a linker.
#[derive(Template)]
#[template(path = "rust/host/add_to_linker.rs.jinja")]
pub struct AddToLinkerView {
    /// The interface.
    pub key: String,
    /// The statement that finds it in the linker, indented.
    pub instance_of_linker: String,
    /// The type of linkers.
    pub linker: String,
    /// The type of instances in a linker.
    pub instance: String,
    /// The crate.
    pub wasmtime: String,
    /// What adds each item, indented; empty without items.
    pub body: String,
    /// What an implementation implements.
    pub bounds: Vec<String>,
    /// The generic parameter for the data of a store.
    pub store: String,
    /// The one for what finds an implementation in it.
    pub data: String,
    /// Whether there is a choice of what to add.
    pub has_options: bool,
}

/// What finds and calls the functions of an exported interface.
#[derive(Template)]
#[template(path = "rust/host/guest.rs.jinja")]
pub struct GuestView {
    /// The interface.
    pub key: String,
    /// The crate.
    pub wasmtime: String,
    /// The type of indices.
    pub index: String,
    /// The type of instances.
    pub instance: String,
    /// The type of components with their imports.
    pub pre: String,
    /// The generic parameter for the data of a store.
    pub store: String,
    /// Its functions.
    pub fields: Vec<ExportFieldView>,
    /// Where each of them is, looked up, indented.
    pub lookup: String,
    /// What calls them, rendered and indented.
    pub members: Vec<String>,
}

/// What calls the functions of an exported resource.
#[derive(Template)]
#[template(path = "rust/host/guest_resource.rs.jinja")]
pub struct GuestResourceView {
    /// Its name.
    pub name: String,
    /// The resource in WIT.
    pub wit: String,
    /// What calls them, rendered and indented.
    pub members: Vec<String>,
}

/// Where an exported function is kept.
pub struct ExportFieldView {
    /// Attributes.
    pub head: Vec<String>,
    /// The field.
    pub name: String,
    /// The field with its type, indented.
    pub declaration: String,
    /// The name of the export as string literal.
    pub wit_name: String,
    /// What initialises the field, indented.
    pub load: String,
}

/// Where an exported interface is kept: fields and what initialises them.
pub struct ExportInterfaceView {
    /// The field of an instance, indented.
    pub guest: String,
    /// The field of indices, indented.
    pub indices: String,
    /// What initialises the field of indices.
    pub found: String,
    /// What initialises the field of an instance, indented.
    pub load: String,
}

/// An instance of the world.
#[derive(Template)]
#[template(path = "rust/host/world.rs.jinja")]
pub struct WorldView {
    /// Attributes.
    pub head: Vec<String>,
    /// Attributes of the functions of what makes instances.
    pub pre_head: Vec<String>,
    /// Attributes of the structs with the exports.
    pub lints: Vec<String>,
    /// Attributes of the functions that reach deprecated exports.
    pub deprecated: Vec<String>,
    /// The qualified name in WIT.
    pub wit: String,
    /// The crate.
    pub wasmtime: String,
    /// The type of instances.
    pub world: String,
    /// The type of what makes instances.
    pub pre: String,
    /// The type of what finds exports.
    pub indices: String,
    /// The signature of what makes what makes instances.
    pub new_pre: String,
    /// The signature of what looks exports up.
    pub new_indices: String,
    /// Where each of them is, looked up, indented.
    pub lookup: String,
    /// The signature of what makes an instance.
    pub instantiate: String,
    /// The same, asynchronous.
    pub instantiate_async: String,
    /// What comes of it.
    pub result: String,
    /// What a parameter starts with that is not used without exports.
    pub underscore: String,
    /// The parameter for a store, which is not used without exports.
    pub store_param: String,
    /// The generic parameter for the data of a store.
    pub store: String,
    /// Whether the world exports functions itself.
    pub has_functions: bool,
    /// The functions that the world exports itself.
    pub fields: Vec<ExportFieldView>,
    /// The interfaces that it exports.
    pub interfaces: Vec<ExportInterfaceView>,
    /// Functions, rendered and indented.
    pub members: Vec<String>,
}

/// What makes many instances.
#[derive(Template)]
#[template(path = "rust/host/world_pre.rs.jinja")]
pub struct WorldPreView<'a> {
    /// The world.
    pub world: &'a WorldView,
}

/// What finds exports.
#[derive(Template)]
#[template(path = "rust/host/world_indices.rs.jinja")]
pub struct WorldIndicesView<'a> {
    /// The world.
    pub world: &'a WorldView,
}

/// Gives what the world imports itself to a linker.
#[derive(Template)]
#[template(path = "rust/host/world_imports.rs.jinja")]
pub struct WorldImportsView {
    /// The world.
    pub world: String,
    /// The crate.
    pub wasmtime: String,
    /// What an implementation implements.
    pub imports: String,
    /// What adds each item, indented.
    pub body: String,
    /// The generic parameter for the data of a store.
    pub store: String,
    /// The one for what finds an implementation in it.
    pub data: String,
    /// Whether there is a choice of what to add.
    pub has_options: bool,
    /// The parameter with the choice.
    pub options: String,
}

/// Gives everything that the world imports to a linker.
#[derive(Template)]
#[template(path = "rust/host/world_linking.rs.jinja")]
pub struct WorldLinkingView {
    /// The world.
    pub world: String,
    /// The crate.
    pub wasmtime: String,
    /// The calls, indented.
    pub body: String,
    /// The generic parameter for the data of a store.
    pub store: String,
    /// The one for what finds an implementation in it.
    pub data: String,
    /// What an implementation implements.
    pub bounds: Vec<String>,
    /// What finds it.
    pub sources: Vec<String>,
    /// Whether there is a choice of what to add.
    pub has_options: bool,
}
