//! Everything that a world imports or exports, as one type: `Exports`, and `Imports` of a host.

use std::collections::BTreeMap;

use witgen_backend::{Scope, cased};
use witgen_ir::{Direction, Function, Interface, InterfaceId, Owner, TypeDef};
use witgen_languages::{Case, Language, Role, Side};
use witgen_templates::js::guest::{DeclarationView, ExportsView, InterfaceView, TypeView};

use crate::bindings::Bindings;
use crate::declarations::imports;
use crate::names::{self, property};
use crate::pretty::{Doc, property_name};
use crate::types::{Maker, Speller};
use crate::{docs, resources};

/// Who gives what to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Surface {
    pub(crate) direction: Direction,
    /// Who calls its functions: users call what a host's component exports, bindings what users implement.
    pub(crate) caller: Maker,
}

impl Surface {
    /// What the component exports.
    pub(crate) fn exports(side: Side) -> Self {
        let caller = if side == Side::Guest { Maker::Bindings } else { Maker::User };
        Self { direction: Direction::Export, caller }
    }

    /// What a host gives to the component.
    pub(crate) fn imports() -> Self {
        Self { direction: Direction::Import, caller: Maker::Bindings }
    }

    /// Who implements its functions.
    pub(crate) fn callee(self) -> Maker {
        match self.caller {
            Maker::User => Maker::Bindings,
            Maker::Bindings => Maker::User,
        }
    }

    /// Whether a host may leave an interface out: an implementation of all of WASI goes by the names of WIT.
    pub(crate) fn is_optional(self, interface: &Interface) -> bool {
        self.direction == Direction::Import && interface.package.namespace == "wasi"
    }

    /// The type and its file.
    fn name(self) -> (&'static str, &'static str) {
        match self.direction {
            Direction::Import => ("Imports", "imports"),
            Direction::Export => ("Exports", "exports"),
        }
    }
}

impl<'a> Bindings<'a> {
    /// The interfaces with something to call.
    pub(crate) fn callable_interfaces(&self, direction: Direction) -> impl Iterator<Item = &'a Interface> {
        self.world.interfaces_of(direction).filter(|interface| {
            !interface.functions.is_empty() || self.resources_of(interface).next().is_some()
        })
    }

    /// The functions of an interface that belong to no resource.
    pub(crate) fn free_functions(&self, interface: &Interface) -> impl Iterator<Item = &'a Function> {
        let functions = interface.functions.iter().map(|id| self.world.function(*id));
        functions.filter(|func| func.kind.resource().is_none())
    }

    /// The resources that an interface declares.
    pub(crate) fn resources_of(&self, interface: &Interface) -> impl Iterator<Item = &'a TypeDef> {
        self.resources_in(Owner::Interface(interface.id))
    }

    fn resources_in(&self, owner: Owner) -> impl Iterator<Item = &'a TypeDef> {
        self.world.types.iter().filter(move |ty| ty.owner == owner && resources::is_resource(ty))
    }

    /// The resources that the world itself imports; it cannot export any.
    pub(crate) fn world_resources(&self, direction: Direction) -> impl Iterator<Item = &'a TypeDef> {
        self.resources_in(Owner::World).filter(move |_| direction == Direction::Import)
    }

    /// The functions that the world itself imports or exports, without those of resources.
    pub(crate) fn world_functions(&self, direction: Direction) -> impl Iterator<Item = &'a Function> {
        self.world.functions_of(direction).filter(|func| func.kind.resource().is_none())
    }

    /// What users call each interface.
    pub(crate) fn keys(&self, direction: Direction) -> BTreeMap<InterfaceId, String> {
        let mut scope = Scope::new(Language::Js);
        for func in self.world_functions(direction) {
            scope.reserve(property(&func.name));
        }
        for ty in self.world_resources(direction) {
            scope.reserve(resources::engine_class(ty));
        }
        let all: Vec<&Interface> = self.callable_interfaces(direction).collect();
        all.iter()
            .map(|interface| {
                let name = names::distinct(interface, &all, Case::LowerCamel);
                (interface.id, scope.unique(name))
            })
            .collect()
    }

    /// The type of everything, with one for each interface and each class.
    pub(crate) fn surface(&self, surface: Surface) -> ExportsView {
        let (type_name, path) = surface.name();
        let mut scope = Scope::new(Language::Js);
        scope.reserve(type_name);
        let interfaces = self.interface_types(surface, &mut scope);
        let owners = interfaces.iter().map(|(interface, _)| Some(*interface)).chain([None]);
        let classes: Vec<Class<'_>> = owners
            .flat_map(|owner| self.classes_of(surface, owner))
            .map(|(owner, ty)| {
                let name = scope.unique(format!("{}Class", self.names.type_name(ty.id)));
                Class { owner, ty, name }
            })
            .collect();
        let mut speller = Speller::file(self.world, self.names, path, scope);
        let keys = self.keys(surface.direction);
        let mut members = class_members(&classes, None);
        let functions = self.world_functions(surface.direction);
        members.extend(functions.map(|func| self.member(&mut speller, surface, func)));
        members.extend(interfaces.iter().map(|(interface, name)| DeclarationView {
            doc: docs::comment("  ", &interface.docs, &interface.stability),
            text: format!(
                "  {}{}: {name};",
                property_name(&keys[&interface.id]),
                if surface.is_optional(interface) { "?" } else { "" }
            ),
        }));
        let mut views: Vec<InterfaceView> = interfaces
            .into_iter()
            .map(|(interface, name)| {
                let mut properties = class_members(&classes, Some(interface.id));
                let functions = self.free_functions(interface);
                properties.extend(functions.map(|func| self.member(&mut speller, surface, func)));
                let first = self.interface_doc(surface, interface);
                let doc = docs::comment_after("", &first, &interface.docs, &interface.stability);
                InterfaceView { doc, name, properties }
            })
            .collect();
        views.extend(classes.into_iter().map(|class| match surface.callee() {
            Maker::User => self.class_type(&mut speller, class.ty, class.name),
            Maker::Bindings => self.given_class_type(&mut speller, class.ty, class.name),
        }));
        let doc = docs::comment_after("", &self.world_doc(surface), &self.world.docs, &self.world.stability);
        let exports = if members.is_empty() {
            let text = format!("export type {type_name} = Record<never, never>;");
            TypeView::Alias(DeclarationView { doc, text })
        } else {
            TypeView::Interface(InterfaceView { doc, name: type_name.to_owned(), properties: members })
        };
        ExportsView {
            header: self.header(),
            imports: imports(&speller),
            generics: speller.generics(),
            interfaces: views,
            exports,
        }
    }

    /// The names of the types of the interfaces.
    fn interface_types(&self, surface: Surface, scope: &mut Scope) -> Vec<(&Interface, String)> {
        let all: Vec<&Interface> = self.callable_interfaces(surface.direction).collect();
        let named = all.iter().map(|interface| {
            let name = match names::distinct(interface, &all, Case::UpperCamel) {
                name if name == cased(Case::UpperCamel, &interface.name) => {
                    scope.name(Role::Type, &interface.name)
                }
                name => scope.unique(name),
            };
            (*interface, name)
        });
        named.collect()
    }

    fn classes_of<'s>(
        &'s self,
        surface: Surface,
        owner: Option<&'s Interface>,
    ) -> Vec<(Option<InterfaceId>, &'s TypeDef)> {
        match owner {
            Some(interface) => self.resources_of(interface).map(|ty| (Some(interface.id), ty)).collect(),
            // The bindings of guests declare the classes that the world itself imports in a module.
            None => self.world_resources(surface.direction).map(|ty| (None, ty)).collect(),
        }
    }

    fn interface_doc(&self, surface: Surface, interface: &Interface) -> String {
        let key = &interface.key;
        match (self.side, surface.direction) {
            (Side::Guest, _) => format!("What a module that exports `{key}` implements."),
            (Side::Host, Direction::Import) => format!("What implements `{key}` for the component."),
            (Side::Host, Direction::Export) => format!("What the component exports as `{key}`."),
        }
    }

    fn world_doc(&self, surface: Surface) -> String {
        let world = self.world.qualified_name();
        match (self.side, surface.direction) {
            (Side::Guest, _) => format!(
                "What the component's module exports, by name or in one object as its default export: the world `{world}`."
            ),
            (Side::Host, Direction::Import) => format!("What a component of the world `{world}` is given."),
            (Side::Host, Direction::Export) => format!("What a component of the world `{world}` exports."),
        }
    }

    /// A function as a property.
    fn member(&self, speller: &mut Speller<'_>, surface: Surface, func: &Function) -> DeclarationView {
        let name = if self.side == Side::Host { names::of_host(func) } else { property(&func.name) };
        let parts = vec![
            Doc::text(format!("{}: ", property_name(&name))),
            Doc::call("", speller.params(func, surface.caller)),
            Doc::text(" => "),
            speller.result(func, surface.callee()),
            Doc::text(";"),
        ];
        DeclarationView { doc: self.function_doc("  ", func, speller), text: Doc::Concat(parts).lines(2) }
    }
}

/// The class of a resource, as a type.
struct Class<'a> {
    owner: Option<InterfaceId>,
    ty: &'a TypeDef,
    name: String,
}

fn class_members(classes: &[Class<'_>], owner: Option<InterfaceId>) -> Vec<DeclarationView> {
    let found = classes.iter().filter(|class| class.owner == owner);
    let declared = found.map(|class| DeclarationView {
        doc: String::new(),
        text: format!("  readonly {}: {};", resources::engine_class(class.ty), class.name),
    });
    declared.collect()
}
