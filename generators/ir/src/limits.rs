//! Refuses WIT that a few lines make too deep or too large for what walks over it later.
//!
//! wit-parser itself nests at most 100 types in one text, but names chain without end: every walk over types,
//! here, in wit-parser and in the backends, recurses along such a chain, and a type that uses another one twice
//! doubles with each name. The limits are far above what people write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wit_parser::{
    AstItem, Function, InterfaceId, PackageName, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner,
    UnresolvedPackage, WorldId, WorldItem,
};
use witgen_diag::{Diagnostic, Id, SourceFile, Span};

use crate::source::{Group, Sources};

/// How deep types may nest, names and aliases included: what wit-parser and Wasmtime allow.
const MAX_TYPE_DEPTH: u32 = 100;
/// How many interfaces may use one another in a row, and how many packages.
const MAX_CHAIN: usize = 100;
/// How many values one function may pass, counting the fields of records within records.
const MAX_VALUES: u64 = 100_000;
/// How many values all functions of a world may pass.
const MAX_WORLD_VALUES: u64 = 1_000_000;
/// The size of a type in memory; addresses have 32 bits.
const MAX_BYTES: u64 = 1 << 31;

/// Refuses long chains of packages and of interfaces, before anything links them.
pub(crate) fn check_chains(groups: &[Group]) -> witgen_diag::Result<()> {
    let packages = || groups.iter().flat_map(|group| group.parsed.nested.iter().chain([&group.parsed.main]));
    let mut uses: BTreeMap<&PackageName, BTreeSet<&PackageName>> = BTreeMap::new();
    let mut interfaces: BTreeMap<Node<'_>, BTreeSet<Node<'_>>> = BTreeMap::new();
    for package in packages() {
        uses.entry(&package.name).or_default().extend(package.foreign_deps.keys());
        add_interfaces(package, &mut interfaces);
    }
    if let Some(name) = end_of_long_chain(&uses) {
        return Err(too_long(format!("package `{name}`"), "packages").into());
    }
    if let Some((package, interface)) = end_of_long_chain(&interfaces) {
        return Err(too_long(format!("interface `{package}/{interface}`"), "interfaces").into());
    }
    Ok(())
}

/// An interface by its package and name.
type Node<'a> = (&'a PackageName, &'a str);

fn too_long(what: String, of: &str) -> Diagnostic {
    Diagnostic::error(Id::WitResolve, format!("{what} stands at the end of more than {MAX_CHAIN} {of}"))
        .note(format!("each of these {of} uses the next one"))
}

fn add_interfaces<'a>(package: &'a UnresolvedPackage, graph: &mut BTreeMap<Node<'a>, BTreeSet<Node<'a>>>) {
    let mut names: BTreeMap<InterfaceId, Node<'a>> = BTreeMap::new();
    for (id, interface) in &package.interfaces {
        if let Some(name) = &interface.name {
            names.insert(id, (&package.name, name));
        }
    }
    for (foreign, items) in &package.foreign_deps {
        for (name, (item, _)) in items {
            if let AstItem::Interface(id) = item {
                names.insert(*id, (foreign, name));
            }
        }
    }
    for (id, interface) in &package.interfaces {
        let Some(user) = names.get(&id).filter(|(owner, _)| **owner == package.name) else { continue };
        let used = interface.types.values().filter_map(|ty| match package.types[*ty].kind {
            TypeDefKind::Type(Type::Id(target)) => match package.types[target].owner {
                TypeOwner::Interface(owner) if owner != id => names.get(&owner).copied(),
                _ => None,
            },
            _ => None,
        });
        graph.entry(*user).or_default().extend(used);
    }
}

/// What starts a chain of more than [`MAX_CHAIN`] uses; what lies on a cycle is left to wit-parser.
fn end_of_long_chain<T: Copy + Ord>(uses: &BTreeMap<T, BTreeSet<T>>) -> Option<T> {
    let mut users: BTreeMap<T, Vec<T>> = BTreeMap::new();
    let mut missing: BTreeMap<T, usize> = BTreeMap::new();
    for (user, used) in uses {
        missing.entry(*user).or_default();
        for one in used {
            users.entry(*one).or_default().push(*user);
            *missing.entry(*user).or_default() += 1;
            missing.entry(*one).or_default();
        }
    }
    let mut ready: Vec<(T, usize)> =
        missing.iter().filter(|(_, count)| **count == 0).map(|(node, _)| (*node, 1)).collect();
    let mut lengths: BTreeMap<T, usize> = BTreeMap::new();
    while let Some((node, length)) = ready.pop() {
        if length > MAX_CHAIN {
            return Some(node);
        }
        for user in users.get(&node).into_iter().flatten() {
            let longest = lengths.entry(*user).or_insert(1);
            *longest = (*longest).max(length + 1);
            let count = missing.entry(*user).or_insert(1);
            *count -= 1;
            if *count == 0 {
                ready.push((*user, *longest));
            }
        }
    }
    None
}

/// How much a type is, all that it is made of included. The numbers saturate.
#[derive(Clone, Copy)]
struct Weight {
    depth: u32,
    values: u64,
    bytes: u64,
}

/// The weights of all types of a package or a [`Resolve`], by index.
pub(crate) struct Weights(Vec<Weight>);

impl Weights {
    /// Weighs every type and refuses those that are too deep or too large.
    pub(crate) fn check<'a>(
        types: impl Iterator<Item = &'a TypeDef>,
        sources: &Sources,
    ) -> witgen_diag::Result<Self> {
        let mut weights = Self(Vec::new());
        // Each type comes after those that it is made of.
        for ty in types {
            let weight = weights.of_kind(&ty.kind);
            weights.0.push(weight);
            let Some(what) = excess(weight) else { continue };
            let name =
                ty.name.as_deref().map_or_else(|| "a type".to_owned(), |name| format!("type `{name}`"));
            let found = Diagnostic::error(Id::WitResolve, format!("{name} {what}"));
            return Err(match sources.span(ty.span) {
                Some(span) => found.at(span, ""),
                None => found,
            }
            .into());
        }
        Ok(weights)
    }

    /// Refuses a world whose functions pass too many values.
    pub(crate) fn check_world(
        &self,
        resolve: &Resolve,
        world: WorldId,
        sources: &Sources,
    ) -> witgen_diag::Result<()> {
        let items = resolve.worlds[world].imports.values().chain(resolve.worlds[world].exports.values());
        let mut total: u64 = 0;
        for item in items {
            match item {
                WorldItem::Function(func) => self.add_function(func, &mut total, sources)?,
                WorldItem::Interface { id, .. } => {
                    for func in resolve.interfaces[*id].functions.values() {
                        self.add_function(func, &mut total, sources)?;
                    }
                }
                WorldItem::Type { .. } => {}
            }
        }
        Ok(())
    }

    fn add_function(&self, func: &Function, total: &mut u64, sources: &Sources) -> witgen_diag::Result<()> {
        let types = func.params.iter().map(|param| param.ty).chain(func.result);
        let values = types.map(|ty| self.of(ty).values).fold(0, u64::saturating_add);
        *total = total.saturating_add(values);
        let message = if values > MAX_VALUES {
            format!("function `{}` passes more than {MAX_VALUES} values", func.name)
        } else if *total > MAX_WORLD_VALUES {
            format!("the functions of the world pass more than {MAX_WORLD_VALUES} values")
        } else {
            return Ok(());
        };
        let found = Diagnostic::error(Id::WitResolve, message)
            .note("each field of a record within a record counts, however often the type is used");
        Err(match sources.span(func.span) {
            Some(span) => found.at(span, ""),
            None => found,
        }
        .into())
    }

    fn of(&self, ty: Type) -> Weight {
        match ty {
            Type::Id(id) => self.of_id(id),
            _ => Weight { depth: 0, values: 1, bytes: 8 },
        }
    }

    fn of_id(&self, id: TypeId) -> Weight {
        self.0.get(id.index()).copied().unwrap_or(HANDLE)
    }

    /// A type that holds one of each of `parts`.
    fn product(&self, parts: impl Iterator<Item = Type>) -> Weight {
        let mut weight = Weight { depth: 0, values: 1, bytes: 8 };
        for part in parts {
            let part = self.of(part);
            weight.depth = weight.depth.max(part.depth);
            weight.values = weight.values.saturating_add(part.values);
            weight.bytes = weight.bytes.saturating_add(part.bytes);
        }
        Weight { depth: weight.depth.saturating_add(1), ..weight }
    }

    fn of_kind(&self, kind: &TypeDefKind) -> Weight {
        match kind {
            TypeDefKind::Record(record) => self.product(record.fields.iter().map(|field| field.ty)),
            TypeDefKind::Tuple(tuple) => self.product(tuple.types.iter().copied()),
            TypeDefKind::Variant(variant) => self.product(variant.cases.iter().filter_map(|case| case.ty)),
            TypeDefKind::Result(result) => self.product(result.ok.into_iter().chain(result.err)),
            TypeDefKind::Option(ty) | TypeDefKind::Type(ty) => self.product([*ty].into_iter()),
            TypeDefKind::List(element) => Weight { bytes: 8, ..self.product([*element].into_iter()) },
            TypeDefKind::Map(key, value) => Weight { bytes: 8, ..self.product([*key, *value].into_iter()) },
            TypeDefKind::FixedLengthList(element, length) => {
                let one = self.product([*element].into_iter());
                Weight { bytes: one.bytes.saturating_mul(u64::from(*length)), ..one }
            }
            TypeDefKind::Future(payload) | TypeDefKind::Stream(payload) => {
                Weight { bytes: 8, ..self.product(payload.iter().copied()) }
            }
            TypeDefKind::Flags(flags) => Weight { bytes: flags.flags.len() as u64 / 8 + 8, ..HANDLE },
            TypeDefKind::Enum(_) | TypeDefKind::Resource | TypeDefKind::Handle(_) | TypeDefKind::Unknown => {
                HANDLE
            }
        }
    }
}

const HANDLE: Weight = Weight { depth: 1, values: 1, bytes: 8 };

fn excess(weight: Weight) -> Option<String> {
    if weight.depth > MAX_TYPE_DEPTH {
        return Some(format!("nests more than {MAX_TYPE_DEPTH} levels deep"));
    }
    if weight.values > MAX_VALUES {
        return Some(format!("is made of more than {MAX_VALUES} values"));
    }
    (weight.bytes > MAX_BYTES).then(|| "is larger than 2 GiB".to_owned())
}

/// Components have no functions with more parameters, and wit-parser compares each with each.
const MAX_PARAMS: usize = 1_000;

/// Refuses lists in parentheses that are longer than those of any component, before they are parsed.
pub(crate) fn check_params(file: &Arc<SourceFile>) -> witgen_diag::Result<()> {
    let bytes = file.text.as_bytes();
    let (mut at, mut open, mut commas, mut angles) = (0, None, 0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        match byte {
            b'/' if rest.starts_with(b"//") => {
                at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            }
            b'/' if rest.starts_with(b"/*") => {
                at += rest.windows(2).position(|two| two == b"*/").unwrap_or(rest.len());
            }
            b'(' => (open, commas, angles) = (Some(at), 0, 0),
            b')' => open = None,
            b'<' => angles += 1,
            b'>' => angles = angles.saturating_sub(1),
            b',' if angles == 0 => commas += 1,
            _ => {}
        }
        if let Some(start) = open
            && commas > MAX_PARAMS
        {
            let message = format!("a function has more than {MAX_PARAMS} parameters");
            let span = Span { file: Arc::clone(file), range: start..start + 1 };
            return Err(Diagnostic::error(Id::WitSyntax, message).at(span, "").into());
        }
        at += 1;
    }
    Ok(())
}
