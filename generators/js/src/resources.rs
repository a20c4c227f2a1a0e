//! Resources: the classes of imported ones, and what the user's classes of exported ones must have.

use witgen_backend::cased;
use witgen_ir::{Function, FunctionKind, Stability, TypeDef, TypeKind};
use witgen_languages::{Case, Side};
use witgen_templates::js::guest::{
    ClassView, DeclarationView, ImportedResourceView, InterfaceView, MembersView, MethodView,
};

use crate::bindings::{Bindings, declared};
use crate::codecs::Codecs;
use crate::docs;
use crate::names::{member, property};
use crate::pretty::{Doc, property_name, quoted};
use crate::statics::engine_name;
use crate::types::{Maker, Speller};

/// Makes TypeScript know `Symbol.dispose`, whatever the user's settings.
pub(crate) const DISPOSE: &str = "/// <reference lib=\"esnext.disposable\" />";

/// How far the parts of a resource are indented.
pub(crate) struct Indents {
    /// Whether functions have the names that the engine of guests has for them.
    engine: bool,
    members: &'static str,
    create: &'static str,
    method: &'static str,
}

pub(crate) const IMPORTED: Indents =
    Indents { engine: true, members: "  ", create: "    ", method: "      " };
pub(crate) const EXPORTED: Indents =
    Indents { engine: true, members: "      ", create: "        ", method: "          " };
/// Whether a type is a resource itself, not an alias of one.
pub(crate) fn is_resource(ty: &TypeDef) -> bool {
    matches!(ty.kind, TypeKind::Resource)
}

impl Bindings<'_> {
    fn functions_of(&self, ty: &TypeDef) -> impl Iterator<Item = &Function> {
        let id = ty.id;
        self.world.functions.iter().filter(move |func| func.kind.resource() == Some(id))
    }

    /// What the runtime must know of a resource.
    pub(crate) fn members(
        &self,
        codecs: &mut Codecs<'_>,
        ty: &TypeDef,
        indents: &Indents,
    ) -> witgen_diag::Result<MembersView> {
        let mut view = MembersView {
            indent: indents.members,
            codec: codecs.named(ty).flat(),
            create: None,
            methods: Vec::new(),
            statics: Vec::new(),
        };
        for func in self.functions_of(ty) {
            let list = match func.kind {
                FunctionKind::Constructor(_) => {
                    view.create = Some(codecs.signature(indents.create, func)?);
                    continue;
                }
                FunctionKind::Static(_) => &mut view.statics,
                FunctionKind::Method(_) | FunctionKind::Freestanding => &mut view.methods,
            };
            let name = property(&if indents.engine { engine_name(func) } else { func.name.clone() });
            let user_name = Some(member(func)).filter(|user_name| *user_name != name);
            list.push(MethodView {
                name: property_name(&name),
                user_name: user_name.map(|name| quoted(&name)),
                signature: codecs.signature(indents.method, func)?,
            });
        }
        Ok(view)
    }

    pub(crate) fn imported_resource(
        &self,
        codecs: &mut Codecs<'_>,
        ty: &TypeDef,
    ) -> witgen_diag::Result<ImportedResourceView> {
        let (declaration, alias) = declared(self.names.type_name(ty.id), "_witgen.importedResource({");
        Ok(ImportedResourceView {
            declaration,
            alias,
            host_name: engine_class(ty),
            members: self.members(codecs, ty, &IMPORTED)?,
        })
    }

    /// The class of an imported resource.
    pub(crate) fn class(&self, speller: &mut Speller<'_>, ty: &TypeDef) -> ClassView {
        let mut members = Vec::new();
        if !self.functions_of(ty).any(|func| matches!(func.kind, FunctionKind::Constructor(_))) {
            members.push(plain("  private constructor();"));
        }
        for func in self.functions_of(ty) {
            let name = property_name(&member(func));
            let (start, maker) = match func.kind {
                FunctionKind::Constructor(_) => ("constructor".to_owned(), None),
                FunctionKind::Static(_) => (format!("static {name}"), Some(Maker::Bindings)),
                FunctionKind::Method(_) | FunctionKind::Freestanding => (name, Some(Maker::Bindings)),
            };
            members.push(self.callable(speller, func, &start, (Maker::User, maker)));
        }
        members.push(dispose());
        let doc = docs::comment("", &ty.docs, &ty.stability);
        ClassView { doc, name: self.names.type_name(ty.id).to_owned(), members }
    }

    /// What an object of the user's class must have.
    pub(crate) fn instance(&self, speller: &mut Speller<'_>, ty: &TypeDef) -> InterfaceView {
        let methods = self.functions_of(ty).filter(|func| matches!(func.kind, FunctionKind::Method(_)));
        let mut properties: Vec<DeclarationView> = methods
            .map(|func| {
                let name = property_name(&member(func));
                self.callable(speller, func, &name, (Maker::Bindings, Some(Maker::User)))
            })
            .collect();
        properties.push(DeclarationView {
            doc: match self.side {
                Side::Guest => {
                    "  /** Called at the component's next call after the handle was dropped. */\n".to_owned()
                }
                Side::Host => "  /** Called when the component drops its handle. */\n".to_owned(),
            },
            text: "  [Symbol.dispose]?(): void;".to_owned(),
        });
        let doc = docs::comment("", &ty.docs, &ty.stability);
        InterfaceView { doc, name: self.names.type_name(ty.id).to_owned(), properties }
    }

    /// What an object that stands for a resource of a host's component has.
    pub(crate) fn handle(&self, speller: &mut Speller<'_>, ty: &TypeDef) -> InterfaceView {
        let methods = self.functions_of(ty).filter(|func| matches!(func.kind, FunctionKind::Method(_)));
        let mut properties: Vec<DeclarationView> = methods
            .map(|func| {
                let name = property_name(&member(func));
                self.callable(speller, func, &name, (Maker::User, Some(Maker::Bindings)))
            })
            .collect();
        properties.push(dispose());
        let doc = docs::comment("", &ty.docs, &ty.stability);
        InterfaceView { doc, name: self.names.type_name(ty.id).to_owned(), properties }
    }

    /// The class of such objects.
    pub(crate) fn given_class_type(
        &self,
        speller: &mut Speller<'_>,
        ty: &TypeDef,
        name: String,
    ) -> InterfaceView {
        let instance = speller.named(ty);
        let mut properties = vec![plain(&format!("  readonly prototype: {instance};"))];
        let test = vec![
            Doc::call("[Symbol.hasInstance]", vec![Doc::text("value: unknown")]),
            Doc::text(format!(": value is {instance};")),
        ];
        properties.push(plain(&Doc::Concat(test).lines(2)));
        for func in self.functions_of(ty) {
            match func.kind {
                FunctionKind::Constructor(_) => {
                    let open = Doc::call("new ", speller.params(func, Maker::User));
                    let parts = vec![open, Doc::text(format!(": {instance};"))];
                    let doc = self.function_doc("  ", func, speller);
                    properties.push(DeclarationView { doc, text: Doc::Concat(parts).lines(2) });
                }
                FunctionKind::Static(_) => {
                    let start = property_name(&member(func));
                    let makers = (Maker::User, Some(Maker::Bindings));
                    properties.push(self.callable(speller, func, &start, makers));
                }
                FunctionKind::Method(_) | FunctionKind::Freestanding => {}
            }
        }
        let first = format!("The class of `{}`.", ty.name.as_deref().unwrap_or_default());
        let doc = docs::comment_after("", &first, &None, &Stability::default());
        InterfaceView { doc, name, properties }
    }

    /// What the user's class itself must have.
    pub(crate) fn class_type(&self, speller: &mut Speller<'_>, ty: &TypeDef, name: String) -> InterfaceView {
        let instance = speller.named(ty);
        let mut properties = vec![plain(&format!("  readonly prototype: {instance};"))];
        for func in self.functions_of(ty) {
            match func.kind {
                FunctionKind::Constructor(_) => {
                    let open = Doc::call("new ", speller.params(func, Maker::Bindings));
                    let parts = vec![open, Doc::text(format!(": {instance};"))];
                    let doc = self.function_doc("  ", func, speller);
                    properties.push(DeclarationView { doc, text: Doc::Concat(parts).lines(2) });
                }
                FunctionKind::Static(_) => {
                    let start = property_name(&member(func));
                    properties.push(self.callable(
                        speller,
                        func,
                        &start,
                        (Maker::Bindings, Some(Maker::User)),
                    ));
                }
                FunctionKind::Method(_) | FunctionKind::Freestanding => {}
            }
        }
        let first = format!("A class that implements `{}`.", ty.name.as_deref().unwrap_or_default());
        let doc = docs::comment_after("", &first, &None, &Stability::default());
        InterfaceView { doc, name, properties }
    }

    /// A member that can be called: who makes the arguments, and who the result, if it has one.
    fn callable(
        &self,
        speller: &mut Speller<'_>,
        func: &Function,
        start: &str,
        (arguments, result): (Maker, Option<Maker>),
    ) -> DeclarationView {
        let is_method = matches!(func.kind, FunctionKind::Method(_));
        let params = speller.params(func, arguments).into_iter().skip(usize::from(is_method));
        let mut parts = vec![Doc::call(start, params.collect())];
        if let Some(maker) = result {
            parts.extend([Doc::text(": "), speller.result(func, maker)]);
        }
        parts.push(Doc::text(";"));
        DeclarationView { doc: self.function_doc("  ", func, speller), text: Doc::Concat(parts).lines(2) }
    }
}

/// What the engine calls the class of a resource.
pub(crate) fn engine_class(ty: &TypeDef) -> String {
    cased(Case::UpperCamel, ty.name.as_deref().unwrap_or_default())
}

fn dispose() -> DeclarationView {
    DeclarationView {
        doc: "  /** Drops the handle; it cannot be used after that. */\n".to_owned(),
        text: "  [Symbol.dispose](): void;".to_owned(),
    }
}

fn plain(text: &str) -> DeclarationView {
    DeclarationView { doc: String::new(), text: text.to_owned() }
}
