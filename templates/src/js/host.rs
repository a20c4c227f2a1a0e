//! Views of host bindings, beside those that they share with guests.

use askama::Template;

use super::guest::{MembersView, MethodView};

/// The module that programs import: it describes the world to the runtime.
#[derive(Debug, Template)]
#[template(path = "js/host/index.js.jinja")]
pub struct IndexView {
    /// The first comment.
    pub header: String,
    /// Whether a codec of a named type is used.
    pub uses_types: bool,
    /// The property with the name of the world, quoted.
    pub name: String,
    /// Whether arguments are taken as they come.
    pub is_unchecked: bool,
    /// What it imports.
    pub imports: SurfaceView,
    /// What it exports.
    pub exports: SurfaceView,
}

/// What a world or an interface has.
#[derive(Debug, Template)]
#[template(path = "js/host/members.js.jinja")]
pub struct SurfaceView {
    /// White space in front of every line.
    pub indent: &'static str,
    /// Its functions.
    pub functions: Vec<MethodView>,
    /// Its resources.
    pub resources: Vec<ResourceView>,
    /// Its interfaces.
    pub interfaces: Vec<InterfaceMembersView>,
}

impl SurfaceView {
    /// Whether it has nothing.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.resources.is_empty() && self.interfaces.is_empty()
    }
}

/// A resource that is given or used.
#[derive(Debug)]
pub struct ResourceView {
    /// The name of its class.
    pub class: String,
    /// The property with its WIT name, quoted.
    pub name: String,
    /// Its codec and functions.
    pub members: MembersView,
}

/// An interface of the world.
#[derive(Debug)]
pub struct InterfaceMembersView {
    /// What users call it.
    pub key: String,
    /// What it has.
    pub members: SurfaceView,
}

/// The declarations of the module that programs import.
#[derive(Debug, Template)]
#[template(path = "js/host/index.d.ts.jinja")]
pub struct IndexTypesView {
    /// The first comment.
    pub header: String,
    /// What `instantiate` does.
    pub first: String,
    /// A question mark where the imports may be left out.
    pub optional: &'static str,
}
