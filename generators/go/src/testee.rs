//! Test guests: the two sides of the conformance suite, with every vector as a Go expression.

use witgen_backend::Runtime;
use witgen_backend::testee::{Call, Cases, Expected, Group, Misuse, MisuseKind, Role, Testee};
use witgen_diag::Result;
use witgen_emit::FileSet;
use witgen_ir::{Direction, FunctionId, Type, TypeKind, World};
use witgen_languages::Side;
use witgen_templates::go::testee as view;

use crate::imports::Imports;
use crate::literals::{self, VECTORS};
use crate::names::{Names, Package};
use crate::support;
use crate::types::{Shape, Types};

const MODULE: &str = "testee";

/// What no package may be called in the file.
const LOCALS: [&str; 17] = [
    "app", "bindings", "collect", "errors", "exports", "got", "importer", "index", "math", "serving",
    "slices", "step", "strings", "value", VECTORS, "wanted", "wrong",
];

/// The program of a host.
pub(crate) fn host_testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let root = format!("{MODULE}/bindings");
    let names = Names::new(world, &root, Runtime::Embed, Side::Host);
    let main = Package { dir: String::new(), name: "main".to_owned(), path: MODULE.to_owned() };
    let mut types = Types { names: &names, package: &main, imports: Imports::of_host(&LOCALS) };
    for name in [VECTORS, "serving"] {
        types.imports.fixed(&format!("{MODULE}/{name}"), name);
    }
    types.imports.fixed("context", "context");
    types.imports.fixed(&names.root().path, "bindings");
    types.abi();
    let mut testee = contents(&mut types, cases)?;
    let mut misuses = Vec::new();
    if role == Role::Importer {
        for misuse in &cases.misuses {
            misuses.push(misuse_view(&mut types, cases, *misuse)?);
        }
    }
    testee.imports = types.imports.groups();
    let text = match role {
        Role::Exporter => view::HostExporterView { testee }.to_string(),
        Role::Importer => view::HostImporterView { testee, misuses }.to_string(),
    };
    let mut testee = host_driver(world, &text)?;
    testee.files.insert(format!("{VECTORS}/{VECTORS}.go"), vectors(&names.wit_path))?;
    Ok(testee)
}

/// A program around `source`, its main file.
pub(crate) fn host_driver(world: &World, source: &str) -> Result<Testee> {
    let root = format!("{MODULE}/bindings");
    let mut files = FileSet::new();
    files.insert("main.go", source)?;
    let serving = include_str!("../../../runtime-support/go/host/serving/serving.go");
    let published = support::abi_path(MODULE, Runtime::Package, Side::Host);
    let embedded = support::abi_path(&root, Runtime::Embed, Side::Host);
    files.insert("serving/serving.go", serving.replace(&published, &embedded))?;
    support::host_module(&mut files, MODULE, Runtime::Embed)?;
    let options = crate::HostOptions { runtime: Runtime::Embed, import_path: Some(root) };
    files.insert_under("bindings", crate::host(world, &options)?)?;
    Ok(Testee { files, source: "." })
}

fn vectors(wit_path: &str) -> String {
    let support = include_str!("../../../runtime-support/go/vectors/vectors.go");
    let published = support::wit_path(MODULE, Runtime::Package);
    support.replace(&published, wit_path)
}

/// A call with a wrong argument, and one with a good one.
fn misuse_view(types: &mut Types<'_, '_>, cases: &Cases, misuse: Misuse) -> Result<view::MisuseView> {
    let group = &cases.groups[misuse.group];
    let spelled = types.text(group.subject)?;
    let wrong = match misuse.kind {
        // Go compiles none of these.
        MisuseKind::Above | MisuseKind::Below | MisuseKind::WrongType => None,
        MisuseKind::LoneSurrogate => Some("\"\\xed\\xa0\\x80\"".to_owned()),
        MisuseKind::UnknownCase => match types.names.world.resolve_alias(group.subject) {
            Type::Id(id) => match &types.names.world.type_def(id).kind {
                // Every number of one byte is a case.
                TypeKind::Enum { cases, tag_size: 1 } if cases.len() > 255 => None,
                TypeKind::Enum { cases, .. } => Some(format!("{spelled}({})", cases.len())),
                _ => Some("nil".to_owned()),
            },
            _ => None,
        },
    };
    let good = group.values.first().map(|value| literals::print(types, group.subject, value));
    let collect = collect(types, group.subject)?;
    let roundtrip = called(types, group.roundtrip)?;
    Ok(view::MisuseView {
        wrong,
        good: good.transpose()?.unwrap_or_default(),
        subject: spelled,
        call: roundtrip,
        collect,
    })
}

/// What a function is called: a function of a package in guests, a method of the instance in hosts.
fn called(types: &mut Types<'_, '_>, function: FunctionId) -> Result<String> {
    let names = types.names;
    let name = &names.function(function)?.name;
    let interface = names.world.function(function).interface;
    if names.side == Side::Host {
        let fields = crate::host::interface_fields(names, Direction::Export);
        let field = interface.and_then(|id| fields.get(&id)).map(|field| format!("{field}."));
        return Ok(format!("app.{}{name}", field.unwrap_or_default()));
    }
    let package = interface.map_or(names.root(), |id| names.interface(id));
    Ok(format!("{}.{name}", types.imports.package(&package.path, &package.name)))
}

fn contents(types: &mut Types<'_, '_>, cases: &Cases) -> Result<view::TesteeView> {
    let mut groups = Vec::new();
    for (index, group) in cases.groups.iter().enumerate() {
        groups.push(group_view(types, index, group)?);
    }
    let mut calls = Vec::new();
    for call in &cases.calls {
        calls.push(call_view(types, call)?);
    }
    Ok(view::TesteeView { imports: Vec::new(), root: String::new(), groups, calls })
}

/// The module of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world, &format!("{MODULE}/bindings"), Runtime::Embed, Side::Guest);
    let main = Package { dir: String::new(), name: "main".to_owned(), path: MODULE.to_owned() };
    let mut types = Types { names: &names, package: &main, imports: Imports::new(&LOCALS) };
    types.imports.fixed(&format!("{MODULE}/{VECTORS}"), VECTORS);
    let mut view = contents(&mut types, cases)?;
    if role == Role::Importer {
        view.root = types.imports.package(&names.root().path, &names.root().name);
    }
    view.imports = types.imports.groups();
    let text = match role {
        Role::Exporter => view::ExporterView { testee: view }.to_string(),
        Role::Importer => view::ImporterView { testee: view }.to_string(),
    };
    let mut files = FileSet::new();
    files.insert("main.go", text)?;
    files.insert(format!("{VECTORS}/{VECTORS}.go"), vectors(&names.wit_path))?;
    files.insert("go.mod", format!("module {MODULE}\n\ngo 1.25.0\n"))?;
    Ok(Testee { files, source: "." })
}

fn group_view(types: &mut Types<'_, '_>, index: usize, group: &Group) -> Result<view::GroupView> {
    let names = types.names;
    let package = match names.side {
        Side::Guest => {
            let package = names.interface(group.interface);
            types.imports.package(&package.path, &package.name)
        }
        Side::Host => {
            let fields = [Direction::Import, Direction::Export];
            let mut fields =
                fields.into_iter().map(|direction| crate::host::interface_fields(names, direction));
            fields.find_map(|fields| fields.get(&group.interface).cloned()).unwrap_or_default()
        }
    };
    let values = group.values.iter().map(|value| literals::print(types, group.subject, value));
    let values = values.collect::<Result<_>>()?;
    Ok(view::GroupView {
        name: format!("group{index}"),
        package,
        subject: types.text(group.subject)?,
        results: match names.side {
            Side::Guest => types.results(Some(group.subject))?,
            Side::Host => {
                let mut results = types.host_results(Some(group.subject), "")?;
                results.push("error".to_owned());
                format!(" ({})", results.join(", "))
            }
        },
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
    let called = called(types, call.function)?;
    let args = function.params.iter().zip(&call.args);
    let args = args.map(|(param, arg)| literals::print(types, param.ty, arg)).collect::<Result<Vec<_>>>()?;
    let args = match names.side {
        Side::Guest => args,
        Side::Host => std::iter::once("ctx".to_owned()).chain(args).collect(),
    };
    let text = format!("{called}({})", args.join(", "));
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
    let end = if types.names.side == Side::Host { ", nil" } else { "" };
    match Shape::of(types.names, ty) {
        Shape::Fallible { ok: Some(_) } => "value.Unwrap()".to_owned(),
        Shape::Fallible { ok: None } => format!("{VECTORS}.Failure(value.Unwrap())"),
        Shape::Several(elements) => {
            let fields = crate::types::tuple_fields(elements.len());
            fields.iter().map(|field| format!("value.{field}")).collect::<Vec<_>>().join(", ") + end
        }
        Shape::One => format!("value{end}"),
    }
}

/// What makes one value of the results of a call: the function that is called with them.
fn collect(types: &mut Types<'_, '_>, ty: Type) -> Result<String> {
    Ok(match Shape::of(types.names, ty) {
        Shape::One if types.names.side == Side::Host => format!("{VECTORS}.Value[{}]", types.text(ty)?),
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
            let is_host = types.names.side == Side::Host;
            let mut params = Vec::new();
            let mut statements = String::new();
            for (index, (element, field)) in elements.iter().zip(fields).enumerate() {
                params.push(format!("f{index} {}", types.text(*element)?));
                statements += &format!("t.{field} = f{index}; ");
            }
            if is_host {
                params.push("err error".to_owned());
                statements += &format!("{VECTORS}.Done(err); ");
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
