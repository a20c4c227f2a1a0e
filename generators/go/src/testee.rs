//! Test guests: the two sides of the conformance suite, with every vector as a Go expression.

use witgen_backend::Runtime;
use witgen_backend::testee::{Call, Cases, Expected, Group, Role, Testee};
use witgen_diag::Result;
use witgen_emit::FileSet;
use witgen_ir::{Type, TypeKind, World};
use witgen_templates::go::testee as view;

use crate::imports::Imports;
use crate::literals::{self, VECTORS};
use crate::names::{Names, Package};
use crate::support;
use crate::types::{Shape, Types};

const MODULE: &str = "testee";

/// What no package may be called in the file.
const LOCALS: [&str; 13] = [
    "collect", "errors", "exports", "got", "importer", "index", "math", "slices", "step", "strings", "value",
    VECTORS, "wanted",
];

/// The module of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world, &format!("{MODULE}/bindings"), Runtime::Embed);
    let main = Package { dir: String::new(), name: "main".to_owned(), path: MODULE.to_owned() };
    let mut types = Types { names: &names, package: &main, imports: Imports::new(&LOCALS) };
    types.imports.fixed(&format!("{MODULE}/{VECTORS}"), VECTORS);
    let mut groups = Vec::new();
    for (index, group) in cases.groups.iter().enumerate() {
        groups.push(group_view(&mut types, index, group)?);
    }
    let mut calls = Vec::new();
    for call in &cases.calls {
        calls.push(call_view(&mut types, call)?);
    }
    let root = match role {
        Role::Exporter => String::new(),
        Role::Importer => types.imports.package(&names.root().path, &names.root().name),
    };
    let imports = types.imports.groups();
    let view = view::TesteeView { imports, root, groups, calls };
    let text = match role {
        Role::Exporter => view::ExporterView { testee: view }.to_string(),
        Role::Importer => view::ImporterView { testee: view }.to_string(),
    };
    let mut files = FileSet::new();
    files.insert("main.go", text)?;
    let support = include_str!("../../../runtime-support/go/vectors/vectors.go");
    let published = support::wit_path(MODULE, Runtime::Package);
    files.insert(format!("{VECTORS}/{VECTORS}.go"), support.replace(&published, &names.wit_path))?;
    files.insert("go.mod", format!("module {MODULE}\n\ngo 1.25.0\n"))?;
    Ok(Testee { files, source: "." })
}

fn group_view(types: &mut Types<'_, '_>, index: usize, group: &Group) -> Result<view::GroupView> {
    let names = types.names;
    let package = names.interface(group.interface);
    let package = types.imports.package(&package.path, &package.name);
    let values = group.values.iter().map(|value| literals::print(types, group.subject, value));
    let values = values.collect::<Result<_>>()?;
    Ok(view::GroupView {
        name: format!("group{index}"),
        package,
        subject: types.text(group.subject)?,
        results: types.results(Some(group.subject))?,
        roundtrip: names.function(group.roundtrip)?.name.clone(),
        check: names.function(group.check)?.name.clone(),
        give: names.function(group.give)?.name.clone(),
        returned: returned(types, group.subject),
        collect: collect(types, group.subject)?,
        values,
    })
}

fn call_view(types: &mut Types<'_, '_>, call: &Call) -> Result<view::CallView> {
    let names = types.names;
    let function = names.world.function(call.function);
    let package = function.interface.map_or(names.root(), |id| names.interface(id));
    let package = types.imports.package(&package.path, &package.name);
    let args = function.params.iter().zip(&call.args);
    let args = args.map(|(param, arg)| literals::print(types, param.ty, arg)).collect::<Result<Vec<_>>>()?;
    let text = format!("{package}.{}({})", names.function(call.function)?.name, args.join(", "));
    let (collected, expected) = match (function.result, &call.expected) {
        (Some(ty), Expected::Value(Some(value))) => {
            (Some(collect(types, ty)?), Some(literals::print(types, ty, value)?))
        }
        (Some(ty), _) => (Some(collect(types, ty)?), None),
        (None, _) => (None, None),
    };
    Ok(view::CallView { call: text, collect: collected, expected })
}

/// How `value` is returned by a function of this result.
fn returned(types: &Types<'_, '_>, ty: Type) -> String {
    match Shape::of(types.names, ty) {
        Shape::Fallible { ok: Some(_) } => "value.Unwrap()".to_owned(),
        Shape::Fallible { ok: None } => format!("{VECTORS}.Failure(value.Unwrap())"),
        Shape::Several(elements) => {
            let fields = crate::types::tuple_fields(elements.len());
            fields.iter().map(|field| format!("value.{field}")).collect::<Vec<_>>().join(", ")
        }
        Shape::One => "value".to_owned(),
    }
}

/// What makes one value of the results of a call: the function that is called with them.
fn collect(types: &mut Types<'_, '_>, ty: Type) -> Result<String> {
    Ok(match Shape::of(types.names, ty) {
        Shape::One => {
            let spelled = types.text(ty)?;
            format!("func(value {spelled}) {spelled} {{ return value }}")
        }
        Shape::Fallible { ok } => {
            let err = payload(types, ty);
            let err = types.or_unit(err)?;
            match ok {
                Some(ok) => format!("{VECTORS}.Result[{}, {err}]", types.text(ok)?),
                None => format!("{VECTORS}.Outcome[{err}]"),
            }
        }
        Shape::Several(elements) => {
            let fields = crate::types::tuple_fields(elements.len());
            let mut params = Vec::new();
            let mut statements = String::new();
            for (index, (element, field)) in elements.iter().zip(fields).enumerate() {
                params.push(format!("f{index} {}", types.text(*element)?));
                statements += &format!("t.{field} = f{index}; ");
            }
            format!("func({}) (t {}) {{ {statements}return }}", params.join(", "), types.text(ty)?)
        }
    })
}

/// The type of the error of a result.
fn payload(types: &Types<'_, '_>, ty: Type) -> Option<Type> {
    let world = types.names.world;
    let Type::Id(id) = world.resolve_alias(ty) else { return None };
    match world.type_def(id).kind {
        TypeKind::Result { err, .. } => err,
        _ => None,
    }
}
