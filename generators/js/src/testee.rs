//! The two sides of the conformance suite, as guests and as host programs, with every vector as a literal.

use std::collections::BTreeMap;

use witgen_backend::testee::{Call, Cases, Expected, Group, Misuse, MisuseKind, Role, Testee};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, Interface, InterfaceId, Type, TypeKind, World};
use witgen_languages::{Case, Side};
use witgen_templates::js::NamespaceImportView;
use witgen_templates::js::testee as view;

use crate::bindings::Bindings;
use crate::literals;
use crate::names::{self, Names, of_host, property};

/// The module of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world);
    let writer = Writer { world, names: &names, keys: None };
    let mut imports = Vec::new();
    for interface in world.interfaces_of(Direction::Import).filter(|_| role == Role::Importer) {
        if !interface.functions.is_empty() {
            imports.push(NamespaceImportView {
                name: writer.import_name(interface),
                specifier: format!("\"./bindings/{}.js\"", names.module(Some(interface.id)).path),
            });
        }
    }
    let view = writer.testee(cases, imports)?;
    let text = match role {
        Role::Exporter => view::ExporterView { testee: view }.to_string(),
        Role::Importer => view::ImporterView { testee: view }.to_string(),
    };
    let mut files = FileSet::new();
    files.insert("app.js", text)?;
    files.insert("vectors.js", VECTORS.replace("../shared/errors.js", "./bindings/errors.js"))?;
    Ok(Testee { files, source: "app.js" })
}

/// The program of a host.
pub(crate) fn host_testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world);
    let host = Bindings { world, names: &names, side: Side::Host, is_typescript: false };
    let keys = [Direction::Import, Direction::Export].map(|direction| host.keys(direction));
    let keys = keys.into_iter().flatten().collect();
    let writer = Writer { world, names: &names, keys: Some(keys) };
    let testee = writer.testee(cases, Vec::new())?;
    let text = match role {
        Role::Importer => {
            let misuses = cases.misuses.iter().map(|misuse| writer.misuse(cases, *misuse));
            view::HostImporterView { testee, misuses: misuses.collect::<Result<_>>()? }.to_string()
        }
        Role::Exporter => view::HostExporterView { testee }.to_string(),
    };
    let mut files = program(world, &text)?;
    files.insert("vectors.js", VECTORS.replace("../shared/errors.js", "./bindings/index.js"))?;
    Ok(Testee { files, source: "main.js" })
}

/// What all programs of hosts have, with `main` as the one that is started.
pub(crate) fn program(world: &World, main: &str) -> Result<FileSet> {
    let mut files = FileSet::new();
    files.insert("main.js", main)?;
    files.insert("package.json", "{ \"type\": \"module\" }\n")?;
    let serving = include_str!("../../../runtime-support/js/testee/serving.js");
    let serving = ["../host/runtime.js", "../host/plan.js"]
        .iter()
        .fold(serving.to_owned(), |serving, path| serving.replace(path, "./bindings/index.js"));
    files.insert("serving.js", serving.replace("../host/wasi.js", "./bindings/wasi.js"))?;
    files.insert_under("bindings", crate::host(world, &crate::HostOptions::default())?)?;
    Ok(files)
}

const VECTORS: &str = include_str!("../../../runtime-support/js/testee/vectors.js");

struct Writer<'a> {
    world: &'a World,
    names: &'a Names<'a>,
    /// What users of a host call each interface.
    keys: Option<BTreeMap<InterfaceId, String>>,
}

impl Writer<'_> {
    fn testee(&self, cases: &Cases, imports: Vec<NamespaceImportView>) -> Result<view::TesteeView> {
        Ok(view::TesteeView {
            imports,
            groups: cases.groups.iter().map(|group| self.group(group)).collect::<Result<_>>()?,
            calls: cases.calls.iter().map(|call| self.call(call)).collect::<Result<_>>()?,
        })
    }

    /// A wrong argument for a type, and a good one.
    fn misuse(&self, cases: &Cases, misuse: Misuse) -> Result<view::MisuseView> {
        let group = &cases.groups[misuse.group];
        let ty = self.world.resolve_alias(group.subject);
        let argument = match misuse.kind {
            MisuseKind::Above => above(ty),
            MisuseKind::Below => below(ty),
            MisuseKind::WrongType => "Symbol(\"wrong\")",
            MisuseKind::UnknownCase => match self.is_enum(ty) {
                true => "\"no-such-case\"",
                false => "{ tag: \"no-such-case\" }",
            },
            MisuseKind::LoneSurrogate => "\"\\ud800\"",
        };
        let good = group.values.first().map(|value| literals::print(self.world, group.subject, value));
        let roundtrip = self.function(self.world.function(group.roundtrip));
        Ok(view::MisuseView {
            function: format!("{}.{roundtrip}", self.interface(self.world.interface(group.interface))),
            is_result: self.is_result(group.subject),
            argument: argument.to_owned(),
            good: good.transpose()?.unwrap_or_default(),
        })
    }

    fn is_enum(&self, ty: Type) -> bool {
        matches!(ty, Type::Id(id) if matches!(self.world.type_def(id).kind, TypeKind::Enum { .. }))
    }

    /// What an interface is called in the module.
    fn interface(&self, interface: &Interface) -> String {
        if let Some(keys) = &self.keys {
            return keys.get(&interface.id).cloned().unwrap_or_default();
        }
        let exported: Vec<&Interface> = self.world.interfaces_of(Direction::Export).collect();
        match interface.direction {
            Direction::Import => self.import_name(interface),
            Direction::Export => names::distinct(interface, &exported, Case::LowerCamel),
        }
    }

    fn group(&self, group: &Group) -> Result<view::GroupView> {
        let interface = self.world.interface(group.interface);
        let values = group.values.iter().map(|value| literals::print(self.world, group.subject, value));
        Ok(view::GroupView {
            name: self.interface(interface),
            roundtrip: self.function(self.world.function(group.roundtrip)),
            check: self.function(self.world.function(group.check)),
            give: self.function(self.world.function(group.give)),
            is_result: self.is_result(group.subject),
            values: values.collect::<Result<_>>()?,
        })
    }

    fn call(&self, call: &Call) -> Result<view::CallView> {
        let function = self.world.function(call.function);
        let name = self.function(function);
        let path = match (function.interface, &self.keys) {
            (Some(id), _) => format!("{}.{name}", self.interface(self.world.interface(id))),
            (None, Some(_)) => name,
            (None, None) => {
                return Err(Diagnostic::error(Id::Internal, "a function under test has no interface").into());
            }
        };
        let args = function.params.iter().zip(&call.args);
        let args = args.map(|(param, arg)| literals::print(self.world, param.ty, arg));
        let expected = match (&call.expected, function.result) {
            (Expected::Value(Some(value)), Some(ty)) => literals::print(self.world, ty, value)?,
            _ => "undefined".to_owned(),
        };
        Ok(view::CallView {
            function: path,
            args: args.collect::<Result<Vec<_>>>()?.join(", "),
            expected,
            is_result: function.result.is_some_and(|ty| self.is_result(ty)),
        })
    }

    /// What an imported interface is called in the module.
    fn import_name(&self, interface: &Interface) -> String {
        let place = self.world.interfaces.iter().position(|other| other.id == interface.id);
        format!("import{}", place.unwrap_or_default())
    }

    fn function(&self, function: &Function) -> String {
        match (function.direction, &self.keys) {
            (Direction::Import, None) => self.names.func_name(function).to_owned(),
            (_, Some(_)) => of_host(function),
            (Direction::Export, None) => property(&function.name),
        }
    }

    /// Whether a function that returns it throws instead.
    fn is_result(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Result { .. })
    }
}

/// One more than the largest integer of a type.
fn above(ty: Type) -> &'static str {
    match ty {
        Type::U8 => "2 ** 8",
        Type::S8 => "2 ** 7",
        Type::U16 => "2 ** 16",
        Type::S16 => "2 ** 15",
        Type::U32 => "2 ** 32",
        Type::S32 => "2 ** 31",
        Type::S64 => "2n ** 63n",
        _ => "2n ** 64n",
    }
}

/// One less than the smallest.
fn below(ty: Type) -> &'static str {
    match ty {
        Type::S8 => "-(2 ** 7) - 1",
        Type::S16 => "-(2 ** 15) - 1",
        Type::S32 => "-(2 ** 31) - 1",
        Type::S64 => "-(2n ** 63n) - 1n",
        Type::U64 => "-1n",
        _ => "-1",
    }
}
