//! The worlds of the test guests, derived from the types and functions under test.
//!
//! The interfaces of the types are written out again with the needed types alone:
//! a guest would have to import their functions otherwise, and nobody provides those.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use wit_component::WitPrinter;
use wit_parser::{Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner};
use witgen_diag::{Diagnostic, Id};

/// The package of the derived worlds.
pub(crate) const PACKAGE: &str = "witgen:derived";

/// A type under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) interface: InterfaceId,
    pub(crate) ty: TypeId,
    /// The interface with its three functions, unique in the package.
    pub(crate) derived: String,
}

/// Makes the names of the derived interfaces: `types-order` for `acme:shop/types.order`.
pub(crate) fn subjects(resolve: &Resolve, found: &[(InterfaceId, TypeId)]) -> Vec<Subject> {
    let mut taken = BTreeSet::new();
    let mut subjects = Vec::new();
    for (interface, ty) in found {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        let base =
            format!("{}-{}", name(&resolve.interfaces[*interface].name), name(&resolve.types[*ty].name));
        // Letters alone: a word of a name starts with a letter.
        let mut derived = base.clone();
        let mut suffix = 0;
        while !taken.insert(derived.clone()) {
            suffix += 1;
            derived = format!("{base}-x{suffix}");
        }
        subjects.push(Subject { interface: *interface, ty: *ty, derived });
    }
    subjects
}

/// Writes the WIT of both worlds to `dir`.
pub(crate) fn write_types(resolve: &Resolve, subjects: &[Subject], dir: &Path) -> witgen_diag::Result<()> {
    let mut stripped = resolve.clone();
    let kept = reached(resolve, subjects);
    strip(&mut stripped, &kept);
    let mut text = format!("package {PACKAGE};\n");
    for subject in subjects {
        let interface = qualified(resolve, subject.interface);
        let ty = resolve.types[subject.ty].name.as_deref().unwrap_or_default();
        let _ = write!(
            text,
            "\ninterface %{} {{\n  use {interface}.{{%{ty} as subject}};\n{}\
             \n  roundtrip: func(value: subject) -> subject;\
             \n  check: func(index: u32, value: subject) -> bool;\
             \n  give: func(index: u32) -> subject;\n}}\n",
            subject.derived,
            parts(resolve, subject.ty)
        );
    }
    for (world, verb) in [("exporter", "export"), ("importer", "import")] {
        let _ = write!(text, "\nworld {world} {{\n");
        for subject in subjects {
            let _ = writeln!(text, "  {verb} %{};", subject.derived);
        }
        if world == "importer" {
            text.push_str(RUNS);
        }
        text.push_str("}\n");
    }
    write(dir, &text, &stripped, |package| {
        package.interfaces.values().any(|id| !stripped.interfaces[*id].types.is_empty())
    })
}

/// Makes the types that a `result` holds known too: toolchains that take the result of a function apart name them.
fn parts(resolve: &Resolve, mut ty: TypeId) -> String {
    while let TypeDefKind::Type(Type::Id(target)) = resolve.types[ty].kind {
        ty = target;
    }
    if !matches!(resolve.types[ty].kind, TypeDefKind::Result(_)) {
        return String::new();
    }
    let mut text = String::new();
    let mut open = vec![ty];
    let mut letters = 'a'..='z';
    while let Some(id) = open.pop() {
        let def = &resolve.types[id];
        if let (Some(name), TypeOwner::Interface(owner), true) = (&def.name, def.owner, id != ty) {
            if let Some(letter) = letters.next() {
                let owner = qualified(resolve, owner);
                let _ = writeln!(text, "  use {owner}.{{%{name} as part-{letter}}};");
            }
            continue;
        }
        open.extend(held(&def.kind).into_iter().filter_map(|ty| match ty {
            Type::Id(id) => Some(id),
            _ => None,
        }));
    }
    text
}

/// Writes the WIT of an importer and an exporter of `functions` to `dir`.
pub(crate) fn write_calls(
    resolve: &Resolve,
    functions: &BTreeSet<(InterfaceId, &str)>,
    dir: &Path,
) -> witgen_diag::Result<()> {
    let interfaces: BTreeSet<InterfaceId> = functions.iter().map(|(interface, _)| *interface).collect();
    let mut text = format!("package {PACKAGE};\n");
    for (world, verb, runs) in [("importer", "import", RUNS), ("exporter", "export", "")] {
        let _ = write!(text, "\nworld {world} {{\n");
        for interface in &interfaces {
            let _ = writeln!(text, "  {verb} {};", qualified(resolve, *interface));
        }
        let _ = writeln!(text, "{runs}}}");
    }
    let mut stripped = resolve.clone();
    for (_, package) in stripped.packages.iter_mut() {
        package.worlds.clear();
    }
    // All types are needed, while nobody is there to implement the functions of other interfaces.
    for (id, interface) in stripped.interfaces.iter_mut() {
        interface.functions.retain(|name, _| functions.contains(&(id, name.as_str())));
    }
    write(dir, &text, &stripped, |_| true)
}

const RUNS: &str = "  export run: func(group: u32, value: u32, step: u32) -> option<string>;\n\
                    \x20 export call: func(index: u32) -> option<string>;\n";

/// `acme:shop/types@1.0.0`, with every name escaped.
fn qualified(resolve: &Resolve, interface: InterfaceId) -> String {
    let interface = &resolve.interfaces[interface];
    let name = interface.name.as_deref().unwrap_or_default();
    let Some(package) = interface.package else { return format!("%{name}") };
    let package = &resolve.packages[package].name;
    let version = package.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    format!("%{}:%{}/%{name}{version}", package.namespace, package.name)
}

fn write(
    dir: &Path,
    text: &str,
    resolve: &Resolve,
    wanted: impl Fn(&wit_parser::Package) -> bool,
) -> witgen_diag::Result<()> {
    let deps = dir.join("deps");
    let io = |path: &Path, reason: &std::io::Error| {
        Diagnostic::error(Id::Io, format!("cannot write `{}`", path.display()))
            .in_path(path)
            .note(reason.to_string())
    };
    std::fs::create_dir_all(&deps).map_err(|reason| io(&deps, &reason))?;
    let main = dir.join("derived.wit");
    std::fs::write(&main, text).map_err(|reason| io(&main, &reason))?;
    for (id, package) in resolve.packages.iter().filter(|(_, package)| wanted(package)) {
        let mut printer = WitPrinter::default();
        printer.emit_docs(false);
        printer.print(resolve, id, &[]).map_err(|reason| {
            Diagnostic::error(Id::WitResolve, format!("the package `{}` has no text form", package.name))
                .note(format!("{reason:#}"))
        })?;
        // No name has two dashes in a row, so `a:b-c` and `a-b:c` stay apart.
        let path = deps.join(format!("{}.wit", package.name.to_string().replace([':', '@'], "--")));
        std::fs::write(&path, printer.output.to_string()).map_err(|reason| io(&path, &reason))?;
    }
    Ok(())
}

/// The types that `subjects` need, themselves included.
fn reached(resolve: &Resolve, subjects: &[Subject]) -> BTreeSet<usize> {
    let mut kept = BTreeSet::new();
    let mut open: Vec<TypeId> = subjects.iter().map(|subject| subject.ty).collect();
    while let Some(id) = open.pop() {
        if !kept.insert(id.index()) {
            continue;
        }
        open.extend(held(&resolve.types[id].kind).into_iter().filter_map(|ty| match ty {
            Type::Id(id) => Some(id),
            _ => None,
        }));
    }
    kept
}

/// The types that one is made of.
fn held(kind: &TypeDefKind) -> Vec<Type> {
    match kind {
        TypeDefKind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Tuple(tuple) => tuple.types.clone(),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Result(result) => [result.ok, result.err].into_iter().flatten().collect(),
        TypeDefKind::Option(ty)
        | TypeDefKind::List(ty)
        | TypeDefKind::FixedLengthList(ty, _)
        | TypeDefKind::Type(ty) => vec![*ty],
        TypeDefKind::Map(key, value) => vec![*key, *value],
        TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => (*ty).into_iter().collect(),
        TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => vec![Type::Id(*id)],
        TypeDefKind::Resource | TypeDefKind::Flags(_) | TypeDefKind::Enum(_) | TypeDefKind::Unknown => {
            Vec::new()
        }
    }
}

fn strip(resolve: &mut Resolve, kept: &BTreeSet<usize>) {
    for (_, package) in resolve.packages.iter_mut() {
        package.worlds.clear();
    }
    for (_, interface) in resolve.interfaces.iter_mut() {
        interface.functions.clear();
        interface.types.retain(|_, id| kept.contains(&id.index()));
    }
}

/// Finds `acme:shop/types.order`; the version may be left out where one package has the name.
pub(crate) fn find_type(resolve: &Resolve, name: &str) -> Result<(InterfaceId, TypeId), Vec<String>> {
    let (interface, ty) = name.rsplit_once('.').unwrap_or((name, ""));
    for (id, _) in resolve.interfaces.iter().filter(|(id, _)| is_called(resolve, *id, interface)) {
        if let Some(found) = resolve.interfaces[id].types.get(ty) {
            return Ok((id, *found));
        }
    }
    let mut all = BTreeMap::new();
    for (id, ty) in resolve.types.iter() {
        if let (TypeOwner::Interface(interface), Some(name)) = (ty.owner, &ty.name)
            && let Some(path) = plain(resolve, interface)
        {
            all.insert(format!("{path}.{name}"), id);
        }
    }
    Err(all.into_keys().collect())
}

/// Finds the interface of `acme:shop/api.total`, as [`find_type`] does, and gives the name of the function.
pub(crate) fn find_function<'a>(
    resolve: &Resolve,
    name: &'a str,
) -> Result<(InterfaceId, &'a str), Vec<String>> {
    let (interface, function) = name.rsplit_once('.').unwrap_or((name, ""));
    for (id, found) in resolve.interfaces.iter().filter(|(id, _)| is_called(resolve, *id, interface)) {
        if found.functions.contains_key(function) {
            return Ok((id, function));
        }
    }
    let mut all = Vec::new();
    for (id, interface) in resolve.interfaces.iter() {
        if let Some(path) = plain(resolve, id) {
            all.extend(interface.functions.keys().map(|name| format!("{path}.{name}")));
        }
    }
    Err(all)
}

fn is_called(resolve: &Resolve, id: InterfaceId, wanted: &str) -> bool {
    let Some(path) = plain(resolve, id) else { return false };
    path == wanted || path.split('@').next() == Some(wanted)
}

fn plain(resolve: &Resolve, id: InterfaceId) -> Option<String> {
    let interface = &resolve.interfaces[id];
    Some(resolve.id_of_name(interface.package?, interface.name.as_deref()?))
}
