//! Host programs of the conformance suite, with every vector as a Rust expression.

use std::collections::BTreeSet;

use witgen_backend::testee::{Call, Cases, Expected, Group, Role, Testee};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_emit::FileSet;
use witgen_ir::{Direction, InterfaceId, Type, TypeKind, Value, World};
use witgen_templates::rust as view;

use super::names::WorldNames;
use super::options::Mapping;
use super::types::{Host, Passing};
use crate::HostOptions;
use crate::facts::Facts;
use crate::guest::render;
use crate::literals::Literals;
use crate::testee::{ROOT, VECTORS, holds_map, package};
use crate::types::Context;

const INSTANCE: &str = include_str!("../../../../runtime-support/rust/testee/instance.rs");
const SERVING: &str = include_str!("../../../../runtime-support/rust/testee/serving.rs");

/// The version of wasmtime that programs ask for: what witgen compiles components with, which another cannot load.
const WASMTIME: &str = "48.0.8";

/// The crate of a host program.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let options = HostOptions::default();
    let mapping = Mapping::new(world, &options)?;
    let names = super::names::names(world);
    let facts = Facts::new(world);
    let ctx = Context::root(world, &names, &facts);
    let host = Host { ctx, mapping: &mapping, wasmtime: "wasmtime", used: None };
    let writer = Writer { host, literals: Literals::new(ctx, ROOT) };
    let testee = view::TesteeView {
        bindings: crate::names::module_name(&world.name),
        groups: cases.groups.iter().map(|group| writer.group(group)).collect::<Result<_>>()?,
        calls: cases.calls.iter().map(|call| writer.call(call)).collect::<Result<_>>()?,
    };
    let view = writer.view(cases)?;
    let text = match role {
        Role::Exporter => {
            let exported = |name: &str| {
                let function = world.functions_of(Direction::Export).find(|function| function.name == name);
                function.map(|function| names.function(function.id).to_owned()).unwrap_or_default()
            };
            let (run, call) = (exported("run"), exported("call"));
            render(&view::HostExporterView { testee, host: view, run, call })?
        }
        Role::Importer => render(&view::HostImporterView { testee, host: view })?,
    } + "\n";
    let mut files = program(world, package(&text), text)?;
    files.insert("src/vectors.rs", VECTORS)?;
    files.insert("src/serving.rs", SERVING)?;
    Ok(Testee { files, source: "." })
}

/// The crate of a driver, whose source is the module `driver`.
pub(crate) fn driver(world: &World, source: &str) -> Result<Testee> {
    let bindings = crate::guest_file_name(world);
    let text = format!(
        "//! Takes the steps of scripts.\n\n#[path = \"../bindings/{bindings}\"]\nmod bindings;\nmod driver;\nmod instance;\n\n\
         fn main() -> wasmtime::Result<()> {{\n    driver::serve()\n}}\n"
    );
    let mut files = program(world, package(&[&text, source].concat()), text)?;
    files.insert("src/driver.rs", source)?;
    Ok(Testee { files, source: "." })
}

/// What all programs have: `main.rs`, the manifest, the bindings.
fn program(world: &World, package: String, main: String) -> Result<FileSet> {
    let manifest = view::HostManifestView { package, wasmtime: WASMTIME.to_owned() };
    let mut files = FileSet::new();
    files.insert("Cargo.toml", render(&manifest)? + "\n")?;
    files.insert("src/main.rs", main)?;
    files.insert("src/instance.rs", INSTANCE)?;
    files.insert_under("bindings", crate::host(world, &HostOptions::default())?)?;
    Ok(files)
}

struct Writer<'a> {
    host: Host<'a>,
    literals: Literals<'a>,
}

impl Writer<'_> {
    fn view(&self, cases: &Cases) -> Result<view::HostTesteeView> {
        let ctx = self.host.ctx;
        let under_test: BTreeSet<InterfaceId> = cases.groups.iter().map(|group| group.interface).collect();
        let imported = ctx.world.interfaces_of(Direction::Import);
        let module = |id| format!("{ROOT}{}", ctx.names.module(id).join("::"));
        let imports: Vec<InterfaceId> = imported.map(|interface| interface.id).collect();
        let types: BTreeSet<String> =
            imports.iter().filter(|id| !under_test.contains(id)).map(|id| module(*id)).collect();
        let accessors = match cases.groups.iter().all(|group| !imports.contains(&group.interface)) {
            true => cases.groups.iter().map(|group| self.accessor(group.interface)).collect::<Result<_>>()?,
            false => Vec::new(),
        };
        Ok(view::HostTesteeView {
            world: WorldNames::new(ctx.world).world,
            has_imports: !imports.is_empty(),
            types: types.into_iter().collect(),
            accessors,
        })
    }

    fn accessor(&self, id: InterfaceId) -> Result<String> {
        let mut accessors = super::world::accessors(&self.host).into_iter();
        let found = accessors.find(|(interface, _)| interface.id == id).map(|(_, name)| name);
        found.ok_or_else(|| Diagnostic::error(Id::Internal, "an interface has no method").into())
    }

    fn group(&self, group: &Group) -> Result<view::GroupView> {
        let names = self.host.ctx.names;
        let module = names.module(group.interface);
        let function = |id| names.function(id).to_owned();
        let values = group.values.iter().map(|value| self.literals.owned(group.subject, value));
        Ok(view::GroupView {
            name: module.last().cloned().unwrap_or_default(),
            module: format!("{ROOT}{}", module.join("::")),
            subject: format!("{ROOT}{}", self.host.text(group.subject, Passing::Owned)),
            borrows: self.host.text(group.subject, Passing::Borrowed).starts_with('&'),
            holds_map: holds_map(self.host.ctx.world, group.subject),
            roundtrip: function(group.roundtrip),
            check: function(group.check),
            give: function(group.give),
            values: values.collect::<Result<_>>()?,
        })
    }

    fn call(&self, call: &Call) -> Result<view::CallView> {
        let ctx = self.host.ctx;
        let function = ctx.world.function(call.function);
        let receiver = match function.interface {
            Some(id) => format!("app.{}()", self.accessor(id)?),
            None => "app".to_owned(),
        };
        let mut args = vec!["store".to_owned()];
        for (param, arg) in function.params.iter().zip(&call.args) {
            args.push(self.argument(param.ty, arg)?);
        }
        let expected = match (&call.expected, function.result) {
            (Expected::Value(Some(value)), Some(ty)) => Some(self.literals.owned(ty, value)?),
            _ => None,
        };
        let call = format!("{receiver}.call_{}({})", ctx.names.function(call.function), args.join(", "));
        let holds_map = function.result.is_some_and(|ty| holds_map(ctx.world, ty));
        Ok(view::CallView { call, expected, holds_map })
    }

    /// `value` as an argument of an export, which borrows what it can.
    fn argument(&self, ty: Type, value: &Value) -> Result<String> {
        let owned = || self.literals.owned(ty, value);
        let Type::Id(id) = ty else {
            return Ok(if ty == Type::String { format!("{}.as_str()", owned()?) } else { owned()? });
        };
        let def = self.host.ctx.world.type_def(id);
        if def.name.is_some() {
            let is_borrowed = self.host.text(ty, Passing::Borrowed).starts_with('&');
            return Ok(if is_borrowed { format!("&{}", owned()?) } else { owned()? });
        }
        Ok(match (&def.kind, value) {
            (TypeKind::List(_), _) => format!("{}.as_slice()", owned()?),
            (TypeKind::Alias(ty), value) => self.argument(*ty, value)?,
            (TypeKind::Tuple { types, .. }, Value::Tuple(values)) => {
                let values = types.iter().zip(values).map(|(ty, value)| self.argument(*ty, value));
                let values =
                    values.map(|value| value.map(|value| value + ", ")).collect::<Result<String>>()?;
                format!("({values})")
            }
            (TypeKind::Option { some, .. }, Value::Option(Some(value))) => {
                format!("Some({})", self.argument(*some, value)?)
            }
            (TypeKind::Result { ok: Some(ty), .. }, Value::Result(Ok(Some(value)))) => {
                format!("Ok({})", self.argument(*ty, value)?)
            }
            (TypeKind::Result { err: Some(ty), .. }, Value::Result(Err(Some(value)))) => {
                format!("Err({})", self.argument(*ty, value)?)
            }
            (TypeKind::Map(key, ty), Value::Map(entries)) => {
                let entries = entries.iter().map(|(name, value)| {
                    Ok(format!("({}, {})", self.argument(*key, name)?, self.argument(*ty, value)?))
                });
                format!("[{}].into_iter().collect()", entries.collect::<Result<Vec<_>>>()?.join(", "))
            }
            _ => owned()?,
        })
    }
}
