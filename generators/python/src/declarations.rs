//! What guest and host bindings declare alike: types, and the signatures of functions.

use std::collections::BTreeMap;

use witgen_ir::{Function, FunctionKind, Stability, TypeDef, TypeId, TypeKind, World};
use witgen_languages::Role;
use witgen_templates::python as view;

use crate::docs::{docstring, function_docs};
use crate::handles;
use crate::layout::{Node, WIDTH, union};
use crate::names::{Module, arguments, members, params, whole_result};
use crate::types::Speller;

/// What an exported interface or the world says of itself.
pub(crate) fn module_doc(world: &World, module: &Module) -> String {
    match module.interface(world) {
        Some(interface) => {
            let fallback = format!("The interface `{}`.", interface.key);
            item_doc(interface.docs.as_deref(), &interface.stability, &fallback, 0)
        }
        None => docstring(&format!("What the world `{}` itself has.", world.qualified_name()), 0),
    }
}

/// `types` with every type behind those that it is made of, and else as they are.
pub(crate) fn in_order<'a>(world: &World, types: Vec<&'a TypeDef>) -> Vec<&'a TypeDef> {
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

/// A type other than a resource.
pub(crate) fn type_view(
    speller: &mut Speller<'_>,
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
                let annotation = speller.annotation(field.ty)?;
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
                let payload = case.ty.map(|ty| speller.annotation(ty)).transpose()?;
                Ok(view::CaseView { class: class.clone(), doc, payload })
            });
            let cases = cases.collect::<witgen_diag::Result<_>>()?;
            let union = union(&format!("{name}: TypeAlias"), case_classes);
            let doc = described(def.docs.as_deref(), &def.stability).map(|docs| docstring(&docs, 0));
            view::TypeView::Variant(view::VariantView { cases, union, doc })
        }
        _ => {
            let target = speller.structural(def.id)?;
            let doc = described(def.docs.as_deref(), &def.stability).map(|docs| docstring(&docs, 0));
            view::TypeView::Alias(view::AliasView { name, target, doc })
        }
    })
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
    /// What stands before them, behind `self`.
    pub(crate) leading: Vec<String>,
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
        Ok(Self {
            params: params(function),
            annotations,
            result: speller.payload(result)?,
            returns,
            leading: Vec::new(),
            raises,
        })
    }

    /// `def name(self, a: int) -> str` and what follows.
    pub(crate) fn definition(&self, name: &str, is_method: bool, indent: usize, after: &str) -> String {
        let own = is_method.then(|| Node::text("self"));
        let params =
            self.params.iter().zip(&self.annotations).map(|(name, ty)| Node::text(format!("{name}: {ty}")));
        let leading = self.leading.iter().map(Node::text);
        let node = Node::call(name, own.into_iter().chain(leading).chain(params).collect());
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

/// The docs of a type.
pub(crate) fn type_doc(def: &TypeDef, fallback: &str) -> String {
    item_doc(def.docs.as_deref(), &def.stability, fallback, 4)
}

fn item_doc(docs: Option<&str>, stability: &Stability, fallback: &str, indent: usize) -> String {
    let docs = docs.filter(|docs| !docs.trim().is_empty()).unwrap_or(fallback);
    docstring(&described(Some(docs), stability).unwrap_or_default(), indent)
}

/// The docs of an item, then since when it is deprecated.
fn described(docs: Option<&str>, stability: &Stability) -> Option<String> {
    let docs = docs.map(str::trim).filter(|docs| !docs.is_empty()).map(str::to_owned);
    let deprecated = stability.deprecated.as_ref().map(|version| format!("Deprecated since {version}."));
    let parts: Vec<String> = docs.into_iter().chain(deprecated).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn member_doc(docs: Option<&str>) -> Option<String> {
    docs.map(|docs| docstring(docs, 4))
}

/// `name: Callable[..., result] = value`, broken where `ruff format` breaks it.
pub(crate) fn typed_assignment(name: &str, result: &str, value: &Node) -> String {
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
