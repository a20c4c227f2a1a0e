//! Takes an export out of a component, and gives its name to another one.
//!
//! A component's items are numbered, and the export of a function numbers it anew.
//! So that no later number changes, the export gives way to a second definition of the same function, which nobody can
//! reach.

use std::ops::Range;

use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentTypeRef, Parser, Payload,
};
use witgen_diag::{Diagnostic, Id};

/// The id of a section with canonical functions.
const CANONICAL_SECTION: u8 = 8;
/// The id of a section with aliases.
const ALIAS_SECTION: u8 = 6;
/// The id of a section with exports.
const EXPORT_SECTION: u8 = 11;

/// `component` without the function that it exports as `name`, and with the one that it exports as `heir`, if there
/// is one, under that name.
pub(super) fn replaced(component: &[u8], name: &str, heir: &str) -> witgen_diag::Result<Vec<u8>> {
    Rewriter::new(component, name, heir).run().map_err(|reason| {
        Diagnostic::error(Id::Internal, format!("the export `{name}` of a component cannot be removed"))
            .note(reason)
            .into()
    })
}

struct Rewriter<'a> {
    component: &'a [u8],
    name: &'a str,
    heir: &'a str,
    out: Vec<u8>,
    /// How each function of the component itself is defined: the section and the bytes.
    functions: Vec<Option<(u8, Range<u64>)>>,
}

impl<'a> Rewriter<'a> {
    fn new(component: &'a [u8], name: &'a str, heir: &'a str) -> Self {
        Self { component, name, heir, out: Vec::with_capacity(component.len()), functions: Vec::new() }
    }

    fn run(mut self) -> Result<Vec<u8>, String> {
        let text = |reason: wasmparser::BinaryReaderError| reason.to_string();
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
            if let Some((id, range)) = payload.as_section() {
                let bytes = self.bytes(&range);
                self.section(id, bytes);
            }
            self.count(payload).map_err(text)?;
        }
        Ok(self.out)
    }

    /// Numbers the functions that a section defines.
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
            Payload::ComponentImportSection(section) => {
                for import in section {
                    if matches!(import?.ty, ComponentTypeRef::Func(_)) {
                        self.functions.push(None);
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                let end = section.range().end;
                let items: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
                for (range, alias) in ranges(&items, end) {
                    let kind = ComponentExternalKind::Func;
                    if matches!(alias, ComponentAlias::InstanceExport { kind: found, .. } if *found == kind) {
                        self.functions.push(Some((ALIAS_SECTION, range)));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Copies exports, but for the one to remove.
    fn exports(
        &mut self,
        section: wasmparser::ComponentExportSectionReader<'a>,
    ) -> wasmparser::Result<Result<(), String>> {
        let end = section.range().end;
        let items: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
        let mut pending: Vec<Vec<u8>> = Vec::new();
        for (range, export) in ranges(&items, end) {
            let is_function = export.kind == ComponentExternalKind::Func;
            if is_function && export.name.name == self.name {
                let definition = self.functions.get(export.index as usize).cloned().flatten();
                let Some((section, definition)) = definition else {
                    return Ok(Err("the component does not define it".to_owned()));
                };
                self.items(EXPORT_SECTION, &std::mem::take(&mut pending));
                let definition = self.bytes(&definition).to_vec();
                self.items(section, &[definition]);
            } else {
                let bytes = self.bytes(&range);
                let is_heir = is_function && export.name.name == self.heir;
                pending.push(if is_heir { renamed(bytes, self.heir, self.name) } else { bytes.to_vec() });
            }
            if is_function {
                self.functions.push(None);
            }
        }
        self.items(EXPORT_SECTION, &pending);
        Ok(Ok(()))
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

/// An export with another name. It starts with a byte for the form of the name, its length, and the name.
fn renamed(export: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut length = Vec::new();
    leb128(&mut length, from.len());
    let mut bytes = export.get(..1).unwrap_or_default().to_vec();
    leb128(&mut bytes, to.len());
    bytes.extend(to.as_bytes());
    bytes.extend(export.get(1 + length.len() + from.len()..).unwrap_or_default());
    bytes
}

/// The bytes of each item: up to the next one, or to `end`.
fn ranges<T>(items: &[(u64, T)], end: u64) -> impl Iterator<Item = (Range<u64>, &T)> {
    let ends = items.iter().skip(1).map(|(start, _)| *start).chain([end]);
    items.iter().zip(ends).map(|((start, item), end)| (*start..end, item))
}

/// Writes an unsigned number.
pub(super) fn leb128(out: &mut Vec<u8>, mut value: usize) {
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
        assert_eq!(exports(&replaced(&before, "init", "-").unwrap()), ["a", "b", "t:t/i"]);
        assert_eq!(exports(&replaced(&before, "b", "-").unwrap()), ["a", "init", "t:t/i"]);
    }

    #[test]
    fn another_export_takes_over_the_name() {
        let before = component();
        assert_eq!(exports(&replaced(&before, "init", "b").unwrap()), ["a", "init", "t:t/i"]);
        assert_eq!(exports(&replaced(&before, "a", "init").unwrap()), ["a", "b", "t:t/i"]);
    }

    #[test]
    fn a_component_without_it_keeps_its_bytes() {
        let before = component();
        assert_eq!(exports(&replaced(&before, "missing", "-").unwrap()), exports(&before));
        assert_eq!(replaced(&before, "missing", "-").unwrap().len(), before.len());
    }

    #[test]
    fn broken_bytes_are_an_error() {
        let before = component();
        assert!(replaced(&before[..before.len() - 1], "init", "-").is_err());
    }
}
