//! The code of a package that only exists in a component: calls of imports, bodies of exports.

mod aggregates;
mod calls;
mod checks;
mod handles;
mod host;
mod host_calls;
mod memory;
mod printer;
mod scalars;
mod sequences;

use witgen_ir::abi::{CoreType, FunctionAbi};
use witgen_ir::{Direction, Function, FunctionKind, TypeDef};
use witgen_templates::go::{CallView, GlueView, GoExportView, RawImportView};

use self::calls::core_params;
use self::printer::Printer;
use crate::guest::{HEADER, Signature};
use crate::internal;
use crate::names::{Names, Package};
use crate::types::Types;

pub(crate) use self::handles::takes_handles;
pub(crate) use self::host_calls::{exported, imported};

/// The file with the glue of the functions of one package; none when there are no functions.
pub(crate) fn file<'w>(
    names: &Names<'w>,
    package: &Package,
    functions: &[&'w Function],
    resources: &[&TypeDef],
) -> witgen_diag::Result<Option<GlueView>> {
    if functions.is_empty() && resources.is_empty() {
        return Ok(None);
    }
    let mut types = Types::new(names, package);
    let mut glue = GlueView {
        header: HEADER,
        package: package.name.clone(),
        imports: Vec::new(),
        returned_words: None,
        has_implementation: functions
            .iter()
            .any(|f| f.direction == Direction::Export && !matches!(f.kind, FunctionKind::Method(_))),
        raw_imports: Vec::new(),
        raw_exports: Vec::new(),
        calls: Vec::new(),
        exports: Vec::new(),
    };
    for resource in resources {
        glue.raw_imports.extend(crate::resources::functions(names, resource)?);
        glue.raw_exports.extend(crate::resources::destructor(names, resource)?);
    }
    let mut returned_words = 0;
    for function in functions {
        let abi = function.abi.as_ref().ok_or_else(|| internal("a function without an ABI"))?;
        match function.direction {
            Direction::Import => {
                glue.raw_imports.push(raw_import(&mut types, function, abi)?);
                glue.calls.push(call(&mut types, function, abi)?);
            }
            Direction::Export => {
                let (export, words) = export(&mut types, function, abi)?;
                returned_words = returned_words.max(words);
                glue.exports.push(export);
            }
        }
    }
    glue.returned_words = (returned_words > 0).then_some(returned_words);
    glue.imports = types.imports.groups();
    Ok(Some(glue))
}

fn raw_import(
    types: &mut Types<'_, '_>,
    function: &Function,
    abi: &FunctionAbi,
) -> witgen_diag::Result<RawImportView> {
    use_unsafe(types, function, abi);
    Ok(RawImportView {
        module: abi.module.clone(),
        symbol: abi.symbol.clone(),
        name: format!("import{}", types.names.function(function.id)?.stem),
        params: core_params(function, abi),
        result: core_result(abi),
    })
}

fn call<'w>(
    types: &mut Types<'_, 'w>,
    function: &'w Function,
    abi: &'w FunctionAbi,
) -> witgen_diag::Result<CallView> {
    let stem = types.names.function(function.id)?.stem.clone();
    let signature = Signature::of(types, function)?;
    let (body, _) = Printer::new(types, function, abi, format!("import{stem}")).print()?;
    Ok(CallView {
        name: format!("call{stem}"),
        params: signature.numbered(),
        results: signature.results,
        body,
    })
}

fn export<'w>(
    types: &mut Types<'_, 'w>,
    function: &'w Function,
    abi: &'w FunctionAbi,
) -> witgen_diag::Result<(GoExportView, u32)> {
    let names = types.names.function(function.id)?;
    let (stem, name) = (names.stem.clone(), names.name.clone());
    use_unsafe(types, function, abi);
    let callee = match function.kind {
        FunctionKind::Method(_) => name,
        FunctionKind::Freestanding | FunctionKind::Static(_) | FunctionKind::Constructor(_) => {
            format!("implementation().{name}")
        }
    };
    let (body, needs) = Printer::new(types, function, abi, callee).print()?;
    let post_return = abi.post_return_symbol.clone();
    if post_return.is_some() {
        types.abi();
    }
    let export = GoExportView {
        symbol: abi.symbol.clone(),
        name: format!("export{stem}"),
        params: core_params(function, abi),
        result: core_result(abi),
        body,
        post_return,
        post_name: format!("post{stem}"),
        post_params: abi.results.iter().map(|ty| core_type(*ty).to_owned()).collect(),
    };
    Ok((export, needs.returned_words))
}

fn use_unsafe(types: &mut Types<'_, '_>, function: &Function, abi: &FunctionAbi) {
    let params = core_params(function, abi);
    if params.contains("unsafe.") || abi.results.contains(&CoreType::Pointer) {
        types.imports.fixed("unsafe", "unsafe");
    }
}

fn core_result(abi: &FunctionAbi) -> String {
    abi.results.first().map(|ty| format!(" {}", core_type(*ty))).unwrap_or_default()
}

/// How a core type is spelled in Go.
pub(crate) fn core_type(ty: CoreType) -> &'static str {
    match ty {
        CoreType::I32 | CoreType::Length => "uint32",
        CoreType::I64 | CoreType::PointerOrI64 => "uint64",
        CoreType::F32 => "float32",
        CoreType::F64 => "float64",
        CoreType::Pointer => "unsafe.Pointer",
    }
}
