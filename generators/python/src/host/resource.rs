//! Resources: a protocol where a program implements them, a class where a component does.

use witgen_backend::cased;
use witgen_ir::{Direction, Function, FunctionKind, TypeDef};
use witgen_languages::Case;
use witgen_templates::python::host as view;

use crate::declarations::type_doc;
use crate::host::RUNTIME_PACKAGE;
use crate::host::descriptors::quoted;
use crate::host::interface::Builder;
use crate::layout::Node;
use crate::names::{HOST_EXPORT, HOST_IMPORT, TypeName};

/// A resource in the names of its functions.
pub(crate) fn word(resource: &str) -> String {
    cased(Case::Snake, resource)
}

impl<'a> Builder<'a> {
    /// Declares the class of a resource, and tells the run time about it.
    pub(crate) fn declare_resource(&mut self, def: &TypeDef, name: &TypeName) -> witgen_diag::Result<()> {
        let is_exported = self.module.import.is_none() && self.module.export.is_some();
        match is_exported {
            true => self.declare_exported_resource(def, name),
            false => self.declare_imported_resource(def, name),
        }
    }

    fn declare_imported_resource(&mut self, def: &TypeDef, name: &TypeName) -> witgen_diag::Result<()> {
        let class = &name.class;
        let wit = def.name.as_deref().unwrap_or_default();
        let mut methods = Vec::new();
        for function in self.functions_of(Direction::Import, def) {
            methods.push(self.abstract_method(function)?);
        }
        self.header.named(&mut self.speller, "typing", "Protocol");
        self.items.push(view::ItemView::Protocol(view::ProtocolView {
            name: class.clone(),
            doc: type_doc(def, &format!("The resource `{wit}`.")),
            resources: Vec::new(),
            methods,
        }));
        let mut items = vec![quoted(wit)];
        items.extend(self.constructed_resources().contains(class).then(|| quoted(class)));
        let made = Node::call(&format!("{HOST_IMPORT}.resource"), items);
        self.setup.push(made.lay_out(0, &format!("{}: bind.ResourceType[{class}] = ", name.check), ""));
        Ok(())
    }

    fn declare_exported_resource(&mut self, def: &TypeDef, name: &TypeName) -> witgen_diag::Result<()> {
        let class = &name.class;
        let wit = def.name.as_deref().unwrap_or_default();
        let made = Node::call(&format!("{HOST_EXPORT}.resource"), vec![quoted(wit), Node::text(class)]);
        self.setup.push(made.lay_out(0, &format!("{} = ", name.check), ""));
        let base = self.header.named(&mut self.speller, RUNTIME_PACKAGE, "Resource");
        let doc = type_doc(def, &format!("The resource `{wit}`."));
        let item = self.items.len();
        let mut methods = Vec::new();
        // The calls are declared behind all types, which they are made of.
        let setup = std::mem::take(&mut self.setup);
        for function in self.functions_of(Direction::Export, def) {
            methods.push(self.resource_method(function, class)?);
        }
        let calls = std::mem::replace(&mut self.setup, setup);
        self.calls.extend(calls);
        let class = class.clone();
        let view = view::ResourceClassView { name: class, base, doc, methods };
        self.items.insert(item, view::ItemView::Resource(view));
        Ok(())
    }

    fn resource_method(&mut self, function: &Function, class: &str) -> witgen_diag::Result<view::MethodView> {
        let mut signature = self.exported(function)?;
        let is_constructor = matches!(function.kind, FunctionKind::Constructor(_));
        let raw = self.declare_export(function, if is_constructor { class } else { &signature.result })?;
        let params = signature.params.iter().map(Node::text);
        let is_method = matches!(function.kind, FunctionKind::Method(_));
        let instance = match is_method {
            true => "self".to_owned(),
            false => {
                // The instance comes first, and no parameter has its name.
                let param = self.instance_param(&signature.params);
                let interface = self.roles.class.as_ref().map_or("", |member| member.class.as_str());
                signature.leading = vec![format!("{param}: {interface}"), "/".to_owned()];
                format!("{param}._witgen_instance")
            }
        };
        let call = Node::call(&raw, [Node::text(instance)].into_iter().chain(params).collect());
        let (call, start) = match is_constructor {
            true => (Node::call("super().__init__", vec![call]), ""),
            false => (call, if signature.returns { "return " } else { "" }),
        };
        let is_static = matches!(function.kind, FunctionKind::Static(_));
        let mut decorators: Vec<String> = is_static.then(|| "@staticmethod".to_owned()).into_iter().collect();
        decorators.extend(self.deprecation(function));
        Ok(view::MethodView {
            decorators,
            signature: signature.definition(self.module.function(function), !is_static, 4, ":"),
            doc: signature.doc(function, 8),
            body: call.lay_out(8, start, ""),
        })
    }

    /// The parameter for the instance: the attribute that holds the interface.
    fn instance_param(&self, others: &[String]) -> String {
        let mut name = self.roles.class.as_ref().map_or_else(String::new, |member| member.attribute.clone());
        while others.contains(&name) || name == "self" {
            name.push('_');
        }
        name
    }

    fn functions_of(&self, direction: Direction, def: &TypeDef) -> Vec<&'a Function> {
        let mut functions = self.module.functions(self.world, direction);
        functions.retain(|function| function.kind.resource() == Some(def.id));
        functions
    }
}
