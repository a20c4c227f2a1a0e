//! Checks of what a program gives to a component, before the component sees any of it.

use witgen_backend::Scope;
use witgen_ir::{Case, Field, Type, TypeDef, TypeKind};

use super::helpers::{Module, typed_array};
use super::text::{Lines, texts};
use crate::internal;
use crate::names::property;
use crate::pretty::{Doc, quoted};

/// Where a value is: an expression, and the rest of the way from it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    at: String,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    /// Known while generating.
    Fixed(String),
    /// A parameter of a shared function.
    Given,
}

impl Place {
    /// A parameter, or the result.
    pub(super) fn of(param: &str) -> Self {
        Self { at: "func".to_owned(), step: Step::Fixed(param.to_owned()) }
    }

    fn step(&self) -> String {
        match &self.step {
            Step::Fixed(step) => quoted(step),
            Step::Given => "step".to_owned(),
        }
    }

    fn and(&self, more: &str) -> Self {
        let step = match &self.step {
            Step::Fixed(step) => format!("{step}{more}"),
            Step::Given => more.to_owned(),
        };
        Self { at: self.at.clone(), step: Step::Fixed(step) }
    }
}

/// How many fields a small record has.
const SMALL: usize = 4;

/// Prints checks.
pub(super) struct Checker<'m, 'a> {
    pub(super) module: &'m mut Module<'a>,
    pub(super) lines: &'m mut Lines,
    pub(super) scope: &'m mut Scope,
}

impl<'a> Checker<'_, 'a> {
    /// The body of the function that checks values of a type.
    pub(super) fn helper(module: &mut Module<'a>, ty: Type) -> witgen_diag::Result<Vec<String>> {
        let mut lines = Lines { lines: Vec::new(), indent: 2 };
        let mut scope = module.scope();
        scope.reserve("at");
        let place = Place { at: "at".to_owned(), step: Step::Given };
        Checker { module, lines: &mut lines, scope: &mut scope }.body(ty, "value", &place)?;
        Ok(lines.lines)
    }

    /// Checks `value`.
    pub(super) fn check(&mut self, ty: Type, value: &str, place: &Place) -> witgen_diag::Result<()> {
        let ty = self.module.world.resolve_alias(ty);
        let is_shared = match ty {
            Type::Id(id) => match self.module.world.type_def(id) {
                TypeDef { name: Some(_), kind: TypeKind::Record { fields }, .. } => !self.is_small(fields),
                TypeDef { name: Some(_), kind: TypeKind::Variant { .. }, .. } => true,
                _ => false,
            },
            _ => true,
        };
        if is_shared {
            let check = self.module.check(ty)?;
            self.call(&check, value, place, Vec::new());
            return Ok(());
        }
        self.body(ty, value, place)
    }

    /// Whether a record is checked where it is: a call for each element of a list takes longer than the checks.
    fn is_small(&self, fields: &[Field]) -> bool {
        let is_plain = |field: &Field| !matches!(self.module.world.resolve_alias(field.ty), Type::Id(_));
        fields.len() <= SMALL && fields.iter().all(is_plain)
    }

    /// Whether a field may be missing.
    fn is_optional(&self, ty: Type) -> bool {
        let Type::Id(id) = self.module.world.resolve_alias(ty) else { return false };
        matches!(self.module.world.type_def(id).kind, TypeKind::Option { some, .. } if !self.module.is_option(some))
    }

    /// `check(value, at, step, rest);`
    fn call(&mut self, check: &str, value: &str, place: &Place, rest: Vec<String>) {
        let items = [vec![value.to_owned(), place.at.clone(), place.step()], rest].concat();
        self.lines.statement(Doc::call(check, texts(items)));
    }

    /// The place of the parts of a value.
    fn inside(&mut self, place: &Place) -> Place {
        match place.step {
            Step::Fixed(_) => place.clone(),
            Step::Given => {
                let within = self.module.runtime("within");
                let local = self.module.local(self.scope, "inside");
                self.lines.line(format!("const {local} = {within}({}, step);", place.at));
                Place { at: local, step: Step::Fixed(String::new()) }
            }
        }
    }

    fn body(&mut self, ty: Type, value: &str, place: &Place) -> witgen_diag::Result<()> {
        let Type::Id(id) = self.module.world.resolve_alias(ty) else {
            let check = self.module.check(ty)?;
            self.call(&check, value, place, Vec::new());
            return Ok(());
        };
        let def = self.module.world.type_def(id);
        match &def.kind {
            TypeKind::Record { fields } => {
                let stem = self.module.stem(id);
                let value = &self.local(value, &stem);
                let is_optional = fields.iter().all(|field| self.is_optional(field.ty));
                let check = if is_optional { "checkOptional" } else { "checkObject" };
                let check = self.module.runtime(check);
                self.call(check, value, place, Vec::new());
                let inside = self.inside(place);
                for field in fields {
                    let name = property(&field.name);
                    let text = field_of(self.module, value, &name);
                    self.check(field.ty, &text, &inside.and(&format!(".{name}")))?;
                }
            }
            TypeKind::Tuple { types, .. } => {
                let check = self.module.runtime("checkTuple");
                self.call(check, value, place, vec![types.len().to_string()]);
                let inside = self.inside(place);
                for (index, ty) in types.iter().enumerate() {
                    self.check(*ty, &format!("{value}[{index}]"), &inside.and(&format!("[{index}]")))?;
                }
            }
            TypeKind::Variant { cases, .. } => {
                let tags = self.module.list(def);
                let payloads: Vec<(&str, Option<Type>)> =
                    cases.iter().map(|Case { name, ty, .. }| (name.as_str(), *ty)).collect();
                self.tagged(value, place, &tags, &payloads)?;
            }
            TypeKind::Option { some, .. } if self.module.is_option(*some) => {
                let tags = self.module.tags("optionTags", ["none", "some"]);
                self.tagged(value, place, tags, &[("none", None), ("some", Some(*some))])?;
            }
            TypeKind::Option { some, .. } => {
                let value = self.local(value, "option");
                self.lines.open(format!("if ({value} != null) {{"));
                self.check(*some, &value, place)?;
                self.lines.close("}");
            }
            TypeKind::Result { ok, err, .. } => {
                let tags = self.module.tags("resultTags", ["ok", "err"]);
                self.tagged(value, place, tags, &[("ok", *ok), ("err", *err)])?;
            }
            TypeKind::List(element) => self.list(*element, value, place)?,
            TypeKind::Map(key, element) => {
                let (key, element) = (self.module.check(*key)?, self.module.check(*element)?);
                let check = self.module.runtime("checkMap");
                self.call(check, value, place, vec![key, element]);
            }
            TypeKind::Enum { .. } => self.listed("checkCase", def, value, place),
            TypeKind::Flags { .. } => self.listed("checkFlags", def, value, place),
            TypeKind::Own(id) => self.handle("checkOwn", *id, value, place),
            TypeKind::Borrow(id) => self.handle("checkBorrow", *id, value, place),
            other => return Err(internal(format!("a check of {other:?}"))),
        }
        Ok(())
    }

    fn list(&mut self, element: Type, value: &str, place: &Place) -> witgen_diag::Result<()> {
        let resolved = self.module.world.resolve_alias(element);
        if let Some(array) = typed_array(resolved) {
            let each = self.module.check(element)?;
            let check = self.module.runtime("checkNumbers");
            self.call(check, value, place, vec![array.to_owned(), each]);
            return Ok(());
        }
        // A loop of its own for each type: the engine compiles the check of an element into it.
        let value = self.local(value, "list");
        let check = self.module.runtime("checkList");
        let each = self.module.local(self.scope, "each");
        let call = Doc::call(check, texts([value.clone(), place.at.clone(), place.step()]));
        self.lines.assign(&format!("const {each}"), call);
        self.lines.count("", &format!("{each}.index"), &format!("{value}.length"));
        self.lines.indent += 2;
        let outside = self.scope.clone();
        let mut item = format!("{value}[{each}.index]");
        if let Some(stem) = self.looked_into(resolved) {
            item = self.local(&item, &stem);
        }
        self.check(element, &item, &Place { at: each, step: Step::Fixed(String::new()) })?;
        *self.scope = outside;
        self.lines.close("}");
        Ok(())
    }

    /// What a value is called that is said more than once, since its parts are checked where it is.
    fn looked_into(&self, ty: Type) -> Option<String> {
        let Type::Id(id) = ty else { return None };
        let def = self.module.world.type_def(id);
        let is_one = match &def.kind {
            TypeKind::Tuple { .. } | TypeKind::Option { .. } | TypeKind::Result { .. } => true,
            TypeKind::List(element) => typed_array(self.module.world.resolve_alias(*element)).is_none(),
            TypeKind::Record { fields } => def.name.is_none() || self.is_small(fields),
            _ => false,
        };
        is_one.then(|| self.module.stem(id))
    }

    fn listed(&mut self, check: &'static str, def: &TypeDef, value: &str, place: &Place) {
        let list = self.module.list(def);
        let check = self.module.runtime(check);
        self.call(check, value, place, vec![list]);
    }

    pub(super) fn handle(&mut self, check: &'static str, id: witgen_ir::TypeId, value: &str, place: &Place) {
        let resource = self.module.resource(id);
        let check = self.module.runtime(check);
        self.call(check, value, place, vec![resource]);
    }

    /// What has a tag, and perhaps a payload.
    fn tagged(
        &mut self,
        value: &str,
        place: &Place,
        tags: &str,
        cases: &[(&str, Option<Type>)],
    ) -> witgen_diag::Result<()> {
        let check = self.module.runtime("checkTag");
        self.call(check, value, place, vec![tags.to_owned()]);
        if cases.iter().all(|(_, payload)| payload.is_none()) {
            return Ok(());
        }
        let inside = self.inside(place).and(".val");
        let value = self.local(value, "choice");
        self.lines.open(format!("switch ({value}.tag) {{"));
        for (name, payload) in cases {
            let Some(payload) = payload else { continue };
            self.lines.open(format!("case {}: {{", quoted(name)));
            self.check(*payload, &format!("{value}.val"), &inside)?;
            self.lines.line("break;");
            self.lines.close("}");
        }
        self.lines.close("}");
        Ok(())
    }

    /// A value as something that may be said again, without much to say.
    fn local(&mut self, value: &str, stem: &str) -> String {
        if value.chars().all(|c| c.is_ascii_alphanumeric()) {
            return value.to_owned();
        }
        let local = self.module.local(self.scope, stem);
        self.lines.assign(&format!("const {local}"), Doc::text(value));
        local
    }
}

/// What every object has; a record has it only where it is its own.
const INHERITED: [&str; 7] = [
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// A field of a record.
pub(super) fn field_of(module: &mut Module<'_>, record: &str, name: &str) -> String {
    if INHERITED.contains(&name) {
        let own = module.runtime("own");
        return format!("{own}({record}, {})", quoted(name));
    }
    format!("{record}.{name}")
}
