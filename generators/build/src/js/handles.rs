//! Repairs how the engine's runtime takes handles that come in as parameters.
//!
//! The runtime keeps the objects of exported resources in a table, by their reps, and looks an own handle that comes
//! in as a parameter up by the number of the handle: it finds another object, or none and panics.
//! Borrows arrive as reps and are looked up right.
//! So `wit_dylib_push_own` gives way to a function that asks for the rep, passes the object on as a borrow does, and
//! then drops the handle, upon which the destructor empties the object's place in the table.
//!
//! A borrow of an imported resource has to be dropped before the call returns; the runtime drops it afterwards, which
//! traps.
//! So `wit_dylib_push_borrow` gives way to a function that passes such a borrow on as an own handle: then the runtime
//! leaves it alone, and the bindings drop it in time.

use wasmparser::{CompositeInnerType, FuncType, Operator, Parser, Payload, TypeRef, ValType};
use witgen_diag::{Diagnostic, Id};

const OWN: &str = "wit_dylib_push_own";
const BORROW: &str = "wit_dylib_push_borrow";

/// How the tables lie in memory by which a component describes its types to the runtime; all in bytes.
mod layout {
    /// From the start to the pointer to the resources.
    pub(super) const RESOURCES: u32 = 24;
    /// One resource.
    pub(super) const RESOURCE: i32 = 20;
    /// From the start of a resource to its functions, as places in the function table; 0 where it has none.
    pub(super) const DROP: u32 = 8;
    pub(super) const REP: u32 = 16;
}

/// The runtime with the repair.
pub(super) fn repaired(runtime: &[u8]) -> witgen_diag::Result<Vec<u8>> {
    let repair = Facts::of(runtime).and_then(|facts| facts.repair(runtime));
    repair.map_err(|reason| {
        Diagnostic::error(Id::ToolFailed, "the QuickJS runtime is not the one that witgen knows")
            .note(reason)
            .help("install the pinned one with `cargo xtask setup`")
            .into()
    })
}

/// What the new function refers to.
#[derive(Debug, Default)]
struct Facts {
    types: Vec<Option<FuncType>>,
    /// The type of each function.
    functions: Vec<u32>,
    imported: usize,
    own: Option<u32>,
    borrow: Option<u32>,
    /// The base of the memory and the distance from there to the pointer to the tables.
    tables: Option<(u32, i32)>,
}

impl Facts {
    fn of(runtime: &[u8]) -> Result<Self, String> {
        let mut facts = Self::default();
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(runtime) {
            facts.read(payload.map_err(text)?, &mut bodies).map_err(text)?;
        }
        let borrow = facts.borrow.ok_or_else(|| format!("it has no `{BORROW}`"))?;
        let body = (borrow as usize).checked_sub(facts.imported).and_then(|index| bodies.get(index));
        let operators: Vec<Operator<'_>> = match body {
            Some(body) => body.get_operators_reader().and_then(|ops| ops.into_iter().collect()),
            None => return Err(format!("it imports `{BORROW}`")),
        }
        .map_err(text)?;
        facts.tables = operators.windows(4).find_map(|window| match window {
            [
                Operator::GlobalGet { global_index },
                Operator::I32Const { value },
                Operator::I32Add,
                Operator::I32Load { .. },
            ] => Some((*global_index, *value)),
            _ => None,
        });
        let is_sized = operators.windows(2).any(|window| {
            matches!(window, [Operator::I32Const { value: layout::RESOURCE }, Operator::I32Mul])
        });
        if is_sized { Ok(facts) } else { Err("its resources have another size".to_owned()) }
    }

    fn read<'a>(
        &mut self,
        payload: Payload<'a>,
        bodies: &mut Vec<wasmparser::FunctionBody<'a>>,
    ) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(func) => Some(func),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import?.ty {
                        self.functions.push(ty);
                        self.imported += 1;
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    match export.name {
                        OWN => self.own = Some(export.index),
                        BORROW => self.borrow = Some(export.index),
                        _ => {}
                    }
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    fn ty(&self, params: &[ValType], results: &[ValType]) -> Result<u32, String> {
        let is_it = |ty: &Option<FuncType>| {
            ty.as_ref().is_some_and(|ty| ty.params() == params && ty.results() == results)
        };
        let found = self.types.iter().position(is_it).and_then(|index| u32::try_from(index).ok());
        found.ok_or_else(|| format!("it has no function from {params:?} to {results:?}"))
    }

    /// Adds the new functions behind all others, so that none gets another number, and exports them in place of the
    /// old ones.
    fn repair(&self, runtime: &[u8]) -> Result<Vec<u8>, String> {
        let own = self.own.ok_or_else(|| format!("it has no `{OWN}`"))?;
        let borrow = self.borrow.ok_or_else(|| format!("it has no `{BORROW}`"))?;
        let ty = |index: u32| self.functions.get(index as usize).ok_or("its exports are broken");
        let types = [unsigned(*ty(own)? as usize), unsigned(*ty(borrow)? as usize)];
        let bodies = [self.own_body(own, borrow)?, self.borrow_body(own, borrow)?];
        let mut out = Vec::with_capacity(runtime.len() + 256);
        for payload in Parser::new(0).parse_all(runtime) {
            let payload = payload.map_err(text)?;
            if let Payload::Version { range, .. } = &payload {
                out.extend(bytes(runtime, range));
            }
            let Some((id, range)) = payload.as_section() else { continue };
            let old = bytes(runtime, &range);
            let new = match payload {
                Payload::FunctionSection(_) => appended(old, &types),
                Payload::CodeSectionStart { .. } => appended(old, &bodies),
                Payload::ExportSection(section) => self.exports(section).map_err(text)?,
                _ => old.to_vec(),
            };
            out.push(id);
            out.extend(unsigned(new.len()));
            out.extend(new);
        }
        Ok(out)
    }

    fn exports(&self, section: wasmparser::ExportSectionReader<'_>) -> wasmparser::Result<Vec<u8>> {
        let mut out = unsigned(section.count() as usize);
        for export in section {
            let export = export?;
            let index = match export.name {
                OWN => self.functions.len(),
                BORROW => self.functions.len() + 1,
                _ => export.index as usize,
            };
            out.extend(unsigned(export.name.len()));
            out.extend(export.name.as_bytes());
            out.push(match export.kind {
                wasmparser::ExternalKind::Func | wasmparser::ExternalKind::FuncExact => 0,
                wasmparser::ExternalKind::Table => 1,
                wasmparser::ExternalKind::Memory => 2,
                wasmparser::ExternalKind::Global => 3,
                wasmparser::ExternalKind::Tag => 4,
            });
            out.extend(unsigned(index));
        }
        Ok(out)
    }

    /// Leaves the `rep` of the resource on the stack and in local 4, and the place of its description in local 3.
    fn rep(&self, code: &mut Vec<u8>) -> Result<(), String> {
        let (base, distance) = self.tables.ok_or("it keeps its tables elsewhere")?;
        code.push(op::GLOBAL_GET);
        code.extend(unsigned(base as usize));
        code.push(op::I32_CONST);
        code.extend(signed(distance));
        code.push(op::I32_ADD);
        load(code, 0);
        load(code, layout::RESOURCES);
        code.extend([op::LOCAL_GET, 1, op::I32_CONST]);
        code.extend(signed(layout::RESOURCE));
        code.extend([op::I32_MUL, op::I32_ADD, op::LOCAL_TEE, 3]);
        load(code, layout::REP);
        code.extend([op::LOCAL_TEE, 4]);
        Ok(())
    }

    /// `(context, resource, handle)`: locals 0 to 2.
    fn own_body(&self, own: u32, borrow: u32) -> Result<Vec<u8>, String> {
        let rep = self.ty(&[ValType::I32], &[ValType::I32])?;
        let drop = self.ty(&[ValType::I32], &[])?;
        let mut code = LOCALS.to_vec();
        self.rep(&mut code)?;
        code.extend([op::I32_EQZ, op::IF, op::NO_RESULT]);
        code.extend([op::LOCAL_GET, 0, op::LOCAL_GET, 1, op::LOCAL_GET, 2, op::CALL]);
        code.extend(unsigned(own as usize));
        code.extend([op::RETURN, op::END]);
        code.extend([op::LOCAL_GET, 0, op::LOCAL_GET, 1, op::LOCAL_GET, 2, op::LOCAL_GET, 4]);
        code.push(op::CALL_INDIRECT);
        code.extend(unsigned(rep as usize));
        code.extend([0, op::CALL]);
        code.extend(unsigned(borrow as usize));
        code.extend([op::LOCAL_GET, 2, op::LOCAL_GET, 3]);
        load(&mut code, layout::DROP);
        code.push(op::CALL_INDIRECT);
        code.extend(unsigned(drop as usize));
        code.extend([0, op::END]);
        Ok(sized(code))
    }

    /// `(context, resource, handle)`: locals 0 to 2.
    fn borrow_body(&self, own: u32, borrow: u32) -> Result<Vec<u8>, String> {
        let mut code = LOCALS.to_vec();
        self.rep(&mut code)?;
        code.extend([op::IF, op::NO_RESULT]);
        code.extend([op::LOCAL_GET, 0, op::LOCAL_GET, 1, op::LOCAL_GET, 2, op::CALL]);
        code.extend(unsigned(borrow as usize));
        code.push(op::ELSE);
        code.extend([op::LOCAL_GET, 0, op::LOCAL_GET, 1, op::LOCAL_GET, 2, op::CALL]);
        code.extend(unsigned(own as usize));
        code.extend([op::END, op::END]);
        Ok(sized(code))
    }
}

/// Two locals of type `i32`, which follow the parameters.
const LOCALS: [u8; 3] = [1, 2, 0x7f];

/// A function's body behind its size.
fn sized(code: Vec<u8>) -> Vec<u8> {
    let mut body = unsigned(code.len());
    body.extend(code);
    body
}

/// Opcodes of the core specification, section 5.4.
mod op {
    pub(super) const IF: u8 = 0x04;
    pub(super) const ELSE: u8 = 0x05;
    pub(super) const NO_RESULT: u8 = 0x40;
    pub(super) const END: u8 = 0x0b;
    pub(super) const RETURN: u8 = 0x0f;
    pub(super) const CALL: u8 = 0x10;
    pub(super) const CALL_INDIRECT: u8 = 0x11;
    pub(super) const LOCAL_GET: u8 = 0x20;
    pub(super) const LOCAL_TEE: u8 = 0x22;
    pub(super) const GLOBAL_GET: u8 = 0x23;
    pub(super) const I32_LOAD: u8 = 0x28;
    pub(super) const I32_CONST: u8 = 0x41;
    pub(super) const I32_EQZ: u8 = 0x45;
    pub(super) const I32_ADD: u8 = 0x6a;
    pub(super) const I32_MUL: u8 = 0x6c;
}

/// `i32.load`, aligned.
fn load(code: &mut Vec<u8>, offset: u32) {
    code.extend([op::I32_LOAD, 2]);
    code.extend(unsigned(offset as usize));
}

/// A section with two more items.
fn appended(section: &[u8], items: &[Vec<u8>; 2]) -> Vec<u8> {
    let (mut count, mut length) = (0usize, 0);
    for byte in section {
        count |= usize::from(byte & 0x7f) << (7 * length);
        length += 1;
        if byte & 0x80 == 0 || length == 5 {
            break;
        }
    }
    let mut out = unsigned(count + items.len());
    out.extend(section.get(length..).unwrap_or_default());
    out.extend(items.concat());
    out
}

fn bytes<'a>(module: &'a [u8], range: &std::ops::Range<u64>) -> &'a [u8] {
    module.get(range.start as usize..range.end as usize).unwrap_or_default()
}

fn unsigned(value: usize) -> Vec<u8> {
    let mut out = Vec::new();
    crate::renaming::leb128(&mut out, value);
    out
}

fn signed(mut value: i32) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0) {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

fn text(reason: wasmparser::BinaryReaderError) -> String {
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_encoded_as_the_specification_says() {
        assert_eq!(signed(20), [20]);
        assert_eq!(signed(64), [0xc0, 0]);
        assert_eq!(signed(-1), [0x7f]);
        assert_eq!(signed(144_380), [0xfc, 0xe7, 0x08]);
    }

    #[test]
    fn a_section_gets_two_more_items() {
        assert_eq!(appended(&[2, 7, 8], &[vec![9], vec![10]]), [4, 7, 8, 9, 10]);
        assert_eq!(appended(&[0x7e, 1], &[vec![2], vec![3]])[..2], [0x80, 1]);
    }

    #[test]
    fn another_runtime_is_refused() {
        assert_eq!(repaired(b"\0asm\x01\0\0\0").unwrap_err()[0].id, Id::ToolFailed);
        assert!(repaired(b"nothing").is_err());
    }

    #[test]
    fn the_pinned_runtime_stays_valid() {
        let set =
            |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(std::path::PathBuf::from);
        let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
        let tools = set("WITGEN_TOOLS_DIR").or_else(|| cache.map(|cache| cache.join("witgen/tools")));
        let found = tools.and_then(|tools| std::fs::read(tools.join("qjs/runtime-sync.wasm")).ok());
        let Some(runtime) = found else {
            assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "qjs-runtime not found");
            return;
        };
        let repaired = repaired(&runtime).unwrap();
        wasmparser::Validator::new().validate_all(&repaired).unwrap();
        assert_ne!(Facts::of(&runtime).unwrap().own, Facts::of(&repaired).unwrap().own);
    }
}
