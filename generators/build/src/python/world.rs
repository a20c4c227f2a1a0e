//! The world as componentize-py is given it.
//!
//! It makes no functions for an imported interface with a plain name (`import a: interface { .. }`), does not know
//! interfaces under other names (`import a: ns:pkg/iface`), nor maps, and imports every function that it is shown.
//! A function that the world itself exports must not be called like one of its C library (`read`, `exp`).
//! A function whose result has a name for a `result` (`type outcome = result<u8>`) stops its run time.
//! An exported interface without anything in it ends in an invalid component.
//! So such exports are added in the end, plainly named imports are interfaces of the package until the component is done, an export that is imported too
//! has a name of its own, functions that the world exports have a prefix, maps are lists, and functions that the program does not mention are left out.

use std::collections::{BTreeMap, BTreeSet};

use wit_parser::{
    FunctionKind, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem,
    WorldKey,
};

use crate::python::maps;
use crate::stand_ins::{self, Item};
use crate::wit::Wit;

/// The instance that the tool adds to the exports of the world.
pub(super) const TOOL_EXPORT: &str = "exports";

/// The world that the tool is given.
pub(super) struct ToolWorld {
    pub(super) wit: Wit,
    pub(super) imports: Vec<Item>,
    pub(super) exports: Vec<Item>,
    /// Exports that the tool does not see.
    pub(super) empty_exports: Vec<Item>,
    /// How many tuples of one element are around each pair of a list that stands for a map.
    pub(super) map_depth: usize,
}

impl ToolWorld {
    /// For a program that mentions `words`.
    pub(super) fn new(wit: &Wit, words: &BTreeSet<String>) -> Self {
        let mut resolve = wit.resolve().clone();
        let world = wit.world();
        let map_depth = maps::listed(&mut resolve);
        let empty_exports = take_empty_exports(&mut resolve, world);
        let (mut imports, mut exports) = stand_ins::items(&resolve, world);
        stand_ins::set_versions_apart(&mut resolve);
        stand_ins::separate(&mut resolve, world);
        package_plain_imports(&mut resolve, world);
        rename_exports(&mut resolve, world);
        rename_plain_exports(&mut resolve, world);
        stand_ins::register(&mut resolve, world, &mut imports, &mut exports);
        leave_out(&mut resolve, world, words);
        spell_out_results(&mut resolve, world);
        Self { wit: Wit::new(resolve, world), imports, exports, empty_exports, map_depth }
    }

    /// The module that tells the bindings of stand-ins.
    pub(super) fn names(&self) -> String {
        let changed = |items: &[Item], spelled: fn(&str) -> String| -> BTreeMap<String, String> {
            let changed = items.iter().filter(|item| item.key != item.tool_key);
            changed.map(|item| (spelled(&item.key), spelled(&item.tool_key))).collect()
        };
        format!(
            "IMPORTS = {:?}\nEXPORTS = {:?}\nCLASSES = {:?}\nMAP_DEPTH = {}\n",
            changed(&self.imports, module),
            changed(&self.exports, module),
            changed(&self.exports, class),
            self.map_depth
        )
    }
}

/// The words of `source`, without those that only name what it defines and without underscores around them.
///
/// A word in a text counts: it may be the name that `getattr` is given.
pub(super) fn words(source: &str, found: &mut BTreeSet<String>) {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    for line in source.lines() {
        let mut is_defined = false;
        for word in line.split(|letter: char| !is_of_word(letter)).filter(|word| !word.is_empty()) {
            if !is_defined {
                found.insert(word.trim_matches('_').to_lowercase());
            }
            is_defined = matches!(word, "def" | "class");
        }
    }
}

/// What componentize-py calls the module of an interface with `--full-names`.
fn module(key: &str) -> String {
    key.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

/// What it calls the class that implements it.
fn class(key: &str) -> String {
    let mut name = String::new();
    for word in module(key).split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    }
    name
}

/// Takes out the exported interfaces that have neither types nor functions.
fn take_empty_exports(resolve: &mut Resolve, world: WorldId) -> Vec<Item> {
    let (_, items) = stand_ins::items(resolve, world);
    let exports = std::mem::take(&mut resolve.worlds[world].exports);
    let mut empty = Vec::new();
    for ((key, export), item) in exports.into_iter().zip(items) {
        let is_empty = matches!(&export, WorldItem::Interface { id, .. } if {
            let interface = &resolve.interfaces[*id];
            interface.functions.is_empty() && interface.types.is_empty()
        });
        if is_empty {
            empty.push(item);
        } else {
            resolve.worlds[world].exports.insert(key, export);
        }
    }
    empty
}

/// Makes plainly named imports interfaces of the world's package.
fn package_plain_imports(resolve: &mut Resolve, world: WorldId) {
    let package = resolve.worlds[world].package;
    let mut taken: BTreeSet<String> = match package {
        Some(package) => resolve.packages[package].interfaces.keys().cloned().collect(),
        None => BTreeSet::new(),
    };
    let imports = std::mem::take(&mut resolve.worlds[world].imports);
    let changed = imports.into_iter().map(|(key, item)| {
        let (WorldKey::Name(name), WorldItem::Interface { id, .. }) = (&key, &item) else {
            return (key, item);
        };
        let mut stand_in = format!("named-{name}");
        while !taken.insert(stand_in.clone()) {
            stand_in.insert_str(0, "named-");
        }
        resolve.interfaces[*id].name = Some(stand_in);
        resolve.interfaces[*id].package = package;
        (WorldKey::Interface(*id), item)
    });
    let changed = changed.collect();
    resolve.worlds[world].imports = changed;
}

/// Gives exported interfaces other names where they are imported too.
fn rename_exports(resolve: &mut Resolve, world: WorldId) {
    let imports = &resolve.worlds[world].imports;
    let mut taken: BTreeSet<String> = imports.keys().map(|key| resolve.name_world_key(key)).collect();
    let keys: Vec<WorldKey> = resolve.worlds[world].exports.keys().cloned().collect();
    for key in keys {
        let WorldKey::Interface(id) = key else { continue };
        while !taken.insert(resolve.name_world_key(&key)) {
            let name = resolve.interfaces[id].name.clone().unwrap_or_default();
            resolve.interfaces[id].name = Some(format!("exported-{name}"));
        }
    }
}

/// Gives functions that the world itself exports names that no C library has, and an instance one that the tool has not.
fn rename_plain_exports(resolve: &mut Resolve, world: WorldId) {
    let exports = std::mem::take(&mut resolve.worlds[world].exports);
    let changed = exports.into_iter().map(|(key, item)| match (key, item) {
        (WorldKey::Name(name), WorldItem::Function(function)) => {
            let name = stand_ins::stand_in(&name);
            let function = wit_parser::Function { name: name.clone(), ..function };
            (WorldKey::Name(name), WorldItem::Function(function))
        }
        (WorldKey::Name(name), item) if name == TOOL_EXPORT => {
            (WorldKey::Name(stand_ins::stand_in(&name)), item)
        }
        other => other,
    });
    let changed = changed.collect();
    resolve.worlds[world].exports = changed;
}

/// Removes imported functions whose names no word begins with; methods go with their resources.
///
/// CPython needs WASI too, and componentize-py joins its imports of that with those of the world.
fn leave_out(resolve: &mut Resolve, world: WorldId, words: &BTreeSet<String>) {
    let is_mentioned = |name: &str| {
        let name = name.replace('-', "_").to_lowercase();
        words.range(name.clone()..).next().is_some_and(|word| word.starts_with(&name))
    };
    let mut imports = std::mem::take(&mut resolve.worlds[world].imports);
    imports.retain(|_, item| match item {
        WorldItem::Function(function) => is_mentioned(&function.name),
        WorldItem::Interface { .. } | WorldItem::Type { .. } => true,
    });
    for item in imports.values() {
        let WorldItem::Interface { id, .. } = item else { continue };
        let package = resolve.interfaces[*id].package.map(|package| &resolve.packages[package].name);
        if package.is_some_and(|name| name.namespace == "wasi") {
            continue;
        }
        resolve.interfaces[*id].functions.retain(|name, function| {
            !matches!(function.kind, FunctionKind::Freestanding) || is_mentioned(name)
        });
    }
    resolve.worlds[world].imports = imports;
}

/// Gives functions that return a named `result` one without a name, which is the same type in a component.
///
/// A type that it holds must be known where the function is declared; where it is not, the function stays as it is.
fn spell_out_results(resolve: &mut Resolve, world: WorldId) {
    let interfaces: Vec<InterfaceId> = resolve.interfaces.iter().map(|(id, _)| id).collect();
    for interface in interfaces {
        let known = known_types(resolve, resolve.interfaces[interface].types.values().copied());
        for index in 0..resolve.interfaces[interface].functions.len() {
            let result = resolve.interfaces[interface].functions[index].result;
            let spelled = spelled_out(resolve, result, &known);
            resolve.interfaces[interface].functions[index].result = spelled;
        }
    }
    let types = resolve.worlds[world].imports.values().filter_map(|item| match item {
        WorldItem::Type { id, .. } => Some(*id),
        WorldItem::Interface { .. } | WorldItem::Function(_) => None,
    });
    let known = known_types(resolve, types.collect::<Vec<_>>());
    let mut changed = resolve.worlds[world].clone();
    for item in changed.imports.values_mut().chain(changed.exports.values_mut()) {
        if let WorldItem::Function(function) = item {
            function.result = spelled_out(resolve, function.result, &known);
        }
    }
    resolve.worlds[world] = changed;
}

/// By the type that a name stands for, the name.
fn known_types(resolve: &Resolve, names: impl IntoIterator<Item = TypeId>) -> BTreeMap<usize, TypeId> {
    names.into_iter().map(|id| (resolved(resolve, id).index(), id)).collect()
}

/// What aliases stand for.
fn resolved(resolve: &Resolve, mut id: TypeId) -> TypeId {
    while let TypeDefKind::Type(Type::Id(target)) = resolve.types[id].kind {
        id = target;
    }
    id
}

/// `result` without a name, in terms of `known` types; unchanged when it is something else.
fn spelled_out(resolve: &mut Resolve, result: Option<Type>, known: &BTreeMap<usize, TypeId>) -> Option<Type> {
    let Some(Type::Id(id)) = result else { return result };
    let id = resolved(resolve, id);
    let TypeDefKind::Result(parts) = resolve.types[id].kind.clone() else { return result };
    if resolve.types[id].name.is_none() {
        return result;
    }
    let mut local = |part: Option<Type>| match part {
        Some(ty) => in_terms_of(resolve, ty, known).map(Some),
        None => Some(None),
    };
    let (Some(ok), Some(err)) = (local(parts.ok), local(parts.err)) else { return result };
    let kind = TypeDefKind::Result(wit_parser::Result_ { ok, err });
    let unnamed = TypeDef { name: None, owner: TypeOwner::None, kind, ..resolve.types[id].clone() };
    Some(Type::Id(resolve.types.alloc(unnamed)))
}

/// A type by names that are `known`; none where one is not.
fn in_terms_of(resolve: &mut Resolve, ty: Type, known: &BTreeMap<usize, TypeId>) -> Option<Type> {
    let Type::Id(id) = ty else { return Some(ty) };
    if resolve.types[id].name.is_some() {
        return known.get(&resolved(resolve, id).index()).map(|id| Type::Id(*id));
    }
    let mut def = resolve.types[id].clone();
    let mut local = |ty: &mut Type| {
        let found = in_terms_of(resolve, *ty, known)?;
        *ty = found;
        Some(())
    };
    match &mut def.kind {
        TypeDefKind::List(ty) | TypeDefKind::Option(ty) => local(ty)?,
        TypeDefKind::Tuple(tuple) => tuple.types.iter_mut().try_for_each(local)?,
        TypeDefKind::Result(result) => result.ok.iter_mut().chain(&mut result.err).try_for_each(local)?,
        _ => return None,
    }
    Some(Type::Id(resolve.types.alloc(def)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, program: &str) -> (ToolWorld, String) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.wit");
        std::fs::write(&path, text).unwrap();
        let (resolved, world) = witgen_ir::resolve_inputs(&[path], &witgen_ir::Options::default()).unwrap();
        let mut found = BTreeSet::new();
        words(program, &mut found);
        let made = ToolWorld::new(&Wit::new(resolved.resolve, world), &found);
        made.wit.write_dir(dir.path()).unwrap();
        let text = std::fs::read_to_string(dir.path().join("world.wit")).unwrap();
        (made, text)
    }

    #[test]
    fn named_results_are_spelled_out_where_a_function_returns_them() {
        let (_, text) = made(
            "package a:b; interface i { type outcome = result<u8>; f: func() -> outcome; } \
             interface k { record r { x: u8 } type outcome = result<list<r>, r>; } \
             interface j { use i.{outcome as other}; type again = other; f: func(x: again) -> again; \
             use k.{r as mine, outcome}; g: func() -> outcome; } \
             interface l { use k.{outcome}; g: func() -> outcome; } \
             world w { export i; export j; export l; }",
            "",
        );
        assert!(text.contains("f: func() -> result<u8>;"), "{text}");
        assert!(text.contains("f: func(x: again) -> result<u8>;"), "{text}");
        assert!(text.contains("g: func() -> result<list<mine>, mine>;"), "{text}");
        assert!(text.contains("g: func() -> outcome;"), "{text}");
    }

    #[test]
    fn plainly_named_imports_are_interfaces_of_the_package() {
        let (made, text) = made(
            "package a:b; interface i { record r { x: u8 } f: func(r: r); } \
             world w { import left: i; import right: i; import mine: interface { g: func(); } export left: i; }",
            "left.f(1)",
        );
        assert!(text.contains("import named-left;"), "{text}");
        assert!(text.contains("import named-mine;"), "{text}");
        assert!(!text.contains("g: func()"), "{text}");
        let keys: Vec<_> = made.imports.iter().map(|item| (&*item.key, item.implements.as_deref())).collect();
        assert_eq!(keys, [("left", Some("a:b/i")), ("right", Some("a:b/i")), ("mine", None)]);
        assert!(made.names().starts_with("IMPORTS = {\"left\": \"a_b_named_left\""), "{}", made.names());
    }

    #[test]
    fn export_of_what_is_imported_too_has_a_name_of_its_own() {
        let (made, text) = made(
            "package a:b@1.0.0; interface i { f: func(); g: func(); } world w { import i; export i; }",
            "def f():\n    getattr(i, 'g')()",
        );
        assert!(text.contains("export exported-i;"), "{text}");
        assert_eq!((text.matches("f: func").count(), text.matches("g: func").count()), (1, 2), "{text}");
        assert!(made.names().contains("CLASSES = {\"ABI100\": \"ABExportedI100\"}"), "{}", made.names());
    }

    #[test]
    fn exports_without_anything_in_them_are_left_to_the_end() {
        let (made, text) = made(
            "package a:b; interface none {} interface i { f: func(); } \
             world w { import none; export none; export left: none; export i; }",
            "",
        );
        assert!(text.contains("import none;") && !text.contains("export none;"), "{text}");
        let empty: Vec<_> =
            made.empty_exports.iter().map(|item| (&*item.key, item.implements.as_deref())).collect();
        assert_eq!(empty, [("a:b/none", None), ("left", Some("a:b/none"))]);
        assert_eq!(made.exports.len(), 1);
    }

    #[test]
    fn exported_functions_have_no_name_of_a_library() {
        let (made, text) = made("package a:b; world w { import exp: func(); export exp: func(); }", "exp()");
        assert!(
            text.contains("import exp: func();") && text.contains("export witgen-exp: func();"),
            "{text}"
        );
        let [item] = made.exports.as_slice() else { panic!("{:?}", made.exports) };
        assert_eq!((&*item.key, &*item.tool_key), ("exp", "witgen-exp"));
    }

    #[test]
    fn words_are_those_that_a_program_uses() {
        let mut found = BTreeSet::new();
        words("class A:\n    def echo(self): return other.call_(x)", &mut found);
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["call", "class", "def", "other", "return", "self", "x"]
        );
    }
}
