//! The TypeScript declarations of the modules.

use witgen_ir::{Function, InterfaceId, Stability, TypeDef, TypeKind};
use witgen_languages::Side;
use witgen_templates::js::NamespaceImportView;
use witgen_templates::js::guest::{
    ConstructorsView, DeclarationView, DeclarationsView, DefinedVariantView, InterfaceView, TypeView,
    VariantView,
};

use crate::bindings::Bindings;
use crate::names::property;
use crate::pretty::{Doc, assignment, quoted};
use crate::types::{Maker, Speller};
use crate::{docs, resources};

impl Bindings<'_> {
    /// What a module declares.
    pub(crate) fn declarations(
        &self,
        id: Option<InterfaceId>,
        types: &[&TypeDef],
        functions: &[&Function],
    ) -> DeclarationsView {
        let mut speller = Speller::module(self.world, self.names, id);
        let type_views = types.iter().map(|ty| self.type_view(&mut speller, ty)).collect();
        let function_views: Vec<DeclarationView> = functions
            .iter()
            .map(|func| {
                let open = format!("export function {}", self.names.func_name(func));
                let parts = vec![
                    Doc::call(open, speller.params(func, Maker::User)),
                    Doc::text(": "),
                    speller.result(func, Maker::Bindings),
                    Doc::text(";"),
                ];
                let doc = self.function_doc("", func, &mut speller);
                DeclarationView { doc, text: Doc::Concat(parts).lines(0) }
            })
            .collect();
        let doc = match id.map(|id| self.world.interface(id)) {
            Some(interface) => docs::module_comment(&interface.docs, &interface.stability),
            None => String::new(),
        };
        let dispose = match types.iter().any(|ty| resources::is_resource(ty)) {
            true => format!("{}\n", resources::DISPOSE),
            false => String::new(),
        };
        DeclarationsView {
            header: format!("{}\n{dispose}{doc}", self.header()).trim_end().to_owned(),
            imports: imports(&speller),
            generics: speller.generics(),
            is_empty: types.is_empty() && functions.is_empty(),
            types: type_views,
            functions: function_views,
        }
    }

    /// The doc comment of a function, with what it throws.
    pub(crate) fn function_doc(&self, indent: &str, func: &Function, speller: &mut Speller<'_>) -> String {
        let mut documented = func.docs.clone();
        if let Some((_, err)) = func.result.and_then(|ty| speller.whole_result(ty)) {
            // A comment is no reason to import what it names.
            let mut speller = speller.clone();
            let payload =
                err.map_or_else(String::new, |ty| format!("<{}>", speller.ty(ty, Maker::Bindings).flat()));
            let throws = format!("Throws a `WitError{payload}` for the error case.");
            documented = Some(match documented {
                Some(text) => format!("{}\n\n{throws}", text.trim_end()),
                None => throws,
            });
        }
        docs::comment(indent, &documented, &func.stability)
    }

    fn type_view(&self, speller: &mut Speller<'_>, ty: &TypeDef) -> TypeView {
        let name = self.names.type_name(ty.id).to_owned();
        let doc = docs::comment("", &ty.docs, &ty.stability);
        match &ty.kind {
            TypeKind::Record { fields } => {
                let properties = fields.iter().map(|field| {
                    let mark = if speller.is_plain_option(field.ty) { "?" } else { "" };
                    let parts = vec![
                        Doc::text(format!("{}{mark}: ", property(&field.name))),
                        speller.ty(field.ty, Maker::Bindings),
                        Doc::text(";"),
                    ];
                    let doc = docs::comment("  ", &field.docs, &Stability::default());
                    DeclarationView { doc, text: Doc::Concat(parts).lines(2) }
                });
                TypeView::Interface(InterfaceView { doc, name, properties: properties.collect() })
            }
            TypeKind::Flags { flags } => {
                let properties = flags.iter().map(|flag| DeclarationView {
                    doc: docs::comment("  ", &flag.docs, &Stability::default()),
                    text: format!("  {}?: boolean | undefined;", property(&flag.name)),
                });
                TypeView::Interface(InterfaceView { doc, name, properties: properties.collect() })
            }
            TypeKind::Enum { cases, .. } => {
                let items = cases.iter().map(|case| quoted(&case.name)).collect();
                TypeView::Alias(DeclarationView { doc: self.enum_doc(ty), text: union(&name, items) })
            }
            TypeKind::Variant { cases, .. } => self.variant(speller, ty, doc, cases),
            TypeKind::Resource => match (self.side, self.is_exported(self.names.module_of(ty))) {
                (Side::Guest, true) | (Side::Host, false) => TypeView::Interface(self.instance(speller, ty)),
                (Side::Guest, false) => TypeView::Class(self.class(speller, ty)),
                (Side::Host, true) => TypeView::Interface(self.handle(speller, ty)),
            },
            kind => {
                let target = speller.kind(kind, Maker::Bindings);
                let text = assignment(&format!("export type {name}"), target);
                TypeView::Alias(DeclarationView { doc, text })
            }
        }
    }

    /// The docs of an enum; a member of a union has no place for its own.
    fn enum_doc(&self, ty: &TypeDef) -> String {
        let TypeKind::Enum { cases, .. } = &ty.kind else { return String::new() };
        let documented = cases.iter().filter_map(|case| {
            let text = case.docs.as_deref()?.trim().replace('\n', "\n  ");
            Some(format!("- `{}`: {text}", case.name))
        });
        let list: Vec<String> = documented.collect();
        let mut text = ty.docs.clone().unwrap_or_default().trim_end().to_owned();
        if !list.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n\n" };
            text = format!("{text}{gap}{}", list.join("\n"));
        }
        docs::comment("", &(!text.is_empty()).then_some(text), &ty.stability)
    }

    fn variant(
        &self,
        speller: &mut Speller<'_>,
        ty: &TypeDef,
        doc: String,
        cases: &[witgen_ir::Case],
    ) -> TypeView {
        let name = self.names.type_name(ty.id).to_owned();
        let case_types = self.names.case_types(ty.id);
        let views = cases.iter().zip(case_types).map(|(case, case_type)| {
            let val = match case.ty {
                Some(ty) => {
                    vec![Doc::text("readonly val: "), speller.ty(ty, Maker::Bindings), Doc::text(";")]
                }
                None => vec![Doc::text("readonly val?: undefined;")],
            };
            let properties = vec![
                DeclarationView {
                    doc: String::new(),
                    text: format!("  readonly tag: {};", quoted(&case.name)),
                },
                DeclarationView { doc: String::new(), text: Doc::Concat(val).lines(2) },
            ];
            let doc = docs::comment("", &case.docs, &Stability::default());
            InterfaceView { doc, name: case_type.clone(), properties }
        });
        let cases = views.collect();
        let constructors = self
            .constructors(speller, ty)
            .unwrap_or(ConstructorsView { name: name.clone(), cases: Vec::new() });
        let union_text = union(&name, case_types.to_vec());
        let declared = VariantView { doc, cases, union_text, constructors };
        match self.is_typescript {
            true => TypeView::Defined(DefinedVariantView { declared }),
            false => TypeView::Variant(declared),
        }
    }
}

/// The imports of modules whose types were spelled.
pub(crate) fn imports(speller: &Speller<'_>) -> Vec<NamespaceImportView> {
    let imports = speller.imports().into_iter();
    imports.map(|(name, specifier)| NamespaceImportView { name, specifier }).collect()
}

/// `export type name = items;`
fn union(name: &str, items: Vec<String>) -> String {
    let items = items.into_iter().map(Doc::text).collect();
    assignment(&format!("export type {name}"), Doc::Union(items))
}
