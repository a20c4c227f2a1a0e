//! The module of an interface, or of the world itself.

use witgen_backend::cased;
use witgen_ir::{Direction, Function, FunctionKind, TypeDef, TypeKind, World};
use witgen_languages::{Case, Role};
use witgen_templates::python as view;

use crate::declarations::{Signature, in_order, module_doc, type_view, typed_assignment};
use crate::docs::docstring;
use crate::guest::{all_statement, resource};
use crate::handles;
use crate::layout::{Node, sort_names};
use crate::names::{Module, Names, RUNTIME, arguments, members, resource_word, whole_result};
use crate::types::{Speller, used_type};

/// The module of `index` and what it offers; none when that is nothing.
pub(crate) fn module(
    world: &World,
    names: &Names,
    index: usize,
) -> witgen_diag::Result<Option<(view::ModuleView, Vec<String>)>> {
    let mut builder =
        Builder { world, module: &names.modules[index], speller: Speller::inside(world, names, index) };
    let mut all: Vec<String> = Vec::new();
    let mut types = Vec::new();
    let (mut checks, mut setup) = (Vec::new(), Vec::new());
    for def in in_order(world, builder.module.types(world)) {
        let Some(name) = names.type_name(def.id) else { continue };
        all.push(name.class.clone());
        if let Some(target) = used_type(world, def).and_then(|target| names.type_name(target.id)) {
            builder.speller.import_as(target.module, &target.class, &name.class);
            continue;
        }
        all.extend(name.cases.iter().cloned());
        types.push(match def.kind {
            TypeKind::Resource => builder.resource_view(def, &name.class, &mut setup)?,
            _ => type_view(&mut builder.speller, def, &name.class, &name.cases)?,
        });
        checks.extend(builder.check_statement(def, &name.check, &name.class, &name.cases)?);
    }
    checks.append(&mut setup);
    let mut setup = checks;
    let mut errors = Vec::new();
    let mut functions = Vec::new();
    for function in builder.module.functions(world, Direction::Import) {
        errors.extend(builder.error_view(function)?);
        if function.kind != FunctionKind::Freestanding {
            continue;
        }
        all.push(builder.module.function(function).to_owned());
        functions.push(builder.function_view(function, &mut setup)?);
    }
    if builder.module.import.is_none() {
        for function in builder.module.functions(world, Direction::Export) {
            let error = builder.error_view(function)?;
            // A function of the world may be imported and exported.
            let is_new = |error: &view::ErrorView| errors.iter().all(|known| known.name != error.name);
            errors.extend(error.filter(is_new));
        }
    }
    all.extend(errors.iter().map(|error| error.name.clone()));
    if all.is_empty() {
        return Ok(None);
    }
    let has_functions = !builder.module.functions(world, Direction::Import).is_empty();
    let imports = builder.imports(&types, !errors.is_empty() || !setup.is_empty(), has_functions);
    let doc = module_doc(world, builder.module);
    sort_names(&mut all);
    let statement = all_statement(all.clone());
    Ok(Some((view::ModuleView { doc, imports, all: statement, types, errors, setup, functions }, all)))
}

pub(super) struct Builder<'a> {
    pub(super) world: &'a World,
    pub(super) module: &'a Module,
    pub(super) speller: Speller<'a>,
}

impl Builder<'_> {
    fn imports(&self, types: &[view::TypeView], uses_runtime: bool, has_functions: bool) -> Vec<Vec<String>> {
        let mut standard: Vec<String> = Vec::new();
        let mut typing: Vec<&str> = Vec::new();
        let has = |wanted: fn(&view::TypeView) -> bool| types.iter().any(wanted);
        if has(|ty| matches!(ty, view::TypeView::Enum(_) | view::TypeView::Flags(_))) {
            standard.push("import enum".to_owned());
        }
        let is_abstract = |ty: &&view::ResourceView| ty.is_abstract;
        let resources = types.iter().filter_map(|ty| match ty {
            view::TypeView::Resource(resource) => Some(resource),
            _ => None,
        });
        let protocols: Vec<&view::ResourceView> = resources.filter(is_abstract).collect();
        if protocols.iter().any(|resource| !resource.methods.is_empty()) {
            standard.push("from abc import abstractmethod".to_owned());
        }
        if !protocols.is_empty() {
            typing.push("Protocol");
        }
        if has_functions {
            let names = ["Callable"].iter().chain(&self.speller.collections).copied();
            standard.push(format!("from collections.abc import {}", names.collect::<Vec<_>>().join(", ")));
        }
        if has(|ty| matches!(ty, view::TypeView::Record(_) | view::TypeView::Variant(_))) {
            standard.push("from dataclasses import dataclass".to_owned());
        }
        if has(|ty| matches!(ty, view::TypeView::Variant(_) | view::TypeView::Alias(_))) {
            typing.push("TypeAlias");
        }
        if !typing.is_empty() {
            standard.push(format!("from typing import {}", typing.join(", ")));
        }
        let mut local: Vec<String> = Vec::new();
        if uses_runtime || has_functions {
            local.push(format!("from . import {RUNTIME}"));
        }
        local.extend(self.speller.import_lines());
        let mut future: Vec<String> = Vec::new();
        if has(|ty| matches!(ty, view::TypeView::Resource(_))) {
            // A class has no name yet where its own methods are annotated.
            future.push("from __future__ import annotations".to_owned());
        }
        [future, standard, local].into_iter().filter(|group| !group.is_empty()).collect()
    }

    /// The statement that makes the check of a type; none for an alias, which is checked as what it stands for.
    fn check_statement(
        &mut self,
        def: &TypeDef,
        check: &str,
        class: &str,
        case_classes: &[String],
    ) -> witgen_diag::Result<Option<String>> {
        let call = match &def.kind {
            TypeKind::Record { fields } => {
                let attributes = members(Role::Field, fields.iter().map(|field| field.name.as_str()));
                let mut items = vec![Node::text(class)];
                for (field, name) in fields.iter().zip(attributes) {
                    items.push(Node::keyed(format!("{name}="), self.speller.check(field.ty)?));
                }
                Node::call(&format!("{RUNTIME}.record"), items)
            }
            TypeKind::Variant { cases, .. } => {
                let mut items = Vec::new();
                for (case, class) in cases.iter().zip(case_classes) {
                    items.push(Node::keyed(format!("{class}: "), self.speller.payload_check(case.ty)?));
                }
                Node::call(
                    &format!("{RUNTIME}.variant"),
                    vec![Node::text(format!("\"{class}\"")), Node::dict(items)],
                )
            }
            TypeKind::Enum { .. } => Node::call(&format!("{RUNTIME}.enumeration"), vec![Node::text(class)]),
            TypeKind::Flags { .. } => Node::call(&format!("{RUNTIME}.flags"), vec![Node::text(class)]),
            TypeKind::Resource => {
                resource::check(class, self.module.import.is_none() && self.module.export.is_some())
            }
            _ => return Ok(None),
        };
        Ok(Some(call.lay_out(0, &format!("{check} = "), "")))
    }

    pub(super) fn error_view(&mut self, function: &Function) -> witgen_diag::Result<Option<view::ErrorView>> {
        let (Some(name), Some((_, err))) = (self.module.error(function), whole_result(self.world, function))
        else {
            return Ok(None);
        };
        let payload = self.speller.payload(err)?;
        Ok(Some(view::ErrorView {
            name: name.to_owned(),
            doc: docstring(&format!("The error of the function `{}`.", function.name), 4),
            base: format!("{RUNTIME}.WitError[{payload}]"),
            has_payload: err.is_some(),
        }))
    }

    fn function_view(
        &mut self,
        function: &Function,
        setup: &mut Vec<String>,
    ) -> witgen_diag::Result<view::FunctionView> {
        let name = self.module.function(function).to_owned();
        let signature = Signature::of(self.world, self.module, &mut self.speller, function, true)?;
        let body = self.body(function, &signature, 4, setup)?;
        Ok(view::FunctionView {
            decorators: decorators(self.world, function),
            signature: signature.definition(&name, false, 0, ":"),
            doc: signature.doc(function, 4),
            body,
        })
    }

    /// The body of a function, which is indented by `indent` spaces.
    pub(super) fn body(
        &mut self,
        function: &Function,
        signature: &Signature,
        indent: usize,
        setup: &mut Vec<String>,
    ) -> witgen_diag::Result<view::CallView> {
        let (mut place, word) = self.reached(function);
        let raw = self.speller.scope.unique(format!("{RUNTIME}_call_{word}"));
        let mut checked = Vec::new();
        match (function.kind, function.params.first()) {
            (FunctionKind::Method(_), Some(own)) => {
                let check = self.speller.check(own.ty)?.flat();
                checked.push(Node::text(format!("{check}(self, \"`self`\")")));
            }
            (FunctionKind::Constructor(_), _) => checked.push(Node::text("self")),
            _ => {}
        }
        for (param, local) in arguments(function).iter().zip(&signature.params) {
            let check = match self.speller.check(param.ty)? {
                Node::Text(check) => check,
                made => {
                    let check = self.speller.scope.unique(format!("{RUNTIME}_param_{word}_{local}"));
                    setup.push(made.lay_out(0, &format!("{check} = "), ""));
                    check
                }
            };
            checked.push(Node::call(&check, vec![Node::text(local), Node::text(format!("\"`{local}`\""))]));
        }
        let (ok, err) = whole_result(self.world, function).unwrap_or((function.result, None));
        for (name, ty) in [("ok=", ok), ("err=", err)] {
            let Some(ty) = ty.filter(|ty| handles::has_other_form(self.world, *ty)) else { continue };
            place.push(Node::keyed(name, self.speller.check(ty)?));
        }
        let fetch = Node::call(&format!("{RUNTIME}.imported"), place);
        setup.push(typed_assignment(&raw, &signature.result, &fetch));
        let call = Node::call(&raw, checked);
        let start = if signature.returns { "return " } else { "" };
        Ok(match self.module.error(function) {
            None => view::CallView::Plain { call: call.lay_out(indent, start, "") },
            Some(error) => {
                let has_payload = whole_result(self.world, function).is_some_and(|(_, err)| err.is_some());
                let argument = if has_payload { "_witgen_error.value" } else { "" };
                view::CallView::Raising {
                    call: call.lay_out(indent + 4, start, ""),
                    error: format!("{error}({argument})"),
                }
            }
        })
    }

    /// The arguments of the call that fetches an imported function, and the word for its locals.
    fn reached(&self, function: &Function) -> (Vec<Node>, String) {
        let quoted = |text: &str| Node::text(format!("\"{text}\""));
        let path = match self.module.is_world() {
            true => String::new(),
            false => format!("imports.{}", self.module.full_name),
        };
        let ours = self.module.function(function);
        let theirs = match function.kind {
            FunctionKind::Constructor(_) => ours.to_owned(),
            _ => function.name.replace('-', "_"),
        };
        let mut place = vec![quoted(&path), quoted(&theirs)];
        let word = match function.kind.resource() {
            None => ours.to_owned(),
            Some(resource) => {
                let resource = resource_word(self.world, resource);
                place.push(quoted(&cased(Case::UpperCamel, &resource)));
                format!("{}_{}", cased(Case::Snake, &resource), function.name.replace('-', "_"))
            }
        };
        (place, word)
    }
}

/// The decorators of an imported function.
pub(super) fn decorators(world: &World, function: &Function) -> Vec<String> {
    let deprecated = function.stability.deprecated.as_deref();
    let deprecated =
        deprecated.map(|version| format!("@{RUNTIME}.deprecated(\"deprecated since {version}\")"));
    let is_giving = handles::may_repeat(world, function.params.iter().map(|param| param.ty));
    let giving = is_giving.then(|| format!("@{RUNTIME}.giving"));
    deprecated.into_iter().chain(giving).collect()
}
