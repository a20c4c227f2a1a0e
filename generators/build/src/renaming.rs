//! Gives a component's imports and exports the names of WIT again, and takes out the exports that tools add.
//!
//! A component's items are numbered, and an export numbers what it exports anew.
//! So that no later number changes, the export of a function gives way to a second definition of the same function, and
//! that of an instance to an empty one, which nobody can reach.

use std::collections::BTreeSet;
use std::ops::Range;

use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentTypeRef, Parser, Payload,
};
use witgen_diag::{Diagnostic, Id};

use crate::stand_ins::Item;

/// The magic number and version of a component.
const HEADER: usize = 8;
/// The id of a section that is a component.
const COMPONENT_SECTION: u8 = 4;
/// The id of a section with instances.
const INSTANCE_SECTION: u8 = 5;
/// An instance made of exports, of which it has none.
const EMPTY_INSTANCE: [u8; 2] = [1, 0];
/// What says of an export that it is an instance, and that its type is not written down.
const INSTANCE_SORT: u8 = 5;
const NO_TYPE: u8 = 0;
/// The id of a section with types, among them those of instances.
const TYPE_SECTION: u8 = 7;
/// The id of a section with canonical functions.
const CANONICAL_SECTION: u8 = 8;
/// The forms of a name, and the option that names the interface behind a plain name.
const PLAIN_NAME: u8 = 0;
const NAME_WITH_OPTIONS: u8 = 2;
const IMPLEMENTS: u8 = 0;
/// The id of a section with imports.
const IMPORT_SECTION: u8 = 10;
/// The id of a section with aliases.
const ALIAS_SECTION: u8 = 6;
/// The id of a section with exports.
const EXPORT_SECTION: u8 = 11;

/// What changes in a component.
pub(crate) struct Changes<'a> {
    /// The functions and plainly named instances that it no longer exports.
    pub(crate) removed: &'a [&'a str],
    /// Interfaces without items that it exports, too.
    pub(crate) added: &'a [Item],
    pub(crate) imports: &'a [Item],
    pub(crate) exports: &'a [Item],
    /// Functions of imported interfaces: what the tool calls them, and what WIT does.
    /// No other function has such a name.
    pub(crate) functions: &'a [(String, String)],
}

/// `component` with other names for its imports and exports, and without those to remove.
pub(crate) fn changed(component: &[u8], changes: &Changes<'_>) -> witgen_diag::Result<Vec<u8>> {
    let renamed = match changes.functions {
        [] => Ok(component.to_vec()),
        functions => with_functions(component, functions).ok_or_else(|| "a section ends too soon".to_owned()),
    };
    renamed.and_then(|component| Rewriter::new(&component, changes).run()).map_err(|reason| {
        Diagnostic::error(Id::Internal, "the imports and exports of a component cannot be renamed")
            .note(reason)
            .into()
    })
}

/// `component` with other names for functions of the instances that it and the components inside of it import.
fn with_functions(component: &[u8], functions: &[(String, String)]) -> Option<Vec<u8>> {
    let (header, mut rest) = component.split_at_checked(HEADER)?;
    let mut out = header.to_vec();
    while let Some((id, behind)) = rest.split_first() {
        let (length, behind) = number(behind)?;
        let (data, behind) = behind.split_at_checked(length)?;
        let changed = match *id {
            COMPONENT_SECTION => with_functions(data, functions)?,
            TYPE_SECTION | ALIAS_SECTION => functions
                .iter()
                .fold(data.to_vec(), |data, (from, to)| replaced(&data, &string(from), &string(to))),
            _ => data.to_vec(),
        };
        out.push(*id);
        leb128(&mut out, changed.len());
        out.extend(changed);
        rest = behind;
    }
    Some(out)
}

/// `bytes` with `to` in each place of `from`.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, others)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(from) {
            out.extend(to);
            rest = behind;
        } else {
            out.push(*first);
            rest = others;
        }
    }
    out
}

/// Reads an unsigned number.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

struct Rewriter<'a> {
    component: &'a [u8],
    changes: &'a Changes<'a>,
    out: Vec<u8>,
    /// The names of all imports before they change.
    taken: BTreeSet<String>,
    /// How each function of the component itself is defined: the section and the bytes.
    functions: Vec<Option<(u8, Range<u64>)>>,
    /// How many instances the component itself has so far.
    instances: usize,
}

impl<'a> Rewriter<'a> {
    fn new(component: &'a [u8], changes: &'a Changes<'a>) -> Self {
        Self {
            component,
            changes,
            out: Vec::with_capacity(component.len()),
            taken: BTreeSet::new(),
            functions: Vec::new(),
            instances: 0,
        }
    }

    fn run(mut self) -> Result<Vec<u8>, String> {
        let text = |reason: wasmparser::BinaryReaderError| reason.to_string();
        self.taken = imported(self.component).map_err(text)?;
        let mut depth = 0usize;
        for payload in Parser::new(0).parse_all(self.component) {
            let payload = payload.map_err(text)?;
            let inside = depth > 0;
            match &payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::Version { range, .. } if !inside => self.out.extend(self.bytes(range)),
                _ => {}
            }
            if inside {
                continue;
            }
            if let Payload::ComponentExportSection(section) = payload {
                self.exports(section).map_err(text)??;
                continue;
            }
            if let Payload::ComponentImportSection(section) = payload {
                self.imports(section).map_err(text)?;
                continue;
            }
            if let Some((id, range)) = payload.as_section() {
                let bytes = self.bytes(&range);
                self.section(id, bytes);
            }
            self.count(payload).map_err(text)?;
        }
        for item in self.changes.added {
            self.items(INSTANCE_SECTION, &[EMPTY_INSTANCE.to_vec()]);
            let mut export = encoded(&item.key, item.implements.as_deref());
            export.push(INSTANCE_SORT);
            leb128(&mut export, self.instances);
            export.push(NO_TYPE);
            self.items(EXPORT_SECTION, &[export]);
            self.instances += 2;
        }
        Ok(self.out)
    }

    /// Numbers the functions and counts the instances that a section defines.
    fn count(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::ComponentCanonicalSection(section) => {
                let end = section.range().end;
                let items: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
                for (range, function) in ranges(&items, end) {
                    if matches!(function, CanonicalFunction::Lift { .. }) {
                        self.functions.push(Some((CANONICAL_SECTION, range)));
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                let end = section.range().end;
                let items: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
                for (range, alias) in ranges(&items, end) {
                    let ComponentAlias::InstanceExport { kind, .. } = alias else { continue };
                    match kind {
                        ComponentExternalKind::Func => self.functions.push(Some((ALIAS_SECTION, range))),
                        ComponentExternalKind::Instance => self.instances += 1,
                        _ => {}
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => self.instances += section.count() as usize,
            _ => {}
        }
        Ok(())
    }

    /// Copies imports under their new names.
    fn imports(&mut self, section: wasmparser::ComponentImportSectionReader<'a>) -> wasmparser::Result<()> {
        let end = section.range().end;
        let items: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
        let mut out = Vec::new();
        for (range, import) in ranges(&items, end) {
            out.push(self.renamed(&range, import.name.name, self.changes.imports));
            match import.ty {
                ComponentTypeRef::Func(_) => self.functions.push(None),
                ComponentTypeRef::Instance(_) => self.instances += 1,
                _ => {}
            }
        }
        self.items(IMPORT_SECTION, &out);
        Ok(())
    }

    /// Copies exports under their new names, but for those to remove.
    fn exports(
        &mut self,
        section: wasmparser::ComponentExportSectionReader<'a>,
    ) -> wasmparser::Result<Result<(), String>> {
        let end = section.range().end;
        let items: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
        let mut pending: Vec<Vec<u8>> = Vec::new();
        for (range, export) in ranges(&items, end) {
            let is_removed = self.changes.removed.contains(&export.name.name);
            let kind = export.kind;
            if is_removed && matches!(kind, ComponentExternalKind::Func | ComponentExternalKind::Instance) {
                let Some((section, definition)) = self.stand_in(kind, export.index) else {
                    return Ok(Err("the component does not define it".to_owned()));
                };
                self.items(EXPORT_SECTION, &std::mem::take(&mut pending));
                self.items(section, &[definition]);
            } else {
                pending.push(self.renamed(&range, export.name.name, self.changes.exports));
            }
            match kind {
                ComponentExternalKind::Func => self.functions.push(None),
                ComponentExternalKind::Instance => self.instances += 1,
                _ => {}
            }
        }
        self.items(EXPORT_SECTION, &pending);
        Ok(Ok(()))
    }

    /// What takes the number of an export that is removed: a section and its item.
    fn stand_in(&self, kind: ComponentExternalKind, index: u32) -> Option<(u8, Vec<u8>)> {
        if kind == ComponentExternalKind::Instance {
            return Some((INSTANCE_SECTION, EMPTY_INSTANCE.to_vec()));
        }
        let (section, definition) = self.functions.get(index as usize)?.as_ref()?;
        Some((*section, self.bytes(definition).to_vec()))
    }

    /// An import or export with its new name.
    fn renamed(&self, range: &Range<u64>, from: &str, items: &[Item]) -> Vec<u8> {
        let bytes = self.bytes(range);
        match items.iter().find(|item| item.tool_key == from && item.is_changed()) {
            Some(item) => {
                let name = free_name(&item.key, &self.taken);
                with_name(bytes, from, &name, item.implements.as_deref())
            }
            None => bytes.to_vec(),
        }
    }

    /// Writes a section of items; nothing when there are none.
    fn items(&mut self, id: u8, items: &[Vec<u8>]) {
        if items.is_empty() {
            return;
        }
        let mut data = Vec::new();
        leb128(&mut data, items.len());
        for item in items {
            data.extend(item);
        }
        self.section(id, &data);
    }

    fn bytes(&self, range: &Range<u64>) -> &'a [u8] {
        self.component.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    fn section(&mut self, id: u8, data: &[u8]) {
        self.out.push(id);
        leb128(&mut self.out, data.len());
        self.out.extend(data);
    }
}

/// The names of what the component imports.
fn imported(component: &[u8]) -> wasmparser::Result<BTreeSet<String>> {
    let (mut names, mut depth) = (BTreeSet::new(), 0usize);
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.insert(import?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// An import or export that is called `from`, with another name. It starts with a byte for the form of the name, its
/// length, and the name.
fn with_name(bytes: &[u8], from: &str, name: &str, implements: Option<&str>) -> Vec<u8> {
    let mut length = Vec::new();
    leb128(&mut length, from.len());
    let mut out = encoded(name, implements);
    out.extend(bytes.get(1 + length.len() + from.len()..).unwrap_or_default());
    out
}

/// The name of an import or export.
fn encoded(name: &str, implements: Option<&str>) -> Vec<u8> {
    let mut out = vec![if implements.is_some() { NAME_WITH_OPTIONS } else { PLAIN_NAME }];
    out.extend(string(name));
    if let Some(implements) = implements {
        out.extend([1, IMPLEMENTS]);
        out.extend(string(implements));
    }
    out
}

/// The name of a version that is compatible and not `taken`: what the engine imports itself has the name already.
fn free_name(name: &str, taken: &BTreeSet<String>) -> String {
    let patch = name.rsplit_once('.').and_then(|(start, patch)| Some((start, patch.parse::<u64>().ok()?)));
    let Some((start, patch)) = patch.filter(|_| taken.contains(name)) else { return name.to_owned() };
    let others = (0..patch).rev().map(|patch| format!("{start}.{patch}"));
    others.into_iter().find(|name| !taken.contains(name)).unwrap_or_else(|| name.to_owned())
}

fn string(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    leb128(&mut out, text.len());
    out.extend(text.as_bytes());
    out
}

/// The bytes of each item: up to the next one, or to `end`.
fn ranges<T>(items: &[(u64, T)], end: u64) -> impl Iterator<Item = (Range<u64>, &T)> {
    let ends = items.iter().skip(1).map(|(start, _)| *start).chain([end]);
    items.iter().zip(ends).map(|((start, item), end)| (*start..end, item))
}

/// Writes an unsigned number.
pub(crate) fn leb128(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component that exports functions `a`, `init` and `b`, the last as a function of an instance too.
    fn component() -> Vec<u8> {
        let text = r#"
            package t:t;
            interface i { g: func() -> u32; }
            world w { export a: func(); export init: func(); export b: func() -> string; export i; }
        "#;
        let mut resolve = wit_parser::Resolve::default();
        let package = resolve.push_str("t.wit", text).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        let mangling = wit_parser::ManglingAndAbi::Standard32;
        let mut module = wit_component::dummy_module(&resolve, world, mangling);
        let encoding = wit_component::StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut module, &resolve, world, encoding, false).unwrap();
        let mut encoder = wit_component::ComponentEncoder::default();
        encoder.module(&module).unwrap().encode().unwrap()
    }

    fn rewritten(component: &[u8], removed: &str, items: &[Item]) -> witgen_diag::Result<Vec<u8>> {
        let changes =
            Changes { removed: &[removed], added: &[], imports: &[], exports: items, functions: &[] };
        changed(component, &changes)
    }

    fn heir(tool_key: &str, key: &str) -> Item {
        Item { key: key.to_owned(), tool_key: tool_key.to_owned(), implements: None, is_visible: true }
    }

    fn exports(component: &[u8]) -> Vec<String> {
        wasmparser::Validator::new().validate_all(component).unwrap();
        let decoded = wit_component::decode(component).unwrap();
        let (resolve, world) = match &decoded {
            wit_component::DecodedWasm::Component(resolve, world) => (resolve, *world),
            wit_component::DecodedWasm::WitPackage(..) => unreachable!(),
        };
        let mut names: Vec<String> =
            resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key)).collect();
        names.sort();
        names
    }

    #[test]
    fn the_other_exports_stay_and_the_component_is_valid() {
        let before = component();
        assert_eq!(exports(&before), ["a", "b", "init", "t:t/i"]);
        assert_eq!(exports(&rewritten(&before, "init", &[]).unwrap()), ["a", "b", "t:t/i"]);
        assert_eq!(exports(&rewritten(&before, "b", &[]).unwrap()), ["a", "init", "t:t/i"]);
    }

    #[test]
    fn another_export_takes_over_the_name() {
        let before = component();
        let items = [heir("b", "init"), heir("t:t/i", "t:t/j@1.0.0")];
        assert_eq!(exports(&rewritten(&before, "init", &items).unwrap()), ["a", "init", "t:t/j@1.0.0"]);
        assert_eq!(exports(&rewritten(&before, "a", &[heir("init", "a")]).unwrap()), ["a", "b", "t:t/i"]);
    }

    #[test]
    fn instances_come_and_go() {
        let before = component();
        assert_eq!(exports(&rewritten(&before, "t:t/i", &[]).unwrap()), ["a", "b", "init"]);
        let added = ["t:t/j", "k"].map(|name| heir(name, name));
        let changes =
            Changes { removed: &["t:t/i"], added: &added, imports: &[], exports: &[], functions: &[] };
        let after = changed(&before, &changes).unwrap();
        assert_eq!(exports(&after), ["a", "b", "init", "k", "t:t/j"]);
    }

    #[test]
    fn a_plain_name_says_what_it_implements() {
        let bytes = [&[0, 1, b'i'][..], &[5, 0, 0]].concat();
        let expected = [&[2, 4][..], b"left", &[1, 0, 5], b"t:t/i", &[5, 0, 0]].concat();
        assert_eq!(with_name(&bytes, "i", "left", Some("t:t/i")), expected);
    }

    #[test]
    fn a_name_that_is_taken_gives_way_to_an_older_patch() {
        let taken = ["a:b/c@0.2.12", "a:b/c@0.2.11"].map(str::to_owned).into();
        assert_eq!(free_name("a:b/c@0.2.12", &taken), "a:b/c@0.2.10");
        assert_eq!(free_name("a:b/d@0.2.12", &taken), "a:b/d@0.2.12");
    }

    #[test]
    fn a_component_without_it_keeps_its_bytes() {
        let before = component();
        assert_eq!(rewritten(&before, "missing", &[]).unwrap(), before);
    }

    #[test]
    fn functions_of_imports_get_their_names_back_at_every_depth() {
        let import = r#"(import "i" (instance $i (export "stand-in" (func)) (export "other" (func))))"#;
        let inner = format!(
            r#"(component $c {import} (alias export $i "stand-in" (func $f)) (core func (canon lower (func $f))))"#
        );
        let outer =
            format!(r#"(component {import} {inner} (instance (instantiate $c (with "i" (instance $i)))))"#);
        let functions = [("stand-in".to_owned(), "f".to_owned())];
        let changes = Changes { removed: &[], added: &[], imports: &[], exports: &[], functions: &functions };
        let after = changed(&wat::parse_str(&outer).unwrap(), &changes).unwrap();
        wasmparser::Validator::new().validate_all(&after).unwrap();
        assert_eq!(after, wat::parse_str(outer.replace("stand-in", "f")).unwrap());
    }

    #[test]
    fn broken_bytes_are_an_error() {
        let before = component();
        assert!(rewritten(&before[..before.len() - 1], "init", &[]).is_err());
    }
}
