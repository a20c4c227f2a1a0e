//! The class of a resource: a handle where it is imported, a protocol where the application implements it.

use witgen_ir::{Direction, Function, FunctionKind, TypeDef};
use witgen_templates::python as view;

use crate::declarations::{Signature, type_doc};
use crate::guest::module::{self, Builder};
use crate::layout::Node;
use crate::names::RUNTIME;

impl Builder<'_> {
    pub(super) fn resource_view(
        &mut self,
        def: &TypeDef,
        class: &str,
        setup: &mut Vec<String>,
    ) -> witgen_diag::Result<view::TypeView> {
        let is_abstract = self.module.import.is_none() && self.module.export.is_some();
        let direction = if is_abstract { Direction::Export } else { Direction::Import };
        let mut functions = self.module.functions(self.world, direction);
        functions.retain(|function| function.kind.resource() == Some(def.id));
        let mut methods = Vec::new();
        for function in functions {
            methods.push(match is_abstract {
                true => self.abstract_method(function)?,
                false => self.method(function, setup)?,
            });
        }
        let base = if is_abstract { "Protocol".to_owned() } else { format!("{RUNTIME}.Resource") };
        let wit = def.name.as_deref().unwrap_or_default();
        let doc = type_doc(def, &format!("The resource `{wit}`."));
        Ok(view::TypeView::Resource(view::ResourceView {
            name: class.to_owned(),
            base,
            is_abstract,
            doc,
            methods,
        }))
    }

    /// A method that calls another component.
    fn method(
        &mut self,
        function: &Function,
        setup: &mut Vec<String>,
    ) -> witgen_diag::Result<view::ResourceMethodView> {
        let signature = Signature::of(self.world, self.module, &mut self.speller, function, true)?;
        let body = self.body(function, &signature, 8, setup)?;
        let mut decorators: Vec<String> = Vec::new();
        decorators.extend(is_static(function).then(|| "@staticmethod".to_owned()));
        decorators.extend(module::decorators(self.world, function));
        Ok(view::ResourceMethodView {
            decorators,
            signature: signature.definition(self.module.function(function), !is_static(function), 4, ":"),
            doc: signature.doc(function, 8),
            body: Some(body),
        })
    }

    /// A method that the application has.
    fn abstract_method(&mut self, function: &Function) -> witgen_diag::Result<view::ResourceMethodView> {
        let signature = Signature::of(self.world, self.module, &mut self.speller, function, false)?;
        let doc = signature.doc(function, 8);
        let after = if doc.is_some() { ":" } else { ": ..." };
        let mut decorators: Vec<String> = Vec::new();
        decorators.extend(is_static(function).then(|| "@staticmethod".to_owned()));
        decorators.push("@abstractmethod".to_owned());
        Ok(view::ResourceMethodView {
            decorators,
            signature: signature.definition(self.module.function(function), !is_static(function), 4, after),
            doc,
            body: None,
        })
    }
}

/// The call that makes the check of a resource's values.
pub(super) fn check(class: &str, is_abstract: bool) -> Node {
    match is_abstract {
        true => Node::call(&format!("{RUNTIME}.Implemented"), vec![Node::text(format!("\"{class}\""))]),
        false => Node::call(&format!("{RUNTIME}.Handle"), vec![Node::text(class)]),
    }
}

fn is_static(function: &Function) -> bool {
    matches!(function.kind, FunctionKind::Static(_))
}
