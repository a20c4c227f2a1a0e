//! The module of an interface.

use std::collections::BTreeSet;

use witgen_ir::{Direction, Function, FunctionKind, TypeKind, World};
use witgen_templates::python::host as view;

use crate::declarations::{Signature, in_order, module_doc, type_view, typed_assignment};
use crate::docs::docstring;
use crate::guest::all_statement;
use crate::host::descriptors::{is_list_of_numbers, quoted};
use crate::host::header::Header;
use crate::host::roles::{Member, ModuleRoles, Roles, imported_resources, is_constructed};
use crate::host::{RUNTIME_PACKAGE, resource};
use crate::layout::{Node, sort_names};
use crate::names::{HOST_EXPORT, HOST_IMPORT, Module, Names, RUNTIME, resource_word, whole_result};
use crate::types::{Speller, used_type};

/// The module of `index`; none when there is nothing in it.
pub(crate) fn module(
    world: &World,
    names: &Names,
    roles: &Roles,
    index: usize,
) -> witgen_diag::Result<Option<view::ModuleView>> {
    let mut builder = Builder::new(world, names, roles, index);
    builder.declare()?;
    if builder.all.is_empty() {
        return Ok(None);
    }
    Ok(Some(builder.finish().0))
}

/// Collects what a module declares.
pub(crate) struct Builder<'a> {
    pub(crate) world: &'a World,
    pub(crate) names: &'a Names,
    pub(crate) module: &'a Module,
    pub(crate) roles: &'a ModuleRoles,
    pub(crate) speller: Speller<'a>,
    pub(crate) header: Header,
    /// Whether lists of numbers come out of components as views.
    has_views: bool,
    pub(crate) items: Vec<view::ItemView>,
    /// Statements that tell the run time about types and functions.
    pub(crate) setup: Vec<String>,
    /// Statements behind those: what calls the functions of exported resources.
    pub(crate) calls: Vec<String>,
    /// Public names.
    pub(crate) all: Vec<String>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(world: &'a World, names: &'a Names, roles: &'a Roles, index: usize) -> Self {
        Self {
            world,
            names,
            module: &names.modules[index],
            roles: roles.of(index),
            speller: Speller::inside(world, names, index),
            header: Header::default(),
            has_views: roles.has_views,
            items: Vec::new(),
            setup: Vec::new(),
            calls: Vec::new(),
            all: Vec::new(),
        }
    }

    /// Everything that an interface has.
    fn declare(&mut self) -> witgen_diag::Result<()> {
        self.declare_sides();
        self.declare_types()?;
        self.declare_errors()?;
        let roles = self.roles;
        if let Some(member) = &roles.protocol {
            self.declare_protocol(member)?;
        }
        self.declare_imports()?;
        if let Some(member) = &roles.class {
            self.declare_class(member)?;
        }
        Ok(())
    }

    /// The two halves of the interface, as the run time knows them.
    pub(crate) fn declare_sides(&mut self) {
        let key = |id| quoted(&self.world.interface(id).key);
        let sides = [
            (HOST_IMPORT, "Import", self.module.import, self.roles.has_import),
            (HOST_EXPORT, "Export", self.module.export, self.has_export()),
        ];
        let mut statements = Vec::new();
        for (local, class, id, _) in sides.into_iter().filter(|(.., is_used)| *is_used) {
            let made = Node::call(&format!("bind.{class}"), vec![id.map_or_else(|| Node::text("None"), key)]);
            statements.push(made.lay_out(0, &format!("{local} = "), ""));
        }
        self.setup.append(&mut statements);
    }

    fn has_export(&self) -> bool {
        match self.module.is_world() {
            true => self.world.functions_of(Direction::Export).next().is_some(),
            false => self.roles.class.is_some(),
        }
    }

    pub(crate) fn declare_types(&mut self) -> witgen_diag::Result<()> {
        let mut descriptors = Vec::new();
        for def in in_order(self.world, self.module.types(self.world)) {
            let Some(name) = self.names.type_name(def.id) else { continue };
            self.all.push(name.class.clone());
            if let Some(target) =
                used_type(self.world, def).and_then(|target| self.names.type_name(target.id))
            {
                self.speller.import_as(target.module, &target.class, &name.class);
                continue;
            }
            self.all.extend(name.cases.iter().cloned());
            if matches!(def.kind, TypeKind::Resource) {
                self.declare_resource(def, name)?;
                continue;
            }
            let ty = type_view(&mut self.speller, def, &name.class, &name.cases)?;
            self.use_names_of(&ty);
            self.items.push(view::ItemView::Type(ty));
            if let Some(node) = self.speller.new_descriptor(def, &name.class, &name.cases)? {
                descriptors.push(node.lay_out(0, &format!("{} = ", name.check), ""));
            }
        }
        self.setup.append(&mut descriptors);
        self.setup.append(&mut self.calls);
        Ok(())
    }

    fn use_names_of(&mut self, ty: &witgen_templates::python::TypeView) {
        use witgen_templates::python::TypeView;
        let dataclass = ("dataclasses", "dataclass");
        let alias = ("typing", "TypeAlias");
        let used: &[_] = match ty {
            TypeView::Record(_) => &[dataclass],
            TypeView::Variant(_) => &[dataclass, alias],
            TypeView::Alias(_) => &[alias],
            TypeView::Enum(_) | TypeView::Flags(_) => {
                self.header.plain("enum");
                &[]
            }
            TypeView::Resource(_) => &[],
        };
        for (module, name) in used {
            self.header.named(&mut self.speller, module, name);
        }
    }

    /// The exceptions of both sides.
    pub(crate) fn declare_errors(&mut self) -> witgen_diag::Result<()> {
        let mut known = BTreeSet::new();
        for direction in [Direction::Import, Direction::Export] {
            if direction == Direction::Export && self.module.is_split && self.module.import.is_some() {
                continue;
            }
            for function in self.module.functions(self.world, direction) {
                let (Some(name), Some((_, err))) =
                    (self.module.error(function), whole_result(self.world, function))
                else {
                    continue;
                };
                if !known.insert(name) {
                    continue;
                }
                let base = self.header.named(&mut self.speller, RUNTIME_PACKAGE, "WitError");
                let payload = self.speller.payload(err)?;
                self.all.push(name.to_owned());
                self.items.push(view::ItemView::Error(witgen_templates::python::ErrorView {
                    name: name.to_owned(),
                    doc: docstring(&format!("The error of the function `{}`.", function.name), 4),
                    base: format!("{base}[{payload}]"),
                    has_payload: err.is_some(),
                }));
            }
        }
        Ok(())
    }

    /// What a program implements.
    fn declare_protocol(&mut self, member: &Member) -> witgen_diag::Result<()> {
        let functions = self.module.functions(self.world, Direction::Import);
        let resources = self.constructed_resources();
        self.hide(&resources);
        let attributes: Vec<view::ResourceAttributeView> = resources
            .iter()
            .map(|name| {
                let class = self.speller.hidden.get(name).unwrap_or(name).clone();
                view::ResourceAttributeView { name: name.clone(), class }
            })
            .collect();
        let mut methods = Vec::new();
        for function in functions {
            if function.kind == FunctionKind::Freestanding {
                methods.push(self.abstract_method(function)?);
            }
        }
        let used: Vec<&str> = attributes.iter().map(|attribute| attribute.class.as_str()).collect();
        self.unhide(&resources, &used);
        self.all.push(member.class.clone());
        self.header.named(&mut self.speller, "typing", "Protocol");
        self.header.named(&mut self.speller, "abc", "abstractmethod");
        let doc = format!("What implements the interface `{}`.", self.key());
        self.items.push(view::ItemView::Protocol(view::ProtocolView {
            name: member.class.clone(),
            doc: docstring(&doc, 4),
            resources: attributes,
            methods,
        }));
        Ok(())
    }

    /// The classes of imported resources that have constructors or static functions.
    pub(crate) fn constructed_resources(&self) -> Vec<String> {
        let functions = self.module.functions(self.world, Direction::Import);
        let is_constructed = |id| {
            functions.iter().any(|function| function.kind.resource() == Some(id) && is_constructed(function))
        };
        let resources = imported_resources(self.world, self.module).into_iter();
        resources
            .filter(|def| is_constructed(def.id))
            .filter_map(|def| self.names.type_name(def.id).map(|name| name.class.clone()))
            .collect()
    }

    /// Spells `classes` by other names, where attributes of the same name hide them.
    pub(crate) fn hide(&mut self, classes: &[String]) {
        for class in classes {
            let other = self.speller.scope.unique(format!("_Witgen{class}"));
            self.speller.hidden.insert(class.clone(), other);
        }
    }

    /// Ends that, and declares those of the other names that `texts` use.
    pub(crate) fn unhide(&mut self, classes: &[String], texts: &[&str]) {
        for class in classes {
            let Some(other) = self.speller.hidden.remove(class) else { continue };
            if !texts.iter().any(|text| text.contains(&other)) {
                continue;
            }
            self.header.named(&mut self.speller, "typing", "TypeAlias");
            let alias = witgen_templates::python::AliasView { name: other, target: class.clone(), doc: None };
            self.items.push(view::ItemView::Type(witgen_templates::python::TypeView::Alias(alias)));
        }
    }

    pub(crate) fn abstract_method(
        &mut self,
        function: &Function,
    ) -> witgen_diag::Result<view::AbstractMethodView> {
        let signature = Signature::of(self.world, self.module, &mut self.speller, function, false)?;
        let doc = signature.doc(function, 8);
        let after = if doc.is_some() { ":" } else { ": ..." };
        let is_static = matches!(function.kind, FunctionKind::Static(_));
        self.header.named(&mut self.speller, "abc", "abstractmethod");
        let name = self.module.function(function);
        Ok(view::AbstractMethodView {
            is_static,
            signature: signature.definition(name, !is_static, 4, after),
            doc,
        })
    }

    /// Tells the run time about the functions that components import.
    pub(crate) fn declare_imports(&mut self) -> witgen_diag::Result<()> {
        for function in self.module.functions(self.world, Direction::Import) {
            let items = vec![
                quoted(&function.wit_name),
                quoted(self.module.function(function)),
                self.speller.params_descriptor(function)?,
                self.speller.result_descriptor(self.module, function, false)?,
            ];
            self.setup.push(Node::call(&format!("{HOST_IMPORT}.function"), items).lay_out(0, "", ""));
        }
        Ok(())
    }

    /// The functions that components export.
    fn declare_class(&mut self, member: &Member) -> witgen_diag::Result<()> {
        let functions = self.module.functions(self.world, Direction::Export);
        let mut methods = Vec::new();
        for function in functions {
            if function.kind == FunctionKind::Freestanding {
                let name = self.module.function(function);
                methods.push(self.method(function, name)?);
            }
        }
        self.all.push(member.class.clone());
        let doc = format!("The interface `{}` of an instance.", self.key());
        self.items.push(view::ItemView::Interface(view::InterfaceClassView {
            name: member.class.clone(),
            doc: docstring(&doc, 4),
            methods,
        }));
        Ok(())
    }

    /// A method `name` that calls a function of the instance.
    pub(crate) fn method(
        &mut self,
        function: &Function,
        name: &str,
    ) -> witgen_diag::Result<view::MethodView> {
        let signature = self.exported(function)?;
        let raw = self.declare_export(function, &signature.result)?;
        let params = signature.params.iter().map(Node::text);
        let call =
            Node::call(&raw, [Node::text("self._witgen_instance")].into_iter().chain(params).collect());
        Ok(view::MethodView {
            decorators: self.deprecation(function),
            signature: signature.definition(name, true, 4, ":"),
            doc: signature.doc(function, 8),
            body: call.lay_out(8, if signature.returns { "return " } else { "" }, ""),
        })
    }

    /// The signature of a function that components export.
    pub(crate) fn exported(&mut self, function: &Function) -> witgen_diag::Result<Signature> {
        let mut signature = Signature::of(self.world, self.module, &mut self.speller, function, true)?;
        if self.is_view(function) {
            signature.result = "memoryview".to_owned();
        }
        Ok(signature)
    }

    /// Whether a function gives a view of numbers.
    fn is_view(&self, function: &Function) -> bool {
        let given = whole_result(self.world, function).map_or(function.result, |(ok, _)| ok);
        self.has_views && given.is_some_and(|given| is_list_of_numbers(self.world, given))
    }

    /// Tells the run time about an exported function, and gives the name of what calls it.
    pub(crate) fn declare_export(
        &mut self,
        function: &Function,
        result: &str,
    ) -> witgen_diag::Result<String> {
        let name = self.module.function(function);
        let word = match function.kind {
            FunctionKind::Freestanding => name.to_owned(),
            FunctionKind::Method(id) | FunctionKind::Static(id) => format!("{}_{name}", self.word(id)),
            FunctionKind::Constructor(id) => format!("{}_new", self.word(id)),
        };
        let raw = self.speller.scope.unique(format!("{RUNTIME}_{word}"));
        let items = vec![
            quoted(&function.wit_name),
            self.speller.params_descriptor(function)?,
            self.speller.result_descriptor(self.module, function, self.is_view(function))?,
        ];
        let made = Node::call(&format!("{HOST_EXPORT}.function"), items);
        self.header.named(&mut self.speller, "collections.abc", "Callable");
        self.setup.push(typed_assignment(&raw, result, &made));
        Ok(raw)
    }

    pub(crate) fn deprecation(&self, function: &Function) -> Vec<String> {
        let version = function.stability.deprecated.as_deref();
        version
            .map(|version| format!("@bind.deprecated(\"deprecated since {version}\")"))
            .into_iter()
            .collect()
    }

    fn word(&self, resource: witgen_ir::TypeId) -> String {
        resource::word(&resource_word(self.world, resource))
    }

    fn key(&self) -> String {
        self.module.interface(self.world).map(|interface| interface.key.clone()).unwrap_or_default()
    }

    /// The module, and its public names.
    pub(crate) fn finish(mut self) -> (view::ModuleView, Vec<String>) {
        if !self.setup.is_empty() {
            self.header.named(&mut self.speller, RUNTIME_PACKAGE, "bind");
        }
        sort_names(&mut self.all);
        let view = view::ModuleView {
            doc: module_doc(self.world, self.module),
            imports: self.header.groups(self.speller),
            all: all_statement(self.all.clone()),
            items: self.items,
            setup: self.setup,
        };
        (view, self.all)
    }
}
