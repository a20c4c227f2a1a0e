//! WIT types as annotations, and as checks of values that leave the component.

use std::collections::{BTreeMap, BTreeSet};

use witgen_backend::Scope;
use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Direction, Owner, Type, TypeDef, TypeId, TypeKind, World};

use crate::layout::{Node, import_key};
use crate::names::{Names, RUNTIME};

/// Spells types in one generated module and collects what it must import for that.
pub(crate) struct Speller<'a> {
    pub(crate) world: &'a World,
    pub(crate) names: &'a Names,
    /// The module of the bindings that is written; none for one beside them.
    here: Option<usize>,
    /// How the bindings' modules are reached: `.`, or `..` from a folder.
    dots: &'static str,
    /// What is taken in this module.
    pub(crate) scope: Scope,
    /// Local names by module and name there.
    imported: BTreeMap<(usize, String), String>,
    /// Names of the support code that annotations use.
    pub(crate) runtime: BTreeSet<&'static str>,
    /// Other names of this module for classes that are hidden where it is written.
    pub(crate) hidden: BTreeMap<String, String>,
    /// What annotations need of `collections.abc`.
    pub(crate) collections: BTreeSet<&'static str>,
    /// Modules of the bindings that names are reached through, where they are not imported one by one.
    through: Option<BTreeSet<String>>,
}

impl<'a> Speller<'a> {
    /// For the module `here` of the bindings.
    pub(crate) fn inside(world: &'a World, names: &'a Names, here: usize) -> Self {
        let scope = names.modules[here].scope.clone();
        Self {
            world,
            names,
            here: Some(here),
            dots: ".",
            scope,
            imported: BTreeMap::new(),
            runtime: BTreeSet::new(),
            hidden: BTreeMap::new(),
            collections: BTreeSet::new(),
            through: None,
        }
    }

    /// For a module that only refers to the bindings.
    pub(crate) fn outside(world: &'a World, names: &'a Names, dots: &'static str, scope: Scope) -> Self {
        Self {
            world,
            names,
            here: None,
            dots,
            scope,
            imported: BTreeMap::new(),
            runtime: BTreeSet::new(),
            hidden: BTreeMap::new(),
            collections: BTreeSet::new(),
            through: None,
        }
    }

    /// For an application beside the bindings, which says `types.Point`.
    pub(crate) fn apart(world: &'a World, names: &'a Names, scope: Scope) -> Self {
        Self { through: Some(BTreeSet::new()), ..Self::outside(world, names, "bindings.", scope) }
    }

    /// Imports a module of the bindings, for an application.
    pub(crate) fn use_module(&mut self, module: &str) {
        self.through.get_or_insert_default().insert(module.to_owned());
    }

    /// `from bindings import Ok, types`, for an application; what the world has is in the package itself.
    pub(crate) fn module_lines(&self) -> Vec<String> {
        let mut direct: Vec<(&str, &str)> = self.runtime.iter().map(|name| (*name, *name)).collect();
        direct.extend(self.imported.iter().map(|((_, remote), local)| (remote.as_str(), local.as_str())));
        direct.extend(self.through.iter().flatten().map(|name| (name.as_str(), name.as_str())));
        let mut owned: Vec<(String, String)> =
            direct.into_iter().map(|(remote, local)| (remote.to_owned(), local.to_owned())).collect();
        owned.sort_by_cached_key(|(remote, _)| import_key(remote));
        let names: Vec<(&String, &String)> = owned.iter().map(|(remote, local)| (remote, local)).collect();
        if names.is_empty() { Vec::new() } else { import_statements("bindings", &names) }
    }

    /// `from .types import Point` and the like, sorted; a few may be added before.
    pub(crate) fn import_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        if !self.runtime.is_empty() {
            let names = self.runtime.iter().map(|name| Node::text(*name)).collect();
            lines.push(from_import(&format!("{}{RUNTIME}", self.dots), names));
        }
        let mut by_module: BTreeMap<_, (&str, Vec<(&String, &String)>)> = BTreeMap::new();
        for ((module, remote), local) in &self.imported {
            let module = self.names.modules[*module].name.as_str();
            let entry = by_module.entry(import_key(module)).or_insert_with(|| (module, Vec::new()));
            entry.1.push((remote, local));
        }
        for (module, mut names) in by_module.into_values() {
            names.sort_by_cached_key(|(remote, _)| import_key(remote));
            lines.extend(import_statements(&format!("{}{module}", self.dots), &names));
        }
        lines
    }

    /// The local name of `remote` of another module.
    pub(crate) fn import(&mut self, module: usize, remote: &str) -> String {
        if self.here == Some(module) {
            return self.hidden.get(remote).map_or_else(|| remote.to_owned(), Clone::clone);
        }
        let place = &self.names.modules[module];
        if let Some(through) = self.through.as_mut().filter(|_| !place.is_world()) {
            through.insert(place.name.clone());
            return format!("{}.{remote}", place.name);
        }
        let key = (module, remote.to_owned());
        if let Some(local) = self.imported.get(&key) {
            return local.clone();
        }
        let local = self.scope.unique(remote.to_owned());
        self.imported.insert(key, local.clone());
        local
    }

    /// Imports `remote` under the name that this module has for it already.
    pub(crate) fn import_as(&mut self, module: usize, remote: &str, local: &str) {
        self.imported.insert((module, remote.to_owned()), local.to_owned());
    }

    /// How `ty` is annotated.
    pub(crate) fn annotation(&mut self, ty: Type) -> witgen_diag::Result<String> {
        let id = match ty {
            Type::Bool => return Ok("bool".to_owned()),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::S8 | Type::S16 | Type::S32 | Type::S64 => {
                return Ok("int".to_owned());
            }
            Type::F32 | Type::F64 => return Ok("float".to_owned()),
            Type::Char | Type::String => return Ok("str".to_owned()),
            Type::ErrorContext => return Err(denied("error-context")),
            Type::Id(id) => id,
        };
        if let Some(name) = self.names.type_name(id) {
            return Ok(self.import(name.module, &name.class));
        }
        self.structural(id)
    }

    /// How a parameter of `ty` is annotated where other forms of its values are accepted.
    pub(crate) fn accepted(&mut self, ty: Type) -> witgen_diag::Result<String> {
        let Type::Id(id) = ty else { return self.annotation(ty) };
        if self.names.type_name(id).is_some() {
            return self.annotation(ty);
        }
        Ok(match &self.world.type_def(id).kind {
            TypeKind::List(Type::U8) => "bytes | bytearray | memoryview".to_owned(),
            TypeKind::List(element) => {
                self.collections.insert("Sequence");
                format!("Sequence[{}]", self.accepted(*element)?)
            }
            TypeKind::Map(key, value) => {
                self.collections.insert("Mapping");
                format!("Mapping[{}, {}]", self.annotation(*key)?, self.accepted(*value)?)
            }
            TypeKind::Option { some, .. } if !self.is_option(*some) => {
                format!("{} | None", self.accepted(*some)?)
            }
            _ => self.annotation(ty)?,
        })
    }

    /// The annotation of a payload that may be missing.
    pub(crate) fn payload(&mut self, ty: Option<Type>) -> witgen_diag::Result<String> {
        ty.map_or_else(|| Ok("None".to_owned()), |ty| self.annotation(ty))
    }

    /// The annotation of a type without a name, or of what an alias stands for.
    pub(crate) fn structural(&mut self, id: TypeId) -> witgen_diag::Result<String> {
        Ok(match &self.world.type_def(id).kind {
            TypeKind::List(Type::U8) => "bytes".to_owned(),
            TypeKind::List(element) => format!("list[{}]", self.annotation(*element)?),
            TypeKind::Tuple { types, .. } if types.is_empty() => "tuple[()]".to_owned(),
            TypeKind::Tuple { types, .. } => {
                let types: Vec<String> =
                    types.iter().map(|ty| self.annotation(*ty)).collect::<witgen_diag::Result<_>>()?;
                format!("tuple[{}]", types.join(", "))
            }
            TypeKind::Option { some, .. } if self.is_option(*some) => {
                self.runtime.insert("Some");
                format!("Some[{}] | None", self.annotation(*some)?)
            }
            TypeKind::Option { some, .. } => format!("{} | None", self.annotation(*some)?),
            TypeKind::Result { ok, err, .. } => {
                self.runtime.extend(["Err", "Ok"]);
                format!("Ok[{}] | Err[{}]", self.payload(*ok)?, self.payload(*err)?)
            }
            TypeKind::Alias(ty) => self.annotation(*ty)?,
            TypeKind::Map(key, value) => {
                format!("dict[{}, {}]", self.annotation(*key)?, self.annotation(*value)?)
            }
            TypeKind::FixedLengthList(..) => return Err(denied("list of fixed length")),
            TypeKind::Future(_) => return Err(denied("future")),
            TypeKind::Stream(_) => return Err(denied("stream")),
            TypeKind::Own(id) | TypeKind::Borrow(id) => self.annotation(Type::Id(*id))?,
            TypeKind::Resource
            | TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Flags { .. } => {
                return Err(denied("type without a name"));
            }
        })
    }

    /// What checks a value of `ty`: a function of the support code, or a call that makes one.
    pub(crate) fn check(&mut self, ty: Type) -> witgen_diag::Result<Node> {
        let id = match self.world.resolve_alias(ty) {
            Type::Id(id) => id,
            Type::ErrorContext => return Err(denied("error-context")),
            scalar => return Ok(Node::text(format!("{RUNTIME}.{}", scalar_check(scalar)))),
        };
        match &self.world.type_def(id).kind {
            TypeKind::List(Type::U8) => Ok(Node::text(format!("{RUNTIME}.octets"))),
            TypeKind::List(Type::S8) => Ok(Node::text(format!("{RUNTIME}.signed_octets"))),
            TypeKind::List(element) => match number_code(self.world.resolve_alias(*element)) {
                Some(code) => {
                    let code = Node::text(format!("\"{code}\""));
                    Ok(made("list_of_numbers", vec![self.check(*element)?, code]))
                }
                None => Ok(made("list_of", vec![self.check(*element)?])),
            },
            TypeKind::Tuple { types, .. } => {
                let types = types.iter().map(|ty| self.check(*ty)).collect::<witgen_diag::Result<_>>()?;
                Ok(made("tuple_of", types))
            }
            TypeKind::Option { some, .. } => {
                let name = if self.is_option(*some) { "some_of" } else { "option_of" };
                let some = self.check(*some)?;
                Ok(made(name, vec![some]))
            }
            TypeKind::Result { ok, err, .. } => {
                let payloads = vec![self.payload_check(*ok)?, self.payload_check(*err)?];
                Ok(made("result_of", payloads))
            }
            TypeKind::Borrow(id) => self.check(Type::Id(*id)),
            TypeKind::Own(id) => {
                let check = self.check(Type::Id(*id))?;
                match self.is_implemented(*id) {
                    true => Ok(check),
                    false => Ok(Node::text(format!("{}.own", check.flat()))),
                }
            }
            TypeKind::Record { .. }
            | TypeKind::Variant { .. }
            | TypeKind::Enum { .. }
            | TypeKind::Resource
            | TypeKind::Flags { .. } => match self.names.type_name(id) {
                Some(name) => Ok(Node::text(self.import(name.module, &name.check))),
                None => Err(denied("type without a name")),
            },
            TypeKind::Alias(_) => Err(denied("alias of itself")),
            TypeKind::Map(key, value) => {
                let parts = vec![self.check(*key)?, self.check(*value)?];
                Ok(made("map_of", parts))
            }
            TypeKind::FixedLengthList(..) => Err(denied("list of fixed length")),
            TypeKind::Future(_) => Err(denied("future")),
            TypeKind::Stream(_) => Err(denied("stream")),
        }
    }

    /// The check of a payload that may be missing.
    pub(crate) fn payload_check(&mut self, ty: Option<Type>) -> witgen_diag::Result<Node> {
        ty.map_or_else(|| Ok(Node::text("None")), |ty| self.check(ty))
    }

    /// Whether `id` is a resource that the application implements.
    fn is_implemented(&self, id: TypeId) -> bool {
        let Type::Id(id) = self.world.resolve_alias(Type::Id(id)) else { return false };
        match self.world.type_def(id).owner {
            Owner::Interface(owner) => self.world.interface(owner).direction == Direction::Export,
            Owner::World | Owner::None => false,
        }
    }

    pub(crate) fn is_option(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Option { .. })
    }
}

/// Whether `def` only repeats a type of another interface: `use`.
pub(crate) fn used_type<'a>(world: &'a World, def: &TypeDef) -> Option<&'a TypeDef> {
    let TypeKind::Alias(Type::Id(id)) = def.kind else { return None };
    let target = world.type_def(id);
    (target.name.is_some() && target.owner != def.owner).then_some(target)
}

/// The statements that import `names` of `from`, as remote and local name; `ruff` wants one for each renamed name.
fn import_statements(from: &str, names: &[(&String, &String)]) -> Vec<String> {
    let plain: Vec<&String> =
        names.iter().filter(|(remote, local)| remote == local).map(|(name, _)| *name).collect();
    let mut statements: Vec<(&str, String)> = names
        .iter()
        .filter(|(remote, local)| remote != local)
        .map(|(remote, local)| {
            let renamed = Node::text(format!("{remote} as {local}"));
            (remote.as_str(), from_import(from, vec![renamed]))
        })
        .collect();
    if let Some(first) = plain.first() {
        statements.push((
            first.as_str(),
            from_import(from, plain.iter().map(|name| Node::text(name.as_str())).collect()),
        ));
    }
    statements.sort_by_cached_key(|(first, _)| import_key(first));
    statements.into_iter().map(|(_, statement)| statement).collect()
}

/// `from MODULE import A, B`, within the line.
pub(crate) fn from_import(module: &str, names: Vec<Node>) -> String {
    let start = format!("from {module} import ");
    let flat = Node::Group { head: String::new(), items: names.clone(), close: "" }.flat();
    if start.len() + flat.len() <= 88 {
        return start + &flat;
    }
    Node::Group { head: "(".to_owned(), items: names, close: ")" }.lay_out(0, &start, "")
}

/// A call of the support code that makes a check.
fn made(name: &str, items: Vec<Node>) -> Node {
    Node::call(&format!("{RUNTIME}.{name}"), items)
}

/// A construct that the support table denies, and so never comes here.
pub(crate) fn denied(what: &str) -> Vec<Diagnostic> {
    Diagnostic::error(Id::Internal, format!("the Python backend met a {what}")).into()
}

fn scalar_check(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "boolean",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "s8",
        Type::S16 => "s16",
        Type::S32 => "s32",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String | Type::ErrorContext | Type::Id(_) => "string",
    }
}

/// The type code of `array.array` whose range is that of `ty`.
fn number_code(ty: Type) -> Option<char> {
    Some(match ty {
        Type::S8 => 'b',
        Type::U8 => 'B',
        Type::S16 => 'h',
        Type::U16 => 'H',
        Type::S32 => 'i',
        Type::U32 => 'I',
        Type::S64 => 'q',
        Type::U64 => 'Q',
        Type::F32 | Type::F64 => 'd',
        Type::Bool | Type::Char | Type::String | Type::ErrorContext | Type::Id(_) => return None,
    })
}
