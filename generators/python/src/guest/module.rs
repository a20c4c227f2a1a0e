//! The module of an interface, or of the world itself.

use std::collections::BTreeMap;

use witgen_backend::cased;
use witgen_ir::{Direction, Function, FunctionKind, TypeDef, TypeId, TypeKind, World};
use witgen_languages::{Case, Role};
use witgen_templates::python as view;

use crate::docs::{docstring, function_docs};
use crate::guest::{all_statement, resource};
use crate::handles;
use crate::layout::{Node, WIDTH, sort_names, union};
use crate::names::{Module, Names, RUNTIME, arguments, members, params, resource_word, whole_result};
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
            _ => builder.type_view(def, &name.class, &name.cases)?,
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

/// What an exported interface or the world says of itself.
pub(crate) fn module_doc(world: &World, module: &Module) -> String {
    match module.interface(world) {
        Some(interface) => {
            let fallback = format!("The interface `{}`.", interface.key);
            docstring(interface.docs.as_deref().unwrap_or(&fallback), 0)
        }
        None => docstring(&format!("What the world `{}` itself has.", world.qualified_name()), 0),
    }
}

/// `types` with every type behind those that it is made of, and else as they are.
fn in_order<'a>(world: &World, types: Vec<&'a TypeDef>) -> Vec<&'a TypeDef> {
    fn add<'a>(
        world: &World,
        def: &'a TypeDef,
        pending: &mut BTreeMap<TypeId, &'a TypeDef>,
        ordered: &mut Vec<&'a TypeDef>,
    ) {
        if pending.remove(&def.id).is_none() {
            return;
        }
        for part in handles::parts(world, def) {
            if let Some(part) = pending.get(&part).copied() {
                add(world, part, pending, ordered);
            }
        }
        ordered.push(def);
    }
    let mut pending: BTreeMap<TypeId, &TypeDef> = types.iter().map(|def| (def.id, *def)).collect();
    let mut ordered = Vec::with_capacity(types.len());
    types.iter().for_each(|def| add(world, def, &mut pending, &mut ordered));
    ordered
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

    pub(super) fn type_view(
        &mut self,
        def: &TypeDef,
        class: &str,
        case_classes: &[String],
    ) -> witgen_diag::Result<view::TypeView> {
        let name = class.to_owned();
        let wit = def.name.as_deref().unwrap_or_default();
        let doc = |kind: &str| type_doc(def, &format!("The {kind} `{wit}`."));
        Ok(match &def.kind {
            TypeKind::Record { fields } => {
                let attributes = members(Role::Field, fields.iter().map(|field| field.name.as_str()));
                let fields = fields.iter().zip(attributes).map(|(field, name)| {
                    let annotation = self.speller.annotation(field.ty)?;
                    Ok(view::FieldView { name, annotation, doc: member_doc(field.docs.as_deref()) })
                });
                let fields = fields.collect::<witgen_diag::Result<_>>()?;
                view::TypeView::Record(view::RecordView { name, doc: doc("record"), fields })
            }
            TypeKind::Enum { cases, .. } => {
                let attributes = members(Role::EnumCase, cases.iter().map(|case| case.name.as_str()));
                let members = cases.iter().zip(attributes).enumerate().map(|(index, (case, name))| {
                    view::MemberView { name, value: index.to_string(), doc: member_doc(case.docs.as_deref()) }
                });
                view::TypeView::Enum(view::EnumView { name, doc: doc("enum"), members: members.collect() })
            }
            TypeKind::Flags { flags } => {
                let attributes = members(Role::Flag, flags.iter().map(|flag| flag.name.as_str()));
                let members =
                    flags.iter().zip(attributes).enumerate().map(|(index, (flag, name))| view::MemberView {
                        name,
                        value: format!("1 << {index}"),
                        doc: member_doc(flag.docs.as_deref()),
                    });
                view::TypeView::Flags(view::FlagsView { name, doc: doc("flags"), members: members.collect() })
            }
            TypeKind::Variant { cases, .. } => {
                let cases = cases.iter().zip(case_classes).map(|(case, class)| {
                    let fallback = format!("The case `{}` of `{name}`.", case.name);
                    let doc = docstring(case.docs.as_deref().unwrap_or(&fallback), 4);
                    let payload = case.ty.map(|ty| self.speller.annotation(ty)).transpose()?;
                    Ok(view::CaseView { class: class.clone(), doc, payload })
                });
                let cases = cases.collect::<witgen_diag::Result<_>>()?;
                let union = union(&format!("{name}: TypeAlias"), case_classes);
                let doc = def.docs.as_deref().map(|docs| docstring(docs, 0));
                view::TypeView::Variant(view::VariantView { cases, union, doc })
            }
            _ => {
                let target = self.speller.structural(def.id)?;
                let doc = def.docs.as_deref().map(|docs| docstring(docs, 0));
                view::TypeView::Alias(view::AliasView { name, target, doc })
            }
        })
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

/// `name: Callable[..., result] = value`, broken where `ruff format` breaks it.
fn typed_assignment(name: &str, result: &str, value: &Node) -> String {
    let before = format!("{name}: Callable[..., {result}] = ");
    let columns = |text: &str| text.chars().count();
    let head = match value {
        Node::Group { head, .. } => columns(head),
        Node::Text(_) | Node::Keyed(..) => 0,
    };
    if columns(&before) + head <= WIDTH {
        return value.lay_out(0, &before, "");
    }
    if columns(&before) < WIDTH {
        return format!("{before}(\n    {}\n)", value.lay_out(4, "", ""));
    }
    let callable = Node::Group {
        head: "Callable[".to_owned(),
        items: vec![Node::text("..."), Node::text(result)],
        close: "]",
    };
    callable.lay_out(0, &format!("{name}: "), &format!(" = {}", value.flat()))
}

/// The parts of a `def`.
pub(crate) struct Signature {
    /// The names of the parameters.
    pub(crate) params: Vec<String>,
    /// Their annotations.
    pub(crate) annotations: Vec<String>,
    /// The annotation of the result.
    pub(crate) result: String,
    /// Whether there is a result.
    pub(crate) returns: bool,
    /// The exception and its payload.
    raises: Option<(String, String)>,
}

impl Signature {
    /// The signature of `function` of `module`; a lenient one accepts other forms of values.
    pub(crate) fn of(
        world: &World,
        module: &Module,
        speller: &mut Speller<'_>,
        function: &Function,
        is_lenient: bool,
    ) -> witgen_diag::Result<Self> {
        let annotations = arguments(function)
            .iter()
            .map(|param| match is_lenient {
                true => speller.accepted(param.ty),
                false => speller.annotation(param.ty),
            })
            .collect::<witgen_diag::Result<_>>()?;
        let (result, raises) = match whole_result(world, function) {
            Some((ok, err)) => {
                let class = module.error(function).unwrap_or_default().to_owned();
                let reason = match err {
                    Some(_) => "with the error of the function as its `payload`".to_owned(),
                    None => "when the function fails".to_owned(),
                };
                (ok, Some((class, reason)))
            }
            None => (function.result, None),
        };
        let result = result.filter(|_| !matches!(function.kind, FunctionKind::Constructor(_)));
        let returns = result.is_some();
        Ok(Self { params: params(function), annotations, result: speller.payload(result)?, returns, raises })
    }

    /// `def name(self, a: int) -> str` and what follows.
    pub(crate) fn definition(&self, name: &str, is_method: bool, indent: usize, after: &str) -> String {
        let own = is_method.then(|| Node::text("self"));
        let params =
            self.params.iter().zip(&self.annotations).map(|(name, ty)| Node::text(format!("{name}: {ty}")));
        let node = Node::call(name, own.into_iter().chain(params).collect());
        node.lay_out(indent, "def ", &format!(" -> {}{after}", self.result))
    }

    /// The docstring.
    pub(crate) fn doc(&self, function: &Function, indent: usize) -> Option<String> {
        let raises = self.raises.as_ref().map(|(class, reason)| (class.as_str(), reason.as_str()));
        let deprecated = function.stability.deprecated.as_deref();
        function_docs(&function.name, function.docs.as_deref(), raises, deprecated)
            .map(|docs| docstring(&docs, indent))
    }
}

pub(super) fn type_doc(def: &TypeDef, fallback: &str) -> String {
    let docs = def.docs.as_deref().map(str::trim).filter(|docs| !docs.is_empty()).unwrap_or(fallback);
    match &def.stability.deprecated {
        Some(version) => docstring(&format!("{docs}\n\nDeprecated since {version}."), 4),
        None => docstring(docs, 4),
    }
}

fn member_doc(docs: Option<&str>) -> Option<String> {
    docs.map(|docs| docstring(docs, 4))
}
