//! The module of the world itself: what its components are given, and what they offer.

use witgen_ir::{Direction, Function, FunctionKind, World};
use witgen_templates::python::host as view;

use crate::declarations::Signature;
use crate::docs::docstring;
use crate::host::RUNTIME_PACKAGE;
use crate::host::descriptors::quoted;
use crate::host::interface::Builder;
use crate::host::roles::Roles;
use crate::layout::{Node, sort_names};
use crate::names::{HOST_EXPORT, HOST_IMPORT, HOST_WORLD, Names};

/// The module, and its public names.
pub(crate) fn module(
    world: &World,
    names: &Names,
    roles: &Roles,
) -> witgen_diag::Result<(view::ModuleView, Vec<String>)> {
    let mut builder = Builder::new(world, names, roles, 0);
    builder.declare_sides();
    builder.declare_types()?;
    builder.declare_errors()?;
    builder.declare_imports()?;
    // Before the classes of interfaces, which get other names where these are taken.
    let parameters = builder.parameters();
    let given = builder.declare_imports_class(roles)?;
    builder.declare_world(roles, &given, parameters)?;
    Ok(builder.finish())
}

/// What instances are given.
struct Given {
    /// What implements each import, as an expression of `load`.
    implementations: Vec<String>,
    /// The imports, as the run time knows them.
    imports: Vec<Node>,
    /// Whether there is anything to give.
    is_needed: bool,
    /// Whether all of it may be left out.
    is_optional: bool,
}

/// The annotations of the parameters of `load`.
struct Parameters {
    component: String,
    grants: String,
}

impl Builder<'_> {
    fn parameters(&mut self) -> Parameters {
        let mut named = |module, name| self.header.named(&mut self.speller, module, name);
        let (mapping, path) = (named("collections.abc", "Mapping"), named("os", "PathLike"));
        let (any, component) = (named("typing", "Any"), named(RUNTIME_PACKAGE, "Component"));
        named("typing", "Self");
        Parameters {
            component: format!("{component} | str | {path}[str] | bytes"),
            grants: format!("str | {path}[str] | {mapping}[str, {mapping}[str, {any}]] | None"),
        }
    }

    /// The dataclass with a field for everything that a program implements.
    fn declare_imports_class(&mut self, roles: &Roles) -> witgen_diag::Result<Given> {
        let mut given =
            Given { implementations: Vec::new(), imports: Vec::new(), is_needed: false, is_optional: true };
        let mut fields = self.own_fields()?;
        if self.roles.has_import {
            let implementation = if fields.is_empty() { "None" } else { "imports" };
            given.implementations.push(implementation.to_owned());
            given.imports.push(Node::text(HOST_IMPORT));
            given.is_optional = fields.is_empty();
        }
        for (index, module) in self.names.modules.iter().enumerate().skip(1) {
            let role = roles.of(index);
            if !role.has_import {
                continue;
            }
            let local = format!("{HOST_IMPORT}_{}", module.name);
            self.speller.import_as(index, HOST_IMPORT, &local);
            given.imports.push(Node::text(local));
            let Some(member) = &role.protocol else {
                given.implementations.push("None".to_owned());
                continue;
            };
            given.implementations.push(format!("imports.{}", member.attribute));
            given.is_optional &= role.is_provided;
            let class = self.speller.import(index, &member.class);
            let rest = if role.is_provided { " | None = None" } else { "" };
            fields
                .push(view::ImportView { field: format!("{}: {class}{rest}", member.attribute), doc: None });
        }
        given.is_needed = !fields.is_empty();
        if given.is_needed {
            self.all.push(roles.imports.clone());
            self.header.named(&mut self.speller, "dataclasses", "dataclass");
            let doc = format!("What a component of the world `{}` is given.", self.world.qualified_name());
            let provided = roles_with_wasi(roles, self.names)
                .then_some("\n\nInterfaces of WASI that are all left out are provided, within the grants.");
            self.items.push(view::ItemView::Imports(view::ImportsView {
                name: roles.imports.clone(),
                doc: docstring(&(doc + provided.unwrap_or_default()), 4),
                fields,
            }));
        }
        Ok(given)
    }

    /// The fields for functions and resources of the world itself.
    fn own_fields(&mut self) -> witgen_diag::Result<Vec<view::ImportView>> {
        let resources = self.constructed_resources();
        self.hide(&resources);
        let mut fields = Vec::new();
        for function in self.module.functions(self.world, Direction::Import) {
            if function.kind == FunctionKind::Freestanding {
                fields.push(self.function_field(function)?);
            }
        }
        self.unhide(&resources, &fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>());
        let classes = resources.into_iter();
        fields.extend(
            classes.map(|class| view::ImportView { field: format!("{class}: type[{class}]"), doc: None }),
        );
        Ok(fields)
    }

    /// A field for a function, which is called with its arguments by position.
    fn function_field(&mut self, function: &Function) -> witgen_diag::Result<view::ImportView> {
        let signature = Signature::of(self.world, self.module, &mut self.speller, function, false)?;
        let callable = self.header.named(&mut self.speller, "collections.abc", "Callable");
        let params = signature.annotations.iter().map(Node::text).collect();
        let ty = Node::Group {
            head: format!("{callable}["),
            items: vec![Node::list(params), Node::text(&signature.result)],
            close: "]",
        };
        let name = self.module.function(function);
        let field = ty.lay_out(4, &format!("{name}: "), "");
        Ok(view::ImportView { field, doc: signature.doc(function, 4) })
    }

    /// The class of the world.
    fn declare_world(
        &mut self,
        roles: &Roles,
        given: &Given,
        parameters: Parameters,
    ) -> witgen_diag::Result<()> {
        let mut exports = Vec::new();
        let mut methods = Vec::new();
        for function in self.module.functions(self.world, Direction::Export) {
            methods.push(self.method(function, roles.method(function))?);
        }
        if !methods.is_empty() {
            exports.push(Node::text(HOST_EXPORT));
        }
        let mut attributes = Vec::new();
        for (index, module) in self.names.modules.iter().enumerate().skip(1) {
            let Some(member) = &roles.of(index).class else { continue };
            let local = format!("{HOST_EXPORT}_{}", module.name);
            self.speller.import_as(index, HOST_EXPORT, &local);
            exports.push(Node::text(local));
            let class = self.speller.import(index, &member.class);
            attributes.push(view::AttributeView { name: member.attribute.clone(), class });
        }
        let made = vec![
            quoted(&self.world.qualified_name()),
            Node::keyed("imports=", Node::list(given.imports.clone())),
            Node::keyed("exports=", Node::list(exports)),
        ];
        self.setup.push(Node::call("bind.World", made).lay_out(0, &format!("{HOST_WORLD} = "), ""));
        self.all.push(roles.world.clone());
        let doc = self.world.docs.clone().unwrap_or_default();
        let doc = format!("A running component of the world `{}`.\n\n{doc}", self.world.qualified_name());
        let imports = &roles.imports;
        let view = view::WorldView {
            name: roles.world.clone(),
            doc: docstring(&doc, 4),
            component: parameters.component,
            grants: parameters.grants,
            slots: slots(&attributes),
            attributes,
            imports_param: given.is_needed.then(|| match given.is_optional {
                true => format!("imports: {imports} | None = None,"),
                false => format!("imports: {imports},"),
            }),
            default_imports: (given.is_needed && given.is_optional).then(|| imports.clone()),
            load: load(&given.implementations),
            methods,
        };
        self.items.push(view::ItemView::World(view));
        Ok(())
    }
}

/// Whether a field may be left out.
fn roles_with_wasi(roles: &Roles, names: &Names) -> bool {
    (0..names.modules.len()).any(|index| {
        let role = roles.of(index);
        role.is_provided && role.protocol.is_some()
    })
}

fn slots(attributes: &[view::AttributeView]) -> String {
    let mut names = vec!["_witgen_instance".to_owned()];
    names.extend(attributes.iter().map(|attribute| attribute.name.clone()));
    sort_names(&mut names);
    tuple(names.iter().map(|name| quoted(name)).collect()).lay_out(4, "__slots__ = ", "")
}

fn load(implementations: &[String]) -> String {
    let loaded = vec![
        Node::text("component"),
        tuple(implementations.iter().map(Node::text).collect()),
        Node::text("grants=grants"),
        Node::text("interruptible=interruptible"),
    ];
    let instance = Node::call(&format!("{HOST_WORLD}.load"), loaded);
    Node::call("cls", vec![instance]).lay_out(8, "return ", "")
}

fn tuple(mut items: Vec<Node>) -> Node {
    if let [only] = items.as_mut_slice() {
        return Node::text(format!("({},)", only.flat()));
    }
    Node::Group { head: "(".to_owned(), items, close: ")" }
}
