//! Lets the run time of componentize-py notice that somebody dropped a resource which the application implements.
//!
//! To the run time, the rep of such a resource is the address of a Python object, on which it holds a reference.
//! It never gives that reference back: its `wit_dylib_resource_dtor` does nothing, and its `wit_dylib_push_own`, which
//! takes an own handle that came home, leaves the handle in the component's table.
//! Two functions are added to the module that has them and exported in their place.
//! The first releases the reference; the second does what the old one did and drops the handle, so that the first
//! is called.

use wasm_encoder::{Encode, Function, Instruction, MemArg, ValType};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Operator, Parser, Payload, TypeRef};
use witgen_diag::{Diagnostic, Id};

const DTOR: &str = "wit_dylib_resource_dtor";
const OWN: &str = "wit_dylib_push_own";

/// A part of the name of the global with the address of the tables by which a component describes its types.
const TABLES: &str = "wit_dylib_ffi5WIT_T";

/// How those tables lie in memory; all in bytes.
mod layout {
    /// From the start to the pointer to the resources.
    pub(super) const RESOURCES: u64 = 24;
    /// One resource.
    pub(super) const RESOURCE: i32 = 20;
    /// From the start of a resource to its functions, as places in the function table; 0 where it has none.
    pub(super) const DROP: u64 = 8;
    pub(super) const REP: u64 = 16;
}

/// The component with the repair.
pub(super) fn repaired(component: &[u8]) -> witgen_diag::Result<Vec<u8>> {
    repair(component).map_err(|reason| {
        Diagnostic::error(Id::ToolFailed, "the run time of componentize-py is not the one that witgen knows")
            .note(reason)
            .help("install the pinned componentize-py with `cargo xtask setup`")
            .into()
    })
}

fn repair(component: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = component.get(..8).ok_or("it is no component")?.to_vec();
    let mut depth = 0;
    let mut is_found = false;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.map_err(text)?;
        if let (0, Some((id, range))) = (depth, payload.as_section()) {
            let section = bytes(component, &range);
            let repaired = match &payload {
                Payload::ModuleSection { .. } => Facts::of(section)?.map(|facts| facts.repair(section)),
                _ => None,
            };
            is_found |= repaired.is_some();
            let section = repaired.transpose()?.map_or_else(|| section.into(), std::borrow::Cow::Owned);
            out.push(id);
            section.encode(&mut out);
        }
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    if is_found { Ok(out) } else { Err(format!("no module has `{DTOR}`")) }
}

/// What the new functions refer to in the module of the run time.
#[derive(Debug, Default)]
struct Facts {
    types: Vec<Option<FuncType>>,
    /// The type of each function.
    functions: Vec<u32>,
    /// How many of them are imported.
    imported: usize,
    globals: u32,
    dtor: u32,
    own: u32,
    tables: Option<u32>,
    release: Option<u32>,
    attach: Option<u32>,
    detach: Option<u32>,
}

impl Facts {
    /// What `module` has, if it is the run time.
    fn of(module: &[u8]) -> Result<Option<Self>, String> {
        let mut facts = Self::default();
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            facts.read(payload.map_err(text)?, &mut bodies).map_err(text)?;
        }
        if facts.dtor == 0 {
            return Ok(None);
        }
        let body = (facts.own as usize).checked_sub(facts.imported).and_then(|index| bodies.get(index));
        let operators: Vec<Operator<'_>> = match body {
            Some(body) => body.get_operators_reader().and_then(|ops| ops.into_iter().collect()),
            None => return Err(format!("it has no `{OWN}`")),
        }
        .map_err(text)?;
        let is_sized = operators.windows(2).any(|window| {
            matches!(window, [Operator::I32Const { value: layout::RESOURCE }, Operator::I32Mul])
        });
        if is_sized { Ok(Some(facts)) } else { Err("its resources have another size".to_owned()) }
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
                    self.import(&import?);
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
                        DTOR => self.dtor = export.index,
                        OWN => self.own = export.index,
                        _ => {}
                    }
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: &wasmparser::Import<'_>) {
        match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                let index = Some(self.imported as u32);
                match import.name {
                    "_Py_DecRef" => self.release = index,
                    "PyGILState_Ensure" => self.attach = index,
                    "PyGILState_Release" => self.detach = index,
                    _ => {}
                }
                self.functions.push(ty);
                self.imported += 1;
            }
            TypeRef::Global(_) => {
                if import.module == "GOT.mem" && import.name.contains(TABLES) {
                    self.tables = Some(self.globals);
                }
                self.globals += 1;
            }
            _ => {}
        }
    }

    fn ty(&self, params: &[wasmparser::ValType], results: &[wasmparser::ValType]) -> Result<u32, String> {
        let is_it = |ty: &Option<FuncType>| {
            ty.as_ref().is_some_and(|ty| ty.params() == params && ty.results() == results)
        };
        let found = self.types.iter().position(is_it).and_then(|index| u32::try_from(index).ok());
        found.ok_or_else(|| format!("it has no function from {params:?} to {results:?}"))
    }

    /// Adds the new functions behind all others, so that none gets another number, and exports them.
    fn repair(&self, module: &[u8]) -> Result<Vec<u8>, String> {
        let types = [self.dtor, self.own].map(|index| self.functions.get(index as usize).copied());
        let [Some(dtor), Some(own)] = types else { return Err("its exports are broken".to_owned()) };
        let (mut indices, mut bodies) = (Vec::new(), Vec::new());
        dtor.encode(&mut indices);
        own.encode(&mut indices);
        self.new_dtor()?.encode(&mut bodies);
        self.new_own()?.encode(&mut bodies);
        let mut out = module.get(..8).unwrap_or_default().to_vec();
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload.map_err(text)?;
            let Some((id, range)) = payload.as_section() else { continue };
            let old = bytes(module, &range);
            let new = match payload {
                Payload::FunctionSection(_) => extended(old, 2, &indices),
                Payload::CodeSectionStart { .. } => extended(old, 2, &bodies),
                Payload::ExportSection(section) => self.exports(section).map_err(text)?,
                _ => old.to_vec(),
            };
            out.push(id);
            new.encode(&mut out);
        }
        Ok(out)
    }

    fn exports(&self, section: wasmparser::ExportSectionReader<'_>) -> wasmparser::Result<Vec<u8>> {
        let mut out = Vec::new();
        section.count().encode(&mut out);
        for export in section {
            let export = export?;
            let index = match export.name {
                DTOR => self.functions.len() as u32,
                OWN => self.functions.len() as u32 + 1,
                _ => export.index,
            };
            export.name.encode(&mut out);
            out.push(match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => 0,
                ExternalKind::Table => 1,
                ExternalKind::Memory => 2,
                ExternalKind::Global => 3,
                ExternalKind::Tag => 4,
            });
            index.encode(&mut out);
        }
        Ok(out)
    }

    /// `(resource, rep)`: releases the object.
    fn new_dtor(&self) -> Result<Function, String> {
        let missing = |name: &str| format!("it does not import `{name}`");
        let attach = self.attach.ok_or_else(|| missing("PyGILState_Ensure"))?;
        let detach = self.detach.ok_or_else(|| missing("PyGILState_Release"))?;
        let release = self.release.ok_or_else(|| missing("_Py_DecRef"))?;
        let mut body = Function::new([(1, ValType::I32)]);
        let (rep, state) = (1, 2);
        body.instructions()
            .call(attach)
            .local_set(state)
            .local_get(rep)
            .call(release)
            .local_get(state)
            .call(detach)
            .end();
        Ok(body)
    }

    /// `(context, resource, handle)`: as before, and drops the handle of a resource that the component implements.
    fn new_own(&self) -> Result<Function, String> {
        let tables = self.tables.ok_or("it keeps its tables elsewhere")?;
        let drop = self.ty(&[wasmparser::ValType::I32], &[])?;
        let field = |offset| Instruction::I32Load(MemArg { offset, align: 2, memory_index: 0 });
        let (context, resource, handle, described) = (0, 1, 2, 3);
        let mut body = Function::new([(1, ValType::I32)]);
        for instruction in [
            Instruction::LocalGet(context),
            Instruction::LocalGet(resource),
            Instruction::LocalGet(handle),
            Instruction::Call(self.own),
            Instruction::GlobalGet(tables),
            field(0),
            field(layout::RESOURCES),
            Instruction::LocalGet(resource),
            Instruction::I32Const(layout::RESOURCE),
            Instruction::I32Mul,
            Instruction::I32Add,
            Instruction::LocalTee(described),
            field(layout::REP),
            Instruction::If(wasm_encoder::BlockType::Empty),
            Instruction::LocalGet(handle),
            Instruction::LocalGet(described),
            field(layout::DROP),
            Instruction::CallIndirect { type_index: drop, table_index: 0 },
            Instruction::End,
            Instruction::End,
        ] {
            body.instruction(&instruction);
        }
        Ok(body)
    }
}

/// A section with more items.
fn extended(section: &[u8], count: u32, items: &[u8]) -> Vec<u8> {
    let mut reader = wasmparser::BinaryReader::new(section, 0);
    let old = reader.read_var_u32().unwrap_or_default();
    let mut out = Vec::with_capacity(section.len() + items.len() + 4);
    (old + count).encode(&mut out);
    out.extend(section.get(reader.original_position() as usize..).unwrap_or_default());
    out.extend(items);
    out
}

fn bytes<'a>(module: &'a [u8], range: &std::ops::Range<u64>) -> &'a [u8] {
    module.get(range.start as usize..range.end as usize).unwrap_or_default()
}

fn text(reason: wasmparser::BinaryReaderError) -> String {
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, Component, EntityType, ExportKind, ExportSection, FunctionSection, GlobalType,
        ImportSection, MemoryType, Module, ModuleSection, RefType, TableType, TypeSection,
    };

    use super::*;

    /// A component around a module as the run time is, whose resources have `size` bytes.
    fn component(size: i32) -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([ValType::I32], []);
        types.ty().function([], [ValType::I32]);
        types.ty().function([ValType::I32; 2], []);
        types.ty().function([ValType::I32; 3], []);
        imports.import("env", "_Py_DecRef", EntityType::Function(0));
        imports.import("env", "PyGILState_Ensure", EntityType::Function(1));
        imports.import("env", "PyGILState_Release", EntityType::Function(0));
        let memory =
            MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        imports.import("env", "memory", memory);
        let table = TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 0,
            maximum: None,
            shared: false,
        };
        imports.import("env", "__indirect_function_table", table);
        let tables = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        imports.import("GOT.mem", "_RNvCsx_13wit_dylib_ffi5WIT_T", tables);
        let mut functions = FunctionSection::new();
        functions.function(2).function(3);
        let mut exports = ExportSection::new();
        exports.export(DTOR, ExportKind::Func, 3).export(OWN, ExportKind::Func, 4);
        let mut code = CodeSection::new();
        let mut dtor = Function::new([]);
        dtor.instructions().end();
        let mut own = Function::new([]);
        own.instructions().local_get(1).i32_const(size).i32_mul().drop().end();
        code.function(&dtor).function(&own);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        let mut component = Component::new();
        component.section(&ModuleSection(&Module::new())).section(&ModuleSection(&module));
        component.finish()
    }

    #[test]
    fn run_time_gets_two_functions_and_stays_valid() {
        let before = component(layout::RESOURCE);
        let after = repaired(&before).unwrap();
        wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all())
            .validate_all(&after)
            .unwrap();
        let exported = |bytes: &[u8]| -> Vec<u32> {
            let payloads = Parser::new(0).parse_all(bytes).map(Result::unwrap);
            let sections = payloads.filter_map(|payload| match payload {
                Payload::ExportSection(section) => Some(section),
                _ => None,
            });
            sections.flatten().map(|export| export.unwrap().index).collect()
        };
        assert_eq!((exported(&before), exported(&after)), (vec![3, 4], vec![5, 6]));
    }

    #[test]
    fn another_run_time_is_refused() {
        assert_eq!(repaired(b"\0asm\x0d\0\x01\0").unwrap_err()[0].id, Id::ToolFailed);
        assert!(repaired(&component(layout::RESOURCE + 4)).is_err());
        assert!(repaired(b"nothing").is_err());
    }
}
