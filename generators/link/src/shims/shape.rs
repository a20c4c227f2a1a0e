//! The shapes of shims, and of what fills their tables.
//!
//! ```wat
//! (module
//!   (table (export "$imports") 2 2 funcref)
//!   (func (export "0") (param i32 i32)
//!     local.get 0  local.get 1  i32.const 0  call_indirect (param i32 i32)))
//!
//! (module
//!   (import "" "0" (func (param i32 i32)))
//!   (import "" "$imports" (table 2 2 funcref))
//!   (elem (i32.const 0) func 0))
//! ```
//!
//! Modules that have anything else are no shims, whatever their names say.

use std::collections::{BTreeMap, HashMap};

use wasmparser::{
    CompositeInnerType, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, Operator as O,
    Parser, Payload, TypeRef, ValType,
};

use super::Parsed;

/// A module whose functions call what its table holds.
pub(super) struct Shim {
    /// The name of its table.
    pub table: String,
    /// How many places the table has.
    pub size: u64,
    /// For each function that it exports, the place in the table, and the type.
    pub functions: BTreeMap<String, (u64, FuncType)>,
}

/// The shim that a module is.
pub(super) fn shim(module: &[u8]) -> Parsed<Option<Shim>> {
    let mut types = Vec::new();
    let mut functions = Vec::new();
    let mut tables = Vec::new();
    let mut exports = Vec::new();
    let mut places = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                let Some(found) = function_types(section)? else { return Ok(None) };
                types = found;
            }
            Payload::FunctionSection(section) => functions = section.into_iter().collect::<Parsed<_>>()?,
            Payload::TableSection(section) => tables = section.into_iter().collect::<Parsed<Vec<_>>>()?,
            Payload::ExportSection(section) => exports = section.into_iter().collect::<Parsed<_>>()?,
            Payload::CodeSectionStart { .. } => {}
            Payload::CodeSectionEntry(body) => {
                let ty = functions.get(places.len()).and_then(|ty| types.get(*ty as usize));
                let Some(place) = ty.map(|ty| passed_on(&body, ty, &types)).transpose()?.flatten() else {
                    return Ok(None);
                };
                places.push(place);
            }
            payload if is_neutral(&payload) => {}
            _ => return Ok(None),
        }
    }
    let [table] = tables.as_slice() else { return Ok(None) };
    let mut shim = Shim { table: String::new(), size: table.ty.initial, functions: BTreeMap::new() };
    for export in exports {
        let index = export.index as usize;
        match export.kind {
            ExternalKind::Table if shim.table.is_empty() => export.name.clone_into(&mut shim.table),
            ExternalKind::Func => {
                let (place, ty) = (places[index], types[functions[index] as usize].clone());
                shim.functions.insert(export.name.to_owned(), (place, ty));
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(shim).filter(|shim| !shim.table.is_empty()))
}

/// The place in the table whose function gets all arguments of this one.
fn passed_on(body: &FunctionBody<'_>, ty: &FuncType, types: &[FuncType]) -> Parsed<Option<u64>> {
    if body.get_locals_reader()?.get_count() > 0 {
        return Ok(None);
    }
    let operators: Vec<O<'_>> = body.get_operators_reader()?.into_iter().collect::<Parsed<_>>()?;
    let (params, rest) = operators.split_at(ty.params().len().min(operators.len()));
    let all = params
        .iter()
        .zip(0..)
        .all(|(param, at)| matches!(param, O::LocalGet { local_index } if *local_index == at));
    let [O::I32Const { value }, O::CallIndirect { type_index, table_index: 0 }, O::End] = rest else {
        return Ok(None);
    };
    let is_same = types.get(*type_index as usize) == Some(ty);
    Ok(u64::try_from(*value).ok().filter(|_| all && is_same))
}

/// A module that fills a table which it imports.
pub(super) struct Filler {
    /// For each place that it fills, the number of its import, and the type.
    pub places: HashMap<u64, (usize, FuncType)>,
    /// Whether it calls one of its imports afterwards, such as `_initialize`.
    pub starts: bool,
}

/// The filler that a module is, of a table with `size` places.
pub(super) fn filler(module: &[u8], size: u64) -> Parsed<Option<Filler>> {
    let mut types = Vec::new();
    let mut functions: Vec<(usize, FuncType)> = Vec::new();
    let mut tables = 0;
    let mut filler = Filler { places: HashMap::new(), starts: false };
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                let Some(found) = function_types(section)? else { return Ok(None) };
                types = found;
            }
            Payload::ImportSection(section) => {
                for (number, import) in section.into_imports().enumerate() {
                    match import?.ty {
                        TypeRef::Func(ty) => functions.push((number, types[ty as usize].clone())),
                        TypeRef::Table(_) => tables += 1,
                        _ => return Ok(None),
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    let (ElementKind::Active { table_index, offset_expr }, ElementItems::Functions(items)) =
                        (element.kind, element.items)
                    else {
                        return Ok(None);
                    };
                    let operators: Vec<O<'_>> =
                        offset_expr.get_operators_reader().into_iter().collect::<Parsed<_>>()?;
                    let [O::I32Const { value }, O::End] = operators.as_slice() else { return Ok(None) };
                    let start = u64::from(value.cast_unsigned());
                    if table_index.unwrap_or(0) != 0 || start + u64::from(items.count()) > size {
                        return Ok(None);
                    }
                    for (place, function) in (start..).zip(items) {
                        filler.places.insert(place, functions[function? as usize].clone());
                    }
                }
            }
            Payload::StartSection { .. } => filler.starts = true,
            payload if is_neutral(&payload) => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(filler).filter(|_| tables == 1))
}

/// Whether a module has a start function.
pub(super) fn starts(module: &[u8]) -> Parsed<bool> {
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::StartSection { .. } => return Ok(true),
            Payload::CodeSectionStart { .. } => return Ok(false),
            _ => {}
        }
    }
    Ok(false)
}

/// The types of a section that has those of functions alone, which mean the same in every module: none that belong to a
/// group, have subtypes or refer to other types.
fn function_types(section: wasmparser::TypeSectionReader<'_>) -> Parsed<Option<Vec<FuncType>>> {
    let mut types = Vec::new();
    for group in section {
        let group = group?;
        if group.is_explicit_rec_group() {
            return Ok(None);
        }
        for ty in group.types() {
            let CompositeInnerType::Func(function) = &ty.composite_type.inner else { return Ok(None) };
            let refers = |ty: &ValType| ty.as_reference_type().is_some_and(|ty| ty.type_index().is_some());
            if !ty.is_final || function.params().iter().chain(function.results()).any(refers) {
                return Ok(None);
            }
            types.push(function.clone());
        }
    }
    Ok(Some(types))
}

/// Whether a part of a module does nothing.
fn is_neutral(payload: &Payload<'_>) -> bool {
    matches!(payload, Payload::Version { .. } | Payload::CustomSection(_) | Payload::End(_))
}
