//! Checks of what a program gives to a component, before the component sees any of it.

use witgen_ir::{Case, Type, TypeDef, TypeId, TypeKind};

use super::printer::Printer;
use crate::internal;
use crate::types::{Shape, tuple_fields};

impl Printer<'_, '_, '_> {
    /// Checks a value; `path` says where it is.
    pub(super) fn check(&mut self, ty: Type, value: &str, path: &str) -> witgen_diag::Result<()> {
        self.check_in(ty, value, &Path { text: path.to_owned(), indices: Vec::new() })
    }

    /// Checks what a function of the program returned.
    pub(super) fn check_values(&mut self, values: &[String]) -> witgen_diag::Result<()> {
        match self.shape() {
            None | Some(Shape::Fallible { ok: None }) => Ok(()),
            Some(Shape::Fallible { ok: Some(ok) }) => {
                if !self.needs_check(ok) {
                    return Ok(());
                }
                self.line("if err == nil {");
                self.indent();
                self.check(ok, "value", "result")?;
                self.dedent();
                self.line("}");
                Ok(())
            }
            Some(Shape::Several(types)) => {
                for (index, (ty, value)) in types.iter().zip(values).enumerate() {
                    self.check(*ty, value, &format!("result.{index}"))?;
                }
                Ok(())
            }
            Some(Shape::One) => {
                let Some(ty) = self.function.result else { return Ok(()) };
                self.check(ty, "value", "result")
            }
        }
    }

    /// Whether the error of a result needs a check.
    pub(super) fn needs_check_of(&self, result: TypeId) -> witgen_diag::Result<bool> {
        match &self.types.names.world.type_def(result).kind {
            TypeKind::Result { err, .. } => Ok(err.is_some_and(|err| self.needs_check(err))),
            other => Err(internal(format!("a result that is {other:?}"))),
        }
    }

    /// Checks the payload of the error that a function of the program returned.
    pub(super) fn check_error(&mut self) -> witgen_diag::Result<()> {
        let world = self.types.names.world;
        let Some(Type::Id(id)) = self.function.result.map(|ty| world.resolve_alias(ty)) else {
            return Ok(());
        };
        match world.type_def(id).kind {
            TypeKind::Result { err: Some(err), .. } => self.check(err, "failed.Payload", "error"),
            _ => Ok(()),
        }
    }

    /// Whether Go has values of its type that WIT does not have.
    fn needs_check(&self, ty: Type) -> bool {
        let world = self.types.names.world;
        let any = |types: &[Type]| types.iter().any(|ty| self.needs_check(*ty));
        match world.resolve_alias(ty) {
            Type::Char | Type::String => true,
            Type::Id(id) => {
                let def = world.type_def(id);
                match &def.kind {
                    TypeKind::Variant { .. } | TypeKind::Own(_) | TypeKind::Borrow(_) => true,
                    TypeKind::Enum { cases, .. } => !fills(cases.len(), def.layout.size),
                    TypeKind::Flags { flags } => flags.len() as u32 != def.layout.size * 8,
                    TypeKind::Record { fields } => fields.iter().any(|field| self.needs_check(field.ty)),
                    TypeKind::Tuple { types, .. } => any(types),
                    TypeKind::Option { some, .. } => self.needs_check(*some),
                    TypeKind::Result { ok, err, .. } => ok.iter().chain(err).any(|ty| self.needs_check(*ty)),
                    TypeKind::List(element) => self.needs_check(*element),
                    TypeKind::Map(key, value) => any(&[*key, *value]),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn check_in(&mut self, ty: Type, value: &str, path: &Path) -> witgen_diag::Result<()> {
        if !self.needs_check(ty) {
            return Ok(());
        }
        match self.types.names.world.resolve_alias(ty) {
            Type::String => {
                let host = self.types.abi();
                let test = format!("!{host}.ValidString({value})");
                self.refuse(&test, "a string in UTF-8", "other bytes", path);
                Ok(())
            }
            Type::Char => {
                let host = self.types.abi();
                let test = format!("!{host}.ValidRune({value})");
                self.refuse(&test, "a Unicode scalar value", "another number", path);
                Ok(())
            }
            Type::Id(id) => self.check_type(self.types.names.world.type_def(id), value, path),
            _ => Ok(()),
        }
    }

    /// Refuses the value when the test is true.
    fn refuse(&mut self, test: &str, expected: &str, got: &str, path: &Path) {
        self.line(format!("if {test} {{"));
        self.indent();
        let arguments = path.arguments();
        self.line(format!("call.Refuse(\"{expected}\", \"{got}\", {arguments})"));
        self.dedent();
        self.line("}");
    }

    fn check_type(&mut self, def: &TypeDef, value: &str, path: &Path) -> witgen_diag::Result<()> {
        match &def.kind {
            TypeKind::Record { fields } => {
                let names = self.types.names.type_names(def.id)?.members.clone();
                for (field, name) in fields.iter().zip(names) {
                    self.check_in(field.ty, &format!("{value}.{name}"), &path.step(&field.name))?;
                }
            }
            TypeKind::Tuple { types, .. } => {
                for (index, (ty, field)) in types.iter().zip(tuple_fields(types.len())).enumerate() {
                    self.check_in(*ty, &format!("{value}.{field}"), &path.step(&index.to_string()))?;
                }
            }
            TypeKind::Option { some, .. } => {
                self.line(format!("if {value} != nil {{"));
                self.indent();
                self.check_in(*some, &format!("(*{value})"), path)?;
                self.dedent();
                self.line("}");
            }
            TypeKind::Result { ok, err, .. } => {
                self.check_case(*ok, &format!("{value}.Ok()"), &path.step("ok"))?;
                self.check_case(*err, &format!("{value}.Err()"), &path.step("err"))?;
            }
            TypeKind::List(element) => {
                let index = self.local("i");
                self.line(format!("for {index} := range {} {{", bare(value)));
                self.indent();
                self.check_in(*element, &format!("{value}[{index}]"), &path.index(&index))?;
                self.dedent();
                self.line("}");
            }
            TypeKind::Map(key, element) => self.check_map(*key, *element, value, path)?,
            TypeKind::Enum { cases, .. } => {
                let test = format!("{value} >= {}", cases.len());
                self.refuse(&test, "one of the cases", "another number", path);
            }
            TypeKind::Flags { flags } => {
                let test = format!("{value}&^{:#x} != 0", (1u64 << flags.len()) - 1);
                self.refuse(&test, "flags of the type", "other bits", path);
            }
            TypeKind::Variant { cases, .. } => self.check_variant(def.id, cases, value, path)?,
            TypeKind::Own(_) | TypeKind::Borrow(_) => self.check_handle(def.id, value, path)?,
            other => return Err(internal(format!("a check of {other:?}"))),
        }
        Ok(())
    }

    fn check_case(&mut self, ty: Option<Type>, access: &str, path: &Path) -> witgen_diag::Result<()> {
        let Some(ty) = ty.filter(|ty| self.needs_check(*ty)) else { return Ok(()) };
        let (payload, there) = (self.local("e"), self.local("f"));
        self.line(format!("if {payload}, {there} := {access}; {there} {{"));
        self.indent();
        self.check_in(ty, &payload, path)?;
        self.dedent();
        self.line("}");
        Ok(())
    }

    fn check_map(&mut self, key: Type, element: Type, value: &str, path: &Path) -> witgen_diag::Result<()> {
        let name = |used: bool, local: String| if used { local } else { "_".to_owned() };
        let key_local = name(self.needs_check(key), self.local("k"));
        let element_local = name(self.needs_check(element), self.local("e"));
        let heads = match element_local.as_str() {
            "_" => key_local.clone(),
            element => format!("{key_local}, {element}"),
        };
        self.line(format!("for {heads} := range {} {{", bare(value)));
        self.indent();
        self.check_in(key, &key_local, &path.step("key"))?;
        self.check_in(element, &element_local, &path.step("value"))?;
        self.dedent();
        self.line("}");
        Ok(())
    }

    fn check_variant(
        &mut self,
        id: TypeId,
        cases: &[Case],
        value: &str,
        path: &Path,
    ) -> witgen_diag::Result<()> {
        let names = self.types.names.type_names(id)?.members.clone();
        let checked = |case: &Case| case.ty.filter(|ty| self.needs_check(*ty));
        let payloads: Vec<Option<Type>> = cases.iter().map(checked).collect();
        let local = self.local("e");
        match payloads.iter().any(Option::is_some) {
            true => self.line(format!("switch {local} := {value}.(type) {{")),
            false => self.line(format!("switch {value}.(type) {{")),
        }
        let mut fine = Vec::new();
        for ((name, case), payload) in names.iter().zip(cases).zip(payloads) {
            let name = self.types.member(id, name);
            let Some(payload) = payload else {
                fine.push(name);
                continue;
            };
            self.line(format!("case {name}:"));
            self.indent();
            self.check_in(payload, &format!("{local}.Value"), &path.step(&case.name))?;
            self.dedent();
        }
        if !fine.is_empty() {
            self.line(format!("case {}:", fine.join(", ")));
        }
        self.line("default:");
        self.indent();
        let arguments = path.arguments();
        self.line(format!("call.Refuse(\"one of the cases\", \"nil or another type\", {arguments})"));
        self.dedent();
        self.line("}");
        Ok(())
    }

    fn check_handle(&mut self, ty: TypeId, value: &str, path: &Path) -> witgen_diag::Result<()> {
        let (id, is_own) = self.handle_type(ty)?;
        let (resource, direction) = self.types.names.resource(id)?;
        let wit = resource.name.as_deref().unwrap_or_default();
        self.refuse(&format!("{value} == nil"), &format!("a {wit}"), "nil", path);
        if direction == self.types.own_direction() {
            return Ok(());
        }
        let [kind, _] = self.types.names.type_names(resource.id)?.members.as_slice() else {
            return Err(internal("a resource without a kind"));
        };
        let kind = self.types.member(resource.id, kind);
        let expected = self.local("e");
        self.line(format!(
            "if {expected} := call.CheckHandle({kind}, &{value}.Handle, {is_own}); {expected} != \"\" {{"
        ));
        self.indent();
        self.line(format!("call.Refuse({expected}, \"another one\", {})", path.arguments()));
        self.dedent();
        self.line("}");
        Ok(())
    }
}

/// `*arg0` for `(*arg0)`.
fn bare(value: &str) -> &str {
    let inner = value.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(value)
}

/// Whether every number of so many bytes is a case.
fn fills(cases: usize, bytes: u32) -> bool {
    cases as u64 == 1u64 << (8 * bytes.min(4))
}

/// The way to a value: a format and its arguments.
struct Path {
    text: String,
    indices: Vec<String>,
}

impl Path {
    fn step(&self, name: &str) -> Self {
        Self { text: format!("{}.{name}", self.text), indices: self.indices.clone() }
    }

    fn index(&self, index: &str) -> Self {
        let mut indices = self.indices.clone();
        indices.push(index.to_owned());
        Self { text: format!("{}[%d]", self.text), indices }
    }

    fn arguments(&self) -> String {
        let mut parts = vec![format!("\"{}\"", self.text)];
        parts.extend(self.indices.iter().cloned());
        parts.join(", ")
    }
}
